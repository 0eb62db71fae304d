"""Room in stations: how many people each can take, who takes it, and where they go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.siting.problem import Array, Mask, NeedWalks, Positions, SitingProblem

#: People are counted to a millionth of one: where groups are estimated they are no whole numbers.
_ROUNDING = 1e-6

#: Where everybody goes, need by need: positions of sites, -1 for nowhere; None where a need takes no room.
Assigned = tuple[Positions | None, ...]


@dataclass(frozen=True, eq=False)
class Room:
    """What stations can take.

    Parameters
    ----------
    capacity : array of float, shape (sites,)
        People, infinite where there is no limit.
    takes : tuple of bool, one for each need
        Whether its people take room in the station that they go to.
    is_nearest : bool
        Everybody goes to the nearest open station; otherwise the planner chooses who goes where.
    everyone : bool
        Whether every walk counts; otherwise only people within the standard go to a station.
    """

    capacity: Array
    takes: tuple[bool, ...]
    is_nearest: bool
    everyone: bool

    def usable(self, need: NeedWalks) -> Mask:
        """Whether somebody would go that far, for each walk of a need."""
        return np.ones(need.walk.nnz, dtype=bool) if self.everyone else need.covers(need.walk.data)

    def to_the_nearest(self, problem: SitingProblem, is_open: Mask) -> Assigned:
        """Send everybody to the nearest open station, the one with the smaller id where two are equally near."""
        return tuple(
            self._nearest(problem, need, is_open) if takes else None
            for need, takes in zip(problem.needs, self.takes, strict=True)
        )

    def _nearest(self, problem: SitingProblem, need: NeedWalks, is_open: Mask) -> Positions:
        points, sites = need.walk.shape
        rank = np.empty(sites, dtype=np.intp)
        rank[problem.order_of_ids] = np.arange(sites)
        row = np.repeat(np.arange(points), np.diff(need.walk.indptr))
        goes = self.usable(need) & is_open[need.walk.indices] & (need.people > 0)[row]
        row, site, walk = row[goes], need.walk.indices[goes], need.walk.data[goes]
        order = np.lexsort((rank[site], walk, row))[::-1]
        station = np.full(points, -1, dtype=np.intp)
        station[row[order]] = site[order]
        return station

    def load(self, problem: SitingProblem, assigned: Sequence[Positions | None]) -> Array:
        """Return the people who go to each site, shape (sites,)."""
        people: list[list[float]] = [[] for _ in problem.site_ids]
        for need, places in zip(problem.needs, assigned, strict=True):
            if places is not None:
                for point in np.flatnonzero((places >= 0) & (need.people > 0)):
                    people[places[point]].append(need.takes[point])
        return np.array([math.fsum(each) for each in people])

    def overfull(self, load: Array) -> Mask:
        """Whether each site has more people than it can take."""
        more: Mask = load > self.capacity + _ROUNDING
        return more

    def too_large(self, problem: SitingProblem, need: NeedWalks) -> Mask:
        """Whether each demand point has sites near enough, and more people than any of them can take."""
        row = np.repeat(np.arange(need.walk.shape[0]), np.diff(need.walk.indptr))
        near = self.usable(need) & ~problem.excluded[need.walk.indices]
        largest = np.full(need.walk.shape[0], -np.inf)
        np.maximum.at(largest, row[near], self.capacity[need.walk.indices[near]])
        too_many: Mask = np.isfinite(largest) & (need.people > 0) & (need.takes > largest + _ROUNDING)
        return too_many
