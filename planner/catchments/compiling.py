"""Compile what snaps points and draws catchments, by giving it next to nothing to do; run by `planner.first_run`."""

from __future__ import annotations

import numpy as np

from planner.catchments.cells import gather_cells
from planner.catchments.outline import traced
from planner.catchments.setting_out import BESIDE, Beside
from planner.network.segments import Segments, nearest_places


def compile_meanwhile() -> None:
    """Leave machine code for other processes; what is needed first comes first."""
    nearest_places(_one_point(), np.zeros((1, 2)), np.ones(1, np.bool_), 1.0)
    gather_cells(_one_point(), Beside(np.ones(1, np.bool_), np.zeros(1, BESIDE), 1.0, 1.0, 8.0, 0))
    traced(np.zeros((2, 2), np.bool_))


def _one_point() -> Segments:
    """Return the segments of a path of no length, in no bin."""
    ends, edge, share = np.zeros((1, 4)), np.zeros(1, np.int32), np.zeros(1)
    first, inside = np.zeros(2, np.int64), np.zeros(0, np.int32)
    return Segments(ends, edge, share, share, first, inside, np.ones(2, np.int64), np.ones(3))


if __name__ == "__main__":
    compile_meanwhile()
