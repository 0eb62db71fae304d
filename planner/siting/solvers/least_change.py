"""The tie-break after the walks: nothing is opened that serves nobody better, nothing closed without need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from planner.bilingual import Text
from planner.siting.linear import Expression
from planner.siting.objectives import Objective
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class LeastChange(Objective):
    """Newly opened stations, less the existing ones that stay."""

    name: ClassVar[str] = "least_change"
    label: ClassVar[Text] = Text("变动最少", "least change")
    sense: ClassVar[Literal["max", "min"]] = "min"

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the changes against today, up to a constant."""
        return float(np.count_nonzero(is_open & problem.new)) - np.count_nonzero(is_open & problem.existing)

    def expression(self, problem: SitingProblem) -> Expression:
        """Return one for each new station, minus one for each existing one."""
        return Expression.of(problem, of_open=problem.new.astype(np.float64) - problem.existing)
