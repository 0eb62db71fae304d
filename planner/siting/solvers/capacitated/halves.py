"""Proof by halves: what is still possible is split in two until no half can hold a better plan.

First the station that is least decided is open in one half and closed in the other; where all are decided, a party goes
to its likeliest station or does not. Each half moves the payments on from where its parent left them (Ceselli & Righini
2005, Networks 45, branch likewise), and what its bound proves too dear is left out of it. The most promising half comes
first, and work is counted.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from planner.siting.problem import Array, Mask, Positions
from planner.siting.solvers.capacitated.payments import Knapsacks, Market, Paid, ascend

#: How often payments move in each half, and so many halves at most.
_ROUNDS, _HALVES = 150, 50_000

#: A site this close to open or closed on the way is taken as decided.
_DECIDED = 0.02

#: Plans are looked for in the first halves, then in every so many.
_FIRST_LOOKS, _EVERY = 40, 20

#: Walks that halves waiting may hold together: memory.
_MOST_WAITING = 400_000_000


@dataclass(order=True)
class _Half:
    """What is left in question: walks that are possible, sites that are open, parties that must go."""

    bound: float
    number: int
    can: Mask = field(compare=False)
    forced: Mask = field(compare=False)
    closed: Mask = field(compare=False)
    must_go: Mask = field(compare=False)
    pay: Array = field(compare=False)


@dataclass(frozen=True, eq=False)
class Proof:
    """No plan costs less than the bound, and how the proof ended."""

    bound: float
    end: Literal["proven", "time_limit", "node_limit"]


@dataclass(eq=False)
class Halving:
    """The proof under way.

    Parameters
    ----------
    market : Market
    bags : Knapsacks
    best : float
        What the best plan known costs.
    room : float
        How much less than that another plan must cost to matter.
    look : function of open sites, or None
        Looks for a plan there; returns what the best plan known costs now.
    told : function of open sites and the site of each party
        Told of a plan; returns what the best plan known costs now.
    is_late : function
    most : int
        Halves at the most.
    """

    market: Market
    bags: Knapsacks
    best: float
    room: float
    look: Callable[[Mask], float] | None
    told: Callable[[Mask, Positions], float]
    is_late: Callable[[], bool]
    most: int = _HALVES
    seen: set[bytes] = field(default_factory=set)
    waiting: list[_Half] = field(default_factory=list)
    halves: int = 0

    def prove(self, paid: Paid) -> Proof:
        """Go on until no half is left that could hold a plan below the target, or work or time runs out."""
        market, nothing = self.market, np.zeros(len(self.market.opening), dtype=bool)
        self._wait(_Half(paid.bound, 0, np.isfinite(market.cost), market.forced, nothing, market.must_go, paid.pay))
        while self.waiting and self.waiting[0].bound <= self.target:
            bound = self.waiting[0].bound
            if self.is_late():
                return Proof(bound, "time_limit")
            if self.halves >= self.most or len(self.waiting) * market.cost.size > _MOST_WAITING:
                return Proof(bound, "node_limit")
            self._split(heapq.heappop(self.waiting))
        return Proof(max(self.target, min(paid.bound, self.best)), "proven")

    @property
    def target(self) -> float:
        """What costs more is of no interest."""
        return self.best - self.room

    def _wait(self, half: _Half) -> None:
        self.halves += 1
        half.number = self.halves
        heapq.heappush(self.waiting, half)

    def _split(self, half: _Half) -> None:
        market = _tidied(self.market, half)
        if market is None:
            return
        paid = ascend(market, self.bags, half.pay, self.target, _ROUNDS)
        self._look(market, paid)
        half.bound, half.pay = max(paid.bound, half.bound), paid.pay
        if half.bound > self.target:
            return
        half.closed = half.closed | (paid.of_site > self.target)
        half.forced = half.forced | ((paid.without_site > self.target) & ~half.closed)
        half.can = half.can & (paid.of_walk <= self.target)
        rest = _tidied(self.market, half)
        if rest is None:
            return
        if (half.forced | half.closed).all():
            self._by_party(half, rest)
        else:
            self._by_site(half, paid)

    def _look(self, market: Market, paid: Paid) -> None:
        if self.look is None:
            return
        is_open = likeliest(market, paid)
        if is_open.tobytes() in self.seen or len(self.seen) > _FIRST_LOOKS + self.halves // _EVERY:
            return
        self.seen.add(is_open.tobytes())
        self.best = self.look(is_open)

    def _by_site(self, half: _Half, paid: Paid) -> None:
        """Split where the plans on the way agree least; where they agree, at the site most of them open."""
        is_free = ~half.forced & ~half.closed
        doubt = np.where(is_free, np.minimum(paid.leaning, 1.0 - paid.leaning), -1.0)
        doubt = doubt if doubt.max() > _DECIDED else np.where(is_free, paid.leaning, -1.0)
        one = np.arange(len(doubt)) == int(np.argmax(doubt))
        self._wait(replace(half, forced=half.forced | one))
        self._wait(replace(half, closed=half.closed | one))

    def _by_party(self, half: _Half, market: Market) -> None:
        """Split at the party that loses most where it does not go to its best station; a plan where all are decided."""
        price = np.sort(np.column_stack([market.cost, np.where(market.must_go, np.inf, 0.0)]), axis=1)
        choices = np.isfinite(price).sum(axis=1)
        if choices.max() == 1:
            goes = np.where(half.can.any(axis=1), np.argmax(half.can, axis=1), -1)
            self.best = self.told(half.forced, goes)
            return
        loss = np.where(choices > 1, price[:, 1] - price[:, 0], -1.0)
        party = int(np.lexsort((-market.size, -loss))[0])
        place = int(np.argmin(market.cost[party]))
        with_it, without = half.can.copy(), half.can.copy()
        with_it[party] = np.arange(len(half.forced)) == place
        without[party, place] = False
        must_go = half.must_go.copy()
        must_go[party] = True
        self._wait(replace(half, can=with_it, must_go=must_go))
        self._wait(replace(half, can=without))


def likeliest(market: Market, paid: Paid) -> Mask:
    """Return the sites that the plans on the way opened most."""
    likely = np.where(market.forced, np.inf, np.where(np.isinf(market.opening), -np.inf, paid.leaning))
    is_open = np.zeros(len(likely), dtype=bool)
    count = int(np.clip(np.count_nonzero(likely > 0.5), market.least, market.most))
    is_open[np.argsort(-likely, kind="stable")[:count]] = True
    return is_open


def _tidied(market: Market, half: _Half) -> Market | None:
    """Draw what follows at once, and return what is left of the market; None if nothing is."""
    can = half.can & ~half.closed
    while True:
        if np.count_nonzero(half.forced) > market.most:
            return None
        if np.count_nonzero(half.forced) == market.most:
            half.closed = ~half.forced
            can = can & half.forced
        if len(half.closed) - np.count_nonzero(half.closed) < market.least:
            return None
        is_fixed = half.must_go & (can.sum(axis=1) == 1)
        if np.any(half.must_go & ~can.any(axis=1)):
            return None
        place = np.argmax(can, axis=1)
        load = np.bincount(place[is_fixed], market.size[is_fixed], minlength=len(half.closed))
        if np.any(load > market.room + 1e-6):
            return None
        half.forced = half.forced | np.isin(np.arange(len(load)), place[is_fixed])
        fits = can & (is_fixed[:, np.newaxis] | (market.size[:, np.newaxis] + load <= market.room + 1e-6))
        if np.array_equal(fits, can) and np.count_nonzero(half.forced) <= market.most:
            break
        can = fits
    half.can = can
    cost = np.where(can, market.cost, np.inf)
    opening = np.where(half.closed, np.inf, market.opening)
    return replace(market, cost=cost, opening=opening, forced=half.forced, must_go=half.must_go)
