"""Cells to polygons: the line around some cells, a little outside of them, with its corners rounded.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planner.network.segments import Bools, Floats, Positions, Whole, compiled, part

Integers = npt.NDArray[np.int64]

#: Times the line is replaced by the middles of its sides. Twice keeps it 0.17 cells outside of every cell.
_ROUNDS = 2

#: Holes smaller than this many cells are not drawn.
_SMALLEST_HOLE = 4.0

#: Vertices are dropped where the line stays this near to them, in cells: less than what the rounding leaves.
_PLAIN = 0.1


def outlines(
    column: Positions, row: Positions, first: Integers, corner: tuple[float, float], cell_m: float
) -> npt.NDArray[np.object_]:
    """Return the multipolygon around each of some sets of cells: every cell lies inside it, and little more.

    Parameters
    ----------
    column, row : arrays of int32, shape (cells,)
        The cells of set k stand at `first[k]:first[k + 1]`.
    first : array of int64, shape (sets + 1,)
    corner : tuple of float
        Where column 0 and row 0 begin.
    cell_m : float
        Side of a cell.
    """
    vertices, rings, polygons, sets = _trace_all(column, row, first)
    shapes = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, vertices * cell_m + corner, (rings, polygons, sets)
    )
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure")
    return shapes


@compiled
def _trace_all(column: Positions, row: Positions, first: Integers) -> tuple[Floats, Integers, Integers, Integers]:
    """Return vertices in cells, and where each ring, polygon and set begins."""
    vertices = np.empty((4096, 2))
    rings, polygons, sets = np.zeros(64, np.int64), np.zeros(64, np.int64), np.zeros(len(first), np.int64)
    vertex_count, ring_count, polygon_count = 0, 0, 0
    for place in range(len(first) - 1):
        if first[place] < first[place + 1]:
            corners, west, south = _corners(column, row, first[place], first[place + 1])
            line, starts, count = _trace(corners)
            area = np.empty(count)
            kept = np.empty(count, np.int64)
            for ring in range(count):
                begin, end = starts[ring], starts[ring + 1]
                for _ in range(_ROUNDS):
                    _round(line, begin, end)
                area[ring] = _doubled_area(line, begin, end)
                kept[ring] = _plain(line, begin, end)
            owner = _owners(line, starts, area, kept)
            for shell in range(count):
                if area[shell] < 0:
                    continue
                for ring in range(count + 1):
                    chosen = shell if ring == 0 else ring - 1
                    if ring > 0 and (area[chosen] > -2 * _SMALLEST_HOLE or owner[chosen] != shell):
                        continue
                    while vertex_count + kept[chosen] + 1 > len(vertices):
                        vertices = _longer_lines(vertices)
                    for k in range(kept[chosen] + 1):
                        at = starts[chosen] + k % kept[chosen]
                        vertices[vertex_count, 0] = line[at, 0] + west
                        vertices[vertex_count, 1] = line[at, 1] + south
                        vertex_count += 1
                    ring_count += 1
                    if ring_count == len(rings):
                        rings = _longer(rings)
                    rings[ring_count] = vertex_count
                polygon_count += 1
                if polygon_count == len(polygons):
                    polygons = _longer(polygons)
                polygons[polygon_count] = ring_count
        sets[place + 1] = polygon_count
    return vertices[:vertex_count], rings[: ring_count + 1], polygons[: polygon_count + 1], sets


@part
def _corners(column: Positions, row: Positions, begin: Whole, end: Whole) -> tuple[Bools, int, int]:
    """Mark the corners of some cells on a lattice with an empty margin."""
    west, south, east, north = column[begin], row[begin], column[begin], row[begin]
    for k in range(begin, end):
        west, east = min(west, column[k]), max(east, column[k])
        south, north = min(south, row[k]), max(north, row[k])
    corners = np.zeros((north - south + 4, east - west + 4), np.bool_)
    for k in range(begin, end):
        r, c = row[k] - south + 1, column[k] - west + 1
        corners[r, c] = corners[r, c + 1] = corners[r + 1, c] = corners[r + 1, c + 1] = True
    return corners, west - 1, south - 1


@part
def _trace(corners: Bools) -> tuple[Floats, Integers, int]:
    """Walk around the marked corners, halfway to the unmarked ones, with the marked on the left: holes turn right."""
    rows, columns = corners.shape
    passed = np.zeros((rows, columns), np.bool_)
    line, starts = np.empty((1024, 2)), np.zeros(64, np.int64)
    count, rings = 0, 0
    for begin_row in range(rows):
        for begin_column in range(columns - 1):
            if not corners[begin_row, begin_column] or corners[begin_row, begin_column + 1]:
                continue
            if passed[begin_row, begin_column]:
                continue
            r, c, up, right = begin_row, begin_column, 1, 0
            while up != 1 or not passed[r, c]:
                if up == 1:
                    passed[r, c] = True
                if count == len(line):
                    line = _longer_lines(line)
                line[count, 0], line[count, 1] = c + 0.5 * up, r - 0.5 * right
                count += 1
                if corners[r + up - right, c + right + up]:
                    r, c, up, right = r + up - right, c + right + up, -right, up
                elif corners[r + up, c + right]:
                    r, c = r + up, c + right
                else:
                    up, right = right, -up
            rings += 1
            if rings == len(starts):
                starts = _longer(starts)
            starts[rings] = count
    return line, starts, rings


@part
def _round(line: Floats, begin: Whole, end: Whole) -> None:
    """Replace a ring by the middles of its sides."""
    first_x, first_y = line[begin, 0], line[begin, 1]
    for k in range(begin, end - 1):
        line[k, 0], line[k, 1] = 0.5 * (line[k, 0] + line[k + 1, 0]), 0.5 * (line[k, 1] + line[k + 1, 1])
    line[end - 1, 0], line[end - 1, 1] = 0.5 * (line[end - 1, 0] + first_x), 0.5 * (line[end - 1, 1] + first_y)


@part
def _plain(line: Floats, begin: Whole, end: Whole) -> int:
    """Drop vertices that the line stays near to, in place; return how many are left."""
    kept, anchor, ahead = begin + 1, begin, begin + 2
    ax, ay = line[begin, 0], line[begin, 1]
    while ahead <= end:
        bx, by = (line[ahead, 0], line[ahead, 1]) if ahead < end else (line[begin, 0], line[begin, 1])
        far = _PLAIN * _PLAIN * ((bx - ax) ** 2 + (by - ay) ** 2)
        strays = ahead - anchor > 60
        for k in range(anchor + 1, ahead):
            cross = (bx - ax) * (line[k, 1] - ay) - (by - ay) * (line[k, 0] - ax)
            strays = strays or cross * cross > far
        if strays:
            anchor = ahead - 1
            ax, ay = line[anchor, 0], line[anchor, 1]
            line[kept, 0], line[kept, 1] = ax, ay
            kept += 1
        else:
            ahead += 1
    return kept - begin


@part
def _doubled_area(line: Floats, begin: Whole, end: Whole) -> float:
    doubled = 0.0
    for k in range(begin, end):
        following = k + 1 if k + 1 < end else begin
        doubled += (line[k, 0] - line[begin, 0]) * (line[following, 1] - line[begin, 1])
        doubled -= (line[following, 0] - line[begin, 0]) * (line[k, 1] - line[begin, 1])
    return doubled


@part
def _owners(line: Floats, starts: Integers, area: Floats, kept: Integers) -> Integers:
    """Return for each hole the smallest outline around it."""
    owner = np.full(len(area), -1, np.int64)
    for hole in range(len(area)):
        if area[hole] > 0:
            continue
        x, y = line[starts[hole], 0], line[starts[hole], 1]
        for shell in range(len(area)):
            smaller = area[shell] > 0 and (owner[hole] < 0 or area[shell] < area[owner[hole]])
            if smaller and _surrounds(line, starts[shell], starts[shell] + kept[shell], x, y):
                owner[hole] = shell
    return owner


@part
def _surrounds(line: Floats, begin: Whole, end: Whole, x: float, y: float) -> bool:
    inside = False
    for k in range(begin, end):
        before = k - 1 if k > begin else end - 1
        if (line[k, 1] > y) != (line[before, 1] > y):
            slope = (line[before, 0] - line[k, 0]) / (line[before, 1] - line[k, 1])
            if x < line[k, 0] + (y - line[k, 1]) * slope:
                inside = not inside
    return inside


@part
def _longer(values: Any) -> Any:
    longer = np.zeros(2 * len(values), dtype=values.dtype)
    for place in range(len(values)):
        longer[place] = values[place]
    return longer


@part
def _longer_lines(values: Any) -> Floats:
    longer = np.empty((2 * len(values), 2))
    for place in range(len(values)):
        longer[place, 0], longer[place, 1] = values[place, 0], values[place, 1]
    return longer
