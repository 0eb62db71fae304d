"""Routes: the way that a walk takes, as a line, and what its minutes are made of."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.bilingual import Text
from planner.catchments.directions import grounds_of
from planner.catchments.entry import Entry, enter
from planner.catchments.footsteps import Doorway, Floats, Legs, line_through, shape_of
from planner.catchments.gated import DETOUR_FACTOR
from planner.catchments.ground import Ground, measuring
from planner.catchments.pathfinding import Pathfinder, Way
from planner.catchments.points import Points, checked_points
from planner.errors import Fault, TableError
from planner.model import Barriers, Direction, Gates, Walker
from planner.model.walking import MM_PER_M, MS_PER_MIN, checked_direction
from planner.network import WalkNetwork


def find_routes(
    network: WalkNetwork,
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    destinations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    *,
    max_off_path_m: float = 200.0,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
    metres: bool = False,
    direction: Direction = "to_station",
) -> gpd.GeoDataFrame:
    """Find the way that each walk takes, however far: of each origin to the destination in the same row.

    The walks are those of `walking_costs`, to the millisecond. Where several ways are equally short, one of them is
    shown, always the same. Made for some hundreds or thousands of walks; those to one destination are found together.

    Parameters
    ----------
    network : WalkNetwork
    origins, destinations : GeoSeries or GeoDataFrame of points
        As for `walking_costs`, one row a pair, so an id may stand in several rows; or a single destination for all.
    walker : Walker or str
    max_off_path_m : float
    gates : Gates, optional
    barriers : Barriers, optional
    direction : {"to_station", "from_station", "round_trip"}
        As for `walking_costs`. A line leads the way that is walked. That of a round trip leads to the destination and,
        where the way back is another one, on to the origin; minutes and metres are half of there and back.
    metres : bool
        Find the shortest way in metres, as `max_walk_m` does; its minutes are those of the walker's level speed.

    Returns
    -------
    GeoDataFrame
        Index: the ids of the origins. `destination` (id); `walk_min` and its parts, which add up to it in whole
        milliseconds: `path_min`, `stairs_min`, `waiting_min` (at crossings), `off_path_min` (between a point and the
        paths), `inside_min` (straight across a compound, with its detour) and `building_min` (inside the building,
        before the walk: the origins' own column of that name); `length_m` walked, with that detour;
        geometry: a line in the network's system from the origin to the destination. Where nobody can walk, the row
        stands with NaN and without a geometry.

    Raises
    ------
    CrsError, TableError, InputError
        If points or the walker cannot be used, or the rows of both sides do not match.
    """
    direction = checked_direction(direction)
    _refuse_unpaired(len(origins), len(destinations))
    ground = Ground.of(network, measuring(walker, metres))
    leaving = enter(ground, _rows(origins, network, "origins"), max_off_path_m, gates, "origins", barriers)
    arriving = enter(
        ground, _rows(destinations, network, "destinations"), max_off_path_m, gates, "destinations", barriers
    )
    goal = np.arange(len(leaving)) if len(arriving) == len(leaving) else np.zeros(len(leaving), dtype=np.intp)
    gate_xy = _gate_places(network, gates)
    legs = [_one_way(leg, leaving, arriving, goal, gate_xy) for leg in grounds_of(ground, direction)]
    figures, lines = legs[0] if len(legs) == 1 else _both_ways(*legs)
    table = pd.DataFrame({"destination": destinations.index[goal]} | figures)
    own = Walker(walker) if isinstance(walker, str) else walker
    for part in table.columns[table.columns.str.endswith("_min")]:
        table[part] = table[part] / MM_PER_M / own.speed_m_s / 60 if metres else table[part] / MS_PER_MIN
    return gpd.GeoDataFrame(table.set_axis(origins.index), geometry=lines, crs=network.crs)


class _Routes(NamedTuple):
    """Routes of one leg, or of both: figures by their name, and lines."""

    figures: dict[str, Floats]
    lines: npt.NDArray[np.object_]


def _one_way(ground: Ground, leaving: Entry, arriving: Entry, goal: npt.NDArray[np.intp], gate_xy: Floats) -> _Routes:
    """Return the routes on a ground. On that of the opposite direction lines lead from destination to origin."""
    ways = Pathfinder(ground, leaving, arriving).ways(goal)
    leave, arrive = (
        np.array([-1 if way is None else way[side] for way in ways], dtype=np.intp) for side in (_LEAVE, _ARRIVE)
    )
    out = Doorway.of(ground, leaving.points.xy, leaving.access, leave, gate_xy)
    into = Doorway.of(ground, arriving.points.xy[goal], arriving.access, arrive, gate_xy)
    lines = _lines(ground.network, ways, out, into)
    return _Routes(
        _figures(ground, ways, out, into, leaving.points.building_ms),
        shapely.reverse(lines) if ground.backward else lines,
    )


def _both_ways(there: _Routes, back: _Routes) -> _Routes:
    """Return half of both legs. Parts are rounded one after the other, so that they add up to the whole."""
    both = {name: values + back.figures[name] for name, values in there.figures.items()}
    parts = [name for name in both if name.endswith("_min") and name != "walk_min"]
    summed = np.cumsum([both[part] for part in parts], axis=0)
    halves = np.diff(np.floor((summed + 1) / 2), axis=0, prepend=0)
    figures = {
        **dict(zip(parts, halves, strict=True)),
        "walk_min": np.floor((both["walk_min"] + 1) / 2),
        "length_m": both["length_m"] / 2,
    }
    lines = [_joined(*pair) for pair in zip(there.lines, back.lines, strict=True)]
    return _Routes({name: figures[name] for name in both}, np.array([*lines, None], dtype=object)[:-1])


def _joined(there: shapely.LineString | None, back: shapely.LineString | None) -> shapely.LineString | None:
    """Return the line there, and on back where that is another one."""
    if there is None or back is None:
        return None
    if there.reverse().equals_exact(back, 0):
        return there
    return shapely.LineString(np.concatenate([shapely.get_coordinates(there), shapely.get_coordinates(back)[1:]]))


_LEAVE, _ARRIVE = Way._fields.index("leave"), Way._fields.index("arrive")


def _figures(
    ground: Ground, ways: list[Way | None], out: Doorway, into: Doorway, building_ms: npt.NDArray[np.int64]
) -> dict[str, Floats]:
    """Return the milliseconds of each walk and of its parts, and its metres; NaN where nobody can walk."""
    legs = Legs.of([() if way is None else way.legs for way in ways])
    straight = np.array([way is not None and way.leave < 0 for way in ways], dtype=np.bool_)
    whole = np.array([0 if way is None else way.ms for way in ways], dtype=np.int64)
    path, stairs, waiting = legs.by_kind(ground, len(ways))
    straight_m = np.where(straight, DETOUR_FACTOR * np.linalg.norm(out.xy - into.xy, axis=1), 0.0)
    figures = {
        "walk_min": whole,
        "path_min": path,
        "stairs_min": stairs,
        "waiting_min": waiting,
        "off_path_min": out.ms + into.ms - out.inside_ms - into.inside_ms,
        "inside_min": out.inside_ms + into.inside_ms + np.where(straight, whole - building_ms, 0),
        "building_min": building_ms,
        "length_m": legs.length_m(ground.network, len(ways)) + out.length_m + into.length_m + straight_m,
    }
    walked = np.array([way is not None for way in ways], dtype=np.bool_)
    return {name: np.where(walked, values, np.nan) for name, values in figures.items()}


def _lines(network: WalkNetwork, ways: list[Way | None], out: Doorway, into: Doorway) -> npt.NDArray[np.object_]:
    lines = np.full(len(ways), None, dtype=object)
    for row, way in enumerate(ways):
        if way is not None:
            shapes = [shape_of(network, leg) for leg in way.legs]
            lines[row] = line_through([out.xy[[row]], out.gate(row), *shapes, into.gate(row), into.xy[[row]]])
    return lines


def _rows(points: gpd.GeoSeries | gpd.GeoDataFrame, network: WalkNetwork, role: str) -> Points:
    """Return a point for each row: an id may stand in several."""
    return checked_points(points.set_axis(pd.RangeIndex(len(points))), network.crs, role)


def _refuse_unpaired(origins: int, destinations: int) -> None:
    if destinations not in (1, origins):
        found = Text("{n} 行", "{n} rows").format(n=destinations)
        expected = Text("{n} 行或 1 行", "{n} rows, or 1").format(n=origins)
        raise TableError(
            Text("目的地与出发点须逐行对应。", "Destinations and origins must match row by row."),
            [Fault("destinations", found, expected)],
        )


def _gate_places(network: WalkNetwork, gates: Gates | None) -> Floats:
    if gates is None:
        return np.empty((0, 2))
    return shapely.get_coordinates(gates.table.geometry.to_crs(network.crs).to_numpy())
