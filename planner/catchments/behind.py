"""Cells near a barrier: they set out over the nearest path in sight of their centre, or over none.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.catchments.arrays import Records
from planner.catchments.setting_out import BLOCK, WAY_OUT, Beside
from planner.network.obstacles import Obstacles
from planner.network.seeing import see_places
from planner.network.segments import Segments

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def turned_from_barriers(
    segments: Segments, beside: Beside, obstacles: Obstacles, cells: Records, ways: Records
) -> Records:
    """Return the ways out of some cells once those are replaced that a barrier may hide.

    Parameters
    ----------
    cells, ways : arrays of records
        Those of whole blocks, one after the other.
    """
    half_m = beside.cell_m * np.sqrt(0.5)
    near = _near_barriers(segments, beside, obstacles, cells, half_m)
    if not len(near):
        return ways
    far = np.ones(len(cells), np.bool_)
    far[near] = False
    xy = _centres(segments, beside, cells[near])
    dry = obstacles.waters_around(xy) < 0
    edge, fraction, off_path_m = np.full(len(near), -1, np.int32), np.zeros(len(near)), np.zeros(len(near))
    edge_dry, fraction_dry, off_dry = edge[dry], fraction[dry], off_path_m[dry]
    max_m = beside.max_off_path_m + half_m
    see_places(segments, obstacles.pieces, xy[dry], beside.usable, max_m, edge_dry, fraction_dry, off_dry)
    edge[dry], fraction[dry], off_path_m[dry] = edge_dry, fraction_dry, off_dry
    seen = np.flatnonzero(edge >= 0)
    turned = _ways_out(beside, cells[near[seen]], edge[seen], fraction[seen], off_path_m[seen], half_m)
    return np.concatenate([ways[np.repeat(far, cells["ways"])], turned])


def _near_barriers(
    segments: Segments, beside: Beside, obstacles: Obstacles, cells: Records, half_m: float
) -> npt.NDArray[np.intp]:
    """Return the positions of the cells with a barrier no further than their path; whole blocks are asked first."""
    if not len(cells):
        return np.empty(0, np.intp)
    block = np.column_stack([cells["column"], cells["row"]]) // BLOCK
    first = np.flatnonzero(np.append(True, (block[1:] != block[:-1]).any(axis=1)))
    middle = segments.corner[:2] + (block[first] + 0.5) * BLOCK * beside.cell_m
    reach_m = np.maximum.reduceat(cells["off_path_m"], first) + BLOCK * beside.cell_m
    touched = np.zeros(len(first), np.bool_)
    touched[obstacles.around(middle, reach_m)] = True
    asked = np.flatnonzero(np.repeat(touched, np.diff(np.append(first, len(cells)))))
    near = obstacles.around(_centres(segments, beside, cells[asked]), cells["off_path_m"][asked] + half_m)
    return asked[near]


def _centres(segments: Segments, beside: Beside, cells: Records) -> Floats:
    return segments.corner[:2] + (np.column_stack([cells["column"], cells["row"]]) + 0.5) * beside.cell_m


def _ways_out(
    beside: Beside, cells: Records, edge: npt.NDArray[np.int32], fraction: Floats, off_path_m: Floats, half_m: float
) -> Records:
    """Return the ways out of cells over one edge each, as `setting_out` does."""
    ways = np.empty(len(cells), WAY_OUT)
    ways["column"], ways["row"], ways["edge"] = cells["column"], cells["row"], edge
    there = beside.edge[edge]
    for name, share, edge_ms in (
        ("to_start", fraction, there["ms_back"]),
        ("to_end", 1 - fraction, there["ms"]),
    ):
        off_rate = beside.ms_a_metre
        length_m = there["length_m"]
        rate = np.divide(edge_ms, length_m, out=np.zeros_like(length_m), where=length_m > 0)
        slack_ms = half_m * np.sqrt(off_rate**2 + rate**2)
        at_once = share * edge_ms + off_path_m * off_rate - slack_ms
        apart = np.maximum(0, share * edge_ms - half_m * rate) + np.maximum(0, off_path_m - half_m) * off_rate
        ways[name] = np.minimum(np.floor(np.maximum(at_once, apart)) - 3, np.iinfo(np.int32).max)
    return ways
