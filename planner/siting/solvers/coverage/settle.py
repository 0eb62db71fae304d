"""A plan and a bound for the largest coverage: kicks and exchanges on one side, cuts on the other."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from planner.bilingual import Text
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solvers.bounds import Bound
from planner.siting.solvers.coverage.branching import Branching, branch
from planner.siting.solvers.coverage.exchange import exchanged
from planner.siting.solvers.coverage.relaxation import Relaxation, sharpened
from planner.siting.solvers.program import Program
from planner.siting.solvers.search import Terrain, climb
from planner.siting.solvers.settle import rounded
from planner.siting.solvers.stage import Stage, step, upwards

#: Kicks, and members of sets that a search looks at: about a second for a city.
_KICKS, _WORK = 3_000, 1_000_000_000

#: So many kicks before there is a bound to compare with.
_FIRST_KICKS = 200

#: So many halves at most, a count of work; then the MILP solver tries the rest.
_HALVES = 20_000

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
        stage.task.tell(_progress(stage, program, best, bound))

    least = max(step(goal), 1e-9 * max(1.0, abs(stage.worth(start))))
    relaxation = _relaxation(stage, program)
    sharp = sharpened(relaxation, float(terrain.worth(best)[0]), least, lambda: stage.task.seconds_left, tell)
    if sharp is None:
        return None, _opened(stage, program, best, start)
    _kept[stage.task.problem] = relaxation
    bound, leaning = sharp
    enough = bound.value - step(goal)
    for kicks in (_FIRST_KICKS, _KICKS):
        for seed, first in enumerate((climb(terrain, rounded(terrain, leaning)), best), stage.task.seed + 1):
            if bound.value - terrain.worth(best)[0] >= least and stage.task.seconds_left > 0:
                again = exchanged(terrain, first, enough, kicks, _WORK, seed)
                best = max(filter(terrain.allows, [best, again]), key=lambda choice: float(terrain.worth(choice)[0]))
    tell(bound.value)
    return bound, _opened(stage, program, best, start)


def branched(stage: Stage, program: Program, bound: Bound, start: Mask) -> tuple[Mask, float]:
    """Return the best plan found half by half, and what no plan is better than: the same where it is proven.

    Parameters
    ----------
    stage : Stage
    program : Program
    bound : Bound
        As `bounded` returns it.
    start : array of bool, shape (sites,)
        A plan that is allowed.
    """
    goal = program.goals[-1]
    least = max(step(goal), 1e-9 * max(1.0, abs(stage.worth(start))))
    relaxation = _kept[stage.task.problem]

    def tell(found: Branching) -> None:
        limit = max([found.worth, *(min(half.bound, bound.value) for half in found.waiting)])
        stage.task.tell(_progress(stage, program, found.chosen, limit))

    found = branch(relaxation, start[program.free], least, _HALVES, lambda: stage.task.seconds_left, tell)
    is_open = _opened(stage, program, found.chosen, start)
    if found.is_done:
        return is_open, stage.worth(is_open)
    return is_open, max(stage.worth(is_open), min(found.bound, bound.value) + goal.constant)


def _relaxation(stage: Stage, program: Program) -> Relaxation:
    """Return a relaxation to begin with: where an earlier answer is given, the one that led to it, if it suits."""
    kept = _kept.pop(stage.task.problem, None) if stage.task.start is not None else None
    if kept is None or not kept.suits(program):
        return Relaxation(program)
    kept.limit(program)
    return kept


def _opened(stage: Stage, program: Program, chosen: Mask, start: Mask) -> Mask:
    is_open = stage.decided.opened(program, chosen)
    return is_open if stage.is_allowed(is_open) and stage.worth(is_open) >= stage.worth(start) else start


def _progress(stage: Stage, program: Program, chosen: Mask, bound: float) -> Text:
    """Say how good the plan is and how much better one could be."""
    unit = stage.goals[-1].unit(stage.task.problem)
    worth = stage.worth(stage.decided.opened(program, chosen))
    limit = bound + program.goals[-1].constant
    said = Text(
        "方案 {worth}，上界 {bound}，差距 {gap}",
        "plan {worth}, upper bound {bound}, gap {gap}",
    )
    return said.format(
        worth=f"{worth / unit:.10g}",
        bound=f"{limit / unit:.10g}",
        gap=f"{max(limit - worth, 0.0) / (abs(worth) or 1.0):.2%}",
    )
