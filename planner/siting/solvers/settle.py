"""The best plan of one stage, with its proof.

A quick plan and the linear relaxation come first. Where they meet, that is the proof; otherwise they decide most sites
and sets, and the MILP solver proves what is left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound, bound_from
from planner.siting.solvers.highs import Answer, Limits, relax, solve_allowed
from planner.siting.solvers.program import Array, Program
from planner.siting.solvers.search import Terrain, climb, fitted, greedy, search
from planner.siting.solvers.stage import Found, Stage, loosened, step, upwards
from planner.siting.solvers.tighten import tightened

#: Problems with fewer free sites go to the MILP solver as they are.
_SMALL = 30

#: From so many sets and free sites on, a proof is out of reach: plan and bound are brought together as time allows.
_HUGE_SETS, _HUGE_SITES = 10_000, 1_200

#: Ties are broken up to so many nodes: a count of work and no time, so that two machines agree.
TIE_NODES = 5_000

#: From so many sets on, heavier and heavier sets are worth the time to compile that search; and its steps.
_MANY_SETS, _STEPS = 1_000, 60_000

#: Kicks of the search: so many, or fewer where each takes long.
_KICKS, _KICK_WORK = 400, 40_000_000


def settle(stage: Stage) -> Found | None:
    """Return the best plan of a stage, None if there is none.

    Raises
    ------
    SolverError
        If the solver fails, time is up before any plan was found, or a plan does not stand our own count.
    """
    program = stage.program()
    if not program.is_possible:
        return None
    start = _start(stage, program)
    if start is not None:
        stage.keep(start)
    if start is None or len(program.free) <= _SMALL:
        return prove(stage, program, program, None, start)
    if not stage.is_first and program.members > stage.most_members:
        return Found(start, np.nan, "time_limit", stage.decided)
    bound, start = _bounded(stage, program, start)
    if bound is None:
        return prove(stage, program, program, None, start)
    stage.keep(start, bound.value + program.goals[-1].constant)
    if _is_large_coverage(stage, program) and not _is_huge(stage, program):
        return _settled_by_halves(stage, program, bound, start)
    if _meets(stage, program, bound, start):
        return _conclude(stage, program, bound, start, stage.worth(start), "proven")
    large = _settled_roughly(stage, program, bound, start) if _is_huge(stage, program) else None
    if large is not None:
        if large.stopped != "time_limit" or stage.task.seconds_left <= 0:
            return large
        start = large.is_open
    found = _proven_rest(stage, program, bound, start)
    if large is not None and found is not None and found.stopped == "time_limit":
        return replace(found, bound=min(found.bound, large.bound))
    return found


def no_better(stage: Stage) -> float:
    """Return what no plan can be better than, where nothing else is known."""
    return _reported(stage, stage.program(), None, np.nan)


def _proven_rest(stage: Stage, program: Program, bound: Bound, start: Mask) -> Found | None:
    opened, closed, certain = _decisions(stage, program, bound, start)
    return prove(stage, program, tightened(program, opened, closed, certain), bound, start)


def _settled_by_halves(stage: Stage, program: Program, bound: Bound, start: Mask) -> Found | None:
    """Prove the most coverage half by half, and list what is as good; the MILP solver tries what that leaves."""
    from planner.siting.solvers.coverage.settle import branched

    is_proven, equals = _meets(stage, program, bound, start), None
    if is_proven or not stage.task.gap:
        start, limit, equals = branched(stage, program, bound, start)
        stage.keep(start, limit)
        is_proven = is_proven or stage.worth(start) >= limit
        if not is_proven and stage.task.seconds_left <= 0:
            return _conclude(stage, program, None, start, limit, "time_limit")
    if is_proven:
        found = _conclude(stage, program, bound, start, stage.worth(start), "proven")
        return replace(found, equals=equals)
    return _proven_rest(stage, program, bound, start)


def _is_huge(stage: Stage, program: Program) -> bool:
    """Whether a stage asks for the most coverage of a large city, with no rule but rows on the sites."""
    is_plain = stage.is_first and not program.required.shape[0] and is_coverage(stage, program)
    return is_plain and program.sets.shape[0] >= _HUGE_SETS and len(program.free) >= _HUGE_SITES


def _settled_roughly(stage: Stage, program: Program, bound: Bound, start: Mask) -> Found:
    from planner.siting.solvers.coverage.large import settle_large

    return settle_large(stage, program, bound, start)


def _start(stage: Stage, program: Program) -> Mask | None:
    """Return a good plan: from nothing in the first stage, from the given one in later stages."""
    goals = [upwards(goal, each.sense) for goal, each in zip(program.goals, stage.goals, strict=True)]
    terrain = Terrain.of(program, goals)
    if stage.given is not None:
        better = stage.decided.opened(program, climb(terrain, stage.given[program.free]))
        return better if stage.is_allowed(better) else stage.given
    if stage.is_first and stage.task.start is not None:
        begun = stage.decided.opened(program, greedy(terrain, fitted(terrain, stage.task.start[program.free])))
        if stage.is_allowed(begun):
            return begun
    chosen = climb(terrain, greedy(terrain, np.zeros(len(program.free), dtype=bool)))
    is_open = stage.decided.opened(program, chosen)
    return is_open if stage.is_allowed(is_open) else None


def _bounded(stage: Stage, program: Program, start: Mask) -> tuple[Bound | None, Mask]:
    """Return the bound of the linear relaxation, and the best plan found in trying to meet it."""
    if _is_huge(stage, program):
        from planner.siting.solvers.coverage.large import bounded_roughly

        return bounded_roughly(stage, program, start)
    if _is_large_coverage(stage, program):
        from planner.siting.solvers.coverage.settle import bounded

        return bounded(stage, program, start)
    model = stage.model(program)
    relaxed = relax(model, stage.task.seconds_left)
    if relaxed is None:
        return None, start
    duals, leaning = relaxed
    bound = bound_from(model, duals)
    if not stage.is_first:
        return bound, start
    terrain = Terrain.of(program, [upwards(program.goals[-1], stage.sense)])
    choices = [start[program.free], climb(terrain, rounded(terrain, leaning))]
    best = max(filter(terrain.allows, choices), key=lambda choice: float(terrain.worth(choice)[0]))
    enough = (bound.value if stage.sense == "max" else -bound.value) - step(program.goals[-1])
    if program.sets.shape[0] >= _MANY_SETS and program.times is None:
        best = _weighted(terrain, best, enough, stage.task.seed)
    kicks = int(np.clip(_KICK_WORK / max(program.sets.nnz, 1), 20, _KICKS))
    best = search(terrain, best, leaning, enough, kicks, stage.task.seed)
    is_open = stage.decided.opened(program, best)
    return bound, is_open if stage.is_allowed(is_open) else start


def _is_large_coverage(stage: Stage, program: Program) -> bool:
    return stage.is_first and program.sets.shape[0] >= _MANY_SETS and is_coverage(stage, program)


def is_coverage(stage: Stage, program: Program) -> bool:
    """Whether sets are to be served, each by one site, and nothing but rows limits the sites."""
    plain = program.times is None and not program.floors
    return stage.sense == "max" and plain and bool(np.all(program.goals[-1].of_set >= 0))


def _weighted(terrain: Terrain, best: Mask, enough: float, seed: int) -> Mask:
    from planner.siting.solvers.weighting import weighted_search

    return weighted_search(terrain, best, enough, _STEPS, seed)


def rounded(terrain: Terrain, leaning: Array) -> Mask:
    """Take the sites that the linear relaxation opens, the most open first, as far as they fit."""
    chosen = np.zeros(len(leaning), dtype=bool)
    for site in np.argsort(-leaning, kind="stable")[: np.count_nonzero(leaning > 1e-6)]:
        chosen[site] = bool(np.all(terrain.rows @ chosen + terrain.rows[:, site] <= terrain.upper))
    return greedy(terrain, chosen)


def _meets(stage: Stage, program: Program, bound: Bound, is_open: Mask) -> bool:
    """Whether no plan can be better than this one: whole amounts leave no room below one."""
    goal, worth = program.goals[-1], stage.worth(is_open)
    room = abs(bound.value + goal.constant - worth)
    return room < max(step(goal), 1e-9 * max(1.0, abs(worth)))


def _decisions(stage: Stage, program: Program, bound: Bound, is_open: Mask) -> tuple[Mask, Mask, Mask]:
    """Return the free sites open and closed, and the sets served, in every plan worth at least as much."""
    target = loosened(stage.worth(is_open), stage.sense) - program.goals[-1].constant
    ones, zeros = bound.decides(target)
    sites = len(program.free)
    return ones[:sites], zeros[:sites], ones[sites:]


def prove(stage: Stage, program: Program, rest: Program, bound: Bound | None, start: Mask | None) -> Found | None:
    """Let the MILP solver prove the rest of a program.

    Parameters
    ----------
    stage : Stage
    program, rest : Program
        As the stage makes it, and what is left of it: every plan in question agrees with `start` elsewhere.
    bound : Bound, optional
    start : array of bool, shape (sites,), optional

    Raises
    ------
    SolverError
        If the solver fails, or time is up before any plan was found.
    """
    sites_left = np.isin(program.free, rest.free, invert=True)
    base = stage.decided
    if start is not None:
        base = base.also(program, sites_left & start[program.free], sites_left & ~start[program.free])
    goal = rest.goals[-1]

    def is_allowed(chosen: Mask) -> bool:
        return stage.is_allowed(base.opened(rest, chosen))

    model, begin = stage.model(rest), None if start is None else start[rest.free]
    answer = (
        solve_allowed(model, rest, _limits(stage, rest), is_allowed, begin)
        if rest.is_possible
        else Answer("infeasible", None, np.nan)
    )
    is_open = start if answer.chosen is None else base.opened(rest, answer.chosen)
    if not stage.is_first and (answer.chosen is None or is_open is None or not stage.is_allowed(is_open)):
        return _conclude(stage, program, None, stage.given if start is None else start, np.nan, "time_limit")
    if answer.end == "infeasible":
        if start is not None:
            raise contradiction()
        return None
    if is_open is None:
        raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))
    if answer.chosen is not None:
        compare(stage.worth(is_open), rest.value(goal, answer.chosen))
        _refuse_more(stage, answer.claim + goal.constant, stage.worth(is_open))
    if answer.end == "proven":
        return _conclude(stage, program, bound, is_open, stage.worth(is_open), "proven")
    if answer.end == "time_limit" and not stage.is_first and start is not None:
        is_open = start
    limit = _reported(stage, program, bound, answer.bound + goal.constant)
    return _conclude(stage, program, None, is_open, limit, "gap" if answer.end == "gap" else "time_limit")


def _limits(stage: Stage, program: Program) -> Limits:
    task = stage.task
    gap, nodes = (task.gap, None) if stage.is_first else (0.0, TIE_NODES)
    return Limits(task.seconds_left, gap, step(program.goals[-1]), nodes, task.seed)


def _reported(stage: Stage, program: Program, bound: Bound | None, solvers: float) -> float:
    """Return the better of our bound and the solver's; whole amounts round it."""
    goal = program.goals[-1]
    sign = 1.0 if stage.sense == "max" else -1.0
    bounds = [solvers] if bound is None else [solvers, bound.value + goal.constant]
    if not np.isfinite(solvers) and bound is None:
        model = stage.model(program)
        bounds.append(bound_from(model, np.zeros(len(model.lower))).value + goal.constant)
    limit = min(sign * each for each in bounds if not np.isnan(each))
    is_whole = step(goal) > 0 and goal.constant == round(goal.constant)
    return sign * (float(np.floor(limit + 1e-6)) if is_whole and np.isfinite(limit) else limit)


def _conclude(
    stage: Stage, program: Program, bound: Bound | None, is_open: Mask | None, limit: float, end: str
) -> Found:
    assert is_open is not None
    decided = stage.decided
    if bound is not None:
        opened, closed, _ = _decisions(stage, program, bound, is_open)
        decided = decided.also(program, opened, closed)
    stopped = {"proven": "proven", "gap": "gap"}.get(end, "time_limit")
    return Found(is_open, limit, stopped, decided)  # type: ignore[arg-type]


def _refuse_more(stage: Stage, claimed: float, ours: float) -> None:
    """Refuse a claim of more than the plan is worth; less is claimed where the solver left a set unserved on paper."""
    is_more = claimed > ours if stage.sense == "max" else claimed < ours
    if is_more:
        compare(ours, claimed)


def compare(ours: float, claimed: float) -> None:
    """Refuse a plan whose worth by our own count is not what the solver claims.

    Raises
    ------
    SolverError
    """
    if abs(ours - claimed) > 1e-6 * max(1.0, abs(ours)):
        raise SolverError(
            Text(
                "求解器的结果 {claimed} 与重新计算的 {ours} 不符。",
                "The solver claims {claimed}, and counting again gives {ours}.",
            ).format(claimed=f"{claimed:.10g}", ours=f"{ours:.10g}")
        )


def contradiction() -> SolverError:
    """Return the refusal of a solver that denies a plan we hold in our hands."""
    return SolverError(Text("求解器自相矛盾。", "The solver contradicts itself."))
