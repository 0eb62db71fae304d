"""The ground beside the paths as a raster: for every cell the edges over which a home in it could set out.

A home anywhere in a cell is at most half a diagonal from the cell's centre. Its nearest path is therefore among the
segments at most a diagonal further from the centre than the nearest one, and its walk is shorter than the centre's by
at most what half a diagonal can change. Those two bounds make the promise that no covered home lies outside a drawn
catchment.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.machine_code import compiled, part
from planner.network.segments import (
    Bools,
    Floats,
    Positions,
    Segments,
    Whole,
    nearest_segment,
    on_segment,
)

Integers = npt.NDArray[np.int64]

#: Cells are looked at in square blocks of this many a side; blocks with no path near are passed over.
_BLOCK = 8

#: Half a millimetre of doubt in a distance never decides.
_DOUBT_M = 0.0005


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


class Beside(NamedTuple):
    """What is known about each edge, shape (edges,), and about the raster.

    Parameters
    ----------
    usable : array of bool
        Edges that homes get onto.
    on_from_start, on_from_end : arrays of int64
        How far it is at least from the edge's start, or end, to a station; more than the limit where there is none
        within it.
    ms, ms_back : arrays of int64
    length_m : array of float64
        Of the edge's shape on the plane.
    ms_a_metre : float
        Time for a metre off the paths.
    max_off_path_m, cell_m : float
    limit : int
    """

    usable: Bools
    on_from_start: Integers
    on_from_end: Integers
    ms: Integers
    ms_back: Integers
    length_m: Floats
    ms_a_metre: float
    max_off_path_m: float
    cell_m: float
    limit: int


@compiled
def gather_cells(segments: Segments, beside: Beside) -> Cells:
    """Return the cells from which a station may be within the limit."""
    half_m = beside.cell_m * math.sqrt(0.5)
    blocks, west, south = _mark_blocks(segments, beside)
    column, row = np.empty(1024, np.int32), np.empty(1024, np.int32)
    cell, edge = np.empty(1024, np.int32), np.empty(1024, np.int32)
    to_start, to_end = np.empty(1024, np.int64), np.empty(1024, np.int64)
    cells, ways = 0, 0
    seen = np.full(len(segments.edge), -1, np.int32)
    lists = np.empty((4, len(segments.edge)), np.int32)
    counts = np.zeros(4, np.int64)
    view = np.empty((len(segments.edge), 2))
    for block in range(blocks.size):
        if not blocks[block // blocks.shape[1], block % blocks.shape[1]]:
            continue
        block_column = west + (block % blocks.shape[1]) * _BLOCK
        block_row = south + (block // blocks.shape[1]) * _BLOCK
        counts[0] = _around(segments, beside, block_column, block_row, block, seen, lists[0])
        for inside in range(_BLOCK * _BLOCK):
            c = block_column + (inside & 1) + ((inside >> 1) & 2) + ((inside >> 2) & 4)
            r = block_row + ((inside >> 1) & 1) + ((inside >> 2) & 2) + ((inside >> 3) & 4)
            for level in range(0 if inside % 16 == 0 else 1 if inside % 4 == 0 else 2, 2):
                across = 4 >> level
                counts[level + 1] = _nearer(
                    segments,
                    beside,
                    lists[level],
                    counts[level],
                    c + 0.5 * across,
                    r + 0.5 * across,
                    across * half_m,
                    lists[level + 1],
                    view,
                )
            near = _nearest_somewhere(segments, beside, lists[2], counts[2], c + 0.5, r + 0.5, half_m, lists[3], view)
            before = ways
            for place in range(near):
                segment = lists[3][place]
                start, end = _least(segments, beside, segment, view[place, 0], view[place, 1], half_m)
                through_start = start + beside.on_from_start[segments.edge[segment]]
                through_end = end + beside.on_from_end[segments.edge[segment]]
                if through_start > beside.limit and through_end > beside.limit:
                    continue
                way = before
                while way < ways and edge[way] != segments.edge[segment]:
                    way += 1
                if way == ways:
                    if ways == len(cell):
                        cell, edge = _longer(cell), _longer(edge)
                        to_start, to_end = _longer(to_start), _longer(to_end)
                    cell[way], edge[way], to_start[way], to_end[way] = cells, segments.edge[segment], start, end
                    ways += 1
                else:
                    to_start[way], to_end[way] = min(to_start[way], start), min(to_end[way], end)
            if ways > before:
                if cells == len(column):
                    column, row = _longer(column), _longer(row)
                column[cells], row[cells] = c, r
                cells += 1
    first, order = _by_edge(edge[:ways], len(beside.ms))
    return Cells(column[:cells], row[:cells], first, cell[order], to_start[order], to_end[order])


@part
def _by_edge(edge: Positions, edges: int) -> tuple[Integers, Integers]:
    """Return where each edge begins, and the order, once ways are sorted by edge."""
    first = np.zeros(edges + 2, np.int64)
    for way in range(len(edge)):
        first[edge[way] + 2] += 1
    for place in range(edges):
        first[place + 2] += first[place + 1]
    order = np.empty(len(edge), np.int64)
    for way in range(len(edge)):
        order[first[edge[way] + 1]] = way
        first[edge[way] + 1] += 1
    return first[:-1], order


@part
def _mark_blocks(segments: Segments, beside: Beside) -> tuple[Bools, int, int]:
    """Mark the blocks of cells that a reached segment's surroundings touch, as far as the limit lets one walk."""
    block_m = beside.cell_m * _BLOCK
    reach_m = np.empty(len(segments.edge))
    low_x, low_y, high_x, high_y = np.inf, np.inf, -np.inf, -np.inf
    for segment in range(len(reach_m)):
        edge = segments.edge[segment]
        left_ms = beside.limit - min(beside.on_from_start[edge], beside.on_from_end[edge])
        if left_ms < 0 or not beside.usable[edge]:
            reach_m[segment] = -1.0
            continue
        reach_m[segment] = min(beside.max_off_path_m, (left_ms + 3) / beside.ms_a_metre) + beside.cell_m
        box = _box(segments, segment, reach_m[segment], block_m)
        low_x, low_y, high_x, high_y = min(low_x, box[0]), min(low_y, box[1]), max(high_x, box[2]), max(high_y, box[3])
    if low_x > high_x:
        return np.zeros((1, 1), np.bool_), 0, 0
    west, south = int(low_x), int(low_y)
    blocks = np.zeros((int(high_y) - south + 1, int(high_x) - west + 1), np.bool_)
    for segment in range(len(reach_m)):
        if reach_m[segment] >= 0:
            box = _box(segments, segment, reach_m[segment], block_m)
            for r in range(int(box[1]) - south, int(box[3]) - south + 1):
                for c in range(int(box[0]) - west, int(box[2]) - west + 1):
                    blocks[r, c] = True
    return blocks, west * _BLOCK, south * _BLOCK


@part
def _box(segments: Segments, segment: Whole, reach_m: float, block_m: float) -> tuple[int, int, int, int]:
    """Return the westernmost, southernmost, easternmost and northernmost block around a segment."""
    ends = segments.ends
    return (
        math.floor((min(ends[segment, 0], ends[segment, 2]) - reach_m) / block_m),
        math.floor((min(ends[segment, 1], ends[segment, 3]) - reach_m) / block_m),
        math.floor((max(ends[segment, 0], ends[segment, 2]) + reach_m) / block_m),
        math.floor((max(ends[segment, 1], ends[segment, 3]) + reach_m) / block_m),
    )


@part
def _around(
    segments: Segments, beside: Beside, block_column: int, block_row: int, mark: int, seen: Positions, listed: Positions
) -> int:
    """List the segments of usable edges that may be the nearest one of some home in a block."""
    half_m = beside.cell_m * _BLOCK * math.sqrt(0.5)
    x = (block_column + 0.5 * _BLOCK) * beside.cell_m
    y = (block_row + 0.5 * _BLOCK) * beside.cell_m
    nearest, square, _ = nearest_segment(segments, x, y, beside.usable, beside.max_off_path_m + half_m)
    if nearest < 0:
        return 0
    look_m = min(math.sqrt(square) + 2 * half_m, beside.max_off_path_m + half_m) + _DOUBT_M
    side = segments.corner[2]
    low_row, high_row = (
        max(math.floor((y - look_m) / side), 0),
        min(math.floor((y + look_m) / side), segments.size[1] - 1),
    )
    low_column = max(math.floor((x - look_m) / side), 0)
    high_column = min(math.floor((x + look_m) / side), segments.size[0] - 1)
    found = 0
    for r in range(low_row, high_row + 1):
        for c in range(low_column, high_column + 1):
            place = r * segments.size[0] + c
            for k in range(segments.first[place], segments.first[place + 1]):
                segment = segments.inside[k]
                if seen[segment] != mark and beside.usable[segments.edge[segment]]:
                    seen[segment] = mark
                    if on_segment(segments, segment, x, y)[0] <= look_m * look_m:
                        listed[found] = segment
                        found += 1
    return found


@part
def _nearer(
    segments: Segments,
    beside: Beside,
    listed: Positions,
    count: int,
    column: float,
    row: float,
    half_m: float,
    kept: Positions,
    view: Floats,
) -> int:
    """Keep the segments that may be the nearest one of some place up to `half_m` from here, and within its reach."""
    nearest_m = math.sqrt(_behold(segments, listed, count, column * beside.cell_m, row * beside.cell_m, view))
    reach_m = min(nearest_m + 2 * half_m, beside.max_off_path_m + half_m) + _DOUBT_M
    found = 0
    for place in range(count):
        if view[place, 0] <= reach_m * reach_m:
            kept[found] = listed[place]
            found += 1
    return found


@part
def _behold(segments: Segments, listed: Positions, count: int, x: float, y: float, view: Floats) -> float:
    """Put the squared distances and the nearest places into the view; return the least of the squares."""
    nearest = np.inf
    for place in range(count):
        view[place, 0], view[place, 1] = on_segment(segments, listed[place], x, y)
        nearest = min(nearest, view[place, 0])
    return nearest


@part
def _nearest_somewhere(
    segments: Segments,
    beside: Beside,
    listed: Positions,
    count: int,
    column: float,
    row: float,
    half_m: float,
    kept: Positions,
    view: Floats,
) -> int:
    """Keep the segments that can be the nearest one for a home up to `half_m` from here, with distance and place.

    A step changes the difference of two distances by at most the difference of the unit vectors that point away from
    both; on the way to the home each of those turns by at most `half_m / (distance - half_m)`.
    """
    x, y = column * beside.cell_m, row * beside.cell_m
    nearest = _behold(segments, listed, count, x, y, view)
    nearest_m = math.sqrt(nearest)
    reach_m = min(nearest_m + 2 * half_m, beside.max_off_path_m + half_m) + _DOUBT_M
    nearest_x, nearest_y = 0.0, 0.0
    for place in range(count):
        if view[place, 0] == nearest:
            nearest_x, nearest_y = _away_from(segments, listed[place], x, y, nearest_m, view[place, 1])
    found = 0
    for place in range(count):
        if view[place, 0] > reach_m * reach_m:
            continue
        off_m, along = math.sqrt(view[place, 0]), view[place, 1]
        if nearest_m > 2 * half_m:
            away_x, away_y = _away_from(segments, listed[place], x, y, off_m, along)
            apart = math.sqrt((away_x - nearest_x) ** 2 + (away_y - nearest_y) ** 2)
            turned = half_m / (nearest_m - half_m) + half_m / (off_m - half_m)
            if off_m - nearest_m > half_m * (apart + turned) + _DOUBT_M:
                continue
        kept[found], view[found, 0], view[found, 1] = listed[place], off_m, along
        found += 1
    return found


@part
def _away_from(
    segments: Segments, segment: Whole, x: float, y: float, off_m: float, along: float
) -> tuple[float, float]:
    """Return the unit vector that points away from a place on a segment; nothing from the place itself."""
    if off_m == 0:
        return 0.0, 0.0
    ends = segments.ends
    away_x = x - (ends[segment, 0] + along * (ends[segment, 2] - ends[segment, 0]))
    away_y = y - (ends[segment, 1] + along * (ends[segment, 3] - ends[segment, 1]))
    return away_x / off_m, away_y / off_m


@part
def _least(
    segments: Segments, beside: Beside, segment: Whole, off_m: float, along: float, half_m: float
) -> tuple[int, int]:
    """Return the least times to the start and the end of a segment's edge from a home up to `half_m` from here."""
    edge = segments.edge[segment]
    fraction = segments.before[segment] + along * segments.length[segment]
    start = _least_over(beside, beside.ms_back[edge], fraction, off_m, beside.length_m[edge], half_m)
    end = _least_over(beside, beside.ms[edge], 1 - fraction, off_m, beside.length_m[edge], half_m)
    return start, end


@part
def _least_over(beside: Beside, edge_ms: Whole, share: float, off_m: float, length_m: float, half_m: float) -> int:
    off_rate = beside.ms_a_metre
    edge_rate = edge_ms / length_m if length_m > 0 else 0.0
    together = share * edge_ms + off_m * off_rate - half_m * math.sqrt(off_rate * off_rate + edge_rate * edge_rate)
    apart = max(0.0, share * edge_ms - half_m * edge_rate) + max(0.0, off_m - half_m) * off_rate
    return math.floor(max(together, apart)) - 3


@part
def _longer(values: Any) -> Any:
    longer = np.empty(2 * len(values), dtype=values.dtype)
    for place in range(len(values)):
        longer[place] = values[place]
    return longer
