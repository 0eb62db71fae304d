"""A residential compound: buildings in rows, paths between them, and, where it is walled, gates to the street."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from generator.rows import Layout, RowStyle, lay_out
from generator.ways import Way

#: Buildings keep this far from the wall, or from the edge of an open plot.
_WALL_MARGIN_M, _OPEN_MARGIN_M = 9.0, 2.5
_LONGEST_ACCESS_M = 90.0


_ORDINARY = RowStyle()


@dataclass(frozen=True)
class CompoundPlan:
    """What is wished for on a plot.

    Parameters
    ----------
    at : tuple of float
        A point of the plot on the sheet.
    ways_out : tuple of str
        `N` and `S`: where the path across the rows leaves towards and away from the river. `W2`, `E0`: where the path
        of a row leaves, rows counted from the south. In a walled compound these are its gates.
    buildings : int
        As many as are wanted; the plot must have room for them.
    """

    name: str
    at: tuple[float, float]
    buildings: int
    ways_out: tuple[str, ...]
    walled: bool = True
    style: RowStyle = _ORDINARY
    spine_at: float = 0.5
    levels: tuple[int, ...] = (6, 7)
    year_built: int = 1992
    frontage: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compound:
    """A compound as built. `gates` are points of the wall."""

    plan: CompoundPlan
    ground: Polygon
    buildings: tuple[Polygon, ...]
    levels: tuple[int, ...]
    gardens: tuple[Polygon, ...]
    ways: tuple[Way, ...]
    gates: tuple[Point, ...] = field(default=())

    @property
    def wall(self) -> Way | None:
        """The wall with its gates marked, or None where there is none."""
        if not self.plan.walled:
            return None
        tags = (("barrier", "gate"), ("foot", "yes"))
        line = LineString(self.ground.exterior.coords)
        return Way(line, {"barrier": "wall"}, tuple((gate, tags) for gate in self.gates))


def build(
    plan: CompoundPlan, ground: Polygon, direction_deg: float, streets: shapely.Geometry, rng: np.random.Generator
) -> Compound:
    """Return a compound on its ground, connected to the streets.

    Raises
    ------
    ValueError
        If the ground has no room for the buildings wanted, or a way out meets no street.
    """
    margin = _WALL_MARGIN_M if plan.walled else _OPEN_MARGIN_M
    layout = lay_out(ground, margin, direction_deg, plan.style, rng, plan.spine_at)
    if len(layout.buildings) < plan.buildings:
        raise ValueError(f"{plan.name}: room for {len(layout.buildings)} buildings, {plan.buildings} wanted")
    inside = {"highway": "footway"} | ({"access": "private"} if plan.walled else {})
    exits = [_exit(plan, way_out, layout, ground, streets) for way_out in plan.ways_out]
    ways = list(_paths(layout, inside))
    ways += [Way(inner, inside | {"highway": "service"}) for inner, _, _ in exits]
    ways += [Way(outer, {"highway": "service"}) for _, _, outer in exits if outer.length > 0]
    gates = tuple(gate for _, gate, _ in exits) if plan.walled else ()
    levels = tuple(int(storeys) for storeys in rng.choice(plan.levels, size=plan.buildings))
    built, gardens = _choose(layout.buildings, plan.buildings, rng)
    return Compound(plan, ground, built, levels, gardens, tuple(ways), gates)


def _choose(
    places: tuple[Polygon, ...], wanted: int, rng: np.random.Generator
) -> tuple[tuple[Polygon, ...], tuple[Polygon, ...]]:
    """Return the places that are built on, and the ones left as gardens."""
    left_free = set(rng.choice(len(places), size=len(places) - wanted, replace=False).tolist())
    built = tuple(place for number, place in enumerate(places) if number not in left_free)
    return built, tuple(place for number, place in enumerate(places) if number in left_free)


def _paths(layout: Layout, tags: dict[str, str]) -> Iterator[Way]:
    assert layout.spine is not None
    yield Way(layout.spine, tags | {"highway": "service"})
    for path in layout.row_paths:
        yield Way(path, tags)


def _exit(
    plan: CompoundPlan, way_out: str, layout: Layout, ground: Polygon, streets: shapely.Geometry
) -> tuple[LineString, Point, LineString]:
    found = way_to_street(layout, ground, streets, way_out)
    if found is None:
        raise ValueError(f"{plan.name}: the way out {way_out} meets no street")
    return found


def way_to_street(
    layout: Layout, ground: Polygon, streets: shapely.Geometry, way_out: str
) -> tuple[LineString, Point, LineString] | None:
    """Return the way to the edge of the ground, the point on the edge, and the way on to the street.

    None where a way that goes straight on meets no street.
    """
    start, outward = _heading(way_out, layout)
    edge = LineString([start, start + outward * 400]).intersection(ground.exterior)
    if edge.is_empty:
        return None
    gate = _nearest(start, edge)
    beyond = LineString([np.array(gate.coords[0]), np.array(gate.coords[0]) + outward * _LONGEST_ACCESS_M])
    meeting = beyond.intersection(streets)
    if meeting.is_empty:
        return None
    return LineString([start, gate]), gate, LineString([gate, _nearest(np.array(gate.coords[0]), meeting)])


def _heading(way_out: str, layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    assert layout.spine is not None
    if way_out in ("N", "S"):
        line = np.array(layout.spine.coords)
    else:
        line = np.array(layout.row_paths[int(way_out[1:])].coords)
    if way_out[0] in ("S", "W"):
        line = line[::-1]
    return line[-1], (line[-1] - line[0]) / np.linalg.norm(line[-1] - line[0])


def _nearest(start: np.ndarray, places: shapely.Geometry) -> Point:
    origin = Point(start)
    points = [Point(xy) for part in shapely.get_parts(places) for xy in part.coords]
    nearest = min(points, key=origin.distance)
    return Point(round(nearest.x, 2), round(nearest.y, 2))
