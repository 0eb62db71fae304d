"""Does another coordinate system fit the streets better than the declared one?

Homes stand beside streets. If a layer of homes lies clearly nearer to the streets under another of the three systems in
use in China, its declaration is probably wrong. A wrong system is just one shift of some 600 m among many, so a system
is believed only where it also beats shifts of the same length in other directions: homes in the middle of large
compounds are far from every street in the right system, and chance alone would bring them nearer.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from planner.bilingual import Text
from planner.errors import CrsError
from planner.loading.coordinates import SHIFT, UNSHIFT, WGS84, parse_crs
from planner.model import Note

_SAMPLE, _FEWEST = 500, 30
#: The median distance to a street must shrink to this share of the declared system's, and of a typical wrong shift's.
_CLEARLY = 0.8
_DIRECTIONS = 8
_SYSTEMS = ("WGS-84", "GCJ-02", "BD-09")


def better_fitting_system(points: gpd.GeoSeries, lines: gpd.GeoSeries, declared: str | None = None) -> tuple[Note, ...]:
    """Warn where homes fit the streets clearly better under another system than under the declared one.

    Parameters
    ----------
    points : GeoSeries
        Homes, in any declared system, as they were understood.
    lines : GeoSeries
        Streets, in a metric system.
    declared : str, optional
        The `crs` of the demand in the plan; "GCJ-02" and "BD-09" mean something here, anything else is WGS-84.

    Returns
    -------
    tuple of Note
        Empty, or one warning.
    """
    believed = _believed(declared)
    degrees = points.to_crs(WGS84)
    lon, lat = _sample(np.column_stack([degrees.x, degrees.y])).T
    if len(lon) < _FEWEST or not len(lines):
        return ()
    raw = SHIFT[believed](lon, lat) if believed in SHIFT else (lon, lat)
    tree = shapely.STRtree(lines.to_numpy())
    median_m = {}
    for system in _SYSTEMS:
        place = UNSHIFT[system](*raw) if system in UNSHIFT else raw
        median_m[system] = _median_distance_m(tree, _metric(*place, lines))
    best = min(_SYSTEMS, key=lambda system: median_m[system])
    if best == believed or median_m[best] > _CLEARLY * median_m[believed]:
        return ()
    chance_m = _distances_by_chance_m(tree, _metric(lon, lat, lines), lines)
    if median_m[best] > min(chance_m) or median_m[best] > _CLEARLY * float(np.median(chance_m)):
        return ()
    return (_warning(believed, best, median_m),)


def _believed(declared: str | None) -> str:
    try:
        system = None if declared is None else parse_crs(declared, "plan.toml", "demand.crs")
    except CrsError:
        system = None
    return system if isinstance(system, str) else "WGS-84"


def _sample(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Take places evenly from west to east: the same ones in whatever order the rows stand."""
    ordered = places[np.lexsort((places[:, 1], places[:, 0]))]
    return (
        ordered[np.linspace(0, len(ordered) - 1, min(len(ordered), _SAMPLE)).astype(int)] if len(ordered) else ordered
    )


def _metric(lon: npt.ArrayLike, lat: npt.ArrayLike, lines: gpd.GeoSeries) -> npt.NDArray[np.float64]:
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=WGS84).to_crs(lines.crs)
    return np.column_stack([points.x, points.y])


def _median_distance_m(tree: shapely.STRtree, xy_m: npt.NDArray[np.float64]) -> float:
    points = shapely.points(xy_m)
    nearest = tree.query_nearest(points, all_matches=False)
    order = np.argsort(nearest[0])
    return float(np.median(shapely.distance(points[nearest[0][order]], tree.geometries[nearest[1][order]])))


def _distances_by_chance_m(tree: shapely.STRtree, xy_m: npt.NDArray[np.float64], lines: gpd.GeoSeries) -> list[float]:
    """Return median distances after shifts as long as the Chinese ones, in directions that mean nothing."""
    del lines
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS + np.pi / 16
    shifts = [(600.0 * np.cos(angle), 600.0 * np.sin(angle)) for angle in angles]
    return [_median_distance_m(tree, xy_m + shift) for shift in shifts]


def _warning(believed: str, best: str, median_m: dict[str, float]) -> Note:
    return Note(
        "crs.other_system_fits_better",
        "warning",
        Text(
            "需求点按 {believed} 处理,但按 {best} 更贴近道路(到最近道路的中位距离 {best_m:.0f} 米,而非 {believed_m:.0f} 米);"
            "请核对 [demand] 的 crs。",
            "The demand was taken as {believed}, but fits the streets better as {best} (median distance to a street "
            "{best_m:.0f} m rather than {believed_m:.0f} m); check crs in [demand].",
        ).format(believed=believed, best=best, best_m=median_m[best], believed_m=median_m[believed]),
    )
