"""A very good plan in a moment: exchanges of one site for another, then a kick and again, all in machine code.

An exchange is weighed by closing the old site, reading off what every other one would add, and opening the best:
some thousand kicks a second where a city has some hundred sites. Kicks come from a seeded generator and work is
counted, not timed. Imported only where it is used, for it brings Numba with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled, part, whole
from planner.siting.problem import Mask
from planner.siting.solvers.search import Terrain

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Amounts = npt.NDArray[np.float64]


#: At first a kick may lose about this share of what a station is worth.
_WARMTH = 0.03


class _Ground(NamedTuple):
    """What stays: the sites of set s are `set_sites[set_first[s] : set_first[s + 1]]`, and the other way round."""

    set_first: Whole
    set_sites: Small
    site_first: Whole
    site_sets: Small
    of_set: Amounts
    of_site: Amounts
    rows: Amounts
    lower: Amounts
    upper: Amounts


class _State(NamedTuple):
    """What changes: `gain` is what opening a site adds, `loss` what closing an open one takes."""

    is_open: Mask
    load: Amounts
    served: Small
    server: Whole  # sum of the open sites of a set: of a set served once its server
    gain: Amounts
    loss: Amounts
    work: Whole  # shape (1,): members looked at


def exchanged(terrain: Terrain, chosen: Mask, enough: float, kicks: int, work: int, seed: int) -> Mask:
    """Return the best choice on the way; the given one if none is better.

    Parameters
    ----------
    terrain : Terrain
        With one goal.
    chosen : array of bool, shape (sites,)
    enough : float
        Stop when the goal reaches this: no plan is better.
    kicks, work : int
        So many kicks in a row may gain nothing, and so many members of sets are looked at in all.
    seed : int
    """
    ground = _ground(terrain)
    sites = len(chosen)
    state = _State(
        np.zeros(sites, dtype=np.bool_),
        np.zeros(len(terrain.rows)),
        np.zeros(len(ground.of_set), dtype=np.int32),
        np.zeros(len(ground.of_set), dtype=np.int64),
        ground.of_site + terrain.by_site @ ground.of_set,
        ground.of_site.copy(),
        np.zeros(1, dtype=np.int64),
    )
    tiny = 1e-11 * (1.0 + float(np.abs(ground.of_set).sum() + np.abs(ground.of_site).sum()))
    with whole():
        best: Mask = _search(ground, state, chosen, enough, kicks, work, seed, tiny)
    is_better = terrain.allows(best) and terrain.worth(best)[0] > terrain.worth(chosen)[0]
    return best if is_better or not terrain.allows(chosen) else chosen


def _ground(terrain: Terrain) -> _Ground:
    return _Ground(
        terrain.sets.indptr.astype(np.int64),
        terrain.sets.indices.astype(np.int32),
        terrain.by_site.indptr.astype(np.int64),
        terrain.by_site.indices.astype(np.int32),
        np.ascontiguousarray(terrain.of_set[0]),
        np.ascontiguousarray(terrain.of_site[0]),
        np.ascontiguousarray(terrain.rows.T),
        terrain.lower,
        terrain.upper,
    )


@part
def _close(ground: _Ground, state: _State, site: int) -> None:
    state.is_open[site] = False
    for row in range(len(ground.upper)):
        state.load[row] -= ground.rows[site, row]
    for entry in range(ground.site_first[site], ground.site_first[site + 1]):
        one = ground.site_sets[entry]
        state.served[one] -= 1
        state.server[one] -= site
        if state.served[one] == 1:
            state.loss[state.server[one]] += ground.of_set[one]
        elif state.served[one] == 0:
            worth = ground.of_set[one]
            state.loss[site] -= worth
            state.work[0] += ground.set_first[one + 1] - ground.set_first[one]
            for member in range(ground.set_first[one], ground.set_first[one + 1]):
                state.gain[ground.set_sites[member]] += worth


@part
def _open(ground: _Ground, state: _State, site: int) -> None:
    state.is_open[site] = True
    for row in range(len(ground.upper)):
        state.load[row] += ground.rows[site, row]
    for entry in range(ground.site_first[site], ground.site_first[site + 1]):
        one = ground.site_sets[entry]
        state.served[one] += 1
        state.server[one] += site
        if state.served[one] == 2:
            state.loss[state.server[one] - site] -= ground.of_set[one]
        elif state.served[one] == 1:
            worth = ground.of_set[one]
            state.loss[site] += worth
            state.work[0] += ground.set_first[one + 1] - ground.set_first[one]
            for member in range(ground.set_first[one], ground.set_first[one + 1]):
                state.gain[ground.set_sites[member]] -= worth


@part
def _fits(ground: _Ground, state: _State, site: int, floor: Amounts) -> bool:
    """Whether opening a site keeps the upper limits, and the lower ones as far as they were kept."""
    for row in range(len(ground.upper)):
        after = state.load[row] + ground.rows[site, row]
        if after > ground.upper[row] or after < floor[row]:
            return False
    return True


@part
def _best_to_open(ground: _Ground, state: _State, floor: Amounts, but: int) -> int:
    """Return the closed site that fits and adds most, -1 if there is none; the first of equal ones."""
    best = -1
    for site in range(len(state.is_open)):
        is_better = best < 0 or state.gain[site] > state.gain[best]
        if not state.is_open[site] and site != but and is_better and _fits(ground, state, site, floor):
            best = site
    return best


@part
def _improve(ground: _Ground, state: _State, tiny: float) -> float:
    """Open and exchange sites until nothing gains; return what was gained."""
    gained, sites = 0.0, len(state.is_open)
    since, out = 0, 0
    while since <= sites:
        floor = np.minimum(ground.lower, state.load)
        into = _best_to_open(ground, state, floor, -1)
        if into >= 0 and state.gain[into] > tiny:
            gained += state.gain[into]
            _open(ground, state, into)
            since = 0
            continue
        while since <= sites and not state.is_open[out]:
            out = (out + 1) % sites
            since += 1
        if since > sites:
            break
        lost = state.loss[out]
        floor = np.minimum(ground.lower, state.load)
        _close(ground, state, out)
        into = _best_to_open(ground, state, floor, out)
        if into >= 0 and state.gain[into] - lost > tiny:
            gained += state.gain[into] - lost
            _open(ground, state, into)
            since = 0
        else:
            _open(ground, state, out)
            since += 1
        out = (out + 1) % sites
    return gained


@part
def _neighbours(ground: _Ground, state: _State, centre: int, count: int) -> Whole:
    """Return the open sites that share most with one of them, by worth; -1 where there are no more."""
    shared = np.zeros(len(state.is_open))
    for entry in range(ground.site_first[centre], ground.site_first[centre + 1]):
        one = ground.site_sets[entry]
        state.work[0] += ground.set_first[one + 1] - ground.set_first[one]
        for member in range(ground.set_first[one], ground.set_first[one + 1]):
            shared[ground.set_sites[member]] += ground.of_set[one]
    near = np.full(count, -1)
    for place in range(count):
        best = -1
        for site in range(len(shared)):
            if state.is_open[site] and shared[site] >= 0 and (best < 0 or shared[site] > shared[best]):
                best = site
        near[place] = best
        if best >= 0:
            shared[best] = -1.0
    return near


@part
def _drawn(ground: _Ground, state: _State) -> int:
    """Draw one of the three closed sites that fit and add most, -1 if there is none."""
    worth = np.full(3, -np.inf)
    site_of = np.full(3, -1)
    nothing = np.full(len(ground.lower), -np.inf)
    for site in range(len(state.is_open)):
        if not state.is_open[site] and state.gain[site] > worth[2] and _fits(ground, state, site, nothing):
            place = 2
            while place > 0 and state.gain[site] > worth[place - 1]:
                worth[place] = worth[place - 1]
                site_of[place] = site_of[place - 1]
                place -= 1
            worth[place] = state.gain[site]
            site_of[place] = site
    count = 0
    while count < 3 and site_of[count] >= 0:
        count += 1
    return site_of[np.random.randint(count)] if count else -1


@part
def _kick(ground: _Ground, state: _State) -> float:
    """Close a few neighbours and draw as many others; return what that gained."""
    inside = 0
    for site in range(len(state.is_open)):
        inside += state.is_open[site]
    left, centre = np.random.randint(inside), -1
    while left >= 0:
        centre += 1
        left -= state.is_open[centre]
    count = min(np.random.randint(2, 6), inside)
    near = _neighbours(ground, state, centre, count + 3)
    gained, closed = 0.0, 0
    while closed < count:
        site = near[np.random.randint(min(count + 3, inside))]
        if state.is_open[site]:
            gained -= state.loss[site]
            _close(ground, state, site)
            closed += 1
    for _ in range(count):
        into = _drawn(ground, state)
        if into < 0:
            break
        gained += state.gain[into]
        _open(ground, state, into)
    return gained


@part
def _is_allowed(ground: _Ground, state: _State) -> bool:
    for row in range(len(ground.upper)):
        if state.load[row] < ground.lower[row] or state.load[row] > ground.upper[row]:
            return False
    return True


@part
def _return_to(ground: _Ground, state: _State, chosen: Mask) -> None:
    for site in range(len(chosen)):
        if state.is_open[site] and not chosen[site]:
            _close(ground, state, site)
    for site in range(len(chosen)):
        if chosen[site] and not state.is_open[site]:
            _open(ground, state, site)


@compiled
def _search(
    ground: _Ground, state: _State, chosen: Mask, enough: float, kicks: int, work: int, seed: int, tiny: float
) -> Mask:
    """Kick and improve, at first accepting what is somewhat worse, less and less so (simulated annealing)."""
    np.random.seed(seed)
    worth = 0.0
    for site in range(len(chosen)):
        if chosen[site]:
            worth += state.gain[site]
            _open(ground, state, site)
    worth += _improve(ground, state, tiny)
    best, best_worth = state.is_open.copy(), worth
    kept, kept_worth = best.copy(), worth
    warmth = _WARMTH * worth / max(1, best.sum())
    for step in range(kicks):
        if state.work[0] >= work or best_worth >= enough or not kept.any():
            break
        share_left = 1.0 - max(step / kicks, state.work[0] / work)
        worse = -warmth * share_left * np.log(1.0 - np.random.random())
        gained = _kick(ground, state)
        gained += _improve(ground, state, tiny)
        if gained >= -worse - tiny and _is_allowed(ground, state):
            kept_worth += gained
            kept[:] = state.is_open
            if kept_worth > best_worth + tiny:
                best_worth = kept_worth
                best[:] = kept
        else:
            _return_to(ground, state, kept)
    return best
