"""One stage of the search as data: goals in order of importance, what is decided, and the plan they are held at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from planner.bilingual import Text
from planner.machine_code import seconds_compiling
from planner.model import Note
from planner.siting.constraints import Constraint
from planner.siting.linear import Rows
from planner.siting.objectives import Objective
from planner.siting.problem import Mask, SitingProblem
from planner.siting.room import Assigned
from planner.siting.solvers.highs import Model, Sense, model_of, row_size
from planner.siting.solvers.program import Goal, Program, build_program

#: Two amounts are the same when they differ by less than this share.
SAME = 1e-9


@dataclass(eq=False)
class Best:
    """What is returned where somebody interrupts: the best plan so far, and what no plan is better than, if known."""

    is_open: Mask | None = None
    bound: float | None = None


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
    #: Sites that an earlier answer opens, shape (sites,): where to begin, whether it is allowed now or not.
    start: Mask | None = None
    best: Best = field(default_factory=Best)
    #: The clock of the search stands still while kernels are compiled.
    compiled_before_s: float = field(default_factory=seconds_compiling)

    @property
    def seconds_left(self) -> float:
        """Seconds until time is up."""
        return self.deadline + seconds_compiling() - self.compiled_before_s - time.perf_counter()


@dataclass(frozen=True, eq=False)
class Decided:
    """Sites that are the same in every plan still in question, shape (sites,) each."""

    is_open: Mask
    is_closed: Mask

    def also(self, program: Program, opened: Mask, closed: Mask) -> Decided:
        """Return this with more of a program's free sites decided."""
        more_open, more_closed = self.is_open.copy(), self.is_closed.copy()
        more_open[program.free[opened]] = True
        more_closed[program.free[closed]] = True
        return Decided(more_open, more_closed)

    def opened(self, program: Program, chosen: Mask) -> Mask:
        """Return every open site for a choice among a program's free sites."""
        is_open = self.is_open.copy()
        is_open[program.free[chosen]] = True
        return is_open


@dataclass(frozen=True, eq=False)
class Step:
    """One of several objectives in order: what was proven of it; `skipped` where time was up before it."""

    objective: Objective
    bound: float
    stopped: Literal["proven", "gap", "time_limit", "interrupted", "skipped"]


@dataclass(frozen=True, eq=False)
class Found:
    """A plan, how far it is proven, and what is the same in every plan as good.

    `equals` lists every plan as good, where that is known; `has_open_ties` says that they are too many to choose.
    `assigned` tells where everybody goes, where room in the stations matters.
    """

    is_open: Mask
    bound: float
    stopped: Literal["proven", "gap", "time_limit", "interrupted"]
    decided: Decided
    notes: tuple[Note, ...] = ()
    equals: tuple[Mask, ...] | None = None
    has_open_ties: bool = False
    assigned: Assigned | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, eq=False)
class Stage:
    """The last goal is to be proven; the earlier ones are held at what a given plan reaches."""

    task: Task
    rules: tuple[Rows, ...]
    goals: tuple[Objective, ...]
    decided: Decided
    given: Mask | None = None
    #: Where sets have more members, ties are broken by a quick search: counts of work, so that two machines agree.
    most_members: int = 150_000

    @property
    def is_first(self) -> bool:
        """Whether this stage proves the objective itself."""
        return len(self.goals) == 1

    @property
    def sense(self) -> Sense:
        """The sense of the goal to be proven."""
        return self.goals[-1].sense

    def program(self) -> Program:
        """Return the sites that are free, with every goal."""
        problem = self.task.problem
        expressions = [goal.expression(problem) for goal in self.goals]
        return build_program(problem, expressions, self.rules, self.decided.is_open, self.decided.is_closed)

    def held(self, program: Program, goals: int) -> list[tuple[Goal, float, float]]:
        """Return the first so many goals and the ranges in which they are as good as the given plan.

        Half a unit of room where amounts are whole, and never less than the solver can tell apart: what it returns is
        counted again.
        """
        ranges = []
        for objective, goal in zip(self.goals[:goals], program.goals, strict=False):
            assert self.given is not None
            worth = objective.evaluate(self.task.problem, self.given)
            slack = max(0.5 if step(goal) else 0.0, SAME * abs(worth), 1e-5 * row_size(goal))
            limit = worth - goal.constant
            is_max = objective.sense == "max"
            ranges.append((goal, limit - slack, np.inf) if is_max else (goal, -np.inf, limit + slack))
        return ranges

    def model(self, program: Program) -> Model:
        """Return the goal to be proven over a program, the earlier ones held."""
        return model_of(program, program.goals[-1], self.sense, self.held(program, len(self.goals) - 1))

    def worth(self, is_open: Mask) -> float:
        """Count the goal to be proven for a plan: our own count."""
        return self.goals[-1].evaluate(self.task.problem, is_open)

    def keep(self, is_open: Mask, bound: float | None = None) -> None:
        """Remember a plan, and what no plan is better than, in case somebody interrupts."""
        best = self.task.best
        if self.goals == (self.task.objective,):
            best.is_open, best.bound = is_open, best.bound if bound is None else bound

    def is_allowed(self, is_open: Mask) -> bool:
        """Whether a plan keeps every constraint, and the earlier goals at what the given plan reaches."""
        problem = self.task.problem
        if not all(constraint.allows(problem, is_open) for constraint in self.task.constraints):
            return False
        if self.given is None:
            return True
        pairs = [(goal.evaluate(problem, is_open), goal.evaluate(problem, self.given)) for goal in self.goals[:-1]]
        return all(is_same(ours, theirs) for ours, theirs in pairs)

    def is_as_good(self, is_open: Mask, other: Mask) -> bool:
        """Whether two plans are the same by every goal, but for rounding."""
        problem = self.task.problem
        pairs = ((goal.evaluate(problem, is_open), goal.evaluate(problem, other)) for goal in self.goals)
        return all(is_same(ours, theirs) for ours, theirs in pairs)


def is_same(ours: float, theirs: float) -> bool:
    """Whether two amounts differ by rounding only."""
    return abs(ours - theirs) <= SAME * max(1.0, abs(ours), abs(theirs))


def loosened(worth: float, sense: Sense) -> float:
    """Return a limit that plans of the same worth pass in spite of rounding."""
    slack = SAME * max(1.0, abs(worth))
    return worth - slack if sense == "max" else worth + slack


def upwards(goal: Goal, sense: Sense) -> Goal:
    """Return a goal to be made large."""
    return goal if sense == "max" else Goal(-goal.of_site, -goal.of_set, -goal.constant)


def step(goal: Goal) -> float:
    """Return an absolute difference that no two plans can have: just under 1 where every amount is whole."""
    amounts = np.concatenate([goal.of_site, goal.of_set])
    return 0.999 if np.all(amounts == np.rint(amounts)) else 0.0
