"""Catchments: a picture of the walking costs, drawn from the same search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from planner.catchments.entry import enter
from planner.catchments.points import checked_points
from planner.catchments.search import (
    Errand,
    Ground,
    find_pairs,
    measuring,
    neighbours_together,
    run,
    sources_of,
    targets_on,
    ways,
)
from planner.model import Gates, ServiceStandard, Walker
from planner.network import WalkNetwork
from planner.network.snapping import Access

if TYPE_CHECKING:
    from planner.catchments.cells import Cells

#: Side of a raster cell: finer than a map shows, coarser than a house.
CELL_M = 8.0

#: Points whose catchments are searched before they are drawn: bounds the memory.
_AT_ONCE = 32


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
    """Find the cells from which each station is reached, and draw the line around them."""
    shapes = np.full(count, shapely.Polygon(), dtype=object)
    if not len(stations.edge):
        return shapes
    from planner.catchments.outline import outline
    from planner.network.segments import segments_of

    west, south, _ = segments_of(ground.network).corner
    points, sources = sources_of(ground, stations, toward=True)
    slots, edges = ways(ground, toward=True)
    order = neighbours_together(ground.network, sources)
    cells = _cells(ground, stations, limit, max_off_path_m)
    targets = targets_on(ground.network, cells.edge, cells.cell, cells.to_start, cells.to_end)
    errand = Errand(slots, edges, sources, targets, toward=True)
    for searches in np.array_split(order, -(-len(order) // _AT_ONCE)):
        found = run(errand, searches, limit)
        inside = np.split(found.target, np.cumsum(found.count)[:-1])
        for station, cell in zip(points[searches], inside, strict=True):
            shapes[station] = outline(cells.column[cell], cells.row[cell], (west, south), CELL_M)
    return shapes


def _cells(ground: Ground, stations: Access, limit: int, max_off_path_m: float) -> Cells:
    """Return the cells near the edges from which any of the stations is reached."""
    from planner.catchments.cells import gather_cells
    from planner.network.segments import segments_of

    network, open_edges = ground.network, ground.open_edges
    edge = np.flatnonzero(open_edges)
    ends = Access(np.repeat(edge, 2), np.repeat(edge, 2), np.tile([0.0, 1.0], len(edge)), np.zeros(2 * len(edge)))
    reached = np.zeros(network.edge_count, dtype=np.bool_)
    reached[find_pairs(ground, ends, stations, limit, toward=True).origin] = True
    reached[stations.edge] = True
    return gather_cells(
        segments_of(network),
        open_edges,
        reached,
        ground.ms,
        ground.ms_back,
        shapely.length(network.lines),
        1000.0 / ground.walker.speed_m_s,
        float(max_off_path_m),
        CELL_M,
        limit,
    )
