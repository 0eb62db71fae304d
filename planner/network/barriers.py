"""What an OpenStreetMap file knows of barriers: water, railways and walls that no straight line leads across."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import osmium
import shapely
from pyproj import CRS

from planner.model import BARRIER_KINDS, Barriers
from planner.network.background import AREAS, WALLS, Bounds, placed
from planner.network.osm_file import OSM_SUFFIXES, osm_input, unreadable

#: Tags of the lines that bar, by kind. Streams, drains and ditches do not: they are stepped across, or lie in pipes.
LINES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "water": {"waterway": frozenset({"river", "canal"}), "natural": frozenset({"coastline"})},
    "railway": {"railway": frozenset({"rail", "light_rail", "subway"})},
    "wall": {"barrier": WALLS},
}

_KEYS = ("natural", "waterway", "landuse", "railway", "barrier")
_SAID_NO = ("", "no")


def osm_barriers(path: str | Path, crs: CRS, within: Bounds | None = None) -> Barriers:
    """Read the barriers of an OpenStreetMap file: those at ground level, as docs/streets.md lists them.

    Parameters
    ----------
    path : path
        Files that are not OpenStreetMap's give no barriers.
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
    found = _collect(source) if source.name.lower().endswith(OSM_SUFFIXES) else {}
    layers = {kind: gpd.GeoSeries(placed(found.get(kind, []), crs), crs=crs) for kind in BARRIER_KINDS}
    if within is not None:
        box = shapely.box(*within)
        layers = {kind: shapes[shapes.intersects(box)] for kind, shapes in layers.items()}
    return Barriers.of(layers, crs)


def _collect(source: Path) -> dict[str, list[str]]:
    """Return geometry as hexadecimal WKB, by kind."""
    found: dict[str, list[str]] = {kind: [] for kind in BARRIER_KINDS}
    wkb = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*_KEYS)
    try:
        for each in osmium.FileProcessor(osm_input(source)).with_areas(wanted).with_filter(wanted):
            if isinstance(each, osmium.osm.Area) and _is(each.tags, AREAS["water"]) and _at_ground_level(each.tags):
                found["water"].append(wkb.create_multipolygon(each))
            elif isinstance(each, osmium.osm.Way) and _at_ground_level(each.tags):
                _take_line(found, each, wkb)
    except (RuntimeError, OSError) as error:
        raise unreadable(source, error) from None
    return found


def _take_line(found: dict[str, list[str]], way: osmium.osm.Way, wkb: osmium.geom.WKBFactory) -> None:
    for kind, wanted in LINES.items():
        if _is(way.tags, wanted):
            try:
                found[kind].append(wkb.create_linestring(way))
            except (RuntimeError, osmium.InvalidLocationError):
                return  # cut off by the edge of the extract
            return


def _is(tags: osmium.osm.TagList, wanted: Mapping[str, frozenset[str]]) -> bool:
    return any(tags.get(key) in values for key, values in wanted.items())


def _at_ground_level(tags: osmium.osm.TagList) -> bool:
    """Whether nobody passes above or beneath: in tunnels, on bridges and under roofs there is a way past.

    `layer` says nothing: it only orders what is drawn, and rivers carry -1 where nothing lies above them.
    """
    if any(tags.get(key, "no") not in _SAID_NO for key in ("tunnel", "bridge", "covered")):
        return False
    return tags.get("location") not in ("underground", "overhead") and not (tags.get("level") or "").startswith("-")
