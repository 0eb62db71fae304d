"""Walking costs, which are the truth, and catchments, which are its picture."""

from planner.catchments.costs import walking_costs, walks_to_nearest

__all__ = ["walking_costs", "walks_to_nearest"]
