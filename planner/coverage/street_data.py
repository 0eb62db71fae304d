"""What the street data are worth here: for the homes and the sites of this study, in figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.model import CandidateSites, Demand, Need, WalkingCosts
from planner.network import WalkNetwork
from planner.network.checkup import FOOTWAY_KINDS, share_of_length, typical_km_per_km2
from planner.network.scraps import scrap_edges
from planner.network.snapping import Access, snap

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Distances from a home to its nearest path that are counted.
BEYOND_M = (50, 100, 200)

#: Homes further than this from every path are counted as that far.
FURTHEST_M = 2000.0

#: Side of the square around a home that is looked at for paths, about that of a large block.
BLOCK_M = 500.0

#: A square with less than this has not even the streets around a block.
EMPTY_KM_PER_KM2 = 4.0

#: Outlines whose median is this large are compounds, which should have paths inside; smaller ones are buildings.
COMPOUND_M2 = 5000.0

#: Walks whose straight line is shorter say little about detours.
DETOUR_FROM_M = 200.0

#: Small cells across that square, an odd number.
_ACROSS = 5

#: Pieces into which paths are cut to tell how much of them lies in each cell.
_STEP_M = 20.0


@dataclass(frozen=True)
class Place:
    """Homes of one area: on a separate piece of network, or in a block without paths.

    Parameters
    ----------
    names : tuple of str
        Of the homes, those with most people first.
    homes : int
    people : float
    path_m : float
        Length of the piece of network, or of the paths around the middle one of the homes.
    lon, lat : float
        Its middle, the mean of the homes, WGS 84.
    """

    names: tuple[str, ...]
    homes: int
    people: float
    path_m: float
    lon: float
    lat: float


@dataclass(frozen=True)
class StreetData:
    """Figures on the streets of a study. People are those of the first need; shares run from 0 to 1.

    Parameters
    ----------
    path_km, km_per_km2 : float
        Length of all paths, and their density around a typical metre of path.
    pieces : int
        Connected pieces; `share_outside` is the share of length outside the largest.
    share_footways, share_private : float
        Of the length: made for walking, and not open to the public.
    steps, steps_without_direction : int
    off_path_m : tuple of float
        From a home to its nearest path: median, 90th percentile (both of people) and the furthest home.
    share_beyond : tuple of float
        Share of people whose home is further from every path than each of `BEYOND_M`.
    islands, empty : tuple of Place
        Homes on separate pieces of network; homes with hardly any path in the
        `BLOCK_M` around them, by block. Most people first.
    share_on_islands, share_in_empty : float
        Of the people.
    share_with_paths : float
        Of the compounds whose outline is known: with a path inside. NaN where no outline is known.
    detour, detour_pairs : float, int
        Median over homes of the walk to the nearest site within the standard, at the level speed, divided by the
        straight line; NaN where there are no such pairs, or the walks are estimated.
    people : float
    """

    path_km: float
    km_per_km2: float
    pieces: int
    share_outside: float
    share_footways: float
    share_private: float
    steps: int
    steps_without_direction: int
    off_path_m: tuple[float, float, float]
    share_beyond: tuple[float, ...]
    islands: tuple[Place, ...]
    share_on_islands: float
    empty: tuple[Place, ...]
    share_in_empty: float
    share_with_paths: float
    detour: float
    detour_pairs: int
    people: float


def street_data(
    network: WalkNetwork, demand: Demand, sites: CandidateSites, need: Need, costs: WalkingCosts | None
) -> StreetData:
    """Measure what the streets are worth for some homes and sites.

    Parameters
    ----------
    network, demand, sites
        In one metric system.
    need : Need
        Whose people are counted, and who walks.
    costs : WalkingCosts, optional
        Demand × sites, measured on this network for that need; without it no detour is told.

    Returns
    -------
    StreetData
    """
    xy = demand.table.geometry.get_coordinates().to_numpy()
    people = demand.people(need.group)
    ms, ms_back = network.walk_ms(need.walker)
    scraps = scrap_edges(network)
    access = snap(network, xy, open_edges=(ms >= 0) & (ms_back >= 0), max_off_path_m=FURTHEST_M, scraps=scraps)
    off_path_m = _off_path(access, len(xy))
    homes = _Homes(demand, xy, people)
    islands = _islands(network, homes, access)
    empty = _empty(network, homes, off_path_m)
    detour, pairs = (math.nan, 0) if costs is None else _detour(homes, sites, need, costs)
    footways = np.array([kind in FOOTWAY_KINDS for kind in network.kinds] or [False])[network.kind]
    return StreetData(
        path_km=math.fsum(network.length_m) / 1000,
        km_per_km2=typical_km_per_km2(network),
        pieces=int(network.component.max()) + 1,
        share_outside=share_of_length(network, network.component[network.start] > 0),
        share_footways=share_of_length(network, footways),
        share_private=share_of_length(network, network.private_area > 0),
        steps=int((network.stairs != 0).sum()),
        steps_without_direction=int((network.stairs == 2).sum()),
        off_path_m=(
            _quantile(off_path_m, people, 0.5),
            _quantile(off_path_m, people, 0.9),
            float(off_path_m.max(initial=0.0)),
        ),
        share_beyond=tuple(homes.share(off_path_m > metres) for metres in BEYOND_M),
        islands=islands,
        share_on_islands=math.fsum(place.people for place in islands) / homes.total,
        empty=empty,
        share_in_empty=math.fsum(place.people for place in empty) / homes.total,
        share_with_paths=_share_with_paths(network, demand),
        detour=detour,
        detour_pairs=pairs,
        people=math.fsum(people),
    )


class _Homes:
    """The homes of a study as places on the map."""

    def __init__(self, demand: Demand, xy: Floats, people: Floats) -> None:
        self.xy, self.people, self.ids = xy, people, demand.table.index.astype(str)
        names = demand.table.get("name", pd.Series(None, index=demand.table.index, dtype=object))
        self.names = np.where(names.notna(), names.astype(str), self.ids)
        degrees = demand.table.geometry.to_crs(4326)
        self.degrees = np.column_stack([degrees.x, degrees.y])
        self.total = math.fsum(people) or math.nan

    def share(self, chosen: npt.NDArray[np.bool_]) -> float:
        """Return the share of people in some of the homes."""
        return math.fsum(self.people[chosen]) / self.total

    def place(self, chosen: npt.NDArray[np.intp], path_m: float) -> Place:
        """Return some of the homes as one place."""
        order = chosen[np.lexsort((self.ids[chosen], -self.people[chosen]))]
        lon, lat = (math.fsum(self.degrees[order, axis]) / len(order) for axis in (0, 1))
        names = tuple(dict.fromkeys(self.names[order].tolist()))
        return Place(names, len(order), math.fsum(self.people[order]), path_m, lon, lat)


def _off_path(access: Access, homes: int) -> Floats:
    off_path_m = np.full(homes, FURTHEST_M)
    np.minimum.at(off_path_m, access.point, access.off_path_m)
    return off_path_m


def _islands(network: WalkNetwork, homes: _Homes, access: Access) -> tuple[Place, ...]:
    """Return the homes on each piece of network that is not the largest, and no scrap that can be left."""
    piece = network.component[network.start]
    length_m = np.bincount(piece, network.length_m)
    best = np.full(len(homes.xy), np.iinfo(np.int32).max, dtype=np.int64)
    np.minimum.at(best, access.point, piece[access.edge])
    apart = np.unique(best[(best > 0) & (best < len(length_m))])
    places = [homes.place(np.flatnonzero(best == number), float(length_m[number])) for number in apart]
    return _most_people_first(places)


def _empty(network: WalkNetwork, homes: _Homes, off_path_m: Floats) -> tuple[Place, ...]:
    """Return the homes with people and hardly any path around, those of one block together.

    Where a path leads to the home itself, little else around it is no gap: a peninsula, the edge of the town.
    """
    path_m = _path_around(network, homes.xy)
    few = path_m < EMPTY_KM_PER_KM2 * 1000 * (BLOCK_M / 1000) ** 2
    bare = np.flatnonzero(few & (off_path_m > BEYOND_M[0]) & (homes.people > 0))
    _, block = np.unique(_cells(homes.xy[bare], BLOCK_M), return_inverse=True)
    blocks = [bare[block == number] for number in range(block.max(initial=-1) + 1)]
    return _most_people_first([homes.place(block, float(np.median(path_m[block]))) for block in blocks])


def _path_around(network: WalkNetwork, xy: Floats) -> Floats:
    """Return the length of paths in the square of `BLOCK_M` around each place, to within half a small cell."""
    middle, length_m = _pieces(network)
    cells, number = np.unique(_cells(middle, BLOCK_M / _ACROSS), return_inverse=True)
    cell_m = np.append(np.bincount(number, length_m), 0.0)
    around = np.zeros(len(xy))
    for step in product(range(-(_ACROSS // 2), _ACROSS // 2 + 1), repeat=2):
        key = _cells(xy + np.array(step) * (BLOCK_M / _ACROSS), BLOCK_M / _ACROSS)
        place = np.searchsorted(cells, key)
        there = np.append(cells, 0)[place] == key
        around += np.where(there, cell_m[place], 0.0)
    return around


def _cells(xy: Floats, side_m: float) -> Integers:
    """Return a number for the square cell in which each place lies."""
    column, row = np.floor(xy / side_m).astype(np.int64).T
    return (column << 32) + row


def _pieces(network: WalkNetwork) -> tuple[Floats, Floats]:
    """Return the middles and lengths of the pieces of all paths, at most `_STEP_M` long."""
    within_edge = np.ones(len(network.shape_xy) - 1, dtype=np.bool_)
    within_edge[network.shape_first[1:-1] - 1] = False
    begin, end = network.shape_xy[:-1][within_edge], network.shape_xy[1:][within_edge]
    length_m = np.hypot(*(end - begin).T)
    count = np.maximum(np.ceil(length_m / _STEP_M), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(begin)), count)
    share = (np.arange(len(owner)) - (np.cumsum(count) - count)[owner] + 0.5) / count[owner]
    return begin[owner] + share[:, None] * (end - begin)[owner], (length_m / count)[owner]


def _most_people_first(places: list[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: (-place.people, place.names)))


def _share_with_paths(network: WalkNetwork, demand: Demand) -> float:
    if demand.shapes is None:
        return math.nan
    outlines = demand.shapes.to_numpy()
    outlines = outlines[shapely.area(outlines) > 0]
    if not len(outlines) or np.median(shapely.area(outlines)) < COMPOUND_M2:
        return math.nan
    served, _ = network.tree.query(outlines, predicate="intersects")
    return len(np.unique(served)) / len(outlines)


def _detour(homes: _Homes, sites: CandidateSites, need: Need, costs: WalkingCosts) -> tuple[float, int]:
    """Return the median over homes of the walk to the nearest site within the standard by its straight line."""
    row = np.repeat(np.arange(len(costs.origins)), np.diff(costs.walk.indptr))
    order = np.lexsort((costs.walk.indices, costs.walk.data, row))
    home, first = np.unique(row[order], return_index=True)
    nearest = order[first]
    at = sites.table.geometry.loc[costs.destinations].get_coordinates().to_numpy()[costs.walk.indices[nearest]]
    straight_m = np.hypot(*(at - homes.xy[home]).T)
    walked_m = costs.walk.data[nearest] / 1000 * need.measured_by.speed_m_s
    far = (straight_m >= DETOUR_FROM_M) & need.standard.met_by(costs.walk.data[nearest])
    return (float(np.median(walked_m[far] / straight_m[far])) if far.any() else math.nan), int(far.sum())


def _quantile(values: Floats, people: Floats, share: float) -> float:
    """Return the value that such a share of the people does not exceed."""
    if not people.sum():
        return math.nan
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(people[order])
    return float(values[order][np.searchsorted(upto, share * upto[-1])])
