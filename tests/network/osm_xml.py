"""Small OpenStreetMap files written by hand."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

#: Node id -> longitude and latitude in ten-thousandths of a degree from 114.3 E, 30.0 N, and tags.
Nodes = Mapping[int, tuple]
#: Way id, node ids, tags.
Ways = Iterable[tuple[int, Iterable[int], Mapping[str, str]]]

LON, LAT, STEP = 114.3, 30.0, 1e-4


def write_osm(path: Path, nodes: Nodes, ways: Ways, *, generator: str = "planner tests", relations: str = "") -> Path:
    """Write nodes and ways as OSM XML; node 1 at (0, 0) stands at 114.3 E, 30.0 N."""
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', f'<osm version="0.6" generator="{generator}">']
    for node, (x, y, *tags) in sorted(nodes.items()):
        place = f'lat="{LAT + y * STEP:.7f}" lon="{LON + x * STEP:.7f}"'
        rows.append(f'<node id="{node}" version="1" {place}>{_tags(tags[0] if tags else {})}</node>')
    for way, refs, tags in ways:
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs) + _tags(tags)
        rows.append(f'<way id="{way}" version="1">{inside}</way>')
    path.write_text("\n".join([*rows, relations, "</osm>"]), encoding="utf-8")
    return path


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
