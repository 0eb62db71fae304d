"""Coordinates as small whole numbers: each is the step from the one before, in units of about a decimetre.

A map of packed coordinates carries `unit` (degrees) and `origin` (longitude, latitude in units); everything else is
steps from there. `unpack.js` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

#: Degrees a step: about 0.1 m. A sheet as large as a city is drawn in metres.
FINE_UNIT = 1e-6
COARSE_UNIT = 1e-5


@dataclass(frozen=True)
class Packing:
    """Where steps start and how long they are.

    Examples
    --------
    >>> Packing(1e-6, (114_000_000, 30_000_000)).steps(np.array([[114.000002, 30.0], [114.000003, 29.999999]]))
    [2, 0, 1, -1]
    """

    unit: float
    origin: tuple[int, int]

    def steps(self, lon_lat: npt.NDArray[np.float64]) -> list[int]:
        """Return points, shape (n, 2), as steps from one to the next, the first one from the origin."""
        return _differences(self._whole(lon_lat), np.array(self.origin, dtype=np.int64))

    def parts(self, shapes: npt.NDArray[np.object_]) -> list[list[int]]:
        """Return the lines and rings of shapes in degrees, in the order given; what shrinks to nothing is dropped."""
        outlines = _outlines(shapes)
        coordinates, owner = shapely.get_coordinates(outlines, return_index=True)
        whole = self._whole(coordinates)
        keep = np.ones(len(whole), dtype=bool)
        keep[1:] = (whole[1:] != whole[:-1]).any(axis=1) | (owner[1:] != owner[:-1])
        packed, start = [], np.array(self.origin, dtype=np.int64)
        for part in _split(whole[keep], owner[keep]):
            if len(part) > 1:
                packed.append(_differences(part, start))
                start = part[0]
        return packed

    def areas(self, shapes: Iterable[Any]) -> list[list[list[int]] | None]:
        """Return each shape in degrees as its own list of rings; None where there is no shape."""
        return [
            None if shape is None or shape.is_empty else self.parts(np.array([shape], dtype=object)) for shape in shapes
        ]

    def header(self) -> dict[str, Any]:
        """Return what `unpack.js` needs to know."""
        return {"unit": self.unit, "origin": list(self.origin)}

    def _whole(self, lon_lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        return np.rint(lon_lat / self.unit).astype(np.int64)


def packing_for(bounds: tuple[float, float, float, float], unit: float = FINE_UNIT) -> Packing:
    """Return a packing that starts in the middle of west, south, east, north in degrees."""
    west, south, east, north = bounds
    return Packing(unit, (round((west + east) / 2 / unit), round((south + north) / 2 / unit)))


def _differences(points: npt.NDArray[np.int64], start: npt.NDArray[np.int64]) -> list[int]:
    steps: list[int] = np.diff(points, axis=0, prepend=start[None, :]).ravel().tolist()
    return steps


def _outlines(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return lines as they are, and polygons as rings: outer ones counter-clockwise, holes clockwise."""
    simple = shapely.get_parts(shapely.get_parts(shapes))
    polygonal = shapely.get_type_id(simple) == shapely.GeometryType.POLYGON
    linear = np.isin(shapely.get_type_id(simple), (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    if not polygonal.any():
        return np.asarray(simple[linear])
    return np.concatenate([_wound_rings(simple[polygonal]), simple[linear]])


def _wound_rings(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """One winding for all makes overlapping areas fill as one under the non-zero rule."""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    outer = np.ones(len(rings), dtype=bool)
    outer[1:] = owner[1:] != owner[:-1]
    return np.where(shapely.is_ccw(rings) == outer, rings, shapely.reverse(rings))


def _split(points: npt.NDArray[np.int64], owner: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    return np.split(points, np.flatnonzero(np.diff(owner)) + 1) if len(points) else []
