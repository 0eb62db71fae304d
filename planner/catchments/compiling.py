"""Compile what snaps points and draws catchments, by giving it next to nothing to do; run by `planner.first_run`."""

from __future__ import annotations

import numpy as np

from planner.catchments.arrays import EDGE, SOURCE, WAY_OUT
from planner.catchments.outline import traced
from planner.catchments.painting import paint
from planner.network.seeing import Barring, see_places
from planner.network.segments import Segments, nearest_places


def compile_meanwhile() -> None:
    """Leave machine code for other processes; what is needed first comes first."""
    point, no_edge, no_ways = _one_point(), np.ones(1, np.bool_), np.empty(0, WAY_OUT)
    nothing, no_time = np.zeros(1, np.int32), np.zeros(0, np.int64)
    nearest_places(point, np.zeros((1, 2)), no_edge, 1.0)
    barring = Barring(point, no_edge, np.zeros(1, np.int64), 0.0)
    see_places(point, barring, np.zeros((0, 2)), no_time, no_edge, 1.0, nothing, np.zeros(1), np.zeros(1))
    own, edges = np.empty(0, SOURCE), np.empty(0, EDGE)
    paint(no_time, no_ways, nothing[:0], no_time, no_time, own, edges, no_time, np.zeros((2, 2), np.int32))
    traced(np.zeros((2, 2), np.bool_))


def _one_point() -> Segments:
    """Return the segments of a path of no length, in no bin."""
    ends, edge, share = np.zeros((1, 4)), np.zeros(1, np.int32), np.zeros(1)
    first, inside = np.zeros(2, np.int64), np.zeros(0, np.int32)
    return Segments(ends, edge, share, share, first, inside, np.ones(2, np.int64), np.ones(3))


if __name__ == "__main__":
    compile_meanwhile()
