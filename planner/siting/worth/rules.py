"""Rules by which the worth of a plan is found out; no plan file names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from planner.bilingual import Text
from planner.siting.constraints import Constraint
from planner.siting.linear import Rows
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class DoesWithout(Constraint):
    """At least so many of some sites are closed.

    Parameters
    ----------
    sites : tuple of ids
    at_least : int
    """

    sites: tuple[Any, ...]
    at_least: int = 1

    name: ClassVar[str] = "does_without"
    label: ClassVar[Text] = Text("不用这些站点", "does without these sites")

    def _named(self, problem: SitingProblem) -> Mask:
        named: Mask = problem.site_ids.isin(list(self.sites))
        return named

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether enough of them are closed."""
        return int(np.count_nonzero(self._named(problem) & ~is_open)) >= self.at_least

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: how many of them are open."""
        named = self._named(problem)
        most = np.count_nonzero(named) - self.at_least
        return Rows.counting(problem, named.astype(np.float64), upper=float(most))

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how many of them stay closed."""
        return Text("{n} 个站点不开放", "{n} sites stay closed").format(n=self.at_least)


@dataclass(frozen=True)
class NewAtMost(Constraint):
    """No more than so many stations more; what replaces a station counts for none.

    Parameters
    ----------
    stations : int
    """

    stations: int

    name: ClassVar[str] = "new_at_most"
    label: ClassVar[Text] = Text("新增至多若干座", "so many new stations at most")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether there are no more."""
        return int(np.count_nonzero(is_open & problem.added)) <= self.stations

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: the count."""
        return Rows.counting(problem, problem.added.astype(np.float64), upper=float(self.stations))

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how many are allowed."""
        return Text("至多新增 {n} 座驿站", "at most {n} new stations").format(n=self.stations)
