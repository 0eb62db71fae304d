"""The nearest place on a path that no barrier hides, for many points at once: `planner.network.sight`, compiled.

The same places as there, but for points that stand in water: they are left out of the picture.

Imported only when a catchment is drawn among barriers, for it brings Numba with it.
"""

from __future__ import annotations

import math

from planner.machine_code import compiled, part
from planner.network.segments import Bools, Floats, Positions, Segments, Whole, on_segment

#: As in `planner.network.sight` and `planner.network.obstacles`.
PIECE_M, TRIMMED_M = 10.0, 0.01


@compiled
def see_places(
    segments: Segments,
    barring: Segments,
    xy: Floats,
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
    barring : Segments
        The straight pieces of barriers.
    xy : array of float64, shape (points, 2)
    wanted : array of bool, shape (edges,)
    edge, fraction, off_path_m : arrays, shape (points,)
        Take what is found.
    """
    columns, rows, side = segments.size[0], segments.size[1], segments.corner[2]
    for point in range(len(xy)):
        x, y = xy[point, 0] - segments.corner[0], xy[point, 1] - segments.corner[1]
        column, row = math.floor(x / side), math.floor(y / side)
        best, ring = max_m * max_m, 0
        last: Whole = -1
        while True:
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring else 2 * ring
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= columns:
                        continue
                    place = r * columns + c
                    for k in range(segments.first[place], segments.first[place + 1]):
                        segment = segments.inside[k]
                        if not wanted[segments.edge[segment]]:
                            continue
                        square, along, last = _look_at(segments, barring, segment, x, y, best, last)
                        if square < best or (square == best and square >= 0 and edge[point] < 0):
                            best, edge[point] = square, segments.edge[segment]
                            fraction[point] = min(1.0, segments.before[segment] + along * segments.length[segment])
                            off_path_m[point] = math.sqrt(square)
            margin = min(x - (column - ring) * side, (column + ring + 1) * side - x)
            margin = min(margin, y - (row - ring) * side, (row + ring + 1) * side - y)
            if margin * margin > best:
                break
            ring += 1


@part
def _look_at(
    segments: Segments, barring: Segments, segment: Whole, x: float, y: float, best: float, last: Whole
) -> tuple[float, float, Whole]:
    """Return the squared distance to the nearest place of a segment in sight, where it is, and what hid the last one.

    Infinity where none is as near as the best so far.
    """
    nearest, where = math.inf, 0.0
    square, _ = on_segment(segments, segment, x, y)
    if square > best:
        return nearest, where, last
    ends = segments.ends
    ax, ay, dx, dy = ends[segment, 0], ends[segment, 1], ends[segment, 2], ends[segment, 3]
    dx, dy = dx - ax, dy - ay
    length_square = dx * dx + dy * dy
    along = ((x - ax) * dx + (y - ay) * dy) / length_square if length_square > 0 else 0.0
    parts = max(1, math.ceil(math.sqrt(length_square) / PIECE_M))
    for number in range(parts):
        there = min(max(along, number / parts), (number + 1) / parts)
        px, py = ax + there * dx, ay + there * dy
        square = (px - x) * (px - x) + (py - y) * (py - y)
        if square > best or square >= nearest:
            continue
        hides = _hides(segments, barring, x, y, px, py, last)
        if hides >= 0:
            last = hides
        else:
            nearest, where = square, there
    return nearest, where, last


@part
def _hides(segments: Segments, barring: Segments, x: float, y: float, px: float, py: float, last: Whole) -> Whole:
    """Return a barrier between two places, -1 if there is none; the last one that was found is tried first."""
    east, north = segments.corner[0] - barring.corner[0], segments.corner[1] - barring.corner[1]
    distance = math.sqrt((px - x) ** 2 + (py - y) ** 2)
    if distance <= 2 * TRIMMED_M:
        return -1
    cut_x, cut_y = TRIMMED_M * (px - x) / distance, TRIMMED_M * (py - y) / distance
    ax, ay, bx, by = x + cut_x + east, y + cut_y + north, px - cut_x + east, py - cut_y + north
    if last >= 0 and _meets(barring, last, ax, ay, bx, by):
        return last
    side = barring.corner[2]
    low_row, high_row = max(math.floor(min(ay, by) / side), 0), min(math.floor(max(ay, by) / side), barring.size[1] - 1)
    low, high = max(math.floor(min(ax, bx) / side), 0), min(math.floor(max(ax, bx) / side), barring.size[0] - 1)
    for r in range(low_row, high_row + 1):
        for c in range(low, high + 1):
            place = r * barring.size[0] + c
            for k in range(barring.first[place], barring.first[place + 1]):
                if _meets(barring, barring.inside[k], ax, ay, bx, by):
                    return barring.inside[k]
    return -1


@part
def _meets(barring: Segments, piece: Whole, ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether a straight line meets a piece: the ends of each lie on different sides of the other, or upon it."""
    ends = barring.ends
    cx, cy, dx, dy = ends[piece, 0], ends[piece, 1], ends[piece, 2], ends[piece, 3]
    if max(cx, dx) < min(ax, bx) or min(cx, dx) > max(ax, bx) or max(cy, dy) < min(ay, by) or min(cy, dy) > max(ay, by):
        return False
    before = (dx - cx) * (cy - ay) - (dy - cy) * (cx - ax)
    after = (dx - cx) * (cy - by) - (dy - cy) * (cx - bx)
    one = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    other = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    return before * after <= 0 and one * other <= 0
