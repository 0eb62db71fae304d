"""Walks as the page counts with them: which sites each home reaches, in bytes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.model import Need, WalkingCosts
from planner.plan import Plan

#: So many pairs keep whole milliseconds; of more, walks are rounded up to tenths of a minute.
EXACT_PAIRS = 200_000
TENTH_MS = 6_000


@dataclass(frozen=True, eq=False)
class PackedWalks:
    """The walks of all needs that are measured alike.

    Parameters
    ----------
    needs : tuple of int
        Places of those needs.
    data : bytes
        For each home how many sites it reaches, for each pair the step from the site before, and the walk in units:
        whole numbers of four bytes, all first bytes before all second ones.
    unit : int
        Milliseconds (millimetres) a step; walks are rounded up, and every standard is a multiple: none changes sides.
    limit : int
        How far walks are known, in milliseconds (millimetres).
    complete : bool
        Whether every home's walk to every site it reaches is there, however far.
    """

    needs: tuple[int, ...]
    data: bytes
    homes: int
    pairs: int
    unit: int
    limit: int
    complete: bool

    def header(self) -> dict[str, Any]:
        """Return what `whatif_count.js` needs to know."""
        told = {"homes": self.homes, "pairs": self.pairs, "unit": self.unit, "limit": self.limit}
        return {**told, "complete": self.complete}


def pack_walks(plan: Plan, limits: Callable[[Need], list[int]]) -> tuple[PackedWalks, ...]:
    """Return the walks of a plan, once for all needs that walk alike."""
    known = plan.far_walks or plan.costs
    groups: dict[Any, list[int]] = {}
    for place, need in enumerate(plan.needs):
        groups.setdefault((need.measured_by, need.direction, need.standard.in_minutes), []).append(place)
    return tuple(_packed(plan, tuple(places), known, limits) for places in groups.values())


def _packed(
    plan: Plan, places: tuple[int, ...], known: tuple[WalkingCosts, ...], limits: Callable[[Need], list[int]]
) -> PackedWalks:
    widest = max((known[place] for place in places), key=lambda costs: costs.limit)
    homes, sites = plan.demand.table.index.sort_values(), plan.sites.table.index.sort_values()
    column = sites.get_indexer(widest.destinations)
    row = homes.get_indexer(widest.origins)[np.repeat(np.arange(len(widest.origins)), np.diff(widest.walk.indptr))]
    site, walk = column[widest.walk.indices], widest.walk.data.astype(np.int64)
    order = np.lexsort((site, row))
    order = order[(row[order] >= 0) & (site[order] >= 0)]
    row, site, walk = row[order], site[order], walk[order]
    unit = 1 if len(walk) <= EXACT_PAIRS else _unit([each for place in places for each in limits(plan.needs[place])])
    step = np.diff(site, prepend=0)
    first = np.append(True, row[1:] != row[:-1])[: len(row)]
    step[first] = site[first]
    counts = np.bincount(row, minlength=len(homes))
    data = byte_planes(np.concatenate([counts, step, -(-walk // unit)]))
    return PackedWalks(places, data, len(homes), len(walk), unit, widest.limit, bool(plan.far_walks_complete))


def byte_planes(numbers: npt.NDArray[np.int64]) -> bytes:
    """Return whole numbers byte by byte: the first bytes of all, then the second ones."""
    return numbers.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()


def _unit(limits: list[int]) -> int:
    """Return the longest step up to a tenth of a minute of which every limit is a multiple."""
    common = math.gcd(*limits)
    return next(step for step in range(min(TENTH_MS, common), 0, -1) if common % step == 0)
