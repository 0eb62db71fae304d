"""Round a barrier: the nearest place on a path that no water, railway or wall hides from a point.

Paths are looked at in straight pieces of at most `PIECE_M`. What counts is the nearest place of each piece: where that
is hidden, the piece is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from planner.first_run import wait_for
from planner.network.obstacles import Bools, Floats, Obstacles
from planner.network.segments import segments_of
from planner.network.walk_network import WalkNetwork


class Places(NamedTuple):
    """For each point a place on a path: edge (-1 where there is none), fraction along it and distance."""

    edge: npt.NDArray[np.integer]
    fraction: Floats
    off_path_m: Floats


def places_in_sight(
    network: WalkNetwork, xy: Floats, wanted: Bools, max_m: float, obstacles: Obstacles, doorway_m: float
) -> Places:
    """Return for each point the nearest place that is not hidden.

    Parameters
    ----------
    network : WalkNetwork
    xy : array of float64, shape (points, 2)
    wanted : array of bool, shape (edges,)
    max_m : float
        The limit itself counts.
    obstacles : Obstacles
    doorway_m : float
        Walls crossed this near to a point do not bar.
    """
    from planner.network.seeing import see_places

    wait_for("see_places")
    edge, fraction, off_path_m = np.full(len(xy), -1, dtype=np.int32), np.zeros(len(xy)), np.zeros(len(xy))
    standing = obstacles.waters_around(xy)
    barring = obstacles.barring(float(doorway_m))
    see_places(segments_of(network), barring, xy, standing, wanted, float(max_m), edge, fraction, off_path_m)
    return Places(edge, fraction, off_path_m)


def xy_of(network: WalkNetwork, places: Places) -> Floats:
    """Return where places on paths lie."""
    return shapely.get_coordinates(
        shapely.line_interpolate_point(network.lines[places.edge], places.fraction, normalized=True)
    )
