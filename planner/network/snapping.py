"""Where a point gets onto the paths: the nearest place on a path, not the nearest junction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
    """

    point: Ints
    edge: Ints
    fraction: Floats
    off_path_m: Floats
    gate: Ints

    @classmethod
    def joined(cls, parts: list[Access]) -> Access:
        """Return the accesses of several parts as one, sorted by point, edge and fraction."""
        parts = [_none(), *parts]
        point, edge, fraction, off_path_m, gate = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("point", "edge", "fraction", "off_path_m", "gate")
        )
        order = np.lexsort((fraction, edge, point))
        return cls(point[order], edge[order], fraction[order], off_path_m[order], gate[order])

    def of(self, points: Ints) -> Access:
        """Return the same accesses for points that stand elsewhere: place k becomes `points[k]`."""
        return Access(points[self.point], self.edge, self.fraction, self.off_path_m, self.gate)


def snap(network: WalkNetwork, xy: Floats, *, open_edges: Bools | None = None, max_off_path_m: float = 200.0) -> Access:
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

    Returns
    -------
    Access
        The smallest edge number where two are equally near.
    """
    if not network.edge_count or not len(xy):
        return _none()
    from planner.network.segments import nearest_places, segments_of

    wanted = np.ones(network.edge_count, dtype=np.bool_) if open_edges is None else open_edges
    edge, fraction, off_path_m = nearest_places(
        segments_of(network), np.ascontiguousarray(xy, dtype=np.float64), wanted, float(max_off_path_m)
    )
    point = np.flatnonzero(edge >= 0)
    no_gate = np.full(len(point), -1, dtype=np.intp)
    return Access(point, edge[point].astype(np.intp), fraction[point], off_path_m[point], no_gate)


def _none() -> Access:
    return Access(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0), np.empty(0), np.empty(0, np.intp))
