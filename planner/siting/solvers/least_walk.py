"""The tie-break between equally good plans: the least total walk of the people who are covered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.siting import exact_sums
from planner.siting.linear import Expression
from planner.siting.objectives import Objective
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class LeastWalk(Objective):
    """Weight × people × walk to the nearest open station, over the people who are covered."""

    name: ClassVar[str] = "least_walk"
    label: ClassVar[Text] = Text("步行总量最少", "least total walk")
    sense: ClassVar[Literal["max", "min"]] = "min"

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Add up the walks of everybody who is covered."""
        total = []
        for need in problem.needs:
            walk = need.nearest(is_open)
            served = need.covered(is_open)
            total.append(need.weight * exact_sums.total(need.people[served] * walk[served]))
        return math.fsum(total)

    def expression(self, problem: SitingProblem) -> Expression:
        """Return people by weight on their walks."""
        return Expression.of(problem, of_walk=tuple(need.weight * need.people for need in problem.needs))
