"""Walks to the station, from it, or there and back.

Searches lead from homes to stations. The way home is the same search on the ground of the opposite direction: it goes
through the same passages, for whoever walks is a resident, or not, either way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.catchments.entry import Entry
from planner.catchments.ground import Ground
from planner.catchments.inner import inner_walks
from planner.catchments.pairs import matrix, shortest
from planner.catchments.search import LONGEST_WALK, Integers, Pairs, find_matrix, find_nearest, find_pairs, joined
from planner.model import Direction


def grounds_of(ground: Ground, direction: Direction) -> tuple[Ground, ...]:
    """Return the ground of each leg: one, or two for a round trip whose legs differ."""
    if direction == "to_station" or ground.same_both_ways:
        return (ground,)
    return (ground.reversed,) if direction == "from_station" else (ground, ground.reversed)


def walks_within(
    ground: Ground, leaving: Entry, arriving: Entry, limit: int, direction: Direction, toward: bool | None = None
) -> Pairs:
    """Return every walk within the limit, each pair once; `toward` as in `find_pairs`."""
    legs = grounds_of(ground, direction)
    if len(legs) == 1:
        return _one_way(legs[0], leaving, arriving, limit, toward)
    there, back = (_one_way(leg, leaving, arriving, ground.longest_leg(limit), toward) for leg in legs)
    return there_and_back(there, back, limit)


def costs_within(ground: Ground, leaving: Entry, arriving: Entry, limit: int, direction: Direction) -> sparse.csr_array:
    """Return every walk within the limit as a matrix of int32 with sorted columns."""
    shape = (len(leaving), len(arriving))
    legs = grounds_of(ground, direction)
    if len(legs) > 1 or (inner_walks(legs[0], leaving, arriving).walk <= limit).any():
        return matrix(walks_within(ground, leaving, arriving, limit, direction), shape)
    return find_matrix(legs[0], leaving.access, arriving.access, limit, shape)


def walks_however_far(ground: Ground, leaving: Entry, arriving: Entry, rank: Integers, direction: Direction) -> Pairs:
    """Return walks among which is that of each origin to its nearest destination."""
    legs = grounds_of(ground, direction)
    nearest = [
        joined(find_nearest(leg, leaving.access, arriving.access, rank), inner_walks(leg, leaving, arriving))
        for leg in legs
    ]
    if len(legs) == 1:
        return nearest[0]
    there, back = (_least(pairs, len(leaving)) for pairs in nearest)
    return _widening(ground, leaving, arriving, there + back)


def there_and_back(there: Pairs, back: Pairs, limit: int) -> Pairs:
    """Return half of both legs, rounded up, where it is within the limit. Each pair stands once in either."""
    width = int(max(there.destination.max(initial=0), back.destination.max(initial=0))) + 1
    one, other = (pairs.origin.astype(np.int64) * width + pairs.destination for pairs in (there, back))
    _, first, second = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    both = there.only(first)
    half = (both.walk + back.walk[second] + 1) // 2
    return both._replace(walk=half).only(half <= limit)


def _one_way(ground: Ground, leaving: Entry, arriving: Entry, limit: int, toward: bool | None) -> Pairs:
    """Return the walks of one leg; only where some stay within a compound can a pair have two."""
    pairs = find_pairs(ground, leaving.access, arriving.access, limit, toward=toward)
    inner = inner_walks(ground, leaving, arriving)
    near = inner.walk <= limit
    return shortest(joined(pairs, inner.only(near))) if near.any() else pairs


#: A leg that does not exist; two of them can be added.
_NEVER = 2**60


def _least(pairs: Pairs, origins: int) -> Integers:
    """Return the shortest walk of each origin."""
    least = np.full(origins, _NEVER, dtype=np.int64)
    np.minimum.at(least, pairs.origin, pairs.walk)
    return least


def _widening(ground: Ground, leaving: Entry, arriving: Entry, at_least: Integers) -> Pairs:
    """Return every round trip within a limit that doubles until each origin has one that can be had.

    No round trip is shorter than the shortest ways there and back, so the first limit holds most of them. Who has a
    trip within a limit has the shortest among those found. No walk takes longer than all edges together. Each search
    sets out from the side that `find_pairs` would not choose by itself, so that the two can be held against each other.
    """
    missing = np.flatnonzero(at_least < _NEVER)
    if not len(missing):
        return Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
    toward = len(arriving.access.edge) > len(leaving.access.edge)
    limit, furthest = int(np.median(at_least[missing])) // 2 + 1, _no_walk_is_longer(ground, leaving, arriving)
    found = []
    while True:
        pairs = walks_within(ground, only_points(leaving, missing), arriving, limit, "round_trip", toward)
        found.append(pairs)
        missing = np.setdiff1d(missing, pairs.origin)
        if not len(missing) or limit >= furthest:
            break
        limit = min(2 * limit, furthest)
    return Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _no_walk_is_longer(ground: Ground, leaving: Entry, arriving: Entry) -> int:
    """Return a limit that no walk exceeds. A walk passes a place at most twice: outside and inside an area."""
    passed = np.maximum(ground.ms, ground.ms_back)
    off_path = sum(int(ground.off_path_ms(entry.access).max(initial=0)) for entry in (leaving, arriving))
    return min(int(2 * passed[passed > 0].sum()) + off_path + 2, LONGEST_WALK)


def only_points(entry: Entry, points: npt.NDArray[Any]) -> Entry:
    """Return the entry with accesses for some of its points alone, chosen by a mask or by position."""
    wanted = np.zeros(len(entry), dtype=np.bool_)
    wanted[points] = True
    straight = entry.straight.copy()
    straight[~wanted] = None
    return Entry(entry.points, entry.access.only(wanted[entry.access.point]), straight, entry.notes, entry.role)
