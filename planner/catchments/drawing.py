"""Catchments: a picture of the walking costs, drawn from the same search."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from planner.catchments.artist import draw_grounds
from planner.catchments.cells import CELL_M, Surrounded
from planner.catchments.costs import walking_costs
from planner.catchments.directions import grounds_of
from planner.catchments.entry import enter
from planner.catchments.ground import Ground, measuring
from planner.catchments.indoors import with_own_compounds
from planner.catchments.points import checked_points
from planner.model import Barriers, Compounds, Direction, Gates, ServiceStandard, Walker
from planner.model.walking import checked_direction
from planner.network import WalkNetwork

Shapes = npt.NDArray[np.object_]

__all__ = ["CELL_M", "draw_catchments"]

#: Cells that are drawn around what is covered where no homes are given. With one, a home in a rounded corner of the
#: outline, or on a strip of ground narrower than a cell, may be left outside: 1 in 3,000 on the streets of Porto.
RIMS = 2


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
    compounds: Compounds | None = None,
    direction: Direction = "to_station",
) -> gpd.GeoDataFrame:
    """Draw the ground from which each point can be reached on foot within a standard.

    The ground is looked at in cells of `CELL_M`. A cell belongs to it exactly if a home without further attributes at
    its centre is covered, as `walking_costs` counts; within the boundary of a walled compound, if one of its homes is.
    Cells in water are left out. The outline runs halfway between the centres that belong to it and those that do not.
    Every covered home lies inside: those of `homes`, for which a dot is added where it is needed; or, where no homes
    are given, any home, for which `RIMS` cells more are drawn all around, as far as no barrier is between.

    Parameters
    ----------
    network, walker, max_walk_min, max_walk_m, max_off_path_m, gates, barriers, direction
        As for `walking_costs`.
    points : GeoSeries or GeoDataFrame of points
        Stations, that is, where the walks end.
    avoid : Geometry, optional
        Cut out of the picture: water, for instance. In the network's system.
    homes : GeoSeries or GeoDataFrame of points, optional
        Where walks begin: those that are covered get at least a dot.
    compounds : Compounds, optional
        Ground within the boundary of a walled one is left as its homes leave it: over its own paths, or through its
        gates. Of compounds that overlap the smaller one is taken.

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
    around = Surrounded(float(max_off_path_m), gates, barriers, compounds)
    rims = RIMS if homes is None else 0
    shapes = draw_grounds(grounds_of(ground, direction), arriving.access, len(arriving), standard.limit, around, rims)
    shapes = with_own_compounds(shapes, ground, arriving, standard.limit, around, rims)
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
