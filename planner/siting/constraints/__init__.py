"""What is allowed: one small file each, and one entry in the visible list."""

from collections.abc import Iterable
from typing import Any

from planner.siting.constraints.budget import Budget
from planner.siting.constraints.capacity import Capacity
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.cover_everyone import CoverEveryone
from planner.siting.constraints.keep_open import KeepOpen
from planner.siting.constraints.replacing import Replacing
from planner.siting.constraints.station_count import StationCount
from planner.siting.parameters import all_chosen

CONSTRAINTS: tuple[type[Constraint], ...] = (
    StationCount,
    KeepOpen,
    CoverEveryone,
    Budget,
    Capacity,
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
    "Budget",
    "Capacity",
    "Constraint",
    "CoverEveryone",
    "KeepOpen",
    "Replacing",
    "StationCount",
    "constraints_from",
]
