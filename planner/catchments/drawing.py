"""Catchments: a picture of the walking costs, drawn from the same search."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from planner.catchments.arrays import Sources, Targets
from planner.catchments.costs import walking_costs
from planner.catchments.directions import grounds_of
from planner.catchments.entry import enter
from planner.catchments.ground import Ground, measuring
from planner.catchments.points import checked_points
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
from planner.model import Barriers, Direction, Gates, ServiceStandard, Walker
from planner.model.walking import checked_direction
from planner.network import WalkNetwork
from planner.network.snapping import Access

if TYPE_CHECKING:
    from planner.catchments.cells import Cells

Shapes = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

#: Side of a raster cell: finer than a map of a catchment shows.
CELL_M = 8.0

#: More milliseconds than any limit.
_FAR = 2**40

#: Neighbours that are drawn at once: the cells between them are looked at once; bounds the memory.
_TOGETHER = 64


def draw_catchments(
    network: WalkNetwork,
    points: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    max_walk_min: float | None = None,
    *,
    max_walk_m: float | None = None,
    max_off_path_m: float = 200.0,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
    avoid: shapely.Geometry | None = None,
    homes: gpd.GeoSeries | gpd.GeoDataFrame | None = None,
    direction: Direction = "to_station",
) -> gpd.GeoDataFrame:
    """Draw the ground from which each point can be reached on foot within a standard.

    Every home that `walking_costs` counts as covered lies inside, up to `max_off_path_m` off the path. Three kinds of
    homes need `homes` for that: those that leave through the gates of their compound, those that have a barrier no
    further than their path, and those within `avoid`. The ground near a barrier belongs to the nearest path in sight of
    its cell's centre, or to none; cells in water are left out. The outline runs about one and a half cells (`CELL_M`)
    outside of what is covered, further where time depends steeply on the place, as beside steps; holes smaller than
    four cells are filled. Homes that get onto the paths at a passage for residents are drawn as such.

    Parameters
    ----------
    network, walker, max_walk_min, max_walk_m, max_off_path_m, gates, barriers, direction
        As for `walking_costs`. For round trips the ground is drawn from which one leg is within the standard and none
        longer than a round trip within it can have: where both legs differ that is a little more than what is covered.
    points : GeoSeries or GeoDataFrame of points
        Stations, that is, where the walks end.
    avoid : Geometry, optional
        Cut out of the picture: water, for instance. In the network's system.
    homes : GeoSeries or GeoDataFrame of points, optional
        Where walks begin: those that are covered get at least a dot.

    Returns
    -------
    GeoDataFrame
        Index of the points, in the network's system; valid polygons, empty where a point has no path near.

    Raises
    ------
    CrsError, TableError, InputError
        If points, ids or the standard cannot be used.
    """
    direction = checked_direction(direction)
    standard = ServiceStandard(max_walk_min=max_walk_min, max_walk_m=max_walk_m)
    ground = Ground.of(network, measuring(walker, metres=not standard.in_minutes))
    arriving = enter(ground, checked_points(points, network.crs, "points"), max_off_path_m, gates, "points", barriers)

    def drawn(leg: Ground, limit: int) -> Shapes:
        return _draw(leg, arriving.access, len(arriving), limit, max_off_path_m, barriers)

    shapes = _each_way(grounds_of(ground, direction), standard.limit, drawn)
    if avoid is not None:
        shapes = shapely.difference(shapes, avoid)
    if homes is not None:
        costs = walking_costs(
            network,
            homes,
            points,
            walker,
            max_walk_min,
            max_walk_m=max_walk_m,
            max_off_path_m=max_off_path_m,
            gates=gates,
            barriers=barriers,
            direction=direction,
        )
        dots = shapely.buffer(shapely.points(checked_points(homes, network.crs, "homes").xy), CELL_M)
        shapes = _with_dots(shapes, dots, costs.walk.tocsc())
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, index=arriving.ids, crs=network.crs))


def _each_way(legs: tuple[Ground, ...], limit: int, drawn: Callable[[Ground, int], Shapes]) -> Shapes:
    """Draw one leg; or where one of two is within the limit and none is longer than the half of both allows."""
    if len(legs) == 1:
        return drawn(legs[0], limit)
    there, back = legs
    longest = there.longest_leg(limit)
    one_near = shapely.union(drawn(there, limit), drawn(back, limit))
    none_far = shapely.intersection(drawn(there, longest), drawn(back, longest))
    both: Shapes = shapely.buffer(shapely.intersection(one_near, none_far), 0)
    return both


def _with_dots(shapes: Shapes, dots: Shapes, walk: sparse.csc_array) -> Shapes:
    """Add the dots of covered homes that a shape does not hold."""
    held = shapes.copy()
    for station in range(len(shapes)):
        covered = dots[walk.indices[walk.indptr[station] : walk.indptr[station + 1]]]
        shapely.prepare(shapes[station])
        outside = covered[~shapely.contains_properly(shapes[station], shapely.centroid(covered))]
        if len(outside):
            held[station] = shapely.union_all([shapes[station], *outside])
    return held


def _draw(
    ground: Ground, stations: Access, count: int, limit: int, max_off_path_m: float, barriers: Barriers | None
) -> Shapes:
    """Draw what is reached over longer paths; around stations on a scrap of path, what is reached over that too."""
    artist = _Artist(ground, ground.open_edges & ~ground.scraps, limit, max_off_path_m, barriers)
    shapes = _draw_together(artist, stations, count)
    on_scrap = np.isin(stations.point, stations.point[ground.scraps[stations.edge]])
    if on_scrap.any():
        artist = _Artist(ground, ground.open_edges, limit, max_off_path_m, barriers)
        shapes = shapely.union(shapes, _draw_together(artist, stations.only(on_scrap), count))
    return shapes


def _draw_together(artist: _Artist, stations: Access, count: int) -> Shapes:
    """Draw neighbours together, on as many threads as there are cores."""
    shapes = np.full(count, shapely.MultiPolygon(), dtype=object)
    if not len(stations.edge):
        return shapes
    ground = artist.ground
    points, sources = sources_of(ground, stations, toward=True)
    wait_for(LAST)
    order = neighbours_together(ground.network, sources)
    artist.look_around(sources)
    parts = np.array_split(order, max(-(-len(order) // _TOGETHER), min(cores(), len(order) // 8)))
    with ThreadPoolExecutor(min(cores(), len(parts))) as pool:
        for part, drawn in zip(parts, pool.map(artist.draw, (only(sources, part) for part in parts)), strict=True):
            shapes[points[part]] = drawn
    return shapes


class _Artist:
    """Draws the catchments of stations, neighbours together, for homes that set out over the usable edges."""

    def __init__(
        self, ground: Ground, usable: Bools, limit: int, max_off_path_m: float, barriers: Barriers | None
    ) -> None:
        from planner.catchments.cells import surroundings_of

        self.ground, self.usable, self.limit = ground, usable, limit
        self.slots, self.edges = ways(ground, toward=True)
        self.surroundings = surroundings_of(ground, usable, max_off_path_m, barriers, CELL_M)
        self.ends = self._ends()
        self.cells: Cells | None = None

    def look_around(self, stations: Sources) -> None:
        """Find the cells around all stations at once, if that is not too much."""
        blocks = self._blocks(stations, self._run(together(stations)))
        if self.surroundings.few(blocks):
            self.cells = self.surroundings.cells(blocks, cores())

    def draw(self, stations: Sources) -> Shapes:
        """Find the cells from which each station is reached, and draw the line around them."""
        from planner.catchments.outline import outline, polygons
        from planner.catchments.painting import FAR

        found = self._run(stations)
        cells = self.cells or self.surroundings.cells(self._blocks(stations, found), 1)
        labels = np.full(2 * self.ground.network.edge_count, FAR, dtype=np.int64)
        first = np.concatenate([[0], np.cumsum(found.counts)])
        outlined = [
            outline(*self._painted(cells, stations, station, found, slice(*first[station : station + 2]), labels))
            for station in range(len(found.counts))
        ]
        return polygons(outlined, self.surroundings.segments.corner[:2], CELL_M)

    def _painted(
        self, cells: Cells, stations: Sources, station: int, found: Found, here: slice, labels: Integers
    ) -> tuple[Bools, Integers]:
        """Return the corners of the cells from which a station is reached, and where the first of them stands."""
        from planner.catchments.painting import paint

        own = stations.access[stations.first[station] : stations.first[station + 1]]
        target, walk = np.ascontiguousarray(found.target[here]), np.ascontiguousarray(found.walk[here])
        edges, walks = np.append(target >> 1, own["edge"]), np.append(walk, np.zeros(len(own), np.int64))
        corner, corners = self.surroundings.canvas(edges, self.limit - walks)
        ways_out = (cells.first, cells.by_edge, cells.way)
        paint(*ways_out, target, walk, labels, own, self.edges, np.int64(self.limit), corner, corners)
        return corners, corner

    def _blocks(self, stations: Sources, found: Found) -> Bools:
        """Return the blocks of cells from which any of the stations may be within the limit."""
        least = np.full(self.ground.network.edge_count, _FAR, dtype=np.int64)
        np.minimum.at(least, found.target >> 1, found.walk)
        least[stations.access["edge"]] = 0
        return self.surroundings.blocks(least, self.limit)

    def _ends(self) -> Targets:
        """Return the start of each edge e as target 2e, and its end as 2e + 1."""
        edge = np.flatnonzero(self.usable)
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
