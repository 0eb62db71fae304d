"""Over which edges a home in a cell could set out, and how far it is at least to both ends of each of them.

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

from planner.catchments.arrays import Integers, Records
from planner.machine_code import compiled, part
from planner.network.segments import Bools, Floats, Positions, Segments, Whole, nearest_segment, on_segment

#: Cells are looked at in square blocks of this many a side; blocks with no path near are passed over.
BLOCK = 8

#: Half a millimetre of doubt in a distance never decides.
_DOUBT_M = 0.0005

#: Longer walks are of no interest: it is the longest that a way out can hold.
_LONGEST = 2**31 - 1

#: Lists of segments: around a block, around a square of four by four cells and of two by two; near a cell's homes.
_AROUND, _NEAR = 0, 3
_SEEN = 4

#: The time along an edge in both directions, and the length of its shape on the plane.
BESIDE = np.dtype([("ms", "i8"), ("ms_back", "i8"), ("length_m", "f8")], align=True)

#: A cell, counted from the corner of the network, how many ways lead out of it, and how far the nearest path is from
#: its centre.
CELL = np.dtype([("column", "i4"), ("row", "i4"), ("ways", "i8"), ("off_path_m", "f8")], align=True)

#: No home in a cell has a shorter walk over this edge to the edge's start, or its end.
WAY_OUT = np.dtype([("column", "i4"), ("row", "i4"), ("to_start", "i4"), ("to_end", "i4"), ("edge", "i4")], align=True)


class Beside(NamedTuple):
    """What is known about the edges, and about the raster.

    Parameters
    ----------
    usable : array of bool, shape (edges,)
        Edges that homes get onto.
    edge : array of records, shape (edges,)
    ms_a_metre : float
        Time for a metre off the paths.
    max_off_path_m, cell_m : float
    """

    usable: Bools
    edge: Records
    ms_a_metre: float
    max_off_path_m: float
    cell_m: float


class Scratch(NamedTuple):
    """Segments around a block, `listed[0, :state[0]]`, and around ever smaller squares in it; how they look from there.

    Parameters
    ----------
    seen : array of int64, shape (segments,)
        The block that a segment was last listed for, as counted by `state[4]`.
    looks : array of float64, shape (segments, 2)
        Squared distance of those looked at, and where on it the nearest place is.
    """

    seen: Integers
    listed: Positions
    state: Integers
    looks: Floats


def scratch(segments: Segments) -> Scratch:
    """Return the room one thread needs."""
    count = len(segments.edge)
    return Scratch(
        np.zeros(count, np.int64), np.empty((4, count), np.int32), np.zeros(5, np.int64), np.empty((count, 2))
    )


@compiled
def set_out(
    segments: Segments, beside: Beside, blocks: Integers, begin: Whole, work: Scratch, cells: Records, ways: Records
) -> tuple[Whole, Whole, Whole]:
    """List the cells of some blocks that have a path near, and their ways to it, as long as there is room.

    Parameters
    ----------
    blocks : array of int64, shape (blocks, 2)
        Column and row of their first cell.
    begin : int
        The first of them that is still to be done.
    work : Scratch
    cells, ways : arrays of records
        Take what is found.

    Returns
    -------
    tuple of int
        The first block not done, and how many cells and ways were found.
    """
    half_m = beside.cell_m * math.sqrt(0.5)
    cell, way = np.int64(0), np.int64(0)
    for block in range(begin, len(blocks)):
        _around(segments, beside, blocks[block, 0], blocks[block, 1], work)
        if cell + BLOCK**2 > len(cells) or way + BLOCK**2 * work.state[_AROUND] > len(ways):
            return block, cell, way
        for inside in range(BLOCK**2):
            c = blocks[block, 0] + (inside & 1) + ((inside >> 1) & 2) + ((inside >> 2) & 4)
            r = blocks[block, 1] + ((inside >> 1) & 1) + ((inside >> 2) & 2) + ((inside >> 3) & 4)
            for level in range(0 if inside % 16 == 0 else 1 if inside % 4 == 0 else 2, 2):
                across = 4 >> level
                _nearer(segments, beside, work, level, c + 0.5 * across, r + 0.5 * across, across * half_m)
            off_path_m = _nearest_somewhere(segments, beside, work, c + 0.5, r + 0.5, half_m)
            if work.state[_NEAR] > 0:
                cells[cell].column, cells[cell].row, cells[cell].off_path_m = c, r, off_path_m
                cells[cell].ways = _ways_out(segments, beside, work, c, r, ways, way)
                way += cells[cell].ways
                cell += 1
    return len(blocks), cell, way


@part
def _ways_out(
    segments: Segments, beside: Beside, work: Scratch, column: Whole, row: Whole, ways: Records, begin: Whole
) -> Whole:
    """List the edges over which a home in a cell may set out, and return how many ways they are.

    An edge that bends round the cell is a way from each side: whoever starts on one of them has that far to both ends.
    """
    half_m = beside.cell_m * math.sqrt(0.5)
    apart_ms = half_m * beside.ms_a_metre
    end = begin
    for place in range(work.state[_NEAR]):
        segment = work.listed[_NEAR, place]
        edge = segments.edge[segment]
        start_ms, end_ms = _least(segments, beside, segment, work.looks[place, 0], work.looks[place, 1], half_m)
        way = begin
        while way < end and not (ways[way].edge == edge and _alike(ways[way], start_ms, end_ms, apart_ms)):
            way += 1
        if way == end:
            ways[way].column, ways[way].row, ways[way].edge = column, row, edge
            ways[way].to_start, ways[way].to_end = start_ms, end_ms
            end += 1
        else:
            ways[way].to_start = min(ways[way].to_start, start_ms)
            ways[way].to_end = min(ways[way].to_end, end_ms)
    return end - begin


@part
def _alike(way: Any, start_ms: Whole, end_ms: Whole, apart_ms: float) -> bool:
    """Whether two ways over an edge can be one without becoming much shorter than both."""
    together = min(way.to_start, start_ms) + min(way.to_end, end_ms)
    return together + apart_ms >= min(way.to_start + way.to_end, start_ms + end_ms)


@part
def _around(segments: Segments, beside: Beside, block_column: Whole, block_row: Whole, work: Scratch) -> None:
    """List the segments of usable edges that may be the nearest one of some home in a block."""
    half_m = beside.cell_m * BLOCK * math.sqrt(0.5)
    x = (block_column + 0.5 * BLOCK) * beside.cell_m
    y = (block_row + 0.5 * BLOCK) * beside.cell_m
    nearest, square, _ = nearest_segment(segments, x, y, beside.usable, beside.max_off_path_m + half_m)
    work.state[_AROUND] = 0
    work.state[_SEEN] += 1
    if nearest < 0:
        return
    look_m = min(math.sqrt(square) + 2 * half_m, beside.max_off_path_m + half_m) + _DOUBT_M
    side = segments.corner[2]
    low_row, high_row = (
        max(math.floor((y - look_m) / side), 0),
        min(math.floor((y + look_m) / side), segments.size[1] - 1),
    )
    low_column = max(math.floor((x - look_m) / side), 0)
    high_column = min(math.floor((x + look_m) / side), segments.size[0] - 1)
    for r in range(low_row, high_row + 1):
        for c in range(low_column, high_column + 1):
            place = r * segments.size[0] + c
            for k in range(segments.first[place], segments.first[place + 1]):
                segment = segments.inside[k]
                if work.seen[segment] != work.state[_SEEN] and beside.usable[segments.edge[segment]]:
                    work.seen[segment] = work.state[_SEEN]
                    square, _ = on_segment(segments, segment, x, y)
                    if square <= look_m * look_m:
                        work.listed[_AROUND, work.state[_AROUND]] = segment
                        work.state[_AROUND] += 1


@part
def _nearer(
    segments: Segments, beside: Beside, work: Scratch, level: Whole, column: float, row: float, half_m: float
) -> None:
    """Keep the segments that may be the nearest one of some place up to `half_m` from here, and within its reach."""
    square, _ = _behold(segments, work, level, column * beside.cell_m, row * beside.cell_m)
    reach_m = min(math.sqrt(square) + 2 * half_m, beside.max_off_path_m + half_m) + _DOUBT_M
    found = 0
    for place in range(work.state[level]):
        if work.looks[place, 0] <= reach_m * reach_m:
            work.listed[level + 1, found] = work.listed[level, place]
            found += 1
    work.state[level + 1] = found


@part
def _behold(segments: Segments, work: Scratch, level: Whole, x: float, y: float) -> tuple[float, Whole]:
    """Look at the segments of a list; return the least squared distance and the last place where it is found."""
    nearest, at = np.inf, 0
    for place in range(work.state[level]):
        square, along = on_segment(segments, work.listed[level, place], x, y)
        work.looks[place, 0], work.looks[place, 1] = square, along
        if square <= nearest:
            nearest, at = square, place
    return nearest, at


@part
def _nearest_somewhere(
    segments: Segments, beside: Beside, work: Scratch, column: float, row: float, half_m: float
) -> float:
    """Keep the segments that can be the nearest one for a home up to `half_m` from here, with distance and place.

    Returns how far the nearest one is from here.

    A step changes the difference of two distances by at most the difference of the unit vectors that point away from
    both; on the way to the home each of those turns by at most `half_m / (distance - half_m)`.
    """
    x, y, last = column * beside.cell_m, row * beside.cell_m, _NEAR - 1
    square, at = _behold(segments, work, last, x, y)
    nearest_m = math.sqrt(square)
    reach_m = min(nearest_m + 2 * half_m, beside.max_off_path_m + half_m) + _DOUBT_M
    nearest_x, nearest_y = 0.0, 0.0
    if work.state[last] > 0:
        nearest_x, nearest_y = _away_from(segments, work.listed[last, at], x, y, nearest_m, work.looks[at, 1])
    found = 0
    for place in range(work.state[last]):
        if work.looks[place, 0] > reach_m * reach_m:
            continue
        off_m, along = math.sqrt(work.looks[place, 0]), work.looks[place, 1]
        if nearest_m > 2 * half_m:
            away_x, away_y = _away_from(segments, work.listed[last, place], x, y, off_m, along)
            apart = math.sqrt((away_x - nearest_x) ** 2 + (away_y - nearest_y) ** 2)
            turned = half_m / (nearest_m - half_m) + half_m / (off_m - half_m)
            if off_m - nearest_m > half_m * (apart + turned) + _DOUBT_M:
                continue
        work.listed[_NEAR, found], work.looks[found, 0], work.looks[found, 1] = work.listed[last, place], off_m, along
        found += 1
    work.state[_NEAR] = found
    return nearest_m


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
    start = _least_over(beside, beside.edge[edge].ms_back, fraction, off_m, beside.edge[edge].length_m, half_m)
    end = _least_over(beside, beside.edge[edge].ms, 1 - fraction, off_m, beside.edge[edge].length_m, half_m)
    return start, end


@part
def _least_over(beside: Beside, edge_ms: Whole, share: float, off_m: float, length_m: float, half_m: float) -> int:
    off_rate = beside.ms_a_metre
    edge_rate = edge_ms / length_m if length_m > 0 else 0.0
    together = share * edge_ms + off_m * off_rate - half_m * math.sqrt(off_rate * off_rate + edge_rate * edge_rate)
    apart = max(0.0, share * edge_ms - half_m * edge_rate) + max(0.0, off_m - half_m) * off_rate
    return min(math.floor(max(together, apart)) - 3, _LONGEST)
