"""A programme as one siting problem: its columns are sites and the phase in which they open.

What is open stays open, so a column (site, phase) serves that phase and all later ones; an action serves through the
stations that it replaces until it opens. Each need stands once for each phase, weighted by its years. Stations of today
stay unless an action replaces them. So one solve proves the best way, not only the best end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from planner.siting.phases.phase import Phase
from planner.siting.problem import FEN_PER_CNY, Array, Mask, NeedWalks, SitingProblem

Positions = npt.NDArray[np.intp]

#: The phase of what is open before the first one.
TODAY = -1


@dataclass(frozen=True, eq=False)
class Columns:
    """A programme's columns.

    Parameters
    ----------
    sites : SitingProblem
        The sites as they are.
    phases : tuple of Phase
    first : array of int, shape (sites,)
        The first phase in which a site may open; for a station under construction the phase in which it does. From the
        number of phases on: never within the programme.
    site, phase : arrays of int, shape (columns,)
        What each column opens, and when; `TODAY` for stations that are open already.
    only : int, optional
        The one phase that counts.
    """

    sites: SitingProblem
    phases: tuple[Phase, ...]
    first: Positions
    site: Positions
    phase: Positions
    only: int | None = None

    def looking_at(self, number: int) -> Columns:
        """Return the same where only one phase counts, whatever its years."""
        return replace(self, only=number)

    @classmethod
    def of(cls, problem: SitingProblem, phases: Sequence[Phase], first: Positions) -> Columns:
        """Return the columns of a programme, in order of site id, earlier phases first."""
        late = first >= len(phases)
        status = np.where(late & ~problem.existing, "excluded", problem.status).astype(object)
        sites = replace(problem, status=status)
        pairs: list[tuple[int, int]] = []
        for place in problem.order_of_ids.tolist():
            if sites.existing[place]:
                pairs.append((place, TODAY))
            elif sites.under_construction[place]:
                pairs.append((place, int(first[place])))
            elif not sites.excluded[place]:
                pairs += [(place, phase) for phase in range(int(first[place]), len(phases))]
        site, phase = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        return cls(sites, tuple(phases), first, site, phase)

    @cached_property
    def problem(self) -> SitingProblem:
        """The siting problem whose sites are these columns."""
        status = self.sites.status[self.site]
        opens = (status == "candidate") | (status == "required")
        place_of = np.full(len(self.sites.site_ids), -1)
        place_of[self.site[self.phase == TODAY]] = np.flatnonzero(self.phase == TODAY)
        needs = [
            replace(need, walk=self._walks(need, number), weight=need.weight * self._years(number))
            for need in self.sites.needs
            for number in range(len(self.phases))
        ]
        replaces = self.sites.replaces
        return SitingProblem(
            self.sites.demand_ids,
            pd.RangeIndex(len(self.site), name="column"),
            tuple(needs),
            self.cost_cny,
            np.where(opens, "candidate", status).astype(object),
            replaces=None
            if replaces is None
            else tuple(tuple(int(place_of[old]) for old in replaces[site]) for site in self.site),
            site_xy_m=None if self.sites.site_xy_m is None else self.sites.site_xy_m[self.site],
            site_areas={level: areas[self.site] for level, areas in self.sites.site_areas.items()},
            demand_areas=self.sites.demand_areas,
            area_ids=self.sites.area_ids,
            site_scores={column: scores[self.site] for column, scores in self.sites.site_scores.items()},
        )

    def _years(self, number: int) -> float:
        if self.only is None:
            return self.phases[number].years
        return float(self.only == number)

    @cached_property
    def cost_cny(self) -> Array:
        """What each column costs: opening the site, and closing what it replaces; CNY to the fen, shape (columns,)."""
        opening = np.where(self.sites.new, self.sites.cost_cny, 0.0)
        closing = self.sites.replaced_by.T @ self.sites.cost_of_closing_each_cny
        cost: Array = np.rint((opening + closing)[self.site] * FEN_PER_CNY) / FEN_PER_CNY
        return cost

    def _walks(self, need: NeedWalks, number: int) -> sparse.csr_array:
        """Return the walks to what each column offers in a phase, the nearest of several, shape (points, columns)."""
        now = np.flatnonzero(self.phase <= number)
        later = np.flatnonzero(self.phase > number)
        stations = () if self.sites.replaces is None else self.sites.replaces
        before = [(column, old) for column in later.tolist() if stations for old in stations[self.site[column]]]
        column = np.concatenate([now, np.array([pair[0] for pair in before], dtype=np.intp)])
        source = np.concatenate([self.site[now], np.array([pair[1] for pair in before], dtype=np.intp)])
        by_site = need.walk.tocsc()
        size = np.diff(by_site.indptr)[source]
        entry = np.arange(size.sum()) + np.repeat(by_site.indptr[source] - (np.cumsum(size) - size), size)
        row, column, walk = by_site.indices[entry], np.repeat(column, size), by_site.data[entry]
        order = np.lexsort((walk, column, row))
        row, column, walk = row[order], column[order], walk[order]
        kept = np.append(True, (row[1:] != row[:-1]) | (column[1:] != column[:-1]))[: len(row)]
        row = row[kept]
        first = np.append(0, np.cumsum(np.bincount(row, minlength=need.walk.shape[0])))
        shape = (need.walk.shape[0], len(self.site))
        return sparse.csr_array((walk[kept], column[kept], first), shape=shape)

    def opens_in(self, is_open: Mask) -> Positions:
        """Return the phase in which each site opens, `TODAY` for those of today, shape (sites,); -2 for never."""
        when = np.full(len(self.sites.site_ids), -2)
        when[self.site[is_open]] = self.phase[is_open]
        return when

    def open_after(self, is_open: Mask, number: int) -> Mask:
        """Return the sites that are open after a phase, shape (sites,)."""
        when = self.opens_in(is_open)
        opened = (when > TODAY) & (when <= number)
        replaced = self.sites.replaced_by @ opened.astype(np.float64) > 0
        now: Mask = opened | (self.sites.existing & ~replaced)
        return now

    def sites_in(self, number: int) -> SitingProblem:
        """Return the sites of a phase: those that may not be open by then are excluded."""
        status = np.where((self.first > number) & ~self.sites.existing, "excluded", self.sites.status)
        return replace(self.sites, status=status.astype(object))

    @cached_property
    def of_site(self) -> sparse.csr_array:
        """Which columns open each site, shape (sites, columns): ones."""
        count = len(self.site)
        shape = (len(self.sites.site_ids), count)
        return sparse.csr_array((np.ones(count), (self.site, np.arange(count))), shape=shape)
