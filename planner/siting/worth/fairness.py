"""How much coverage in all fairness costs: for each share of the worst-served, the most people that can be covered."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

import numpy as np

from planner.siting.constraints import Constraint
from planner.siting.objectives import Fairest, InOrder, MaxCoverage, Objective
from planner.siting.own_places import LEVELS
from planner.siting.problem import Mask, SitingProblem
from planner.siting.shares import Shares
from planner.siting.solvers.held_at import HeldAt
from planner.siting.worth.points import Frontier, FrontierPoint
from planner.siting.worth.question import Clock, NotExamined, Question
from planner.siting.worth.rules import LeastShare

#: Where no floors are asked for, the worst-served are asked to have so many tenths.
_TENTHS = [Fraction(tenth, 10) for tenth in range(1, 11)]


def level_compared(problem: SitingProblem, objective: Objective) -> str | None:
    """Return whose shares are compared where nobody said: those that the objective compares, communities, grids, needs.

    None where there is nobody to compare with.
    """
    steps = objective.steps if isinstance(objective, InOrder) else (objective,)
    asked = next((step.of for step in steps if isinstance(step, Fairest)), None)
    levels = [asked] if asked is not None else ["community", "grid", "need"]
    known = [level for level in levels if level not in LEVELS or level in problem.demand_areas]
    return next((level for level in known if len(Shares.of(problem, level).counted) > 1), None)


def held_means(question: Question, is_open: Mask) -> Question:
    """Return a question where as much may be spent as by a plan whose objective is to spend little."""
    objective = question.objective.first if isinstance(question.objective, InOrder) else question.objective
    if not objective.expression(question.problem).of_open.any():
        return question
    means = HeldAt(objective, objective.evaluate(question.problem, is_open))
    return Question(question.problem, question.objective, (*question.constraints, means), question.seed)


def fairness_traced(question: Question, of: str, floors: Iterable[Fraction] | None, clock: Clock) -> Frontier:
    """Return the plans that nothing beats in both: people covered in all, and the share of the worst-served.

    Each floor under the smallest share gives the plan that covers most people, and of those that cover as many the
    fairest: an epsilon-constraint method (Haimes, Lasdon & Wismer 1971). Every constraint is kept.

    Parameters
    ----------
    question : Question
        Its objective plays no part.
    of : str
        Whose shares are compared: those of each `need`, `community` or `grid`.
    floors : iterable of Fraction, optional
        From 0 to 1; tenths and the largest that any plan reaches, where not given.
    clock : Clock
    """
    return _Tracing(question, of, clock).along(floors)


class _Tracing:
    """One frontier while it is drawn."""

    def __init__(self, question: Question, of: str, clock: Clock) -> None:
        self.fairest = Fairest(of=of)
        self.coverage = InOrder(steps=(MaxCoverage(), self.fairest))
        self.problem = question.problem
        self.question = Question(question.problem, self.coverage, question.constraints, question.seed)
        self.shares = self.fairest.counted(question.problem)
        self.clock = clock
        self.points: list[FrontierPoint] = []
        self.least: list[Fraction] = []

    def along(self, floors: Iterable[Fraction] | None) -> Frontier:
        """Draw it."""
        try:
            if floors is not None:
                return self._told("saturated" if self._drawn(sorted(set(floors))) else "last_limit")
            self._drawn([Fraction(0)])
            if self.points:
                largest = self._largest()
                self._drawn([*(share for share in _TENTHS if share < largest), largest])
        except NotExamined:
            return self._told("not_examined")
        return self._told("saturated")

    def _drawn(self, floors: list[Fraction]) -> bool:
        """Add the plan of each floor that is above what the worst have already; return whether one had none."""
        for floor in floors:
            if self.least and floor <= self.least[-1]:
                continue
            plan = self._best(self.coverage, [LeastShare(self.shares, floor)] if floor else [])
            if plan is None:
                return True
            self._add(floor, plan)
        return False

    def _largest(self) -> Fraction:
        """Return the largest share that the worst-served have in any plan."""
        plan = self._best(self.fairest, [])
        assert plan is not None
        return min(self.shares.under(self.problem, plan))

    def _best(self, objective: Objective, rules: list[Constraint]) -> Mask | None:
        question = Question(self.problem, objective, self.question.constraints, self.question.seed)
        solution = question.asked([*self.question.constraints, *rules], self.clock)
        return None if solution is None else question.is_open(solution)

    def _add(self, floor: Fraction, is_open: Mask) -> None:
        shares = self.shares.under(self.problem, is_open)
        covered = MaxCoverage().evaluate(self.problem, is_open)
        least = min(shares, default=Fraction(1))
        gain = covered - self.points[-1].objective if self.points else np.nan
        worst = [each.name for each, share in zip(self.shares.counted, shares, strict=True) if share == least]
        self.least.append(least)
        self.points.append(
            FrontierPoint.of(
                self.question,
                is_open,
                limit=float(floor),
                objective=covered,
                gain=gain,
                least_share=float(least),
                worst=tuple(worst),
            )
        )

    def _told(self, end: Literal["saturated", "last_limit", "not_examined"]) -> Frontier:
        return Frontier("fairness", tuple(self.points), end, MaxCoverage(), self.fairest.of)
