"""Straight walks: from door to door as the crow flies, times a detour factor, never across water or a railway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from scipy.spatial import KDTree

from planner.catchments.points import Points
from planner.catchments.search import Pairs
from planner.model import BARRIER_KINDS, Gates, Walker
from planner.network.obstacles import Obstacles

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Ints = npt.NDArray[np.intp]

#: No walk is as long.
NEVER = 2**62

#: Lines looked at together: bounds the memory.
_TOGETHER = 2_000_000

#: Walls do not bar a straight walk: homes stand within them, and where their gates are is not always known.
_BARRING = [kind for kind, name in enumerate(BARRIER_KINDS) if name != "wall"]


class Doors(NamedTuple):
    """Where straight walks begin or end: at the point itself, or at each gate of its compound.

    Parameters
    ----------
    point : array of intp, shape (doors,)
        Position of the point.
    gate : array of intp, shape (doors,)
        Position of the gate; -1 for the point itself.
    xy : array of float64, shape (doors, 2)
    inside_m : array of float64, shape (doors,)
        Straight from the point to its gate.
    before_ms : array of int64, shape (doors,)
        Spent inside the building, before the walk begins.
    """

    point: Ints
    gate: Ints
    xy: Floats
    inside_m: Floats
    before_ms: Integers

    def in_order(self, order: Ints) -> Doors:
        """Return some of the doors in another order."""
        return Doors(self.point[order], self.gate[order], self.xy[order], self.inside_m[order], self.before_ms[order])


def doors_of(points: Points, gates: Gates | None, crs: CRS, *, for_outsiders: bool) -> Doors:
    """Return the doors of each point, in order of the points; none where all gates of its compound are shut.

    Parameters
    ----------
    for_outsiders : bool
        Walks end here, and may come from elsewhere: only gates that admit outsiders.
    """
    free = np.flatnonzero(~np.isin(points.compound, list(compounds_with_gates(gates))))
    own = Doors(free, np.full(len(free), -1), points.xy[free], np.zeros(len(free)), points.building_ms[free])
    if gates is None:
        return own
    passable = np.flatnonzero(gates.admits_outsiders if for_outsiders else gates.open)
    known = pd.DataFrame({"compound": gates.compounds[passable], "gate": passable})
    homes = pd.DataFrame({"compound": points.compound, "point": np.arange(len(points))}).dropna()
    through = homes.merge(known, on="compound").sort_values(["point", "gate"])
    point, gate = through["point"].to_numpy(dtype=np.intp), through["gate"].to_numpy(dtype=np.intp)
    xy = shapely.get_coordinates(gates.table.geometry.to_crs(crs).to_numpy())[gate]
    at_gates = Doors(point, gate, xy, np.hypot(*(xy - points.xy[point]).T), points.building_ms[point])
    both = Doors(*(np.concatenate(columns) for columns in zip(own, at_gates, strict=True)))
    return both.in_order(np.argsort(both.point, kind="stable"))


def compounds_with_gates(gates: Gates | None) -> set[str]:
    """Return the names of compounds whose gates are known, open or not."""
    return set() if gates is None else set(gates.compounds) - {""}


@dataclass(frozen=True, eq=False)
class Crow:
    """How straight lines become walks: a walker on the level, a detour factor, and what no line leads across."""

    walker: Walker
    detour_factor: float
    obstacles: Obstacles | None

    def walk_ms(self, straight_m: Floats) -> Integers:
        """Return the walks whose straight lines are that long."""
        return self.walker.walk_ms(self.detour_factor * straight_m)

    def reach_m(self, limit: int) -> float:
        """Return the length of the straight line whose walk just meets a limit."""
        return limit / 1000 * self.walker.speed_m_s / self.detour_factor

    def barred(self, begin: Floats, end: Floats) -> Bools:
        """Whether each straight line leads across water or a railway; who stands in water may leave it once."""
        if self.obstacles is None or not len(begin):
            return np.zeros(len(begin), dtype=np.bool_)
        between = self.obstacles.kinds_between(begin, end, self.obstacles.waters_around(begin))
        return np.asarray(between[:, _BARRING].any(axis=1), dtype=np.bool_)

    def between(self, out: Doors, into: Doors, begin: Ints, end: Ints) -> Integers:
        """Return the walk from one point to the other through two doors."""
        outside_m = np.hypot(*(into.xy[end] - out.xy[begin]).T)
        return out.before_ms[begin] + self.walk_ms(out.inside_m[begin] + outside_m + into.inside_m[end])


def walks_within(crow: Crow, out: Doors, into: Doors, limit: int) -> tuple[Pairs, Pairs]:
    """Return every walk from door to door within the limit: those that can be walked, and those that are barred."""
    goals, reach_m = KDTree(into.xy), crow.reach_m(limit) + 1.0
    per_door = goals.query_ball_point(out.xy, reach_m, return_length=True)
    parts = np.array_split(np.arange(len(out.xy)), int(per_door.sum()) // _TOGETHER + 1)
    walked, barred = [_no_pairs()], [_no_pairs()]
    for part in parts:
        near = KDTree(out.xy[part]).sparse_distance_matrix(goals, reach_m, output_type="ndarray")
        begin, end = part[near["i"]], near["j"].astype(np.intp)
        walk = crow.between(out, into, begin, end)
        begin, end, walk = (column[walk <= limit] for column in (begin, end, walk))
        across = crow.barred(out.xy[begin], into.xy[end])
        pairs = Pairs(out.point[begin].astype(np.int32), into.point[end].astype(np.int32), walk)
        walked.append(pairs.only(~across))
        barred.append(pairs.only(across))
    return _all(walked), _all(barred)


def nearest_doors(crow: Crow, out: Doors, into: Doors) -> Pairs:
    """Return for each door the nearest one that can be walked to, however far; the first where two are equally near."""
    rows = max(1, _TOGETHER // max(1, len(into.xy)))
    found = [_no_pairs()]
    if len(into.xy):
        found += [
            _nearest(crow, out, into, np.arange(first, min(first + rows, len(out.xy))))
            for first in range(0, len(out.xy), rows)
        ]
    return _all(found)


def _nearest(crow: Crow, out: Doors, into: Doors, begin: Ints) -> Pairs:
    """Try the nearest door, and where the line to it is barred the next one, until none is left."""
    goals = np.arange(len(into.xy))
    walk = crow.between(out, into, np.repeat(begin, len(goals)), np.tile(goals, len(begin))).reshape(-1, len(goals))
    end, looking = np.zeros(len(begin), dtype=np.intp), np.arange(len(begin))
    while len(looking):
        end[looking] = walk[looking].argmin(axis=1)
        looking = looking[walk[looking, end[looking]] < NEVER]
        looking = looking[crow.barred(out.xy[begin[looking]], into.xy[end[looking]])]
        walk[looking, end[looking]] = NEVER
    shortest = walk[np.arange(len(begin)), end]
    pairs = Pairs(out.point[begin].astype(np.int32), into.point[end].astype(np.int32), shortest)
    return pairs.only(shortest < NEVER)


def walks_inside(crow: Crow, origins: Points, destinations: Points, gated: set[str]) -> Pairs:
    """Return the walks between points of one compound with gates: straight, without leaving it."""
    shared = gated & set(origins.compound) & set(destinations.compound)
    inside = [origins.compound == name for name in sorted(shared)]
    found = [_no_pairs()]
    for own in inside:
        begin = np.flatnonzero(own)
        end = np.flatnonzero(destinations.compound == origins.compound[begin[0]])
        begin, end = np.repeat(begin, len(end)), np.tile(end, len(begin))
        walk = origins.building_ms[begin] + crow.walk_ms(np.hypot(*(destinations.xy[end] - origins.xy[begin]).T))
        found.append(Pairs(begin.astype(np.int32), end.astype(np.int32), walk))
    return _all(found)


def _all(parts: list[Pairs]) -> Pairs:
    whole = parts[0]
    if len(parts) > 1:
        whole = Pairs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return whole


def _no_pairs() -> Pairs:
    return Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
