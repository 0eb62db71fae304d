"""The points that walks begin and end at, checked once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault, TableError
from planner.model import MS_PER_MIN, passing_names
from planner.schema import EXPECTED, MOST_BUILDING_MIN


@dataclass(frozen=True, eq=False)
class Points:
    """Ids, coordinates in the network's system, compounds (missing for most) and time inside the building of points."""

    ids: pd.Index
    xy: npt.NDArray[np.float64]
    compound: npt.NDArray[np.object_]
    building_ms: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def out_of_doors(self) -> Points:
        """Return the same points without the time inside their buildings."""
        return replace(self, building_ms=np.zeros(len(self), np.int64))

    @property
    def in_compound(self) -> npt.NDArray[np.bool_]:
        """Whether each point lies in a compound."""
        return np.asarray(~pd.isna(self.compound), dtype=np.bool_)


def checked_points(points: gpd.GeoSeries | gpd.GeoDataFrame, crs: CRS, role: str) -> Points:
    """Return points in the network's system.

    Parameters
    ----------
    points : GeoSeries or GeoDataFrame of points
        Any declared system; the index holds the ids. Columns `compound`, and `building_min`: minutes from the flat to
        the door of the building.
    crs : CRS
        The network's.
    role : str
        What error messages call them: `origins`, `destinations` ...

    Raises
    ------
    CrsError
        If the points declare no coordinate system, or cannot be brought into the network's.
    TableError
        If an id is repeated or missing, a geometry is no point, or minutes are none; with every such row.
    """
    geometry = _geometry(points, role)
    if geometry.crs is None:
        raise CrsError(
            Text("{role} 没有声明坐标系。", "{role} declare no coordinate system.").format(role=role),
            [Fault(role, Text("没有坐标系", "no coordinate system"), Text("EPSG 代码", "an EPSG code"))],
        )
    building_min = _building_min(points)
    faults = _repeated(geometry.index, role) + _no_points(geometry, role) + _no_minutes(building_min, role)
    if faults:
        raise TableError(Text("{role} 不可用。", "{role} cannot be used.").format(role=role), faults)
    moved = geometry if geometry.crs == crs else geometry.to_crs(crs)
    xy = shapely.get_coordinates(moved.to_numpy())
    astray = [
        Fault(
            role, same(geometry.iloc[place]), Text("坐标系范围内的坐标", "coordinates that fit their system"), place + 2
        )
        for place in np.flatnonzero(~np.isfinite(xy).all(axis=1)).tolist()
    ]
    if astray:
        raise CrsError(
            Text("{role} 的坐标与其坐标系不符。", "{role}: coordinates contradict their system.").format(role=role),
            astray,
        )
    building_ms = np.rint(building_min.to_numpy(dtype=np.float64) * MS_PER_MIN).astype(np.int64)
    return Points(geometry.index, xy, _compounds(points), building_ms)


def _geometry(points: Any, role: str) -> gpd.GeoSeries:
    if isinstance(points, gpd.GeoDataFrame) and points.active_geometry_name is not None:
        points = points.geometry
    if isinstance(points, gpd.GeoSeries) and not isinstance(points.index, pd.MultiIndex):
        return points
    expected = Text("GeoSeries 或 GeoDataFrame，索引为编号", "a GeoSeries or GeoDataFrame with one level of ids")
    raise TableError(
        Text("{role} 不可用。", "{role} cannot be used.").format(role=role),
        [Fault(role, same(type(points).__name__), expected)],
    )


def _compounds(points: gpd.GeoSeries | gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    if not isinstance(points, gpd.GeoDataFrame) or "compound" not in points.columns:
        return np.full(len(points), None, dtype=object)
    column = passing_names(points)
    names = column.astype(str).to_numpy(dtype=object)
    names[(column.isna() | (names == "")).to_numpy()] = None
    return names


def _building_min(points: gpd.GeoSeries | gpd.GeoDataFrame) -> pd.Series:
    """Return the minutes inside the building, 0 where nothing is given; what is no number stays as it is."""
    if not isinstance(points, gpd.GeoDataFrame) or "building_min" not in points.columns:
        return pd.Series(np.zeros(len(points)))
    given = points["building_min"].reset_index(drop=True)
    return given.where(given.notna(), 0.0)


def _no_minutes(building_min: pd.Series, role: str) -> list[Fault]:
    minutes = pd.to_numeric(building_min, errors="coerce").to_numpy(dtype=np.float64)
    usable = (minutes >= 0) & (minutes <= MOST_BUILDING_MIN)
    return [
        Fault(role, same(building_min.iloc[place]), EXPECTED["building_min"], place + 2, "building_min")
        for place in np.flatnonzero(~usable).tolist()
    ]


def _repeated(index: pd.Index, role: str) -> list[Fault]:
    return [
        Fault(
            role, same(index[place]), Text("每个编号只出现一次", "each id once"), place + 2, str(index.name or "index")
        )
        for place in np.flatnonzero(index.duplicated(keep=False) | index.isna()).tolist()
    ]


def _no_points(geometry: gpd.GeoSeries, role: str) -> list[Fault]:
    shapes = geometry.to_numpy()
    usable = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes)
    return [
        Fault(role, same(str(shapes[place])[:60]), Text("一个点", "a point"), place + 2, "geometry")
        for place in np.flatnonzero(~usable).tolist()
    ]
