"""All nodes within reach of many nodes: the search alone, with nobody to find.

The answer is handed over in pieces and never copied together, so that the memory it takes is the answer and, for every
thread, a workspace as large as the network.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.catchments.arrays import (
    FOREVER,
    LISTED,
    NO,
    NOW,
    YES,
    Integers,
    Layer,
    Positions,
    Records,
    Slots,
    Workspace,
    records,
    workspace,
)
from planner.catchments.ground import Ground
from planner.catchments.search import LONGEST_WALK, along_curve, cores, sources_of, targets_of, ways
from planner.catchments.spreading import clear, offer, spread
from planner.machine_code import compiled, part
from planner.network.segments import Whole
from planner.network.snapping import Access

#: A node reached, and the walk to it.
REACHED = np.dtype([("walk", "i4"), ("node", "i4")])

#: A vertex between the ends of an edge: its number, and the walk to it from the edge's start and from its end.
VERTEX = np.dtype([("from_start", "i8"), ("from_end", "i8"), ("number", "i8")], align=True)

#: Nodes reached before they are handed over.
_ROOM = 2**20


class Vertices(NamedTuple):
    """The vertices between the ends of edge e stand at `first[e]:first[e + 1]`."""

    first: Integers
    vertex: Records


class Reached(NamedTuple):
    """What some nodes reach: `found[k]` nodes and walks for `origin[k]`, one origin after the other, nearest first."""

    origin: Positions
    found: Integers
    reached: Records


def nodes_reached(
    ground: Ground,
    nodes: npt.NDArray[np.integer],
    limit: int,
    *,
    every_vertex: bool = False,
    threads: int | None = None,
) -> list[Reached]:
    """Find all nodes within the limit of each of some nodes, over public ways.

    Parameters
    ----------
    nodes : array of int
        Nodes of the network.
    limit : int
        Whole milliseconds, or millimetres where the ground is measured in metres; the limit itself counts.
    every_vertex : bool
        Also find the vertices between the nodes, where contraction left none: those of `WalkNetwork.shape_xy` in their
        order, numbered from `node_count`. They are not searched, only read off the edges beside what is.
    threads : int, optional
        By default as many as there are cores. What is reached does not depend on it.

    Returns
    -------
    list of Reached
        Pieces of the answer, in an order in which neighbours follow one another.
    """
    slots, _ = ways(ground, toward=False)
    between = vertices_between(ground, every_vertex)
    origins = np.asarray(nodes, dtype=np.int32)
    origins = origins[along_curve(ground.network, ground.network.node_xy[origins])]
    parts = np.array_split(origins, threads or cores())
    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(
            pool.map(lambda part: _reached_here(ground, slots, between, part, min(limit, LONGEST_WALK)), parts)
        )
    return [piece for pieces in found for piece in pieces]


def vertices_between(ground: Ground, wanted: bool) -> Vertices:
    """Return the vertices between the ends of each edge that can be passed both ways; none where none are wanted."""
    network = ground.network
    count = np.diff(network.shape_first)
    inner = np.ones(len(network.shape_xy), dtype=np.bool_)
    inner[network.shape_first[:-1]] = inner[network.shape_first[1:] - 1] = False
    edge = np.repeat(np.arange(network.edge_count), count)
    inner &= ground.open_edges[edge] & wanted
    step = np.hypot(*np.diff(network.shape_xy, axis=0, prepend=network.shape_xy[:1]).T)
    step[network.shape_first[:-1]] = 0.0
    upto = np.cumsum(step)
    along = upto - upto[network.shape_first[:-1]][edge]
    whole = (upto[network.shape_first[1:] - 1] - upto[network.shape_first[:-1]])[edge]
    share = np.divide(along, whole, out=np.zeros_like(along), where=whole > 0)[inner]
    of = edge[inner]
    first = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=network.edge_count))]).astype(np.int64)
    ahead, back = np.rint(share * ground.ms[of]), ground.ms_back[of] - np.rint(share * ground.ms_back[of])
    number = network.node_count + np.arange(len(of))
    return Vertices(first, records(VERTEX, from_start=ahead, from_end=back, number=number))


def _reached_here(ground: Ground, slots: Slots, between: Vertices, origins: Positions, limit: int) -> list[Reached]:
    nobody = Access.joined([])
    _, sources = sources_of(ground, nobody, toward=False)
    space = workspace(slots, sources, targets_of(ground, nobody, toward=False))
    room = np.empty(ground.network.node_count + len(between.vertex) + _ROOM, REACHED)
    count = np.zeros(len(origins), np.int64)
    pieces: list[Reached] = []
    done: Whole = 0
    while done < len(origins):
        begin = done
        done, filled = reach(slots, between, origins, np.int64(begin), np.int64(limit), space, count, room)
        pieces.append(Reached(origins[begin:done], count[begin:done], room[:filled].copy()))
    return pieces


@part
def _read_off(
    slots: Slots, between: Vertices, layer: Layer, node: Whole, limit: Whole, found: Records, filled: Whole
) -> Whole:
    """Read the vertices off the public edges beside a node: from their start, or where only their end is reached."""
    now = layer.state[NOW]
    label = layer.node[node].label
    for slot in range(slots.first[node], slots.private[node]):
        edge, from_end, head = slots.side[slot] >> 1, slots.side[slot] & 1, slots.way[slot].head
        both = layer.node[head].stamp == now
        if from_end and both:
            continue
        there = layer.node[head].label if both else FOREVER
        for k in range(between.first[edge], between.first[edge + 1]):
            vertex = between.vertex[k]
            walk = label + vertex.from_end if from_end else min(label + vertex.from_start, there + vertex.from_end)
            if walk <= limit:
                found[filled].node = vertex.number
                found[filled].walk = walk
                filled += 1
    return filled


@compiled
def reach(
    slots: Slots,
    between: Vertices,
    origins: Positions,
    begin: Whole,
    limit: Whole,
    space: Workspace,
    count: Integers,
    found: Records,
) -> tuple[Whole, Whole]:
    """Search from one node after the other, as long as there is room for what another one may reach.

    Returns
    -------
    tuple of int
        The first origin not done, and how many nodes were found.
    """
    layer = space.outer
    filled: Whole = 0
    for place in range(begin, len(origins)):
        if filled + len(slots.private) + len(between.vertex) > len(found):
            return place, filled
        clear(layer)
        offer(layer, origins[place], 0)
        spread(slots, layer, space.inner, NO, YES, 0, limit)
        before = filled
        for settled in range(layer.state[LISTED]):
            node = layer.node[settled].settled
            found[filled].node = node
            found[filled].walk = layer.node[node].label
            filled += 1
            if len(between.vertex):
                filled = _read_off(slots, between, layer, node, limit, found, filled)
        count[place] = filled - before
    return len(origins), filled
