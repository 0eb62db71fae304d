"""What an OpenStreetMap file knows beside the streets: water, green, buildings, walls and railways to draw a map on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import osmium
import shapely
from pyproj import CRS

from planner.model import Background
from planner.network.degrees import from_degrees
from planner.network.osm_file import OSM_SUFFIXES, osm_attribution, osm_input, unreadable

Bounds = tuple[float, float, float, float]

#: Tags of the areas that are drawn, by layer.
AREAS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "water": {
        "natural": frozenset({"water"}),
        "waterway": frozenset({"riverbank", "dock"}),
        "landuse": frozenset({"reservoir", "basin"}),
    },
    "green": {
        "leisure": frozenset({"park", "garden", "golf_course", "nature_reserve"}),
        "landuse": frozenset({"grass", "forest", "recreation_ground", "meadow", "village_green"}),
        "natural": frozenset({"wood", "scrub", "grassland", "heath"}),
    },
}
#: Width of a waterway that is drawn as a line and states none, metres. Chosen for drawing; nothing is measured with it.
WATERWAY_WIDTH_M = {"river": 20.0, "canal": 10.0, "stream": 3.0, "drain": 2.0, "ditch": 2.0}
#: Values of `building` that are homes, and those in which no station can be.
_HOMES = "apartments residential house detached semidetached_house terrace dormitory bungalow farm cabin villa"
_UNFIT = (
    "garage garages carport shed roof hut greenhouse ruins construction toilets transformer_tower service storage_tank "
    "silo barn sty stable cowshed bridge bunker collapsed demolished parking tent container"
)
WALLS = frozenset({"wall", "city_wall", "fence", "hedge", "retaining_wall"})

#: Railways above the ground; those no longer in use or still to be built are not drawn.
RAILWAYS = frozenset({"rail", "light_rail", "narrow_gauge", "monorail", "subway", "tram"})

_KEYS = ("natural", "waterway", "landuse", "leisure", "building", "barrier", "railway")


@dataclass
class _Found:
    """Geometry as hexadecimal WKB, by layer."""

    areas: dict[str, list[str]] = field(default_factory=lambda: {"water": [], "green": [], "buildings": []})
    building_use: list[str | None] = field(default_factory=list)
    walls: list[str] = field(default_factory=list)
    railways: list[str] = field(default_factory=list)
    waterways: list[str] = field(default_factory=list)
    width_m: list[float] = field(default_factory=list)


def osm_background(path: str | Path, crs: CRS, within: Bounds | None = None) -> Background:
    """Read what a map is drawn on from an OpenStreetMap file.

    Parameters
    ----------
    path : path
        Files that are not OpenStreetMap's give an empty background.
    crs : CRS
        The study's metric system.
    within : tuple of float, optional
        West, south, east, north in that system: only what touches this box.

    Raises
    ------
    NetworkError
        If osmium cannot read the file.
    """
    source = Path(path)
    is_osm = source.name.lower().endswith(OSM_SUFFIXES)
    found = _collect(source) if is_osm else _Found()
    lines = placed(found.waterways, crs)
    rivers = shapely.buffer(lines, np.array(found.width_m, dtype=np.float64) / 2)
    buildings = _layer(placed(found.areas["buildings"], crs), crs, within)
    return Background(
        water=_layer(np.concatenate([placed(found.areas["water"], crs), rivers]), crs, within).reset_index(drop=True),
        green=_layer(placed(found.areas["green"], crs), crs, within).reset_index(drop=True),
        buildings=buildings.reset_index(drop=True),
        walls=_layer(placed(found.walls, crs), crs, within).reset_index(drop=True),
        railways=_layer(placed(found.railways, crs), crs, within).reset_index(drop=True),
        attribution=osm_attribution(source) if is_osm else (),
        building_use=np.array(found.building_use, dtype=object)[buildings.index.to_numpy(dtype=np.intp)],
    )


def _collect(source: Path) -> _Found:
    found = _Found()
    wkb = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*_KEYS)
    try:
        for each in osmium.FileProcessor(osm_input(source)).with_areas(wanted).with_filter(wanted):
            if isinstance(each, osmium.osm.Area):
                _take_area(found, each, wkb)
            elif isinstance(each, osmium.osm.Way):
                _take_line(found, each, wkb)
    except (RuntimeError, OSError) as error:
        raise unreadable(source, error) from None
    return found


def _take_area(found: _Found, area: osmium.osm.Area, wkb: osmium.geom.WKBFactory) -> None:
    layer = _layer_of(area.tags)
    if layer is not None:
        found.areas[layer].append(wkb.create_multipolygon(area))
    if layer == "buildings":
        found.building_use.append(use_of_building(area.tags["building"]))


def use_of_building(value: str) -> str | None:
    """Return what OpenStreetMap's `building` says about the use: `home`, `unfit` for a station, None for all others.

    Examples
    --------
    >>> use_of_building("apartments"), use_of_building("garage"), use_of_building("yes"), use_of_building("school")
    ('home', 'unfit', None, None)
    """
    return "home" if value in _HOMES.split() else "unfit" if value in _UNFIT.split() else None


def _layer_of(tags: osmium.osm.TagList) -> str | None:
    if tags.get("building", "no") != "no":
        return "buildings"
    for layer, wanted in AREAS.items():
        if any(tags.get(key) in values for key, values in wanted.items()):
            return layer
    return None


def _take_line(found: _Found, way: osmium.osm.Way, wkb: osmium.geom.WKBFactory) -> None:
    tags = way.tags
    is_wall = tags.get("barrier") in WALLS
    is_above = tags.get("tunnel", "no") == "no"
    is_waterway = tags.get("waterway") in WATERWAY_WIDTH_M and is_above
    is_railway = tags.get("railway") in RAILWAYS and is_above
    if not (is_wall or is_waterway or is_railway):
        return
    try:
        line = wkb.create_linestring(way)
    except (RuntimeError, osmium.InvalidLocationError):
        return  # cut off by the edge of the extract
    if is_wall:
        found.walls.append(line)
    elif is_railway:
        found.railways.append(line)
    else:
        found.waterways.append(line)
        found.width_m.append(_width_m(tags))


def _width_m(tags: osmium.osm.TagList) -> float:
    try:
        width_m = float((tags.get("width") or "").removesuffix("m"))
    except ValueError:
        width_m = 0.0
    return width_m if 0 < width_m < 2000 else WATERWAY_WIDTH_M[tags["waterway"]]


def placed(wkb: list[str], crs: CRS) -> npt.NDArray[Any]:
    """Return shapes read in degrees as shapes in a metric system."""
    degrees = shapely.from_wkb(np.array(wkb, dtype=object))
    into = from_degrees(crs)
    return shapely.transform(degrees, lambda lonlat: np.column_stack(into.transform(lonlat[:, 0], lonlat[:, 1])))


def _layer(shapes: npt.NDArray[Any], crs: CRS, within: Bounds | None) -> gpd.GeoSeries:
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    layer = gpd.GeoSeries(shapes, crs=crs)
    return layer if within is None else layer[shapely.intersects(shapes, shapely.box(*within))]
