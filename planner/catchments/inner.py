"""Walks that never leave a compound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.catchments.entry import Entry
from planner.catchments.gated import DETOUR_FACTOR
from planner.catchments.ground import Ground
from planner.catchments.search import Pairs

Floats = npt.NDArray[np.float64]


def inner_walks(ground: Ground, leaving: Entry, arriving: Entry) -> Pairs:
    """Return the walks between points of one compound whose paths are unknown: straight, with the detour factor."""
    origins, destinations = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for compound in sorted(_compounds(leaving) & _compounds(arriving)):
        inside = np.flatnonzero(leaving.straight == compound).astype(np.int32)
        goals = np.flatnonzero(arriving.straight == compound).astype(np.int32)
        origins.append(np.repeat(inside, len(goals)))
        destinations.append(np.tile(goals, len(inside)))
    origin, destination = np.concatenate(origins), np.concatenate(destinations)
    walk = straight_ms(ground, leaving.points.xy[origin], arriving.points.xy[destination])
    return Pairs(origin, destination, leaving.points.building_ms[origin] + walk)


def straight_ms(ground: Ground, from_xy: Floats, to_xy: Floats) -> npt.NDArray[np.int64]:
    """Return the walk between places of a compound, shape (walks, 2) each: straight, with the detour factor."""
    return ground.walker.walk_ms(DETOUR_FACTOR * np.linalg.norm(from_xy - to_xy, axis=1))


def _compounds(entry: Entry) -> set[str]:
    return {name for name in entry.straight if name is not None}
