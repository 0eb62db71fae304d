"""Streets, gates and barriers as one WalkNetwork."""

from planner.network.load import load_network
from planner.network.walk_network import WalkNetwork

__all__ = ["WalkNetwork", "load_network"]
