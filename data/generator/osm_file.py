"""Writes ways and outlines as an OpenStreetMap file, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import osmium
from osmium.osm import mutable
from shapely import LineString, Polygon

from generator.ways import Tags, Way

#: Fixed, so that the same study gives the same file.
TIMESTAMP = "2024-01-01T00:00:00Z"
VERSION = 1


class OsmFile:
    """Collects nodes and ways; nodes at the same place (1e-7 degrees) are one node."""

    def __init__(self, to_wgs84: Callable[[np.ndarray], np.ndarray]) -> None:
        self._to_wgs84 = to_wgs84
        self._nodes: dict[tuple[int, int], int] = {}
        self._node_tags: dict[int, Tags] = {}
        self._ways: list[tuple[list[int], Tags]] = []

    def add_way(self, way: Way) -> None:
        """Add a line, and tag the marked points of it."""
        self._ways.append((self._node_ids(way.line.coords), way.tags))
        for point, tags in way.marks:
            for node in self._node_ids(point.coords):
                self._node_tags.setdefault(node, {}).update(dict(tags))

    def add_outline(self, outline: Polygon, tags: Tags) -> None:
        """Add a polygon without holes as a closed way."""
        self._ways.append((self._node_ids(outline.exterior.coords), tags))

    def add_outlines(self, outlines: Iterable[Polygon], tags: Tags) -> None:
        """Add several polygons with the same tags."""
        for outline in outlines:
            self.add_outline(outline, tags)

    def write(self, path: Path, generator: str) -> None:
        """Write the file, nodes before ways and both by id."""
        header = osmium.io.Header()
        header.set("generator", generator)
        path.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(path), header=header) as writer:
            for (lon, lat), node in self._nodes.items():
                writer.add_node(
                    mutable.Node(
                        id=node,
                        location=(lon / 1e7, lat / 1e7),
                        tags=self._node_tags.get(node, {}),
                        version=VERSION,
                        timestamp=TIMESTAMP,
                    )
                )
            for number, (nodes, tags) in enumerate(self._ways, start=1):
                writer.add_way(mutable.Way(id=number, nodes=nodes, tags=tags, version=VERSION, timestamp=TIMESTAMP))

    def _node_ids(self, coordinates: LineString | Iterable[tuple[float, float]]) -> list[int]:
        degrees = np.rint(self._to_wgs84(np.array(list(coordinates))[:, :2]) * 1e7).astype(np.int64)
        ids = [self._nodes.setdefault((int(lon), int(lat)), len(self._nodes) + 1) for lon, lat in degrees]
        return [node for place, node in enumerate(ids) if place == 0 or node != ids[place - 1]]
