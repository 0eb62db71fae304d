"""Whether coordinates make sense in the system they are declared in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS, Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault
from planner.loading.coordinates import WGS84, Declared, crs_name
from planner.model import Note

#: Further than this from all the others is doubtful, and so much further is a mistake.
DOUBTFUL_M, IMPOSSIBLE_M = 50_000.0, 500_000.0
#: Coordinates may lie this far outside the area a system is made for.
_MARGIN_DEG = 3.0

_MESSAGES: Mapping[str, tuple[Text, Text]] = {
    "swapped": (
        Text("经度与纬度（东与北）颠倒", "longitude and latitude (east and north) are swapped"),
        Text(
            "经度（东）在前；对调两列，或在方案中写 columns = {{ x = …, y = … }}",
            "longitude (east) first; swap the columns, or set columns = {{ x = ..., y = ... }} in the plan",
        ),
    ),
    "metres": (
        Text("坐标是米，声明的却是经纬度（{crs}）", "metres, where degrees were declared ({crs})"),
        Text("投影坐标系的 EPSG 代码，如 EPSG:4547", "the EPSG code of a projected system, such as EPSG:4547"),
    ),
    "degrees": (
        Text("坐标是经纬度，声明的却是米（{crs}）", "degrees, where metres were declared ({crs})"),
        Text("EPSG:4326、EPSG:4490、GCJ-02 或 BD-09", "EPSG:4326, EPSG:4490, GCJ-02 or BD-09"),
    ),
    "zone_prefixed": (
        Text(
            "东坐标带有带号（8 位），声明的是不带带号的 {crs}",
            "eastings with a zone prefix (8 digits) in the plain {crs}",
        ),
        Text("带带号的坐标系：{other}", "the zone-prefixed system: {other}"),
    ),
    "zone_missing": (
        Text(
            "东坐标没有带号（6 位），声明的是带带号的 {crs}",
            "eastings without zone (6 digits) in the zone-prefixed {crs}",
        ),
        Text("不带带号的坐标系：{other}", "the plain system: {other}"),
    ),
    "outside": (
        Text("坐标不在 {crs} 的适用范围内", "outside the area that {crs} is made for"),
        Text("正确的坐标系", "the right coordinate system"),
    ),
    "zero": (Text("坐标为 0, 0", "coordinates 0, 0"), Text("真实位置", "a real position")),
}


def position_faults(
    xy: npt.NDArray[np.float64], rows: pd.Index, declared: Declared, source: str, column: str
) -> list[Fault]:
    """Return a fault for each position that cannot be right in its declared system.

    Parameters
    ----------
    xy : array, shape (rows, 2)
        Coordinates as declared, x first; NaN where missing.
    rows : Index
        Rows in the file.

    Raises
    ------
    CrsError
        If every position is wrong in the same way: then it is the declaration that is wrong.
    """
    known = np.isfinite(xy).all(axis=1)
    doubts = np.full(len(xy), "", dtype=object)
    if known.any():
        doubts[known] = _doubts(xy[known], declared)
    kinds = set(doubts[known])
    if len(kinds) == 1 and (kind := next(iter(kinds))):
        example = same(f"{xy[known][0][0]:.10g}, {xy[known][0][1]:.10g}")
        found, expected = _words(kind, declared, xy[known])
        raise CrsError(
            Text(
                "{file} 的坐标与声明的坐标系不符。", "The coordinates of {file} contradict the declared system."
            ).format(file=source),
            [
                Fault(
                    source,
                    Text("{what}（如 {example}）", "{what} (such as {example})").format(what=found, example=example),
                    expected,
                    column=column,
                )
            ],
        )
    faults = []
    for place in np.flatnonzero(doubts != ""):
        found, expected = _words(str(doubts[place]), declared, xy[place : place + 1])
        at = same(f"{xy[place][0]:.10g}, {xy[place][1]:.10g}")
        found = Text("{at}：{what}", "{at}: {what}").format(at=at, what=found)
        faults.append(Fault(source, found, expected, int(rows[int(place)]), column))
    return faults


def _words(kind: str, declared: Declared, xy: npt.NDArray[np.float64]) -> tuple[Text, Text]:
    found, expected = _MESSAGES[kind]
    other = "" if isinstance(declared, str) else _zone_sibling(declared, xy)
    values = {"crs": crs_name(declared), "other": other}
    return found.format(**values), expected.format(**values)


def _doubts(xy: npt.NDArray[np.float64], declared: Declared) -> npt.NDArray[np.object_]:
    x, y = xy[:, 0], xy[:, 1]
    zero = (x == 0) & (y == 0)
    if isinstance(declared, str) or declared.is_geographic:
        metres = (np.abs(x) > 360) | (np.abs(y) > 360)
        swapped = (np.abs(y) > 90) & (np.abs(x) <= 90)
        outside = (np.abs(x) > 180) | (np.abs(y) > 90)
        return _first_of({"zero": zero, "metres": metres, "swapped": swapped, "outside": outside}, len(x))
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    outside = ~_belongs(x, y, declared)
    swapped = outside & _belongs(y, x, declared)
    zone = x // 1_000_000
    prefixed = outside & (zone >= 13) & (zone <= 60) & _belongs(x - zone * 1_000_000, y, declared)
    prefix = _zone_prefix(declared)
    missing = outside & (prefix > 0) & (x < 1_000_000) & _belongs(x + prefix * 1_000_000, y, declared)
    checks = {"zero": zero, "degrees": degrees, "swapped": swapped, "zone_prefixed": prefixed, "zone_missing": missing}
    return _first_of({**checks, "outside": outside}, len(x))


def _first_of(checks: Mapping[str, npt.NDArray[np.bool_]], length: int) -> npt.NDArray[np.object_]:
    doubts = np.full(length, "", dtype=object)
    for kind, holds in checks.items():
        doubts[(doubts == "") & holds] = kind
    return doubts


def _belongs(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], crs: CRS) -> npt.NDArray[np.bool_]:
    """Whether projected coordinates lie in the area the system is made for, and a margin around it."""
    area = crs.area_of_use
    if area is None:
        return np.ones(len(x), dtype=bool)
    lon, lat = _transformer(crs, WGS84).transform(x, y)
    back_x, back_y = _transformer(WGS84, crs).transform(lon, lat)
    unique = np.isfinite(lon) & (np.abs(back_x - x) < 1) & (np.abs(back_y - y) < 1)
    east_west = (lon >= area.west - _MARGIN_DEG) & (lon <= area.east + _MARGIN_DEG)
    return np.asarray(unique & east_west & (lat >= area.south - _MARGIN_DEG) & (lat <= area.north + _MARGIN_DEG))


@lru_cache(maxsize=8)
def _transformer(one: CRS, other: CRS) -> Transformer:
    """Return the way from one system to another; PROJ looks long for it."""
    return Transformer.from_crs(one, other, always_xy=True)


def _zone_prefix(crs: CRS) -> int:
    false_easting = next((step.value for step in _parameters(crs) if step.name == "False easting"), 0.0)
    return int(false_easting // 1_000_000)


def _parameters(crs: CRS) -> list[Any]:
    return list(crs.coordinate_operation.params) if crs.coordinate_operation is not None else []


def _zone_sibling(crs: CRS, xy: npt.NDArray[np.float64]) -> str:
    """Return the EPSG code of the same CGCS2000 zone with, or without, the zone in the eastings."""
    code = crs.to_epsg(min_confidence=70) or 0
    if 4534 <= code <= 4554:
        return f"EPSG:{code - 4534 + 4513}"
    if 4513 <= code <= 4533:
        return f"EPSG:{code - 4513 + 4534}"
    return f"{int(xy[0, 0] // 1_000_000)}"


def scattered(xy_m: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how far each point lies from the largest group of points, where groups are 50 km apart; 0 inside it.

    Parameters
    ----------
    xy_m : array, shape (points, 2)
        Finite metric coordinates.
    """
    if len(xy_m) < 2:
        return np.zeros(len(xy_m))
    span = float(np.hypot(*np.ptp(xy_m, axis=0)))
    if span <= DOUBTFUL_M:
        return np.zeros(len(xy_m))
    cell = max(1_000.0, span / 2_000)
    cells, member = np.unique(np.floor(xy_m / cell), axis=0, return_inverse=True)
    member = member.reshape(-1)
    near = cKDTree(cells * cell).query_pairs(DOUBTFUL_M + cell, output_type="ndarray")
    links = coo_array((np.ones(len(near), dtype=np.int8), (near[:, 0], near[:, 1])), shape=(len(cells),) * 2)
    group = connected_components(links, directed=False)[1][member]
    rest = group == np.bincount(group).argmax()
    far = np.zeros(len(xy_m))
    if not rest.all():
        far[~rest] = cKDTree(xy_m[rest]).query(xy_m[~rest])[0]
    return far


def scatter_findings(
    xy_m: npt.NDArray[np.float64], rows: pd.Index, names: pd.Series, source: str, column: str
) -> tuple[list[Fault], list[Note]]:
    """Judge points that lie far from all the others: doubtful beyond 50 km, a mistake beyond 500 km."""
    far_m = scattered(xy_m)
    faults = [
        Fault(
            source,
            Text("「{name}」离其余各点 {km} 公里", "“{name}” lies {km} km from the others").format(
                name=names.iloc[place], km=f"{far_m[place] / 1000:,.0f}"
            ),
            Text("与其余各点相近的位置", "a position near the others"),
            int(rows[int(place)]),
            column,
        )
        for place in np.flatnonzero(far_m > IMPOSSIBLE_M)
    ]
    doubtful = np.flatnonzero((far_m > DOUBTFUL_M) & (far_m <= IMPOSSIBLE_M))
    if not len(doubtful):
        return faults, []
    words = Text(
        "{file}：{n} 个点离其余各点超过 50 公里（第 {rows} 行），请核对坐标。",
        "{file}: {n} points lie more than 50 km from the others (rows {rows}); check their coordinates.",
    ).format(file=source, n=len(doubtful), rows=", ".join(str(rows[place]) for place in doubtful[:10]))
    return faults, [
        Note("positions.far_from_the_rest", "warning", words, tuple(str(names.iloc[place]) for place in doubtful[:5]))
    ]
