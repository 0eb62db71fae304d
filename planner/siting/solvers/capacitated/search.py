"""One question to the assignment model at a time: bound, decide what the bound decides, prove the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.siting.linear import Rows
from planner.siting.objectives import Objective
from planner.siting.problem import Mask
from planner.siting.solvers.bounds import bound_from
from planner.siting.solvers.capacitated.ground import Choice, Ground
from planner.siting.solvers.capacitated.head_start import Start
from planner.siting.solvers.capacitated.model import Part, every_row, kept_within, model_of, narrowed, weighed
from planner.siting.solvers.highs import Answer, Limits, Model, relax, row_size, solve_columns
from planner.siting.solvers.stage import SAME, Task, is_same, loosened, step


@dataclass(frozen=True, eq=False)
class Settled:
    """A plan, and how far it is proven; no plan where nothing was found."""

    choice: Choice | None
    bound: float
    end: Literal["proven", "gap", "time_limit", "node_limit", "infeasible"]


@dataclass(frozen=True, eq=False)
class Search:
    """What is asked for: the last goal, with the earlier ones held at what a given plan reaches.

    Parameters
    ----------
    task : Task
    rules : tuple of Rows
    ground : Ground
    goals : tuple of Objective
    given : Choice, optional
        A plan that keeps every rule, and at which earlier goals are held.
    nodes : int, optional
        Give up after so many.
    start : Start, optional
        What was proven before the MILP solver was asked.
    """

    task: Task
    rules: tuple[Rows, ...]
    ground: Ground
    goals: tuple[Objective, ...]
    given: Choice | None = None
    nodes: int | None = None
    start: Start | None = None

    def then(self, goal: Objective, given: Choice, nodes: int) -> Search:
        """Return the search for the next goal, with this one held."""
        return replace(self, goals=(*self.goals, goal), given=given, nodes=nodes)

    def worth(self, choice: Choice, goal: Objective | None = None) -> float:
        """Count a goal for a plan, without a solver."""
        counted = self.goals[-1] if goal is None else goal
        return counted.evaluate(self.ground.told(choice), choice.is_open)

    def is_allowed(self, choice: Choice) -> bool:
        """Whether a plan keeps every constraint, and the earlier goals at what the given plan reaches."""
        told = self.ground.told(choice)
        if not all(rule.allows(told, choice.is_open) for rule in self.task.constraints):
            return False
        given = self.given
        return given is None or all(
            is_same(self.worth(choice, goal), self.worth(given, goal)) for goal in self.goals[:-1]
        )

    @property
    def constant(self) -> float:
        """What the last goal amounts to whatever is open."""
        return self.goals[-1].expression(self.ground.problem).constant

    def held(self, goals: Sequence[Objective]) -> list[Part]:
        """Return the rows that keep goals at what the given plan reaches, with room for the solver's rounding."""
        rows = []
        for goal in goals:
            assert self.given is not None
            expression = goal.expression(self.ground.problem)
            amounts = self.ground.amounts(expression)
            worth = self.worth(self.given, goal) - expression.constant
            slack = max(0.5 * (step(weighed(amounts)) > 0), SAME * abs(worth), 1e-5 * row_size(weighed(amounts)))
            lower, upper = (worth - slack, np.inf) if goal.sense == "max" else (-np.inf, worth + slack)
            if amounts.any():
                rows.append(kept_within(amounts, lower, upper))
        return rows

    def model(self, more: Sequence[Part] = ()) -> Model:
        """Return the model of the last goal, the earlier ones held."""
        goal = self.goals[-1]
        amounts = self.ground.amounts(goal.expression(self.ground.problem))
        parts = [*every_row(self.ground, self.rules), *self.held(self.goals[:-1]), *more]
        return model_of(self.ground, amounts, goal.sense, parts)

    def settle(self) -> Settled:
        """Return the best plan by the last goal."""
        if not self.ground.is_possible:
            return Settled(None, np.nan, "infeasible")
        model = self.model()
        rest, left, ones = model, np.ones(model.columns, dtype=bool), np.zeros(model.columns, dtype=bool)
        start = None if self.given is None else self.ground.chosen(self.given)
        limit = -np.inf if model.sense == "min" else np.inf
        if self.given is not None:
            relaxed = relax(model, self.task.seconds_left)
            if relaxed is not None:
                bound = bound_from(model, relaxed[0])
                worth, limit = self.worth(self.given), self._better(bound.value + self.constant)
                if abs(limit - worth) < max(step(weighed(model.cost)), SAME * max(1.0, abs(worth))):
                    return Settled(self.given, worth, "proven")
                if len(self.goals) == 1 and abs(limit - worth) <= self.task.gap * max(1.0, abs(worth)):
                    return Settled(self.given, limit, "gap")
                ones, zeros = bound.decides(loosened(worth, model.sense) - self.constant)
                zeros |= self.ruled_out() & ~ones
                rest, left = narrowed(model, ones, zeros)
        answer = solve_columns(rest, self._limits(rest), None if start is None else start[left])
        base = float(model.cost @ ones) + self.constant
        return self._told(answer, ones, left, base, limit)

    def _better(self, limit: float) -> float:
        """Return the better of two bounds on the first goal: a linear relaxation's, and that of the knapsacks."""
        if self.start is None or len(self.goals) > 1:
            return limit
        if self.goals[0].sense == "min":
            return max(limit, self.start.paid.bound + self.constant)
        return min(limit, self.constant - self.start.paid.bound)

    def ruled_out(self) -> Mask:
        """Return the columns that no plan as good as the given one uses, by what was proven before."""
        nothing = np.zeros(self.ground.columns, dtype=bool)
        if self.start is None or self.given is None:
            return nothing
        first = self.goals[0]
        sign = 1.0 if first.sense == "min" else -1.0
        constant = first.expression(self.ground.problem).constant
        target = sign * (self.worth(self.given, first) - constant)
        return self.start.dearer_than(target + 1e-7 * max(1.0, abs(target)))

    def _limits(self, model: Model) -> Limits:
        gap = self.task.gap if len(self.goals) == 1 else 0.0
        return Limits(self.task.seconds_left, gap, step(weighed(model.cost)), self.nodes, self.task.seed)

    def _told(self, answer: Answer, ones: Mask, left: Mask, base: float, limit: float) -> Settled:
        """Return what the solver found as a plan, counted again."""
        if answer.end == "infeasible":
            if self.given is not None:
                raise SolverError(Text("求解器自相矛盾。", "The solver contradicts itself."))
            return Settled(None, np.nan, "infeasible")
        if answer.chosen is None:
            return Settled(self.given, limit, "time_limit")
        columns = ones.copy()
        columns[left] = answer.chosen
        choice = self.ground.choice(columns)
        sense = self.goals[-1].sense
        if not self.is_allowed(choice):
            if len(self.goals) > 1:
                return Settled(self.given, np.nan, "node_limit")
            raise SolverError(Text("求解器的方案违反约束。", "The solver's plan breaks a constraint."))
        worth = self.worth(choice)
        if answer.end == "proven":
            return Settled(choice, worth, "proven")
        if self.given is not None and (worth > self.worth(self.given)) == (sense == "min"):
            choice = self.given
        bound = answer.bound + base
        bound = max(bound, limit) if sense == "min" else min(bound, limit)
        return Settled(choice, bound, "time_limit" if answer.end == "doubtful" else answer.end)
