"""Estimated walks as lines: straight, through the gates of a compound where they are known."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.catchments.estimate import Task, task_of
from planner.catchments.footsteps import line_through
from planner.model import Barriers, Gates, Walker
from planner.model.walking import MM_PER_M, MS_PER_MIN


def estimated_routes(
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    destinations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    *,
    detour_factor: float,
    metres: bool = False,
    crs: CRS | str | None = None,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
) -> gpd.GeoDataFrame:
    """Return the line behind each estimated walk: of each origin to the destination in the same row.

    Returns
    -------
    GeoDataFrame
        The columns of `find_routes`. The walk between doors counts as `path_min`, that to a gate as `inside_min`;
        `length_m` is the line times the detour factor. Where water or a railway lies between, the row stands with NaN
        and without a geometry.
    """
    rows = pd.RangeIndex(len(origins))
    task = task_of(
        origins.set_axis(rows), destinations.set_axis(rows), walker, metres, detour_factor, crs, gates, barriers
    )
    chosen = _shortest(task).reindex(rows)
    own = Walker(walker) if isinstance(walker, str) else walker
    per_minute = MM_PER_M * own.speed_m_s * 60 if metres else float(MS_PER_MIN)
    walk, inside = (chosen[part].to_numpy(dtype=np.float64) / per_minute for part in ("walk", "inside"))
    building = task.origins.building_ms / per_minute + 0 * walk
    table = pd.DataFrame({"destination": destinations.index.to_numpy(), "walk_min": walk})
    table = table.assign(path_min=walk - inside - building, stairs_min=0 * walk, waiting_min=0 * walk)
    table = table.assign(off_path_min=0 * walk, inside_min=inside, building_min=building)
    table["length_m"] = chosen["straight_m"].to_numpy(dtype=np.float64) * detour_factor
    lines = [_line(task, row, *doors) for row, doors in enumerate(zip(chosen["begin"], chosen["end"], strict=True))]
    return gpd.GeoDataFrame(table.set_axis(origins.index), geometry=lines, crs=task.crs)


def _shortest(task: Task) -> pd.DataFrame:
    """Return for each row the doors of the shortest walk that is not barred; -1 where a compound is not left."""
    out = pd.DataFrame({"row": task.out.point, "begin": np.arange(len(task.out.point))})
    into = pd.DataFrame({"row": task.into.point, "end": np.arange(len(task.into.point))})
    doors = out.merge(into, on="row")
    begin, end = doors["begin"].to_numpy(), doors["end"].to_numpy()
    doors = doors[~task.crow.barred(task.out.xy[begin], task.into.xy[end])]
    begin, end = doors["begin"].to_numpy(), doors["end"].to_numpy()
    inside_m = task.out.inside_m[begin] + task.into.inside_m[end]
    outside_m = np.hypot(*(task.into.xy[end] - task.out.xy[begin]).T)
    doors = doors.assign(
        walk=task.crow.between(task.out, task.into, begin, end),
        straight_m=inside_m + outside_m,
        inside=task.crow.walk_ms(inside_m),
    )
    every = pd.concat([_within_compounds(task), doors]).sort_values(["row", "walk", "begin", "end"], kind="stable")
    return every.drop_duplicates("row").set_index("row")


def _within_compounds(task: Task) -> pd.DataFrame:
    gated = np.isin(task.origins.compound, list(task.gated))
    row = np.flatnonzero(gated & (task.origins.compound == task.destinations.compound))
    straight_m = np.hypot(*(task.destinations.xy[row] - task.origins.xy[row]).T)
    inside = task.crow.walk_ms(straight_m)
    walk = task.origins.building_ms[row] + inside
    return pd.DataFrame({"row": row, "begin": -1, "end": -1, "walk": walk, "straight_m": straight_m, "inside": inside})


def _line(task: Task, row: int, begin: float, end: float) -> shapely.LineString | None:
    """Return the line from point to point through both doors; None where nobody can walk."""
    if np.isnan(begin):
        return None
    gates = [] if begin < 0 else [task.out.xy[[int(begin)]], task.into.xy[[int(end)]]]
    return line_through([task.origins.xy[[row]], *gates, task.destinations.xy[[row]]])
