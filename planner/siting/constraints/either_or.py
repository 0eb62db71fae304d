"""Sites that exclude each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from planner.bilingual import Text
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.named_sites import list_fault, listed, named, unknown_sites, words
from planner.siting.linear import Rows
from planner.siting.parameters import flag_fault, missing_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class EitherOr(Constraint):
    """At most one of these sites is open, existing stations among them counted.

    Parameters
    ----------
    sites : sequence of two ids or more
    exactly_one : bool
        One of them must be open.

    Raises
    ------
    PlanFileError
        If `sites` is no list of two ids or more, or `exactly_one` neither true nor false.
    """

    sites: tuple[Any, ...] | None = None
    exactly_one: bool = False

    name: ClassVar[str] = "either_or"
    label: ClassVar[Text] = Text("只选其一", "one of several")

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", listed(self.sites))
        faults = [missing_fault("sites", self.sites), list_fault("sites", self.sites, least=2)]
        require(f"constraints.{self.name}", [*faults, flag_fault("exactly_one", self.exactly_one)])

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the ids that no site has."""
        return unknown_sites(problem, self.sites or (), f"constraints.{self.name}")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no more than one of them is open; exactly one where that is asked."""
        count = int(np.count_nonzero(is_open & named(problem, self.sites or ())))
        return count == 1 or (count == 0 and not self.exactly_one)

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: how many of them are open."""
        return Rows.counting(problem, named(problem, self.sites or ()), 1.0 if self.exactly_one else -np.inf, 1.0)

    def asks(self, problem: SitingProblem) -> Text:
        """Say which sites exclude each other."""
        ids = words(problem.ids(named(problem, self.sites or ())))
        if self.exactly_one:
            return Text("either_or 要求 {ids} 中恰好启用一个", "either_or opens exactly one of {ids}").format(ids=ids)
        return Text("either_or 要求 {ids} 中至多启用一个", "either_or opens at most one of {ids}").format(ids=ids)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say how many of them the other constraints leave."""
        if 1 < least < np.inf:
            return Text("至少须启用其中 {n} 个", "at least {n} of them are needed").format(n=f"{least:.0f}")
        if self.exactly_one and most < 1:
            return Text("它们都不能启用", "none of them can be open")
        return None
