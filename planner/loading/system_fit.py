"""Whether another coordinate system fits the streets better than the declared one.

In the right system homes stand in a particular way among the streets: houses lie nearer to them than chance has it,
compounds in the middle of their blocks lie further away. Move everything a little in any direction, and that is lost. A
wrong system is one such move among many. So a system is recognised by how much its distances differ from those a short
move around it gives, and not by a short distance alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from planner.bilingual import Text
from planner.errors import CrsError
from planner.loading.coordinates import SHIFT, UNSHIFT, WGS84, parse_crs
from planner.model import Note

_SAMPLE, _FEWEST = 500, 30
#: A median distance is clearly another one from a fifth on.
_CLEARLY = 0.8
#: A system stands out when its distance is this many times that of any short move, or the move's is of its own.
_STANDS_OUT, _BLENDS_IN = 1.4, 1.2
_MOVES_M, _DIRECTIONS = (200.0, 300.0), 8
_SYSTEMS = ("WGS-84", "GCJ-02", "BD-09")


def better_fitting_system(points: gpd.GeoSeries, lines: gpd.GeoSeries, declared: str | None = None) -> tuple[Note, ...]:
    """Warn where homes fit the streets better under another system than under the declared one.

    Parameters
    ----------
    points : GeoSeries
        Homes as they were understood, in any system.
    lines : GeoSeries
        Streets, in a metric system.
    declared : str, optional
        The `crs` of the demand in the plan; "GCJ-02" and "BD-09" mean something here, anything else is WGS-84.

    Returns
    -------
    tuple of Note
        Empty, or one warning: `crs.other_system_fits_better` where another system stands out from the moves around it
        and the declared one does not; `crs.other_system_nearer_streets` where another system is nearer to the streets,
        but no nearer than chance.
    """
    believed = _believed(declared)
    degrees = points.to_crs(WGS84)
    lon, lat = _sample(np.column_stack([degrees.x, degrees.y])).T
    if len(lon) < _FEWEST or not len(lines):
        return ()
    raw = SHIFT[believed](lon, lat) if believed in SHIFT else (lon, lat)
    tree = shapely.STRtree(lines.to_numpy())
    fits = {}
    for system in _SYSTEMS:
        place = UNSHIFT[system](*raw) if system in UNSHIFT else raw
        fits[system] = _fit(tree, _metric(place[0], place[1], lines))
    return _judge(believed, fits)


class _Fit(NamedTuple):
    """Median distance to a street, the usual one after a short move, and how many times one is the other.

    The contrast is 1 where any of the moves gives a distance beyond the system's own.
    """

    median_m: float
    usual_m: float
    contrast: float


def _fit(tree: shapely.STRtree, xy_m: npt.NDArray[np.float64]) -> _Fit:
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS + np.pi / 16
    moves = [(length * np.cos(angle), length * np.sin(angle)) for length in _MOVES_M for angle in angles]
    moved_m = np.array([_median_distance_m(tree, xy_m + np.array(move)) for move in moves])
    usual_m, median_m = float(np.median(moved_m)), _median_distance_m(tree, xy_m)
    stands_out = median_m < moved_m.min() or median_m > moved_m.max()
    ratio = max(median_m, usual_m) / max(min(median_m, usual_m), 1e-9)
    return _Fit(median_m, usual_m, ratio if stands_out else 1.0)


def _judge(believed: str, fits: Mapping[str, _Fit]) -> tuple[Note, ...]:
    declared = fits[believed]
    clearest = max(_SYSTEMS, key=lambda system: fits[system].contrast)
    if fits[clearest].contrast > _STANDS_OUT and declared.contrast < _BLENDS_IN:
        return (_note("crs.other_system_fits_better", _FITS_BETTER, believed, clearest, fits),)
    nearest = min(_SYSTEMS, key=lambda system: fits[system].median_m)
    if fits[nearest].median_m >= _CLEARLY * declared.median_m:
        return ()
    if declared.contrast > _BLENDS_IN and declared.median_m > declared.usual_m:
        return (_note("crs.other_system_nearer_streets", _NEARER_STREETS, believed, nearest, fits),)
    return (_note("crs.other_system_fits_better", _FITS_BETTER, believed, nearest, fits),)


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


def _note(code: str, words: Text, believed: str, other: str, fits: Mapping[str, _Fit]) -> Note:
    values = {
        "believed": believed,
        "other": other,
        "believed_m": f"{fits[believed].median_m:.0f}",
        "other_m": f"{fits[other].median_m:.0f}",
        "believed_moved_m": f"{fits[believed].usual_m:.0f}",
        "other_moved_m": f"{fits[other].usual_m:.0f}",
    }
    return Note(code, "warning", words.format(**values))


_FITS_BETTER = Text(
    "需求点按 {believed} 处理，但与道路的位置关系更像 {other}：到最近道路的中位距离，按 {other} 为 {other_m} 米"
    "（稍作平移为 {other_moved_m} 米），按 {believed} 为 {believed_m} 米（稍作平移为 {believed_moved_m} 米）。"
    "请用一个已知地点核对 [demand] 的 crs。",
    "The demand was taken as {believed}, but lies among the streets as {other} would: the median distance to a "
    "street is {other_m} m as {other} ({other_moved_m} m after a short move) and {believed_m} m as {believed} "
    "({believed_moved_m} m after a short move). Check crs in [demand] with a place you know.",
)
_NEARER_STREETS = Text(
    "需求点按 {believed} 处理；按 {other} 则更靠近道路（中位距离 {other_m} 米，而非 {believed_m} 米）。"
    "但稍作平移也约为 {believed_moved_m} 米，可能只是小区位于街区中部。请用一个已知地点核对 [demand] 的 crs。",
    "The demand was taken as {believed}; as {other} it would lie nearer to the streets (median distance {other_m} m "
    "rather than {believed_m} m). Any short move gives about {believed_moved_m} m too, so the homes may simply stand "
    "in the middle of their blocks. Check crs in [demand] with a place you know.",
)
