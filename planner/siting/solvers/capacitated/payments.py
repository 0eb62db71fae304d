"""A bound from knapsacks: parties pay to be taken in, every station takes those that pay best and fit.

The assignment rows are relaxed, so each site fills by itself, a knapsack solved by dynamic programming; the sites that
gain most are opened. The bound is that of column generation with knapsack columns (Lorena & Senne 2004, Computers &
Operations Research 31; Ceselli & Righini 2005, Networks 45), found by subgradients, and what it proves dear is left out
for good. Any rows on sites but counts are relaxed too: the bound only gets weaker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from planner.siting.problem import Array, Mask

#: Knapsacks are filled in so many steps at most: sizes are rounded down, room too, and the bound stays a bound.
_STEPS = 400

#: Rounds of subgradients, and how many without a better bound until steps are halved.
_ROUNDS, _IDLE = 600, 15

#: So much of the last direction is kept: it turns less.
_INERTIA = 0.7

#: Below this share of the gap at the start a longer step is no use.
_LAST_STEP = 0.005


@dataclass(frozen=True, eq=False)
class Market:
    """Parties and sites, as something to be made small.

    Parameters
    ----------
    cost : array of float, shape (parties, sites)
        What sending a party to a site adds; infinite where it cannot go.
    opening : array of float, shape (sites,)
    size : array of float, shape (parties,)
    room : array of float, shape (sites,)
    must_go : array of bool, shape (parties,)
    forced : array of bool, shape (sites,)
        Open in every plan.
    least, most : int
        How many sites are open.
    """

    cost: Array
    opening: Array
    size: Array
    room: Array
    must_go: Mask
    forced: Mask
    least: int
    most: int


@dataclass(eq=False)
class Paid:
    """What came of it: the bound, the payments that prove it, and what each column costs at the least."""

    bound: float
    pay: Array
    of_site: Array = field(default_factory=lambda: np.empty(0))
    of_walk: Array = field(default_factory=lambda: np.empty((0, 0)))


class Knapsacks:
    """The knapsacks of all sites at once."""

    def __init__(self, market: Market) -> None:
        largest = float(np.max(market.room[np.isfinite(market.room)], initial=0.0))
        total = float(market.size.sum())
        self.coarse = max(1.0, np.ceil(min(largest, total) / _STEPS))
        self.size = np.floor(market.size / self.coarse + 1e-9).astype(np.intp)
        room = np.minimum(market.room, total)
        self.room = np.floor(room / self.coarse + 1e-9).astype(np.intp)
        self.width = int(self.room.max(initial=0)) + 1

    def fill(self, gain: Array) -> tuple[Array, Mask]:
        """Return for each site the least sum of some parties' amounts that fits, and which; gain is at most 0."""
        parties, sites = gain.shape
        best = self._empty()
        taken = np.zeros((parties, sites, self.width), dtype=bool)
        for party in range(parties):
            size = self.size[party]
            if size >= self.width:
                continue
            more = best[:, : self.width - size] + gain[party][:, np.newaxis]
            better = more < best[:, size:]
            taken[party, :, size:] = better
            best[:, size:] = np.where(better, more, best[:, size:])
        place = np.argmin(best, axis=1)
        value = best[np.arange(sites), place]
        chosen = np.zeros((parties, sites), dtype=bool)
        for party in range(parties - 1, -1, -1):
            goes = taken[party, np.arange(sites), place]
            chosen[party] = goes
            place = place - np.where(goes, self.size[party], 0)
        return value, chosen

    def with_each(self, gain: Array, amount: Array) -> Array:
        """Return for each party and site the least sum with that party taken in, shape (parties, sites)."""
        parties, sites = gain.shape
        after = np.empty((parties + 1, sites, self.width))
        after[parties] = 0.0
        for party in range(parties - 1, -1, -1):
            after[party] = self._added(after[party + 1], gain[party], self.size[party])
        before = self._empty()
        found = np.full((parties, sites), np.inf)
        for party in range(parties):
            left = self.room - self.size[party]
            fits = np.flatnonzero(left >= 0)
            used = np.arange(self.width)[np.newaxis, :]
            rest = left[fits][:, np.newaxis] - used
            beyond = after[party + 1][fits[:, np.newaxis], np.maximum(rest, 0)]
            both = np.where(rest >= 0, before[fits] + beyond, np.inf)
            found[party, fits] = both.min(axis=1) + amount[party, fits]
            before = self._added(before, gain[party], self.size[party])
        return found

    def _empty(self) -> Array:
        """Return 0 for every room that a site has, infinity beyond."""
        return np.where(np.arange(self.width)[np.newaxis, :] <= self.room[:, np.newaxis], 0.0, np.inf)

    def _added(self, best: Array, gain: Array, size: int) -> Array:
        if size >= self.width:
            return best
        more = best.copy()
        more[:, size:] = np.minimum(best[:, size:], best[:, : self.width - size] + gain[:, np.newaxis])
        return more


def ascend(market: Market, pay: Array, look: Callable[[Mask], float], is_late: Callable[[], bool]) -> Paid:
    """Move the payments until the bound meets the target, stops getting better, or time is up.

    Parameters
    ----------
    market : Market
    pay : array of float, shape (parties,)
        To begin with: duals of the linear relaxation do well.
    look : function of open sites
        Called with every new choice of sites; returns what the best plan known costs now.
    is_late : function
    """
    bags = Knapsacks(market)
    best, seen, step, idle, target = Paid(-np.inf, pay.copy()), set[bytes](), 1.0, 0, np.inf
    way = np.zeros(len(pay))
    for _ in range(_ROUNDS):
        gain = np.minimum(market.cost - pay[:, np.newaxis], 0.0)
        value, chosen = bags.fill(gain)
        is_open, bound = opened(market, value + market.opening)
        bound += pay.sum()
        if bound > best.bound + 1e-9 * max(1.0, abs(bound)):
            best, idle = Paid(bound, pay.copy()), 0
        else:
            idle += 1
        if is_open.tobytes() not in seen:
            seen.add(is_open.tobytes())
            target = look(is_open)
        if idle >= _IDLE:
            step, idle, pay, way = step / 2, 0, best.pay.copy(), np.zeros(len(pay))
        lacking = 1.0 - chosen[:, is_open].sum(axis=1)
        lacking[~market.must_go & (pay >= 0) & (lacking > 0)] = 0.0
        way = lacking + _INERTIA * way
        length = float(way @ way)
        if best.bound >= target - 1e-9 or length == 0 or step < _LAST_STEP or is_late():
            break
        hoped = target if np.isfinite(target) else bound + 0.05 * abs(bound) + 1.0
        pay = pay + step * max(hoped - bound, 1e-6 * abs(hoped)) / length * way
        pay = np.where(market.must_go, pay, np.minimum(pay, 0.0))
    return _priced(market, bags, best)


def opened(market: Market, value: Array) -> tuple[Mask, float]:
    """Return the sites that cost least, as many as are allowed, and what they cost together."""
    order = np.argsort(np.where(market.forced, -np.inf, value), kind="stable")
    count = int(np.clip(np.count_nonzero((value < 0) | market.forced), market.least, market.most))
    is_open = np.zeros(len(value), dtype=bool)
    is_open[order[:count]] = True
    return is_open, float(value[is_open].sum())


def _priced(market: Market, bags: Knapsacks, paid: Paid) -> Paid:
    """Say what a plan costs at the least that opens each site, or sends a party to it.

    A site that is closed at these payments is opened in exchange for the dearest open one, or besides.
    """
    amount = market.cost - paid.pay[:, np.newaxis]
    gain = np.minimum(amount, 0.0)
    value = bags.fill(gain)[0] + market.opening
    is_open, total = opened(market, value)
    total += paid.pay.sum()
    dearest = float(np.where(is_open & ~market.forced, value, -np.inf).max(initial=-np.inf))
    is_full = np.count_nonzero(is_open) >= market.most
    instead = np.where(is_open, value, dearest if is_full else max(dearest, 0.0))
    paid.of_site = total - instead + value
    paid.of_walk = total - instead + bags.with_each(gain, amount) + market.opening
    return paid
