"""Cutting edges and taking them apart: a network in, another network out.

Nodes keep their numbers, new ones follow. A place on an edge is a fraction, measured along its shape on the map plane,
as everywhere; a piece has that share of the edge's length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.network.fields import COPIED, HALVES, SHARED, held, of_nodes
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]

#: Places nearer than this to the end of an edge, or to one another, are one place: a thousandth of a millimetre.
SAME_PLACE_M = 1e-6


@dataclass(frozen=True, eq=False)
class Cut:
    """A network some of whose edges were cut.

    Parameters
    ----------
    network : WalkNetwork
        The pieces of an edge stand where it stood, one after the other from its start to its end.
    node : array of int32, shape (places,)
        The node at each place: a new one, or the end of the edge where the place is there.
    first : array of int64, shape (old edges + 1,)
        The pieces of old edge e are the edges `first[e]` to `first[e + 1] - 1`.
    edge : array of int64, shape (edges,)
        The old edge of which each edge is a piece.
    low, high : arrays of float64, shape (edges,)
        Where on the old edge the piece begins and ends, as fractions.
    """

    network: WalkNetwork
    node: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]
    edge: npt.NDArray[np.int64]
    low: Floats
    high: Floats

    def moved(self, edge: Ints, fraction: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return where places on the old edges are now: edge and fraction. A place of a cut is the end of a piece."""
        pieces = self.first[edge + 1] - self.first[edge]
        place, number = _each(pieces)
        before = self.low[self.first[edge][place] + number] < fraction[place]
        piece = self.first[edge] + np.maximum(np.bincount(place, weights=before, minlength=len(edge)), 1) - 1
        piece = piece.astype(np.int64)
        extent = self.high[piece] - self.low[piece]
        within = np.divide(fraction - self.low[piece], extent, out=np.zeros(len(piece)), where=extent > 0)
        return piece, np.clip(within, 0.0, 1.0)


def cut_edges(network: WalkNetwork, edge: npt.ArrayLike, fraction: npt.ArrayLike) -> Cut:
    """Cut edges at some places, so that there is a node at each.

    Waits stay at the end of the edge that they belong to: of an even number of half crossings one half is at either
    end; an odd one is at the end where more other edges have such halves, for the other half of that crossing is among
    them, and at the start where both ends have as many. Pieces in the middle have none, and nothing is lost.

    Parameters
    ----------
    network : WalkNetwork
    edge : array of int, shape (places,)
        Several places may be on one edge, in any order, and one may be given twice.
    fraction : array of float, shape (places,)
        0 at the start of the edge, 1 at its end.
    """
    edge, fraction = np.asarray(edge, dtype=np.int64), np.asarray(fraction, dtype=np.float64)
    along_m = _along_m(network)
    whole_m = along_m[network.shape_first[1:] - 1]
    node, cut_edge, cut_at = _places(network, edge, fraction, whole_m)
    first = np.concatenate([[0], np.cumsum(1 + np.bincount(cut_edge, minlength=network.edge_count))]).astype(np.int64)
    old = np.repeat(np.arange(network.edge_count), np.diff(first))
    begins = np.ones(len(old), dtype=np.bool_)
    begins[first[:-1]] = False
    ends = np.ones(len(old), dtype=np.bool_)
    ends[first[1:] - 1] = False
    low, high = np.zeros(len(old)), np.ones(len(old))
    low[begins] = high[ends] = cut_at
    start, end = network.start[old], network.end[old]
    start[begins] = end[ends] = network.node_count + np.arange(len(cut_at))
    shape_first, shape_xy, node_xy = _cut_shapes(network, along_m, cut_edge, cut_at * whole_m[cut_edge], begins, old)
    arrays: dict[str, Any] = {
        **{name: values[old] * (high - low) for name, values in held(network, SHARED).items()},
        **{name: values[old] for name, values in held(network, COPIED).items()},
        **{name: _at_their_ends(network, values, first) for name, values in held(network, HALVES).items()},
        **of_nodes(network, np.full(len(cut_at), -1)),
    }
    pieces = replace(
        network,
        start=start,
        end=end,
        shape_first=shape_first,
        shape_xy=shape_xy,
        node_xy=np.concatenate([network.node_xy, node_xy]),
        **arrays,
    )
    return Cut(pieces, node, first, old, low, high)


def detach(network: WalkNetwork, node: npt.ArrayLike, edges: npt.ArrayLike) -> tuple[WalkNetwork, Ints]:
    """Give edges a node of their own at the same place, so that they no longer meet the others there.

    Parameters
    ----------
    network : WalkNetwork
    node : int, or array of int, shape (edges,)
        The node that each edge lets go of, at both ends if it is a loop.
    edges : array of int, shape (edges,)
        Those that let go of the same node meet in the same new one.

    Returns
    -------
    tuple of WalkNetwork and array of int, shape (edges,)
        The network, and the new node of each edge.

    Raises
    ------
    ValueError
        If an edge does not end at its node.
    """
    edges = np.asarray(edges, dtype=np.int64)
    node = np.broadcast_to(np.asarray(node, dtype=np.int64), edges.shape)
    at_start, at_end = network.start[edges] == node, network.end[edges] == node
    if not (at_start | at_end).all():
        raise ValueError("an edge does not end at the node that it is to be detached from")
    left, number = np.unique(node, return_inverse=True)
    own = (network.node_count + number).astype(np.int32)
    start, end = network.start.copy(), network.end.copy()
    start[edges[at_start]] = own[at_start]
    end[edges[at_end]] = own[at_end]
    barred = np.flatnonzero(np.isin(left, network.barrier_node)) + network.node_count
    apart = replace(
        network,
        start=start,
        end=end,
        node_xy=np.concatenate([network.node_xy, network.node_xy[left]]),
        barrier_node=np.concatenate([network.barrier_node, barred.astype(np.int32)]),
        **of_nodes(network, left),
    )
    return apart, own


def _places(
    network: WalkNetwork, edge: npt.NDArray[np.int64], fraction: Floats, whole_m: Floats
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], Floats]:
    """Return the node at each place, and the cuts to make: sorted by edge and fraction, each once."""
    at_m = fraction * whole_m[edge]
    at_start = (at_m <= SAME_PLACE_M) & (fraction <= 0.5)
    at_end = (whole_m[edge] - at_m <= SAME_PLACE_M) & ~at_start
    node = np.where(at_start, network.start[edge], network.end[edge]).astype(np.int32)
    inside = np.flatnonzero(~at_start & ~at_end)
    inside = inside[np.lexsort((fraction[inside], edge[inside]))]
    new = (np.diff(edge[inside], prepend=-1) != 0) | (np.diff(at_m[inside], prepend=-np.inf) > SAME_PLACE_M)
    node[inside] = network.node_count + np.cumsum(new) - 1
    return node, edge[inside[new]], fraction[inside[new]]


def _along_m(network: WalkNetwork) -> Floats:
    """Return the way on the map plane from the start of its edge to each vertex, shape (vertices,)."""
    step_m = np.hypot(*np.diff(network.shape_xy, axis=0, prepend=network.shape_xy[:1]).T)
    step_m[network.shape_first[:-1]] = 0.0
    upto_m: Floats = np.cumsum(step_m)
    return upto_m - np.repeat(upto_m[network.shape_first[:-1]], np.diff(network.shape_first))


def _cut_shapes(
    network: WalkNetwork, along_m: Floats, cut_edge: Ints, cut_m: Floats, begins: Bools, old: Ints
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Return the shapes of the pieces and where the cuts are: each cut becomes two vertices, an end and a start."""
    cut, number = _each(np.diff(network.shape_first)[cut_edge])
    passed = along_m[network.shape_first[cut_edge][cut] + number] <= cut_m[cut]
    following = network.shape_first[cut_edge] + np.bincount(cut, weights=passed, minlength=len(cut_edge)).astype(int)
    following = np.minimum(following, network.shape_first[cut_edge + 1] - 1)
    step_m = along_m[following] - along_m[following - 1]
    share = np.divide(cut_m - along_m[following - 1], step_m, out=np.zeros(len(cut_m)), where=step_m > 0)
    before_xy = network.shape_xy[following - 1]
    xy = before_xy + np.clip(share, 0, 1)[:, None] * (network.shape_xy[following] - before_xy)
    shape_xy = np.insert(network.shape_xy, np.repeat(following, 2), np.repeat(xy, 2, axis=0), axis=0)
    first = np.append(network.shape_first[:-1][old], len(network.shape_xy))
    first[:-1][begins] = following
    inserted = 2 * np.cumsum(np.append(begins, False)) - np.append(begins, False)
    return (first + inserted).astype(np.int64), shape_xy, xy


def _at_their_ends(
    network: WalkNetwork, halves: npt.NDArray[np.uint8], first: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint8]:
    """Return the half crossings on each piece."""
    some = halves > 0
    touching = np.bincount(network.start[some], minlength=network.node_count)
    touching += np.bincount(network.end[some], minlength=network.node_count)
    odd_at_start = touching[network.start] >= touching[network.end]
    at_start = (halves.astype(np.int64) + odd_at_start) // 2
    pieces = np.zeros(first[-1], dtype=np.uint8)
    pieces[first[:-1]] += at_start.astype(np.uint8)
    pieces[first[1:] - 1] += (halves - at_start).astype(np.uint8)
    return pieces


def _each(counts: Ints) -> tuple[Ints, Ints]:
    """Return for `counts[k]` things of each k: k, and the thing's number."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
