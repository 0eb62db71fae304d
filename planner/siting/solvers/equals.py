"""All plans that are as good as the one found, where they are few: then counting chooses among them, and no search.

Proving that a plan is the only one costs about what proving it did; breaking ties by walks costs far more, because the
relaxation of walks mixes plans that are not equally good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound, bound_from
from planner.siting.solvers.highs import Limits, model_of, relax, solve_model
from planner.siting.solvers.program import Array, Goal, Program
from planner.siting.solvers.search import Terrain, zero_moves
from planner.siting.solvers.settle import is_coverage
from planner.siting.solvers.stage import Found, Stage, is_same, loosened, step, upwards
from planner.siting.solvers.tighten import tightened

#: More equally good plans than this are not listed.
_FEW = 12

#: From so many sets on, the plans are listed half by half.
_MANY_SETS = 200

#: Each question is given up after so many nodes: a count of work and no time, so that two machines agree.
_NODES = 2_000


def few_equals(stage: Stage, found: Found) -> list[Mask] | None:
    """Return every plan as good as the one found, None if they are many or it cannot be proven which they are.

    As good is by every goal of the stage: the last one is proven, the earlier ones are held.
    """
    stage = replace(stage, decided=found.decided, given=found.is_open)
    program = stage.program()
    chosen = found.is_open[program.free]
    if _has_many_neighbours(stage, program, chosen) or program.members > stage.most_members:
        return None
    if stage.is_first and program.sets.shape[0] >= _MANY_SETS and is_coverage(stage, program):
        return _listed(stage, program, found)
    rest, base = _narrowed(stage, program, found)
    held = stage.held(rest, len(stage.goals))
    plans = [found.is_open[rest.free]]
    nothing = Goal(np.zeros(len(rest.free)), np.zeros(rest.sets.shape[0]), 0.0)
    while len(plans) <= _FEW:
        model = model_of(rest, nothing, "min", held, _others_than(plans))
        task = stage.task
        answer = solve_model(model, rest, Limits(task.seconds_left, nodes=_NODES, seed=task.seed))
        if answer.end == "infeasible":
            opened = [_opened(base, rest, plan) for plan in plans]
            best = stage.worth(found.is_open)
            others = [plan for plan in opened[1:] if is_same(stage.worth(plan), best) and stage.is_allowed(plan)]
            return [opened[0], *others]
        if answer.chosen is None:
            return None
        plans.append(answer.chosen)
    return None


def _listed(stage: Stage, program: Program, found: Found) -> list[Mask] | None:
    """Return them half by half."""
    from planner.siting.solvers.coverage.branching import Aims, branch
    from planner.siting.solvers.coverage.relaxation import Relaxation, sharpened

    goal, worth = program.goals[0], stage.worth(found.is_open)
    room = abs(worth - loosened(worth, stage.sense))
    relaxation = Relaxation(program)
    sharpened(relaxation, worth - goal.constant, 0.0, lambda: stage.task.seconds_left, lambda _: None)
    chosen = found.is_open[program.free]
    aims = Aims(max(step(goal), room), room, _FEW)
    left = branch(relaxation, chosen, aims, _NODES, lambda: stage.task.seconds_left, lambda _: None)
    if not left.is_done or left.has_many or not left.plans:
        return None
    plans = [stage.decided.opened(program, plan) for plan in left.plans]
    plans = [plan for plan in plans if stage.is_allowed(plan) and is_same(stage.worth(plan), worth)]
    return plans or None


def _has_many_neighbours(stage: Stage, program: Program, chosen: Mask) -> bool:
    goals = [upwards(goal, each.sense) for goal, each in zip(program.goals, stage.goals, strict=True)]
    terrain = Terrain.of(program, goals)
    return zero_moves(terrain, chosen) > _FEW


def _narrowed(stage: Stage, program: Program, found: Found) -> tuple[Program, Mask]:
    """Return what is left for the plans as good as the one found, and the sites open in all of them."""
    bound = _bound(stage, program)
    if bound is None:
        return program, stage.decided.is_open
    ones, zeros = bound.decides(loosened(stage.worth(found.is_open), stage.sense) - program.goals[-1].constant)
    sites = len(program.free)
    base = stage.decided.opened(program, ones[:sites])
    return tightened(program, ones[:sites], zeros[:sites], ones[sites:]), base


def _bound(stage: Stage, program: Program) -> Bound | None:
    model = stage.model(program)
    relaxed = relax(model, stage.task.seconds_left)
    return None if relaxed is None else bound_from(model, relaxed[0])


def _others_than(plans: Sequence[Mask]) -> tuple[sparse.csr_array, Array, Array]:
    """Return one row a plan, which only that plan breaks."""
    rows = np.where(np.array(plans), -1.0, 1.0)
    lower = np.array([1.0 - np.count_nonzero(plan) for plan in plans])
    return sparse.csr_array(rows), lower, np.full(len(plans), np.inf)


def _opened(base: Mask, program: Program, chosen: Mask) -> Mask:
    is_open = base.copy()
    is_open[program.free[chosen]] = True
    return is_open
