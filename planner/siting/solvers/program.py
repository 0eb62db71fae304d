"""A problem as one linear program over sites and *sets of sites*.

A demand point is covered when one site of a certain set is open, and its walk is no longer than d when one site of a
smaller set is. So coverage and walks of all needs are sums over sets ("is at least one of these open?"), and demand
points with the same set are one row: 100,000 points become some thousand sets. Sites stand in order of id and sets in
an order that depends on their content alone, so that the order of the input's rows changes nothing.

The radius formulation of walks: with the distinct walks d1 < d2 < ... < dK of a point and the set S_k of the sites
within d_k, the walk to the nearest open site is dK [S_K is open] - sum over k < K of (d_k+1 - d_k) [S_k is open]; see
Garcia, Labbe & Marin (2011), INFORMS Journal on Computing 23(4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.linear import Expression, Rows
from planner.siting.problem import Mask, NeedWalks, SitingProblem
from planner.siting.solvers.prefixes import Prefixes, by_number, by_worth

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Goal:
    """An expression over the free sites and the sets.

    Parameters
    ----------
    of_site : array of float, shape (free sites,)
    of_set : array of float, shape (sets,)
    constant : float
        What the sites that are not free add.
    """

    of_site: Array
    of_set: Array
    constant: float


@dataclass(frozen=True, eq=False)
class Program:
    """Sites that are still free, the sets that matter, and the rows between them.

    Parameters
    ----------
    free : array of intp, shape (free sites,)
        Positions in the problem, in order of id.
    sets : csr_array, shape (sets, free sites)
        Ones; every set has two sites or more.
    required : csr_array, shape (required sets, free sites)
        Of each of these sets at least one site is open.
    rows : csr_array, shape (rows, free sites)
    lower, upper : arrays of float, shape (rows,)
    goals : tuple of Goal
        In the order of the expressions they were made from.
    is_possible : bool
        False if a demand point that must be covered has no site left.
    floors : tuple of (Goal, lower)
        What must be at least so much, constants included.
    times : array of int, shape (sets,), optional
        How many open sites serve each set; None where one serves each of them.
    """

    free: Positions
    sets: sparse.csr_array
    required: sparse.csr_array
    rows: sparse.csr_array
    lower: Array
    upper: Array
    goals: tuple[Goal, ...]
    is_possible: bool
    floors: tuple[tuple[Goal, float], ...] = ()
    times: Positions | None = None

    @property
    def short(self) -> Array | float:
        """A set is served by more open sites than this, shape (sets,); 0 where one serves each of them."""
        return 0.0 if self.times is None else self.times.astype(np.float64) - 1.0

    @property
    def members(self) -> int:
        """How many members the sets have together."""
        return int(self.sets.nnz + self.required.nnz)

    def value(self, goal: Goal, chosen: Mask) -> float:
        """Return a goal for a choice among the free sites."""
        served = self.sets @ chosen.astype(np.float64) > self.short
        return float(goal.constant + goal.of_site[chosen].sum() + goal.of_set[served].sum())


def build_program(
    problem: SitingProblem,
    expressions: Sequence[Expression],
    rules: Sequence[Rows],
    is_fixed_open: Mask,
    is_fixed_closed: Mask,
) -> Program:
    """Reduce a problem to its free sites and the distinct sets among them.

    Parameters
    ----------
    problem : SitingProblem
    expressions : sequence of Expression
    rules : sequence of Rows
    is_fixed_open, is_fixed_closed : arrays of bool, shape (sites,)
        Sites that are decided already.
    """
    floors = [floor for rule in rules for floor in rule.floors]
    wanted, expressions = len(expressions), [*expressions, *(floor.expression for floor in floors)]
    order = problem.order_of_ids
    free = order[~(is_fixed_open | is_fixed_closed)[order]]
    column_of = np.full(len(order), -1, dtype=np.intp)
    column_of[free] = np.arange(len(free))
    views = [view for k, need in enumerate(problem.needs) for view in _views(k, need, expressions, rules)]
    parts = [_prefixes(view, column_of, is_fixed_open) for view in views]
    parts += [
        part
        for k, need in enumerate(problem.needs)
        for part in _further(k, need, expressions, column_of, is_fixed_open)
    ]
    of_site = np.array([expression.of_open[free] for expression in expressions])
    constants = np.array([each.constant + each.of_open[is_fixed_open].sum() for each in expressions])
    constants += sum(part.constants for part in parts)
    sets, amounts, must, times = _merged(parts, len(free))
    single = np.diff(sets.indptr) == 1
    alone = single & ~must
    of_site += amounts[:, alone] @ sets[np.flatnonzero(alone)]
    constants += amounts[:, must].sum(axis=1)
    kept = ~single & ~must
    rows, lower, upper = _stacked(rules, free, is_fixed_open)
    goals = [Goal(*parts) for parts in zip(of_site, amounts[:, kept], constants.tolist(), strict=True)]
    return Program(
        free,
        sets[np.flatnonzero(kept)],
        sets[np.flatnonzero(must)],
        rows,
        lower,
        upper,
        tuple(goals[:wanted]),
        all(part.is_possible for part in parts),
        tuple((goal, floor.lower) for goal, floor in zip(goals[wanted:], floors, strict=True)),
        times[kept] if np.any(times[kept] > 1) else None,
    )


class _View(NamedTuple):
    """One need up to some length of walk: what covering and walking there add, and who must reach a site there."""

    walk: sparse.csr_array  # shape (demand points, sites); where only coverage matters, (sets of sites, sites)
    within: Mask  # shape (pairs,)
    of_covered: Array  # shape (expressions, demand points)
    of_walk: Array  # shape (expressions, demand points)
    must: Mask  # shape (demand points,)


def _views(k: int, need: NeedWalks, expressions: Sequence[Expression], rules: Sequence[Rows]) -> list[_View]:
    """Look at a need up to its standard, and at all its walks where these are asked for."""
    nothing = np.zeros((len(expressions), len(need.people)))
    of_covered = np.array([expression.of_covered[k] for expression in expressions])
    of_walk = np.array([expression.of_walk[k] for expression in expressions])
    must = np.any([rule.covered[k] for rule in rules] or [nothing[0] > 0], axis=0)
    if of_walk.any():
        views = [_View(need.walk, need.covers(need.walk.data), of_covered, of_walk, must)]
    else:
        views = [_coverage(need, of_covered, must)]
    of_any_walk = np.array([expression.of_any_walk[k] for expression in expressions])
    reached = np.fmin.reduce([rule.reached[k] for rule in rules] or [np.full(len(need.people), np.nan)])
    is_reached = ~np.isnan(reached)
    if not of_any_walk.any() and not is_reached.any():
        return views
    near = ~(need.walk.data > np.repeat(reached, np.diff(need.walk.indptr)))
    if of_any_walk.any():
        views.append(_View(need.walk, near, nothing, of_any_walk, nothing[0] > 0))
    if is_reached.any():
        views.append(_View(need.walk, near, nothing, nothing, is_reached))
    return views


def _coverage(need: NeedWalks, of_covered: Array, must: Mask) -> _View:
    """Look at demand points with the same sites as one."""
    alike = need.alike
    amounts = np.array([alike.summed(each) for each in of_covered])
    within = np.ones(alike.sites.nnz, dtype=bool)
    return _View(alike.sites, within, amounts, np.zeros_like(amounts), alike.any(must))


def _further(
    k: int, need: NeedWalks, expressions: Sequence[Expression], column_of: Positions, is_open: Mask
) -> Iterable[Prefixes]:
    """Return what the nearest station is worth, and what several stations add, where an expression asks for it."""
    nothing = np.zeros(len(need.walk.data))
    if any(each.of_nearest is not None for each in expressions):
        worth = [nothing if each.of_nearest is None else each.of_nearest[k] for each in expressions]
        yield by_worth(need, np.array(worth), column_of, is_open)
    nobody = np.zeros(len(need.people))
    for number in sorted({each.several for each in expressions if each.of_several is not None}):
        amounts = [
            nobody if each.of_several is None or each.several != number else each.of_several[k] for each in expressions
        ]
        yield by_number(need, np.array(amounts), number, column_of, is_open)


def _prefixes(view: _View, column_of: Positions, is_open: Mask) -> Prefixes:
    """Sort each demand point's sites by walk and weigh the sets of the nearest ones."""
    walks, within, of_covered, of_walk, must = view
    row = np.repeat(np.arange(walks.shape[0]), np.diff(walks.indptr))[within]
    site = walks.indices[within]
    walk = walks.data[within].astype(np.float64)
    surely = np.full(walks.shape[0], np.inf)
    opened = is_open[site]
    np.minimum.at(surely, row[opened], walk[opened])
    is_sure = np.isfinite(surely)
    walks_matter = np.any(of_walk != 0, axis=0)
    point_matters = np.any(of_covered != 0, axis=0) | walks_matter | must
    kept = (column_of[site] >= 0) & (walk < surely[row]) & point_matters[row] & (walks_matter | ~is_sure)[row]
    row, column, walk = row[kept], column_of[site[kept]], walk[kept]
    order = np.lexsort((column, walk, row))
    row, column, walk = row[order], column[order], walk[order]
    is_last = np.append(row[1:] != row[:-1], True)[: len(row)]
    is_end = is_last | np.append(walk[1:] != walk[:-1], True)[: len(row)]
    is_end &= is_last | walks_matter[row]
    end = np.flatnonzero(is_end)
    first = np.searchsorted(row, row[end])
    last, of_row, reach = is_last[end], row[end], walk[end]
    beyond = np.where(last, np.where(is_sure[of_row], surely[of_row], 0.0), np.append(reach[1:], 0.0)[: len(end)])
    amounts = -of_walk[:, of_row] * (beyond - reach)
    amounts += np.where(last & ~is_sure[of_row], of_covered[:, of_row], 0.0)
    constants = of_covered[:, is_sure].sum(axis=1) + of_walk[:, is_sure] @ surely[is_sure]
    reachable = is_sure.copy()
    reachable[row] = True
    must_here = must[of_row] & last & ~is_sure[of_row]
    matters = np.any(amounts != 0, axis=0) | must_here
    return Prefixes(
        column,
        first[matters],
        end[matters],
        amounts[:, matters],
        must_here[matters],
        constants,
        bool(reachable[must].all()),
    )


def _merged(parts: Sequence[Prefixes], sites: int) -> tuple[sparse.csr_array, Array, Mask, Positions]:
    """Merge equal sets of all needs; the order of the result depends on the sets alone."""
    columns = np.concatenate([part.columns for part in parts])
    shift = np.cumsum([0] + [len(part.columns) for part in parts[:-1]])
    start = np.concatenate([part.start + by for part, by in zip(parts, shift, strict=True)])
    end = np.concatenate([part.end + by for part, by in zip(parts, shift, strict=True)])
    amounts = np.concatenate([part.amounts for part in parts], axis=1)
    must = np.concatenate([part.must for part in parts])
    times = np.concatenate(
        [np.ones(len(part.end), dtype=np.intp) if part.times is None else part.times for part in parts]
    )
    if not len(end):
        return sparse.csr_array((0, sites)), amounts, must, times
    chosen, total = grouped(columns, start, end, amounts, sites, times)
    _, any_must = grouped(columns, start, end, must[np.newaxis, :].astype(np.float64), sites, times)
    return _as_matrix(columns, start[chosen], end[chosen], sites), total, any_must[0] > 0, times[chosen]


def grouped(
    columns: Positions, start: Positions, end: Positions, amounts: Array, sites: int, times: Positions | None = None
) -> tuple[Positions, Array]:
    """Find equal sets and add up their amounts.

    Parameters
    ----------
    columns : array of int
        Sites; set s is `columns[start[s] : end[s] + 1]`, without repetitions, in any order.
    start, end : arrays of int, shape (sets,)
    amounts : array of float, shape (expressions, sets)
    sites : int
    times : array of int, shape (sets,), optional
        Sets that are served by another number of sites are not equal.

    Returns
    -------
    array of int, shape (distinct sets,)
        One of each; their order depends on the sets alone.
    array of float, shape (expressions, distinct sets)
    """
    sums = np.concatenate([np.zeros((1, 2), dtype=np.uint64), np.cumsum(_marks(sites)[columns], axis=0)])
    mark = sums[end + 1] - sums[start]
    if times is not None:
        mark += (times[:, np.newaxis] - 1).astype(np.uint64) * _marks(sites + 1)[-1]
    order = np.lexsort((mark[:, 1], mark[:, 0]))
    mark = mark[order]
    first = np.flatnonzero(np.append(True, np.any(mark[1:] != mark[:-1], axis=1)))
    number = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(order))))
    return order[first], np.array([_summed(amount[order], number, first) for amount in amounts])


def _marks(sites: int) -> npt.NDArray[np.uint64]:
    """Two random numbers a site: their sums over a set tell sets apart (128 bits)."""
    marks: npt.NDArray[np.uint64] = np.random.default_rng(20).integers(2**64, size=(sites, 2), dtype=np.uint64)
    return marks


def _summed(amount: Array, number: Positions, first: Positions) -> Array:
    """Add up within each set, smallest amounts first, so that sums do not depend on the order of the rows."""
    order = np.lexsort((amount, number))
    total: Array = np.add.reduceat(amount[order], first)
    return total


def _as_matrix(columns: Positions, start: Positions, end: Positions, sites: int) -> sparse.csr_array:
    sizes = end - start + 1
    first = np.concatenate([[0], np.cumsum(sizes)])
    place = np.arange(first[-1]) - np.repeat(first[:-1] - start, sizes)
    matrix = sparse.csr_array((np.ones(len(place)), columns[place], first), shape=(len(sizes), sites))
    matrix.sort_indices()
    return matrix


def _stacked(rules: Sequence[Rows], free: Positions, is_fixed_open: Mask) -> tuple[sparse.csr_array, Array, Array]:
    """Stack the rows of all rules on the free sites; what the fixed ones add goes to the limits."""
    of_open = sparse.vstack([rule.of_open for rule in rules] or [sparse.csr_array((0, len(is_fixed_open)))]).tocsr()
    lower = np.concatenate([rule.lower for rule in rules] or [np.empty(0)])
    upper = np.concatenate([rule.upper for rule in rules] or [np.empty(0)])
    already = of_open @ is_fixed_open.astype(np.float64)
    rows = sparse.csr_array(of_open[:, free])
    return rows, lower - already, upper - already
