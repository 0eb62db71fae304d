"""Measures of a set of open stations: who is served, how far they walk, who is left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text, same
from planner.errors import Fault, TableError
from planner.model import Areas, CandidateSites, Demand, NearestWalks, Need

#: A grid or compound counts as served when at least this share of its people is covered.
SERVED_SHARE = 0.5

AREA_LEVELS = ("community", "grid", "compound")


@dataclass(frozen=True, eq=False)
class NeedCoverage:
    """How well a set of stations meets one need.

    Parameters
    ----------
    need : Need
    table : DataFrame, index `demand_id`
        `people` (float), `station` (site id, missing where none can be reached), `walk_min` (float, NaN where none can
        be reached), `reached` (bool), `covered` (bool: the nearest station lies within the standard), and the columns
        `compound`, `grid`, `community` of the demand where it has them.
    people, covered, unreachable : float
        People in all, within the standard, and without any station they could walk to. People who can walk to a
        station, but not within the standard, are the rest.
    share_covered : float
        covered / people, 0 to 1; NaN for an empty group.
    mean_walk_min, median_walk_min, p95_walk_min, longest_walk_min : float
        Over the people who can reach a station, however far; NaN where nobody can.
    in_reach : float, optional
        Where room in the stations is limited: people with an open station within the standard, a place in it or not.
        `covered` then counts only those who have a place, at the station they are assigned to; `station` and `walk_min`
        are of that one, and the table has columns `in_reach` and `no_room` (bool). None elsewhere.
    no_room : float
        People within the standard of an open station who have no place.
    """

    need: Need
    table: pd.DataFrame
    people: float
    covered: float
    unreachable: float
    share_covered: float
    mean_walk_min: float
    median_walk_min: float
    p95_walk_min: float
    longest_walk_min: float
    in_reach: float | None = None
    no_room: float = 0.0

    def by_area(self, level: str) -> pd.DataFrame:
        """Return people, covered people and their share by area.

        Parameters
        ----------
        level : str
            `community`, `grid` or `compound`.

        Returns
        -------
        DataFrame, index the area's name, sorted
            `demand_points`, `people`, `covered`, `unreachable`, `share_covered`, `mean_walk_min`, `longest_walk_min`,
            `served` (at least `SERVED_SHARE` covered). Empty where the demand does not know the level.
        """
        if level not in self.table.columns:
            return pd.DataFrame(columns=list(_Measures._fields))
        rows = {str(name): _measures(part) for name, part in self.table.groupby(level, sort=True)}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(_Measures._fields)).rename_axis(level)


@dataclass(frozen=True, eq=False)
class Coverage:
    """What a set of open stations gives every need, and every grid.

    Parameters
    ----------
    open_sites : tuple
        Ids of the open stations.
    needs : tuple of NeedCoverage
        In the order of the plan.
    grids : DataFrame or None
        One row a grid, index `area_id`: `name`, `stations` (open stations standing inside), and for the first need
        `people`, `covered`, `share_covered`, `served`. None where the study has no grids.
    """

    open_sites: tuple[str, ...]
    needs: tuple[NeedCoverage, ...]
    grids: pd.DataFrame | None = None

    @property
    def unserved_grids(self) -> tuple[str, ...]:
        """Ids of the grids with people of whom fewer than `SERVED_SHARE` are covered."""
        if self.grids is None:
            return ()
        return tuple(self.grids.index[(self.grids["people"] > 0) & ~self.grids["served"].astype(bool)])


def measure_coverage(
    demand: Demand,
    needs: tuple[Need, ...],
    nearest: tuple[NearestWalks, ...],
    sites: CandidateSites,
    open_sites: tuple[str, ...],
    grids: Areas | None = None,
) -> Coverage:
    """Measure a set of open stations.

    Parameters
    ----------
    demand : Demand
    needs : tuple of Need
    nearest : tuple of NearestWalks
        For each need the walk from every demand point to its nearest open station that offers the function.
    sites : CandidateSites
    open_sites : tuple of str
    grids : Areas, optional
    """
    measured = tuple(measure_need(demand, need, walks) for need, walks in zip(needs, nearest, strict=True))
    return coverage_of(measured, sites, open_sites, grids)


def coverage_of(
    measured: tuple[NeedCoverage, ...], sites: CandidateSites, open_sites: tuple[str, ...], grids: Areas | None
) -> Coverage:
    """Return the measures of all needs with the figures of each grid."""
    return Coverage(open_sites, measured, None if grids is None else _grid_table(measured[0], sites, open_sites, grids))


def measure_need(demand: Demand, need: Need, nearest: NearestWalks) -> NeedCoverage:
    """Measure one need: rows are matched by id.

    Raises
    ------
    TableError
        If the walks do not know a demand point; a point that can reach nothing is known and marked as such.
    """
    place = nearest.origins.get_indexer(demand.table.index)
    _refuse_unknown(demand, place)
    reached, walk = nearest.reached[place], nearest.walk[place]
    table = pd.DataFrame(
        {
            "people": demand.people(need.group),
            "station": _stations(nearest, place),
            "walk_min": np.where(reached, need.walk_min(walk), np.nan),
            "reached": reached,
            "covered": reached & need.standard.met_by(walk),
        },
        index=demand.table.index,
    )
    for level in AREA_LEVELS:
        if level in demand.table.columns:
            table[level] = demand.table[level]
    return measured_from(need, table)


def measured_from(need: Need, table: pd.DataFrame) -> NeedCoverage:
    """Count what a table of demand points says; its columns are those of `NeedCoverage.table`."""
    counted = _measures(table)
    reached = table["reached"].to_numpy(dtype=bool)
    walks, people = table["walk_min"].to_numpy()[reached], table["people"].to_numpy()[reached]
    return NeedCoverage(
        need=need,
        table=table,
        people=counted.people,
        covered=counted.covered,
        unreachable=counted.unreachable,
        share_covered=counted.share_covered,
        mean_walk_min=counted.mean_walk_min,
        median_walk_min=weighted_quantile(walks, people, 0.5),
        p95_walk_min=weighted_quantile(walks, people, 0.95),
        longest_walk_min=counted.longest_walk_min,
    )


def weighted_quantile(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], share: float) -> float:
    """Return the smallest value that at least a share of the weight does not exceed; NaN without weight.

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 30.0]), np.array([10.0, 85.0, 5.0]), 0.95)
    2.0
    """
    present = weights > 0
    values, weights = values[present], weights[present]
    if not len(values):
        return math.nan
    order = np.argsort(values, kind="stable")
    so_far = np.cumsum(weights[order])
    enough = so_far >= share * so_far[-1] * (1 - 1e-12)
    return float(values[order][np.argmax(enough)])


class _Measures(NamedTuple):
    """The columns of `NeedCoverage.by_area`."""

    demand_points: int
    people: float
    covered: float
    unreachable: float
    share_covered: float
    mean_walk_min: float
    longest_walk_min: float
    served: bool


def _measures(table: pd.DataFrame) -> _Measures:
    """Count one area; `fsum` makes the sums independent of the order of the rows."""
    people, walk = table["people"].to_numpy(), table["walk_min"].to_numpy()
    reached, covered = table["reached"].to_numpy(), table["covered"].to_numpy()
    everybody, served = math.fsum(people), math.fsum(people[covered])
    walking = reached & (people > 0)
    share = served / everybody if everybody else math.nan
    return _Measures(
        demand_points=len(table),
        people=everybody,
        covered=served,
        unreachable=math.fsum(people[~reached]),
        share_covered=share,
        mean_walk_min=math.fsum(walk[walking] * people[walking]) / math.fsum(people[walking])
        if walking.any()
        else math.nan,
        longest_walk_min=float(walk[walking].max(initial=-math.inf)) if walking.any() else math.nan,
        served=share >= SERVED_SHARE,
    )


def _refuse_unknown(demand: Demand, place: npt.NDArray[np.intp]) -> None:
    unknown = demand.table.index[place < 0]
    if len(unknown):
        raise TableError(
            Text("有的需求点没有步行结果。", "Some demand points have no walks."),
            [Fault(demand.source, same(name), Text("一项步行结果", "a walk")) for name in unknown],
        )


def _stations(nearest: NearestWalks, place: npt.NDArray[np.intp]) -> pd.api.extensions.ExtensionArray:
    """Return the id of each demand point's nearest station, missing where none can be reached."""
    names = np.full(len(place), None, dtype=object)
    reached = nearest.reached[place]
    if len(nearest.stations):
        names[reached] = nearest.stations.to_numpy(dtype=object)[nearest.station[place][reached]]
    return pd.array(names, dtype="string")


def _grid_table(first: NeedCoverage, sites: CandidateSites, open_sites: tuple[str, ...], grids: Areas) -> pd.DataFrame:
    counted = first.by_area("grid").reindex(grids.table.index)
    stations = sites.table.loc[list(open_sites)]
    inside = grids.table.sindex.query(stations.geometry, predicate="intersects")[1]
    table = pd.DataFrame(
        {
            "name": grids.table["name"],
            "stations": np.bincount(inside, minlength=len(grids.table)),
            "people": counted["people"].fillna(0.0).astype(float),
            "covered": counted["covered"].fillna(0.0).astype(float),
            "share_covered": counted["share_covered"].astype(float),
            "served": counted["served"].eq(True),
        },
        index=grids.table.index,
    )
    return table.sort_index()
