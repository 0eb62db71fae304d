"""`total_walk` where other constraints bind and the walks are too many for one program: a good plan, an honest bound.

Nobody's walk may grow by more than some factor over the plan in hand: that program is small enough, and its best plan
becomes the plan in hand. The bound is that of the same problem with nothing but the number of stations.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.model import Note
from planner.siting.linear import Rows
from planner.siting.problem import Mask
from planner.siting.reach import reachable
from planner.siting.solvers.longest import plan_within
from planner.siting.solvers.median.climbing import climbed
from planner.siting.solvers.median.question import Question, relaxed_question_of
from planner.siting.solvers.settle import settle
from planner.siting.solvers.stage import Found, Stage, is_same

#: Factors that are tried, the widest first; programs with more members are too large.
_FACTORS = (4.0, 2.0, 1.5, 1.2, 1.0)
MOST_MEMBERS = 400_000

_TOO_LARGE = Note(
    "siting.too_large",
    "warning",
    Text(
        "步行数据过多，且除驿站数量外另有约束：方案是逐步改进所得，未证明最优，差距按已证明的界给出。",
        "Too many walks for a proof beside constraints other than the number of stations: the plan was improved step "
        "by step, and the gap is to a bound that is proven.",
    ),
)

#: Passes of the bound, and how often payments move in each.
_PASSES, _ROUNDS = 12, 100


def members(stage: Stage, furthest: tuple[np.ndarray, ...] | None = None) -> int:
    """Return how many members the sets of a program would have, each walk being at most so long."""
    total = 0
    for k, need in enumerate(stage.task.problem.needs):
        counted = np.repeat(reachable(stage.task.problem, need), np.diff(need.walk.indptr))
        free = ~(stage.decided.is_open | stage.decided.is_closed)[need.walk.indices]
        near = counted & free
        if furthest is not None:
            near &= need.walk.data <= np.repeat(furthest[k], np.diff(need.walk.indptr))
        row = np.repeat(np.arange(need.walk.shape[0]), np.diff(need.walk.indptr))[near]
        size = np.bincount(row, minlength=need.walk.shape[0])
        total += int((size * (size + 1) // 2).sum())
    return total


def settle_large(stage: Stage) -> Found | None:
    """Return a good plan with its bound, None if there is none.

    Raises
    ------
    SolverError
        If the solver fails or time is up before any plan was found.
    """
    possible = plan_within(stage, np.inf)
    if possible.is_open is None and not possible.is_sure:
        raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))
    if possible.is_open is None:
        return None
    plan, bound = climbed(stage, possible.is_open), _bound(stage)
    while stage.task.seconds_left > 0:
        better = _improved(stage, plan)
        if is_same(stage.worth(better), stage.worth(plan)):
            break
        plan = better
    worth = stage.worth(plan)
    if is_same(worth, bound):
        return Found(plan, worth, "proven", stage.decided, has_open_ties=True)
    close = worth - bound <= stage.task.gap * abs(worth)
    return Found(plan, min(bound, worth), "gap" if close else "time_limit", stage.decided, (_TOO_LARGE,))


def _improved(stage: Stage, plan: Mask) -> Mask:
    """Return the best plan in which nobody's walk grows by more than a factor."""
    problem = stage.task.problem
    for factor in _FACTORS:
        furthest = tuple(
            np.where(reachable(problem, need), need.nearest(plan) * factor, np.nan) for need in problem.needs
        )
        if members(stage, furthest) <= MOST_MEMBERS or factor == _FACTORS[-1]:
            break
    task = replace(stage.task, deadline=time.perf_counter() + 0.5 * stage.task.seconds_left)
    near = replace(stage, task=task, rules=(*stage.rules, Rows.reaching(problem, furthest)), given=plan)
    found = settle(near)
    return plan if found is None or stage.worth(found.is_open) > stage.worth(plan) else found.is_open


def _bound(stage: Stage) -> float:
    """Return a bound from the number of stations that the constraints leave."""
    question = relaxed_question_of(stage)
    return 0.0 if question is None else _ascended(stage, question)


def _ascended(stage: Stage, question: Question) -> float:
    from planner.siting.solvers.median.narrowing import Narrowing

    rest = Narrowing(question.ground, question.stations, False, 0.0, stage.task.seed)
    rest.start()
    for _ in range(_PASSES):
        if stage.task.seconds_left > 0:
            rest.ascend(_ROUNDS)
    return rest.bound
