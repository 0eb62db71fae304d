"""What is better: one small file each, and one entry in the visible list."""

from typing import Any

from planner.siting.objectives.backup_coverage import BackupCoverage
from planner.siting.objectives.fairest import Fairest
from planner.siting.objectives.fewest_sites import FewestSites
from planner.siting.objectives.gradual_coverage import GradualCoverage
from planner.siting.objectives.in_order import InOrder
from planner.siting.objectives.least_cost import LeastCost
from planner.siting.objectives.longest_walk import LongestWalk
from planner.siting.objectives.max_coverage import MaxCoverage
from planner.siting.objectives.objective import Objective
from planner.siting.objectives.total_walk import TotalWalk
from planner.siting.parameters import chosen

OBJECTIVES: tuple[type[Objective], ...] = (
    MaxCoverage,
    FewestSites,
    TotalWalk,
    LongestWalk,
    LeastCost,
    GradualCoverage,
    BackupCoverage,
    Fairest,
    InOrder,
)


def objective_from(given: Any) -> Objective:
    """Return the objective that a name, a mapping with `name`, or an `Objective` stands for.

    Raises
    ------
    PlanFileError
        If the name or a parameter is unknown; with the nearest known one.
    """
    return chosen("objective", OBJECTIVES, given)


__all__ = [
    "OBJECTIVES",
    "BackupCoverage",
    "Fairest",
    "FewestSites",
    "GradualCoverage",
    "InOrder",
    "LeastCost",
    "LongestWalk",
    "MaxCoverage",
    "Objective",
    "TotalWalk",
    "objective_from",
]
