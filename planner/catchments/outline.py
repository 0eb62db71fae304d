"""Cells to polygons: the line halfway between the centres that are covered and those that are not, corners rounded.

Every covered centre lies inside, every other one outside, by at least `_ROUNDS` and `_PLAIN` leave of half a cell.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from planner.catchments.arrays import Positions, Records
from planner.machine_code import compiled, part
from planner.network.segments import Bools, Floats, Whole

Integers = npt.NDArray[np.int64]

#: Where in a line a ring begins, its vertices, twice its area, and for a hole the ring that it lies in; -1 for shells.
_RING = np.dtype([("begin", "i8"), ("vertices", "i8"), ("area", "f8"), ("shell", "i8")], align=True)

#: Times the line is replaced by the middles of its sides. Twice keeps it 0.17 cells away from every centre.
_ROUNDS = 2

#: Vertices are dropped where the line stays this near to them, in cells: less than what the rounding leaves.
_PLAIN = 0.1


def outline(covered: Bools, corner: Integers) -> list[list[Floats]]:
    """Return the polygons around covered cells, each its outline followed by its holes, in cells.

    Parameters
    ----------
    covered : array of bool, shape (rows, columns)
        None is covered at the border.
    corner : array of int64, shape (2,)
        Column and row of the first.
    """
    line, rings = traced(covered)
    line += corner + 0.5
    polygons: dict[int, list[Floats]] = {}
    for number, ring in enumerate(rings):
        closed = np.concatenate([line[ring["begin"] : ring["begin"] + ring["vertices"]], line[None, ring["begin"]]])
        polygons.setdefault(number if ring["shell"] < 0 else int(ring["shell"]), []).append(closed)
    return list(polygons.values())


def polygons(outlined: list[list[list[Floats]]], corner: Floats, cell_m: float) -> npt.NDArray[np.object_]:
    """Return each list of polygons as a multipolygon, in metres.

    Parameters
    ----------
    outlined : list
        What `outline` returned.
    corner : array of float64, shape (2,)
        Where column 0 and row 0 begin.
    cell_m : float
        Side of a cell.
    """
    rings = [ring for shape in outlined for polygon in shape for ring in polygon]
    ring_of = np.cumsum([0, *(len(polygon) for shape in outlined for polygon in shape)])
    polygon_of = np.cumsum([0, *map(len, outlined)])
    vertices = np.concatenate([np.empty((0, 2)), *rings]) * cell_m + corner
    offsets = (np.cumsum([0, *map(len, rings)]), ring_of, polygon_of)
    shapes: npt.NDArray[np.object_] = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, vertices, offsets)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure")
    return shapes


def traced(covered: Bools) -> tuple[Floats, Records]:
    """Return the line around covered cells, and the rings that it is made of: each shell before its holes."""
    sides = int((covered[1:] != covered[:-1]).sum() + (covered[:, 1:] != covered[:, :-1]).sum())
    line, rings = np.empty((sides, 2)), np.empty(sides, _RING)
    count = trace(covered, np.zeros((2, *covered.shape), np.int32), line, rings)
    return line, rings[:count]


@compiled
def trace(covered: Bools, passed: Positions, line: Floats, rings: Records) -> Whole:
    """Walk around the covered cells, halfway to the others, keeping the covered on the left.

    Parameters
    ----------
    covered : array of bool, shape (rows, columns)
        None is covered at the border.
    passed : array of int32, shape (2, rows, columns)
        Zeros; takes for the right and the left side of each cell one more than the ring that passes there.
    line : array of float64, shape (sides, 2)
        Takes x and y of the vertices in cells; corners rounded.
    rings : array of records, shape (sides,)
        Take where in the line each ring begins, how many vertices it has, and twice its area, negative for holes: they
        turn right.

    Returns
    -------
    int
        The number of rings.
    """
    count, ring = np.int64(0), np.int64(0)
    for begin_row in range(covered.shape[0]):
        for begin_column in range(covered.shape[1] - 1):
            if not covered[begin_row, begin_column] or covered[begin_row, begin_column + 1]:
                continue
            if passed[0, begin_row, begin_column]:
                continue
            begin = count
            r, c, up, right = begin_row, begin_column, 1, 0
            while up != 1 or not passed[0, r, c]:
                if right == 0:
                    passed[(1 - up) // 2, r, c] = ring + 1
                line[count, 0], line[count, 1] = c + 0.5 * up, r - 0.5 * right
                count += 1
                if covered[r + up - right, c + right + up]:
                    r, c, up, right = r + up - right, c + right + up, -right, up
                elif covered[r + up, c + right]:
                    r, c = r + up, c + right
                else:
                    up, right = right, -up
            for _ in range(_ROUNDS):
                _round(line, begin, count)
            rings[ring].begin = begin
            rings[ring].area = _doubled_area(line, begin, count)
            rings[ring].vertices = _plain(line, begin, count)
            rings[ring].shell = -1 if rings[ring].area > 0 else _shell(passed, rings, begin_row, begin_column)
            ring += 1
    return ring


@part
def _shell(passed: Positions, rings: Records, row: Whole, column: Whole) -> Whole:
    """Return the shell around a hole that begins right of a cell: of the ring left of the covered cells there."""
    while not passed[1, row, column]:
        column -= 1
    left = passed[1, row, column] - 1
    return left if rings[left].shell < 0 else rings[left].shell


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
