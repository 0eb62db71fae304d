"""Where the linear relaxation serves sets by halves of sites: odd groups of sets that need one more site than it opens.

Let z be 1 for a set that is not served, so that `z + sum of its open sites >= 1`. Adding up the rows of an odd group of
k sets, halving, and rounding up gives `sum of z + sum over open sites of ceil(sets of the group it serves / 2)` of at
least `(k + 1) / 2`: a {0, 1/2} cut of Caprara & Fischetti (1996), Mathematical Programming 74(3). It is violated where
the sites that serve an odd number of the group, and the slack of its rows, come to less than one: sets are put together
greedily so that little is left. Imported only where it is used, for it brings Numba with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.machine_code import compiled, part, whole
from planner.siting.solvers.program import Array

Whole = npt.NDArray[np.int64]

#: Sets of a group at most, the violation looked for, and cuts in which a set stands in one round.
_MOST, _LEAST, _OFTEN = 9, 0.03, 4

#: Rows with more slack than this cannot be in a violated group; sites opened less are as good as closed.
_SLACK, _NOTHING = 0.4, 1e-7

#: Each set begins so many groups: with its best partner, the next best, ...
_PARTNERS = 3


class _Patterns(NamedTuple):
    """Distinct sets of half-open sites, and the other way round."""

    first: Whole
    sites: Whole
    by_first: Whole
    by_site: Whole
    opened: Array  # shape (sites,)
    slack: Array  # shape (patterns,)


def odd_groups(sets: sparse.csr_array, opened: Array, unserved: Array) -> list[npt.NDArray[np.intp]]:
    """Return groups of sets whose cut the relaxation violates, the most violated first.

    Parameters
    ----------
    sets : csr_array, shape (sets, sites)
    opened : array of float, shape (sites,)
        How far the relaxation opens each site.
    unserved : array of float, shape (sets,)
        How far it leaves each set unserved.
    """
    place = _distinct(sets, opened, unserved)
    if len(place) < 3:
        return []
    slack = np.maximum(sets @ opened + 2 * unserved - 1, 0.0)[place]
    pattern = _half_open(sparse.csr_array(sets[place]), opened)
    by_site = sparse.csr_array(pattern.T.tocsr())
    first, sites = pattern.indptr.astype(np.int64), pattern.indices.astype(np.int64)
    patterns = _Patterns(first, sites, by_site.indptr.astype(np.int64), by_site.indices.astype(np.int64), opened, slack)
    with whole():
        member, start, violation = _grow(patterns)
    used = np.zeros(len(place), dtype=np.int64)
    groups = []
    for one in np.argsort(-violation, kind="stable"):
        group = member[start[one] : start[one + 1]]
        if np.all(used[group] < _OFTEN):
            used[group] += 1
            groups.append(np.sort(place[group]))
    return groups


def _half_open(sets: sparse.csr_array, opened: Array) -> sparse.csr_array:
    left = sets.copy()
    left.data = (opened[left.indices] > _NOTHING).astype(np.float64)
    left.eliminate_zeros()
    return left


def _distinct(sets: sparse.csr_array, opened: Array, unserved: Array) -> npt.NDArray[np.intp]:
    """Return one set for each set of half-open sites: the one with the least slack, then the fewest members."""
    slack = np.maximum(sets @ opened + 2 * unserved - 1, 0.0)
    tight = np.flatnonzero(slack < _SLACK)
    pattern = _half_open(sparse.csr_array(sets[tight]), opened)
    marks = np.random.default_rng(20).integers(2**62, size=len(opened))
    sums = np.concatenate([[0], np.cumsum(marks[pattern.indices])])
    mark = sums[pattern.indptr[1:]] - sums[pattern.indptr[:-1]]
    order = np.lexsort((np.diff(sets.indptr)[tight], slack[tight].round(6), mark))
    _, first = np.unique(mark[order], return_index=True)
    return np.asarray(tight[order[first]], dtype=np.intp)


@part
def _flip(patterns: _Patterns, one: int, is_odd: npt.NDArray[np.bool_]) -> float:
    """Add a set to the group and return what the sites that serve an odd number of it gain."""
    gained = 0.0
    for entry in range(patterns.first[one], patterns.first[one + 1]):
        site = patterns.sites[entry]
        gained += -patterns.opened[site] if is_odd[site] else patterns.opened[site]
        is_odd[site] = not is_odd[site]
    return gained


@part
def _partner(
    patterns: _Patterns, group: Whole, size: int, is_odd: npt.NDArray[np.bool_], shared: Array, mass: Array, skip: int
) -> int:
    """Return the set that leaves least, after so many better ones are skipped; -1 if there is none."""
    touched = []
    for k in range(size):
        for entry in range(patterns.first[group[k]], patterns.first[group[k] + 1]):
            site = patterns.sites[entry]
            if is_odd[site]:
                is_odd[site] = False
                touched.append(site)
    near = []
    for site in touched:
        is_odd[site] = True
        for entry in range(patterns.by_first[site], patterns.by_first[site + 1]):
            other = patterns.by_site[entry]
            if shared[other] == 0.0:
                near.append(other)
            shared[other] += patterns.opened[site]
    for k in range(size):
        shared[group[k]] = -1.0
    best = -1
    for _ in range(skip + 1):
        best, least = -1, np.inf
        for other in near:
            left = mass[other] - 2.0 * shared[other] + patterns.slack[other]
            if shared[other] > 0 and left < least:
                best, least = other, left
        if best < 0:
            break
        shared[best] = -1.0
    for other in near:
        shared[other] = 0.0
    for k in range(size):
        shared[group[k]] = 0.0
    return best


@compiled
def _grow(patterns: _Patterns) -> tuple[Whole, Whole, Array]:
    """Grow a group from every set with each of its best partners; keep the most violated odd group on the way."""
    count = len(patterns.slack)
    mass, shared = np.zeros(count), np.zeros(count)
    for one in range(count):
        for entry in range(patterns.first[one], patterns.first[one + 1]):
            mass[one] += patterns.opened[patterns.sites[entry]]
    is_odd = np.zeros(len(patterns.opened), dtype=np.bool_)
    group = np.zeros(_MOST, dtype=np.int64)
    members, starts, violations = [0], [0], [0.0]
    members.clear()
    violations.clear()
    for begin in range(count):
        for skip in range(_PARTNERS):
            group[0] = begin
            odd, slack = _flip(patterns, begin, is_odd), patterns.slack[begin]
            size, best_size, best = 1, 0, _LEAST
            while size < _MOST:
                one = _partner(patterns, group, size, is_odd, shared, mass, skip if size == 1 else 0)
                if one < 0:
                    break
                odd += _flip(patterns, one, is_odd)
                slack += patterns.slack[one]
                group[size] = one
                size += 1
                violation = 0.5 * (1.0 - odd - slack)
                if size % 2 == 1 and violation > best + 1e-9:
                    best, best_size = violation, size
            for k in range(size):
                _flip(patterns, group[k], is_odd)
            if best_size:
                members.extend(group[:best_size])
                starts.append(len(members))
                violations.append(best)
    return np.array(members, dtype=np.int64), np.array(starts, dtype=np.int64), np.array(violations)
