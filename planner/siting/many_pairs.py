"""One pass over very many pairs of demand points and sites: who is covered, how far, and who has the same sites.

With a hundred million pairs every temporary array is a gigabyte; these passes need none. Imported only where it is
used, for it brings Numba with it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.machine_code import compiled, part

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

#: The table of sets starts with so many places; a power of two.
_PLACES = 1 << 12


def covered(walk: sparse.csr_array, limit: float, is_open: Mask) -> Mask:
    """Whether each demand point has an open site within a limit, shape (demand points,)."""
    found: Mask = _covered(walk.indptr, walk.indices, walk.data, _comparable(limit, walk), is_open)
    return found


def nearest(walk: sparse.csr_array, is_open: Mask) -> npt.NDArray[np.float64]:
    """Return the walk to the nearest open site, infinite where there is none; shape (demand points,)."""
    found: npt.NDArray[np.float64] = _nearest(walk.indptr, walk.indices, walk.data, is_open)
    return found


def same_sites(walk: sparse.csr_array, limit: float) -> tuple[npt.NDArray[np.int32], sparse.csr_array]:
    """Give each demand point a number by the sites they have within a limit.

    Sets are looked up by a hash and compared site by site, so that points share a number only if they share all sites.

    Returns
    -------
    array of int, shape (demand points,)
        The set of each point.
    csr_array, shape (sets, sites)
        Ones; sets in the order in which the points bring them.
    """
    marks = np.random.default_rng(20).integers(1, 2**63, size=walk.shape[1], dtype=np.int64)
    of_point, first, sites = _same_sites(walk.indptr, walk.indices, walk.data, _comparable(limit, walk), marks)
    return of_point, sparse.csr_array((np.ones(len(sites)), sites, first), shape=(len(first) - 1, walk.shape[1]))


def _comparable(limit: float, walk: sparse.csr_array) -> Any:
    """Return the limit in the precision of the walks, as NumPy compares them: 0.1 meets 0.1 in both."""
    kind = walk.data.dtype.type if np.issubdtype(walk.data.dtype, np.floating) else np.float64
    return kind(limit)


@compiled
def _covered(first: Whole, site: Whole, walk: Whole, limit: float, is_open: Mask) -> Mask:
    found = np.zeros(len(first) - 1, dtype=np.bool_)
    for point in range(len(found)):
        for pair in range(first[point], first[point + 1]):
            if is_open[site[pair]] and walk[pair] <= limit:
                found[point] = True
                break
    return found


@compiled
def _nearest(first: Whole, site: Whole, walk: Whole, is_open: Mask) -> npt.NDArray[np.float64]:
    found = np.full(len(first) - 1, np.inf)
    for point in range(len(found)):
        for pair in range(first[point], first[point + 1]):
            if is_open[site[pair]] and walk[pair] < found[point]:
                found[point] = walk[pair]
    return found


class _Sets(NamedTuple):
    """The sets seen so far: set s is `sites[first[s] : first[s + 1]]`; `table` says which set has a place, -1 none."""

    table: npt.NDArray[np.int32]
    hashes: Whole
    first: Whole
    sites: npt.NDArray[np.int32]


@part
def _doubled(sets: _Sets, count: int) -> _Sets:
    """Return room for twice as many sets, and for at least twice as many members."""
    table = np.full(2 * len(sets.table), -1, dtype=np.int32)
    hashes = np.zeros(2 * len(sets.hashes), dtype=np.int64)
    first = np.zeros(2 * len(sets.hashes) + 1, dtype=np.int64)
    hashes[: len(sets.hashes)] = sets.hashes
    first[: len(sets.first)] = sets.first
    for one in range(count):
        place = _folded(hashes[one]) & (len(table) - 1)
        while table[place] >= 0:
            place = (place + 1) & (len(table) - 1)
        table[place] = one
    return _Sets(table, hashes, first, sets.sites)


@part
def _folded(mark: int) -> int:
    return mark ^ (mark >> 29)


@part
def _is_set(sets: _Sets, one: int, members: npt.NDArray[np.int32], count: int) -> bool:
    start = sets.first[one]
    if sets.first[one + 1] - start != count:
        return False
    same = 0
    while same < count and sets.sites[start + same] == members[same]:
        same += 1
    return same == count


@compiled
def _same_sites(
    first: Whole, site: Whole, walk: Whole, limit: float, marks: Whole
) -> tuple[npt.NDArray[np.int32], Whole, npt.NDArray[np.int32]]:
    room = _PLACES // 2
    sets = _Sets(
        np.full(_PLACES, -1, dtype=np.int32),
        np.zeros(room, dtype=np.int64),
        np.zeros(room + 1, dtype=np.int64),
        np.empty(max(len(marks), _PLACES), dtype=np.int32),
    )
    of_point = np.empty(len(first) - 1, dtype=np.int32)
    members = np.empty(len(marks), dtype=np.int32)
    found = 0
    for point in range(len(of_point)):
        mark: Any = np.int64(0)
        count = 0
        for pair in range(first[point], first[point + 1]):
            if walk[pair] <= limit:
                members[count] = site[pair]
                mark += marks[site[pair]]
                count += 1
        place = _folded(mark) & (len(sets.table) - 1)
        one = sets.table[place]
        while one >= 0 and not (sets.hashes[one] == mark and _is_set(sets, one, members, count)):
            place = (place + 1) & (len(sets.table) - 1)
            one = sets.table[place]
        if one < 0:
            end = sets.first[found]
            if end + count > len(sets.sites):
                longer = np.empty(2 * len(sets.sites) + count, dtype=np.int32)
                longer[:end] = sets.sites[:end]
                sets = _Sets(sets.table, sets.hashes, sets.first, longer)
            one = np.int32(found)
            sets.table[place] = one
            sets.hashes[one] = mark
            sets.sites[end : end + count] = members[:count]
            found += 1
            sets.first[found] = end + count
            if found == len(sets.hashes):
                sets = _doubled(sets, found)
        of_point[point] = one
    return of_point, sets.first[: found + 1].copy(), sets.sites[: sets.first[found]].copy()
