"""Close the last gaps near full coverage: sets that stay unserved grow heavier until somebody serves them.

The row weighting local search for set covering of Gao, Weise & Li (2015), European Journal of Operational Research
246(3), for a fixed number of stations: close the one that is missed least, open one that serves an unserved set drawn
by lot, and let every unserved set grow. Steps are counted, not timed. Imported only where it is used, for it brings
Numba with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled, part, whole
from planner.siting.problem import Mask
from planner.siting.solvers.search import Terrain

Whole = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]


class _Ground(NamedTuple):
    """What stays: the sites of set s are `set_sites[set_first[s] : set_first[s + 1]]`, and the other way round."""

    set_first: Whole
    set_sites: Whole
    site_first: Whole
    site_sets: Whole
    of_set: Amounts
    of_site: Amounts
    rows: Amounts
    upper: Amounts


class _State(NamedTuple):
    """What changes: `server` is the sum of the open sites of a set, so of a set served once it is its server.

    `gain` and `loss` weigh opening a closed site and closing an open one; `unserved` lists sets, its length is
    `sizes[0]`, and `place` says where in it a set stands.
    """

    is_open: Mask
    load: Amounts
    served: Whole
    server: Whole
    weight: Amounts
    gain: Amounts
    loss: Amounts
    stamp: Whole
    unserved: Whole
    place: Whole
    sizes: Whole


def weighted_search(terrain: Terrain, chosen: Mask, enough: float, steps: int, seed: int) -> Mask:
    """Return the best choice on the way; the given one if none is better.

    Parameters
    ----------
    terrain : Terrain
        With one goal.
    chosen : array of bool, shape (sites,)
    enough : float
        Stop when the goal reaches this.
    steps : int
    seed : int
    """
    sets, sites = terrain.sets.shape
    ground = _Ground(
        terrain.sets.indptr.astype(np.int64),
        terrain.sets.indices.astype(np.int64),
        terrain.by_site.indptr.astype(np.int64),
        terrain.by_site.indices.astype(np.int64),
        np.ascontiguousarray(terrain.of_set[0]),
        np.ascontiguousarray(terrain.of_site[0]),
        np.ascontiguousarray(terrain.rows),
        terrain.upper,
    )
    state = _State(
        np.zeros(sites, dtype=np.bool_),
        np.zeros(len(terrain.rows)),
        np.zeros(sets, dtype=np.int64),
        np.zeros(sets, dtype=np.int64),
        ground.of_set.copy(),
        ground.of_site + terrain.by_site @ ground.of_set,
        ground.of_site.copy(),
        np.zeros(sites, dtype=np.int64),
        np.arange(sets),
        np.arange(sets),
        np.array([sets]),
    )
    with whole():
        best: Mask = _exchange(ground, state, chosen, enough, steps, seed)
    is_better = terrain.allows(best) and terrain.worth(best)[0] > terrain.worth(chosen)[0]
    return best if is_better else chosen


@part
def _closed(ground: _Ground, state: _State, site: int) -> float:
    """Close a site and return what the goal gains by it."""
    worth = -ground.of_site[site]
    state.is_open[site] = False
    state.load[:] -= ground.rows[:, site]
    for entry in range(ground.site_first[site], ground.site_first[site + 1]):
        one = ground.site_sets[entry]
        state.served[one] -= 1
        state.server[one] -= site
        if state.served[one] == 1:
            state.loss[state.server[one]] += state.weight[one]
        elif state.served[one] == 0:
            worth -= ground.of_set[one]
            state.loss[site] -= state.weight[one]
            state.place[one] = state.sizes[0]
            state.unserved[state.sizes[0]] = one
            state.sizes[0] += 1
            for member in range(ground.set_first[one], ground.set_first[one + 1]):
                state.gain[ground.set_sites[member]] += state.weight[one]
    return worth


@part
def _opened(ground: _Ground, state: _State, site: int) -> float:
    """Open a site and return what the goal gains by it."""
    worth = ground.of_site[site]
    state.is_open[site] = True
    state.load[:] += ground.rows[:, site]
    for entry in range(ground.site_first[site], ground.site_first[site + 1]):
        one = ground.site_sets[entry]
        state.served[one] += 1
        state.server[one] += site
        if state.served[one] == 2:
            state.loss[state.server[one] - site] -= state.weight[one]
        elif state.served[one] == 1:
            worth += ground.of_set[one]
            state.loss[site] += state.weight[one]
            state.sizes[0] -= 1
            moved = state.unserved[state.sizes[0]]
            state.unserved[state.place[one]] = moved
            state.place[moved] = state.place[one]
            for member in range(ground.set_first[one], ground.set_first[one + 1]):
                state.gain[ground.set_sites[member]] -= state.weight[one]
    return worth


@part
def _missed_least(state: _State, newest: int) -> int:
    """Return the open site whose closing loses least, the longest unmoved of equal ones; never the newest."""
    least = -1
    for site in range(len(state.is_open)):
        if state.is_open[site] and site != newest:
            is_less = least < 0 or state.loss[site] < state.loss[least]
            if is_less or (state.loss[site] == state.loss[least] and state.stamp[site] < state.stamp[least]):
                least = site
    return least


@part
def _gains_most(ground: _Ground, state: _State, one: int, but: int) -> int:
    """Return the site of a set that gains most and fits; the one just closed if there is no other."""
    best = -1
    for member in range(ground.set_first[one], ground.set_first[one + 1]):
        site = ground.set_sites[member]
        if site != but and np.all(state.load + ground.rows[:, site] <= ground.upper):
            is_more = best < 0 or state.gain[site] > state.gain[best]
            if is_more or (state.gain[site] == state.gain[best] and state.stamp[site] < state.stamp[best]):
                best = site
    return best if best >= 0 else but


@part
def _grown(ground: _Ground, state: _State) -> None:
    """Let every unserved set grow by its own worth."""
    for entry in range(state.sizes[0]):
        one = state.unserved[entry]
        state.weight[one] += ground.of_set[one]
        for member in range(ground.set_first[one], ground.set_first[one + 1]):
            state.gain[ground.set_sites[member]] += ground.of_set[one]


@compiled
def _exchange(ground: _Ground, state: _State, chosen: Mask, enough: float, steps: int, seed: int) -> Mask:
    np.random.seed(seed)
    worth = 0.0
    for site in range(len(chosen)):
        if chosen[site]:
            worth += _opened(ground, state, site)
    best, best_worth, newest = chosen.copy(), worth, -1
    for step in range(1, steps + 1):
        if state.sizes[0] == 0 or best_worth >= enough:
            break
        closed = _missed_least(state, newest)
        if closed < 0:
            break
        worth += _closed(ground, state, closed)
        newest = _gains_most(ground, state, state.unserved[np.random.randint(state.sizes[0])], closed)
        worth += _opened(ground, state, newest)
        state.stamp[closed] = state.stamp[newest] = step
        _grown(ground, state)
        if worth > best_worth:
            best_worth = worth
            best[:] = state.is_open
    return best
