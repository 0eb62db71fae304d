"""Lines with tags, joined where they meet: what becomes the ways of an OpenStreetMap file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely import LineString, Point

Tags = dict[str, str]

#: Points closer than this are one junction, metres.
JOIN_M = 0.3


@dataclass(frozen=True)
class Way:
    """A line in the metric system with its tags. `marks` tags single points of it: gates and crossings."""

    line: LineString
    tags: Tags
    marks: tuple[tuple[Point, tuple[tuple[str, str], ...]], ...] = field(default=())

    @property
    def walkable(self) -> bool:
        """Whether people walk here."""
        return "highway" in self.tags and self.tags.get("foot") != "no"

    @property
    def private(self) -> bool:
        """Whether the way lies inside a compound."""
        return self.tags.get("access") == "private"

    @property
    def level(self) -> str:
        """Ways of different levels do not meet, except at their ends."""
        return self.tags.get("layer", "0")


def reach_out(ways: list[Way], reach_m: float = 12.0, rounds: int = 3) -> list[Way]:
    """Return the ways with loose ends drawn on, or cut back, to the nearest other way within reach.

    A way that moved may leave another behind; the next round fetches it.
    """
    joined = list(ways)
    for _ in range(rounds):
        for number, way in enumerate(joined):
            others = [other.line for place, other in enumerate(joined) if place != number]
            joined[number] = replace(way, line=_with_ends_on(way.line, others, reach_m))
    return joined


def join(ways: list[Way]) -> list[Way]:
    """Return the ways with a shared vertex wherever two of the same level meet, and one at each mark."""
    ways = [replace(way, marks=tuple((_rounded(point), tags) for point, tags in way.marks)) for way in ways]
    lines = [way.line for way in ways]
    tree = shapely.STRtree(lines)
    junctions: list[list[Point]] = [[point for point, _ in way.marks] for way in ways]
    for first, second in zip(*tree.query(lines, predicate="dwithin", distance=0.02), strict=True):
        if first < second and all("highway" in ways[number].tags for number in (first, second)):
            for point in _meetings(ways[first], ways[second]):
                junctions[first].append(point)
                junctions[second].append(point)
    return [replace(way, line=_with_vertices(way.line, points)) for way, points in zip(ways, junctions, strict=True)]


def _meetings(one: Way, other: Way) -> list[Point]:
    ends = [
        _rounded(end)
        for line, target in ((one.line, other.line), (other.line, one.line))
        for end in (Point(line.coords[0]), Point(line.coords[-1]))
        if end.distance(target) < 0.02
    ]
    if one.level != other.level:
        upper = max(one, other, key=lambda way: int(way.level))
        return [end for end in ends if _is_end(end, upper.line)]
    marked = [
        mark
        for way, target in ((one, other.line), (other, one.line))
        for mark, _ in way.marks
        if mark.distance(target) < JOIN_M
    ]
    known = ends + marked
    crossings = [
        _rounded(part)
        for part in shapely.get_parts(one.line.intersection(other.line))
        if part.geom_type == "Point" and all(part.distance(point) > JOIN_M for point in known)
    ]
    return known + crossings


def _is_end(point: Point, line: LineString) -> bool:
    return min(point.distance(Point(line.coords[0])), point.distance(Point(line.coords[-1]))) < 0.05


def _rounded(point: Point) -> Point:
    return Point(round(point.x, 2), round(point.y, 2))


def _with_vertices(line: LineString, junctions: list[Point]) -> LineString:
    points = {(round(x, 2), round(y, 2)) for point in junctions for x, y in point.coords}
    shared = shapely.MultiPoint(sorted(points)) if points else None
    kept = [
        (line.project(Point(xy)), (round(xy[0], 2), round(xy[1], 2)))
        for xy in line.coords
        if shared is None or shared.distance(Point(xy)) > JOIN_M
    ]
    placed = sorted(kept + [(line.project(Point(xy)), xy) for xy in points])
    if line.is_ring:
        placed.append((line.length, placed[0][1]))
    return LineString(_without_repeats([xy for _, xy in placed]))


def _without_repeats(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [xy for place, xy in enumerate(points) if place == 0 or xy != points[place - 1]]


def _with_ends_on(line: LineString, others: list[LineString], reach_m: float) -> LineString:
    coordinates = np.array(line.coords)
    for place in (0, -1):
        end = Point(coordinates[place])
        nearest = min(others, key=end.distance)
        if 1e-6 < end.distance(nearest) <= reach_m:
            coordinates[place] = nearest.interpolate(nearest.project(end)).coords[0]
    return LineString(coordinates)
