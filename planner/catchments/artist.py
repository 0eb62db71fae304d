"""Draws catchments: searches from the stations, writes the walks into the cells, and outlines what is near enough."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from planner.catchments.arrays import Sources, Targets
from planner.catchments.cells import CELL_M, LONGEST_MS, Cells, Surrounded, surroundings_of
from planner.catchments.ground import Ground
from planner.catchments.search import (
    Errand,
    Found,
    cores,
    neighbours_together,
    only,
    run,
    sources_of,
    targets_on,
    together,
    ways,
)
from planner.first_run import LAST, wait_for
from planner.network.sight import Places, xy_of
from planner.network.snapping import Access

Shapes = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

#: More milliseconds than any limit.
_FAR = 2**40

#: Neighbours that are drawn at once: bounds the memory.
_TOGETHER = 64


def draw_grounds(
    legs: tuple[Ground, ...], stations: Access, count: int, limit: int, around: Surrounded, rims: int
) -> npt.NDArray[np.object_]:
    """Return the ground from which each of some stations is reached within a limit; empty without an access.

    Parameters
    ----------
    legs : tuple of Ground
        One, or two for round trips: then half of both, rounded up, counts.
    stations : Access
    count : int
        The number of stations.
    limit : int
        Milliseconds.
    around : Surrounded
    rims : int
        How many times the cells around those that are reached are drawn as well.
    """
    shapes = np.full(count, shapely.MultiPolygon(), dtype=object)
    if not len(stations.edge):
        return shapes
    wait_for(LAST)
    longest = limit if len(legs) == 1 else legs[0].longest_leg(limit)
    artists = tuple(_Leg(ground, stations, longest, around) for ground in legs)
    points, order = artists[0].points, neighbours_together(legs[0].network, artists[0].sources)
    parts = np.array_split(order, max(-(-len(order) // _TOGETHER), min(cores(), len(order) // 8)))
    steps = _doorsteps(legs[0], stations, limit, artists[0].surroundings.corner_m)

    def draw(part: Integers) -> Shapes:
        return _draw(artists, part, limit, [steps.get(point, _NOWHERE) for point in points[part].tolist()], rims)

    with ThreadPoolExecutor(min(cores(), len(parts))) as pool:
        for part, drawn in zip(parts, pool.map(draw, parts), strict=True):
            shapes[points[part]] = drawn
    return shapes


class _Reached(NamedTuple):
    """What the searches of one leg found: the stations, their walks, where each one's begin, and the cells around."""

    stations: Sources
    found: Found
    first: Integers
    cells: Cells
    labels: Integers


class _Leg:
    """One direction of the walks to some stations."""

    def __init__(self, ground: Ground, stations: Access, limit: int, around: Surrounded) -> None:
        self.ground, self.limit = ground, limit
        self.points, self.sources = sources_of(ground, stations, toward=True)
        self.slots, self.edges = ways(ground, toward=True)
        self.surroundings = surroundings_of(ground, around)
        self.ends = self._ends()
        self.cells = self._look_around()

    def search(self, part: Integers) -> _Reached:
        """Search from some of the stations."""
        from planner.catchments.painting import FAR

        stations = only(self.sources, part)
        found = self._run(stations)
        cells = self.cells or self.surroundings.cells(self._blocks(stations, found), 1)
        labels = np.full(2 * self.ground.network.edge_count, FAR, dtype=np.int64)
        return _Reached(stations, found, np.concatenate([[0], np.cumsum(found.counts)]), cells, labels)

    def canvas(self, reached: _Reached, station: int) -> tuple[Integers, Integers]:
        """Return the first cell and the size of what one station can be reached from."""
        own, target, walk = self._one(reached, station)
        edges, walks = np.append(target >> 1, own["edge"]), np.append(walk, np.zeros(len(own), np.int64))
        return self.surroundings.canvas(edges, self.limit - walks)

    def paint(self, reached: _Reached, station: int, corner: Integers, size: Integers) -> npt.NDArray[np.int32]:
        """Return the walk from each cell of a canvas to one station."""
        from planner.catchments.painting import paint

        own, target, walk = self._one(reached, station)
        walks = np.full(size, LONGEST_MS, dtype=np.int32)
        paint(reached.cells.first, reached.cells.way, target, walk, reached.labels, own, self.edges, corner, walks)
        return walks

    def _one(self, reached: _Reached, station: int) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32], Integers]:
        stations, found, first = reached.stations, reached.found, reached.first
        own = stations.access[stations.first[station] : stations.first[station + 1]]
        here = slice(first[station], first[station + 1])
        return own, np.ascontiguousarray(found.target[here]), np.ascontiguousarray(found.walk[here])

    def _look_around(self) -> Cells | None:
        """Find the cells around all stations at once, if that is not too much."""
        blocks = self._blocks(self.sources, self._run(together(self.sources)))
        return self.surroundings.cells(blocks, cores()) if self.surroundings.few(blocks) else None

    def _blocks(self, stations: Sources, found: Found) -> Bools:
        """Return the blocks of cells from which any of the stations may be within the limit."""
        least = np.full(self.ground.network.edge_count, _FAR, dtype=np.int64)
        np.minimum.at(least, found.target >> 1, found.walk)
        least[stations.access["edge"]] = 0
        return self.surroundings.blocks(least, self.limit)

    def _ends(self) -> Targets:
        """Return the start of each edge e as target 2e, and its end as 2e + 1."""
        edge = np.flatnonzero(self.ground.open_edges)
        nothing = np.zeros(len(edge), dtype=np.int64)
        return targets_on(
            self.ground.network,
            np.concatenate([edge, edge]),
            np.concatenate([2 * edge, 2 * edge + 1]),
            np.concatenate([nothing, self.ground.ms_back[edge]]),
            np.concatenate([self.ground.ms[edge], nothing]),
        )

    def _run(self, sources: Sources) -> Found:
        errand = Errand(self.slots, self.edges, sources, self.ends, toward=True)
        return run(errand, np.arange(len(sources.first) - 1), self.limit, threads=1)


#: No cell.
_NOWHERE = np.empty((0, 2), np.int64)


def _doorsteps(ground: Ground, stations: Access, limit: int, corner_m: npt.NDArray[np.float64]) -> dict[int, Integers]:
    """Return for each station the cells of its places on paths, column and row: its ground may hold no centre."""
    near = np.flatnonzero(ground.off_path_ms(stations) <= limit)
    places = Places(stations.edge[near], stations.fraction[near], stations.off_path_m[near])
    cells = np.floor((xy_of(ground.network, places) - corner_m) / CELL_M).astype(np.int64)
    points, first = np.unique(stations.point[near], return_index=True)
    return dict(zip(points.tolist(), np.split(cells, first)[1:], strict=True))


def _draw(legs: tuple[_Leg, ...], part: Integers, limit: int, doorsteps: list[Integers], rims: int) -> Shapes:
    """Draw the ground around some stations."""
    from planner.catchments.outline import outline, polygons

    reached = [leg.search(part) for leg in legs]
    outlined = []
    for station in range(len(part)):
        canvases = [leg.canvas(each, station) for leg, each in zip(legs, reached, strict=True)]
        corner = np.min([low for low, _ in canvases], axis=0)
        size = np.max([low[::-1] + size for low, size in canvases], axis=0) - corner[::-1]
        walks = [leg.paint(each, station, corner, size) for leg, each in zip(legs, reached, strict=True)]
        covered = _within(walks, limit)
        if rims:
            row_and_column = (doorsteps[station] - corner)[:, ::-1]
            covered[tuple(row_and_column.T)] = True
            covered = legs[0].surroundings.with_rims(covered, corner, rims)
        outlined.append(outline(covered, corner))
    return polygons(outlined, legs[0].surroundings.corner_m, CELL_M)


def _within(walks: list[npt.NDArray[np.int32]], limit: int) -> Bools:
    """Return from which cells the walk is within the limit; there and back half of both, rounded up, counts."""
    within: Bools
    if len(walks) == 1:
        within = walks[0] <= min(limit, LONGEST_MS - 1)
        return within
    there, back = (each.astype(np.int64) for each in walks)
    within = ((there + back + 1) // 2 <= limit) & (there < LONGEST_MS) & (back < LONGEST_MS)
    return within
