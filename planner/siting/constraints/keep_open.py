"""Stations of today that stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.parameters import flag_fault, require, unknown
from planner.siting.problem import Mask, SitingProblem

#: A site no further than this from a station stands in its place.
_SAME_PLACE_M = 1.0


@dataclass(frozen=True)
class KeepOpen(Constraint):
    """Existing stations, and those under construction, stay: they are open, or what replaces them is.

    Parameters
    ----------
    sites : sequence of ids, optional
        Only these stay; the plan may close the others.
    at_the_same_place : bool
        Only expanding keeps a station, and merging others into its own place: it may be neither moved nor merged
        into another one.

    Raises
    ------
    PlanFileError
        If `sites` is no list of ids, or `at_the_same_place` neither true nor false.
    """

    sites: tuple[Any, ...] | None = None
    at_the_same_place: bool = False

    name: ClassVar[str] = "keep_open"
    label: ClassVar[Text] = Text("保留现有驿站", "existing stations stay")

    def __post_init__(self) -> None:
        given: Any = self.sites
        faults = [flag_fault("at_the_same_place", self.at_the_same_place)]
        if given is not None and (isinstance(given, (str, bytes)) or not isinstance(given, Iterable)):
            expected = Text("站点编号的列表", "a list of site ids")
            faults.append(Fault("", same(repr(given)), expected, column="sites"))
        require(f"constraints.{self.name}", faults)
        object.__setattr__(self, "sites", None if given is None else tuple(given))

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
        """Whether each of them, or a site that replaces it, is open."""
        return bool(np.all(self._serving(problem) @ is_open.astype(np.float64) >= 1))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row a station: it, or a site that replaces it, is open."""
        serving = self._serving(problem)
        opening = Rows.opening(problem, self._kept(problem))
        return replace(opening, of_open=serving, upper=np.full(serving.shape[0], np.inf))

    def _serving(self, problem: SitingProblem) -> sparse.csr_array:
        """Which sites keep each of these stations, shape (stations kept, sites): ones."""
        own = sparse.eye_array(len(problem.site_ids), format="csr")
        replacing = problem.replaced_by
        if self.at_the_same_place:
            replacing = _at_the_same_place(problem, replacing)
        return sparse.csr_array((own + replacing).tocsr()[np.flatnonzero(self._kept(problem))])

    def asks(self, problem: SitingProblem) -> Text:
        """Say how many stations stay."""
        words = Text("keep_open 要求保留 {n} 座现有驿站", "keep_open keeps {n} existing stations")
        if self.at_the_same_place:
            words = Text(
                "keep_open 要求原址保留 {n} 座现有驿站", "keep_open keeps {n} existing stations at their places"
            )
        return words.format(n=np.count_nonzero(self._kept(problem)))


def _at_the_same_place(problem: SitingProblem, replacing: sparse.csr_array) -> sparse.csr_array:
    """Return those pairs of a station and a site that replaces it in which the station's place stays."""
    pairs = replacing.tocoo()
    stations, sites = pairs.coords
    stays = np.zeros(len(sites), dtype=bool) if problem.action is None else problem.action[sites] == "expand"
    if problem.site_xy_m is not None:
        away_m = np.linalg.norm(problem.site_xy_m[stations] - problem.site_xy_m[sites], axis=1)
        stays = stays | (away_m < _SAME_PLACE_M)
    return sparse.csr_array((pairs.data[stays], (stations[stays], sites[stays])), shape=replacing.shape)
