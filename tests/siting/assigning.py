"""The best plan with room in the stations, by trying every set of stations and everybody everywhere.

It shares no code with the planner: walks, people and capacities are taken from the problem, the rest is counted here.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from planner.siting import SitingProblem
from tests.siting.town import dense, every_plan, open_ids


def best_assignment(
    problem: SitingProblem, objective: str, *, way: str, takes: tuple[bool, ...], allowed: Any
) -> tuple[Any, ...] | None:
    """Return (objective, covered, walk, changes, ids, where everybody goes) of the best plan, None if there is none.

    `allowed(is_open, covered)` judges a set of stations and, need by need, who is covered.
    """
    everyone = objective in ("total_walk", "longest_walk")
    walks = [dense(need) for need in problem.needs]
    best = None
    for is_open in every_plan(problem):
        for goes in _everywhere(problem, walks, is_open, way, takes, everyone):
            if everyone and _somebody_is_left(problem, walks, goes):
                continue
            told = _counted(problem, walks, goes)
            if not allowed(is_open, told["covered_by"]):
                continue
            worth = {
                "max_coverage": -told["covered"],
                "fewest_sites": int(is_open.sum()),
                "total_walk": told["every_walk"],
                "longest_walk": told["longest"],
            }[objective]
            changes = int((is_open & np.isin(problem.status, ["candidate", "required"])).sum())
            changes += int((~is_open & (problem.status == "existing")).sum())
            key = (
                worth,
                -told["covered"],
                told["walk"],
                changes,
                open_ids(problem, is_open),
                _by_id(problem, goes, takes),
            )
            best = key if best is None or key < best else best
    return best


def _everywhere(problem, walks, is_open, way, takes, everyone):
    """Every way to send people to open stations: by need and demand point the site, or None."""
    options = []
    for need, walk, does in zip(problem.needs, walks, takes, strict=True):
        for point, people in enumerate(need.people):
            open_walks = [
                (walk[point, site], str(problem.site_ids[site]).zfill(9), site)
                for site in range(len(is_open))
                if is_open[site] and not math.isnan(walk[point, site])
            ]
            if not does:
                options.append([min(open_walks)[2] if open_walks else None])
                continue
            near = [one for one in open_walks if everyone or one[0] <= need.limit]
            if people == 0:
                options.append([None])
            elif way == "nearest":
                options.append([min(near)[2] if near else None])
            else:
                fits = [site for _, _, site in near if people <= problem.capacity[site]]
                options.append([*fits, None])
    points = len(problem.demand_ids)
    for flat in itertools.product(*options):
        goes = [flat[k * points : (k + 1) * points] for k in range(len(problem.needs))]
        load = np.zeros(len(is_open))
        for need, sites, does in zip(problem.needs, goes, takes, strict=True):
            for people, site in zip(need.people, sites, strict=True):
                if does and site is not None:
                    load[site] += people
        if np.all(load <= problem.capacity):
            yield goes


def _somebody_is_left(problem, walks, goes):
    may_open = problem.status != "excluded"
    for need, walk, sites in zip(problem.needs, walks, goes, strict=True):
        for people, row, site in zip(need.people, walk, sites, strict=True):
            if people > 0 and site is None and not np.isnan(row[may_open]).all():
                return True
    return False


def _counted(problem, walks, goes):
    told = {"covered": 0.0, "walk": 0.0, "every_walk": 0.0, "longest": 0.0, "covered_by": []}
    for need, walk, sites in zip(problem.needs, walks, goes, strict=True):
        is_covered = np.zeros(len(sites), dtype=bool)
        for point, site in enumerate(sites):
            if site is None or need.people[point] == 0:
                continue
            people, minutes = need.weight * need.people[point], walk[point, site]
            told["every_walk"] += people * minutes
            told["longest"] = max(told["longest"], minutes)
            if minutes <= need.limit:
                is_covered[point] = True
                told["covered"] += people
                told["walk"] += people * minutes
        told["covered_by"].append(is_covered)
    return told


def _by_id(problem, goes, takes):
    """Where everybody goes, demand points in order of id; nowhere comes last."""
    order = sorted(range(len(problem.demand_ids)), key=lambda point: problem.demand_ids[point])
    return tuple(
        tuple((1, "") if sites[point] is None else (0, problem.site_ids[sites[point]]) for point in order)
        for sites, does in zip(goes, takes, strict=True)
        if does
    )
