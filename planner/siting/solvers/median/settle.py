"""The best plan for `total_walk` where only the number of stations binds: a plan, a bound, and what lies between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.siting.linear import Rows
from planner.siting.problem import Mask
from planner.siting.solvers.longest import plan_within
from planner.siting.solvers.median.ground import Small
from planner.siting.solvers.median.large import MOST_MEMBERS, members, settle_large
from planner.siting.solvers.median.question import Question, question_of
from planner.siting.solvers.settle import prove, settle
from planner.siting.solvers.stage import Decided, Found, Stage, is_same

if TYPE_CHECKING:
    from planner.siting.solvers.median.narrowing import Narrowing

#: Fewer pairs are left to the general way.
_SMALL = 400

#: Payments are moved so often in a pass; passes that bring the bound no nearer are not repeated more often than this.
_ROUNDS, _PASSES = 100, 4

#: So many halves are looked at when the bound moves no more, and the double each next time.
_HALVES = 30

#: Halves of larger rests cost more than moving the payments once more.
_SLENDER = 5_000_000

#: After so many, a rest whose sets have no more members than this goes to the MILP solver.
_ENOUGH, _EASY = 120, 60_000

#: Equally good plans are listed up to so many, looking at so many halves: counts of work, so that two machines agree.
_FEW, _EQUAL_HALVES = 12, 4_000

#: With more members in the sets of the rest, ties are not broken any further.
_TIE_MEMBERS = 30_000


def settle_median(stage: Stage) -> tuple[Stage, Found | None]:
    """Return the best plan, None if there is none, and the stage with what was learned on the way.

    Raises
    ------
    SolverError
        If the solver fails, time is up before any plan was found, or a plan does not stand our own count.
    """
    question = question_of(stage)
    if question is None and members(stage) > MOST_MEMBERS:
        return stage, settle_large(stage)
    if question is None or len(question.ground.site) < max(_SMALL, 1):
        return stage, settle(stage)
    from planner.siting.solvers.median.narrowing import Narrowing

    rest = Narrowing(question.ground, question.stations, question.is_exact, _step(question), stage.task.seed)
    rest.start()
    if not stage.is_allowed(_opened(question, rest.chosen)) and not _begin_elsewhere(stage, question, rest):
        return stage, None
    limit = _narrow(stage, rest)
    learned = _learned(stage, question, rest)
    if rest.worth - limit >= rest.least_difference and rest.gap_to(limit) > stage.task.gap:
        limit = max(limit, _let_solver_prove(learned, question, rest))
    plan = _opened(question, rest.chosen)
    if rest.worth - limit < rest.least_difference:
        return learned, _proven(learned, question, rest, plan)
    end: Literal["gap", "time_limit"] = "gap" if rest.gap_to(limit) <= stage.task.gap else "time_limit"
    return learned, Found(plan, limit, end, learned.decided)


def _begin_elsewhere(stage: Stage, question: Question, rest: Narrowing) -> bool:
    """Begin with a plan that reaches everybody, found by the MILP solver; return False if there is none."""
    possible = plan_within(stage, np.inf)
    if possible.is_open is None and not possible.is_sure:
        raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))
    if possible.is_open is None:
        return False
    rest.begin_with(np.flatnonzero(possible.is_open[question.free]).astype(np.int32))
    return stage.is_allowed(_opened(question, rest.chosen))


def _narrow(stage: Stage, rest: Narrowing) -> float:
    """Bring plan and bound together until they meet or time is up; return the bound."""
    from planner.siting.solvers.median.branching import branch

    def is_late() -> bool:
        return stage.task.seconds_left <= 0

    idle, halves, limit = 0, _HALVES, -np.inf
    while not rest.is_proven and rest.gap_to(rest.bound) > stage.task.gap and not is_late():
        before = rest.worth - rest.bound
        if idle < _PASSES:
            rounds = rest.rounds_at_once(_ROUNDS)
            for part in range(_ROUNDS // rounds):
                if not is_late():
                    rest.ascend(rounds, afresh=part == 0)
            rest.try_out()
            rest.decide()
        after = rest.worth - rest.bound
        idle = 0 if after < 0.98 * before else idle + 1
        is_slow = idle > 1 or (after > 0.5 * before and rest.members <= _SLENDER)
        if is_slow and not rest.is_proven:
            tried = branch(rest, halves, is_late)
            rest.accept(tried.chosen)
            limit = max(limit, tried.bound)
            if tried.is_done:
                return tried.bound
            if halves >= _ENOUGH and rest.members <= _EASY:
                break
            halves *= 2
        for _ in range(_kicks(rest, idle, halves)):
            if not is_late():
                rest.kick()
    return max(rest.bound, limit)


def _kicks(rest: Narrowing, idle: int, halves: int) -> int:
    """Return how often to kick: as long as the bound gets better only while that pays, then more and more."""
    if idle < _PASSES:
        return 0 if rest.is_tired else 1
    return halves // _HALVES


def _let_solver_prove(stage: Stage, question: Question, rest: Narrowing) -> float:
    """Let the MILP solver have the rest of the time, and return its bound."""
    if stage.task.seconds_left <= 0 or rest.members > _EASY:
        return -np.inf
    stage.task.tell(Text("证明最优", "proving that no plan is better"))
    program = stage.program()
    found = prove(stage, program, program, None, _opened(question, rest.chosen))
    assert found is not None
    rest.accept(np.flatnonzero(found.is_open[question.free]).astype(np.int32))
    return rest.worth if found.stopped == "proven" else found.bound


def _proven(stage: Stage, question: Question, rest: Narrowing, plan: Mask) -> Found:
    """Return the plan with the others that are as good, where they are few."""
    from planner.siting.solvers.median.branching import branch

    found = Found(plan, stage.worth(plan), "proven", stage.decided)
    if not question.is_exact:
        return replace(found, has_open_ties=rest.members > _TIE_MEMBERS)
    stage.task.tell(Text("列出同样好的方案", "listing the plans that are as good"))
    listed = branch(rest, _EQUAL_HALVES, lambda: stage.task.seconds_left <= 0, _FEW)
    if not listed.is_done or len(listed.plans) > _FEW:
        return replace(found, has_open_ties=rest.members > _TIE_MEMBERS)
    plans = [_opened(question, chosen) for chosen in listed.plans]
    return replace(found, equals=tuple(each for each in plans if is_same(stage.worth(each), found.bound)))


def _learned(stage: Stage, question: Question, rest: Narrowing) -> Stage:
    """Return the stage for the plans that are at least as good: decided sites, and how far anybody walks in them."""
    problem = stage.task.problem
    decided = Decided(question.decided.is_open.copy(), question.decided.is_closed.copy())
    decided.is_open[question.free[rest.is_open]] = True
    decided.is_closed[question.free[rest.is_closed]] = True
    furthest = np.full(len(problem.needs) * len(problem.demand_ids), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        walk = rest.furthest / question.weight
    is_bound = np.isfinite(walk)
    furthest[question.point[is_bound]] = walk[is_bound] * (1 + 1e-9)
    limits = Rows.reaching(problem, tuple(np.split(furthest, len(problem.needs))))
    return replace(stage, decided=decided, rules=(*stage.rules, limits))


def _opened(question: Question, chosen: Small) -> Mask:
    is_open = question.decided.is_open.copy()
    is_open[question.free[chosen]] = True
    return is_open


def _step(question: Question) -> float:
    """Return an amount that two plans cannot differ by: just under 1 where every amount is whole."""
    ground = question.ground
    whole = np.all(ground.cost == np.rint(ground.cost)) and np.all(ground.far == np.rint(ground.far))
    return 0.999 if whole else 0.0
