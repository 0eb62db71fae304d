"""A town small enough to try every set of stations, and a count of its plans that shares no code with the planner."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from planner.model import Need, ServiceStandard, Walker
from planner.siting import NeedWalks, SitingProblem

LIMIT_MIN = 10
DEMAND_IDS = ["north", "mill", "river", "old town", "east", "hill"]
SITE_IDS = ["s10", "s2", "s3", "s4", "s5", "s6", "s7"]
STATUS = ["candidate", "existing", "candidate", "under_construction", "candidate", "existing", "excluded"]
COST_CNY = [300_000.0, 0.0, 200_000.0, 900_000.0, 250_000.0, 0.0, 1_000.0]
CAPACITY = [100.0, 90.0, 200.0, 160.0, 120.0, 130.0, 0.0]
#: s10 and s3 stand exactly 500 m apart, s3 and s5 exactly 700 m, s10 and s2 450 m; s4 and s6 are too close already.
SITE_XY_M = [[0, 0], [-450, 0], [300, 400], [2100, 0], [300, 1100], [2150, 0], [9000, 0]]
SITE_GRIDS = ["g1", "g2", "g1", "g2", "g3", None, "g3"]
DEMAND_GRIDS = ["g1", "g1", "g2", "g1", "g3", None]
COMMUNITIES = {"g1": "west", "g2": "west", "g3": "east"}
SCORES = [3.0, 1.0, 2.0, 0.0, 5.0, 0.0, 9.0]
RESIDENTS = [100, 60, 40, 60, 0, 20]
ELDERLY = [10, 0, 30, 20, 5, 10]
_ = None
WALK_MIN = [  # walks of exactly ten minutes count; equal walks and equal people make ties
    [10, _, 4, _, 4, _, 1],
    [2, 9, _, _, 10, _, 1],
    [_, 3, 10, 11, _, 3, 1],
    [7, _, 7, 5, 7, 12, 1],
    [1, _, _, _, _, 0, 1],
    [_, _, 6, _, 6, 8, 1],
]
#: The elderly walk at two thirds of the speed, and need a function that s2 and s10 do not offer.
OFFERED = [False, False, True, True, True, True, True]


def small_town() -> SitingProblem:
    """Six demand points, seven sites of every status but `required`, two needs."""
    walk = np.array([[np.nan if minutes is None else minutes for minutes in row] for row in WALK_MIN]) * 60_000
    slow = np.where(np.array(OFFERED)[np.newaxis, :], walk * 1.5, np.nan)
    standard = ServiceStandard(max_walk_min=LIMIT_MIN)
    needs = (
        _need(RESIDENTS, walk, Need("residents", Walker("plain", speed_m_s=1.2), standard)),
        _need(ELDERLY, slow, Need("elderly", Walker("slow", speed_m_s=0.8), standard, "home_care", weight=3.0)),
    )
    return SitingProblem(
        pd.Index(DEMAND_IDS),
        pd.Index(SITE_IDS),
        needs,
        np.array(COST_CNY),
        np.array(STATUS, dtype=object),
        np.array(CAPACITY),
        site_xy_m=np.array(SITE_XY_M, dtype=float),
        site_areas=_areas(SITE_GRIDS),
        demand_areas=_areas(DEMAND_GRIDS),
        site_scores={"score": np.array(SCORES)},
    )


def _areas(grids: list[str | None]) -> dict[str, np.ndarray]:
    communities = [None if grid is None else COMMUNITIES[grid] for grid in grids]
    return {"grid": np.array(grids, dtype=object), "community": np.array(communities, dtype=object)}


def _need(people: list[int], walk: np.ndarray, need: Need) -> NeedWalks:
    row, column = np.nonzero(np.isfinite(walk))
    first = np.append(0, np.cumsum(np.bincount(row, minlength=len(walk))))
    matrix = sparse.csr_array((walk[row, column].astype(np.int32), column, first), shape=walk.shape)
    return NeedWalks(np.array(people, dtype=float), matrix, need.standard.limit, need.weight, need)


def reversed_rows(problem: SitingProblem) -> SitingProblem:
    """The same problem with its demand points and its sites the other way round."""
    return replace(
        problem,
        demand_ids=problem.demand_ids[::-1],
        site_ids=problem.site_ids[::-1],
        needs=tuple(
            replace(need, people=need.people[::-1], walk=sparse.csr_array(need.walk[::-1][:, ::-1]))
            for need in problem.needs
        ),
        cost_cny=problem.cost_cny[::-1],
        status=problem.status[::-1],
        capacity=None if problem.capacity is None else problem.capacity[::-1],
        closing_cost_cny=None if problem.closing_cost_cny is None else problem.closing_cost_cny[::-1],
        action=None if problem.action is None else problem.action[::-1],
        replaces=_turned(problem),
        site_xy_m=None if problem.site_xy_m is None else problem.site_xy_m[::-1],
        **{
            key: {name: values[::-1] for name, values in getattr(problem, key).items()}
            for key in ("site_areas", "demand_areas", "site_scores")
        },
    )


def _turned(problem: SitingProblem) -> tuple[tuple[int, ...], ...] | None:
    last = len(problem.site_ids) - 1
    if problem.replaces is None:
        return None
    return tuple(tuple(last - old for old in stations) for stations in problem.replaces[::-1])


def town_with_actions() -> SitingProblem:
    """The small town with another station of today, s8, and six rows that expand, merge, move or share."""
    town = small_town()
    rows = {  # id: action, replaces, cost, walks of the residents in minutes
        "s8": ("open", [], 0.0, [_, _, _, 4, 9, _]),
        "a1 expand": ("expand", ["s2"], 60_000.0, [2, 9, _, _, 10, _]),
        "a2 merge": ("merge", ["s2", "s6"], 120_000.0, [5, 4, _, _, _, 6]),
        "a3 move": ("move", ["s6"], 150_000.0, [_, _, 4, _, 9, 10]),
        "a4 share": ("share", [], 20_000.0, [_, _, 8, _, _, 10]),
        "a5 merge": ("merge", ["s6", "s8"], 90_000.0, [_, 3, _, 4, 9, 3]),
        "a6 share": ("share", ["s8"], 15_000.0, [_, _, _, 6, 6, _]),
    }
    ids = [*SITE_IDS, *rows]
    more = np.array([[np.nan if one is None else one for one in walks] for *_rest, walks in rows.values()]).T * 60_000
    needs = []
    for need, slow in zip(town.needs, (1.0, 1.5), strict=True):
        offered = np.array([slow == 1.0 or name != "s8" for name in rows])
        needs.append(
            _need(need.people.tolist(), np.hstack([dense(need), np.where(offered, more * slow, np.nan)]), need.need)
        )
    count = len(ids)
    return SitingProblem(
        town.demand_ids,
        pd.Index(ids),
        tuple(needs),
        np.array([*COST_CNY, *(row[2] for row in rows.values())]),
        np.array([*STATUS, "existing", *["candidate"] * (len(rows) - 1)], dtype=object),
        closing_cost_cny=np.where(np.arange(count) == ids.index("s6"), 10_000.0, np.nan),
        replaces=(*[()] * len(SITE_IDS), *(tuple(ids.index(old) for old in row[1]) for row in rows.values())),
        action=np.array([*["open"] * len(SITE_IDS), *(row[0] for row in rows.values())], dtype=object),
    )


def with_status(problem: SitingProblem, **status: str) -> SitingProblem:
    """The same problem with other statuses for some sites."""
    changed = [status.get(site, old) for site, old in zip(problem.site_ids, problem.status, strict=True)]
    return replace(problem, status=np.array(changed, dtype=object))


def every_plan(problem: SitingProblem) -> list[np.ndarray]:
    """Every set of open stations that the statuses allow."""
    choices = [
        (True,) if status in ("required", "under_construction") else (False,) if status == "excluded" else (False, True)
        for status in problem.status
    ]
    return [np.array(plan) for plan in itertools.product(*choices)]


def dense(need: NeedWalks) -> np.ndarray:
    """Walks as a dense array, NaN where out of reach."""
    walk = np.full(need.walk.shape, np.nan)
    for row in range(walk.shape[0]):
        for place in range(need.walk.indptr[row], need.walk.indptr[row + 1]):
            walk[row, need.walk.indices[place]] = need.walk.data[place]
    return walk


def counted(problem: SitingProblem, is_open: np.ndarray) -> tuple[float, float]:
    """People covered and their total walk, by weight: counted one by one."""
    covered = total = 0.0
    for need in problem.needs:
        for people, walks in zip(need.people, dense(need), strict=True):
            nearest = min((walk for walk in walks[is_open] if not math.isnan(walk)), default=math.inf)
            if nearest <= need.limit:
                covered += need.weight * people
                total += need.weight * people * nearest
    return covered, total


def open_ids(problem: SitingProblem, is_open: np.ndarray) -> tuple[Any, ...]:
    """The ids of the open stations, sorted."""
    return tuple(sorted(problem.site_ids[is_open].tolist()))


def replaced(problem: SitingProblem, is_open: np.ndarray) -> np.ndarray:
    """Whether an open site replaces each station, told one by one."""
    found = np.zeros(len(is_open), dtype=bool)
    for new, stations in enumerate(problem.replaces or ()):
        for old in stations:
            found[old] |= is_open[new]
    return found


def changes(problem: SitingProblem, is_open: np.ndarray) -> int:
    """How many stations a plan opens and closes."""
    opened = sum(is_open & np.isin(problem.status, ["candidate", "required"]))
    closed = sum(~is_open & ~replaced(problem, is_open) & (problem.status == "existing"))
    return int(opened + closed)


def best_plan(problem: SitingProblem, worth: Any, sense: str, allowed: Any) -> tuple[Any, ...] | None:
    """Try every set of stations: (objective, covered, walk, changes, ids) of the best one, None if none is allowed.

    Better is the objective, then more people covered, less walking, fewer changes against today, smaller ids.
    """
    sign = -1.0 if sense == "max" else 1.0
    best = None
    for is_open in every_plan(problem):
        if not allowed(is_open):
            continue
        covered, walk = counted(problem, is_open)
        own = worth(is_open)
        own = own if isinstance(own, tuple) else sign * own
        key = (own, -covered, walk, changes(problem, is_open), open_ids(problem, is_open))
        best = key if best is None or key < best else best
    return None if best is None else (best[0] if isinstance(best[0], tuple) else sign * best[0], -best[1], *best[2:])
