"""Population rasters: every cell with people is a point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS, Transformer

from planner.bilingual import Text, same
from planner.config import LayerConfig
from planner.errors import Fault, TableError
from planner.loading.coordinates import WGS84
from planner.loading.raw import RawTable

#: West, south, east, north in degrees.
Box = tuple[float, float, float, float]
#: Two rasters share a grid when their corners lie whole cells apart, to this share of a cell.
_ALIGNED = 1e-3


@dataclass(frozen=True, eq=False)
class PopulationRaster:
    """One band of people per cell, with the corner and size of its cells in the raster's own system."""

    source: str
    people: npt.NDArray[np.float64]
    west: float
    north: float
    width: float
    height: float
    crs: CRS | None


def read_raster(path: Path, layer: LayerConfig) -> RawTable:
    """Read one raster as points with their `resident_population`."""
    return cells_with_people({"resident_population": open_raster(path, layer.path)}, None)


def open_raster(path: Path, source: str) -> PopulationRaster:
    """Open a GeoTIFF of one band; cells without data hold nobody.

    Raises
    ------
    TableError
        If the file is no raster, is rotated, has several bands, or holds negative people.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as raster:
            transform, count = raster.transform, raster.count
            people = np.asarray(raster.read(1, masked=True).filled(np.nan), dtype=np.float64)
            crs = None if raster.crs is None else CRS.from_wkt(raster.crs.to_wkt())
    except RasterioError as error:
        raise _refused(source, same(str(error)[:160]), Text("GeoTIFF 栅格", "a GeoTIFF")) from None
    if count != 1:
        raise _refused(source, Text("{n} 个波段", "{n} bands").format(n=count), Text("一个波段", "one band"))
    if transform.b or transform.d or transform.e >= 0 or transform.a <= 0:
        raise _refused(source, Text("旋转或翻转的栅格", "a rotated or flipped raster"), Text("正北向上", "north up"))
    people = np.where(np.isfinite(people), people, 0.0)
    negative = int((people < 0).sum())
    if negative:
        raise _refused(
            source,
            Text("{n} 个格子为负数", "{n} cells below zero").format(n=negative),
            Text("不小于 0；或在文件中声明 nodata", "0 or more; or nodata declared in the file"),
        )
    return PopulationRaster(source, people, transform.c, transform.f, transform.a, -transform.e, crs)


def cells_middle(path: Path, source: str) -> tuple[float, float]:
    """Return the middle of a raster, degrees, without reading its cells."""
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as raster:
            west, south, east, north = raster.bounds
            crs = WGS84 if raster.crs is None else CRS.from_wkt(raster.crs.to_wkt())
    except RasterioError as error:
        raise _refused(source, same(str(error)[:160]), Text("GeoTIFF 栅格", "a GeoTIFF")) from None
    lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform((west + east) / 2, (south + north) / 2)
    return float(lon), float(lat)


def cells_with_people(rasters: Mapping[str, PopulationRaster], within: Box | None) -> RawTable:
    """Join rasters on the cell grid they share and return the cells where anybody lives.

    Parameters
    ----------
    rasters : mapping
        Group -> raster.
    within : tuple, optional
        West, south, east, north in degrees (WGS 84); cells whose centre lies inside.

    Raises
    ------
    TableError
        If the rasters do not share one grid, or nobody lives in the box.
    """
    first = min(rasters.values(), key=lambda raster: raster.source)
    offsets = _offsets(rasters, first)
    top, left = min(row for row, _ in offsets.values()), min(column for _, column in offsets.values())
    bottom = max(row + rasters[group].people.shape[0] for group, (row, _) in offsets.items())
    right = max(column + rasters[group].people.shape[1] for group, (_, column) in offsets.items())
    joined = {group: np.zeros((bottom - top, right - left)) for group in rasters}
    for group, (row, column) in offsets.items():
        height, width = rasters[group].people.shape
        joined[group][row - top : row - top + height, column - left : column - left + width] = rasters[group].people
    row_of, column_of = np.nonzero(np.add.reduce(list(joined.values())) > 0)
    x = first.west + (column_of + left + 0.5) * first.width
    y = first.north - (row_of + top + 0.5) * first.height
    inside = _inside(x, y, first.crs, within)
    row_of, column_of, x, y = row_of[inside], column_of[inside], x[inside], y[inside]
    source = ", ".join(sorted({raster.source for raster in rasters.values()}))
    if not len(x):
        raise _refused(source, Text("范围内没有人口", "nobody within the box"), Text("有人的格子", "cells with people"))
    ids = [f"r{row}c{column}" for row, column in zip(row_of.tolist(), column_of.tolist(), strict=True)]
    table = pd.DataFrame(
        {"id": ids} | {group: joined[group][row_of, column_of] for group in rasters},
        index=pd.RangeIndex(1, len(x) + 1, name="row"),
    )
    return RawTable(source, table, gpd.GeoSeries(gpd.points_from_xy(x, y), index=table.index), first.crs)


def _offsets(rasters: Mapping[str, PopulationRaster], first: PopulationRaster) -> dict[str, tuple[int, int]]:
    """Return how many whole cells each raster's corner lies below and right of the first one's."""
    offsets, faults = {}, []
    for group, raster in rasters.items():
        row, column = (first.north - raster.north) / first.height, (raster.west - first.west) / first.width
        cells = max(raster.people.shape)
        aligned = (
            abs(row - round(row)) < _ALIGNED
            and abs(column - round(column)) < _ALIGNED
            and abs(raster.width / first.width - 1) * cells < _ALIGNED
            and abs(raster.height / first.height - 1) * cells < _ALIGNED
            and raster.crs == first.crs
        )
        offsets[group] = (round(row), round(column))
        if not aligned:
            faults.append(
                Fault(
                    raster.source,
                    Text("格网与 {first} 不同", "another cell grid than {first}").format(first=first.source),
                    Text("同一格网（原点、格子大小、坐标系）", "one grid: corner, cell size, coordinate system"),
                )
            )
    if faults:
        raise TableError(Text("人口栅格不在同一格网上。", "The population rasters do not share one grid."), faults)
    return offsets


def _inside(
    x: npt.NDArray[np.floating], y: npt.NDArray[np.floating], crs: CRS | None, within: Box | None
) -> npt.NDArray[np.bool_]:
    if within is None:
        return np.ones(len(x), dtype=bool)
    lon, lat = (x, y) if crs is None else Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
    west, south, east, north = within
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _refused(source: str, found: Text, expected: Text) -> TableError:
    return TableError(
        Text("栅格 {file} 不可用。", "The raster {file} cannot be used.").format(file=source),
        [Fault(source, found, expected)],
    )
