"""Walking costs, which are the truth, and catchments, which are its picture."""

from planner.catchments.costs import walking_costs, walks_to_nearest
from planner.catchments.drawing import draw_catchments

__all__ = ["draw_catchments", "walking_costs", "walks_to_nearest"]
