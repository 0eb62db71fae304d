"""What may be spent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.parameters import amount_fault, require
from planner.siting.problem import FEN_PER_CNY, Mask, SitingProblem

_CNY_PER_10K = 10_000


@dataclass(frozen=True)
class Budget(Constraint):
    """What a plan costs: what it opens, and what closing stations of today costs. See `SitingProblem.cost_of`.

    Stations that stay and those under construction cost nothing.

    Parameters
    ----------
    max_cost_cny : float, optional
        In CNY; exactly this much may be spent.
    max_cost_10k_cny : float, optional
        The same in units of 10,000 CNY.

    Raises
    ------
    PlanFileError
        If not exactly one of the two is given, as a number of 0 or more.
    """

    max_cost_cny: float | None = None
    max_cost_10k_cny: float | None = None

    name: ClassVar[str] = "budget"
    label: ClassVar[Text] = Text("预算", "budget")

    def __post_init__(self) -> None:
        keys = ("max_cost_cny", "max_cost_10k_cny")
        faults = [amount_fault(key, getattr(self, key)) for key in keys]
        given = [key for key in keys if getattr(self, key) is not None]
        if len(given) != 1:
            expected = Text("{keys} 之一", "one of {keys}").format(keys=", ".join(keys))
            faults.append(Fault("", same(", ".join(given) or "—"), expected))
        require(f"constraints.{self.name}", faults)

    @property
    def limit_cny(self) -> float:
        """What may be spent, CNY, to the fen."""
        in_cny = self.max_cost_cny if self.max_cost_cny is not None else (self.max_cost_10k_cny or 0.0) * _CNY_PER_10K
        return round(in_cny * FEN_PER_CNY) / FEN_PER_CNY

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the sites that a plan may open and whose cost nobody knows."""
        for site in problem.ids(problem.unpriced):
            yield Fault(str(site), Text("没有费用", "no cost"), Text("费用，元", "a cost in CNY"), column="cost_cny")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether the plan costs no more, counted in whole fen."""
        return round(problem.cost_of(is_open) * FEN_PER_CNY) <= round(self.limit_cny * FEN_PER_CNY)

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: the money; less than a fen of room, for solvers round."""
        left_cny = self.limit_cny - problem.cost_of_closing_all_cny
        return Rows.counting(problem, problem.cost_of_opening_cny, upper=left_cny + 0.4 / FEN_PER_CNY)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say what may be spent."""
        return Text("budget 限于 {cost} 万元", "budget allows {cost} × 10,000 CNY").format(cost=_in_10k(self.limit_cny))

    def left(self, problem: SitingProblem, is_open: Mask) -> Text:
        """Say how much money is left."""
        cost = _in_10k(max(0.0, self.limit_cny - problem.cost_of(is_open)))
        return Text("余 {cost} 万元", "{cost} × 10,000 CNY left").format(cost=cost)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say what is needed at the least."""
        least += problem.cost_of_closing_all_cny
        if not self.limit_cny < least < np.inf:
            return None
        return Text("至少需要 {cost} 万元", "at least {cost} × 10,000 CNY are needed").format(cost=_in_10k(least))


def _in_10k(cost_cny: float) -> str:
    return f"{cost_cny / _CNY_PER_10K:,.6f}".rstrip("0").rstrip(".")
