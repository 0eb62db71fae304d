"""A good plan quickly: the best site next, then swaps. The way to the exact answer, never the answer itself."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.program import Array, Goal, Program

#: Swaps are looked for so many times; each looks at every open and every closed site.
_SWAPS = 200


def quick_plan(program: Program, goal: Goal) -> Mask | None:
    """Return a choice among the free sites that keeps every row and covers every required set, or None.

    Parameters
    ----------
    program : Program
    goal : Goal
        What is to be as large as possible; amounts of sets at least 0.
    """
    chosen = _greedy(program, goal)
    return None if chosen is None else _swapped(program, goal, chosen)


def _greedy(program: Program, goal: Goal) -> Mask | None:
    """Add the site with the largest gain that still fits, until nothing gains and every lower limit is met."""
    chosen = np.zeros(len(program.free), dtype=bool)
    load = np.zeros(program.rows.shape[0])
    columns = program.rows.tocsc()
    open_sets = np.ones(program.sets.shape[0])
    open_required = np.ones(program.required.shape[0])
    sets, required = program.sets.T.tocsr(), program.required.T.tocsr()
    urgent = 1.0 + np.abs(goal.of_set).sum() + np.abs(goal.of_site).sum()
    for _ in range(len(program.free)):
        gain = goal.of_site + sets @ (goal.of_set * open_sets) + urgent * (required @ open_required)
        short = load < program.lower
        gain = gain + 1e-9 * (program.rows[np.flatnonzero(short)].sum(axis=0) > 0)
        fits = ~chosen & ~_overloads(program, load)
        best = int(np.argmax(np.where(fits, gain, -np.inf))) if fits.any() else -1
        if best < 0 or (gain[best] <= 0 and not short.any()):
            break
        chosen[best] = True
        load += columns[:, [best]].toarray().ravel()
        open_sets[sets[[best]].indices] = 0.0
        open_required[required[[best]].indices] = 0.0
    return chosen if _is_allowed(program, chosen) else None


def _overloads(program: Program, load: Array) -> Mask:
    """Whether one more site would break an upper limit, shape (free sites,)."""
    if not program.rows.shape[0]:
        return np.zeros(len(program.free), dtype=bool)
    room = program.upper - load
    row = np.repeat(np.arange(program.rows.shape[0]), np.diff(program.rows.indptr))
    over = program.rows.data > room[row] + 1e-9 * np.maximum(1.0, np.abs(program.upper[row]))
    bad = np.zeros(len(program.free), dtype=bool)
    bad[program.rows.indices[over]] = True
    return bad


def _is_allowed(program: Program, chosen: Mask) -> bool:
    picked = chosen.astype(np.float64)
    load = program.rows @ picked
    tolerance = 1e-9 * np.maximum(1.0, np.abs(load))
    within = np.all(load <= program.upper + tolerance) and np.all(load >= program.lower - tolerance)
    return bool(within and np.all(program.required @ picked > 0))


def _swapped(program: Program, goal: Goal, chosen: Mask) -> Mask:
    """Exchange one open site for a closed one while that gains something.

    What a swap of r for j gains: what j adds to the sets that nobody serves, plus what it saves of the sets that r
    alone serves, minus those sets.
    """
    by_site = program.sets.T.tocsr()
    for _ in range(_SWAPS):
        served = program.sets @ chosen.astype(np.float64)
        gain = goal.of_site + by_site @ np.where(served == 0, goal.of_set, 0.0)
        alone = sparse.diags_array(np.where(served == 1, goal.of_set, 0.0))
        inside = np.flatnonzero(chosen)
        outside = np.flatnonzero(~chosen)
        only = alone @ program.sets[:, inside]
        loss = goal.of_site[inside] + np.asarray(only.sum(axis=0)).ravel()
        delta = (by_site[outside] @ only).toarray() + gain[outside][:, np.newaxis] - loss[np.newaxis, :]
        better = _best_allowed(program, chosen, delta, inside, outside)
        if better is None:
            return chosen
        chosen = better
    return chosen


def _best_allowed(program: Program, chosen: Mask, delta: Array, inside: np.ndarray, outside: np.ndarray) -> Mask | None:
    """Return the choice after the best swap that is allowed, or None."""
    smallest = 1e-9 * (1.0 + np.abs(delta).max(initial=0.0))
    gaining = np.flatnonzero(delta.ravel() > smallest)
    for place in gaining[np.argsort(-delta.ravel()[gaining], kind="stable")][:50]:
        swapped = chosen.copy()
        swapped[outside[place // len(inside)]] = True
        swapped[inside[place % len(inside)]] = False
        if _is_allowed(program, swapped):
            return swapped
    return None
