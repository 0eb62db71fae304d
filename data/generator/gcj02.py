"""The offset of Chinese web maps: where Amap shows a point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323


def from_wgs84(lon_lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return WGS 84 points, shape (n, 2), in GCJ-02: the published approximation, good to a metre within China."""
    lon, lat = np.atleast_2d(np.asarray(lon_lat, dtype=float)).T
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + ripple
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + ripple
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    sine = np.sin(np.radians(lat))
    bulge = 1 - _ECCENTRICITY_SQUARED * sine * sine
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / bulge**1.5
    parallel_m = _AXIS_M / np.sqrt(bulge) * np.cos(np.radians(lat))
    return np.column_stack([lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)])
