"""Where a point gets onto the paths: the nearest place on a path, not the nearest junction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

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
    """

    point: Ints
    edge: Ints
    fraction: Floats
    off_path_m: Floats

    @classmethod
    def joined(cls, parts: list[Access]) -> Access:
        """Return the accesses of several parts as one, sorted by point, edge and fraction."""
        point, edge, fraction, off_path_m = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("point", "edge", "fraction", "off_path_m")
        )
        order = np.lexsort((fraction, edge, point))
        return cls(point[order], edge[order], fraction[order], off_path_m[order])

    def of(self, points: Ints) -> Access:
        """Return the same accesses for points that stand elsewhere: place k becomes `points[k]`."""
        return Access(points[self.point], self.edge, self.fraction, self.off_path_m)


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
    edges = np.arange(network.edge_count) if open_edges is None else np.flatnonzero(open_edges)
    if not len(edges) or not len(xy):
        return _none()
    whole = len(edges) == network.edge_count
    tree = network.tree if whole else shapely.STRtree(network.lines[edges])
    points = shapely.points(xy)
    (point, near), off_path_m = tree.query_nearest(
        points, max_distance=np.nextafter(max_off_path_m, np.inf), return_distance=True
    )
    kept = off_path_m <= max_off_path_m
    point, edge, off_path_m = point[kept], edges[near[kept]], off_path_m[kept]
    order = np.lexsort((edge, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    point, edge, off_path_m = point[first], edge[first], off_path_m[first]
    return Access(point, edge, _fraction_along(network.lines[edge], points[point]), off_path_m)


def _fraction_along(lines: npt.NDArray[np.object_], points: npt.NDArray[np.object_]) -> Floats:
    """Return the share of the line's shape before the place nearest to the point; 0 on a line of no length."""
    length = shapely.length(lines)
    along = shapely.line_locate_point(lines, points)
    return np.clip(np.divide(along, length, out=np.zeros_like(along), where=length > 0), 0.0, 1.0)


def _none() -> Access:
    return Access(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0), np.empty(0))
