"""All nodes within reach of many nodes: the search alone, with nobody to find.

The answer is handed over in pieces and never copied together, so that the memory it takes is the answer and, for every
thread, a workspace as large as the network.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.catchments.arrays import Integers, Positions, Records, records
from planner.catchments.ground import Ground
from planner.catchments.outward import VERTEX, WAY_OUT, Streets, labels_for
from planner.catchments.search import LONGEST_WALK, along_curve, cores
from planner.network.segments import Whole

#: A node reached, and the walk to it.
REACHED = np.dtype([("walk", "<i4"), ("node", "<i4")])

#: Room for nodes reached in one piece of the answer, beyond what one origin may reach. Memory is taken as it is filled.
_ROOM = 2**22


class Vertices(NamedTuple):
    """The vertices between the ends of edge e stand at `first[e]:first[e + 1]`, numbered from `node_count` on."""

    first: Integers
    vertex: Records


class Reached(NamedTuple):
    """What some nodes reach: `found[k]` nodes and walks for `origin[k]`, one origin after the other."""

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

    Walks lead away from the nodes given. On `ground.reversed` they lead to them.

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
        Pieces of the answer, in an order in which neighbours follow one another. What one origin reaches is sorted by
        nothing that is promised.
    """
    streets = public_streets(ground, every_vertex)
    origins = np.sort(_places(streets.name)[np.asarray(nodes)])
    parts = np.array_split(origins, threads or cores())
    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(lambda part: _reached_here(streets, part, min(limit, LONGEST_WALK - 1)), parts))
    return [piece for pieces in found for piece in pieces]


@lru_cache(maxsize=4)
def public_streets(ground: Ground, every_vertex: bool) -> Streets:
    """Return the public ways, the nodes numbered along a curve; never to be changed."""
    network, between = ground.network, vertices_between(ground, every_vertex)
    name = along_curve(network, network.node_xy).astype(np.int32)
    here = _places(name)
    edge = np.flatnonzero(network.private_area == 0)
    tail = here[np.concatenate([network.start[edge], network.end[edge]])]
    head = here[np.concatenate([network.end[edge], network.start[edge]])]
    ms = np.concatenate([ground.ms[edge], ground.ms_back[edge]])
    vertex, count = between.first[edge], np.diff(between.first)[edge]
    vertex, count = np.concatenate([vertex, vertex]), np.concatenate([count, -count])
    order = np.lexsort((count <= 0, tail))
    order = order[(ms[order] >= 0) & (ms[order] < LONGEST_WALK)]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail[order], minlength=network.node_count))])
    way = records(WAY_OUT, ms=ms[order], head=head[order], vertex=vertex[order], vertices=count[order])
    return Streets(first.astype(np.int32), way, name, between.vertex)


def _places(name: Positions) -> Positions:
    """Return where each node stands along the curve."""
    here = np.empty_like(name)
    here[name] = np.arange(len(name), dtype=np.int32)
    return here


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
    return Vertices(first, records(VERTEX, from_start=ahead, from_end=back))


def _reached_here(streets: Streets, origins: Positions, limit: int) -> list[Reached]:
    from planner.catchments.outward import reach

    labels = labels_for(streets)
    count = np.zeros(len(origins), np.int64)
    pieces: list[Reached] = []
    done: Whole = 0
    while done < len(origins):
        begin = done
        room = np.empty(len(streets.name) + len(streets.vertex) + _ROOM, np.int64)
        done, filled = reach(streets, origins, np.int64(begin), np.int64(limit), labels, count, room)
        found = room[:filled].view(REACHED)
        pieces.append(Reached(streets.name[origins[begin:done]], count[begin:done], found))
    return pieces
