"""A plan and a bound for the largest coverage: kicks and exchanges on one side, cuts on the other."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from planner.bilingual import Text
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solvers.bounds import Bound
from planner.siting.solvers.coverage.branching import Aims, Branching, branch
from planner.siting.solvers.coverage.exchange import exchanged
from planner.siting.solvers.coverage.relaxation import Relaxation, sharpened
from planner.siting.solvers.program import Program
from planner.siting.solvers.search import Terrain, climb, zero_moves
from planner.siting.solvers.settle import rounded
from planner.siting.solvers.stage import Stage, is_same, step, upwards
from planner.siting.solvers.tighten import tightened

#: Kicks, and members of sets that a search looks at: about a second for a city.
_KICKS, _WORK = 3_000, 1_000_000_000

#: So many kicks before there is a bound to compare with.
_FIRST_KICKS = 200

#: So many halves at most, a count of work; then the MILP solver tries the rest.
_HALVES = 20_000

#: What is decided leaves the relaxation where it is this share of the sites.
_WORTH_IT = 0.5

#: Where so large a share of the sites is decided, kicks among the rest are enough, so many at a time.
_MOST, _LAST_KICKS = 0.25, 400

#: More equally good plans than this are not listed.
EQUALS = 12

#: Two amounts are the same when they differ by less than this share.
_ROUNDING = 1e-9

#: The relaxation last solved for each problem, with its cuts and its basis, as long as the problem is in use.
_kept: WeakKeyDictionary[SitingProblem, Relaxation] = WeakKeyDictionary()


def bounded(stage: Stage, program: Program, start: Mask) -> tuple[Bound | None, Mask]:
    """Return the bound of the sharpened relaxation and the best plan found; no bound if time was up.

    Parameters
    ----------
    stage : Stage
    program : Program
        With a goal as `sharpened` takes it.
    start : array of bool, shape (sites,)
        A plan that is allowed.
    """
    goal = program.goals[-1]
    terrain = Terrain.of(program, [upwards(goal, stage.sense)])
    best = exchanged(terrain, start[program.free], np.inf, _FIRST_KICKS, _WORK, stage.task.seed)

    def tell(bound: float) -> None:
        stage.keep(_opened(stage, program, best, start), bound + goal.constant)
        stage.task.tell(_progress(stage, stage.decided.opened(program, best), bound + goal.constant))

    least = max(step(goal), 1e-9 * max(1.0, abs(stage.worth(start))))
    relaxation = _relaxation(stage, program)
    stage.keep(_opened(stage, program, best, start))
    sharp = sharpened(relaxation, float(terrain.worth(best)[0]), least, lambda: stage.task.seconds_left, tell)
    if sharp is None:
        return None, _opened(stage, program, best, start)
    _kept[stage.task.problem] = relaxation
    bound, leaning = sharp
    enough = bound.value - step(goal)
    firsts = (climb(terrain, rounded(terrain, leaning)), best)
    for kicks in (_FIRST_KICKS, _KICKS):
        for seed, first in enumerate(firsts, stage.task.seed + 1):
            room = bound.value - float(terrain.worth(best)[0])
            is_much = kicks == _FIRST_KICKS or _share_decided(bound, room, len(first)) < _MOST
            if room >= least and is_much and stage.task.seconds_left > 0:
                again = exchanged(terrain, first, enough, kicks, _WORK, seed)
                best = max(filter(terrain.allows, [best, again]), key=lambda choice: float(terrain.worth(choice)[0]))
    tell(bound.value)
    return bound, _opened(stage, program, best, start)


def _share_decided(bound: Bound, room: float, sites: int) -> float:
    """Return the share of the sites that are the same in every plan within so much of the bound."""
    return float(np.mean(bound.loss[:sites] > room))


class Branched(NamedTuple):
    """The best plan, what no plan is better than, and every plan as good; None where these are many or not known."""

    is_open: Mask
    limit: float
    equals: tuple[Mask, ...] | None


def branched(stage: Stage, program: Program, bound: Bound, start: Mask) -> Branched:
    """Look half by half among the plans that the bound leaves in question.

    Parameters
    ----------
    stage : Stage
    program : Program
    bound : Bound
        As `bounded` returns it.
    start : array of bool, shape (sites,)
        A plan that is allowed.
    """
    goal, task = program.goals[-1], stage.task
    worth = stage.worth(start)
    aims = Aims(max(step(goal), _ROUNDING * max(1.0, abs(worth))), _ROUNDING * max(1.0, abs(worth)), EQUALS)
    if bound.value + goal.constant - worth < aims.least and _has_many_neighbours(program, start):
        return Branched(start, worth, None)
    rest, base, relaxation, start = _left(stage, program, bound, start, aims)

    def opened(choice: Mask) -> Mask:
        is_open = base.copy()
        is_open[rest.free[choice]] = True
        return is_open

    def tell(found: Branching) -> None:
        limit = max([found.worth, *(half.bound for half in found.waiting)]) + rest.goals[-1].constant
        limit = min(limit, bound.value + goal.constant)
        stage.keep(opened(found.chosen), limit)
        task.tell(_progress(stage, opened(found.chosen), limit))

    stage.keep(start)
    kept = _kept.pop(task.problem)
    found = branch(relaxation, start[rest.free], aims, _HALVES, lambda: task.seconds_left, tell)
    _kept[task.problem] = kept
    is_open = opened(found.chosen)
    if not stage.is_allowed(is_open) or stage.worth(is_open) < worth:
        is_open = start
    worth = stage.worth(is_open)
    if not found.is_done:
        limit = min(found.bound + rest.goals[-1].constant, bound.value + goal.constant)
        return Branched(is_open, max(worth, limit), None)
    equals = [plan for plan in map(opened, found.plans) if stage.is_allowed(plan) and is_same(stage.worth(plan), worth)]
    return Branched(is_open, worth, tuple(equals) if equals and not found.has_many else None)


def _has_many_neighbours(program: Program, is_open: Mask) -> bool:
    return zero_moves(Terrain.of(program, [program.goals[-1]]), is_open[program.free]) > EQUALS


def _left(
    stage: Stage, program: Program, bound: Bound, start: Mask, aims: Aims
) -> tuple[Program, Mask, Relaxation, Mask]:
    """Return what is still in question, the sites open in any case, a relaxation of it that has been solved, a plan."""
    task, sites, goal = stage.task, len(program.free), program.goals[-1]
    while True:
        worth = stage.worth(start) - goal.constant
        ones, zeros = bound.decides(worth - aims.rounding)
        if np.count_nonzero(ones[:sites] | zeros[:sites]) < _WORTH_IT * sites:
            return program, stage.decided.is_open, _kept[task.problem], start
        rest = tightened(program, ones[:sites], zeros[:sites], ones[sites:])
        base = stage.decided.opened(program, ones[:sites])
        if bound.value - worth < aims.least or task.seconds_left <= 0:
            break
        enough = bound.value + goal.constant - rest.goals[-1].constant - aims.least
        chosen = exchanged(Terrain.of(rest, [rest.goals[-1]]), start[rest.free], enough, _LAST_KICKS, _WORK, task.seed)
        better = base.copy()
        better[rest.free[chosen]] = True
        if not stage.is_allowed(better) or stage.worth(better) <= stage.worth(start) + aims.rounding:
            break
        start = better
    relaxation = Relaxation(rest)
    worth = stage.worth(start) - rest.goals[-1].constant
    sharpened(relaxation, worth, aims.least, lambda: task.seconds_left, lambda _: None)
    return rest, base, relaxation, start


def _relaxation(stage: Stage, program: Program) -> Relaxation:
    """Return a relaxation to begin with: where an earlier answer is given, the one that led to it, if it suits."""
    kept = _kept.pop(stage.task.problem, None)
    if kept is None or stage.task.start is None or not kept.suits(program):
        return Relaxation(program)
    kept.limit(program)
    return kept


def _opened(stage: Stage, program: Program, chosen: Mask, start: Mask) -> Mask:
    is_open = stage.decided.opened(program, chosen)
    return is_open if stage.is_allowed(is_open) and stage.worth(is_open) >= stage.worth(start) else start


def _progress(stage: Stage, is_open: Mask, limit: float) -> Text:
    """Say how good the plan is and how much better one could be."""
    unit = stage.goals[-1].unit(stage.task.problem)
    worth = stage.worth(is_open)
    said = Text(
        "方案 {worth}，上界 {bound}，差距 {gap}",
        "plan {worth}, upper bound {bound}, gap {gap}",
    )
    return said.format(
        worth=f"{worth / unit:.10g}",
        bound=f"{limit / unit:.10g}",
        gap=f"{max(limit - worth, 0.0) / (abs(worth) or 1.0):.2%}",
    )
