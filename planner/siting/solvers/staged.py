"""The exact answer in stages: the objective, the people covered, their walks, the least change, the order of ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from planner.bilingual import Text
from planner.model import Note
from planner.siting.linear import Rows
from planner.siting.objectives import Fairest, InOrder, LongestWalk, MaxCoverage, Objective, TotalWalk
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solvers.capacitated.staged import find_assigned
from planner.siting.solvers.conflict import explained
from planner.siting.solvers.equals import few_equals
from planner.siting.solvers.fairest import settle_fairest
from planner.siting.solvers.held_at import HeldAt
from planner.siting.solvers.highs import Answer, Limits, model_of, solve_allowed
from planner.siting.solvers.least_change import LeastChange
from planner.siting.solvers.least_walk import LeastWalk
from planner.siting.solvers.longest import settle_longest
from planner.siting.solvers.median.settle import settle_median
from planner.siting.solvers.program import Goal
from planner.siting.solvers.settle import TIE_NODES, contradiction, no_better, settle
from planner.siting.solvers.shorter import members_of_walks, with_shorter_walks
from planner.siting.solvers.smallest_ids import ExtraRows, Unsettled, smallest_ids
from planner.siting.solvers.stage import Decided, Found, Stage, Step, Task, is_same
from planner.siting.solvers.walk_within import WalkWithin

#: Plans with the same longest walk are many, and proving which of them walks least is dear: only in small problems.
_MEMBERS_WITHIN = 2_000

#: With more walks than this, it is asked first whether there is another plan that covers as many; with more than this,
#: they are no longer ranked: each walk would be a row of its own. With more members of sets, walks are made shorter by
#: exchanges alone.
_PAIRS_TO_ASK, _PAIRS_TO_WALK, _MEMBERS_TO_WALK = 20_000, 10_000_000, 2_000_000

_UNPROVEN = Note(
    "siting.tie_unproven",
    "warning",
    Text(
        "目标值已证明最优；但在同样好的方案中，未能证明所选方案步行最短、编号最小。",
        "The objective is proven best; that no equally good plan has shorter walks was not proven.",
    ),
)


def find_plan(task: Task) -> Found:
    """Return the best plan: by the objective, then people covered, least total walk, least change, smallest ids.

    Raises
    ------
    InfeasibleError
        If no plan meets the constraints.
    SolverError
        If the solver fails or time is up before any plan was found.
    """
    if task.objective.reaches_everyone:
        task = replace(task, constraints=(*task.constraints, WalkWithin()))
    rules = tuple(constraint.rows(task.problem) for constraint in task.constraints)
    if any(rule.room is not None for rule in rules):
        assigned = find_assigned(task, rules)
        if assigned is None:
            raise explained(task.problem, task.constraints)
        return assigned
    if isinstance(task.objective, InOrder):
        return _in_order(task)
    stage = Stage(task, rules, (task.objective,), _decided_by(task.problem, rules))
    if isinstance(task.objective, Fairest):
        fairest = _fairest(stage)
        if fairest is None:
            raise explained(task.problem, task.constraints)
        return fairest
    try:
        return _best_of(stage)
    except KeyboardInterrupt:
        best = task.best
        if best.is_open is None or not stage.is_allowed(best.is_open):
            raise
        bound = no_better(stage) if best.bound is None else best.bound
        return Found(best.is_open, bound, "interrupted", stage.decided)


def _best_of(stage: Stage) -> Found:
    task = stage.task
    task.tell(Text("寻找最优方案", "looking for the best plan"))
    stage, found = _settled(stage)
    if found is None:
        raise explained(task.problem, task.constraints)
    if found.stopped != "proven":
        return found
    stage.keep(found.is_open, found.bound)
    task.tell(Text("在同样好的方案中选步行最短者", "choosing the shortest walks among equally good plans"))
    if isinstance(task.objective, LongestWalk):
        stage = _held_to(stage, found)
    return _tie_broken(stage, found)


def _in_order(task: Task) -> Found:
    """Prove one objective after the other, each held while the next is asked for; the last one's ties are broken."""
    aims = task.objective
    assert isinstance(aims, InOrder)
    told: list[Step] = []
    found: Found | None = None
    for wish, slack in zip(aims.steps, aims.slacks, strict=True):
        task.tell(Text("依次优化：{label}", "in order: {label}").format(label=wish.label))
        task = replace(task, objective=wish)
        rules = tuple(constraint.rows(task.problem) for constraint in task.constraints)
        stage = Stage(task, rules, (wish,), _decided_by(task.problem, rules))
        stage = stage if found is None else replace(stage, given=found.is_open)
        stage, settled = (stage, _fairest(stage)) if isinstance(wish, Fairest) else _settled(stage)
        if settled is None:
            raise explained(task.problem, task.constraints) if found is None else contradiction()
        found = settled
        told.append(Step(wish, found.bound, found.stopped))
        if found.stopped == "time_limit" or isinstance(wish, Fairest):
            break
        limit = wish.evaluate(task.problem, found.is_open)
        limit += (slack if wish.sense == "min" else -slack) * abs(limit)
        task = replace(task, constraints=(*task.constraints, HeldAt(wish, limit)))
    assert found is not None
    told += [Step(wish, np.nan, "skipped") for wish in aims.steps[len(told) :]]
    if found.stopped == "proven" and not isinstance(stage.goals[0], Fairest):
        if isinstance(stage.goals[0], LongestWalk):
            stage = _held_to(stage, found)
        found = _tie_broken(stage, found)
    ends = {step.stopped for step in told}
    worst: Literal["proven", "gap", "time_limit"]
    worst = "time_limit" if "time_limit" in ends else "gap" if "gap" in ends else "proven"
    return replace(found, bound=told[0].bound, stopped=worst, steps=tuple(told))


def _fairest(stage: Stage) -> Found | None:
    """Serve the worst-served first; ties are broken among all plans with the same shares, whosever they are."""
    stage.task.tell(Text("寻找最优方案", "looking for the best plan"))
    settled = settle_fairest(stage)
    if settled is None:
        return None
    search, found = settled
    if found.stopped != "proven":
        return found
    stage.task.tell(Text("在同样好的方案中选步行最短者", "choosing the shortest walks among equally good plans"))
    spreads = search.spreads()
    if spreads is None:
        return replace(found, notes=(_UNPROVEN,))
    broken = [_tie_broken(search.held_to(shares), replace(found, is_open=plan)) for shares, plan in spreads]
    is_open = _first_of(search.held_to(spreads[0][0]), [each.is_open for each in broken])
    return replace(found, is_open=is_open, notes=(_UNPROVEN,) if any(each.notes for each in broken) else ())


def _settled(stage: Stage) -> tuple[Stage, Found | None]:
    """Go the way that suits the objective; the stage comes back with what was learned on it."""
    objective = stage.goals[0]
    if isinstance(objective, LongestWalk):
        return stage, settle_longest(stage)
    if isinstance(objective, TotalWalk):
        return settle_median(stage)
    return stage, settle(stage)


def _held_to(stage: Stage, found: Found) -> Stage:
    """Return the stage with the longest walk as a rule: it is no sum that could be held as a goal."""
    limit = WalkWithin(stage.worth(found.is_open))
    task = replace(stage.task, constraints=(*stage.task.constraints, limit))
    rules = (*stage.rules, limit.rows(task.problem))
    return replace(stage, task=task, rules=rules, most_members=_MEMBERS_WITHIN)


def _decided_by(problem: SitingProblem, rules: tuple[Rows, ...]) -> Decided:
    """Read off the sites that the statuses decide, and those that a row of their own opens or closes."""
    is_open, is_closed = problem.always_open.copy(), problem.excluded.copy()
    for rule in rules:
        alone = np.flatnonzero(np.diff(rule.of_open.indptr) == 1)
        site, amount = rule.of_open[alone].indices, rule.of_open[alone].data
        is_open[site[(amount > 0) & (rule.lower[alone] > 0)]] = True
        is_closed[site[(amount > 0) & (rule.upper[alone] < amount)]] = True
    return Decided(is_open & ~problem.excluded, is_closed & ~(is_open & ~problem.excluded))


def _tie_broken(stage: Stage, found: Found) -> Found:
    """Go on among the equally good plans: by counting where they are few, else as long as each stage is proven."""
    if found.has_open_ties:
        return replace(found, notes=(_UNPROVEN,))
    equals = few_equals(stage, found) if found.equals is None else list(found.equals)
    if equals is not None:
        return replace(found, is_open=_first_of(stage, equals))
    finest = found
    pairs = sum(need.walk.nnz for need in stage.task.problem.needs)
    for finer in _finer_goals(stage.goals[0]):
        if isinstance(finer, LeastWalk) and pairs > _PAIRS_TO_ASK and finest is not found:
            equals = few_equals(stage, finest)
            if equals is not None:
                return replace(found, is_open=_first_of(stage, equals))
        if isinstance(finer, LeastWalk) and pairs > _PAIRS_TO_WALK:
            return replace(found, is_open=finest.is_open, notes=(_UNPROVEN,))
        if isinstance(finer, LeastWalk) and members_of_walks(stage.task.problem) > _MEMBERS_TO_WALK:
            held = replace(stage, decided=finest.decided, given=finest.is_open)
            return replace(found, is_open=with_shorter_walks(held, finest.is_open), notes=(_UNPROVEN,))
        stage = replace(stage, goals=(*stage.goals, finer), decided=finest.decided, given=finest.is_open)
        settled = settle(stage)
        if settled is None:
            raise contradiction()
        if settled.stopped != "proven":
            return replace(found, is_open=settled.is_open, notes=(_UNPROVEN,))
        finest = settled
    try:
        is_open = _first_by_id(replace(stage, decided=finest.decided, given=finest.is_open), finest.is_open)
    except Unsettled:
        return replace(found, is_open=finest.is_open, notes=(_UNPROVEN,))
    return replace(found, is_open=is_open)


def _finer_goals(objective: Objective) -> tuple[Objective, ...]:
    return tuple(goal for goal in (MaxCoverage(), LeastWalk(), LeastChange()) if goal != objective)


def _first_of(stage: Stage, plans: list[Mask]) -> Mask:
    """Return the first of some plans by every finer goal, then by the order of ids."""
    problem = stage.task.problem
    for goal in _finer_goals(stage.goals[0]):
        worth = [goal.evaluate(problem, plan) for plan in plans]
        best = max(worth) if goal.sense == "max" else min(worth)
        plans = [plan for plan, each in zip(plans, worth, strict=True) if is_same(each, best)]
    rank = np.argsort(problem.order_of_ids)
    return min(plans, key=lambda plan: sorted(rank[plan].tolist()))


def _first_by_id(stage: Stage, given: Mask) -> Mask:
    """Return the first by id of the plans that are as good as the given one in every respect."""
    task, decided = stage.task, stage.decided
    program = stage.program()
    held = stage.held(program, len(stage.goals))
    nothing = Goal(np.zeros(len(program.free)), np.zeros(program.sets.shape[0]), 0.0)

    def ask(rows: ExtraRows) -> Answer:
        model = model_of(program, nothing, "min", held, rows)
        limits = Limits(task.seconds_left, nodes=TIE_NODES, seed=task.seed)
        answer = solve_allowed(model, program, limits, is_equal)
        is_sure = answer.chosen is None or is_equal(answer.chosen)
        return answer if is_sure else replace(answer, end="doubtful", chosen=None)

    def is_equal(chosen: Mask) -> bool:
        is_open = decided.opened(program, chosen)
        return stage.is_allowed(is_open) and is_same(stage.worth(is_open), stage.worth(given))

    rank = np.argsort(task.problem.order_of_ids)
    last_fixed = int(np.sum(rank[program.free] < rank[decided.is_open].max(initial=-1)))
    return decided.opened(program, smallest_ids(given[program.free], last_fixed, ask, is_equal))
