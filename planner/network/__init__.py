"""Streets, gates and barriers as one WalkNetwork."""

from planner.network.walk_network import WalkNetwork

__all__ = ["WalkNetwork"]
