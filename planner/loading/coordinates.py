"""Coordinate systems: the shifted Chinese ones in exact arithmetic, everything else through pyproj.

Longitude comes first everywhere. GCJ-02 and BD-09 have no EPSG code and PROJ cannot compute them; the formulas are the
ones that circulate publicly since 2010 (Krasovsky ellipsoid, sine series). The inverse is a fixed point of the forward
formula, exact to far below a millimetre. Outside a box around China nothing is shifted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as PyprojCrsError

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault
from planner.loading.raw import RawTable
from planner.model import Note

Shifted = Literal["GCJ-02", "BD-09"]
#: A coordinate system as a layer declares it.
Declared = CRS | Shifted
Floats = npt.NDArray[np.float64]

WGS84 = CRS.from_epsg(4326)

#: West, south, east, north of the box in which coordinates are shifted.
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)

_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0
_SETTLED_DEG = 1e-13


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS-84 degrees to GCJ-02 degrees.

    Parameters
    ----------
    lon, lat : array of float
        Degrees, longitude first.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02(115.07, 30.20)
    >>> round(float(lon), 5), round(float(lat), 5)
    (115.07546, 30.19764)
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    east_deg, north_deg = _gcj02_shift(lon, lat)
    inside = _in_china(lon, lat)
    return np.where(inside, lon + east_deg, lon), np.where(inside, lat + north_deg, lat)


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo the shift of GCJ-02, exactly: a fixed point of the forward formula."""
    return _inverse(_gcj02_shift, lon, lat)


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift GCJ-02 degrees to BD-09 degrees."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    east_deg, north_deg = _bd09_shift(lon, lat)
    inside = _in_china(lon, lat)
    return np.where(inside, lon + east_deg, lon), np.where(inside, lat + north_deg, lat)


def bd09_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo the shift of BD-09 on GCJ-02, exactly."""
    return _inverse(_bd09_shift, lon, lat)


def wgs84_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS-84 degrees to BD-09 degrees."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo both shifts of BD-09, exactly."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


#: From each shifted system to WGS-84, and back.
UNSHIFT = {"GCJ-02": gcj02_to_wgs84, "BD-09": bd09_to_wgs84}
SHIFT = {"GCJ-02": wgs84_to_gcj02, "BD-09": wgs84_to_bd09}


def _in_china(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _gcj02_shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(lat)
    curvature = 1.0 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / (curvature * np.sqrt(curvature))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(curvature) * np.cos(latitude)
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)


def _bd09_shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BAIDU_PI)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BAIDU_PI)
    return radius * np.cos(angle) + 0.0065 - lon, radius * np.sin(angle) + 0.006 - lat


def _inverse(
    shift: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Find the place that `shift` moves to (lon, lat); places that only outside the box would give stay as they are."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside = _in_china(lon, lat)
    target_lon, target_lat = np.where(inside, lon, 105.0), np.where(inside, lat, 35.0)
    found_lon, found_lat = target_lon, target_lat
    for _ in range(30):
        east_deg, north_deg = shift(found_lon, found_lat)
        step = np.maximum(np.abs(target_lon - east_deg - found_lon), np.abs(target_lat - north_deg - found_lat))
        found_lon, found_lat = target_lon - east_deg, target_lat - north_deg
        if not np.size(step) or np.max(step) < _SETTLED_DEG:
            break
    shifted = inside & _in_china(found_lon, found_lat)
    return np.where(shifted, found_lon, lon), np.where(shifted, found_lat, lat)


def to_study_crs(geometry: gpd.GeoSeries, declared: Declared, crs: CRS) -> gpd.GeoSeries:
    """Return geometry of any type in the study's metric system, heights dropped.

    Parameters
    ----------
    geometry : GeoSeries
        Coordinates in the declared system, x (longitude, easting) first.
    declared : CRS, "GCJ-02" or "BD-09"
    crs : CRS
        The study's metric system.
    """
    flat = gpd.GeoSeries(shapely.force_2d(geometry.to_numpy()), index=geometry.index)
    return to_wgs84(flat, declared).to_crs(crs) if isinstance(declared, str) else flat.set_crs(declared).to_crs(crs)


def to_wgs84(geometry: gpd.GeoSeries, declared: Declared) -> gpd.GeoSeries:
    """Return geometry of any type in WGS-84 degrees."""
    bare = geometry.to_numpy()
    if isinstance(declared, str):
        unshift = UNSHIFT[declared]
        moved = shapely.transform(bare, lambda xy: np.column_stack(unshift(xy[:, 0], xy[:, 1])))
        return gpd.GeoSeries(moved, index=geometry.index, crs=WGS84)
    return gpd.GeoSeries(bare, index=geometry.index, crs=declared).to_crs(WGS84)


def parse_crs(words: str, file: str, key: str) -> Declared:
    """Return the coordinate system a plan file names.

    Raises
    ------
    CrsError
        If nobody knows it.
    """
    plain = re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", str(words))).casefold()
    if plain in _NAMED:
        return _NAMED[plain]
    try:
        return CRS.from_user_input(int(plain) if plain.isdecimal() else str(words).strip())
    except PyprojCrsError:
        raise CrsError(
            Text("不认识的坐标系。", "The coordinate system is unknown."),
            [Fault(file, same(words), Text("EPSG 代码、GCJ-02 或 BD-09", "an EPSG code, GCJ-02 or BD-09"), column=key)],
        ) from None


_NAMED: dict[str, Declared] = {
    **dict.fromkeys(("gcj02", "gcj2", "火星坐标", "火星坐标系", "高德", "高德坐标", "腾讯坐标"), "GCJ-02"),
    **dict.fromkeys(("bd09", "bd09ll", "百度", "百度坐标", "百度坐标系"), "BD-09"),
    **dict.fromkeys(("wgs84", "wgs1984"), WGS84),
    **dict.fromkeys(("cgcs2000", "国家2000", "国家大地2000", "2000国家大地坐标系"), CRS.from_epsg(4490)),
}


def declared_crs(raw: RawTable, planned: str | None, key: str) -> tuple[Declared, tuple[Note, ...]]:
    """Settle a layer's coordinate system from what its file and the plan declare.

    Parameters
    ----------
    raw : RawTable
    planned : str or None
        The layer's `crs` in the plan.
    key : str
        The layer's section in the plan: "demand", "sites" ...

    Raises
    ------
    CrsError
        If neither declares one, or they contradict each other. One contradiction is known and settled for the plan:
        files that call themselves WGS-84 while their coordinates are GCJ-02 or BD-09.
    """
    wanted = None if planned is None else parse_crs(planned, "plan.toml", f"{key}.crs")
    if raw.declared is None and wanted is None:
        raise _undeclared(raw, key)
    if wanted is None:
        assert raw.declared is not None
        return raw.declared, _old_datum_notes(raw.declared, raw.source)
    if raw.declared is None or (raw.by_default and _beyond_degrees(raw)):
        return wanted, _old_datum_notes(wanted, raw.source)
    if isinstance(wanted, str):
        if _degrees_on_the_globe(raw.declared):
            return wanted, (_plan_wins(raw, wanted),)
    elif same_system(wanted, raw.declared):
        return wanted, ()
    raise _contradiction(raw, raw.declared, wanted, key)


def crs_name(crs: Declared) -> str:
    """Return how a coordinate system is called in front of a reader."""
    if isinstance(crs, str):
        return crs
    code = crs.to_epsg(min_confidence=70)
    return f"EPSG:{code} ({crs.name})" if code else str(crs.name)


@lru_cache(maxsize=64)
def same_system(one: CRS, other: CRS) -> bool:
    """Whether two systems give the same coordinates: WGS 84 and CGCS2000 do, to what planning can tell."""
    if one.is_geographic != other.is_geographic:
        return False
    middle = one.area_of_use
    lon, lat = ((middle.west + middle.east) / 2, (middle.south + middle.north) / 2) if middle else (114.3, 30.6)
    into_one, into_other = (Transformer.from_crs(WGS84, crs, always_xy=True) for crs in (one, other))
    places = np.array([[lon, lat], [lon + 0.5, lat + 0.5], [lon - 0.5, lat - 0.3]])
    here, there = (np.column_stack(into.transform(places[:, 0], places[:, 1])) for into in (into_one, into_other))
    tolerance = 1e-7 if one.is_geographic else 1e-2
    return bool(np.all(np.isfinite(here)) and np.all(np.abs(here - there) < tolerance))


def _undeclared(raw: RawTable, key: str) -> CrsError:
    return CrsError(
        Text("{file} 没有声明坐标系。", "{file} declares no coordinate system.").format(file=raw.source),
        [
            Fault(
                raw.source,
                Text("未声明坐标系", "no coordinate system"),
                Text(
                    '在方案文件 [{key}] 中写明 crs，如 crs = "GCJ-02"（高德、腾讯）、"BD-09"（百度）或 "EPSG:4490"',
                    'a key crs in [{key}] of the plan file: crs = "GCJ-02" (Amap, Tencent), "BD-09" (Baidu) or an '
                    'EPSG code such as "EPSG:4326"',
                ).format(key=key),
                column="crs",
            )
        ],
    )


def _contradiction(raw: RawTable, declared: CRS, wanted: Declared, key: str) -> CrsError:
    return CrsError(
        Text("{file} 的坐标系与方案文件矛盾。", "{file} and the plan file contradict each other.").format(
            file=raw.source
        ),
        [
            Fault(
                raw.source,
                Text("文件声明 {file}，方案声明 {plan}", "the file declares {file}, the plan {plan}").format(
                    file=crs_name(declared), plan=crs_name(wanted)
                ),
                Text(
                    "两者一致；若文件声明正确，删去 [{key}] 中的 crs",
                    "the same system; where the file is right, remove crs from [{key}]",
                ).format(key=key),
                column="crs",
            )
        ],
    )


def _degrees_on_the_globe(crs: CRS) -> bool:
    return crs.is_geographic and same_system(crs, WGS84)


def _beyond_degrees(raw: RawTable) -> bool:
    bounds = raw.geometry.total_bounds if raw.geometry is not None else np.zeros(4)
    return bool(np.nanmax(np.abs(bounds)) > 360)


def _plan_wins(raw: RawTable, wanted: Shifted) -> Note:
    return Note(
        "crs.plan_over_file",
        "assumption",
        Text(
            "{file} 自称 {declared}，方案声明为 {wanted}，按方案处理。",
            "{file} calls itself {declared}; the plan says {wanted}, and the plan was followed.",
        ).format(file=raw.source, declared=crs_name(raw.declared or WGS84), wanted=wanted),
    )


def _old_datum_notes(crs: Declared, source: str) -> tuple[Note, ...]:
    if isinstance(crs, str) or not re.search(r"beijing|xian|xi'an", crs.name, re.IGNORECASE):
        return ()
    return (
        Note(
            "crs.old_datum",
            "warning",
            Text(
                "{file} 采用 {crs}；没有本地转换参数，位置可能偏差数十米至上百米。",
                "{file} is in {crs}; without local transformation parameters positions may be off by tens of metres "
                "to more than a hundred.",
            ).format(file=source, crs=crs_name(crs)),
        ),
    )
