"""Cells to polygons: the line around some cells, half a cell outside them, with its corners rounded.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from planner.network.segments import Floats, Positions, compiled

#: Times each corner is cut: the staircase of the raster becomes a line that looks walked.
_ROUNDS = 2

#: Vertices nearer than this to the line that is left without them are dropped, as a share of a cell.
_PLAIN = 0.06


def outline(column: Positions, row: Positions, corner: tuple[float, float], cell_m: float) -> shapely.Geometry:
    """Return the polygon around some cells: all of every cell, and less than a cell more, lies inside.

    Parameters
    ----------
    column, row : arrays of int32, shape (cells,)
    corner : tuple of float
        Where column 0 and row 0 begin.
    cell_m : float
    """
    if not len(column):
        return shapely.Polygon()
    west, south = int(column.min()) - 1, int(row.min()) - 1
    corners = np.zeros((int(row.max()) - south + 3, int(column.max()) - west + 3), dtype=np.bool_)
    for up in (0, 1):
        for right in (0, 1):
            corners[row - south + up, column - west + right] = True
    vertices, first = trace(corners)
    rings = [_rounded(vertices[first[k] : first[k + 1]]) for k in range(len(first) - 1)]
    place = np.array([corner[0] + west * cell_m, corner[1] + south * cell_m])
    return _polygons([ring * cell_m + place for ring in rings], _PLAIN * cell_m)


@compiled
def trace(corners: npt.NDArray[np.bool_]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Walk around the marked corners of a lattice, halfway to the unmarked ones, keeping the marked on the left.

    Returns
    -------
    vertices : array of float64, shape (vertices, 2)
        In lattice units, x before y.
    first : array of int64, shape (rings + 1,)
        Outlines turn left, holes turn right.
    """
    rows, columns = corners.shape
    passed = np.zeros((rows, columns), np.bool_)
    vertices = np.empty((1024, 2))
    first = np.zeros(64, np.int64)
    count, rings = 0, 0
    for begin_row in range(rows):
        for begin_column in range(columns - 1):
            if passed[begin_row, begin_column] or not corners[begin_row, begin_column]:
                continue
            if corners[begin_row, begin_column + 1]:
                continue
            row, column, up, right = begin_row, begin_column, 1, 0
            while True:
                if up == 1:
                    if passed[row, column]:
                        break
                    passed[row, column] = True
                if count == len(vertices):
                    longer = np.empty((2 * count, 2))
                    for k in range(count):
                        longer[k, 0], longer[k, 1] = vertices[k, 0], vertices[k, 1]
                    vertices = longer
                vertices[count, 0] = column + 0.5 * up
                vertices[count, 1] = row - 0.5 * right
                count += 1
                ahead_row, ahead_column = row + up, column + right
                beside_row, beside_column = ahead_row - right, ahead_column + up
                if corners[beside_row, beside_column]:
                    row, column = beside_row, beside_column
                    up, right = -right, up
                elif corners[ahead_row, ahead_column]:
                    row, column = ahead_row, ahead_column
                else:
                    up, right = right, -up
            rings += 1
            if rings == len(first):
                more = np.zeros(2 * rings, np.int64)
                for k in range(rings):
                    more[k] = first[k]
                first = more
            first[rings] = count
    return vertices[:count], first[: rings + 1]


def _rounded(ring: Floats) -> Floats:
    """Cut every corner at a quarter of its sides (Chaikin 1974): nothing moves by more than a third of a cell."""
    for _ in range(_ROUNDS):
        following = np.roll(ring, -1, axis=0)
        ring = np.stack([0.75 * ring + 0.25 * following, 0.25 * ring + 0.75 * following], axis=1).reshape(-1, 2)
    return ring


def _polygons(rings: list[Floats], tolerance_m: float) -> shapely.Geometry:
    """Give each hole to the outline around it."""
    turned_left = [_doubled_area(ring) > 0 for ring in rings]
    outer = [ring for ring, left in zip(rings, turned_left, strict=True) if left]
    holes = [ring for ring, left in zip(rings, turned_left, strict=True) if not left]
    shells = [shapely.Polygon(ring) for ring in outer]
    inside: list[list[Floats]] = [[] for _ in shells]
    smallest_first = sorted(range(len(shells)), key=lambda place: float(shells[place].area))
    for hole in holes:
        around = (place for place in smallest_first if len(shells) == 1 or shapely.contains_xy(shells[place], *hole[0]))
        inside[next(around)].append(hole)
    parts = [shapely.Polygon(shell, rings_inside) for shell, rings_inside in zip(outer, inside, strict=True)]
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    plain = shapely.simplify(whole, tolerance_m, preserve_topology=True)
    return plain if shapely.is_valid(plain) else shapely.make_valid(plain, method="structure")


def _doubled_area(ring: Floats) -> float:
    x, y = (ring - ring[0]).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
