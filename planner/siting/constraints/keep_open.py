"""Stations of today that stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.parameters import require, unknown
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class KeepOpen(Constraint):
    """Existing stations, and those under construction, stay open.

    Parameters
    ----------
    sites : sequence of ids, optional
        Only these stay; the plan may close the others.

    Raises
    ------
    PlanFileError
        If `sites` is no list of ids.
    """

    sites: tuple[Any, ...] | None = None

    name: ClassVar[str] = "keep_open"
    label: ClassVar[Text] = Text("保留现有驿站", "existing stations stay")

    def __post_init__(self) -> None:
        if self.sites is None:
            return
        given: Any = self.sites
        if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
            expected = Text("站点编号的列表", "a list of site ids")
            require(f"constraints.{self.name}", [Fault("", same(repr(given)), expected, column="sites")])
        object.__setattr__(self, "sites", tuple(given))

    def _kept(self, problem: SitingProblem) -> Mask:
        stations = problem.existing | problem.under_construction
        if self.sites is None:
            return stations
        kept: Mask = stations & problem.site_ids.isin(list(self.sites))
        return kept

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the ids that are no stations of today."""
        stations = problem.ids(problem.existing | problem.under_construction)
        for site in self.sites or ():
            if site not in stations:
                expected = Text("现有或在建驿站的编号", "the id of a station that exists or is under construction")
                yield Fault(f"constraints.{self.name}", unknown(site), expected, column="sites")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether all of them are open."""
        return bool(np.all(is_open[self._kept(problem)]))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row a station: it is open."""
        return Rows.opening(problem, self._kept(problem))

    def asks(self, problem: SitingProblem) -> Text:
        """Say how many stations stay."""
        return Text("keep_open 要求保留 {n} 座现有驿站", "keep_open keeps {n} existing stations").format(
            n=np.count_nonzero(self._kept(problem))
        )
