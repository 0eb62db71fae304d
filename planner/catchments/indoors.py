"""Stations within a compound whose paths are unknown: its own people walk to them straight, with the detour factor."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from planner.catchments.cells import BORDER, CELL_M, Surrounded, Surroundings, surroundings_of
from planner.catchments.entry import Entry
from planner.catchments.ground import Ground
from planner.catchments.inner import straight_ms

Shapes = npt.NDArray[np.object_]


def with_own_compounds(
    shapes: Shapes, ground: Ground, stations: Entry, limit: int, around: Surrounded, rims: int
) -> Shapes:
    """Add to each ground the cells of the station's own compound that are near enough, straight through it."""
    inside = np.flatnonzero([name is not None for name in stations.straight])
    if not len(inside) or around.compounds is None:
        return shapes
    from planner.catchments.outline import outline, polygons

    surroundings, drawn = surroundings_of(ground, around), shapes.copy()
    for station in inside:
        place, xy = _cells(surroundings, stations.straight[station])
        if not len(place):
            continue
        near = place[straight_ms(ground, xy, np.tile(stations.points.xy[station], (len(xy), 1))) <= limit]
        corner = place.min(axis=0) - BORDER
        covered = np.zeros((place.max(axis=0) - corner + 1 + BORDER)[::-1], dtype=np.bool_)
        covered[tuple((near - corner).T[::-1])] = True
        covered = surroundings.with_rims(covered, corner, rims)
        own = polygons([outline(covered, corner)], surroundings.corner_m, CELL_M)[0]
        drawn[station] = shapely.union(drawn[station], own)
    return drawn


def _cells(surroundings: Surroundings, compound: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the cells of a compound whose people walk straight: column and row, and their centres."""
    here = np.flatnonzero(surroundings.names == compound)
    if not len(here):
        return np.empty((0, 2), np.int64), np.empty((0, 2))
    low, high = np.floor(surroundings.boxes[here[0]].reshape(2, 2) / CELL_M).astype(np.int64)
    place = np.stack(np.meshgrid(*map(np.arange, low, high + 1), indexing="ij"), axis=-1).reshape(-1, 2)
    place, homes, _, through = surroundings.stepping_out(place)
    own = through.straight & (homes.compound == compound)
    return place[own], homes.xy[own]
