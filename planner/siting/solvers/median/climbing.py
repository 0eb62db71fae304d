"""A better plan under any constraints: open one site more, or exchange one, whichever saves most walking."""

from __future__ import annotations

import numpy as np

from planner.siting.problem import Mask
from planner.siting.reach import reachable
from planner.siting.solvers.median.ground import Amounts
from planner.siting.solvers.stage import SAME, Stage

#: Larger tables of walks are not climbed on; and so many steps at most.
_MOST_PAIRS, _STEPS = 5_000_000, 200


def climbed(stage: Stage, plan: Mask) -> Mask:
    """Return a plan that no such move betters, as far as the rows of the constraints tell.

    Parameters
    ----------
    stage : Stage
    plan : array of bool, shape (sites,)
        Allowed, as is what is returned.
    """
    if sum(need.walk.shape[0] for need in stage.task.problem.needs) * len(plan) > _MOST_PAIRS:
        return plan
    cost = _table(stage)
    for _ in range(_STEPS):
        if stage.task.seconds_left <= 0:
            break
        better = _step(stage, cost, plan)
        if better is None:
            break
        plan = better
    return plan


def _table(stage: Stage) -> Amounts:
    """Return weight x people x walk for everyone who counts, infinite out of reach, shape (points, sites)."""
    parts = []
    for need in stage.task.problem.needs:
        counted = reachable(stage.task.problem, need)
        table = np.full(need.walk.shape, np.inf)
        row = np.repeat(np.arange(len(counted)), np.diff(need.walk.indptr))
        table[row, need.walk.indices] = (need.weight * need.people)[row] * need.walk.data
        parts.append(table[counted])
    return np.concatenate(parts)


def _step(stage: Stage, cost: Amounts, plan: Mask) -> Mask | None:
    """Return the plan after the move that saves most and is allowed, None if none saves anything."""
    now = cost[:, plan].min(axis=1, initial=np.inf).sum()
    order = stage.task.problem.order_of_ids
    closed = order[(~plan & ~stage.decided.is_closed)[order]]
    if not len(closed):
        return None
    moves: list[tuple[float, int, int, int]] = []
    for place, out in enumerate((-1, *order[(plan & ~stage.decided.is_open)[order]].tolist())):
        kept = plan.copy()
        if out >= 0:
            kept[out] = False
        rest = cost[:, kept].min(axis=1, initial=np.inf)
        after = np.minimum(rest[:, np.newaxis], cost[:, closed]).sum(axis=0)
        after[~_fits(stage, kept, closed)] = np.inf
        best = int(np.argmin(after))
        if after[best] < now * (1 - SAME):
            moves.append((float(after[best]), place, out, int(closed[best])))
    for _, _, out, into in sorted(moves):
        moved = plan.copy()
        if out >= 0:
            moved[out] = False
        moved[into] = True
        if stage.is_allowed(moved):
            return moved
    return None


def _fits(stage: Stage, kept: Mask, closed: np.ndarray) -> Mask:
    """Whether the rows allow each closed site beside those that are kept, shape (closed sites,)."""
    fits = np.ones(len(closed), dtype=bool)
    for rule in stage.rules:
        load = (rule.of_open @ kept.astype(np.float64))[:, np.newaxis] + rule.of_open[:, closed].toarray()
        fits &= np.all((load <= rule.upper[:, np.newaxis]) & (load >= rule.lower[:, np.newaxis]), axis=0)
    return fits
