"""The ground beside the paths as a raster: for every cell the edges over which a home in it could set out.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.catchments.arrays import Records
from planner.catchments.setting_out import BLOCK, CELL, WAY_OUT, Beside, scratch, set_out
from planner.network.segments import Positions, Segments

Integers = npt.NDArray[np.int64]

#: Cells and ways out of them that are handed over at once.
_CELLS, _WAYS = 2**15, 2**17


class Cells(NamedTuple):
    """Cells from which a path can be reached, and how far it is at least over each edge that a home in them may use.

    Parameters
    ----------
    column, row : arrays of int32, shape (cells,)
        Counted from the corner of the network.
    first : array of int64, shape (edges + 1,)
    cell : array of int32, shape (ways,)
        The cells beside edge e are `cell[first[e]:first[e + 1]]`.
    to_start, to_end : arrays of int64, shape (ways,)
        No home in the cell has a shorter walk over this edge to the edge's start, or its end.
    """

    column: Positions
    row: Positions
    first: Integers
    cell: Positions
    to_start: Integers
    to_end: Integers


def gather_cells(segments: Segments, beside: Beside) -> Cells:
    """Return the cells from which a station may be within the limit."""
    cells, ways = _set_out(segments, beside)
    first_way = np.concatenate([[0], np.cumsum(cells["ways"])])
    by_cell = sparse.csr_array((np.arange(len(ways)), ways["edge"], first_way), shape=(len(cells), len(beside.usable)))
    by_edge = by_cell.tocsc()
    way = by_edge.data
    first = by_edge.indptr.astype(np.int64)
    return Cells(cells["column"], cells["row"], first, by_edge.indices, ways["to_start"][way], ways["to_end"][way])


def _set_out(segments: Segments, beside: Beside) -> tuple[Records, Records]:
    """Go through the blocks; where there is no room left for what is found, it is handed over."""
    blocks, work = _blocks(segments, beside), scratch(segments)
    cells, ways = np.empty(_CELLS, CELL), np.empty(_WAYS, WAY_OUT)
    found = [(cells[:0], ways[:0])]
    done: int | np.integer[Any] = 0
    while done < len(blocks):
        before = done
        done, cell_count, way_count = set_out(segments, beside, blocks, np.int64(before), work, cells, ways)
        found.append((cells[:cell_count].copy(), ways[:way_count].copy()))
        if done == before:
            ways = np.empty(2 * len(ways), WAY_OUT)
    all_cells, all_ways = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return all_cells, all_ways


def _blocks(segments: Segments, beside: Beside) -> Integers:
    """Return the blocks of cells that a reached segment's surroundings touch, as far as the limit lets one walk."""
    block_m = beside.cell_m * BLOCK
    left_ms = beside.limit - np.minimum(beside.edge["on_from_start"], beside.edge["on_from_end"])
    reached = np.flatnonzero((beside.usable & (left_ms >= 0))[segments.edge])
    if not len(reached):
        return np.empty((0, 2), np.int64)
    left_m = (left_ms[segments.edge[reached]] + 3) / beside.ms_a_metre
    reach_m = (np.minimum(beside.max_off_path_m, left_m) + beside.cell_m)[:, None]
    ends = segments.ends[reached]
    low = np.floor((np.minimum(ends[:, :2], ends[:, 2:]) - reach_m) / block_m).astype(np.int64)
    high = np.floor((np.maximum(ends[:, :2], ends[:, 2:]) + reach_m) / block_m).astype(np.int64)
    corner = low.min(axis=0)
    column, row = np.nonzero(_covered(low - corner, high - corner))
    return np.ascontiguousarray(np.column_stack([column, row]) + corner) * BLOCK


def _covered(low: Integers, high: Integers) -> npt.NDArray[np.bool_]:
    """Return which squares lie in any of some boxes, both corners included: entrances less exits, summed up."""
    change = np.zeros(high.max(axis=0) + 2, np.int32)
    for x, y, sign in ((low, low, 1), (low, high + 1, -1), (high + 1, low, -1), (high + 1, high + 1, 1)):
        np.add.at(change, (x[:, 0], y[:, 1]), sign)
    return change.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
