"""The arrays that the engine works on, and how many of them one thread needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

#: No walk is as long: small enough that two of them can be added.
FOREVER = 2**62 - 1


class Slots(NamedTuple):
    """Ways out of each node that can be passed.

    Those of node n stand at `first[n]:first[n + 1]`, the public ones before `private[n]`.
    """

    first: Integers
    private: Integers
    head: Positions
    ms: Integers
    area: Positions
    edge: Positions
    from_start: Flags


class Sources(NamedTuple):
    """Where searches begin: the accesses of search s stand at `first[s]:first[s + 1]`, sorted by area."""

    first: Integers
    edge: Positions
    area: Positions
    to_start: Integers
    to_end: Integers


class Targets(NamedTuple):
    """What searches find: the accesses on edge e stand at `first[e]:first[e + 1]`."""

    first: Integers
    target: Positions
    from_start: Integers
    from_end: Integers
    area_wanted: Flags


class Edges(NamedTuple):
    """Both ends of each edge, and the time from start to end and from end to start, as this search walks them."""

    start: Positions
    end: Positions
    ms: Integers
    ms_back: Integers


class Layer(NamedTuple):
    """Labels of one spread. A label counts only where its stamp is the layer's `state[0]`, so nothing is cleared."""

    label: Integers
    stamp: Positions
    settled: Positions
    state: Integers


class Heap(NamedTuple):
    """A binary heap of nodes by label; outdated entries stay and are passed over."""

    key: Integers
    node: Positions
    size: Integers


class Touched(NamedTuple):
    """Private areas that a layer touches, each with a chain of the nodes where it does."""

    chain: Positions
    stamp: Positions
    areas: Positions
    node: Positions
    following: Positions
    state: Integers


class Workspace(NamedTuple):
    """Everything one thread needs, made once."""

    outer: Layer
    inner: Layer
    outer_heap: Heap
    inner_heap: Heap
    touched: Touched
    best: Integers
    stamp: Positions
    reached: Positions
    state: Integers


def workspace(slots: Slots, sources: Sources, targets: Targets) -> Workspace:
    """Return the arrays one thread needs."""
    nodes, areas = len(slots.private), len(targets.area_wanted)
    private_slots = int((slots.area > 0).sum())
    target_count = int(targets.target.max(initial=-1)) + 1
    room = len(slots.head) + 2 * len(sources.edge) + nodes + 1
    return Workspace(
        _layer(nodes),
        _layer(nodes),
        _heap(room),
        _heap(room if private_slots else 1),
        Touched(
            _positions(areas),
            _positions(areas),
            _positions(areas),
            _positions(private_slots),
            _positions(private_slots),
            np.zeros(1, np.int64),
        ),
        np.zeros(target_count, np.int64),
        _positions(target_count),
        _positions(target_count),
        np.zeros(2, np.int64),
    )


def _layer(nodes: int) -> Layer:
    return Layer(np.zeros(nodes, np.int64), _positions(nodes), _positions(nodes), np.zeros(2, np.int64))


def _heap(room: int) -> Heap:
    return Heap(np.zeros(room, np.int64), _positions(room), np.zeros(1, np.int64))


def _positions(length: int) -> Positions:
    return np.zeros(length, np.int32)
