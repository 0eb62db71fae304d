"""The arrays that the engine works on, and how many of them one thread needs.

What the engine looks up together stands together, in one record. That makes few arrays, so that Numba has little to
compile; and every number of a kind has one type everywhere, for each other type would be compiled once more.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

#: An array of records.
Records: TypeAlias = npt.NDArray[Any]

#: No walk is as long: small enough that two of them can be added.
FOREVER = 2**62 - 1

#: Flags for the engine: for literal ones Numba would compile one more copy of what takes them.
NO, YES = np.int64(0), np.int64(1)

#: A way out of a node: how long it takes, where it leads, and the private area it lies in.
WAY = np.dtype([("ms", "i8"), ("head", "i4"), ("area", "i4")], align=True)

#: Both ends of an edge, and the time from start to end and from end to start, as a search walks them.
EDGE = np.dtype([("ms", "i8"), ("ms_back", "i8"), ("start", "i4"), ("end", "i4")], align=True)

#: A place where searches begin, the private area it lies on, and the time from there to both ends of its edge.
SOURCE = np.dtype([("to_start", "i8"), ("to_end", "i8"), ("area", "i8"), ("edge", "i8")], align=True)

#: Something to find, and the time to it from both ends of its edge.
TARGET = np.dtype([("from_start", "i8"), ("from_end", "i8"), ("target", "i8")], align=True)

#: A cell, counted from the corner of the network, and the walk from its centre to both ends of an edge.
WAY_OUT = np.dtype([("column", "i4"), ("row", "i4"), ("to_start", "i4"), ("to_end", "i4")], align=True)

#: The label of node n at `[n]`, valid where the stamp is the layer's; and the n-th node that was settled.
LABEL = np.dtype([("label", "i8"), ("stamp", "i4"), ("settled", "i4")], align=True)

#: The first link of the chain of area a at `[a]`; and the a-th area that was touched.
CHAIN = np.dtype([("first", "i8"), ("stamp", "i8"), ("touched", "i8")], align=True)

#: A node where an area is touched, and the next link of the chain; -1 ends it.
LINK = np.dtype([("following", "i8"), ("node", "i4")], align=True)

#: The shortest walk to target t at `[t]`, valid where the stamp is the search's; and the t-th target reached.
BEST = np.dtype([("walk", "i8"), ("stamp", "i4"), ("reached", "i4")], align=True)

#: A walk found.
FOUND = np.dtype([("walk", "i8"), ("target", "i4")], align=True)

#: Places in `Layer.state`, `Touched.state` and `Shortest.state`: the stamp of now, how many things are listed, and how
#: many stand in the heap.
NOW, LISTED, HEAPED = range(3)


class Slots(NamedTuple):
    """Ways out of each node that can be passed.

    Those of node n stand at `first[n]:first[n + 1]`, the public ones before `private[n]`. The side of a way is twice
    its edge, and one more where it leaves from the edge's end. `barred[n]`: only residents go in and out there.
    """

    first: Integers
    private: Integers
    way: Records
    side: Positions
    barred: Flags


class Sources(NamedTuple):
    """Where searches begin: the accesses of search s stand at `first[s]:first[s + 1]`, sorted by area."""

    first: Integers
    access: Records


class Targets(NamedTuple):
    """What searches find: the accesses on edge e stand at `first[e]:first[e + 1]`. 1 where an area has some."""

    first: Integers
    access: Records
    area_wanted: Integers


class Layer(NamedTuple):
    """Labels of one spread, and a heap of nodes by label; outdated entries stay in it and are passed over.

    A label counts only where its stamp is `state[NOW]`, so nothing is ever cleared.
    """

    node: Records
    heap_key: Integers
    heap_node: Positions
    state: Integers


class Touched(NamedTuple):
    """Private areas that a layer touches, each with a chain of the nodes where it does."""

    area: Records
    link: Records
    state: Integers


class Shortest(NamedTuple):
    """The shortest walk to each target that a search has reached."""

    target: Records
    state: Integers


class Workspace(NamedTuple):
    """Everything one thread needs, made once."""

    outer: Layer
    inner: Layer
    touched: Touched
    shortest: Shortest


def workspace(slots: Slots, sources: Sources, targets: Targets) -> Workspace:
    """Return the arrays one thread needs."""
    nodes, areas = len(slots.private), len(targets.area_wanted)
    private_slots = int((slots.way["area"] > 0).sum())
    target_count = int(targets.access["target"].max(initial=-1)) + 1
    room = len(slots.way) + 2 * len(sources.access) + nodes + 1
    return Workspace(
        _layer(nodes, room),
        _layer(nodes, room if private_slots else 1),
        Touched(np.zeros(areas, CHAIN), np.zeros(private_slots, LINK), _state()),
        Shortest(np.zeros(target_count, BEST), _state()),
    )


def _layer(nodes: int, room: int) -> Layer:
    return Layer(np.zeros(nodes, LABEL), np.zeros(room, np.int64), np.zeros(room, np.int32), _state())


def _state() -> Integers:
    return np.zeros(3, np.int64)


def records(kind: np.dtype[Any], **columns: npt.NDArray[Any]) -> Records:
    """Return columns of one length as an array of records."""
    made: Records = np.empty(len(next(iter(columns.values()))), kind)
    for name, column in columns.items():
        made[name] = column
    return made
