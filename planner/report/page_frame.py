"""From metres to the printed page: the part of the study that is drawn, its scale, and shapes as SVG paths."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

#: One unit of the drawing is a tenth of a millimetre on A4.
WIDTH = 1800
LOWEST, HIGHEST = 900, 1250
_MARGIN = 0.04
#: Where the sheet is wider or taller than the drawing, its surroundings fill it: so much is drawn on each side.
BESIDE, ABOVE = 500, 350
_NARROWEST_M = 300.0

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class PageFrame:
    """A rectangle of the study's plane, and the page it is drawn on.

    Parameters
    ----------
    west, north : float
        Upper left corner, metres.
    units_per_m : float
    height : int
        Height of the drawing in its own units; the width is `WIDTH`.
    """

    west: float
    north: float
    units_per_m: float
    height: int

    def points(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return positions on the page, whole units, shape (points, 2)."""
        return np.rint(self._to_page(np.asarray(xy, dtype=np.float64).reshape(-1, 2))).astype(np.int64)

    def shapes(self, geometries: Geometries, tolerance: float = 1.0) -> Geometries:
        """Return shapes on the page: cut off well beyond its edge, simplified, without those that vanish."""
        present = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
        drawn = shapely.transform(present, self._to_page)
        drawn = np.where(shapely.is_valid(drawn), drawn, shapely.make_valid(drawn))
        drawn = shapely.clip_by_rect(drawn, -BESIDE, -ABOVE, WIDTH + BESIDE, self.height + ABOVE)
        drawn = shapely.simplify(drawn, tolerance, preserve_topology=False)
        return np.asarray(drawn[~shapely.is_empty(drawn)], dtype=object)

    def scale_bar(self) -> tuple[int, int]:
        """Return a round length in metres near a fifth of the width, and its length on the page.

        Examples
        --------
        >>> PageFrame(0.0, 0.0, 0.9, 1200).scale_bar()
        (500, 450)
        """
        longest_m = WIDTH * 0.28 / self.units_per_m
        power = 10 ** math.floor(math.log10(longest_m))
        metres = max(step * power for step in (1, 2, 5) if step * power <= longest_m)
        return round(metres), round(metres * self.units_per_m)

    def _to_page(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack([xy[:, 0] - self.west, self.north - xy[:, 1]]) * self.units_per_m


def frame_around(bounds: npt.NDArray[np.float64]) -> PageFrame:
    """Return the frame around west, south, east, north, with a margin, neither too flat nor too tall for the page."""
    west, south, east, north = bounds
    width_m = max(east - west, _NARROWEST_M) * (1 + 2 * _MARGIN)
    height_m = max(north - south, _NARROWEST_M) * (1 + 2 * _MARGIN)
    units_per_m = min(WIDTH / width_m, HIGHEST / height_m)
    height = int(np.clip(round(height_m * units_per_m), LOWEST, HIGHEST))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return PageFrame(
        middle_x - WIDTH / units_per_m / 2, middle_y + height / units_per_m / 2, float(units_per_m), height
    )


def path_data(drawn: Geometries) -> str:
    """Return shapes on the page as the data of one SVG path: whole units, relative, outlines closed.

    Examples
    --------
    >>> path_data(np.array([shapely.LineString([(0, 0), (10, 0), (10, 5)])]))
    'M0 0l10 0 0 5'
    """
    parts = shapely.get_parts(drawn)
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == 3])
    lines = parts[shapely.get_type_id(parts) == 1]
    return "".join(_pieces(lines, "")) + "".join(_pieces(rings, "z"))


def line_parts(drawn: Geometries) -> Geometries:
    """Return the single lines among shapes: a path shorter than the page can tell is a point there, and left out."""
    parts = shapely.get_parts(shapely.get_parts(drawn))
    return np.asarray(parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING], dtype=object)


def vertex_count(drawn: Geometries) -> int:
    """Return how many points the shapes have."""
    return int(shapely.get_num_coordinates(drawn).sum())


def _pieces(lines: Geometries, end: str) -> list[str]:
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    if not len(coordinates):
        return []
    whole = np.rint(coordinates).astype(np.int64)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    return [_piece(part, end) for part in np.split(whole, first[1:])]


def _piece(part: npt.NDArray[np.int64], end: str) -> str:
    steps = np.diff(part, axis=0)
    steps = steps[steps.any(axis=1)]
    if end:
        steps = steps[:-1]
    if not len(steps):
        return ""
    moves = " ".join(f"{x} {y}" for x, y in steps.tolist()).replace(" -", "-")
    return f"M{part[0, 0]} {part[0, 1]}l{moves}{end}"
