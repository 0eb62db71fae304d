"""Ways -> edges: nodes where only two pieces of the same kind meet disappear into the shape of one edge.

No step depends on the order of the ways in the file: nodes are numbered by vertex id, edges by the nodes they join.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from planner.network.lines import Lines

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Pieces(NamedTuple):
    """Runs of a line between two places where it must be cut: vertices `tail[p]` to `head[p]` of the lines."""

    tail: Integers
    head: Integers


@dataclass(frozen=True, eq=False)
class Edges:
    """Chains of pieces, in their final order.

    Parameters
    ----------
    start, end : arrays of int64, shape (edges,)
        Vertices, as the lines number them.
    line : array of int64, shape (edges,)
        One of the lines that make up the edge: they are all alike.
    forward : array of bool, shape (edges,)
        Whether the edge runs in the direction of that line.
    position, first : arrays of int64
        Places in the lines' arrays of the vertices of edge e, in order: `position[first[e]:first[e + 1]]`.
    piece, piece_edge : arrays of int64, shape (pieces,)
        Which piece belongs to which edge.
    """

    start: Integers
    end: Integers
    line: Integers
    forward: Flags
    position: Integers
    first: Integers
    piece: Integers
    piece_edge: Integers


def cut_into_pieces(lines: Lines, cut: Flags) -> Pieces:
    """Cut every line at its ends and at each vertex where `cut` is true."""
    last = len(lines.line) - 1
    at_start = np.diff(lines.line, prepend=-1) != 0
    at_end = np.append(at_start[1:], True)[: last + 1]
    places = np.flatnonzero(at_start | at_end | cut[lines.vertex])
    same_line = lines.line[places[:-1]] == lines.line[places[1:]]
    return Pieces(places[:-1][same_line], places[1:][same_line])


def contract(lines: Lines, pieces: Pieces, cut: Flags) -> Edges:
    """Join the pieces that meet at a vertex which is not cut into edges."""
    ends = np.stack([lines.vertex[pieces.tail], lines.vertex[pieces.head]], axis=1)
    joined = ~_with_ring_nodes(ends, cut)
    following = _following(ends, joined)
    steps_left, last = _walk_to_the_end(following)
    chains = _one_direction_each(lines, pieces, ends, following, last)
    return _as_edges(lines, pieces, ends, chains, steps_left, last)


def _with_ring_nodes(ends: Integers, cut: Flags) -> Flags:
    """Return `cut` with one vertex more for each isolated ring: the lowest at which one of its ways ends."""
    used, (tail, head) = numbered(len(cut), ends[:, 0], ends[:, 1])
    links = sparse.coo_array((np.ones(len(ends), dtype=np.int8), (tail, head)), shape=(len(used),) * 2)
    components, component = csgraph.connected_components(links, directed=False)
    is_cut = np.zeros(components, dtype=bool)
    is_cut[component[cut[used]]] = True
    lowest = np.empty(components, dtype=np.int64)
    lowest[component[::-1]] = used[::-1]
    with_ring_nodes = cut.copy()
    with_ring_nodes[lowest[~is_cut]] = True
    return with_ring_nodes


def numbered(count: int, *vertices: Integers) -> tuple[Integers, list[Integers]]:
    """Return which of `count` vertices are named, in order, and for each name its position among them."""
    named = np.zeros(count, dtype=bool)
    for some in vertices:
        named[some] = True
    number = np.cumsum(named) - 1
    return np.flatnonzero(named), [number[some] for some in vertices]


def _following(ends: Integers, joined: Flags) -> Integers:
    """Return the half-edge that continues each half-edge, -1 at a node. Half-edge 2p is piece p forward, 2p+1 back."""
    end_vertex = ends.ravel()
    side = np.flatnonzero(joined[end_vertex])
    by_vertex = side[np.argsort(end_vertex[side], kind="stable")]
    mate = np.full(len(end_vertex), -1, dtype=np.int64)
    mate[by_vertex[0::2]] = by_vertex[1::2]
    mate[by_vertex[1::2]] = by_vertex[0::2]
    # Side 2p is the tail of piece p: half-edge 2p leaves it and half-edge 2p+1 arrives there.
    arrives_at = np.arange(len(end_vertex)) ^ 1
    return mate[arrives_at]


def _walk_to_the_end(following: Integers) -> tuple[Integers, Integers]:
    """Return for each half-edge the steps to the end of its chain, and the half-edge there, by doubling the stride."""
    at_end = following < 0
    reached = np.where(at_end, np.arange(len(following)), following)
    steps = np.where(at_end, 0, 1)
    while not at_end[reached].all():
        steps = steps + steps[reached]
        reached = reached[reached]
    return steps, reached


def _one_direction_each(lines: Lines, pieces: Pieces, ends: Integers, following: Integers, last: Integers) -> Integers:
    """Return the half-edges that begin the edges, each chain in one direction only, in the final order of the edges."""
    half = np.arange(len(following))
    begin = half[following[half ^ 1] < 0]
    begin_back = last[begin] ^ 1
    end_vertex = ends.ravel()
    out, back = _neighbour(pieces, begin), _neighbour(pieces, begin_back)
    sides = (
        (end_vertex[begin], end_vertex[begin_back]),
        (lines.lon[out], lines.lon[back]),
        (lines.lat[out], lines.lat[back]),
        (begin % 2, begin_back % 2),
        (begin, begin_back),
    )
    chosen = ~_first_is_greater(sides)
    key = lines.key[lines.line[pieces.tail[begin // 2]]]
    columns = [key, *(column for side in reversed(sides[:-1]) for column in reversed(side))]
    return begin[chosen][_sorted([column[chosen] for column in columns])]


def _sorted(columns: list[npt.NDArray[Any]]) -> npt.NDArray[np.intp]:
    """Return the order that `np.lexsort` does; few rows agree in the last two columns, and only those need the rest."""
    order = np.lexsort(columns[-2:])
    same = np.ones(len(order) - 1 if len(order) else 0, dtype=bool)
    for column in columns[-2:]:
        same &= column[order[1:]] == column[order[:-1]]
    tied = np.append(same, False)[: len(order)]
    tied[1:] |= same
    rows = np.sort(order[tied])
    order[tied] = rows[np.lexsort([column[rows] for column in columns])]
    return order


def _first_is_greater(pairs: tuple[tuple[npt.NDArray[Any], npt.NDArray[Any]], ...]) -> Flags:
    """Compare row by row as tuples are compared: the first pair of columns that differs decides."""
    greater = np.zeros(len(pairs[0][0]), dtype=bool)
    for left, right in reversed(pairs):
        greater = np.where(left == right, greater, left > right)
    return greater


def _neighbour(pieces: Pieces, half: Integers) -> Integers:
    """Return the place of the vertex next to the one where a half-edge begins."""
    return np.where(half % 2 == 0, pieces.tail[half // 2] + 1, pieces.head[half // 2] - 1)


def _as_edges(
    lines: Lines, pieces: Pieces, ends: Integers, chains: Integers, steps_left: Integers, last: Integers
) -> Edges:
    edge_of_chain = np.full(len(last), -1, dtype=np.int64)
    edge_of_chain[last[chains]] = np.arange(len(chains))
    edge_of_half = edge_of_chain[last]
    halves = np.flatnonzero(edge_of_half >= 0)
    halves = halves[np.lexsort((-steps_left[halves], edge_of_half[halves]))]
    edge = edge_of_half[halves]
    opens = np.diff(edge, prepend=-1) != 0
    position, owner = _positions(pieces, halves, edge, opens)
    first = np.zeros(len(chains) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=len(chains)), out=first[1:])
    end_vertex = ends.ravel()
    return Edges(
        start=end_vertex[chains],
        end=end_vertex[last[chains] ^ 1],
        line=lines.line[pieces.tail[chains // 2]],
        forward=chains % 2 == 0,
        position=position,
        first=first,
        piece=halves // 2,
        piece_edge=edge,
    )


def _positions(pieces: Pieces, halves: Integers, edge: Integers, opens: Flags) -> tuple[Integers, Integers]:
    """Return the places of all vertices of all edges in order, and the edge of each; shared vertices stand once."""
    tail, head, forward = pieces.tail[halves // 2], pieces.head[halves // 2], halves % 2 == 0
    count = head - tail + opens
    begins = np.cumsum(count) - count
    along = np.arange(count.sum()) - np.repeat(begins, count) + np.repeat(~opens, count)
    position = np.repeat(np.where(forward, tail, head), count) + np.repeat(np.where(forward, 1, -1), count) * along
    return position, np.repeat(edge, count)
