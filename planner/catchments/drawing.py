"""Catchments: a picture of the walking costs, drawn from the same search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from planner.catchments.entry import enter
from planner.catchments.ground import Ground, measuring
from planner.catchments.points import checked_points
from planner.catchments.search import (
    Errand,
    neighbours_together,
    only,
    run,
    sources_of,
    targets_beside,
    targets_on,
    together,
    ways,
)
from planner.model import Gates, ServiceStandard, Walker
from planner.network import WalkNetwork
from planner.network.snapping import Access

if TYPE_CHECKING:
    from planner.catchments.cells import Cells
    from planner.catchments.engine import Edges, Slots, Sources

#: Side of a raster cell: finer than a map shows, coarser than a house.
CELL_M = 8.0

#: More milliseconds than any limit.
_FAR = 2**40

#: Neighbours that are drawn at once: bounds the memory.
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
    avoid: shapely.Geometry | None = None,
) -> gpd.GeoDataFrame:
    """Draw the ground from which each point can be reached on foot within a standard.

    Every home that `walking_costs` counts as covered lies inside, up to `max_off_path_m` off the path. The outline is
    at most about two cells (`CELL_M`) outside of what is covered.

    Parameters
    ----------
    network, walker, max_walk_min, max_walk_m, max_off_path_m, gates
        As for `walking_costs`.
    points : GeoSeries or GeoDataFrame of points
        Stations, that is, where the walks end.
    avoid : Geometry, optional
        Cut out of the picture: water, for instance. In the network's system.

    Returns
    -------
    GeoDataFrame
        Index of the points, in the network's system; valid polygons, empty where a point has no path near.
    """
    standard = ServiceStandard(max_walk_min=max_walk_min, max_walk_m=max_walk_m)
    ground = Ground.of(network, measuring(walker, metres=not standard.in_minutes))
    arriving = enter(ground, checked_points(points, network.crs, "points"), max_off_path_m, gates, "points")
    shapes = _draw(ground, arriving.access, len(arriving), standard.limit, max_off_path_m)
    if avoid is not None:
        shapes = shapely.difference(shapes, avoid)
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, index=arriving.ids, crs=network.crs))


def _draw(ground: Ground, stations: Access, count: int, limit: int, max_off_path_m: float) -> npt.NDArray[np.object_]:
    """Draw neighbours together: the cells between them are looked at once."""
    shapes = np.full(count, shapely.MultiPolygon(), dtype=object)
    if not len(stations.edge):
        return shapes
    points, sources = sources_of(ground, stations, toward=True)
    slots, edges = ways(ground, toward=True)
    order = neighbours_together(ground.network, sources)
    for searches in np.array_split(order, -(-len(order) // _TOGETHER)):
        few = only(sources, searches)
        cells = _cells(ground, slots, edges, few, limit, max_off_path_m)
        errand = Errand(slots, edges, few, targets_beside(ground.network, cells), toward=True)
        shapes[points[searches]] = _outlines(ground.network, errand, cells, limit)
    return shapes


def _outlines(network: WalkNetwork, errand: Errand, cells: Cells, limit: int) -> npt.NDArray[np.object_]:
    from planner.catchments.outline import outlines
    from planner.network.segments import segments_of

    found = run(errand, np.arange(len(errand.sources.first) - 1), limit)
    first = np.concatenate([[0], np.cumsum(found.counts)])
    west, south, _ = segments_of(network).corner
    return outlines(cells.column[found.target], cells.row[found.target], first, (west, south), CELL_M)


def _cells(ground: Ground, slots: Slots, edges: Edges, sources: Sources, limit: int, max_off_path_m: float) -> Cells:
    """Return the cells from which any of the stations may be within the limit."""
    from planner.catchments.cells import Beside, gather_cells
    from planner.network.segments import segments_of

    on_from_start, on_from_end = _walks_on(ground, slots, edges, together(sources), limit)
    on_from_start[sources.edge] = on_from_end[sources.edge] = -_FAR
    return gather_cells(
        segments_of(ground.network),
        Beside(
            ground.open_edges,
            on_from_start,
            on_from_end,
            ground.ms,
            ground.ms_back,
            shapely.length(ground.network.lines),
            1000.0 / ground.walker.speed_m_s,
            float(max_off_path_m),
            CELL_M,
            limit,
        ),
    )


def _walks_on(
    ground: Ground, slots: Slots, edges: Edges, sources: Sources, limit: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the walks from the start and from the end of each edge to the nearest station within the limit."""
    edge = np.flatnonzero(ground.open_edges)
    nothing = np.zeros(len(edge), dtype=np.int64)
    ends = targets_on(
        ground.network,
        np.concatenate([edge, edge]),
        np.concatenate([2 * edge, 2 * edge + 1]),
        np.concatenate([nothing, ground.ms_back[edge]]),
        np.concatenate([ground.ms[edge], nothing]),
    )
    found = run(Errand(slots, edges, sources, ends, True), np.zeros(1, np.int64), limit)
    walks = np.full(2 * ground.network.edge_count, _FAR, dtype=np.int64)
    walks[found.target] = found.walk
    return walks[0::2].copy(), walks[1::2].copy()
