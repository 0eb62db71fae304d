"""The nearest place on a path that no barrier hides, for many points: the search behind `planner.network.sight`.

Imported only when a point is snapped among barriers, for it brings Numba with it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled, part
from planner.network.segments import Bools, Floats, Positions, Segments, Whole, nearest_segment, on_segment

#: Longest piece of a path that is hidden or seen as a whole: shorter than the front of a house.
PIECE_M = 10.0

#: Ends of a line that are not looked at: more than the rounding of coordinates, less than the width of a wall.
TRIMMED_M = 0.01

#: Crossings of one shore nearer to each other than this are one.
ONE_PLACE_M = 0.001


class Barring(NamedTuple):
    """What hides.

    Parameters
    ----------
    pieces : Segments
        The straight pieces of all barriers.
    is_wall : array of bool, shape (pieces,)
    water : array of int64, shape (pieces,)
        The water whose shore a piece belongs to; -1 for other barriers.
    doorway_m : float
        Walls that are crossed this near to a point do not bar: a gate stands there.
    """

    pieces: Segments
    is_wall: Bools
    water: npt.NDArray[np.int64]
    doorway_m: float


class Eye(NamedTuple):
    """Who looks: a place, metres from the corner of the paths, and the water that it stands in, or -1."""

    x: float
    y: float
    water: Whole


@compiled
def see_places(
    segments: Segments,
    barring: Barring,
    xy: Floats,
    standing: npt.NDArray[np.int64],
    wanted: Bools,
    max_m: float,
    edge: Positions,
    fraction: Floats,
    off_path_m: Floats,
) -> None:
    """Find the nearest place in sight of each point; `edge` holds -1 where there is none within `max_m`.

    Parameters
    ----------
    segments : Segments
        Those of the paths.
    barring : Barring
    xy : array of float64, shape (points, 2)
    standing : array of int64, shape (points,)
        The water that each point stands in, -1 on dry land: leaving it once is free.
    wanted : array of bool, shape (edges,)
    edge, fraction, off_path_m : arrays, shape (points,)
        Take what is found.
    """
    last: Whole = -1
    guess: Whole = -1
    for point in range(len(xy)):
        x, y = xy[point, 0] - segments.corner[0], xy[point, 1] - segments.corner[1]
        eye = Eye(x, y, standing[point])
        segment, square, along = nearest_segment(segments, x, y, wanted, max_m, guess)
        guess = segment
        if segment >= 0:
            ends = segments.ends
            px = ends[segment, 0] + along * (ends[segment, 2] - ends[segment, 0])
            py = ends[segment, 1] + along * (ends[segment, 3] - ends[segment, 1])
            hides = _hides(segments, barring, eye, px, py, last)
            if hides >= 0:
                last = hides
                segment, square, along, last = _look_around(segments, barring, eye, wanted, max_m, last)
        if segment >= 0:
            edge[point] = segments.edge[segment]
            fraction[point] = min(1.0, segments.before[segment] + along * segments.length[segment])
            off_path_m[point] = min(math.sqrt(square), max_m)


@part
def _look_around(
    segments: Segments, barring: Barring, eye: Eye, wanted: Bools, max_m: float, last: Whole
) -> tuple[Whole, float, float, Whole]:
    """Return the nearest segment in sight, -1 if there is none, the squared distance, where on it, and what hid."""
    columns, rows, side = segments.size[0], segments.size[1], segments.corner[2]
    column, row = math.floor(eye.x / side), math.floor(eye.y / side)
    best, nearest, where = max_m * max_m, -1, 0.0
    ring = 0
    while True:
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            step = 1 if abs(r - row) == ring else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                if c < 0 or c >= columns:
                    continue
                place = r * columns + c
                for k in range(segments.first[place], segments.first[place + 1]):
                    segment = segments.inside[k]
                    if not wanted[segments.edge[segment]] or segment == nearest:
                        continue
                    square, along, last = _look_at(segments, barring, segment, eye, best, last)
                    if square < best or (square == best and (nearest < 0 or segment < nearest)):
                        best, nearest, where = square, segment, along
        margin = min(eye.x - (column - ring) * side, (column + ring + 1) * side - eye.x)
        margin = min(margin, eye.y - (row - ring) * side, (row + ring + 1) * side - eye.y)
        if margin * margin > best:
            return nearest, best, where, last
        ring += 1


@part
def _look_at(
    segments: Segments, barring: Barring, segment: Whole, eye: Eye, best: float, last: Whole
) -> tuple[float, float, Whole]:
    """Return the squared distance to the nearest place of a segment in sight, where it is, and what hid the last one.

    Infinity where none is as near as the best so far.
    """
    nearest, where = math.inf, 0.0
    square, _ = on_segment(segments, segment, eye.x, eye.y)
    if square > best:
        return nearest, where, last
    ends = segments.ends
    ax, ay, dx, dy = ends[segment, 0], ends[segment, 1], ends[segment, 2], ends[segment, 3]
    dx, dy = dx - ax, dy - ay
    length_square = dx * dx + dy * dy
    along = ((eye.x - ax) * dx + (eye.y - ay) * dy) / length_square if length_square > 0 else 0.0
    parts = max(1, math.ceil(math.sqrt(length_square) / PIECE_M))
    for number in range(parts):
        there = min(max(along, number / parts), (number + 1) / parts)
        px, py = ax + there * dx, ay + there * dy
        square = (px - eye.x) * (px - eye.x) + (py - eye.y) * (py - eye.y)
        if square > best or square >= nearest:
            continue
        hides = _hides(segments, barring, eye, px, py, last)
        if hides >= 0:
            last = hides
        else:
            nearest, where = square, there
    return nearest, where, last


@part
def _hides(segments: Segments, barring: Barring, eye: Eye, px: float, py: float, last: Whole) -> Whole:
    """Return a barrier between two places, -1 if there is none; the last one that was found is tried first."""
    pieces = barring.pieces
    east, north = segments.corner[0] - pieces.corner[0], segments.corner[1] - pieces.corner[1]
    distance = math.sqrt((px - eye.x) ** 2 + (py - eye.y) ** 2)
    if distance <= 2 * TRIMMED_M:
        return -1
    cut_x, cut_y = TRIMMED_M * (px - eye.x) / distance, TRIMMED_M * (py - eye.y) / distance
    ax, ay, bx, by = eye.x + cut_x + east, eye.y + cut_y + north, px - cut_x + east, py - cut_y + north
    if last >= 0 and not (eye.water >= 0 and barring.water[last] == eye.water):
        meets, at_x, at_y = _meets(pieces, last, ax, ay, bx, by)
        if meets and not _is_gate(barring, last, at_x - eye.x - east, at_y - eye.y - north):
            return last
    side = pieces.corner[2]
    low_row, high_row = max(math.floor(min(ay, by) / side), 0), min(math.floor(max(ay, by) / side), pieces.size[1] - 1)
    low, high = max(math.floor(min(ax, bx) / side), 0), min(math.floor(max(ax, bx) / side), pieces.size[0] - 1)
    left, left_x, left_y = False, 0.0, 0.0
    for r in range(low_row, high_row + 1):
        for c in range(low, high + 1):
            place = r * pieces.size[0] + c
            for k in range(pieces.first[place], pieces.first[place + 1]):
                piece = pieces.inside[k]
                meets, at_x, at_y = _meets(pieces, piece, ax, ay, bx, by)
                if not meets or _is_gate(barring, piece, at_x - eye.x - east, at_y - eye.y - north):
                    continue
                if eye.water < 0 or barring.water[piece] != eye.water:
                    return piece
                if left and (at_x - left_x) ** 2 + (at_y - left_y) ** 2 > ONE_PLACE_M * ONE_PLACE_M:
                    return piece
                left, left_x, left_y = True, at_x, at_y
    return -1


@part
def _is_gate(barring: Barring, piece: Whole, dx: float, dy: float) -> bool:
    """Whether a wall is crossed so near to the beginning that a gate stands there."""
    doorway_m = barring.doorway_m
    return doorway_m > 0 and barring.is_wall[piece] and dx * dx + dy * dy <= doorway_m * doorway_m


@part
def _meets(pieces: Segments, piece: Whole, ax: float, ay: float, bx: float, by: float) -> tuple[bool, float, float]:
    """Whether a straight line meets a piece, and where: the ends of each lie on both sides of the other, or upon it."""
    ends = pieces.ends
    cx, cy, dx, dy = ends[piece, 0], ends[piece, 1], ends[piece, 2], ends[piece, 3]
    if max(cx, dx) < min(ax, bx) or min(cx, dx) > max(ax, bx) or max(cy, dy) < min(ay, by) or min(cy, dy) > max(ay, by):
        return False, 0.0, 0.0
    before = (dx - cx) * (cy - ay) - (dy - cy) * (cx - ax)
    after = (dx - cx) * (cy - by) - (dy - cy) * (cx - bx)
    one = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    other = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    if before * after > 0 or one * other > 0:
        return False, 0.0, 0.0
    share = before / (before - after) if before != after else 0.0
    return True, ax + share * (bx - ax), ay + share * (by - ay)
