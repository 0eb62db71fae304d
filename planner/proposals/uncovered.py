"""Who is beyond the standard with the stations that every plan has: existing, under construction and required ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from planner.model import Need
from planner.study import Study

#: Sites with these statuses are open whatever is chosen.
STANDING = ("existing", "under_construction", "required")


@dataclass(frozen=True, eq=False)
class Uncovered:
    """The uncovered people of one need.

    Parameters
    ----------
    need : Need
    position : array of intp, shape (points,)
        Rows of the demand with uncovered people, from west to east whatever their order in the input.
    people : array of float64, shape (points,)
    """

    need: Need
    position: npt.NDArray[np.intp]
    people: npt.NDArray[np.float64]

    @property
    def weighted(self) -> npt.NDArray[np.float64]:
        """People by the weight of the need."""
        return self.people * self.need.weight


def uncovered(study: Study) -> tuple[Uncovered, ...]:
    """Return for each need the people whom no standing station reaches within the standard."""
    return tuple(_of_need(study, need) for need in study.needs)


def _of_need(study: Study, need: Need) -> Uncovered:
    demand, sites = study.demand.table, study.sites
    people = study.demand.people(need.group)
    standing = sites.table[sites.with_status(*STANDING) & sites.offering(need.function)]
    covered = np.zeros(len(demand), dtype=bool)
    if len(standing):
        walks = study.walks.costs(demand, standing, need)
        covered[demand.index.get_indexer(walks.origins)] = np.diff(walks.walk.tocsr().indptr) > 0
    east, north = shapely.get_coordinates(demand.geometry.to_numpy()).T
    order = np.lexsort((people, north, east))
    left = order[~covered[order] & (people[order] > 0)]
    return Uncovered(need, left, people[left])
