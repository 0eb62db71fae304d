"""From degrees to the coordinate system of anything else."""

from __future__ import annotations

from functools import lru_cache

from pyproj import CRS, Transformer

WGS84 = CRS.from_epsg(4326)


@lru_cache(maxsize=8)
def from_degrees(crs: CRS) -> Transformer:
    """Return the way from longitude and latitude (WGS 84) to another system."""
    return Transformer.from_crs(WGS84, crs, always_xy=True)
