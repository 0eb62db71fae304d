"""A good plan for open sites quickly: send parties where room is scarce first, shift and swap them, move the sites.

Regrets decide who goes first (Martello & Toth 1981); then the best shift of a party or swap of two, until nothing
gains; then every site moves to the place that serves its own parties best, and once more.
"""

from __future__ import annotations

import numpy as np

from planner.siting.problem import Array, Mask, Positions
from planner.siting.solvers.capacitated.payments import Market

#: Moves at the most, and how often sites move.
_MOVES, _TIMES = 1_000, 12


def good_plan(market: Market, is_open: Mask) -> tuple[float, Mask, Positions] | None:
    """Return what a plan costs, its sites, and the site of each party (-1: none); None if no plan was found."""
    best: tuple[float, Mask, Positions] | None = None
    for _ in range(_TIMES):
        goes = _improved(market, is_open, _sent(market, is_open))
        total = _total(market, is_open, goes)
        if not np.isfinite(total) or (best is not None and total >= best[0] - 1e-9 * max(1.0, abs(total))):
            break
        best = total, is_open, goes
        is_open = _moved(market, is_open, goes)
    return best


def _total(market: Market, is_open: Mask, goes: Positions) -> float:
    if np.any(market.must_go & (goes < 0)):
        return np.inf
    sent = np.flatnonzero(goes >= 0)
    return float(market.cost[sent, goes[sent]].sum() + market.opening[is_open].sum())


def _sent(market: Market, is_open: Mask) -> Positions:
    """Send those first who lose most where their best site fills up; staying at home is the last choice."""
    sites = np.flatnonzero(is_open)
    parties = len(market.size)
    goes = np.full(parties, -1, dtype=np.intp)
    if not len(sites):
        return goes
    dear = 1.0 + 2.0 * float(np.abs(market.cost[np.isfinite(market.cost)]).max(initial=0.0))
    home = np.where(market.must_go, dear, 0.0)
    cost, left = market.cost[:, sites], market.room[sites].copy()
    waits = np.ones(parties, dtype=bool)
    for _ in range(parties):
        fits = cost + np.where(market.size[:, np.newaxis] <= left + 1e-9, 0.0, np.inf)
        first = fits.min(axis=1)
        best = np.minimum(first, home)
        second = np.minimum(np.partition(fits, 1, axis=1)[:, 1], home) if len(sites) > 1 else home
        wanted = np.where(waits & (first < home), second - best + 1e-9 * market.size, -np.inf)
        party = int(np.argmax(wanted))
        if not np.isfinite(wanted[party]):
            break
        place = int(np.argmin(fits[party]))
        goes[party], waits[party] = sites[place], False
        left[place] -= market.size[party]
    return goes


def _improved(market: Market, is_open: Mask, goes: Positions) -> Positions:
    """Shift one party or swap two, whichever gains most, until nothing gains."""
    sites = np.flatnonzero(is_open)
    dear = 1.0 + 2.0 * float(np.abs(market.cost[np.isfinite(market.cost)]).max(initial=0.0))
    cost = np.column_stack([market.cost[:, sites], np.where(market.must_go, dear, 0.0)])
    cost = np.where(np.isfinite(cost), cost, 1e6 * dear)
    room = np.append(market.room[sites], np.inf)
    column = np.full(len(is_open) + 1, len(sites))
    column[sites] = np.arange(len(sites))
    at, size = column[goes], market.size
    everybody = np.arange(len(at))
    for _ in range(_MOVES):
        load = np.bincount(at, size, minlength=len(room))
        now = cost[everybody, at]
        shift = np.where(size[:, np.newaxis] <= room - load + 1e-9, cost - now[:, np.newaxis], np.inf)
        there = cost[:, at]
        swap = there + there.T - now[:, np.newaxis] - now[np.newaxis, :]
        after = (load - room)[at][:, np.newaxis] - size[:, np.newaxis] + size[np.newaxis, :]
        swap = np.where((after <= 1e-9) & (after.T <= 1e-9), swap, np.inf)
        best_shift, best_swap = float(shift.min()), float(swap.min(initial=np.inf))
        if min(best_shift, best_swap) >= -1e-9 * dear:
            break
        if best_shift <= best_swap:
            party, place = np.unravel_index(int(np.argmin(shift)), shift.shape)
            at[party] = place
        else:
            one, other = np.unravel_index(int(np.argmin(swap)), swap.shape)
            at[one], at[other] = at[other], at[one]
    return np.append(sites, -1)[at]


def _moved(market: Market, is_open: Mask, goes: Positions) -> Mask:
    """Move each site, one after another, to the closed one with room that serves its parties best."""
    is_open = is_open.copy()
    for site in np.flatnonzero(is_open & ~market.forced):
        own = goes == site
        closed = ~is_open & (market.room >= market.size[own].sum() - 1e-9)
        closed[site] = True
        cost = np.where(closed, market.cost[own].sum(axis=0) + market.opening, np.inf)
        best = int(np.argmin(cost))
        is_open[site] = False
        is_open[best if cost[best] < cost[site] else site] = True
    return is_open


def sites_by_turns(market: Market, cost: Array) -> Mask:
    """Return sites chosen one after another, each the one that makes the nearest cost least; room is not looked at."""
    is_open = market.forced.copy()
    nearest = np.min(np.where(is_open[np.newaxis, :], cost, np.inf), axis=1)
    while np.count_nonzero(is_open) < min(market.most, len(is_open)):
        worth = np.minimum(cost, nearest[:, np.newaxis]).sum(axis=0) + market.opening
        site = int(np.argmin(np.where(is_open, np.inf, worth)))
        is_open[site] = True
        nearest = np.minimum(nearest, cost[:, site])
    return is_open
