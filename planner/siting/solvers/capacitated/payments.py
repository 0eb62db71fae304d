"""A bound from knapsacks: parties pay to be taken in, every station takes those that pay best and fit.

The assignment rows are relaxed, so each site fills by itself, a knapsack solved by dynamic programming; the sites that
gain most are opened. The best such bound is that of column generation with knapsack columns (Lorena & Senne 2004,
Computers & Operations Research 31; Ceselli & Righini 2005, Networks 45), and what it proves dear is left out for good.
Any rows on sites but counts are relaxed too: the bound only gets weaker.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.machine_code import whole
from planner.siting.problem import Array, Mask

#: Knapsacks are filled in so many steps at most: sizes are rounded down, room too, and the bound stays a bound.
_STEPS = 4_000

#: First step as a share of what is missing, and the last that is of use.
_STEP, _LAST_STEP = 0.1, 1e-3


@dataclass(frozen=True, eq=False)
class Market:
    """Parties and sites, as something to be made small.

    Parameters
    ----------
    cost : array of float, shape (parties, sites)
        What sending a party to a site adds; infinite where it cannot go.
    opening : array of float, shape (sites,)
        Infinite where a site is closed in every plan.
    size : array of float, shape (parties,)
    room : array of float, shape (sites,)
    must_go : array of bool, shape (parties,)
    forced : array of bool, shape (sites,)
        Open in every plan.
    least, most : int
        How many sites are open.
    is_whole : bool
        Nothing else is asked of a plan.
    """

    cost: Array
    opening: Array
    size: Array
    room: Array
    must_go: Mask
    forced: Mask
    least: int
    most: int
    is_whole: bool = True


@dataclass(eq=False)
class Paid:
    """What came of it: the bound, the payments that prove it, and what plans cost at the least.

    Parameters
    ----------
    bound : float
    pay : array of float, shape (parties,)
    leaning : array of float, shape (sites,)
        How open each site was on the way, 0 to 1.
    of_site, without_site : array of float, shape (sites,)
        The least cost of a plan in which the site is open, or closed.
    of_walk : array of float, shape (parties, sites)
        The least cost of a plan that sends the party there.
    """

    bound: float
    pay: Array
    leaning: Array
    of_site: Array = field(default_factory=lambda: np.empty(0))
    without_site: Array = field(default_factory=lambda: np.empty(0))
    of_walk: Array = field(default_factory=lambda: np.empty((0, 0)))


class Knapsacks:
    """Sizes and room in whole steps."""

    def __init__(self, market: Market) -> None:
        largest = float(np.max(market.room[np.isfinite(market.room)], initial=0.0))
        total = float(market.size.sum())
        self.coarse = max(1.0, np.ceil(min(largest, total) / _STEPS))
        self.size = np.floor(market.size / self.coarse + 1e-9).astype(np.int64)
        room = np.minimum(market.room, total)
        self.room = np.floor(room / self.coarse + 1e-6).astype(np.int64)
        self.width = int(self.room.max(initial=0)) + 1

    def are_exact(self, market: Market) -> bool:
        """Whether nothing was rounded that matters."""
        return self.coarse == 1.0 and bool(np.all(market.size == np.rint(market.size)))


def ascend(market: Market, bags: Knapsacks, pay: Array, target: float, rounds: int) -> Paid:
    """Move the payments until the bound is above the target, or moving them is no more use.

    Parameters
    ----------
    market : Market
    bags : Knapsacks
    pay : array of float, shape (parties,)
        To begin with.
    target : float
    rounds : int
        At the most.
    """
    from planner.siting.solvers.capacitated.bags import climb

    begin = np.where(market.must_go, pay, np.minimum(pay, 0.0))
    with whole():
        bound, best, leaning = climb(
            market.cost,
            market.opening,
            bags.size,
            bags.room,
            market.must_go,
            market.forced,
            market.least,
            market.most,
            begin,
            target,
            rounds,
            _STEP,
            _LAST_STEP,
        )
    return _priced(market, bags, Paid(bound, best, leaning))


def opened(market: Market, value: Array) -> tuple[Mask, float]:
    """Return the sites that cost least, as many as are allowed, and what they cost together."""
    order = np.argsort(np.where(market.forced, -np.inf, value), kind="stable")
    count = int(np.clip(np.count_nonzero((value < 0) | market.forced), market.least, market.most))
    is_open = np.zeros(len(value), dtype=bool)
    is_open[order[:count]] = True
    return is_open, float(value[is_open].sum())


def _priced(market: Market, bags: Knapsacks, paid: Paid) -> Paid:
    """Say what a plan costs at the least that opens each site, leaves it closed, or sends a party to it.

    A site that is closed at these payments is opened in exchange for the dearest open one, or besides; for one that is
    closed the best of the others is opened, where it gains or too few are left.
    """
    from planner.siting.solvers.capacitated.bags import with_each

    value, with_party = with_each(market.cost, market.opening, bags.size, bags.room, paid.pay)
    is_open, total = opened(market, value)
    total += paid.pay.sum()
    paid.bound = total
    if not np.isfinite(total):
        paid.of_site = paid.without_site = np.full(len(value), np.inf)
        paid.of_walk = np.full(market.cost.shape, np.inf)
        return paid
    dearest = float(np.where(is_open & ~market.forced, value, -np.inf).max(initial=-np.inf))
    count = np.count_nonzero(is_open)
    instead = np.where(is_open, value, dearest if count >= market.most else max(dearest, 0.0))
    paid.of_site = total - instead + value
    paid.of_walk = total - instead + with_party
    other = float(np.where(is_open, np.inf, value).min(initial=np.inf))
    other = other if count <= market.least else min(other, 0.0)
    paid.without_site = np.full(len(value), total)
    paid.without_site[is_open] += other - value[is_open]
    return paid
