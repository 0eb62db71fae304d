"""A smaller program for the plans still in question: decided sites leave it, certain sets become requirements.

Whatever contains a required set is served in any case, and of the required sets only the smallest say anything. Near
full coverage most of a problem disappears this way.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.program import Array, Goal, Positions, Program, grouped

#: Larger comparisons of sets with sets are left to the solver.
_MOST_PAIRS = 200_000_000


def tightened(program: Program, is_open: Mask, is_closed: Mask, is_certain: Mask) -> Program:
    """Return the program without what is decided.

    Parameters
    ----------
    program : Program
    is_open, is_closed : arrays of bool, shape (free sites,)
        Sites that are the same in every plan still in question.
    is_certain : array of bool, shape (sets,)
        Sets of which every such plan opens a site.
    """
    kept = np.flatnonzero(~is_open & ~is_closed)
    opened = is_open.astype(np.float64)
    missing = program.short + 1.0 - program.sets @ opened
    needs_one = missing <= 1
    is_certain = is_certain & needs_one
    goals = [*program.goals, *(goal for goal, _ in program.floors)]
    amounts = np.array([goal.of_set for goal in goals])
    of_site = np.array([goal.of_site[kept] for goal in goals])
    constants = np.array([goal.constant + goal.of_site[is_open].sum() for goal in goals])

    required = sparse.vstack([program.required, program.sets[np.flatnonzero(is_certain)]], format="csr")
    required = required[np.flatnonzero(required @ opened == 0)][:, kept]
    required = _smallest(sparse.csr_array(required))
    is_served = is_certain | (missing <= 0)
    sets = sparse.csr_array(program.sets[:, kept])
    if _is_comparable(sets, required):
        is_served |= needs_one & _contains_any(sets, required)
    constants += amounts[:, is_served].sum(axis=1)
    size = np.diff(sets.indptr)
    alone = np.flatnonzero(~is_served & (size == 1) & needs_one)
    of_site += amounts[:, alone] @ sets[alone]
    several = np.flatnonzero(~is_served & (size > 1) & (size >= missing))
    times = None if program.times is None else missing[several].astype(np.intp)
    sets, amounts, times = _merged(sets[several], amounts[:, several], times)
    goals = [Goal(*parts) for parts in zip(of_site, amounts, constants.tolist(), strict=True)]
    wanted = len(program.goals)
    return replace(
        program,
        free=program.free[kept],
        sets=sets,
        required=required,
        rows=sparse.csr_array(program.rows[:, kept]),
        lower=program.lower - program.rows @ opened,
        upper=program.upper - program.rows @ opened,
        goals=tuple(goals[:wanted]),
        floors=tuple((goal, lower) for goal, (_, lower) in zip(goals[wanted:], program.floors, strict=True)),
        is_possible=program.is_possible and bool(np.all(np.diff(required.indptr) > 0)),
        times=times,
    )


def _merged(
    sets: sparse.csr_array, amounts: Array, times: Positions | None
) -> tuple[sparse.csr_array, Array, Positions | None]:
    """Merge sets that have become equal."""
    if not sets.shape[0]:
        return sparse.csr_array(sets), amounts, times
    first, totals = grouped(sets.indices, sets.indptr[:-1], sets.indptr[1:] - 1, amounts, sets.shape[1], times)
    return sparse.csr_array(sets[first]), totals, None if times is None else times[first]


def _is_comparable(sets: sparse.csr_array, required: sparse.csr_array) -> bool:
    sites = sets.shape[1]
    mine = np.bincount(sets.indices, minlength=sites).astype(np.float64)
    return bool(mine @ np.bincount(required.indices, minlength=sites) <= _MOST_PAIRS)


def _contains_any(sets: sparse.csr_array, required: sparse.csr_array) -> Mask:
    """Whether each set contains one of the required sets."""
    shared = (sets @ required.T).tocoo()
    contained = shared.data == np.diff(required.indptr)[shared.coords[1]]
    found = np.zeros(sets.shape[0], dtype=bool)
    found[shared.coords[0][contained]] = True
    return found


def _smallest(required: sparse.csr_array) -> sparse.csr_array:
    """Return the required sets within which no other one lies; of equal ones the first."""
    if not _is_comparable(required, required):
        return required
    shared = (required @ required.T).tocoo()
    size: npt.NDArray[np.int64] = np.diff(required.indptr)
    row, column = shared.coords
    within = (shared.data == size[column]) & (row != column)
    within &= (size[row] > size[column]) | (row > column)
    is_smallest = np.ones(len(size), dtype=bool)
    is_smallest[row[within]] = False
    return sparse.csr_array(required[np.flatnonzero(is_smallest)])
