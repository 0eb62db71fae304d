"""The straight pieces of all paths, sorted into square bins, and the search for the one nearest to a point.

Imported only when a point is snapped, for it brings Numba with it. Plain IEEE arithmetic in a fixed order: the same
place on every machine.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from planner.first_run import FIRST, wait_for
from planner.machine_code import compiled, part
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int32]

Whole: TypeAlias = int | np.integer[Any]

#: Side of a bin: about what a block of houses measures.
_BIN_M = 60.0

#: A millimetre of doubt where a line passes from one bin to the next.
_DOUBT_M = 0.001


class Segments(NamedTuple):
    """Straight pieces of paths in bins.

    Parameters
    ----------
    ends : array of float64, shape (segments, 4)
        x, y of both ends, metres from `corner`.
    edge : array of int32, shape (segments,)
    before, length : arrays of float64, shape (segments,)
        Where the piece begins and how long it is, as shares of its edge's shape.
    first : array of int64, shape (bins + 1,)
    inside : array of int32
        The segments that pass through bin b are `inside[first[b]:first[b + 1]]`.
    size : array of int64, shape (2,)
        Columns and rows of bins.
    corner : array of float64, shape (3,)
        x, y of the south-western corner, and the side of a bin.
    """

    ends: Floats
    edge: Positions
    before: Floats
    length: Floats
    first: npt.NDArray[np.int64]
    inside: Positions
    size: npt.NDArray[np.int64]
    corner: Floats


_known: WeakKeyDictionary[WalkNetwork, Segments] = WeakKeyDictionary()


def segments_of(network: WalkNetwork) -> Segments:
    """Return the network's segments, sorted into bins once."""
    if network not in _known:
        _known[network] = _binned(network)
    return _known[network]


def _binned(network: WalkNetwork) -> Segments:
    vertices = np.diff(network.shape_first)
    owner = np.repeat(np.arange(network.edge_count, dtype=np.int32), vertices)
    begin = np.flatnonzero(owner[:-1] == owner[1:])
    south_west, north_east = network.shape_xy.min(axis=0), network.shape_xy.max(axis=0)
    local = network.shape_xy - south_west
    length = np.hypot(*(local[begin + 1] - local[begin]).T)
    edge = owner[begin]
    whole = np.bincount(edge, weights=length, minlength=network.edge_count)
    upto = np.cumsum(length)
    before = upto - length - (np.cumsum(whole) - whole)[edge]
    scale = np.divide(1.0, whole, out=np.zeros_like(whole), where=whole > 0)[edge]
    ends = np.ascontiguousarray(np.hstack([local[begin], local[begin + 1]]))
    return _in_bins(ends, edge, np.clip(before * scale, 0, 1), length * scale, south_west, north_east - south_west)


def loose_segments(begin: Floats, end: Floats) -> Segments:
    """Return straight pieces that belong to no path in bins: each is an edge of its own."""
    south_west = np.minimum(begin, end).min(axis=0)
    extent = np.maximum(begin, end).max(axis=0) - south_west
    ends = np.ascontiguousarray(np.hstack([begin - south_west, end - south_west]))
    count = len(begin)
    return _in_bins(ends, np.arange(count, dtype=np.int32), np.zeros(count), np.ones(count), south_west, extent)


def _in_bins(ends: Floats, edge: Positions, before: Floats, length: Floats, corner: Floats, extent: Floats) -> Segments:
    side = max(_BIN_M, float(np.sqrt(extent[0] * extent[1] / (4 * len(ends)))), float(extent.max()) / 30_000)
    size = np.floor(extent / side).astype(np.int64) + 1
    first, inside = _fill_bins(ends, size, side)
    return Segments(ends, edge, before, length, first, inside, size, np.array([*corner, side]))


def _fill_bins(ends: Floats, size: npt.NDArray[np.int64], side: float) -> tuple[npt.NDArray[np.int64], Positions]:
    """Put each segment into every bin it passes through: row by row, the columns between where it enters and leaves."""
    ax, ay, bx, by = ends.T
    south = (np.minimum(ay, by) / side).astype(np.int64)
    north = np.minimum((np.maximum(ay, by) / side).astype(np.int64), size[1] - 1)
    segment, row = _each(south, north)
    ax, ay, bx, by = ends[segment].T
    low, high = np.minimum(ay, by), np.maximum(ay, by)
    slope = np.divide(bx - ax, by - ay, out=np.zeros_like(ax), where=high > low)
    enter = np.where(high > low, ax + slope * (np.maximum(low, row * side) - ay), ax)
    leave = np.where(high > low, ax + slope * (np.minimum(high, (row + 1) * side) - ay), bx)
    west = np.maximum(((np.minimum(enter, leave) - _DOUBT_M) / side).astype(np.int64), 0)
    east = np.minimum(((np.maximum(enter, leave) + _DOUBT_M) / side).astype(np.int64), size[0] - 1)
    passed, column = _each(west, east)
    place = row[passed] * size[0] + column
    first = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=size[0] * size[1]))]).astype(np.int64)
    return first, segment[passed][np.argsort(place, kind="stable")].astype(np.int32)


def _each(
    first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Return every whole number from `first[k]` to `last[k]`, for one k after the other, with its k."""
    count = last - first + 1
    owner = np.repeat(np.arange(len(first)), count)
    return owner, np.arange(len(owner)) - (np.cumsum(count) - count - first)[owner]


@part
def on_segment(segments: Segments, segment: Whole, x: float, y: float) -> tuple[float, float]:
    """Return the squared distance to a segment, and where on it, 0 to 1, the nearest place is."""
    ends = segments.ends
    ax, ay, bx, by = ends[segment, 0], ends[segment, 1], ends[segment, 2], ends[segment, 3]
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    along = ((x - ax) * dx + (y - ay) * dy) / square if square > 0 else 0.0
    if along <= 0:
        along, dx, dy = 0.0, ax - x, ay - y
    elif along >= 1:
        along, dx, dy = 1.0, bx - x, by - y
    else:
        dx, dy = ax + along * dx - x, ay + along * dy - y
    return dx * dx + dy * dy, along


@part
def nearest_segment(
    segments: Segments, x: float, y: float, wanted: Bools, max_m: float, guess: Whole
) -> tuple[Whole, float, float]:
    """Return the nearest segment of a wanted edge, the squared distance, and where on it; -1 if none is near enough.

    Bins are looked at ring by ring until no further ring can hold anything as near; those that are too far are passed
    over. A guess, the segment nearest to a neighbour or -1, changes nothing but the time.
    """
    columns, rows, side = segments.size[0], segments.size[1], segments.corner[2]
    column, row = math.floor(x / side), math.floor(y / side)
    nearest: Whole = -1
    best, where = max_m * max_m, 0.0
    if guess >= 0:
        square, along = on_segment(segments, guess, x, y)
        if square <= best:
            best, nearest, where = square, guess, along
    ring = 0
    while True:
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            step = 1 if abs(r - row) == ring else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                if c < 0 or c >= columns or _is_beyond(c * side - x, r * side - y, side, best):
                    continue
                place = r * columns + c
                for k in range(segments.first[place], segments.first[place + 1]):
                    segment = segments.inside[k]
                    if not wanted[segments.edge[segment]]:
                        continue
                    square, along = on_segment(segments, segment, x, y)
                    if square < best or (square == best and (nearest < 0 or segment < nearest)):
                        best, nearest, where = square, segment, along
        margin = min(x - (column - ring) * side, (column + ring + 1) * side - x)
        margin = min(margin, y - (row - ring) * side, (row + ring + 1) * side - y)
        if margin * margin > best:
            return nearest, best, where
        ring += 1


@part
def _is_beyond(west: float, south: float, side: float, square: float) -> bool:
    """Whether a bin, given by its corner as seen from a place, is further from there than a squared distance."""
    dx, dy = max(west, -west - side, 0.0), max(south, -south - side, 0.0)
    return dx * dx + dy * dy > square + _DOUBT_M


def nearest_places(segments: Segments, xy: Floats, wanted: Bools, max_m: float) -> tuple[Positions, Floats, Floats]:
    """Return for each point the nearest edge (-1 if none is near enough), the fraction along it and the distance."""
    edge = np.full(len(xy), -1, dtype=np.int32)
    fraction, off_path_m = np.zeros(len(xy)), np.zeros(len(xy))
    wait_for(FIRST)
    find_places(segments, xy, wanted, max_m, edge, fraction, off_path_m)
    return edge, fraction, off_path_m


@compiled
def find_places(
    segments: Segments, xy: Floats, wanted: Bools, max_m: float, edge: Positions, fraction: Floats, off_path_m: Floats
) -> None:
    """Find the nearest place on a path of each point; `edge` holds -1 where none is near enough."""
    segment: Whole = -1
    for point in range(len(xy)):
        x, y = xy[point, 0] - segments.corner[0], xy[point, 1] - segments.corner[1]
        segment, square, along = nearest_segment(segments, x, y, wanted, max_m, segment)
        if segment >= 0:
            edge[point] = segments.edge[segment]
            fraction[point] = min(1.0, segments.before[segment] + along * segments.length[segment])
            off_path_m[point] = min(math.sqrt(square), max_m)
