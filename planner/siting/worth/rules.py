"""Rules by which the worth of a plan is found out; no plan file names them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np

from planner.bilingual import Text
from planner.siting.constraints import Constraint
from planner.siting.linear import Expression, Floor, Rows
from planner.siting.objectives import Objective
from planner.siting.problem import Mask, SitingProblem
from planner.siting.shares import PARTS, Served, Shares


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


@dataclass(frozen=True)
class FewestNew(Objective):
    """Stations that are added to those of today; what replaces a station adds none."""

    name: ClassVar[str] = "fewest_new"
    label: ClassVar[Text] = Text("新增站点最少", "the fewest new stations")
    sense: ClassVar[Literal["max", "min"]] = "min"

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count them."""
        return float(np.count_nonzero(is_open & problem.added))

    def expression(self, problem: SitingProblem) -> Expression:
        """Return one for each."""
        return Expression.of(problem, of_open=problem.added.astype(np.float64))


@dataclass(frozen=True, eq=False)
class LeastShare(Constraint):
    """Of everyone who counts (the people of a need, or of an area) at least this share is covered.

    Parameters
    ----------
    counted : Shares
        Whose shares.
    share : Fraction
        0 to 1; the share itself is enough. People are counted in whole millionths, so exactly.
    """

    counted: Shares
    share: Fraction

    name: ClassVar[str] = "least_share"
    label: ClassVar[Text] = Text("覆盖最差者的覆盖率", "the share of the worst-served")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no share is smaller, exactly."""
        return all(share >= self.share for share in self.counted.under(problem, is_open))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one floor for each: the people covered there."""
        return Rows.above(problem, [self._floor(problem, each) for each in self.counted.counted])

    def _floor(self, problem: SitingProblem, served: Served) -> Floor:
        """Return the people covered, with room below the fewest that are enough in which no plan lies."""
        steps = np.concatenate([each[each > 0] for each in served.amounts])
        step = int(np.gcd.reduce(steps))
        fewest = -(-math.ceil(self.share * served.people) // step) * step
        tolerance = 4e-6 * max(1.0, float(steps.max()) / PARTS / 1e4)
        people = Expression.of(problem, of_covered=tuple(each / PARTS for each in served.amounts))
        return Floor(people, fewest / PARTS - max(0.5 * step / PARTS, tolerance))

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how much."""
        return Text("覆盖最差者至少覆盖 {share}", "the worst-served have at least {share} covered").format(
            share=f"{float(self.share):.4%}"
        )
