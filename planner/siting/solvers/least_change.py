"""The tie-break after the walks: nothing is opened that serves nobody better, nothing closed without need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.siting.linear import Expression
from planner.siting.objectives import Objective
from planner.siting.problem import Array, Mask, SitingProblem


@dataclass(frozen=True)
class LeastChange(Objective):
    """Newly opened stations and those closed for nothing; what replaces others is one change, however many they are."""

    name: ClassVar[str] = "least_change"
    label: ClassVar[Text] = Text("变动最少", "least change")
    sense: ClassVar[Literal["max", "min"]] = "min"

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the changes against today, up to a constant."""
        return float(self._changes(problem)[is_open].sum())

    def expression(self, problem: SitingProblem) -> Expression:
        """Return one for each new station less those that it replaces, minus one for each existing one."""
        return Expression.of(problem, of_open=self._changes(problem))

    def _changes(self, problem: SitingProblem) -> Array:
        return problem.new * (1.0 - problem.stations_replaced) - problem.existing
