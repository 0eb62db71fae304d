"""Coverage where stations have room for so many people: covered is who has a place, not who could walk there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.coverage.measures import NeedCoverage, measured_from
from planner.model import WalkingCosts

Array = npt.NDArray[np.float64]

#: Whose people take room and where they go: for each need demand id -> site id; None where they take none.
Assigned = tuple[Mapping[Any, Any] | None, ...]


@dataclass(frozen=True, eq=False)
class StationRoom:
    """How full the stations are, today and in the plan.

    Parameters
    ----------
    table : DataFrame, index `site_id`
        `capacity` (people, NaN where there is none), `people_before` and `people_after` who go there (NaN where the
        station is not open then).
    chosen : bool
        Whether the plan chooses who goes where; otherwise everybody goes to the nearest station.
    """

    table: pd.DataFrame
    chosen: bool

    def share_used(self, moment: str) -> Array:
        """Return people ÷ capacity for each site; NaN where either is missing, infinite where there is no room."""
        people = self.table[f"people_{moment}"].to_numpy(dtype=np.float64)
        capacity = self.table["capacity"].to_numpy(dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return people / capacity

    def overfull(self, moment: str) -> pd.DataFrame:
        """Return the stations with more people than they have room for, the fullest first."""
        over = self.table[f"people_{moment}"] > self.table["capacity"] + 1e-6
        return (
            self.table[over]
            .assign(share=self.share_used(moment)[over.to_numpy()])
            .sort_values("share", ascending=False, kind="stable")
        )


def with_places(measured: NeedCoverage, assigned: Mapping[Any, Any], walks: WalkingCosts) -> NeedCoverage:
    """Return a measure in which people are covered by the station that they are assigned to.

    Whoever is not assigned keeps the nearest station and the walk to it, and is not covered; `in_reach` tells who has
    an open station within the standard, `no_room` who has one and no place there.

    Parameters
    ----------
    measured : NeedCoverage
        By the nearest station.
    assigned : mapping
        Demand id -> site id.
    walks : WalkingCosts
        In which every assigned walk is found.
    """
    table, need = measured.table.copy(), measured.need
    points = [point for point in table.index if point in assigned]
    sites = [assigned[point] for point in points]
    rows, columns = walks.origins.get_indexer(pd.Index(points)), walks.destinations.get_indexer(pd.Index(sites))
    walk = _stored(walks, rows, columns)
    has_place = table.index.isin(points)
    near = table["covered"].to_numpy(dtype=bool)
    covered = np.zeros(len(table), dtype=bool)
    covered[has_place] = need.standard.met_by(walk)
    table.loc[has_place, "station"] = pd.array([str(site) for site in sites], dtype="string")
    table.loc[has_place, "walk_min"] = need.walk_min(walk)
    table["reached"] = table["reached"] | has_place
    table["covered"] = covered | (near & (table["people"] == 0).to_numpy())
    table["in_reach"] = near
    table["no_room"] = near & ~has_place & (table["people"] > 0).to_numpy()
    people = table["people"].to_numpy()
    return replace(
        measured_from(need, table),
        in_reach=math.fsum(people[near]),
        no_room=math.fsum(people[table["no_room"].to_numpy()]),
    )


def people_at(
    coverage: tuple[NeedCoverage, ...], assigned: Assigned, sites: pd.Index, is_open: npt.NDArray[np.bool_]
) -> Array:
    """Return the people who go to each site and take room there; NaN where it is not open."""
    people: dict[Any, list[float]] = {site: [] for site in sites}
    for measured, goes in zip(coverage, assigned, strict=True):
        counts = measured.table["people"]
        for point, site in (goes or {}).items():
            people[site].append(float(counts[point]))
    return np.where(is_open, [math.fsum(people[site]) for site in sites], np.nan)


def _stored(walks: WalkingCosts, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Return walks of pairs that are stored; a pair that is not is an error of ours."""
    matrix = walks.walk
    found = np.zeros(len(rows), dtype=np.int64)
    for place, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        at = start + np.flatnonzero(matrix.indices[start:end] == column)
        if row < 0 or column < 0 or len(at) != 1:
            raise KeyError((walks.origins[row], walks.destinations[column]))
        found[place] = matrix.data[at[0]]
    return found
