"""A bound for the p-median: each point pays for being served, and the sites that collect most are opened.

For payments u, no plan costs less than the sum of u plus the sum over the best so many sites of what they lose by
serving everybody who pays more than they cost: the Lagrangian relaxation of Cornuejols, Fisher & Nemhauser (1977),
Management Science 23(8). Payments are moved by the volume algorithm: Barahona & Anbil (2000), Mathematical Programming
87(3). What forcing a site open or closed adds to the bound decides most sites without any search.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.machine_code import compiled, part
from planner.siting.problem import Mask
from planner.siting.solvers.median.ground import Amounts, Ground


class Payments(NamedTuple):
    """Where the ascent stands: shape (points,) for the first two, (sites,) for the others."""

    paid: Amounts  # the best payments so far
    slope: Amounts  # what is paid without being served, on average
    opened: Amounts  # how much each site is open, on average
    rooms: Amounts  # shape (4,): best bound, length of steps, weight of the newest, unlucky steps in a row


@part
def _losses(ground: Ground, paid: Amounts, loses: Amounts) -> None:
    """Find what each site loses (at most 0) by serving everybody who pays more than they cost."""
    loses[:] = 0.0
    for point in range(len(paid)):
        for entry in range(ground.first[point], ground.first[point + 1]):
            if ground.cost[entry] >= paid[point]:
                break
            loses[ground.site[entry]] += ground.cost[entry] - paid[point]


@part
def _unserved(ground: Ground, paid: Amounts, is_open: Mask, slope: Amounts) -> None:
    """Find for each point one less the number of open sites that serve it."""
    for point in range(len(paid)):
        served = 1.0 if paid[point] < ground.far[point] else 0.0
        for entry in range(ground.first[point], ground.first[point + 1]):
            if ground.cost[entry] >= paid[point]:
                break
            if is_open[ground.site[entry]]:
                served -= 1.0
        slope[point] = served


@part
def _share_of_newest(slope: Amounts, newest: Amounts, most: float) -> float:
    """Return the share of the newest slope that makes the average shortest, within limits."""
    apart = 0.0
    towards = 0.0
    for point in range(len(slope)):
        difference = newest[point] - slope[point]
        apart += difference * difference
        towards -= slope[point] * difference
    if apart <= 0.0:
        return most
    return min(max(towards / apart, most / 10.0), most)


@compiled
def ascend(ground: Ground, payments: Payments, stations: int, target: float, rounds: int) -> int:
    """Move the payments so many times, or until the bound reaches the target; return how often they moved."""
    paid, slope, opened, rooms = payments
    points, sites = len(paid), len(opened)
    trial, newest = np.zeros(points), np.zeros(points)
    loses, is_open = np.zeros(sites), np.zeros(sites, dtype=np.bool_)
    for done in range(rounds):
        length = 0.0
        for point in range(points):
            length += slope[point] * slope[point]
        if rooms[0] >= target or length < 1e-12:
            return done
        step = rooms[1] * (1.02 * target - 0.02 * rooms[0] - rooms[0]) / length
        for point in range(points):
            lowest = ground.far[point]
            if ground.first[point] < ground.first[point + 1]:
                lowest = ground.cost[ground.first[point]]
            trial[point] = min(max(paid[point] + step * slope[point], lowest), ground.far[point])
        _losses(ground, trial, loses)
        order = np.argsort(loses, kind="mergesort")
        is_open[:] = False
        bound = trial.sum()
        for site in order[:stations]:
            is_open[site] = True
            bound += loses[site]
        _unserved(ground, trial, is_open, newest)
        along = 0.0
        for point in range(points):
            along += slope[point] * newest[point]
        share = _share_of_newest(slope, newest, rooms[2])
        for point in range(points):
            slope[point] += share * (newest[point] - slope[point])
        for site in range(sites):
            opened[site] += share * ((1.0 if is_open[site] else 0.0) - opened[site])
        if bound > rooms[0]:
            paid[:] = trial
            rooms[0] = bound
            rooms[3] = 0.0
            if along > 0.0:
                rooms[1] = min(rooms[1] * 1.1, 2.0)
        else:
            rooms[3] += 1.0
            if rooms[3] >= 10.0:
                rooms[1] = max(rooms[1] * 0.66, 1e-4)
                rooms[3] = 0.0
        rooms[2] = max(rooms[2] * 0.997, 1e-3)
    return rounds


@compiled
def begin(ground: Ground, paid: Amounts, stations: int) -> Payments:
    """Return where the ascent stands at some payments."""
    points, sites = len(paid), len(ground.site_first) - 1
    loses, is_open, slope = np.zeros(sites), np.zeros(sites, dtype=np.bool_), np.zeros(points)
    _losses(ground, paid, loses)
    bound = paid.sum()
    for site in np.argsort(loses, kind="mergesort")[:stations]:
        is_open[site] = True
        bound += loses[site]
    _unserved(ground, paid, is_open, slope)
    return Payments(paid.copy(), slope, is_open.astype(np.float64), np.array([bound, 1.0, 0.1, 0.0]))


@compiled
def bound_of(ground: Ground, paid: Amounts, stations: int, loses: Amounts) -> float:
    """Return the bound that some payments prove; what each site loses goes to `loses`."""
    _losses(ground, paid, loses)
    return paid.sum() + np.sort(loses)[:stations].sum()
