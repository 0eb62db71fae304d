"""Walks as an estimate, where the streets are too thin to measure them: straight lines times a detour factor.

The same nouns as those of the measured walks, so that all that follows is the same; everything says that it is an
estimate.
"""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.catchments.ground import measuring
from planner.catchments.pairs import nearest_walks, rank_by_id, shortest_walks
from planner.catchments.points import Points, checked_points
from planner.catchments.search import Pairs, joined
from planner.catchments.straight import (
    Crow,
    Doors,
    compounds_with_gates,
    doors_of,
    nearest_doors,
    walks_inside,
    walks_within,
)
from planner.errors import CrsError, Fault, InputError
from planner.model import Barriers, Gates, NearestWalks, Note, Parameter, ServiceStandard, Walker, WalkingCosts
from planner.model.walking import is_number
from planner.network.obstacles import obstacles_of

#: A walk is never shorter than the straight line; beyond the last one nothing is an estimate any more.
LEAST_DETOUR, MOST_DETOUR = 1.0, 3.0

_ESTIMATED = Text(
    "步行时间未按路网计算，而是按直线距离 × {factor} 估算（系数由方案给定，待核），不计台阶、过街等待与围墙，"
    "只宜用于初步判断。",
    "Walks are not measured on the streets: they are estimated as the straight line × {factor} (the plan's factor, to "
    "be checked), without steps, waits at crossings or walls. Good for a first look only.",
)
_ACROSS = Text(
    "{count} 对{which}之间的直线穿过水面或铁路，按不可步行计；桥梁与道口未计入。",
    "{count} pairs of {which} have water or a railway on the straight line between them and count as out of reach; "
    "bridges and level crossings are not known to an estimate.",
)
_UNBARRED = Text(
    "没有水面与铁路数据，估算的直线可能穿过河流或铁路。",
    "Neither water nor railways are known: an estimated line may lead across a river or a railway.",
)
_PAIRS = Text("出发点与目的地", "origins and destinations")


def detour_parameter(detour_factor: float) -> Parameter:
    """Return the factor as the brief prints it."""
    return Parameter(
        "network.detour_factor",
        Text(
            "绕行系数：步行距离为直线距离的倍数（估算）",
            "detour factor: walk as a multiple of the straight line (estimate)",
        ),
        f"{detour_factor:g}",
        Text("方案文件；常见建议值 1.2–1.4，未核实", "plan file; commonly suggested 1.2 to 1.4, not verified"),
        "to_be_checked",
    )


def estimated_costs(
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    destinations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    max_walk_min: float | None = None,
    *,
    detour_factor: float,
    max_walk_m: float | None = None,
    crs: CRS | str | None = None,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
) -> WalkingCosts:
    """Estimate every walk within a standard as a straight line times a detour factor, without any streets.

    Parameters
    ----------
    origins, destinations : GeoSeries or GeoDataFrame of points
        As for `walking_costs`. A column `compound` sends a point through the gates of its compound: straight to each
        gate, and straight on from there.
    walker : Walker or str
        Walks at the level speed: an estimate knows neither steps nor crossings.
    max_walk_min, max_walk_m : float
        Exactly one of them; the limit itself counts.
    detour_factor : float
        1.0 to 3.0. There is no default: it is your assumption.
    crs : CRS or str, optional
        The metric system in which lines are measured; by default that of the origins.
    gates : Gates, optional
    barriers : Barriers, optional
        Water and railways: a pair whose line leads across them counts as out of reach. Walls do not bar.

    Returns
    -------
    WalkingCosts
        With a note that says it is an estimate.

    Raises
    ------
    CrsError, TableError, InputError
        If points, ids, the factor or the standard cannot be used, or the system is not metric.
    """
    standard = ServiceStandard(max_walk_min=max_walk_min, max_walk_m=max_walk_m)
    task = task_of(origins, destinations, walker, not standard.in_minutes, detour_factor, crs, gates, barriers)
    walked, barred = walks_within(task.crow, task.out, task.into, standard.limit)
    inside = walks_inside(task.crow, task.origins, task.destinations, task.gated)
    walked = joined(walked, inside.only(inside.walk <= standard.limit))
    walk = shortest_walks(walked, (len(task.origins), len(task.destinations)))
    notes = _notes(detour_factor, _only_across(walked, barred, len(task.destinations)), barriers)
    return WalkingCosts(task.origins.ids, task.destinations.ids, walk, standard.limit, notes)


def estimated_nearest(
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    stations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    *,
    detour_factor: float,
    metres: bool = False,
    crs: CRS | str | None = None,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
) -> NearestWalks:
    """Estimate the nearest station of every origin, however far; agrees to the millisecond with `estimated_costs`.

    Returns
    -------
    NearestWalks
        The station whose id, as text, comes first where two are equally near.
    """
    task = task_of(origins, stations, walker, metres, detour_factor, crs, gates, barriers)
    by_rank = np.argsort(rank_by_id(task.destinations.ids)[task.into.point], kind="stable")
    found = nearest_doors(task.crow, task.out, task.into.in_order(by_rank))
    inside = walks_inside(task.crow, task.origins, task.destinations, task.gated)
    return nearest_walks(joined(found, inside), task.origins.ids, task.destinations.ids)


def estimated_catchments(
    points: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    max_walk_min: float | None = None,
    *,
    detour_factor: float,
    max_walk_m: float | None = None,
    crs: CRS | str | None = None,
) -> gpd.GeoDataFrame:
    """Draw the circle within which the estimate may count a home as covered; what lies across water is drawn as well.

    Returns
    -------
    GeoDataFrame
        Index of the points; every home that `estimated_costs` counts as covered lies inside its station's circle.
    """
    standard = ServiceStandard(max_walk_min=max_walk_min, max_walk_m=max_walk_m)
    task = task_of(points, points, walker, not standard.in_minutes, detour_factor, crs, None, None)
    around = 1.0 / np.cos(np.pi / (4 * _QUARTER)) * task.crow.reach_m(standard.limit) + 0.01
    circles = shapely.buffer(shapely.points(task.origins.xy), around, quad_segs=_QUARTER)
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(circles, index=task.origins.ids, crs=task.crs))


#: Corners in a quarter of a circle.
_QUARTER = 32


class Task(NamedTuple):
    """Origins and destinations with their doors, and how the lines between them become walks."""

    crs: CRS
    crow: Crow
    origins: Points
    destinations: Points
    out: Doors
    into: Doors
    gated: set[str]


def task_of(
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    destinations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    metres: bool,
    detour_factor: float,
    crs: CRS | str | None,
    gates: Gates | None,
    barriers: Barriers | None,
) -> Task:
    """Return what is to be estimated, checked."""
    _refuse_wild(detour_factor)
    system = _metric(crs if crs is not None else origins.crs)
    begin, end = checked_points(origins, system, "origins"), checked_points(destinations, system, "destinations")
    begin = begin.out_of_doors() if metres else begin
    barring = barriers is not None and len(barriers) > 0
    obstacles = obstacles_of(barriers, system) if barring and barriers is not None else None
    crow = Crow(measuring(walker, metres), float(detour_factor), obstacles)
    out = doors_of(begin, gates, system, for_outsiders=False)
    into = doors_of(end, gates, system, for_outsiders=True)
    return Task(system, crow, begin, end, out, into, compounds_with_gates(gates))


def _metric(crs: object) -> CRS:
    system = None if crs is None else CRS.from_user_input(crs)
    if system is None or not system.is_projected:
        raise CrsError(
            Text("估算须在以米为单位的坐标系中进行。", "An estimate needs a metric coordinate system."),
            [Fault("crs", same(str(crs)), Text("以米为单位的投影坐标系", "a projected system in metres"))],
        )
    return system


def _refuse_wild(detour_factor: object) -> None:
    if not (is_number(detour_factor) and LEAST_DETOUR <= float(str(detour_factor)) <= MOST_DETOUR):
        expected = Text("{low} 到 {high}", "{low} to {high}").format(low=LEAST_DETOUR, high=MOST_DETOUR)
        raise InputError(
            Text("绕行系数超出范围。", "The detour factor is out of range."),
            [Fault("detour_factor", same(str(detour_factor)), expected)],
        )


def _only_across(walked: Pairs, barred: Pairs, destinations: int) -> int:
    """Count the pairs that would be within the limit but for a barrier."""
    return len(np.setdiff1d(_keys(barred, destinations), _keys(walked, destinations)))


def _keys(pairs: Pairs, destinations: int) -> pd.Index:
    return pd.Index(pairs.origin.astype(np.int64) * destinations + pairs.destination).unique()


def _notes(detour_factor: float, across: int, barriers: Barriers | None) -> tuple[Note, ...]:
    notes = [Note("walks.estimated", "warning", _ESTIMATED.format(factor=f"{detour_factor:g}"))]
    if across:
        notes.append(Note("walks.estimated_across", "assumption", _ACROSS.format(count=f"{across:,}", which=_PAIRS)))
    if barriers is None or not len(barriers):
        notes.append(Note("walks.estimated_unbarred", "warning", _UNBARRED))
    return tuple(notes)
