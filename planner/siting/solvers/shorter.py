"""Shorter walks among plans that are as good, where walks are too many to rank: exchanges until none helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.siting.problem import Mask, NeedWalks, SitingProblem, in_order
from planner.siting.solvers.least_walk import LeastWalk
from planner.siting.solvers.program import Array
from planner.siting.solvers.search import Terrain, held_moves
from planner.siting.solvers.stage import Stage, upwards

Whole = npt.NDArray[np.int64]

#: Moves at most: a count of work, so that two machines agree.
_MOVES = 300

#: Savings smaller than this share of all walks are rounding.
_ROUNDING = 1e-11


def members_of_walks(problem: SitingProblem) -> int:
    """Return how many members the sets of all walks within the standard have at most."""
    sizes = [np.diff(need.within_reach.indptr).astype(np.int64) for need in problem.needs]
    return int(sum((size * (size + 1) // 2).sum() for size in sizes))


def with_shorter_walks(stage: Stage, given: Mask) -> Mask:
    """Return a plan with shorter walks that is as good by every goal of the stage; the given one if none is met.

    Parameters
    ----------
    stage : Stage
        With the goals to be held.
    given : array of bool, shape (sites,)
    """
    program, problem = stage.program(), stage.task.problem
    terrain = Terrain.of(
        program, [upwards(goal, each.sense) for goal, each in zip(program.goals, stage.goals, strict=True)]
    )
    walks = [_Walks.of(need, in_order(problem.demand_ids)) for need in problem.needs]
    chosen = given[program.free]
    tiny = _ROUNDING * (1.0 + sum(float(each.people @ np.ones(len(each.people))) * each.longest for each in walks))
    for _ in range(_MOVES):
        if stage.task.seconds_left <= 0:
            break
        inside = np.flatnonzero(chosen)
        is_open = stage.decided.opened(program, chosen)
        gain = np.sum([each.saved(is_open, program.free, inside) for each in walks], axis=0)
        gain = np.where(held_moves(terrain, chosen, inside), gain, -np.inf)
        into, out = divmod(int(np.argmax(gain)), len(inside) + 1)
        if gain[into, out] <= tiny:
            break
        if into < len(chosen):
            chosen[into] = True
        if out < len(inside):
            chosen[inside[out]] = False
    is_open = stage.decided.opened(program, chosen)
    walk = LeastWalk()
    is_shorter = walk.evaluate(problem, is_open) < walk.evaluate(problem, given)
    is_as_good = stage.is_allowed(is_open) and stage.is_as_good(is_open, given)
    return is_open if is_shorter and is_as_good else given


@dataclass(frozen=True, eq=False)
class _Walks:
    """The pairs of one need within the standard, demand points in order of id."""

    first: Whole
    sites: npt.NDArray[np.int32]
    walk: Array
    people: Array
    longest: float

    @classmethod
    def of(cls, need: NeedWalks, order: npt.NDArray[np.intp]) -> _Walks:
        walk = need.walk[order]
        kept = need.covers(walk.data)
        row = np.repeat(np.arange(walk.shape[0]), np.diff(walk.indptr))[kept]
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=walk.shape[0]))]).astype(np.int64)
        data = walk.data[kept].astype(np.float64)
        people = need.weight * need.people[order].astype(np.float64)
        return cls(first, walk.indices[kept].astype(np.int32), data, people, float(data.max(initial=0.0)))

    def saved(self, is_open: Mask, free: npt.NDArray[np.intp], inside: npt.NDArray[np.intp]) -> Array:
        """Return what each move saves: rows are the free site to open (the last: none), columns the one to close."""
        from planner.machine_code import whole
        from planner.siting.solvers.shorter_kernel import saved

        slot = np.full(len(is_open), -1, dtype=np.int64)
        slot[free[inside]] = np.arange(len(inside))
        with whole():
            opening, closing, both = saved(self.first, self.sites, self.walk, self.people, is_open, slot, len(inside))
        gain = np.append(opening[free], 0.0)[:, np.newaxis] + np.append(closing, 0.0)[np.newaxis, :]
        gain[:-1, :-1] += both[free]
        return gain
