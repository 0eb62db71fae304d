"""A good plan for the p-median: exchange one station for one site, whichever saves most, then kick and again.

What an exchange saves is the sum of what the new site gives, less what the old one alone gives, plus what the new one
saves of that, kept up to date for the points that an exchange touches only: Resende & Werneck (2007), European Journal
of Operational Research 179(1). Steps are counted, not timed. Imported only where it is used, for it brings Numba.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.machine_code import compiled, part
from planner.siting.solvers.median.ground import Amounts, Ground, Small

#: Up to so many stations every pair is looked at; beyond, only those that share a point.
_FEW = 100


class Plan(NamedTuple):
    """A plan and what its exchanges would save. Stations stand in slots; slot -1 stands for what is open anyway.

    `nearest`, `second` and their costs belong to points; `gain` to sites, `loss` to slots, `saved` to both.
    """

    slot_of: Small
    station: Small
    nearest: Small
    second: Small
    cost: Amounts
    cost_second: Amounts
    gain: Amounts
    loss: Amounts
    saved: Amounts


def empty_plan(ground: Ground, stations: int) -> Plan:
    """Return room for a plan."""
    points, sites = len(ground.far), len(ground.site_first) - 1
    return Plan(
        np.full(sites, -1, dtype=np.int32),
        np.zeros(stations, dtype=np.int32),
        np.zeros(points, dtype=np.int32),
        np.zeros(points, dtype=np.int32),
        np.zeros(points),
        np.zeros(points),
        np.zeros(sites),
        np.zeros(stations),
        np.zeros((sites, stations)),
    )


@part
def _look(ground: Ground, plan: Plan, point: int) -> None:
    """Find the two nearest stations of a point."""
    plan.nearest[point] = plan.second[point] = -1
    plan.cost[point] = plan.cost_second[point] = ground.far[point]
    found = False
    for entry in range(ground.first[point], ground.first[point + 1]):
        slot = plan.slot_of[ground.site[entry]]
        if slot >= 0:
            if found:
                plan.second[point] = slot
                plan.cost_second[point] = ground.cost[entry]
                return
            plan.nearest[point] = slot
            plan.cost[point] = ground.cost[entry]
            found = True


@part
def _count(ground: Ground, plan: Plan, point: int, sign: float) -> None:
    """Add what a point has to say about exchanges, or take it back."""
    slot, cost, second = plan.nearest[point], plan.cost[point], plan.cost_second[point]
    if slot >= 0:
        plan.loss[slot] += sign * (second - cost)
    for entry in range(ground.first[point], ground.first[point + 1]):
        here = ground.cost[entry]
        if here >= second:
            return
        site = ground.site[entry]
        if here < cost:
            plan.gain[site] += sign * (cost - here)
            here = cost
        if slot >= 0:
            plan.saved[site, slot] += sign * (second - here)


@part
def _renew(ground: Ground, plan: Plan, point: int) -> float:
    """Look again from a point and return by how much it walks further."""
    before = plan.cost[point]
    _count(ground, plan, point, -1.0)
    _look(ground, plan, point)
    _count(ground, plan, point, 1.0)
    return plan.cost[point] - before


@part
def _exchange(ground: Ground, plan: Plan, slot: int, site: int) -> float:
    """Open a site in the place of a station; return what all points walk further."""
    plan.slot_of[plan.station[slot]] = -1
    plan.station[slot] = site
    plan.slot_of[site] = slot
    more = 0.0
    for point in range(len(ground.far)):
        if plan.nearest[point] == slot or plan.second[point] == slot:
            more += _renew(ground, plan, point)
    for entry in range(ground.site_first[site], ground.site_first[site + 1]):
        point = ground.site_point[entry]
        if ground.site_cost[entry] < plan.cost_second[point] and plan.nearest[point] != slot:
            more += _renew(ground, plan, point)
    return more


@part
def _set_up(ground: Ground, plan: Plan, stations: Small) -> float:
    """Begin with some stations; return what all points walk."""
    plan.slot_of[:] = -1
    plan.gain[:] = 0.0
    plan.loss[:] = 0.0
    plan.saved[:] = 0.0
    plan.station[:] = stations
    for slot in range(len(stations)):
        plan.slot_of[stations[slot]] = slot
    total = 0.0
    for point in range(len(ground.far)):
        _look(ground, plan, point)
        _count(ground, plan, point, 1.0)
        total += plan.cost[point]
    return total


@part
def _best_of_all(plan: Plan) -> tuple[float, int, int]:
    """Return the best exchange: what it saves, the slot and the site."""
    best, best_slot, best_site = 0.0, -1, -1
    for site in range(len(plan.slot_of)):
        if plan.slot_of[site] < 0 and plan.gain[site] > best:
            for slot in range(len(plan.station)):
                saves = plan.gain[site] - plan.loss[slot] + plan.saved[site, slot]
                if saves > best:
                    best, best_slot, best_site = saves, slot, site
    return best, best_slot, best_site


@part
def _best_of_near(ground: Ground, plan: Plan) -> tuple[float, int, int]:
    """Return the best exchange, looking at pairs that share a point, and at the best of the others."""
    slot = int(np.argmin(plan.loss))
    site = -1
    for other in range(len(plan.slot_of)):
        if plan.slot_of[other] < 0 and (site < 0 or plan.gain[other] > plan.gain[site]):
            site = other
    if site < 0:
        return 0.0, -1, -1
    best, best_slot, best_site = plan.gain[site] - plan.loss[slot] + plan.saved[site, slot], slot, site
    for point in range(len(ground.far)):
        slot = plan.nearest[point]
        if slot < 0:
            continue
        least = best + plan.loss[slot]
        for entry in range(ground.first[point], ground.first[point + 1]):
            if ground.cost[entry] >= plan.cost_second[point]:
                break
            site = ground.site[entry]
            if plan.slot_of[site] < 0 and plan.gain[site] + plan.saved[site, slot] > least:
                best = plan.gain[site] - plan.loss[slot] + plan.saved[site, slot]
                best_slot, best_site = slot, site
                least = best + plan.loss[slot]
    return best, best_slot, best_site


@part
def _climb(ground: Ground, plan: Plan, tiny: float) -> float:
    """Exchange as long as anything is saved; return what all points walk further (less than nothing)."""
    more = 0.0
    for _ in range(10 * len(plan.slot_of)):
        if len(plan.station) <= _FEW:
            saves, slot, site = _best_of_all(plan)
        else:
            saves, slot, site = _best_of_near(ground, plan)
        if saves <= tiny:
            break
        more += _exchange(ground, plan, slot, site)
    return more


@part
def _kick(ground: Ground, plan: Plan, most: int) -> float:
    """Exchange a few stations near a point drawn by lot for other sites there."""
    point = np.random.randint(len(ground.far))
    start, end = ground.first[point], ground.first[point + 1]
    count = 1 + np.random.randint(most)
    met, stop = 0, start
    while stop < end and met < count + 2:
        met += plan.slot_of[ground.site[stop]] >= 0
        stop += 1
    more = 0.0
    for _ in range(count):
        out, into = -1, -1
        if stop > start:
            for _ in range(20):
                site = ground.site[start + np.random.randint(stop - start)]
                if plan.slot_of[site] >= 0:
                    out = plan.slot_of[site]
                else:
                    into = site
        if out < 0:
            out = np.random.randint(len(plan.station))
        if into < 0:
            into = np.random.randint(len(plan.slot_of))
        if plan.slot_of[into] < 0:
            more += _exchange(ground, plan, out, into)
    return more


@part
def _return_to(ground: Ground, plan: Plan, stations: Small) -> None:
    """Exchange back to some stations."""
    wanted = np.zeros(len(plan.slot_of), dtype=np.bool_)
    for site in stations:
        wanted[site] = True
    slot = 0
    for site in stations:
        if plan.slot_of[site] < 0:
            while wanted[plan.station[slot]]:
                slot += 1
            _exchange(ground, plan, slot, site)


@compiled
def improved(
    ground: Ground, plan: Plan, stations: Small, rounds: int, most: int, tiny: float, seed: int
) -> tuple[float, Small, int]:
    """Climb from some stations, then kick and climb so many times, keeping what is no worse.

    Returns
    -------
    float, array of int32, int
        What all points walk, the stations in order, and how many rounds ago it last got better.
    """
    np.random.seed(seed)
    worth = _set_up(ground, plan, stations) + _climb(ground, plan, tiny)
    best, best_worth, idle = plan.station.copy(), worth, 0
    for _ in range(rounds):
        worth = best_worth + _kick(ground, plan, most)
        worth += _climb(ground, plan, tiny)
        idle += 1
        if worth <= best_worth + tiny:
            if worth < best_worth - tiny:
                idle = 0
            best_worth = worth
            best[:] = plan.station
        else:
            _return_to(ground, plan, best)
    _set_up(ground, plan, best)
    return plan.cost.sum(), np.sort(best), idle


@compiled
def greedy(ground: Ground, stations: int) -> Small:
    """Return sites that are opened one after another, each where it saves most."""
    sites = len(ground.site_first) - 1
    gain = np.zeros(sites)
    cost = ground.far.copy()
    is_open = np.zeros(sites, dtype=np.bool_)
    chosen = np.zeros(stations, dtype=np.int32)
    for point in range(len(cost)):
        for entry in range(ground.first[point], ground.first[point + 1]):
            gain[ground.site[entry]] += cost[point] - ground.cost[entry]
    for count in range(stations):
        best = -1
        for site in range(sites):
            if not is_open[site] and (best < 0 or gain[site] > gain[best]):
                best = site
        is_open[best] = True
        chosen[count] = best
        for entry in range(ground.site_first[best], ground.site_first[best + 1]):
            point, here = ground.site_point[entry], ground.site_cost[entry]
            if here < cost[point]:
                for other in range(ground.first[point], ground.first[point + 1]):
                    if ground.cost[other] >= cost[point]:
                        break
                    gain[ground.site[other]] -= cost[point] - max(ground.cost[other], here)
                cost[point] = here
    return chosen
