"""What the cuts leave of the largest coverage: a site is open or closed, and each half is bounded by itself.

One relaxation serves every half: only the limits of its sites change, and the dual simplex goes on from where it is.
Bounds are counted from duals, halves by number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound
from planner.siting.solvers.coverage.relaxation import Relaxation
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
    #: With `equals`: every choice as good as the given one, as far as they were met.
    plans: list[Mask] = field(default_factory=list)


def branch(
    relaxation: Relaxation,
    chosen: Mask,
    least: float,
    halves: int,
    seconds_left: Callable[[], float],
    tell: Callable[[Branching], None],
    equals: int = 0,
) -> Branching:
    """Look for a choice that is better by at least so much, half by half.

    Parameters
    ----------
    relaxation : Relaxation
        Solved before.
    chosen : array of bool, shape (free sites,)
        A choice that is allowed.
    least : float
        Two choices differ by more, or are as good as each other.
    halves : int
        So many at most: a count of work.
    seconds_left, tell : functions
        `tell` is called now and then.
    equals : int
        Look for up to so many choices that are worth no less than the given one less `least`; 0: only for better ones.
    """
    least = -least if equals else least
    program, goal = relaxation.program, relaxation.program.goals[-1]
    sites = len(program.free)
    worth = program.value(goal, chosen) - goal.constant
    found = Branching(chosen, worth, np.inf, waiting=[Half(np.inf, np.zeros(sites), np.ones(sites))])
    trust = np.zeros((2, 2, sites))  # what closing and opening cost, and how often that was seen
    while found.waiting and found.halves < halves and seconds_left() > 0 and len(found.plans) <= equals:
        half = found.waiting.pop()
        if half.bound >= found.worth + least:
            found.halves += 1
            _look(relaxation, half, least, found, trust, seconds_left)
        if found.halves % 100 == 0:
            tell(found)
    relaxation.free_sites(np.zeros(sites), np.ones(sites))
    found.is_done = not found.waiting
    found.bound = max([found.worth, *(half.bound for half in found.waiting)])
    return found


def _look(
    relaxation: Relaxation, half: Half, least: float, found: Branching, trust: Array, seconds_left: Callable[[], float]
) -> None:
    """Bound a half, and leave what is still in question of it as two."""
    relaxation.free_sites(half.low, half.high)
    optimum = relaxation.solve(seconds_left())
    if optimum is None:
        if not relaxation.is_impossible:
            found.waiting.append(half)
        return
    bound = relaxation.proven(half.low, half.high)
    if bound.value < found.worth + least:
        return
    opened = optimum[0]
    _keep(relaxation, opened > 0.5, found)
    low, high = _decided(bound, half, found.worth + least)
    if least < 0 and np.all(low == high):
        _list(relaxation, low > 0.5, found.worth + least, found)
        return
    doubtful = np.flatnonzero((opened > _WHOLE) & (opened < 1 - _WHOLE))
    if not len(doubtful):
        doubtful = np.flatnonzero(low != high)
    if not len(doubtful):
        return
    site, limits = _tried(relaxation, Half(bound.value, low, high), opened, doubtful, trust, seconds_left)
    closed, opens = high.copy(), low.copy()
    closed[site], opens[site] = 0.0, 1.0
    pair = [Half(min(limits[0], bound.value), low, closed), Half(min(limits[1], bound.value), opens, high)]
    found.waiting += pair if limits[1] >= limits[0] else pair[::-1]


def _keep(relaxation: Relaxation, choice: Mask, found: Branching) -> None:
    program, goal = relaxation.program, relaxation.program.goals[-1]
    if _is_allowed(relaxation, choice):
        worth = program.value(goal, choice) - goal.constant
        if worth > found.worth:
            found.chosen, found.worth = choice, worth


def _list(relaxation: Relaxation, choice: Mask, target: float, found: Branching) -> None:
    if _is_allowed(relaxation, choice):
        goal = relaxation.program.goals[-1]
        if relaxation.program.value(goal, choice) - goal.constant >= target:
            found.plans.append(choice)


def _is_allowed(relaxation: Relaxation, choice: Mask) -> bool:
    program = relaxation.program
    load = program.rows @ choice.astype(np.float64)
    slack = 1e-9 * np.maximum(1.0, np.abs(load))
    within = np.all(load <= program.upper + slack) and np.all(load >= program.lower - slack)
    return bool(within and np.all(program.required @ choice.astype(np.float64) > 0))


def _decided(bound: Bound, half: Half, target: float) -> tuple[Array, Array]:
    """Return the limits of the sites in every plan of a half that reaches the target."""
    ones, zeros = bound.decides(target)
    low, high = half.low.copy(), half.high.copy()
    free = low != high
    low[free & ones[: len(low)]] = 1.0
    high[free & zeros[: len(low)]] = 0.0
    return low, high


def _tried(
    relaxation: Relaxation,
    half: Half,
    opened: Array,
    doubtful: np.ndarray,
    trust: Array,
    seconds_left: Callable[[], float],
) -> tuple[int, tuple[float, float]]:
    """Return the site to branch on, and what bounds its halves: by trial while little is known, then by experience."""
    cost, seen = trust
    share = np.array([opened[doubtful], 1 - opened[doubtful]])
    known = cost[:, doubtful] / np.maximum(seen[:, doubtful], 1)
    usual = cost.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    guess = np.where(seen[:, doubtful] > 0, known, usual[:, np.newaxis]) * share
    order = np.argsort(-np.maximum(guess, 1e-6).prod(axis=0) - 1e-9 * share.prod(axis=0), kind="stable")
    best, best_limits, best_score = int(doubtful[order[0]]), (np.inf, np.inf), -1.0
    tried = 0
    for place in order[: 4 * _TRIED]:
        site = int(doubtful[place])
        if seen[:, site].min() >= 3:
            score = float(np.maximum(guess[:, place], 1e-6).prod())
            limits = (np.inf, np.inf)
        elif tried < _TRIED and seconds_left() > 0:
            tried += 1
            limits = (
                _trial(relaxation, half, site, 0.0, seconds_left()),
                _trial(relaxation, half, site, 1.0, seconds_left()),
            )
            lost = np.maximum(half.bound - np.array(limits), 0.0)
            usable = np.isfinite(lost)
            seen[usable, site] += 1
            cost[usable, site] += (lost / np.maximum(share[:, place], 1e-3))[usable]
            score = float(np.maximum(np.where(usable, lost, 1e9), 1e-6).prod())
        else:
            continue
        if score > best_score:
            best, best_limits, best_score = site, limits, score
    return best, best_limits


def _trial(relaxation: Relaxation, half: Half, site: int, value: float, seconds: float) -> float:
    """Return a bound for a half with one site decided."""
    low, high = half.low.copy(), half.high.copy()
    low[site] = high[site] = value
    relaxation.free_sites(low, high)
    if relaxation.solve(seconds, is_trial=True) is None:
        return -np.inf if relaxation.is_impossible else np.inf
    return relaxation.proven(low, high).value
