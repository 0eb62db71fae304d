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
        return self._grouped(shapes, np.zeros(len(shapes), dtype=np.intp), 1)[0]

    def areas(self, shapes: Iterable[Any]) -> list[list[list[int]] | None]:
        """Return each shape in degrees as its own list of rings; None where there is no shape."""
        every = np.array([*shapes, None], dtype=object)[:-1]
        present = shapely.is_geometry(every) & ~shapely.is_empty(every)
        grouped = iter(self._grouped(every[present], np.arange(int(present.sum())), int(present.sum())))
        return [next(grouped) if there else None for there in present]

    def _grouped(
        self, shapes: npt.NDArray[np.object_], group: npt.NDArray[np.intp], groups: int
    ) -> list[list[list[int]]]:
        """Return the parts of each group; the first part starts at the origin, each other at the one before."""
        outlines, owner = _outlines(shapes)
        coordinates, part = shapely.get_coordinates(outlines, return_index=True)
        whole = self._whole(coordinates)
        keep = np.ones(len(whole), dtype=bool)
        keep[1:] = (whole[1:] != whole[:-1]).any(axis=1) | (part[1:] != part[:-1])
        keep &= np.bincount(part[keep], minlength=len(outlines))[part] > 1
        whole, part = whole[keep], part[keep]
        first = np.flatnonzero(np.diff(part, prepend=-1))
        of_group = group[owner[part[first]]]
        steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
        if len(first):
            before = np.roll(whole[first], 1, axis=0)
            before[np.diff(of_group, prepend=-1) != 0] = self.origin
            steps[first] = whole[first] - before
        packed: list[list[list[int]]] = [[] for _ in range(groups)]
        flat, ends = steps.ravel().tolist(), [*(2 * first[1:]).tolist(), 2 * len(steps)]
        for place, start, end in zip(of_group.tolist(), (2 * first).tolist(), ends, strict=False):
            packed[place].append(flat[start:end])
        return packed

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


def _outlines(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return lines as they are, polygons as rings, outer ones counter-clockwise, holes clockwise; and whose each is."""
    several, owner = shapely.get_parts(shapes, return_index=True)
    simple, within = shapely.get_parts(several, return_index=True)
    owner = owner[within]
    kind = shapely.get_type_id(simple)
    linear = np.isin(kind, (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    polygonal = kind == shapely.GeometryType.POLYGON
    rings, of_polygon = _wound_rings(simple[polygonal])
    outlines = np.concatenate([rings, simple[linear]])
    owners = np.concatenate([owner[polygonal][of_polygon], owner[linear]])
    order = np.argsort(owners, kind="stable")
    return outlines[order], owners[order]


def _wound_rings(polygons: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return rings and whose each is. One winding for all: overlapping areas fill as one under the non-zero rule."""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    outer = np.ones(len(rings), dtype=bool)
    outer[1:] = owner[1:] != owner[:-1]
    return np.where(shapely.is_ccw(rings) == outer, rings, shapely.reverse(rings)), owner
