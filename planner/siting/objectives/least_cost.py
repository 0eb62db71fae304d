"""The cheapest plan that keeps the constraints: with `cover_everyone` set cover with costs, Toregas et al. (1971)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from planner.bilingual import Text
from planner.errors import Fault
from planner.model import Need
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.problem import FEN_PER_CNY, Mask, SitingProblem


@dataclass(frozen=True)
class LeastCost(Objective):
    """What a plan costs: what it opens, and what closing stations of today costs. See `SitingProblem.cost_of`.

    Counted in whole fen, so that sums are exact; told in CNY.
    """

    name: ClassVar[str] = "least_cost"
    label: ClassVar[Text] = Text("费用最少", "the least cost")
    sense: ClassVar[Literal["max", "min"]] = "min"
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "end"
    has_today: ClassVar[bool] = False
    better: ClassVar[Text] = Text("能花费更少", "would cost less")
    better_by: ClassVar[Text] = Text("能节省 {amount}以上", "would save more than {amount}")

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Return what the plan costs, in fen."""
        return float(np.rint(problem.cost_of(is_open) * FEN_PER_CNY))

    def expression(self, problem: SitingProblem) -> Expression:
        """Return what each open station adds, in fen."""
        return Expression.of(
            problem,
            of_open=np.rint(problem.cost_of_opening_cny * FEN_PER_CNY),
            constant=float(np.rint(problem.cost_of_closing_all_cny * FEN_PER_CNY)),
        )

    def unit(self, problem: SitingProblem) -> float:  # noqa: ARG002
        """Tell CNY."""
        return FEN_PER_CNY

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the sites that a plan may open and whose cost nobody knows."""
        for site in problem.ids(problem.unpriced):
            yield Fault(str(site), Text("没有费用", "no cost"), Text("费用，元", "a cost in CNY"), column="cost_cny")

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Tell an amount of money as offices write it."""
        shown = f"{amount / 10_000:,.6f}".rstrip("0").rstrip(".")
        return Text(f"{shown} 万元", f"CNY {amount:,.2f}".removesuffix(".00"))
