"""A street plan is drawn on a straight sheet and bent along a river: the sheet, and where it lies in the world."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BentFrame:
    """Sheet coordinates (u along the river, v away from it, metres) to a metric coordinate system.

    Lines of equal v become arcs around a far centre on the land side; slow waves keep every line from being a perfect
    arc. The waves are slow enough (a slope below 0.1) that the order of things on the sheet is kept.

    Parameters
    ----------
    epsg : int
        The metric system.
    lon, lat : float
        Where the sheet's anchor lies, degrees WGS 84.
    anchor_u_m, anchor_v_m : float
    bearing_deg : float
        Direction of u at the anchor, degrees anticlockwise from east.
    radius_m : float
        Distance of the centre of the bend from the line v = anchor_v_m.
    """

    epsg: int
    lon: float
    lat: float
    anchor_u_m: float
    anchor_v_m: float
    bearing_deg: float
    radius_m: float

    def place(self, sheet: npt.ArrayLike) -> Points:
        """Return sheet points, shape (n, 2), in the metric system."""
        u, v = self._waved(np.atleast_2d(np.asarray(sheet, dtype=float)))
        turn = (u - self.anchor_u_m) / self.radius_m
        reach = self.radius_m - (v - self.anchor_v_m)
        along, away = self._axes()
        centre = self._anchor() + self.radius_m * away
        return centre + reach[:, None] * (np.sin(turn)[:, None] * along - np.cos(turn)[:, None] * away)

    def direction_deg(self, u: float, v: float) -> float:
        """Return the direction of u at a sheet point, degrees anticlockwise from east."""
        (x0, y0), (x1, y1) = self.place([(u - 5, v), (u + 5, v)])
        return float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))

    def bend(self, drawn: BaseGeometry, step_m: float = 20.0) -> BaseGeometry:
        """Return a geometry drawn on the sheet in the metric system, with vertices at least every `step_m`."""
        return shapely.transform(shapely.segmentize(drawn, step_m), self.place)

    def to_wgs84(self, points: npt.ArrayLike) -> Points:
        """Return metric points as (longitude, latitude)."""
        x, y = np.atleast_2d(np.asarray(points, dtype=float)).T
        return np.column_stack(_transformer(self.epsg, 4326).transform(x, y))

    def _anchor(self) -> Points:
        return np.array(_transformer(4326, self.epsg).transform(self.lon, self.lat))

    def _axes(self) -> tuple[Points, Points]:
        bearing = np.radians(self.bearing_deg)
        return np.array([np.cos(bearing), np.sin(bearing)]), np.array([np.sin(bearing), -np.cos(bearing)])

    @staticmethod
    def _waved(sheet: Points) -> tuple[Points, Points]:
        u, v = sheet.T
        wave_u = 11 * np.sin(v / 150 + u / 700 + 1.3) + 5 * np.sin(u / 240)
        wave_v = 13 * np.sin(u / 290 + 0.7) + 5 * np.sin(u / 125 + v / 110)
        return u + wave_u, v + wave_v


@lru_cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def smooth(points: npt.ArrayLike, closed: bool = False, rounds: int = 3) -> Points:
    """Return a polyline with its corners cut (Chaikin 1974), so that curves look drawn by hand."""
    line = np.asarray(points, dtype=float)
    for _ in range(rounds):
        ring = np.vstack([line, line[:1]]) if closed else line
        cut = np.stack([0.75 * ring[:-1] + 0.25 * ring[1:], 0.25 * ring[:-1] + 0.75 * ring[1:]], axis=1).reshape(-1, 2)
        line = cut if closed else np.vstack([line[:1], cut[1:-1], line[-1:]])
    return line
