"""Fewest stations: with `cover_everyone` the LSCP, Toregas et al. (1971)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from planner.bilingual import Text
from planner.model import Need
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class FewestSites(Objective):
    """Number of stations open in all: new ones, kept ones and those under construction."""

    name: ClassVar[str] = "fewest_sites"
    label: ClassVar[Text] = Text("站点最少", "the fewest stations")
    sense: ClassVar[Literal["max", "min"]] = "min"
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "end"
    better: ClassVar[Text] = Text("能用更少的驿站", "would need fewer stations")
    better_by: ClassVar[Text] = Text("能少用 {amount}以上的驿站", "would save more than {amount}")

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:  # noqa: ARG002
        """Count the open stations."""
        return float(np.count_nonzero(is_open))

    def expression(self, problem: SitingProblem) -> Expression:
        """Return one for each open station."""
        return Expression.of(problem, of_open=np.ones(len(problem.site_ids)))

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Tell stations."""
        count = math.ceil(round(amount, 6))
        return Text("{n} 座", "{n} station" + "s" * (count != 1)).format(n=count)
