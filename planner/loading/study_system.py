"""One metric coordinate system for the whole study."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.errors import CrsError, Fault
from planner.loading.coordinates import WGS84, Declared, crs_name, parse_crs
from planner.loading.demand import read_demand
from planner.loading.layers import open_layer
from planner.loading.raster import cells_middle

#: West, south, east, north: where a CGCS2000 3-degree zone is chosen rather than UTM.
CHINA = (73.5, 3.0, 135.1, 53.6)


def study_crs(config: PlanConfig) -> CRS:
    """Return the metric system of the study.

    Parameters
    ----------
    config : PlanConfig
        `crs` names a projected system in metres; "auto" chooses the plain CGCS2000 3-degree Gauss-Krueger zone
        (EPSG:4534 to 4554) in China and UTM abroad, from the middle of the demand.

    Raises
    ------
    CrsError
        If the system is unknown, geographic, Web Mercator, or not in metres.
    """
    if config.crs.strip().casefold() == "auto":
        return system_at(*_middle_of_demand(config))
    named = parse_crs(config.crs, "plan.toml", "crs")
    problem = _why_unfit(named)
    if problem is not None:
        raise CrsError(
            Text("研究区坐标系不能用于量算距离。", "The study's coordinate system cannot measure lengths."),
            [
                Fault(
                    "plan.toml",
                    Text("{crs}：{problem}", "{crs}: {problem}").format(crs=crs_name(named), problem=problem),
                    Text(
                        '以米为单位的投影坐标系，如 "EPSG:4547"，或 "auto"',
                        'a projected system in metres, such as "EPSG:4547", or "auto"',
                    ),
                    column="crs",
                )
            ],
        )
    assert isinstance(named, CRS)
    return named


def system_at(lon: float, lat: float) -> CRS:
    """Return the metric system for a place.

    Examples
    --------
    >>> system_at(115.07, 30.20).to_epsg(), system_at(119.55, 26.66).to_epsg(), system_at(-8.61, 41.15).to_epsg()
    (4547, 4549, 32629)
    """
    west, south, east, north = CHINA
    if west <= lon <= east and south <= lat <= north:
        central_meridian = math.floor((lon + 1.5) / 3) * 3
        return CRS.from_epsg(4534 + (central_meridian - 75) // 3)
    zone = min(int((lon + 180) // 6) + 1, 60)
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def _why_unfit(crs: Declared) -> Text | None:
    if isinstance(crs, str):
        return Text("有偏移，且以度为单位", "shifted, and in degrees")
    if not crs.is_projected:
        return Text("以度为单位", "in degrees")
    method = crs.coordinate_operation.method_name if crs.coordinate_operation is not None else ""
    if "mercator" in method.casefold() and "transverse" not in method.casefold() and "oblique" not in method.casefold():
        return Text(
            "墨卡托投影在中国中部使长度偏大 11–18%", "Mercator overstates lengths, by 11 to 18 % in central China"
        )
    if any(abs(axis.unit_conversion_factor - 1) > 1e-9 for axis in crs.axis_info):
        return Text("不以米为单位", "not in metres")
    return None


def _middle_of_rasters(config: PlanConfig) -> tuple[float, float]:
    """Return the middle of the rasters' cells, degrees."""
    lon, lat = np.array([cells_middle(config.resolve(path), path) for path in config.demand.rasters.values()]).T
    return float(np.mean(lon)), float(np.mean(lat))


def _middle_of_demand(config: PlanConfig) -> tuple[float, float]:
    """Return the median position of the demand, degrees: a single wrong point does not move it."""
    section = config.demand
    if section.within is not None:
        west, south, east, north = section.within
        return (west + east) / 2, (south + north) / 2
    if section.rasters:
        return _middle_of_rasters(config)
    raw = read_demand(config)
    layer = open_layer(raw, "demand", "demand", WGS84, section.crs, section.columns)
    if layer.crs_error is not None or layer.geometry.isna().all():
        layer.refuse_faults()
        raise CrsError(
            Text("需求数据没有可用的位置。", "The demand has no usable position."),
            [Fault(layer.source, same("—"), Text("坐标", "coordinates"))],
        )
    xy: npt.NDArray[np.float64] = shapely.get_coordinates(shapely.centroid(layer.geometry.dropna().to_numpy()))
    lon, lat = np.median(xy, axis=0)
    return float(lon), float(lat)
