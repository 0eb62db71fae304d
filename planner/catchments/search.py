"""From accesses to the arrays of the engine, and back to whole walks."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.catchments.arrays import (
    EDGE,
    FOREVER,
    FOUND,
    SOURCE,
    TARGET,
    WAY,
    Records,
    Slots,
    Sources,
    Targets,
    records,
    workspace,
)
from planner.catchments.ground import Ground
from planner.network import WalkNetwork
from planner.network.snapping import Access

Integers = npt.NDArray[np.int64]

#: The longest walk that the 32-bit walking costs can hold: 24 days.
LONGEST_WALK = 2**31 - 1

#: Side of the squares in which searches follow one another, so that they find each other's streets in the cache.
_NEIGHBOURHOOD_M = 500.0


class Pairs(NamedTuple):
    """Walks found: for each the position of its origin and its destination, and its length."""

    origin: npt.NDArray[np.int32]
    destination: npt.NDArray[np.int32]
    walk: Integers

    def only(self, chosen: npt.NDArray[Any]) -> Pairs:
        """Return some of the walks, chosen by a mask or by position."""
        return Pairs(self.origin[chosen], self.destination[chosen], self.walk[chosen])


def joined(some: Pairs, more: Pairs) -> Pairs:
    """Return both, one after the other."""
    return Pairs(
        np.concatenate([some.origin, more.origin]),
        np.concatenate([some.destination, more.destination]),
        np.concatenate([some.walk, more.walk]),
    )


def find_pairs(
    ground: Ground,
    origins: Access,
    destinations: Access,
    limit: int,
    *,
    toward: bool | None = None,
    threads: int | None = None,
) -> Pairs:
    """Find every walk from an origin to a destination that is no longer than the limit.

    Parameters
    ----------
    toward : bool, optional
        Whether to search backward from the destinations; by default from the side with fewer accesses.
    threads : int, optional
        By default as many as there are cores. The walks do not depend on it.
    """
    if not len(origins.edge) or not len(destinations.edge):
        return Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
    searches = _searches(ground, origins, destinations, toward)
    count, found, walk = run(searches.errand, searches.order, min(limit, LONGEST_WALK), threads)
    searched = np.repeat(searches.points, count)
    return Pairs(found, searched, walk) if searches.errand.toward else Pairs(searched, found, walk)


def find_matrix(
    ground: Ground,
    origins: Access,
    destinations: Access,
    limit: int,
    shape: tuple[int, int],
    *,
    toward: bool | None = None,
    threads: int | None = None,
) -> sparse.csr_array:
    """Find the same walks as `find_pairs`, as a matrix of int32 with sorted columns; walks of no length are stored.

    The memory it takes is twice the answer, which holds eight bytes for each walk, and a workspace for every thread.
    """
    if not len(origins.edge) or not len(destinations.edge):
        return sparse.csr_array(shape, dtype=np.int32)
    searches = _searches(ground, origins, destinations, toward)
    count, found, walk = _run(searches.errand, searches.order, min(limit, LONGEST_WALK), np.dtype(np.int32), threads)
    first = np.concatenate([[0], np.cumsum(count)])
    size = np.int32 if first[-1] < 2**31 else np.int64
    rows = (len(count), shape[0] if searches.errand.toward else shape[1])
    by_search = sparse.csr_array((walk, found.astype(size, copy=False), first.astype(size)), shape=rows)
    del count, found, walk
    if searches.errand.toward:
        turned = by_search.T.tocsr()
        del by_search
        point = searches.points.astype(size)
        np.take(point, turned.indices, out=turned.indices, mode="clip")  # "raise" would work on a copy
        matrix = sparse.csr_array((turned.data, turned.indices, turned.indptr), shape=shape)
    else:
        matrix = _with_rows(by_search, searches.points, shape)
    matrix.sort_indices()
    return matrix


def _with_rows(by_search: sparse.csr_array, points: npt.NDArray[np.int32], shape: tuple[int, int]) -> sparse.csr_array:
    """Return the rows where the points that were searched from belong; all others are empty."""
    count = np.zeros(shape[0], by_search.indptr.dtype)
    count[points] = np.diff(by_search.indptr)
    moved = by_search[np.argsort(points)]
    first = np.concatenate([[0], np.cumsum(count)]).astype(by_search.indptr.dtype)
    return sparse.csr_array((moved.data, moved.indices, first), shape=shape)


class _Searches(NamedTuple):
    """An errand, its searches in an order in which neighbours follow one another, and the points they set out from."""

    errand: Errand
    order: Integers
    points: npt.NDArray[np.int32]


def _searches(ground: Ground, origins: Access, destinations: Access, toward: bool | None) -> _Searches:
    toward = len(destinations.edge) <= len(origins.edge) if toward is None else toward
    ahead, behind = (destinations, origins) if toward else (origins, destinations)
    points, sources = sources_of(ground, ahead, toward)
    order = neighbours_together(ground.network, sources)
    errand = Errand(*ways(ground, toward), sources, targets_of(ground, behind, toward), toward)
    return _Searches(errand, order, points[order])


def find_nearest(ground: Ground, origins: Access, destinations: Access, rank: Integers) -> Pairs:
    """Find for every origin its nearest destination, however far; the one of smaller rank where two are equally near.

    One search from all destinations at once. Its unit is a millisecond divided by the number of destinations: what
    is left over when a label is divided by that number is the rank of the destination that it leads to.

    Parameters
    ----------
    rank : array of int64, shape (destinations,)
        0, 1, 2 ... in the order that settles ties.
    """
    if not len(origins.edge) or not len(destinations.edge):
        return Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
    scale = len(rank)
    slots, edges = ways(ground, toward=True)
    slots, edges = slots._replace(way=slots.way.copy()), edges.copy()
    points, sources = sources_of(ground, destinations, toward=True)
    ranked = np.repeat(rank[points], np.diff(sources.first))
    targets = targets_of(ground, origins, toward=True)
    for table in (slots.way, edges, sources.access, targets.access):
        for column in _TIMES.intersection(table.dtype.names or ()):
            table[column] *= scale
    sources.access["to_start"] += ranked
    sources.access["to_end"] += ranked
    errand = Errand(slots, edges, together(sources), targets, toward=True)
    _, origin, label = run(errand, np.zeros(1, np.int64), FOREVER, threads=1)
    station = np.argsort(rank)[label % scale]
    return Pairs(origin, station.astype(np.int32), label // scale)


#: Columns that hold times.
_TIMES = {"ms", "ms_back", "to_start", "to_end", "from_start", "from_end"}


class Errand(NamedTuple):
    """One question for the engine."""

    slots: Slots
    edges: Records
    sources: Sources
    targets: Targets
    toward: bool


class Found(NamedTuple):
    """What some searches found: how many targets each, and the targets and walks of all, one search after the other."""

    counts: Integers
    target: npt.NDArray[np.int32]
    walk: Integers


def run(errand: Errand, searches: Integers, limit: int, threads: int | None = None) -> Found:
    """Search from some sources, in the order given; the answer does not depend on the number of threads."""
    return _run(errand, searches, limit, np.dtype(np.int64), threads)


def _run(errand: Errand, searches: Integers, limit: int, kind: np.dtype[Any], threads: int | None) -> Found:
    """Search, and return walks of a kind of integer. What the threads hand over is put together only once."""
    workers = max(1, min(threads or cores(), len(searches) // _SEARCHES_A_THREAD))
    parts = np.array_split(searches, workers)
    if workers == 1:
        found = [_run_here(errand, searches, limit, kind)]
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(lambda part: _run_here(errand, part, limit, kind), parts))
    counts = np.concatenate([count for count, _, _ in found])
    target = np.concatenate([piece for _, targets, _ in found for piece in targets])
    for _, targets, _ in found:
        targets.clear()
    return Found(counts, target, np.concatenate([piece for *_, walks in found for piece in walks]))


#: How many targets each search found, and the targets and walks in pieces.
_Pieces = tuple[Integers, list[npt.NDArray[np.int32]], list[npt.NDArray[Any]]]


def _run_here(errand: Errand, searches: Integers, limit: int, kind: np.dtype[Any]) -> _Pieces:
    """Search on this thread. The engine stops where there is no more room for what it finds, and is called again."""
    from planner.catchments.engine import search

    slots, edges, sources, targets, toward = errand
    space = workspace(slots, sources, targets)
    room = np.empty(len(space.shortest.target) + _ROOM, FOUND)
    count = np.zeros(len(searches), np.int64)
    question = (targets, np.int64(limit), np.int64(toward))
    target, walk = [np.empty(0, np.int32)], [np.empty(0, kind)]
    done: int | np.integer[Any] = 0
    while done < len(searches):
        done, filled = search(slots, edges, sources, searches, np.int64(done), *question, space, count, room)
        target.append(room["target"][:filled].copy())
        walk.append(room["walk"][:filled].astype(kind))
    return count, target, walk


#: Walks found before they are handed over.
_ROOM = 2**20

#: Fewer searches than this are not worth a thread.
_SEARCHES_A_THREAD = 32


def cores() -> int:
    """Return how many threads can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=12)
def ways(ground: Ground, toward: bool) -> tuple[Slots, Records]:
    """Return the ways out of each node, backward where the search goes toward its destination; never to be changed."""
    network = ground.network
    ms, ms_back = (ground.ms_back, ground.ms) if toward else (ground.ms, ground.ms_back)
    edge = np.arange(network.edge_count, dtype=np.int32)
    tail = np.concatenate([network.start, network.end])
    head = np.concatenate([network.end, network.start])
    both_ms = np.concatenate([ms, ms_back])
    both = np.concatenate([edge, edge])
    area = network.private_area[both]
    order = np.lexsort((both, area, tail))
    order = order[both_ms[order] >= 0]
    ways_out = np.bincount(tail[order], minlength=network.node_count)
    public_ways_out = np.bincount(tail[order][area[order] == 0], minlength=network.node_count)
    first = np.concatenate([[0], np.cumsum(ways_out)]).astype(np.int64)
    side = 2 * both + (np.arange(len(both)) >= network.edge_count)
    way = records(WAY, ms=both_ms[order], head=head[order], area=area[order])
    edges = records(EDGE, ms=ms, ms_back=ms_back, start=network.start, end=network.end)
    barred = np.zeros(network.node_count, dtype=np.bool_)
    barred[: len(network.residents_only)] = network.residents_only
    return Slots(first, first[:-1] + public_ways_out, way, side[order].astype(np.int32), barred), edges


def sources_of(ground: Ground, access: Access, toward: bool) -> tuple[npt.NDArray[np.int32], Sources]:
    """Return the points that have an access, and their accesses sorted by area."""
    to_start, to_end = ground.arriving(access) if toward else ground.leaving(access)
    area = ground.network.private_area[access.edge]
    order = np.lexsort((area, access.point))
    points, first = np.unique(access.point[order], return_index=True)
    first = np.append(first, len(order)).astype(np.int64)
    begin = records(SOURCE, to_start=to_start, to_end=to_end, area=area, edge=access.edge)[order]
    return points.astype(np.int32), Sources(first, begin)


def targets_of(ground: Ground, access: Access, toward: bool) -> Targets:
    """Return the accesses that searches find."""
    from_start, from_end = ground.leaving(access) if toward else ground.arriving(access)
    return targets_on(ground.network, access.edge, access.point, from_start, from_end)


def targets_on(
    network: WalkNetwork,
    edge: npt.NDArray[np.integer],
    target: npt.NDArray[np.integer],
    from_start: Integers,
    from_end: Integers,
) -> Targets:
    """Return targets sorted by the edge that they stand on."""
    order = np.argsort(edge, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(edge, minlength=network.edge_count))]).astype(np.int64)
    access = records(TARGET, from_start=from_start, from_end=from_end, target=target)[order]
    return Targets(first, access, areas_with_targets(network, first))


def areas_with_targets(network: WalkNetwork, first: Integers) -> Integers:
    """Return 1 for each private area where targets stand, and 0 for every other."""
    wanted = np.zeros(int(network.private_area.max(initial=0)) + 1, dtype=np.int64)
    wanted[network.private_area[np.diff(first) > 0]] = 1
    wanted[0] = 0
    return wanted


def only(sources: Sources, searches: Integers) -> Sources:
    """Return the sources of some searches, in that order."""
    accesses = np.diff(sources.first)[searches]
    first = np.concatenate([[0], np.cumsum(accesses)]).astype(np.int64)
    kept = np.repeat(sources.first[searches] - first[:-1], accesses) + np.arange(first[-1])
    return Sources(first, sources.access[kept])


def together(sources: Sources) -> Sources:
    """Return the sources of all searches as those of a single one."""
    order = np.argsort(sources.access["area"], kind="stable")
    first = np.array([0, len(order)], dtype=np.int64)
    return Sources(first, sources.access[order])


def neighbours_together(network: WalkNetwork, sources: Sources) -> Integers:
    """Return an order of the searches in which neighbours follow one another."""
    return along_curve(network, network.node_xy[network.start[sources.access["edge"][sources.first[:-1]]]])


def along_curve(network: WalkNetwork, xy: npt.NDArray[np.float64]) -> Integers:
    """Return an order of places in which neighbours follow one another: along a Morton curve."""
    square = np.floor((xy - network.node_xy.min(axis=0)) / _NEIGHBOURHOOD_M).astype(np.int64)
    curve = np.zeros(len(square), dtype=np.int64)
    for bit in range(24):
        curve |= (square[:, 0] >> bit & 1) << 2 * bit | (square[:, 1] >> bit & 1) << 2 * bit + 1
    return np.argsort(curve, kind="stable")
