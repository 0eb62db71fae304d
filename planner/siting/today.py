"""Where people go among stations that are open anyway: the room that is left today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from planner.siting.constraints import Capacity
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solving import assigned_by_id, refuse_faults, solve, uninterrupted

Going = tuple[Mapping[Any, Any] | None, ...]


def where_people_go(
    problem: SitingProblem, rule: Capacity, is_open: Mask, *, time_limit_s: float = 60.0, seed: int = 0
) -> Going:
    """Return who goes where within the standard if just these stations are open.

    Under `nearest` everybody goes to the nearest one, full or not: what stands today may be overfull. Under `with_room`
    as many people as possible have a place, by the rules of `solve`.

    Parameters
    ----------
    problem : SitingProblem
    rule : Capacity
    is_open : array of bool, shape (sites,)
    time_limit_s : float
    seed : int

    Returns
    -------
    tuple
        As `Solution.assigned`.

    Raises
    ------
    PlanFileError
        If a station that is open has no capacity, or no need has the group.
    """
    status = np.where(is_open, "under_construction", "excluded").astype(object)
    standing = replace(problem, status=status, replaces=None, action=None)
    within = rule.under(reaches_everyone=False)
    refuse_faults(within.faults(standing))
    if rule.assigned == "nearest":
        return assigned_by_id(problem, within.room(standing).to_the_nearest(standing, is_open))
    return uninterrupted(solve(standing, "max_coverage", [within], time_limit_s=time_limit_s, seed=seed)).assigned
