"""What is allowed: one small file each, and one entry in the visible list."""

from collections.abc import Iterable
from typing import Any

from planner.siting.constraints.at_most_changes import AtMostChanges
from planner.siting.constraints.budget import Budget
from planner.siting.constraints.capacity import Capacity
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.cover_everyone import CoverEveryone
from planner.siting.constraints.coverage_target import CoverageTarget
from planner.siting.constraints.either_or import EitherOr
from planner.siting.constraints.keep_closed import KeepClosed
from planner.siting.constraints.keep_open import KeepOpen
from planner.siting.constraints.per_area import PerArea
from planner.siting.constraints.replacing import Replacing
from planner.siting.constraints.spacing import Spacing
from planner.siting.constraints.station_count import StationCount
from planner.siting.constraints.suitability import Suitability
from planner.siting.constraints.together import Together
from planner.siting.parameters import all_chosen

CONSTRAINTS: tuple[type[Constraint], ...] = (
    StationCount,
    KeepOpen,
    KeepClosed,
    CoverEveryone,
    CoverageTarget,
    Budget,
    Capacity,
    Spacing,
    PerArea,
    EitherOr,
    Together,
    AtMostChanges,
    Suitability,
)


def constraints_from(given: Iterable[Any]) -> tuple[Constraint, ...]:
    """Return the constraints that names, mappings with `name`, or `Constraint` objects stand for.

    Raises
    ------
    PlanFileError
        With every unknown name and every unusable parameter of all of them.
    """
    return all_chosen("constraints", CONSTRAINTS, given)


__all__ = [
    "CONSTRAINTS",
    "AtMostChanges",
    "Budget",
    "Capacity",
    "Constraint",
    "CoverEveryone",
    "CoverageTarget",
    "EitherOr",
    "KeepClosed",
    "KeepOpen",
    "PerArea",
    "Replacing",
    "Spacing",
    "StationCount",
    "Suitability",
    "Together",
    "constraints_from",
]
