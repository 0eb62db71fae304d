"""What the cuts leave of the largest coverage: a site is open or closed, and each half is bounded by itself.

One relaxation serves every half: only the limits of its sites change, and the dual simplex goes on from where it is.
Bounds are counted from duals, halves by number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound
from planner.siting.solvers.coverage.relaxation import Positions, Relaxation
from planner.siting.solvers.program import Array

#: Sites closer than this to open or closed are taken as decided by the relaxation.
_WHOLE = 1e-6

#: So many sites are tried both ways before one is chosen.
_TRIED = 6


class Half(NamedTuple):
    """Plans that agree on some sites; none of them is better than `bound`."""

    bound: float
    low: Array  # shape (sites,): 1 where a site is open
    high: Array  # shape (sites,): 0 where it is closed


@dataclass(eq=False)
class Branching:
    """What came of it: the best choice, its worth, and a bound for all, without the goal's constant."""

    chosen: Mask
    worth: float
    bound: float
    halves: int = 0
    waiting: list[Half] = field(default_factory=list)
    is_done: bool = False
    #: Choices as good as the best one, as far as they were met; not looked for any more once they are too many.
    plans: list[Mask] = field(default_factory=list)
    has_many: bool = False


class Aims(NamedTuple):
    """What is looked for: better choices, and up to so many of the same worth."""

    least: float  # two choices differ by more, or are as good as each other
    rounding: float  # amounts that differ by less are the same
    equals: int

    def target(self, found: Branching) -> float:
        """Return what a half must reach to be of interest."""
        return found.worth + self.least if found.has_many else found.worth - self.rounding


def branch(
    relaxation: Relaxation,
    chosen: Mask,
    aims: Aims,
    halves: int,
    seconds_left: Callable[[], float],
    tell: Callable[[Branching], None],
) -> Branching:
    """Look half by half for the best choice and for those that are as good.

    Parameters
    ----------
    relaxation : Relaxation
        Solved before.
    chosen : array of bool, shape (free sites,)
        A choice that is allowed.
    aims : Aims
    halves : int
        So many at most: a count of work.
    seconds_left, tell : functions
        `tell` is called now and then.
    """
    program, goal = relaxation.program, relaxation.program.goals[-1]
    sites = len(program.free)
    worth = program.value(goal, chosen) - goal.constant
    found = Branching(chosen, worth, np.inf, waiting=[Half(np.inf, np.zeros(sites), np.ones(sites))])
    found.has_many = not aims.equals
    trust = np.zeros((2, 2, sites))  # what closing and opening cost, and how often that was seen
    while found.waiting and found.halves < halves and seconds_left() > 0:
        half = found.waiting.pop()
        if half.bound >= aims.target(found):
            found.halves += 1
            _look(relaxation, half, aims, found, trust, seconds_left)
        if found.halves % 100 == 0:
            tell(found)
    relaxation.free_sites(np.zeros(sites), np.ones(sites))
    relaxation.rule_nothing_out()
    found.is_done = not found.waiting
    found.bound = max([found.worth, *(half.bound for half in found.waiting)])
    return found


def _look(
    relaxation: Relaxation, half: Half, aims: Aims, found: Branching, trust: Array, seconds_left: Callable[[], float]
) -> None:
    """Bound a half, and leave what is still in question of it as two."""
    search = _Search(relaxation, aims, found, trust, seconds_left)
    low, high = half.low, half.high
    while True:
        relaxation.free_sites(low, high)
        optimum = relaxation.solve(seconds_left(), aims.target(found))
        if optimum is None:
            if not relaxation.is_impossible:
                found.waiting.append(half._replace(low=low, high=high))
            return
        bound = relaxation.proven(low, high)
        opened = optimum[0]
        if bound.value < aims.target(found):
            return
        is_whole = bool(np.all((opened <= _WHOLE) | (opened >= 1 - _WHOLE)))
        _keep(relaxation, opened > 0.5, aims, found, is_known=is_whole)
        if bound.value < aims.target(found):
            return
        if is_whole:
            relaxation.rule_out(opened > 0.5)
            half = half._replace(bound=min(half.bound, bound.value))
            continue
        low, high = _decided(bound, low, high, aims.target(found))
        if np.all(low == high):
            _keep(relaxation, low > 0.5, aims, found, is_known=True)
            return
        doubtful = np.flatnonzero((low != high) & (opened > _WHOLE) & (opened < 1 - _WHOLE))
        if not len(doubtful):
            continue
        here = Half(bound.value, low, high)
        site, limits = search.site_of(here, opened, doubtful)
        target = aims.target(found)
        if max(limits) < target:
            return
        if min(limits) >= target:
            break
        low, high = here.low.copy(), here.high.copy()
        low[site] = high[site] = float(limits[1] >= target)
        half = half._replace(bound=min(bound.value, max(limits)))
    closed, opens = high.copy(), low.copy()
    closed[site], opens[site] = 0.0, 1.0
    pair = [Half(min(limits[0], bound.value), low, closed), Half(min(limits[1], bound.value), opens, high)]
    found.waiting += pair if limits[1] >= limits[0] else pair[::-1]


def _keep(relaxation: Relaxation, choice: Mask, aims: Aims, found: Branching, *, is_known: bool = False) -> None:
    """Keep a choice that is better; list one that is as good and that the search will not meet again."""
    program, goal = relaxation.program, relaxation.program.goals[-1]
    if not _is_allowed(relaxation, choice):
        return
    worth = program.value(goal, choice) - goal.constant
    if worth > found.worth + aims.rounding:
        found.chosen, found.worth = choice, worth
        found.plans, found.has_many = [], not aims.equals
    is_new = not any(np.array_equal(choice, plan) for plan in found.plans)
    if is_known and is_new and worth >= found.worth - aims.rounding and not found.has_many:
        found.plans.append(choice)
        found.has_many = len(found.plans) > aims.equals


def _is_allowed(relaxation: Relaxation, choice: Mask) -> bool:
    program = relaxation.program
    load = program.rows @ choice.astype(np.float64)
    slack = 1e-9 * np.maximum(1.0, np.abs(load))
    within = np.all(load <= program.upper + slack) and np.all(load >= program.lower - slack)
    return bool(within and np.all(program.required @ choice.astype(np.float64) > 0))


def _decided(bound: Bound, low: Array, high: Array, target: float) -> tuple[Array, Array]:
    """Return the limits of the sites in every plan within such limits that reaches the target."""
    ones, zeros = bound.decides(target)
    low, high = low.copy(), high.copy()
    free = low != high
    low[free & ones[: len(low)]] = 1.0
    high[free & zeros[: len(low)]] = 0.0
    return low, high


@dataclass(frozen=True, eq=False)
class _Search:
    """How the next site to decide is found."""

    relaxation: Relaxation
    aims: Aims
    found: Branching
    trust: Array
    seconds_left: Callable[[], float]

    def site_of(self, half: Half, opened: Array, doubtful: Positions) -> tuple[int, tuple[float, float]]:
        """Return a doubtful site, and what bounds the half where it is closed and where it is open.

        Chosen by trial while little is known, then by experience; a site that can only be so is returned at once.
        """
        cost, seen = self.trust
        share = np.array([opened[doubtful], 1 - opened[doubtful]])
        known = cost[:, doubtful] / np.maximum(seen[:, doubtful], 1)
        usual = cost.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
        guess = np.where(seen[:, doubtful] > 0, known, usual[:, np.newaxis]) * share
        order = np.argsort(-np.maximum(guess, 1e-6).prod(axis=0) - 1e-9 * share.prod(axis=0), kind="stable")
        best, best_limits, best_score = int(doubtful[order[0]]), (np.inf, np.inf), -1.0
        tried, target = 0, self.aims.target(self.found)
        fixed: tuple[int, tuple[float, float]] | None = None
        basis = self.relaxation.basis
        for place in order[: 4 * _TRIED]:
            site = int(doubtful[place])
            if seen[:, site].min() >= 3:
                score = float(np.maximum(guess[:, place], 1e-6).prod())
                limits = (np.inf, np.inf)
            elif tried < _TRIED and self.seconds_left() > 0:
                tried += 1
                limits = (self._trial(basis, half, site, 0.0), self._trial(basis, half, site, 1.0))
                lost = np.maximum(half.bound - np.array(limits), 0.0)
                usable = np.isfinite(lost)
                seen[usable, site] += 1
                cost[usable, site] += (lost / np.maximum(share[:, place], 1e-3))[usable]
                score = float(np.maximum(np.where(usable, lost, 1e9), 1e-6).prod())
                if min(limits) < target:
                    fixed = (site, limits)
                    if max(limits) < target:
                        break
                    half.low[site] = half.high[site] = float(limits[1] >= target)
            else:
                continue
            if score > best_score:
                best, best_limits, best_score = site, limits, score
        return fixed or (best, best_limits)

    def _trial(self, basis: Any, half: Half, site: int, value: float) -> float:
        """Return a bound for a half with one site decided."""
        low, high = half.low.copy(), half.high.copy()
        low[site] = high[site] = value
        return min(half.bound, self.relaxation.tried(basis, low, high, self.seconds_left()))
