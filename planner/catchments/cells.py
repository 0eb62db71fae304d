"""The ground beside the paths as a raster: for every cell the places where a home in it could get onto a path.

A home anywhere in a cell is at most half a diagonal from the cell's centre. Its nearest path is therefore among the
segments that are at most a diagonal further from the centre than the nearest one, and its walk is shorter than the
centre's by at most what half a diagonal can change: those bounds make the promise that no covered home lies outside a
drawn catchment.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.segments import Bools, Floats, Positions, Segments, compiled, nearest_segment, on_segment, part

Integers = npt.NDArray[np.int64]

#: Cells are looked at in square blocks of this many a side; blocks with no path near are passed over.
_BLOCK = 8


class Cells(NamedTuple):
    """Cells from which a path can be reached, and at least how far it is over each edge that a home in them may use.

    Parameters
    ----------
    column, row : arrays of int32, shape (cells,)
        Counted from the corner of the network.
    cell, edge : arrays of int32, shape (ways,)
    to_start, to_end : arrays of int64, shape (ways,)
        No home in the cell has a shorter walk over this edge to the edge's start, or its end.
    """

    column: Positions
    row: Positions
    cell: Positions
    edge: Positions
    to_start: Integers
    to_end: Integers


@compiled
def gather_cells(
    segments: Segments,
    open_edges: Bools,
    reached_edges: Bools,
    ms: Integers,
    ms_back: Integers,
    span_m: Floats,
    ms_a_metre: float,
    max_off_path_m: float,
    cell_m: float,
    limit: int,
) -> Cells:
    """Return the cells near the reached edges.

    Parameters
    ----------
    open_edges, reached_edges : arrays of bool, shape (edges,)
        Edges that homes get onto, and those of them from which a station is reached at all.
    ms, ms_back : arrays of int64, shape (edges,)
    span_m : array of float64, shape (edges,)
        Length of each edge's shape on the plane.
    ms_a_metre : float
        Time for a metre off the paths.
    """
    half_m = cell_m * math.sqrt(0.5)
    reach_m = max_off_path_m + half_m
    blocks, west, south = _mark_blocks(segments, reached_edges, reach_m, cell_m)
    room = 1024
    column, row = np.empty(room, np.int32), np.empty(room, np.int32)
    cell, edge = np.empty(room, np.int32), np.empty(room, np.int32)
    to_start, to_end = np.empty(room, np.int64), np.empty(room, np.int64)
    near_edge, near_to_start, near_to_end = np.empty(4096, np.int32), np.empty(4096), np.empty(4096)
    cells, ways = 0, 0
    for block in range(blocks.size):
        if not blocks.flat[block]:
            continue
        for inside in range(_BLOCK * _BLOCK):
            c = west + (block % blocks.shape[1]) * _BLOCK + inside % _BLOCK
            r = south + (block // blocks.shape[1]) * _BLOCK + inside // _BLOCK
            x, y = (c + 0.5) * cell_m, (r + 0.5) * cell_m
            found = _ways_from(
                segments,
                x,
                y,
                open_edges,
                reached_edges,
                ms,
                ms_back,
                span_m,
                ms_a_metre,
                reach_m,
                half_m,
                limit,
                near_edge,
                near_to_start,
                near_to_end,
            )
            if found == 0:
                continue
            if cells == len(column):
                column, row = grown(column, cells), grown(row, cells)
            while ways + found > len(cell):
                cell, edge = grown(cell, ways), grown(edge, ways)
                to_start, to_end = grown(to_start, ways), grown(to_end, ways)
            column[cells], row[cells] = c, r
            for place in range(found):
                cell[ways] = cells
                edge[ways] = near_edge[place]
                to_start[ways] = math.floor(near_to_start[place])
                to_end[ways] = math.floor(near_to_end[place])
                ways += 1
            cells += 1
    return Cells(column[:cells], row[:cells], cell[:ways], edge[:ways], to_start[:ways], to_end[:ways])


@part
def _mark_blocks(segments, reached_edges, reach_m, cell_m):
    """Mark the blocks of cells that touch a reached segment's surroundings."""
    block_m = cell_m * _BLOCK
    low_x, low_y, high_x, high_y = np.inf, np.inf, -np.inf, -np.inf
    ends = segments.ends
    for segment in range(len(ends)):
        if reached_edges[segments.edge[segment]]:
            low_x = min(low_x, ends[segment, 0], ends[segment, 2])
            low_y = min(low_y, ends[segment, 1], ends[segment, 3])
            high_x = max(high_x, ends[segment, 0], ends[segment, 2])
            high_y = max(high_y, ends[segment, 1], ends[segment, 3])
    if low_x > high_x:
        return np.zeros((0, 0), np.bool_), 0, 0
    west, south = math.floor((low_x - reach_m) / block_m), math.floor((low_y - reach_m) / block_m)
    columns = math.floor((high_x + reach_m) / block_m) - west + 1
    rows = math.floor((high_y + reach_m) / block_m) - south + 1
    blocks = np.zeros((rows, columns), np.bool_)
    for segment in range(len(ends)):
        if reached_edges[segments.edge[segment]]:
            left = math.floor((min(ends[segment, 0], ends[segment, 2]) - reach_m) / block_m) - west
            right = math.floor((max(ends[segment, 0], ends[segment, 2]) + reach_m) / block_m) - west
            bottom = math.floor((min(ends[segment, 1], ends[segment, 3]) - reach_m) / block_m) - south
            top = math.floor((max(ends[segment, 1], ends[segment, 3]) + reach_m) / block_m) - south
            for r in range(bottom, top + 1):
                for c in range(left, right + 1):
                    blocks[r, c] = True
    return blocks, west * _BLOCK, south * _BLOCK


@part
def _ways_from(
    segments, x, y, open_edges, reached_edges, ms, ms_back, span_m, ms_a_metre, reach_m, half_m,
    limit, near_edge, near_to_start, near_to_end,
):  # fmt: skip
    """List the edges that a home in the cell around (x, y) may use, with the least times to their ends."""
    nearest, square, _ = nearest_segment(segments, x, y, open_edges, reach_m)
    if nearest < 0:
        return 0
    look_m = min(math.sqrt(square) + 2 * half_m + 0.01, reach_m)
    side = segments.corner[2]
    found = 0
    for r in range(
        max(math.floor((y - look_m) / side), 0), min(math.floor((y + look_m) / side), segments.size[1] - 1) + 1
    ):
        for c in range(
            max(math.floor((x - look_m) / side), 0), min(math.floor((x + look_m) / side), segments.size[0] - 1) + 1
        ):
            place = r * segments.size[0] + c
            for k in range(segments.first[place], segments.first[place + 1]):
                segment = segments.inside[k]
                edge = segments.edge[segment]
                if not reached_edges[edge]:
                    continue
                square, along = on_segment(segments, segment, x, y)
                if square > look_m * look_m:
                    continue
                off_m = math.sqrt(square)
                fraction = segments.before[segment] + along * segments.length[segment]
                start = _least(fraction * ms_back[edge], off_m, ms_back[edge], span_m[edge], ms_a_metre, half_m)
                end = _least((1 - fraction) * ms[edge], off_m, ms[edge], span_m[edge], ms_a_metre, half_m)
                if start > limit and end > limit:
                    continue
                before = 0
                while before < found and near_edge[before] != edge:
                    before += 1
                if before < found:
                    near_to_start[before] = min(near_to_start[before], start)
                    near_to_end[before] = min(near_to_end[before], end)
                elif found < len(near_edge):
                    near_edge[found], near_to_start[found], near_to_end[found] = edge, start, end
                    found += 1
    return found


@part
def _least(along_ms, off_m, edge_ms, span_m, ms_a_metre, half_m):
    """Return the least time over a place on an edge, for a home up to `half_m` from the point that was measured."""
    ms_along_a_metre = edge_ms / span_m if span_m > 0 else 0.0
    steepest = math.sqrt(ms_a_metre * ms_a_metre + ms_along_a_metre * ms_along_a_metre)
    together = along_ms + off_m * ms_a_metre - half_m * steepest
    apart = max(0.0, along_ms - half_m * ms_along_a_metre) + max(0.0, off_m - half_m) * ms_a_metre
    return max(together, apart) - 3.0


@part
def grown(values, filled):
    """Return a longer array that begins with the same values."""
    longer = np.empty(2 * len(values), dtype=values.dtype)
    for place in range(filled):
        longer[place] = values[place]
    return longer
