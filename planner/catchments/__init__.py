"""Walking costs, which are the truth, and catchments, which are its picture."""

from planner.catchments.costs import walking_costs, walks_to_nearest
from planner.catchments.drawing import draw_catchments
from planner.catchments.gated import DETOUR_PARAMETER
from planner.catchments.routes import find_routes

__all__ = ["DETOUR_PARAMETER", "draw_catchments", "find_routes", "walking_costs", "walks_to_nearest"]
