"""The town the plan is drawn on: water, green, paths, railways, walls and buildings, as much as opens at once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.network import WalkNetwork
from planner.plan import Plan

#: More vertices than this make a page slow to open: 400,000 are some 3 MB.
MAX_VERTICES = 400_000

PATH_CLASSES: dict[str, frozenset[str]] = {
    "arterial": frozenset({"motorway", "trunk", "primary", "secondary"}),
    "collector": frozenset({"tertiary", "unclassified"}),
    "lane": frozenset({"residential", "living_street", "service", "road", "busway"}),
    "footway": frozenset({"footway", "path", "pedestrian", "cycleway", "track", "bridleway", "corridor"}),
    "steps": frozenset({"steps"}),
}


def draw_background(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the background as a Folium layer."""
    return DataLayer("background", background_data(plan, sheet), "底图 Background")


def background_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the layers of the background, the least important ones thinned until the sheet can be drawn at once."""
    shapes = _background_shapes(plan, sheet)
    room = MAX_VERTICES
    packed: dict[str, list[list[int]]] = {}
    for name, drawn in shapes.items():
        kept = _largest_first(drawn, room)
        room -= int(shapely.get_num_coordinates(kept).sum())
        packed[name] = sheet.packing.parts(_in_reading_order(sheet.geographic(kept)))
    return {
        **sheet.packing.header(),
        "frame": sheet.corners(sheet.drawn),
        "layers": packed,
    }


def _background_shapes(plan: Plan, sheet: Sheet) -> dict[str, npt.NDArray[np.object_]]:
    """Return what is drawn, the most important first."""
    background = plan.background
    areas = {name: _areas(getattr(background, name), sheet) for name in ("water", "green", "buildings")}
    walls = sheet.cut(_usable(background.walls))
    railways = sheet.cut(_usable(background.railways))
    lines = {**_paths(plan.network, sheet), "railways": railways}
    return {"water": areas["water"], **lines, "green": areas["green"], "walls": walls, "buildings": areas["buildings"]}


def _paths(network: WalkNetwork, sheet: Sheet) -> dict[str, npt.NDArray[np.object_]]:
    kind = np.array(network.kinds or ("",), dtype=object)[network.kind]
    private = network.private_area > 0
    lines: dict[str, npt.NDArray[np.object_]] = {}
    named = np.zeros(len(kind), dtype=bool)
    for name, kinds in PATH_CLASSES.items():
        chosen = np.isin(kind, list(kinds | {f"{one}_link" for one in kinds})) & ~private
        named |= chosen
        lines[name] = network.lines[chosen]
    lines["lane"] = np.concatenate([lines["lane"], network.lines[~named & ~private]])
    lines["private"] = network.lines[private]
    return {name: sheet.cut(_merged(parts)) for name, parts in lines.items()}


def _merged(lines: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Join pieces that only meet each other: fewer, longer lines draw faster and dash evenly."""
    if not len(lines):
        return lines
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _areas(shapes: gpd.GeoSeries, sheet: Sheet) -> npt.NDArray[np.object_]:
    usable = _usable(shapes)
    west, south, east, north = shapely.bounds(usable).T
    return sheet.cut(usable[np.hypot(east - west, north - south) >= 3 * sheet.tolerance_m])


def _usable(shapes: gpd.GeoSeries) -> npt.NDArray[np.object_]:
    every = np.asarray(shapes.to_numpy(), dtype=object)
    return np.asarray(every[shapely.is_geometry(every) & ~shapely.is_empty(every)])


def _largest_first(shapes: npt.NDArray[np.object_], room: int) -> npt.NDArray[np.object_]:
    """Keep the largest shapes whose vertices fit into the room that is left."""
    size = np.hypot(shapely.area(shapes), shapely.length(shapes))
    order = np.argsort(-size, kind="stable")
    fits = np.cumsum(shapely.get_num_coordinates(shapes[order])) <= room
    return np.asarray(shapes[order[fits]])


def _in_reading_order(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Sort by strips from the south: neighbours make short steps, and the order of the input leaves no trace."""
    if not len(shapes):
        return shapes
    box = shapely.bounds(shapes)
    strip = np.floor(box[:, 1] / 0.002)
    direction = np.where(strip % 2, -1.0, 1.0)
    return np.asarray(shapes[np.lexsort((box[:, 3], box[:, 2], box[:, 1], box[:, 0] * direction, strip))])
