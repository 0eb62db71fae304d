"""All that lies within a limit of a node, over public ways alone: the search when nobody is looked for.

Nodes are numbered along a curve through the plane, so that what lies near in the streets lies near in memory. No label
is ever cleared: each search adds a smaller number to its labels than the one before, so that what an earlier search
left behind is larger than all of them. The heap holds label and node in one integer.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled, part
from planner.network.segments import Whole

Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]

#: A way out of a node: how long it takes, where it leads, and the vertices on it; from the end of an edge their number
#: is below zero.
WAY_OUT = np.dtype([("ms", "i4"), ("head", "i4"), ("vertex", "i4"), ("vertices", "i4")], align=True)

#: A vertex between the ends of an edge: the walk to it from the edge's start and from its end.
VERTEX = np.dtype([("from_start", "i4"), ("from_end", "i4")], align=True)

#: Places in `Labels.state`: the number that is added to the labels of this search, how many nodes it has settled, and
#: how many ways lead beyond the limit.
ADDED, SETTLED, STOPPED = range(3)

#: The low half of an integer that holds two.
_LOW = 2**32 - 1


class Streets(NamedTuple):
    """The ways out of node n stand at `first[n]:first[n + 1]`; `name[n]` is its number in the network.

    Those that have vertices and begin where their edge does come first.
    """

    first: Positions
    way: npt.NDArray[Any]
    name: Positions
    vertex: npt.NDArray[Any]


class Labels(NamedTuple):
    """What one thread needs: the label of each node, a heap, and the nodes in the order in which they were settled.

    `stopped` are the ways that lead beyond the limit, each below the walk to where it begins.
    """

    label: Integers
    heap: Integers
    settled: Positions
    stopped: Integers
    state: Integers


def labels_for(streets: Streets) -> Labels:
    """Return the arrays that one thread needs."""
    nodes = len(streets.name)
    label, heap, stopped = (np.zeros(room, np.int64) for room in (nodes, len(streets.way) + 2, len(streets.way)))
    return Labels(label, heap, np.zeros(nodes, np.int32), stopped, np.zeros(3, np.int64))


@part
def _push(heap: Integers, size: Whole, item: Whole) -> None:
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= item:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


@part
def _sink(heap: Integers, size: Whole) -> None:
    """Put the last item in the place of the first, and right the heap; `size` is without it."""
    last = heap[size]
    place, child = 0, 1
    while child < size:
        child += int(heap[child + 1] < heap[child])  # at the end it meets the last item itself
        if last <= heap[child]:
            break
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = last


@part
def _spread(streets: Streets, labels: Labels, origin: Whole, limit: Whole) -> None:
    """Settle every node within the limit of one."""
    label, heap = labels.label, labels.heap
    labels.state[ADDED] -= limit + 1
    added = labels.state[ADDED]
    label[origin] = added
    heap[0] = origin
    size, settled, stopped = 1, 0, 0
    while size > 0:
        walk, node = heap[0] >> 32, heap[0] & _LOW
        size -= 1
        _sink(heap, size)
        if added + walk > label[node]:
            continue
        labels.settled[settled] = node
        settled += 1
        for slot in range(streets.first[node], streets.first[node + 1]):
            further, head = walk + streets.way[slot].ms, streets.way[slot].head
            if further > limit:
                labels.stopped[stopped] = walk << 32 | slot
                stopped += 1
            elif added + further < label[head]:
                label[head] = added + further
                _push(heap, size, further << 32 | head)
                size += 1
    labels.state[SETTLED], labels.state[STOPPED] = settled, stopped


@part
def _list_nodes(streets: Streets, labels: Labels, found: Integers, filled: Whole) -> Whole:
    """Write down the nodes settled, nearest first."""
    added = labels.state[ADDED]
    for place in range(labels.state[SETTLED]):
        node = labels.settled[place]
        found[filled] = np.int64(streets.name[node]) << 32 | (labels.label[node] - added)
        filled += 1
    return filled


@part
def _list_vertices(streets: Streets, labels: Labels, limit: Whole, found: Integers, filled: Whole) -> Whole:
    """Write down the vertices on edges whose start was settled: whichever end they are nearer to."""
    label, added, nodes = labels.label, labels.state[ADDED], np.int64(len(streets.name))
    for place in range(labels.state[SETTLED]):
        node = labels.settled[place]
        walk = label[node] - added
        for slot in range(streets.first[node], streets.first[node + 1]):
            way = streets.way[slot]
            if way.vertices <= 0:
                break
            there = min(label[way.head] - added, limit + 1)
            for k in range(way.vertex, way.vertex + way.vertices):
                along = min(walk + streets.vertex[k].from_start, there + streets.vertex[k].from_end)
                found[filled] = (nodes + k) << 32 | along
                filled += along <= limit
    return filled


@part
def _list_from_ends(streets: Streets, labels: Labels, limit: Whole, found: Integers, filled: Whole) -> Whole:
    """Write down the vertices on edges of which only the end was settled."""
    never, nodes = labels.state[ADDED] + limit + 1, np.int64(len(streets.name))
    for place in range(labels.state[STOPPED]):
        walk, way = labels.stopped[place] >> 32, streets.way[labels.stopped[place] & _LOW]
        if way.vertices < 0 and labels.label[way.head] >= never:
            for k in range(way.vertex, way.vertex - way.vertices):
                along = walk + streets.vertex[k].from_end
                found[filled] = (nodes + k) << 32 | along
                filled += along <= limit
    return filled


@compiled
def reach(
    streets: Streets,
    origins: Positions,
    begin: Whole,
    limit: Whole,
    labels: Labels,
    count: Integers,
    found: Integers,
) -> tuple[Whole, Whole]:
    """Search from one node after the other, as long as there is room for what another one may reach.

    Parameters
    ----------
    origins : array of int32
        Nodes as they are numbered here.
    count : array of int64, shape (origins,)
        Takes how many nodes and vertices were found.
    found : array of int64
        Takes them: the number of a node or vertex in the high half, the walk to it in the low half.

    Returns
    -------
    tuple of int
        The first origin not done, and how many nodes and vertices were found.
    """
    filled: Whole = 0
    most = len(streets.name) + len(streets.vertex)
    for place in range(begin, len(origins)):
        if filled + most + 1 > len(found):
            return place, filled
        _spread(streets, labels, np.int64(origins[place]), limit)
        before = filled
        filled = _list_nodes(streets, labels, found, filled)
        if len(streets.vertex):
            filled = _list_vertices(streets, labels, limit, found, filled)
            filled = _list_from_ends(streets, labels, limit, found, filled)
        count[place] = filled - before
    return len(origins), filled
