"""Where gates are assumed in a boundary that no path crosses: beside the paths that run closest to it, one a side."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planner.bilingual import Text
from planner.model import Barriers, Parameter
from planner.network.sight import Places, xy_of
from planner.network.snapping import snap
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]

#: A side of a compound has a gate if a public path runs within this distance of it: half a wide street and its verge.
BESIDE_M = 50.0

#: Places on a boundary that are looked at stand no further apart.
_STEP_M = 10.0

#: Among places as near to a path as this the one in their middle is taken.
_AS_NEAR_M = 1.0

BESIDE_PARAMETER = Parameter(
    "gates.beside_m",
    Text("假定出入口与公共道路的最大距离", "furthest distance between an assumed gate and a public path"),
    f"{BESIDE_M:g} m",
    Text("本软件取值，无标准规定", "chosen by this software; no standard names it"),
    "chosen",
)


def places_beside_paths(
    network: WalkNetwork, polygons: Shapes, public: Bools, barriers: Barriers | None
) -> list[Floats]:
    """Return for each polygon the places on its boundary that public paths in sight run closest to, one a side.

    The sides are those of the smallest rectangle around it. A place belongs to the side towards which its nearest path
    lies, so that a street which only passes a corner gives a gate to one side.

    Parameters
    ----------
    network : WalkNetwork
    polygons : array of Polygon or MultiPolygon, shape (polygons,)
    public : array of bool, shape (edges,)
    barriers : Barriers, optional
        No path is seen across them.

    Returns
    -------
    list of arrays of float64, shape (places, 2)
        At most four a polygon, from west to east; none where no path is within `BESIDE_M`.
    """
    xy, owner = shapely.get_coordinates(shapely.segmentize(shapely.boundary(polygons), _STEP_M), return_index=True)
    near = snap(network, xy, open_edges=public, max_off_path_m=BESIDE_M, barriers=barriers)
    toward = xy_of(network, Places(near.edge, near.fraction, near.off_path_m)) - xy[near.point]
    of = owner[near.point]
    return [
        _one_a_side(polygon, xy[near.point[of == k]], toward[of == k], near.off_path_m[of == k])
        for k, polygon in enumerate(polygons)
    ]


def _one_a_side(polygon: shapely.Geometry, xy: Floats, toward: Floats, off_path_m: Floats) -> Floats:
    """Return the place of each side that a path runs closest to; of several the one in their middle."""
    outwards = _outwards(polygon)
    centre = shapely.get_coordinates(shapely.centroid(polygon))[0]
    on_a_path = off_path_m <= _AS_NEAR_M
    side = np.argmax(np.where(on_a_path[:, None], xy - centre, toward) @ outwards.T, axis=1)
    chosen = []
    for number in np.unique(side):
        own = side == number
        nearest = xy[own & (off_path_m <= off_path_m[own].min() + _AS_NEAR_M)]
        apart_m = np.round(np.hypot(*(nearest - nearest.mean(axis=0)).T), 3)
        chosen.append(nearest[np.lexsort((nearest[:, 1], nearest[:, 0], apart_m))[0]])
    places = np.array(chosen).reshape(-1, 2)
    return places[np.lexsort((places[:, 1], places[:, 0]))]


def _outwards(polygon: shapely.Geometry) -> Floats:
    """Return the four directions out of the smallest rectangle around a polygon, each of length 1."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))[:3]
    along = np.diff(corners, axis=0)
    along /= np.hypot(*along.T)[:, None]
    return np.concatenate([along, -along])
