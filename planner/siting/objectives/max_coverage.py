"""Most people within their standard: MCLP, Church & ReVelle (1974)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class MaxCoverage(Objective):
    """Weighted people who have an open station within the standard, over all needs."""

    name: ClassVar[str] = "max_coverage"
    label: ClassVar[Text] = Text("覆盖的人数最多", "most people covered")
    sense: ClassVar[Literal["max", "min"]] = "max"

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the people covered, each need by its weight; `fsum` makes the order of the rows irrelevant."""
        return math.fsum(need.weight * math.fsum(need.people[need.covered(is_open)]) for need in problem.needs)

    def expression(self, problem: SitingProblem) -> Expression:
        """Return people by weight on what is covered."""
        return Expression.of(problem, of_covered=tuple(need.weight * need.people for need in problem.needs))
