"""Everybody's share as a constraint on plans that break ties: nobody is served worse than in a given plan."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from planner.bilingual import Text
from planner.siting.constraints import Constraint
from planner.siting.linear import Floor, Rows
from planner.siting.problem import Mask, SitingProblem
from planner.siting.shares import Shares
from planner.siting.solvers.fair_model import FairModel, people_of


@dataclass(frozen=True, eq=False)
class SharesHeld(Constraint):
    """Each share is at least what is given, in the order of `Shares.counted`."""

    counted: Shares
    shares: tuple[Fraction, ...]
    fair: FairModel

    name: ClassVar[str] = "shares_held"
    label: ClassVar[Text] = Text("已达到的覆盖率", "shares that were reached")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no share is smaller, exactly."""
        shares = self.counted.under(problem, is_open)
        return all(ours >= given for ours, given in zip(shares, self.shares, strict=True))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one floor for each share."""
        rows = zip(self.counted.counted, self.fair.counters, self.shares, strict=True)
        floors = [
            Floor(people_of(problem, served), counter.limit(counter.at_least(share))) for served, counter, share in rows
        ]
        return Rows.above(problem, floors)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say that shares are kept."""
        return self.label
