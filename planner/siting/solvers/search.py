"""A good plan quickly: the best site next, then the best exchange, then a kick and again. Never the proof itself.

The kicks come from a seeded generator and are counted, not timed, so that two machines go the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.program import Array, Goal, Program

#: Weighs every move for one goal: its amounts on sites and on sets in, what each move gains out.
Weigh = Callable[[Array, Array], Array]

#: Gains smaller than this share of what is at stake are rounding.
_ROUNDING = 1e-11

#: Kicks in a row that may gain nothing.
_PATIENCE = 60


@dataclass(frozen=True, eq=False)
class Terrain:
    """What a walk from plan to plan looks at.

    Parameters
    ----------
    sets : csr_array, shape (sets, sites)
        The sets of the program and, below them, those of which one site must be open.
    by_site : csr_array, shape (sites, sets)
    of_site, of_set : arrays of float, shapes (goals, sites) and (goals, sets)
        To be made large: the last goal is improved, the earlier ones must not get worse. Leaving a required set without
        a site costs more in the first goal than everything else is worth.
    rows : array of float, shape (rows, sites)
    lower, upper : arrays of float, shape (rows,)
    required : int
        Number of required sets.
    floors : tuple of (of_site, of_set, lower)
        Sums that must be at least `lower`. What is missing costs in the first goal too, in proportion, so that all of
        it costs more than everything else is worth.
    short : array of float, shape (sets,), or 0
        A set is served by more open sites than this.
    """

    sets: sparse.csr_array
    by_site: sparse.csr_array
    of_site: Array
    of_set: Array
    rows: Array
    lower: Array
    upper: Array
    required: int
    floors: tuple[tuple[Array, Array, float], ...] = ()
    short: Array | float = 0.0

    @classmethod
    def of(cls, program: Program, goals: Sequence[Goal]) -> Terrain:
        """Return the terrain of a program; every goal is to be made large."""
        required = program.required.shape[0]
        stake = 1.0 + np.abs(goals[0].of_set).sum() + np.abs(goals[0].of_site).sum()
        urgent = np.zeros((len(goals), required))
        urgent[0] = stake
        sets = sparse.csr_array(sparse.vstack([program.sets, program.required], format="csr"))
        none = np.zeros(required)
        slack = 1e-9 * np.maximum(1.0, np.abs(np.where(np.isfinite(program.upper), program.upper, 0.0)))
        return cls(
            sets,
            sparse.csr_array(sets.T.tocsr()),
            np.array([goal.of_site for goal in goals]),
            np.hstack([np.array([goal.of_set for goal in goals]), urgent]),
            program.rows.toarray(),
            program.lower - slack,
            program.upper + slack,
            required,
            tuple((goal.of_site, np.append(goal.of_set, none), low - goal.constant) for goal, low in program.floors),
            0.0 if program.times is None else np.append(program.short, np.zeros(required)),
        )

    @cached_property
    def stake(self) -> float:
        """More than the first goal can be worth."""
        return 1.0 + float(np.abs(self.of_set[0]).sum() + np.abs(self.of_site[0]).sum())

    def worth(self, chosen: Mask) -> Array:
        """Return every goal for a choice, shape (goals,)."""
        served = self.sets @ chosen.astype(np.float64) > self.short
        worth: Array = self.of_site[:, chosen].sum(axis=1) + self.of_set[:, served].sum(axis=1)
        for of_site, of_set, lower in self.floors:
            worth[0] += self.urgency(of_site[chosen].sum() + of_set[served].sum(), lower)
        return worth

    def urgency(self, amount: Any, lower: float) -> Any:
        """Return what the first goal adds for amounts of a floor: nothing where it is kept, less below."""
        return self.stake * np.minimum(amount - lower, 0.0) / max(abs(lower), 1.0)

    def allows(self, chosen: Mask) -> bool:
        """Whether a choice keeps every row and serves every required set."""
        load = self.rows @ chosen
        served = self.sets @ chosen.astype(np.float64) > self.short
        within = np.all(load <= self.upper) and np.all(load >= self.lower)
        within &= all(of_site[chosen].sum() + of_set[served].sum() >= lower for of_site, of_set, lower in self.floors)
        return bool(within and served[len(served) - self.required :].all())


def greedy(terrain: Terrain, chosen: Mask) -> Mask:
    """Add the site with the largest gain that fits, until nothing gains and every limit is met."""
    chosen = chosen.copy()
    count = terrain.sets @ chosen.astype(np.float64)
    for _ in range(len(chosen)):
        load = terrain.rows @ chosen
        served = count > terrain.short
        missing = _missing(terrain, count)
        gain = terrain.of_site[0] + terrain.by_site @ np.where(served, 0.0, terrain.of_set[0] / missing)
        for of_site, of_set, lower in terrain.floors:
            now = of_site[chosen].sum() + of_set[served].sum()
            after = now + of_site + terrain.by_site @ np.where(served, 0.0, of_set / missing)
            gain += terrain.urgency(after, lower) - terrain.urgency(now, lower)
        room = np.maximum(terrain.upper - load, 0.0)[:, np.newaxis]
        fits = ~chosen & np.all(terrain.rows <= room, axis=0)
        short, over = load < terrain.lower, load > terrain.upper
        relieves = np.any(terrain.rows[short] > 0, axis=0) | np.any(terrain.rows[over] < 0, axis=0)
        helps = fits & ((gain > 0) | relieves)
        if not helps.any():
            break
        best = int(np.argmax(np.where(helps, gain, -np.inf)))
        chosen[best] = True
        count[terrain.by_site[[best]].indices] += 1.0
    return chosen


def fitted(terrain: Terrain, chosen: Mask) -> Mask:
    """Close the site that is missed least until no row allows less: for plans made under other limits."""
    chosen = chosen.copy()
    while (over := terrain.rows @ chosen > terrain.upper).any():
        inside = np.flatnonzero(chosen & np.any(terrain.rows[over] > 0, axis=0))
        if not len(inside):
            break
        served = terrain.sets @ chosen.astype(np.float64)
        only = np.where(served == terrain.short + 1, terrain.of_set[0], 0.0)
        loss = terrain.of_site[0] + terrain.by_site @ only
        chosen[inside[np.argmin(loss[inside])]] = False
    return chosen


def _missing(terrain: Terrain, count: Array) -> Array | float:
    """Return how many open sites each set lacks until it is served; at least 1."""
    return 1.0 if isinstance(terrain.short, float) else np.maximum(terrain.short + 1.0 - count, 1.0)


def climb(terrain: Terrain, chosen: Mask) -> Mask:
    """Open one site, close one, or exchange two, whichever gains most, until nothing gains.

    An exchange gains what the new site adds to the sets that nobody serves, less what the old one alone serves, plus
    what the new one saves of that; see Resende & Werneck (2004), Journal of Heuristics 10, for the same sum for the
    p-median.
    """
    chosen = chosen.copy()
    tiny = _ROUNDING * (1.0 + np.abs(terrain.of_set).sum(axis=1) + np.abs(terrain.of_site).sum(axis=1))
    for _ in range(10 * len(chosen)):
        inside = np.flatnonzero(chosen)
        delta, allowed = _gains(terrain, chosen, inside)
        possible = _allowed(terrain, chosen, inside) & allowed & (delta[-1] > tiny[-1])
        for held, rounding in zip(delta[:-1], tiny[:-1], strict=True):
            possible &= held >= -rounding
        if not possible.any():
            break
        into, out = divmod(int(np.argmax(np.where(possible, delta[-1], -np.inf))), len(inside) + 1)
        if into < len(chosen):
            chosen[into] = True
        if out < len(inside):
            chosen[inside[out]] = False
    return chosen


def held_moves(terrain: Terrain, chosen: Mask, inside: npt.NDArray[np.intp]) -> Mask:
    """Whether each move is allowed and makes no goal worse; see `_gains` for the order of moves."""
    deltas, allowed = _gains(terrain, chosen, inside)
    tiny = _ROUNDING * (1.0 + np.abs(terrain.of_set).sum(axis=1) + np.abs(terrain.of_site).sum(axis=1))
    possible = _allowed(terrain, chosen, inside) & allowed
    for delta, rounding in zip(deltas, tiny, strict=True):
        possible &= delta >= -rounding
    return possible


def zero_moves(terrain: Terrain, chosen: Mask) -> int:
    """Count the moves that are allowed and change no goal: each leads to another plan that is as good."""
    inside = np.flatnonzero(chosen)
    deltas, allowed = _gains(terrain, chosen, inside)
    tiny = _ROUNDING * (1.0 + np.abs(terrain.of_set).sum(axis=1) + np.abs(terrain.of_site).sum(axis=1))
    possible = _allowed(terrain, chosen, inside) & allowed
    for delta, rounding in zip(deltas, tiny, strict=True):
        possible &= np.abs(delta) <= rounding
    return int(np.count_nonzero(possible)) - int(possible[-1, -1])


def search(terrain: Terrain, chosen: Mask, leaning: Array, enough: float, rounds: int, seed: int) -> Mask:
    """Kick a plan and climb again, keeping what is no worse.

    Parameters
    ----------
    terrain : Terrain
        With one goal.
    chosen : array of bool, shape (sites,)
    leaning : array of float, shape (sites,)
        How likely each site is drawn into a kick, compared with the others.
    enough : float
        Stop when the goal reaches this with every required set served: no plan is better.
    rounds : int
    seed : int
    """
    luck = np.random.default_rng(seed)
    enough += terrain.of_set[0, terrain.of_set.shape[1] - terrain.required :].sum()
    best, worth = chosen, terrain.worth(chosen)[0]
    idle = 0
    for _ in range(rounds):
        if worth >= enough or idle >= _PATIENCE or not best.any() or best.all():
            break
        kicked = climb(terrain, _refilled(terrain, *_kicked(terrain, best, leaning, luck)))
        value = terrain.worth(kicked)[0]
        idle = 0 if value > worth else idle + 1
        if value >= worth and terrain.allows(kicked):
            best, worth = kicked, value
    return best


def _kicked(terrain: Terrain, chosen: Mask, leaning: Array, luck: np.random.Generator) -> tuple[Mask, Mask]:
    """Close a few stations that share sets with one of them, and draw as many others."""
    inside = np.flatnonzero(chosen)
    centre = int(luck.choice(inside))
    touched = np.zeros(terrain.sets.shape[0])
    touched[terrain.by_site[[centre]].indices] = 1.0
    shared = (terrain.by_site @ touched)[inside]
    count = min(int(luck.integers(2, 6)), len(inside))
    near = inside[np.argsort(-shared, kind="stable")[: count + 3]]
    closed = np.zeros(len(chosen), dtype=bool)
    closed[luck.choice(near, count, replace=False)] = True
    weight = np.where(chosen, 0.0, leaning + 0.002)
    drawn = np.zeros(len(chosen), dtype=bool)
    fresh = min(count, int(np.count_nonzero(weight)))
    drawn[luck.choice(len(chosen), size=fresh, replace=False, p=weight / weight.sum())] = True
    return chosen & ~closed, drawn


def _refilled(terrain: Terrain, chosen: Mask, drawn: Mask) -> Mask:
    """Add the drawn sites that fit, then whatever gains most."""
    chosen = chosen.copy()
    for site in np.flatnonzero(drawn):
        chosen[site] = bool(np.all(terrain.rows @ chosen + terrain.rows[:, site] <= terrain.upper))
    return greedy(terrain, chosen)


def _gains(terrain: Terrain, chosen: Mask, inside: npt.NDArray[np.intp]) -> tuple[list[Array], Mask]:
    """Weigh each move for each goal, and whether it keeps the floors, or takes nothing from one that is missed.

    Rows are the site to open (the last: none), columns the one to close (the last: none).
    """
    count = terrain.sets @ chosen.astype(np.float64)
    if isinstance(terrain.short, float):
        gained = _one_serves(terrain, chosen, inside, count)
    else:
        gained = _several_serve(terrain, inside, count - terrain.short)
    gains = [gained(*goal) for goal in zip(terrain.of_site, terrain.of_set, strict=True)]
    allowed = np.ones(gains[0].shape, dtype=bool)
    for of_site, of_set, lower in terrain.floors:
        now = of_site[chosen].sum() + of_set[count > terrain.short].sum()
        after = now + gained(of_site, of_set)
        allowed &= after >= min(lower, now - _ROUNDING * max(1.0, abs(now)))
        if now < lower:
            gains[0] += terrain.urgency(after, lower) - terrain.urgency(now, lower)
    return gains, allowed


def _one_serves(terrain: Terrain, chosen: Mask, inside: npt.NDArray[np.intp], count: Array) -> Weigh:
    """Return how moves are weighed where one open site serves a set."""
    alone = np.flatnonzero(count == 1)
    slot = np.zeros(len(chosen), dtype=np.float64)
    slot[inside] = np.arange(len(inside))
    server = (terrain.sets @ (chosen * slot))[alone].astype(np.intp)
    first = np.concatenate([[0], np.cumsum(np.bincount(alone, minlength=len(count)))])

    def gained(of_site: Array, of_set: Array) -> Array:
        opening = np.append(of_site + terrain.by_site @ np.where(count == 0, of_set, 0.0), 0.0)
        closing = np.append(of_site[inside] + np.bincount(server, of_set[alone], minlength=len(inside)), 0.0)
        only = sparse.csr_array((of_set[alone], server, first), shape=(len(count), len(inside) + 1))
        gain: Array = opening[:, np.newaxis] - closing[np.newaxis, :]
        gain[:-1] += (terrain.by_site @ only).toarray()
        return gain

    return gained


def _several_serve(terrain: Terrain, inside: npt.NDArray[np.intp], beyond: Array) -> Weigh:
    """Return how moves are weighed where sets need several sites.

    `beyond` is 0 where one more open site serves a set, and 1 where closing one of them leaves too few. An exchange
    within a set changes nothing in either case.
    """
    members = sparse.csr_array(terrain.sets[:, inside])

    def gained(of_site: Array, of_set: Array) -> Array:
        near, tight = np.where(beyond == 0, of_set, 0.0), np.where(beyond == 1, of_set, 0.0)
        opening = np.append(of_site + terrain.by_site @ near, 0.0)
        closing = np.append(of_site[inside] + tight @ members, 0.0)
        gain: Array = opening[:, np.newaxis] - closing[np.newaxis, :]
        gain[:-1, :-1] += (terrain.by_site @ (sparse.diags_array(tight - near) @ members)).toarray()
        return gain

    return gained


def _allowed(terrain: Terrain, chosen: Mask, inside: npt.NDArray[np.intp]) -> Mask:
    """Whether each move keeps the rows, or goes no further beyond; sites that are open are not opened again.

    Only the rows that some move can break are looked at: of many (distances, areas) most hold no open site.
    """
    allowed = np.ones((len(chosen) + 1, len(inside) + 1), dtype=bool)
    allowed[inside] = False
    load, taken = terrain.rows @ chosen, terrain.rows[:, inside]
    high, low = np.maximum(terrain.upper, load), np.minimum(terrain.lower, load)
    most = load + terrain.rows.max(axis=1, initial=0.0) - taken.min(axis=1, initial=0.0)
    least = load + terrain.rows.min(axis=1, initial=0.0) - taken.max(axis=1, initial=0.0)
    for row in np.flatnonzero((most > high) | (least < low)):
        after = load[row] + np.append(terrain.rows[row], 0.0)[:, np.newaxis] - np.append(taken[row], 0.0)[np.newaxis, :]
        allowed &= (after <= high[row]) & (after >= low[row])
    return allowed
