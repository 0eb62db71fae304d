"""The last tie-break: of the plans that are equally good in every respect, the one whose sorted ids come first.

Usually there is no such other plan, and one question to the solver ("is there another?") settles it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.highs import Answer
from planner.siting.solvers.program import Array

ExtraRows = tuple[sparse.csr_array, Array, Array]
Ask = Callable[[ExtraRows], Answer]


class Unsettled(Exception):  # noqa: N818
    """The solver stopped before it could say whether another plan exists."""


def smallest_ids(chosen: Mask, last_fixed: int, ask: Ask, is_equal: Callable[[Mask], bool]) -> Mask:
    """Return the first by id among the equally good plans.

    Parameters
    ----------
    chosen : array of bool, shape (free sites,)
        One of the equally good plans; sites stand in order of id.
    last_fixed : int
        How many free sites come before the last site that is open in every plan: closing everything after a site is
        "smaller" only where no such site follows.
    ask : function of rows
        Looks for an equally good plan that also keeps these rows.
    is_equal : function of a choice
        Whether a choice is one of the equally good plans.

    Raises
    ------
    Unsettled
    """
    if _asked(ask, _differing(chosen)) is None:
        return chosen
    place, sites = 0, len(chosen)
    while place < sites:
        if place >= last_fixed and is_equal(_cut(chosen, place)):
            return _cut(chosen, place)
        following = place + int(np.argmax(chosen[place:])) if chosen[place:].any() else sites
        stop = min(following, last_fixed) if place < last_fixed else following
        smaller = _asked(ask, _opening_between(chosen, place, stop)) if stop > place else None
        if smaller is not None:
            chosen = smaller
        elif place < last_fixed:
            place = min(following + 1, last_fixed)
        else:
            place = following + 1
    return chosen


def _asked(ask: Ask, rows: ExtraRows) -> Mask | None:
    answer = ask(rows)
    if answer.chosen is None and answer.end != "infeasible":
        raise Unsettled
    return answer.chosen


def _cut(chosen: Mask, place: int) -> Mask:
    """Return a choice with everything from a place on closed."""
    return chosen & (np.arange(len(chosen)) < place)


def _differing(chosen: Mask) -> ExtraRows:
    """Return the row that only this one choice breaks."""
    row = np.where(chosen, -1.0, 1.0)[np.newaxis, :]
    return sparse.csr_array(row), np.array([1.0 - np.count_nonzero(chosen)]), np.array([np.inf])


def _opening_between(chosen: Mask, start: int, stop: int) -> ExtraRows:
    """Return rows: decided as chosen before start, at least one open from start to stop."""
    sites = len(chosen)
    before = sparse.eye_array(sites, format="csr")[:start]
    between = ((np.arange(sites) >= start) & (np.arange(sites) < stop)).astype(np.float64)[np.newaxis, :]
    fixed = chosen[:start].astype(np.float64)
    return (
        sparse.csr_array(sparse.vstack([before, sparse.csr_array(between)])),
        np.append(fixed, 1.0),
        np.append(fixed, np.inf),
    )
