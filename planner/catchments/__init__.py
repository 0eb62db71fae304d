"""Walking costs, which are the truth, and catchments, which are its picture."""

from planner.catchments.costs import walking_costs, walks_to_nearest
from planner.catchments.drawing import draw_catchments
from planner.catchments.estimate import detour_parameter, estimated_costs
from planner.catchments.gated import DETOUR_PARAMETER
from planner.catchments.routes import find_routes
from planner.catchments.updating import CostsBefore, update_costs
from planner.catchments.walks import EstimatedWalks, Walks, WalksOnStreets

__all__ = [
    "DETOUR_PARAMETER",
    "CostsBefore",
    "EstimatedWalks",
    "Walks",
    "WalksOnStreets",
    "detour_parameter",
    "draw_catchments",
    "estimated_costs",
    "find_routes",
    "update_costs",
    "walking_costs",
    "walks_to_nearest",
]
