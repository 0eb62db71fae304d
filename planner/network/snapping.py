"""Where a point gets onto the paths: the nearest place on a path, not the nearest junction."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.model import Barriers
from planner.network.obstacles import obstacles_of
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Access:
    """Places where points get onto the paths, sorted by point. A point may have none, one or several.

    Parameters
    ----------
    point : array of intp, shape (accesses,)
        Position of the point.
    edge : array of intp, shape (accesses,)
    fraction : array of float64, shape (accesses,)
        Where on the edge: 0 at its start, 1 at its end, measured along its shape.
    off_path_m : array of float64, shape (accesses,)
        Metres walked between the point and that place.
    gate : array of intp, shape (accesses,)
        Position of the gate through which a straight walk out of a compound leads; -1 for all others.
    before_ms : array of int64, shape (accesses,)
        Milliseconds spent before the walk begins, inside the building; 0 where not given.
    """

    point: Ints
    edge: Ints
    fraction: Floats
    off_path_m: Floats
    gate: Ints
    before_ms: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        """Nothing is spent before the walk unless somebody says so."""
        if len(self.before_ms) != len(self.point):
            object.__setattr__(self, "before_ms", np.zeros(len(self.point), np.int64))

    @classmethod
    def joined(cls, parts: list[Access]) -> Access:
        """Return the accesses of several parts as one, sorted by point, edge and fraction."""
        parts = [part for part in parts if len(part.point)] or [_none()]
        if len(parts) == 1 and (parts[0].point[1:] > parts[0].point[:-1]).all():
            return parts[0]
        whole = cls(*(np.concatenate([getattr(part, name.name) for part in parts]) for name in fields(cls)))
        return whole.only(np.lexsort((whole.fraction, whole.edge, whole.point)))

    def only(self, chosen: Bools | Ints) -> Access:
        """Return some of the accesses, chosen by a mask or by position."""
        return Access(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def of(self, points: Ints) -> Access:
        """Return the same accesses for points that stand elsewhere: place k becomes `points[k]`."""
        return replace(self, point=points[self.point])

    def after(self, building_ms: npt.NDArray[np.int64]) -> Access:
        """Return the same accesses for points where the walk begins so many milliseconds later, shape (points,)."""
        return replace(self, before_ms=building_ms[self.point])


def snap(
    network: WalkNetwork,
    xy: Floats,
    *,
    open_edges: Bools | None = None,
    max_off_path_m: float = 200.0,
    barriers: Barriers | None = None,
    doorway_m: float = 0.0,
    scraps: Bools | None = None,
) -> Access:
    """Return for each point the nearest place on a path; a point with no path within reach has no access.

    Parameters
    ----------
    network : WalkNetwork
    xy : array of float64, shape (points, 2)
        In the network's system.
    open_edges : array of bool, shape (edges,), optional
        Only these edges are looked at: those the walker can pass.
    max_off_path_m : float
        The limit itself counts.
    barriers : Barriers, optional
        The straight line to the place does not lead across them; see `planner.network.sight`.
    doorway_m : float
        Walls crossed this near to a point do not bar: gates are not always drawn on the line of their wall.
    scraps : array of bool, shape (edges,), optional
        A point whose nearest place is on one of these edges has a second access, to the nearest place on another
        edge; see `planner.network.scraps`.

    Returns
    -------
    Access
        The smallest edge number where two are equally near.
    """
    if not network.edge_count or not len(xy):
        return _none()
    from planner.network.segments import nearest_places, segments_of
    from planner.network.sight import places_in_sight

    wanted = np.ones(network.edge_count, dtype=np.bool_) if open_edges is None else open_edges
    xy = np.ascontiguousarray(xy, dtype=np.float64)
    obstacles = None if barriers is None else obstacles_of(barriers, network.crs)
    edge: npt.NDArray[np.integer[Any]]
    if obstacles is None or not len(obstacles):
        edge, fraction, off_path_m = nearest_places(segments_of(network), xy, wanted, float(max_off_path_m))
    else:
        edge, fraction, off_path_m = places_in_sight(network, xy, wanted, max_off_path_m, obstacles, doorway_m)
    point = np.flatnonzero(edge >= 0)
    no_gate = np.full(len(point), -1, dtype=np.intp)
    nearest = Access(point, edge[point].astype(np.intp), fraction[point], off_path_m[point], no_gate)
    if scraps is None or not scraps[nearest.edge].any():
        return nearest
    beside = nearest.point[scraps[nearest.edge]]
    onward = snap(
        network,
        xy[beside],
        open_edges=wanted & ~scraps,
        max_off_path_m=max_off_path_m,
        barriers=barriers,
        doorway_m=doorway_m,
    )
    return Access.joined([nearest, onward.of(beside)])


def kinds_between(network: WalkNetwork, xy: Floats, access: Access, barriers: Barriers) -> Bools:
    """Return which kinds of barriers lie between each access's point and its place: shape (accesses, kinds)."""
    from planner.network.sight import Places, xy_of

    obstacles, begin = obstacles_of(barriers, network.crs), xy[access.point]
    end = xy_of(network, Places(access.edge, access.fraction, access.off_path_m))
    return obstacles.kinds_between(begin, end, obstacles.waters_around(begin))


def _none() -> Access:
    return Access(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0), np.empty(0), np.empty(0, np.intp))
