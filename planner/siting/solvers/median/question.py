"""Which problems the fast path can take: so many stations, and nothing else that depends on several sites at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.linear import Rows
from planner.siting.problem import Mask, NeedWalks
from planner.siting.reach import reachable
from planner.siting.solvers.median.ground import Amounts, Ground, ground_of
from planner.siting.solvers.stage import Decided, Stage

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Question:
    """Open so many of the free sites, so that the points cost least.

    Parameters
    ----------
    free : array of intp, shape (sites,)
        Positions in the problem, in order of id.
    stations : int
        At most so many of them; opening one more never costs anything.
    is_exact : bool
        Whether it must be so many.
    decided : Decided
        All other sites.
    ground : Ground
    point : array of intp, shape (points,)
        For each point of the ground its place among the demand points of all needs, one need after another.
    weight : array of float, shape (points,)
        Cost of a unit of walk.
    """

    free: Positions
    stations: int
    is_exact: bool
    decided: Decided
    ground: Ground
    point: Positions
    weight: Amounts


def question_of(stage: Stage) -> Question | None:
    """Return the question that a stage of `total_walk` asks, None if it is of another kind or impossible."""
    if any(rule.floors for rule in stage.rules):
        return None
    problem = stage.task.problem
    uncounted = _uncounted(stage)
    decided = Decided(stage.decided.is_open | uncounted, stage.decided.is_closed)
    order = problem.order_of_ids
    free = order[~(decided.is_open | decided.is_closed)[order]]
    least, most = _count(stage.rules, free, decided.is_open)
    if most < 1 or least > most:
        return None
    ground, point, weight = _ground(stage, free, decided.is_open)
    return Question(free, most, least == most, decided, ground, point, weight)


def relaxed_question_of(stage: Stage) -> Question | None:
    """Return the question with no constraint but the number of stations that the rows leave: no plan costs less."""
    problem = stage.task.problem
    decided = Decided(stage.decided.is_open | _uncounted(stage), stage.decided.is_closed)
    order = problem.order_of_ids
    free = order[~(decided.is_open | decided.is_closed)[order]]
    most = len(free)
    for rule in stage.rules:
        on_free = np.sort(sparse.csr_array(rule.of_open[:, free]).toarray(), axis=1)
        left = rule.upper - rule.of_open @ decided.is_open.astype(np.float64)
        for row, upper in zip(on_free, left, strict=True):
            if np.isfinite(upper) and np.all(row >= 0):
                most = min(most, int(np.count_nonzero(np.cumsum(row) <= upper + 1e-6 * max(1.0, abs(upper)))))
    if most < 1:
        return None
    ground, point, weight = _ground(stage, free, decided.is_open)
    return Question(free, most, False, decided, ground, point, weight) if len(ground.site) else None


def _uncounted(stage: Stage) -> Mask:
    """Return existing stations that no row counts: keeping them is free, shortens walks and changes nothing."""
    problem = stage.task.problem
    counted = np.zeros(len(problem.site_ids), dtype=bool)
    for rule in stage.rules:
        counted[rule.of_open.indices] |= rule.of_open.data != 0
    uncounted: Mask = problem.existing & ~counted & ~stage.decided.is_closed
    return uncounted


def _count(rules: tuple[Rows, ...], free: Positions, is_open: Mask) -> tuple[int, int]:
    """Return how many of the free sites must and may be opened; (0, 0) if the rows ask for anything else."""
    least, most = 0.0, float(len(free))
    for rule in rules:
        already = rule.of_open @ is_open.astype(np.float64)
        on_free = sparse.csr_array(rule.of_open[:, free]).toarray()
        for row, low, high in zip(on_free, rule.lower - already, rule.upper - already, strict=True):
            if np.all(row == 1.0):
                least, most = max(least, low), min(most, high)
            elif row.any() or not low <= 0.0 <= high:
                return 0, 0
    return int(np.ceil(least)), int(np.floor(most))


def _ground(stage: Stage, free: Positions, is_open: Mask) -> tuple[Ground, Positions, Amounts]:
    """Put the demand points of all needs one after another, in an order that depends on their walks alone."""
    problem = stage.task.problem
    column_of = np.full(len(problem.site_ids), -1, dtype=np.int32)
    column_of[free] = np.arange(len(free), dtype=np.int32)
    parts = [_points(stage, k, need, column_of, is_open) for k, need in enumerate(problem.needs)]
    shift = len(problem.demand_ids)
    point = np.concatenate([k * shift + part.point for k, part in enumerate(parts)])
    weight = np.concatenate([part.weight for part in parts])
    size = np.concatenate([part.size for part in parts])
    site = np.concatenate([part.site for part in parts])
    cost = np.concatenate([part.cost for part in parts])
    far = np.concatenate([part.far for part in parts])
    far = np.where(np.isfinite(far), far, _unreached(size, cost))
    order = _order(size, site, cost, far, len(free))
    first = np.concatenate([[0], np.cumsum(size)])
    if not np.array_equal(order, np.arange(len(order))):
        place = np.arange(first[-1]) + np.repeat(first[:-1][order] - np.cumsum(size[order]) + size[order], size[order])
        first, site, cost = np.concatenate([[0], np.cumsum(size[order])]), site[place], cost[place]
    return ground_of(first.astype(np.int64), site, cost, far[order], len(free)), point[order], weight[order]


@dataclass(frozen=True, eq=False)
class _Points:
    """The demand points of one need that count, with their pairs one after another."""

    point: Positions
    weight: Amounts
    size: Positions
    site: npt.NDArray[np.int32]
    cost: Amounts
    far: Amounts


def _points(stage: Stage, k: int, need: NeedWalks, column_of: npt.NDArray[np.int32], is_open: Mask) -> _Points:
    counted = reachable(stage.task.problem, need)
    furthest = np.fmin.reduce([rule.reached[k] for rule in stage.rules])
    covered = np.any([rule.covered[k] for rule in stage.rules], axis=0)
    row = np.repeat(np.arange(len(counted)), np.diff(need.walk.indptr))
    walk = need.walk.data.astype(np.float64)
    usable = counted[row] & ~(walk > furthest[row])
    if covered.any():
        usable &= ~covered[row] | need.covers(need.walk.data)
    opened = usable & is_open[need.walk.indices]
    far = np.full(len(counted), np.inf)
    np.minimum.at(far, row[opened], walk[opened])
    usable &= column_of[need.walk.indices] >= 0
    row, walk, site = row[usable], walk[usable], column_of[need.walk.indices[usable]]
    weight = need.weight * need.people
    size = np.bincount(row, minlength=len(counted))
    return _Points(
        np.flatnonzero(counted),
        weight[counted],
        size[counted],
        site,
        weight[row] * walk,
        np.where(np.isinf(far), np.inf, weight * np.where(np.isinf(far), 0.0, far))[counted],
    )


def _unreached(size: Positions, cost: Amounts) -> float:
    """Return more than any plan can cost that reaches everybody."""
    if not len(cost):
        return 1.0
    has_pairs = size > 0
    first = (np.cumsum(size) - size)[has_pairs]
    return 1.0 + 2.0 * math.fsum(np.maximum.reduceat(cost, first))


def _order(size: Positions, site: npt.NDArray[np.int32], cost: Amounts, far: Amounts, sites: int) -> Positions:
    """Return an order of the points that depends on what they are alone."""
    marks = np.random.default_rng(21).integers(2**63, size=sites, dtype=np.uint64) | np.uint64(1)
    each = (cost.view(np.uint64) + np.uint64(1)) * marks[site] if sites else np.zeros(0, dtype=np.uint64)
    first = np.cumsum(size) - size
    total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(each, dtype=np.uint64)])
    return np.lexsort((total[first + size] - total[first], far))
