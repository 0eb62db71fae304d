"""The streets of a study as shapes and as a graph, read without the planner."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkx as nx
import osmium
import shapely
from pyproj import Transformer
from shapely import LineString, Point, Polygon

Tags = dict[str, str]


@dataclass(frozen=True)
class Line:
    """A way: the ids of its nodes, its shape in metres, its tags."""

    nodes: tuple[int, ...]
    shape: LineString
    tags: Tags

    @property
    def walkable(self) -> bool:
        return "highway" in self.tags and self.tags.get("foot") != "no"

    @property
    def private(self) -> bool:
        return self.tags.get("access") == "private"


class Quarter:
    """An OpenStreetMap file in a metric system."""

    def __init__(self, path: Path, epsg: int) -> None:
        self.generator = osmium.io.Reader(str(path)).header().get("generator")
        self._metres = Transformer.from_crs(4326, epsg, always_xy=True)
        self.place: dict[int, tuple[float, float]] = {}
        self.node_tags: dict[int, Tags] = {}
        self.lines: list[Line] = []
        for each in osmium.FileProcessor(str(path)):
            if isinstance(each, osmium.osm.Node):
                self.place[each.id] = self._metres.transform(each.location.lon, each.location.lat)
                self.node_tags[each.id] = dict(each.tags)
            elif isinstance(each, osmium.osm.Way):
                nodes = tuple(node.ref for node in each.nodes)
                self.lines.append(Line(nodes, LineString([self.place[node] for node in nodes]), dict(each.tags)))

    def having(self, key: str, *values: str) -> list[Line]:
        """Return the ways with a tag, and with one of its values where they are given."""
        return [line for line in self.lines if key in line.tags and (not values or line.tags[key] in values)]

    def outlines(self, key: str, *values: str) -> list[Polygon]:
        """Return closed ways as polygons."""
        return [Polygon(line.shape) for line in self.having(key, *values)]

    def walks(self) -> nx.Graph:
        """Return the walkable ways as a graph of node ids, `length` in metres."""
        graph = nx.Graph()
        for line in self.lines:
            if line.walkable:
                for start, end in pairwise(line.nodes):
                    length = shapely.distance(Point(self.place[start]), Point(self.place[end]))
                    graph.add_edge(start, end, length=length)
        return graph
