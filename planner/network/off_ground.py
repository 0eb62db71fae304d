"""Heights of bridges and tunnels: straight between the places where they meet the ground."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: No piece of a bridge counts as shorter.
_LEAST_M = 0.01


def bridged_heights(
    vertex_m: Floats, ends: tuple[Integers, Integers], length_m: Floats, off_ground: Flags, grounded: Flags
) -> Floats:
    """Return the heights with those of vertices that only bridges and tunnels touch taken from the bridges.

    Along a bridge the height changes evenly with the way; where several bridges meet in the air, each such vertex has
    the mean height of its neighbours, the nearer ones counting more. A bridge that touches the ground nowhere has no
    height.

    Parameters
    ----------
    vertex_m : array of float64, shape (vertices,)
        Height of the ground, NaN where it is not known.
    ends : two arrays of int64, shape (edges,)
    length_m : array of float64, shape (edges,)
    off_ground : array of bool, shape (edges,)
        Bridges and tunnels.
    grounded : array of bool, shape (vertices,)
        Vertices that a path on the ground touches.
    """
    start, end = (side[off_ground] for side in ends)
    if not len(start):
        return vertex_m
    vertex, local = np.unique(np.concatenate([start, end]), return_inverse=True)
    fixed = grounded[vertex] & np.isfinite(vertex_m[vertex])
    links = _links(local, 1 / np.maximum(length_m[off_ground], _LEAST_M), len(vertex))
    piece = csgraph.connected_components(links, directed=False)[1]
    anchored = np.isin(piece, piece[fixed])
    heights = np.where(fixed, vertex_m[vertex], np.nan)
    floating = anchored & ~fixed
    if floating.any():
        heights[floating] = _evened_out(links, heights, fixed, floating)
    bridged = vertex_m.copy()
    bridged[vertex] = heights
    return bridged


def _links(local: Integers, weight: Floats, count: int) -> sparse.csr_array:
    start, end = np.split(local, 2)
    one_way = sparse.coo_array((weight, (start, end)), shape=(count, count)).tocsr()
    return sparse.csr_array(one_way + one_way.T)


def _evened_out(links: sparse.csr_array, heights: Floats, fixed: Flags, floating: Flags) -> Floats:
    """Solve for the heights at which no vertex in the air pulls another: measured from one that is known."""
    from scipy.sparse.linalg import spsolve

    level_m = heights[fixed][0]
    pull = links[floating]
    inner = sparse.diags_array(np.asarray(pull.sum(axis=1)).ravel()) - pull[:, floating]
    outer = pull[:, fixed] @ (heights[fixed] - level_m)
    return np.asarray(spsolve(sparse.csc_array(inner), outer)).reshape(-1) + level_m
