"""What the fast path for `total_walk` looks at: demand points with their sites in order of cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Amounts = npt.NDArray[np.float64]


class Ground(NamedTuple):
    """Demand points and the sites still in question.

    The sites of point i are `site[first[i] : first[i + 1]]`, cheapest first, each cheaper than `far[i]`: what the point
    costs when none of them is open, for it walks to a station that is open anyway.
    """

    first: Whole  # shape (points + 1,)
    site: Small  # shape (pairs,)
    cost: Amounts  # shape (pairs,)
    far: Amounts  # shape (points,)
    site_first: Whole  # shape (sites + 1,): the same pairs site by site
    site_point: Small  # shape (pairs,)
    site_cost: Amounts  # shape (pairs,)


def ground_of(first: Whole, site: Small, cost: Amounts, far: Amounts, sites: int) -> Ground:
    """Return the ground for pairs that stand point by point, in any order there.

    Parameters
    ----------
    first : array of int64, shape (points + 1,)
    site : array of int32, shape (pairs,)
    cost : array of float, shape (pairs,)
    far : array of float, shape (points,)
        Pairs that cost as much or more are left out.
    sites : int
    """
    return Ground(*_sorted(first, site, cost, far, sites))


@compiled
def _sorted(
    first: Whole, site: Small, cost: Amounts, far: Amounts, sites: int
) -> tuple[Whole, Small, Amounts, Amounts, Whole, Small, Amounts]:
    """Sort each point's pairs by cost and then by site, and the same pairs by site and then by point."""
    points = len(far)
    begin = np.zeros(points + 1, dtype=np.int64)
    site_begin = np.zeros(sites + 1, dtype=np.int64)
    for point in range(points):
        count = 0
        for entry in range(first[point], first[point + 1]):
            if cost[entry] < far[point]:
                count += 1
                site_begin[site[entry] + 1] += 1
        begin[point + 1] = begin[point] + count
    for each in range(sites):
        site_begin[each + 1] += site_begin[each]
    ordered_site = np.zeros(begin[points], dtype=np.int32)
    ordered_cost = np.zeros(begin[points])
    place = site_begin[:-1].copy()
    site_point = np.zeros(begin[points], dtype=np.int32)
    site_cost = np.zeros(begin[points])
    for point in range(points):
        start, end = first[point], first[point + 1]
        by_site = np.argsort(site[start:end], kind="mergesort")
        order = by_site[np.argsort(cost[start:end][by_site], kind="mergesort")]
        for k in range(begin[point + 1] - begin[point]):
            here, amount = site[start + order[k]], cost[start + order[k]]
            ordered_site[begin[point] + k] = here
            ordered_cost[begin[point] + k] = amount
            site_point[place[here]] = point
            site_cost[place[here]] = amount
            place[here] += 1
    return begin, ordered_site, ordered_cost, far, site_begin, site_point, site_cost


@compiled
def narrowed(ground: Ground, new_site: Small, is_open: npt.NDArray[np.bool_], most: Amounts, sites: int) -> Ground:
    """Return the ground with decided sites taken out.

    Parameters
    ----------
    ground : Ground
    new_site : array of int32, shape (sites,)
        What each site is called from now on; -1 if it is decided.
    is_open : array of bool, shape (sites,)
        Decided to be open.
    most : array of float, shape (points,)
        No plan in question lets a point cost more.
    sites : int
        How many are left.
    """
    points = len(ground.far)
    far = ground.far.copy()
    for site in range(len(is_open)):
        if is_open[site]:
            for entry in range(ground.site_first[site], ground.site_first[site + 1]):
                point = ground.site_point[entry]
                far[point] = min(far[point], ground.site_cost[entry])
    first = np.zeros(points + 1, dtype=np.int64)
    site_of = np.zeros(len(ground.site), dtype=np.int32)
    cost_of = np.zeros(len(ground.site))
    count = 0
    for point in range(points):
        for entry in range(ground.first[point], ground.first[point + 1]):
            cost = ground.cost[entry]
            if cost >= far[point]:
                break
            if cost > most[point]:
                far[point] = cost
                break
            site = new_site[ground.site[entry]]
            if site >= 0:
                site_of[count] = site
                cost_of[count] = cost
                count += 1
        first[point + 1] = count
    site_first = np.zeros(sites + 1, dtype=np.int64)
    for entry in range(count):
        site_first[site_of[entry] + 1] += 1
    for site in range(sites):
        site_first[site + 1] += site_first[site]
    place = site_first[:-1].copy()
    site_point = np.zeros(count, dtype=np.int32)
    site_cost = np.zeros(count)
    for point in range(points):
        for entry in range(first[point], first[point + 1]):
            where = place[site_of[entry]]
            site_point[where] = point
            site_cost[where] = cost_of[entry]
            place[site_of[entry]] += 1
    return Ground(first, site_of[:count].copy(), cost_of[:count].copy(), far, site_first, site_point, site_cost)
