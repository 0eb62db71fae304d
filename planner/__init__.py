"""The planner: who cannot reach a community service station on foot, and where the next ones should go.

The public names load what they need when they are first used, so that `import planner` answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.catchments import draw_catchments, estimated_costs, find_routes, update_costs, walking_costs
    from planner.config import PlanConfig, read_plan
    from planner.coverage import measure_coverage
    from planner.errors import InfeasibleError, InputError, PlannerError, SolverError
    from planner.loading import load_changes, load_demand, load_gates, load_grids, load_sites, study_crs
    from planner.mapping import draw_map
    from planner.model import (
        CandidateSites,
        Demand,
        Need,
        ServiceStandard,
        Solution,
        Walker,
        WalkingCosts,
    )
    from planner.network import WalkNetwork, apply_changes, load_network
    from planner.pipeline import audit, make_plan, measure_walks, write_map, write_outputs
    from planner.plan import Plan
    from planner.siting import SitingProblem, solve, solve_phases
    from planner.siting.worth import Frontier, Worth, frontier, worth_of
    from planner.study import load_study

__version__ = "0.1.0"

_ROOMS = {
    "planner.catchments": ("draw_catchments", "estimated_costs", "find_routes", "update_costs", "walking_costs"),
    "planner.config": ("PlanConfig", "read_plan"),
    "planner.coverage": ("measure_coverage",),
    "planner.errors": ("InfeasibleError", "InputError", "PlannerError", "SolverError"),
    "planner.loading": ("load_changes", "load_demand", "load_gates", "load_grids", "load_sites", "study_crs"),
    "planner.mapping": ("draw_map",),
    "planner.model": ("CandidateSites", "Demand", "Need", "ServiceStandard", "Solution", "Walker", "WalkingCosts"),
    "planner.network": ("WalkNetwork", "apply_changes", "load_network"),
    "planner.pipeline": ("audit", "make_plan", "measure_walks", "write_map", "write_outputs"),
    "planner.plan": ("Plan",),
    "planner.siting": ("SitingProblem", "solve", "solve_phases"),
    "planner.siting.worth": ("Frontier", "Worth", "frontier", "worth_of"),
    "planner.study": ("load_study",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "CandidateSites",
    "Demand",
    "Frontier",
    "InfeasibleError",
    "InputError",
    "Need",
    "Plan",
    "PlanConfig",
    "PlannerError",
    "ServiceStandard",
    "SitingProblem",
    "Solution",
    "SolverError",
    "WalkNetwork",
    "Walker",
    "WalkingCosts",
    "Worth",
    "apply_changes",
    "audit",
    "draw_catchments",
    "draw_map",
    "estimated_costs",
    "find_routes",
    "frontier",
    "load_changes",
    "load_demand",
    "load_gates",
    "load_grids",
    "load_network",
    "load_sites",
    "load_study",
    "make_plan",
    "measure_coverage",
    "measure_walks",
    "read_plan",
    "solve",
    "solve_phases",
    "study_crs",
    "update_costs",
    "walking_costs",
    "worth_of",
    "write_map",
    "write_outputs",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
