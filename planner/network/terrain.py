"""The height of the ground, from a GeoTIFF.

A height model is noisy: small bumps that add up along a path would make climbs where there are none. The heights are
therefore averaged over the surroundings (a Gaussian of one cell's standard deviation, and 15 m at least), so that a
slope is that of the ground over some 35 m or more. A plane stays the plane it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from planner.bilingual import Text, same
from planner.errors import Fault, NetworkError
from planner.network.degrees import from_degrees
from planner.network.lengths import segment_length_m

Floats = npt.NDArray[np.float64]

#: Standard deviation of the average, where the cells are not larger.
SMOOTHED_OVER_M = 15.0

#: Heights further away than this many standard deviations do not count.
_REACH = 3.0

#: Finer cells are averaged while they are read; and no more cells than these are kept.
_FINEST_CELL_M, _MOST_CELLS = 10.0, 25_000_000

#: Heights on earth. Others are gaps that the file does not declare.
LOWEST_M, HIGHEST_M = -500.0, 9000.0

#: What one unit of a file's heights is in metres.
_METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "meter": 1.0, "metres": 1.0, "meters": 1.0, "ft": 0.3048, "foot": 0.3048}


@dataclass(frozen=True, eq=False)
class Terrain:
    """Averaged heights on a grid.

    Parameters
    ----------
    height : array of float64, shape (rows, columns)
        Metres, above `level_m`; NaN in gaps.
    level_m : float
    to_cell : affine transformation
        From coordinates in `crs` to column and row, 0.5 in the middle of the first cell.
    crs : CRS
    step_m : float
        The shorter side of a cell.
    """

    height: Floats
    level_m: float
    to_cell: Any
    crs: CRS
    step_m: float

    def height_m(self, lon: Floats, lat: Floats) -> Floats:
        """Return the height of places in degrees (WGS 84): bilinear between the middles of four cells, NaN in gaps."""
        x, y = from_degrees(self.crs).transform(lon, lat)
        column, row = _applied(self.to_cell, x, y)
        rows, columns = self.height.shape
        inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
        left, right, across = _between(column, columns)
        above, below, down = _between(row, rows)
        top = _mixed(self.height[above, left], self.height[above, right], across)
        bottom = _mixed(self.height[below, left], self.height[below, right], across)
        return np.where(inside, _mixed(top, bottom, down) + self.level_m, np.nan)


def read_terrain(path: Path, lon: Floats, lat: Floats) -> Terrain:
    """Read the heights around some places.

    Parameters
    ----------
    path : path
        A GeoTIFF of one band of heights in metres (feet where the file says so), in any coordinate system, north up or
        not. What is declared as nodata, and what lies beyond its edge, is a gap.
    lon, lat : arrays of float64
        Degrees (WGS 84).

    Raises
    ------
    NetworkError
        If the file is no such raster, declares no coordinate system, or has no heights at these places.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as raster:
            _refuse_unusable(raster, path)
            return _read(raster, path, lon, lat)
    except RasterioError as error:
        raise _refused(path, same(str(error)[:160]), Text("GeoTIFF 栅格", "a GeoTIFF")) from None


def there(path: Path) -> Path:
    """Return a file of heights that exists.

    Raises
    ------
    NetworkError
        If it does not.
    """
    if not path.is_file():
        raise _refused(path, Text("文件不存在", "no such file"), Text("GeoTIFF 栅格", "a GeoTIFF"))
    return path


def _refuse_unusable(raster: Any, path: Path) -> None:
    if raster.count != 1:
        found = Text("{n} 个波段", "{n} bands").format(n=raster.count)
        raise _refused(path, found, Text("一个波段", "one band"))
    if raster.crs is None:
        found = Text("没有坐标系", "no coordinate system")
        raise _refused(path, found, Text("声明了坐标系的文件", "a file that declares one"))
    if _unit(raster) not in _METRES:
        raise _refused(path, same(_unit(raster)), Text("以米或英尺计的高程", "heights in metres or feet"))


def _unit(raster: Any) -> str:
    return str(raster.units[0] or "").strip().casefold()


def _read(raster: Any, path: Path, lon: Floats, lat: Floats) -> Terrain:
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    crs = CRS.from_wkt(raster.crs.to_wkt())
    x, y = from_degrees(crs).transform(lon, lat)
    column, row = _applied(~raster.transform, x, y)
    cell_m = _cell_m(raster.transform, crs, float(np.nanmean(x)), float(np.nanmean(y)))
    spread_m = max(SMOOTHED_OVER_M, *cell_m)
    columns = _around(column, _REACH * spread_m / cell_m[0] + 2, raster.width)
    rows = _around(row, _REACH * spread_m / cell_m[1] + 2, raster.height)
    if columns[1] <= columns[0] or rows[1] <= rows[0]:
        raise _elsewhere(path)
    window = Window(columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0])
    shape = _shape((rows[1] - rows[0], columns[1] - columns[0]), cell_m)
    read = raster.read(1, window=window, out_shape=shape, resampling=Resampling.average, masked=True)
    coarser = (window.width / shape[1], window.height / shape[0])
    to_cell = ~raster.window_transform(window)
    cell_m = (cell_m[0] * coarser[0], cell_m[1] * coarser[1])
    raw = np.ma.filled(np.ma.asarray(read, dtype=np.float64), np.nan)
    height_m = (raw * raster.scales[0] + raster.offsets[0]) * _METRES[_unit(raster)]
    _refuse_no_heights(height_m, path)
    spread = max(SMOOTHED_OVER_M, *cell_m)
    level_m, smooth = _smoothed(np.round(height_m, 3), (spread / cell_m[1], spread / cell_m[0]))
    return Terrain(smooth, level_m, _coarser(to_cell, coarser), crs, max(min(cell_m), _FINEST_CELL_M))


def _applied(transform: Any, x: Any, y: Any) -> tuple[Floats, Floats]:
    """Return an affine transformation of many places."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return transform.a * x + transform.b * y + transform.c, transform.d * x + transform.e * y + transform.f


def _coarser(to_cell: Any, cells: tuple[float, float]) -> Any:
    """Return the transformation to cells each of which joins several in a row and in a column."""
    columns, rows = (np.array(to_cell)[:6].reshape(2, 3) / np.array(cells)[:, None]).tolist()
    return type(to_cell)(*columns, *rows)


def _cell_m(transform: Any, crs: CRS, x: float, y: float) -> tuple[float, float]:
    """Return the width and the height of a cell around a place, metres on the ground."""
    corners = np.array([[x, x + transform.a, x + transform.b], [y, y + transform.d, y + transform.e]])
    lon, lat = from_degrees(crs).transform(corners[0], corners[1], direction="INVERSE")
    sides = segment_length_m(np.repeat(lon[:1], 2), np.repeat(lat[:1], 2), np.asarray(lon[1:]), np.asarray(lat[1:]))
    return float(sides[0]), float(sides[1])


def _around(cell: Floats, margin: float, size: int) -> tuple[int, int]:
    """Return the first cell, and the one after the last, around some places and within the raster."""
    low, high = np.nanmin(cell) - margin, np.nanmax(cell) + margin
    return max(int(np.floor(low)), 0), min(int(np.ceil(high)), size)


def _shape(cells: tuple[int, int], cell_m: tuple[float, float]) -> tuple[int, int]:
    """Return in how many rows and columns cells are read: finer ones are joined."""
    joined = max(1, int(_FINEST_CELL_M / min(cell_m)), int(np.ceil(np.sqrt(cells[0] * cells[1] / _MOST_CELLS))))
    return max(1, cells[0] // joined), max(1, cells[1] // joined)


def _smoothed(height_m: Floats, spread: tuple[float, float]) -> tuple[float, Floats]:
    """Average heights over their surroundings, as far as there are any; a small gap closes, a large one stays.

    Returns the median height and the heights above it: a level ground is exactly 0 above.
    """
    from scipy.ndimage import gaussian_filter

    known = np.isfinite(height_m)
    level_m = float(np.median(height_m[known]))
    above = gaussian_filter(np.where(known, height_m - level_m, 0.0), spread, mode="constant", truncate=_REACH)
    weight = gaussian_filter(known.astype(np.float64), spread, mode="constant", truncate=_REACH)
    whole = gaussian_filter(np.ones_like(above), spread, mode="constant", truncate=_REACH)
    enough = weight >= _LEAST_KNOWN * whole
    return level_m, np.where(enough, above / np.where(enough, weight, 1.0), np.nan)


#: A cell has a height where at least this share of the ground around it has one.
_LEAST_KNOWN = 0.4


def _between(cell: Floats, count: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    """Return the two cells between whose middles a place lies, and the share of the way from one to the other."""
    middle = np.clip(np.nan_to_num(cell) - 0.5, 0, count - 1)
    first = np.minimum(np.floor(middle).astype(np.intp), max(count - 2, 0))
    return first, np.minimum(first + 1, count - 1), middle - first


def _mixed(one: Floats, other: Floats, share: Floats) -> Floats:
    return np.asarray(one + share * (other - one), dtype=np.float64)


def _refuse_no_heights(height_m: Floats, path: Path) -> None:
    known = height_m[np.isfinite(height_m)]
    if not len(known):
        raise _elsewhere(path)
    unlikely = known[(known < LOWEST_M) | (known > HIGHEST_M)]
    if len(unlikely):
        found = Text("高程 {m:g} 米（{n} 个格子）", "a height of {m:g} m ({n} cells)")
        raise _refused(
            path,
            found.format(m=float(unlikely[0]), n=len(unlikely)),
            Text("以米计的高程；空值须在文件中声明为 nodata", "heights in metres; gaps declared as nodata in the file"),
        )


def _elsewhere(path: Path) -> NetworkError:
    found = Text("路网所在范围没有高程", "no heights where the streets are")
    return _refused(path, found, Text("覆盖路网的高程栅格", "a raster that covers the streets"))


def _refused(path: Path, found: Text, expected: Text) -> NetworkError:
    return NetworkError(
        Text("高程数据 {file} 不可用。", "The heights {file} cannot be used.").format(file=path.name),
        [Fault(str(path), found, expected)],
    )
