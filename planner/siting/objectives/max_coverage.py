"""Most people within their standard: MCLP, Church & ReVelle (1974)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.model import Need
from planner.siting import exact_sums
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class MaxCoverage(Objective):
    """Weighted people who have an open station within the standard, over all needs."""

    name: ClassVar[str] = "max_coverage"
    label: ClassVar[Text] = Text("覆盖最多的人", "cover the most people")
    sense: ClassVar[Literal["max", "min"]] = "max"
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "sum"
    adds_up_needs: ClassVar[bool] = True
    better: ClassVar[Text] = Text("能覆盖更多人", "would cover more people")
    better_by: ClassVar[Text] = Text("能多覆盖 {amount}以上", "would cover more than {amount} more")

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the people covered, each need by its weight; the order of the rows is irrelevant."""
        return math.fsum(need.weight * exact_sums.total(need.people[need.covered(is_open)]) for need in problem.needs)

    def expression(self, problem: SitingProblem) -> Expression:
        """Return people by weight on what is covered."""
        return Expression.of(problem, of_covered=tuple(need.weight * need.people for need in problem.needs))

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Tell people."""
        return Text("{n} 人", "{n} people").format(n=f"{math.ceil(round(amount, 6)):,}")
