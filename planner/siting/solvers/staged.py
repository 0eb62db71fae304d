"""The exact answer in stages: the objective, then the people covered, then their walks, then the order of ids."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.model import Note
from planner.siting.constraints import Constraint
from planner.siting.linear import Rows
from planner.siting.objectives import MaxCoverage, Objective
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solvers.bounds import bound_from, decided
from planner.siting.solvers.conflict import explained
from planner.siting.solvers.highs import Answer, Limits, Sense, duals_of, model_of, solve_model
from planner.siting.solvers.least_walk import LeastWalk
from planner.siting.solvers.program import Goal, Program, build_program
from planner.siting.solvers.smallest_ids import ExtraRows, Unsettled, equally_good, smallest_ids
from planner.siting.solvers.start import quick_plan

#: Two amounts are the same when they differ by less than this share.
SAME = 1e-9

#: Ties are broken by search up to so many nodes: a count of work and no time, so that two machines agree.
TIE_NODES = 20_000


@dataclass(frozen=True, eq=False)
class Task:
    """One question to the solver."""

    problem: SitingProblem
    objective: Objective
    constraints: tuple[Constraint, ...]
    deadline: float
    gap: float = 0.0
    seed: int = 0
    tell: Callable[[Text], None] = field(default=lambda _: None)

    @property
    def seconds_left(self) -> float:
        """Seconds until time is up."""
        return self.deadline - time.perf_counter()

    def limits(self, *, gap: float = 0.0, absolute: float = 0.0, nodes: int | None = None) -> Limits:
        """Return limits with the time that is left."""
        return Limits(self.seconds_left, gap, absolute, nodes, self.seed)


@dataclass(frozen=True, eq=False)
class Found:
    """A plan, and how far it is proven."""

    is_open: Mask
    bound: float
    stopped: Literal["proven", "gap", "time_limit"]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class Decided:
    """Sites that are the same in every plan that is still in question, shape (sites,) each."""

    is_open: Mask
    is_closed: Mask

    def also(self, program: Program, opened: Mask, closed: Mask) -> Decided:
        """Return this with more of a program's free sites decided."""
        more_open, more_closed = self.is_open.copy(), self.is_closed.copy()
        more_open[program.free[opened]] = True
        more_closed[program.free[closed]] = True
        return Decided(more_open, more_closed)


def find_plan(task: Task) -> Found:
    """Return the best plan: by the objective, then people covered, then least total walk, then smallest ids.

    Raises
    ------
    InfeasibleError
        If no plan meets the constraints.
    SolverError
        If the solver fails or time is up before any plan was found.
    """
    rules = tuple(constraint.rows(task.problem) for constraint in task.constraints)
    sure = _decided_by_rules(task.problem, rules)
    task.tell(Text("寻找最优方案", "Looking for the best plan"))
    found, sure = _best(task, rules, sure)
    if found.stopped != "proven":
        return found
    task.tell(Text("在同样好的方案中选步行最短者", "Choosing the shortest walks among equally good plans"))
    return _tie_broken(task, rules, sure, found)


def _decided_by_rules(problem: SitingProblem, rules: tuple[Rows, ...]) -> Decided:
    """Read off the sites that a row of their own opens."""
    is_open = problem.always_open.copy()
    for rule in rules:
        alone = (np.diff(rule.of_open.indptr) == 1) & (rule.lower > 0)
        is_open[rule.of_open[np.flatnonzero(alone)].indices] = True
    return Decided(is_open & ~problem.excluded, problem.excluded.copy())


def _best(task: Task, rules: tuple[Rows, ...], sure: Decided) -> tuple[Found, Decided]:
    """Prove the objective, as far as time allows."""
    problem, objective = task.problem, task.objective
    expression = objective.expression(problem)
    program = build_program(problem, [expression], rules, sure.is_open, sure.is_closed)
    goal, sense = program.goals[0], objective.sense
    chosen = quick_plan(program, _upwards(goal, sense)) if program.is_possible else None
    if chosen is not None and len(program.free) > 30:
        sure, bound = _narrowed(task, program, goal, sense, chosen, sure)
        best = _opened(program, chosen, sure)
        program = build_program(problem, [expression], rules, sure.is_open, sure.is_closed)
        goal, chosen = program.goals[0], best[program.free]
    step = _step(goal)
    limits = task.limits(gap=task.gap, absolute=step)
    answer = (
        solve_model(model_of(program, goal, sense), program, limits, chosen)
        if program.is_possible
        else Answer("infeasible", None, np.nan)
    )
    if answer.end == "infeasible" or answer.chosen is None:
        if answer.end == "infeasible":
            raise explained(problem, task.constraints)
        raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))
    is_open = _opened(program, answer.chosen, sure)
    worth = objective.evaluate(problem, is_open)
    _compare(worth, program.value(goal, answer.chosen))
    bound = worth if answer.end == "proven" else answer.bound + goal.constant
    return Found(is_open, bound, answer.end), sure


def _narrowed(
    task: Task, program: Program, goal: Goal, sense: Sense, chosen: Mask, sure: Decided
) -> tuple[Decided, float]:
    """Decide the sites that the linear relaxation decides."""
    model = model_of(program, goal, sense)
    duals = duals_of(model, task.seconds_left)
    if duals is None:
        return sure, np.inf
    bound = bound_from(model, duals)
    target = program.value(goal, chosen) - goal.constant
    opened, closed = decided(bound, sense, _loosened(target, sense))
    return sure.also(program, opened, closed), bound.value


def _tie_broken(task: Task, rules: tuple[Rows, ...], sure: Decided, found: Found) -> Found:
    """Go on among the equally good plans, as long as each stage is proven."""
    goals: list[Objective] = [task.objective]
    for finer in (MaxCoverage(), LeastWalk()):
        if finer == task.objective:
            continue
        goals.append(finer)
        better = _finer(task, rules, sure, found, goals)
        if better is None:
            return replace(found, notes=(*found.notes, _UNPROVEN))
        found = replace(found, is_open=better)
    program, held = _held_program(task, rules, sure, found, goals)
    try:
        return replace(found, is_open=_first_by_id(task, program, held, sure, found, goals))
    except Unsettled:
        return replace(found, notes=(*found.notes, _UNPROVEN))


def _first_by_id(
    task: Task,
    program: Program,
    held: list[tuple[Goal, float, float]],
    sure: Decided,
    found: Found,
    goals: list[Objective],
) -> Mask:
    """Return the first by id of the plans that are as good as the one found in every respect."""
    problem = task.problem
    worth = [goal.evaluate(problem, found.is_open) for goal in goals]
    nothing = Goal(np.zeros(len(program.free)), np.zeros(program.sets.shape[0]), 0.0)

    def ask(rows: ExtraRows) -> Answer:
        model = model_of(program, nothing, "min", held, rows)
        return solve_model(model, program, task.limits(nodes=TIE_NODES))

    def is_equal(chosen: Mask) -> bool:
        is_open = _opened(program, chosen, sure)
        if not all(constraint.allows(problem, is_open) for constraint in task.constraints):
            return False
        return equally_good(worth, [goal.evaluate(problem, is_open) for goal in goals], SAME)

    rank = np.empty(len(problem.site_ids), dtype=np.intp)
    rank[problem.order_of_ids] = np.arange(len(rank))
    last_fixed = int(np.sum(rank[program.free] < rank[sure.is_open].max(initial=-1)))
    return _opened(program, smallest_ids(found.is_open[program.free], last_fixed, ask, is_equal), sure)


_UNPROVEN = Note(
    "siting.tie_unproven",
    "warning",
    Text(
        "目标值已证明最优;在同样好的方案中是否步行最短、编号最小,未能在时限内证明。",
        "The objective is proven best; whether the walks are the shortest among equally good plans was not proven.",
    ),
)


def _held_program(
    task: Task, rules: tuple[Rows, ...], sure: Decided, found: Found, goals: list[Objective]
) -> tuple[Program, list[tuple[Goal, float, float]]]:
    """Return the program with every goal, and the range in which each stays as good as the plan found."""
    problem = task.problem
    expressions = [goal.expression(problem) for goal in goals]
    program = build_program(problem, expressions, rules, sure.is_open, sure.is_closed)
    held = []
    for objective, goal in zip(goals, program.goals, strict=True):
        limit = _loosened(objective.evaluate(problem, found.is_open), objective.sense) - goal.constant
        held.append((goal, limit, np.inf) if objective.sense == "max" else (goal, -np.inf, limit))
    return program, held


def _finer(task: Task, rules: tuple[Rows, ...], sure: Decided, found: Found, goals: list[Objective]) -> Mask | None:
    """Return the best plan by the last goal among those as good by the earlier ones, None if that is not proven."""
    program, held = _held_program(task, rules, sure, found, goals)
    if not len(program.free):
        return found.is_open
    *earlier, (goal, _, _) = held
    last = goals[-1]
    model = model_of(program, goal, last.sense, earlier)
    answer = solve_model(model, program, task.limits(nodes=TIE_NODES), found.is_open[program.free])
    if answer.end != "proven" or answer.chosen is None:
        return None
    is_open = _opened(program, answer.chosen, sure)
    for objective in goals[:-1]:
        _compare(objective.evaluate(task.problem, is_open), objective.evaluate(task.problem, found.is_open))
    _compare(last.evaluate(task.problem, is_open), program.value(goal, answer.chosen))
    return is_open


def _opened(program: Program, chosen: Mask, sure: Decided) -> Mask:
    is_open = sure.is_open.copy()
    is_open[program.free[chosen]] = True
    return is_open


def _upwards(goal: Goal, sense: Sense) -> Goal:
    return goal if sense == "max" else Goal(-goal.of_site, -goal.of_set, -goal.constant)


def _loosened(worth: float, sense: Sense) -> float:
    """Return a limit that plans of the same worth pass in spite of rounding."""
    slack = SAME * max(1.0, abs(worth))
    return worth - slack if sense == "max" else worth + slack


def _step(goal: Goal) -> float:
    """Return an absolute difference that no two plans can have: just under 1 where every amount is whole."""
    amounts = np.concatenate([goal.of_site, goal.of_set])
    return 0.999 if np.all(amounts == np.rint(amounts)) else 0.0


def _compare(ours: float, claimed: float) -> None:
    """Refuse a plan whose worth by our own count is not what the solver claims."""
    if abs(ours - claimed) > 1e-6 * max(1.0, abs(ours)):
        raise SolverError(
            Text(
                "求解器的结果 {claimed} 与重新计算的 {ours} 不符。",
                "The solver claims {claimed}, and counting again gives {ours}.",
            ).format(claimed=f"{claimed:.10g}", ours=f"{ours:.10g}")
        )
