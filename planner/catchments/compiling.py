"""Compile what snaps points and draws catchments, by giving it next to nothing to do; run by `planner.first_run`."""

from __future__ import annotations

import numpy as np

from planner.catchments.arrays import EDGE, SOURCE
from planner.catchments.outline import traced
from planner.catchments.painting import paint
from planner.catchments.setting_out import BESIDE, CELL, WAY_OUT, Beside, scratch, set_out
from planner.network.seeing import see_places
from planner.network.segments import Segments, nearest_places


def compile_meanwhile() -> None:
    """Leave machine code for other processes; what is needed first comes first."""
    point, no_edge, no_ways = _one_point(), np.ones(1, np.bool_), np.empty(0, WAY_OUT)
    nothing, no_time = np.zeros(1, np.int32), np.zeros(0, np.int64)
    nearest_places(point, np.zeros((1, 2)), no_edge, 1.0)
    beside = Beside(no_edge, np.zeros(1, BESIDE), 1.0, 1.0, 8.0)
    set_out(point, beside, np.zeros((0, 2), np.int64), np.int64(0), scratch(point), np.empty(0, CELL), no_ways)
    see_places(point, point, np.zeros((0, 2)), no_edge, 1.0, nothing, np.zeros(1), np.zeros(1))
    corners = np.zeros((2, 2), np.bool_)
    none, own, edges = nothing[:0], np.empty(0, SOURCE), np.empty(0, EDGE)
    paint(no_time, none, no_ways, none, no_time, no_time, own, edges, np.int64(0), no_time, corners)
    traced(corners)


def _one_point() -> Segments:
    """Return the segments of a path of no length, in no bin."""
    ends, edge, share = np.zeros((1, 4)), np.zeros(1, np.int32), np.zeros(1)
    first, inside = np.zeros(2, np.int64), np.zeros(0, np.int32)
    return Segments(ends, edge, share, share, first, inside, np.ones(2, np.int64), np.ones(3))


if __name__ == "__main__":
    compile_meanwhile()
