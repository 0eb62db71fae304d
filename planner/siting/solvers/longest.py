"""The shortest longest walk: one limit after another, each a question whether any plan keeps it.

The distinct walks are the only lengths that the longest one can have. Each answer rules out half of those still in
question: the scheme of Minieka (1970), SIAM Review 12(1), with any other constraints beside the count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.siting.problem import Mask
from planner.siting.reach import reachable
from planner.siting.solvers.bounds import bound_from
from planner.siting.solvers.highs import Limits, model_of, relax, solve_allowed
from planner.siting.solvers.program import Array, Goal, Program
from planner.siting.solvers.search import Terrain, climb, greedy
from planner.siting.solvers.stage import Found, Stage
from planner.siting.solvers.tighten import tightened
from planner.siting.solvers.walk_within import WalkWithin

#: From so many required sets on, heavier and heavier sets are worth the time to compile that search; and its
#: steps for each site.
_MANY_SETS, _STEPS = 100, 20


@dataclass(frozen=True, eq=False)
class Possible:
    """A plan that keeps the limit, or none; `is_sure` if no plan does, False if time was up."""

    is_open: Mask | None
    is_sure: bool = True


def settle_longest(stage: Stage) -> Found | None:
    """Return the plan with the shortest longest walk, None if no plan reaches everyone.

    Raises
    ------
    SolverError
        If the solver fails or time is up before any plan was found.
    """
    first = plan_within(stage, np.inf)
    if first.is_open is None:
        if first.is_sure:
            return None
        raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))
    best, lengths = first.is_open, _lengths(stage)
    low = int(np.searchsorted(lengths, stage.worth(~stage.task.problem.excluded)))
    high = int(np.searchsorted(lengths, stage.worth(best)))
    while low < high:
        if lengths[high] - lengths[low] <= stage.task.gap * lengths[high]:
            return Found(best, float(lengths[low]), "gap", stage.decided)
        middle = (low + high) // 2
        answer = plan_within(stage, float(lengths[middle]))
        if answer.is_open is not None:
            best = answer.is_open
            high = int(np.searchsorted(lengths, stage.worth(best)))
        elif answer.is_sure:
            low = middle + 1
        else:
            return Found(best, float(lengths[low]), "time_limit", stage.decided)
    return Found(best, stage.worth(best), "proven", stage.decided)


def _lengths(stage: Stage) -> Array:
    """Return 0 and the distinct walks that anybody who counts has to a site that may be open, in order."""
    problem = stage.task.problem
    walks = [np.zeros(1)]
    for need in problem.needs:
        counted = np.repeat(reachable(problem, need), np.diff(need.walk.indptr))
        walks.append(need.walk.data[counted & ~problem.excluded[need.walk.indices]].astype(np.float64))
    return np.unique(np.concatenate(walks))


def plan_within(stage: Stage, longest: float) -> Possible:
    """Ask for a plan in which nobody walks further."""
    limit = WalkWithin(longest)
    stage = replace(stage, rules=(*stage.rules, limit.rows(stage.task.problem)))
    program = stage.program()
    if not program.is_possible:
        return Possible(None)
    terrain = Terrain.of(program, program.goals[-1:])

    def is_allowed(chosen: Mask) -> bool:
        return terrain.allows(chosen) and stage.is_allowed(stage.decided.opened(program, chosen))

    chosen = greedy(terrain, np.zeros(len(program.free), dtype=bool))
    rest = program if is_allowed(chosen) else _without_larger(program)
    if not is_allowed(chosen):
        if _is_too_much(stage, rest):
            return Possible(None)
        chosen = _with_patience(terrain, chosen, stage.task.seed)
    if not is_allowed(chosen):
        model = model_of(rest, rest.goals[-1], "min")
        limits = Limits(stage.task.seconds_left, seed=stage.task.seed)
        answer = solve_allowed(model, rest, limits, is_allowed)
        if answer.chosen is None:
            return Possible(None, answer.end == "infeasible")
        chosen = answer.chosen
    is_open = stage.decided.opened(program, chosen)
    if not (stage.is_allowed(is_open) and limit.allows(stage.task.problem, is_open)):
        raise SolverError(Text("求解器的方案违反约束。", "The solver's plan breaks a constraint."))
    return Possible(is_open)


def _without_larger(program: Program) -> Program:
    """Leave out the required sets that contain others."""
    nothing = np.zeros(len(program.free), dtype=bool)
    return tightened(program, nothing, nothing, np.zeros(program.sets.shape[0], dtype=bool))


def _is_too_much(stage: Stage, program: Program) -> bool:
    """Whether the required sets need more than some row allows: a bound from the relaxation, counted here."""
    nothing = np.zeros(program.sets.shape[0])
    amounts = program.rows.toarray()
    for row, upper in zip(amounts, program.upper, strict=True):
        if np.isfinite(upper) and np.all(row >= 0) and row.any():
            model = model_of(program, Goal(row, nothing, 0.0), "min")
            relaxed = relax(model, stage.task.seconds_left)
            if relaxed is not None and bound_from(model, relaxed[0]).value > upper + 1e-6 * max(1.0, abs(upper)):
                return True
    return False


def _with_patience(terrain: Terrain, chosen: Mask, seed: int) -> Mask:
    """Look longer for a choice that serves every required set."""
    if terrain.required < _MANY_SETS:
        return climb(terrain, chosen)
    from planner.siting.solvers.weighting import weighted_search

    return weighted_search(terrain, chosen, float(terrain.of_set[0].sum()), _STEPS * len(chosen), seed)
