"""What stands between the homes: shops, offices, schools, the old mill, parks, and the neighbouring communities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely import LineString, Polygon, affinity, box

from generator.compound import way_to_street
from generator.huangshigang.land import plot_at, plots, water
from generator.huangshigang.quarters import compounds
from generator.huangshigang.sheet import FRAME, SEED
from generator.huangshigang.streets import block_streets, public_ways, street_line
from generator.rows import Layout, RowStyle, along, lay_out
from generator.ways import Tags, Way


@dataclass(frozen=True)
class Thing:
    """An outline with its tags."""

    outline: Polygon
    tags: Tags


@dataclass(frozen=True)
class Use:
    """How a plot is used: buildings of one style, and whether a wall closes it."""

    style: RowStyle
    tags: Tags
    walled: bool = False
    pitch_m: tuple[float, float] | None = None


@dataclass(frozen=True)
class LaidOut:
    """A plot with its buildings, and the ways from the paths between them to the streets."""

    plot: Polygon
    use: Use
    layout: Layout
    exits: tuple[tuple[LineString, LineString], ...] = ()


_ALLEY: Tags = {"highway": "service"}
_FOOTWAY: Tags = {"highway": "footway"}
_SHOP_HOUSES = RowStyle((13.0, 17.0, 22.0), 10.0, 7.0, 2.5)
USES = {
    "offices": Use(RowStyle((36.0, 48.0), 16.0, 20.0, 12.0), {"building": "office", "building:levels": "6"}),
    "hospital": Use(RowStyle((40.0, 62.0), 18.0, 22.0, 12.0), {"building": "hospital", "building:levels": "8"}),
    "school": Use(
        RowStyle((44.0, 60.0), 14.0, 26.0, 10.0), {"building": "school", "building:levels": "4"}, True, (96, 52)
    ),
    "mill": Use(RowStyle((64.0, 88.0), 30.0, 14.0, 12.0), {"building": "industrial", "building:levels": "1"}, True),
    "depot": Use(RowStyle((34.0, 50.0), 22.0, 16.0, 12.0), {"building": "warehouse", "building:levels": "2"}, True),
    "market": Use(RowStyle((44.0, 60.0), 24.0, 12.0, 8.0), {"building": "retail", "building:levels": "2"}),
    "shops": Use(_SHOP_HOUSES, {"building": "retail", "building:levels": "2"}),
    "neighbours": Use(RowStyle((40.0, 52.0), 12.0, 19.0), {"building": "residential", "building:levels": "6"}),
}

#: A point of each plot on the sheet, and how it is used. Plots that are not named belong to neighbouring communities.
_PLOT_USES = {
    (185, 120): "shops",
    (250, 290): "offices",
    (380, 120): "shops",
    (540, 130): "shops",
    (380, 250): "shops",
    (460, 345): "offices",
    (160, 460): "offices",
    (380, 520): "offices",
    (540, 520): "school",
    (710, 130): "market",
    (680, 560): "hospital",
    (800, 300): "school",
    (1150, 210): "mill",
    (1150, 460): "shops",
    (1220, 580): "offices",
    (1420, 450): "market",
    (1420, 300): "depot",
    (1420, 130): "park",
    (1660, 130): "offices",
    (1600, 300): "school",
    (1660, 450): "shops",
    (1660, 580): "offices",
    (1890, 120): "depot",
    (1890, 300): "shops",
    (1890, 450): "offices",
    (1890, 600): "school",
    (2130, 120): "park",
    (2130, 450): "market",
    (2130, 600): "depot",
}

_SHOP_STREETS = (("港城大道", 20.0, 14.0), ("人民街", 8.0, 9.0), ("纺织一路", 7.5, 9.0), ("中港路", 10.5, 10.0))
_OPEN_TO_SHOPS = {"offices", "market", "shops", "hospital", "neighbours"}


@lru_cache
def shops() -> tuple[Thing, ...]:
    """Return the shops that line the busier streets."""
    rng = np.random.default_rng([SEED, 2])
    allowed, closed = _shop_ground(), _kept_clear()
    shapely.prepare([allowed, closed])
    placed: list[Polygon] = []
    for name, setback, depth in _SHOP_STREETS:
        for side in (1, -1):
            for shop in along(street_line(name), side, setback, depth, (17.0, 24.0, 33.0), rng):
                if allowed.contains(shop) and not shapely.dwithin([closed, *placed], shop, 0.5).any():
                    placed.append(shop)
    return tuple(Thing(shop, {"building": "retail", "building:levels": str(rng.choice([1, 2, 3]))}) for shop in placed)


@lru_cache
def buildings() -> tuple[Thing, ...]:
    """Return every building that nobody of the community lives in, shops included."""
    standing = shapely.union_all([thing.outline for thing in shops()]).buffer(5)
    things = list(shops())
    for used in _laid_out():
        taken = standing.union(_pitch(used.plot, used.use).buffer(8))
        things += [Thing(shape, used.use.tags) for shape in used.layout.buildings if not taken.intersects(shape)]
    return tuple(things)


@lru_cache
def alleys() -> tuple[Way, ...]:
    """Return the ways between the buildings of plots that no wall closes."""
    standing = shapely.union_all([thing.outline for thing in shops()]).buffer(1)
    ways = []
    for used in _laid_out():
        if used.exits and used.layout.spine is not None:
            ways += [Way(LineString([*inner.coords, *outer.coords[1:]]), _ALLEY) for inner, outer in used.exits]
            ways.append(Way(used.layout.spine, _ALLEY))
            ways += [Way(path, _FOOTWAY) for path in used.layout.row_paths if not path.intersects(standing)]
    return tuple(ways)


@lru_cache
def green() -> tuple[Thing, ...]:
    """Return parks, the green along the shores, sports grounds and the gardens of the compounds."""
    park, grass = {"leisure": "park"}, {"landuse": "grass"}
    things = [Thing(plot, park) for plot, use in _used_plots() if use == "park"]
    pitches = [_pitch(plot, USES[use]) for plot, use in _used_plots() if use in USES]
    things += [Thing(pitch, {"leisure": "pitch"}) for pitch in pitches if not pitch.is_empty]
    things += [Thing(garden, {"leisure": "garden"}) for compound in compounds() for garden in compound.gardens]
    return tuple(things + [Thing(plot, grass) for plot, use in _used_plots() if use == "shore"])


def institution_walls() -> list[LineString]:
    """Return the walls round schools, the mill and the depots."""
    shut = [plot for plot, use in _used_plots() if use in USES and USES[use].walled]
    standing = shapely.union_all([thing.outline for thing in shops()]).buffer(1.5)
    return [
        LineString(Polygon(part.exterior).simplify(0.5).exterior.coords)
        for plot in shut
        for part in shapely.get_parts(plot.buffer(-1).difference(standing))
        if part.area > 1000
    ]


@lru_cache
def _used_plots() -> tuple[tuple[Polygon, str], ...]:
    named = {plot_at(plots(), *at): use for at, use in _PLOT_USES.items()}
    homes = shapely.union_all([compound.ground for compound in compounds()])
    others = [plot for plot in plots() if plot not in named and plot.intersection(homes).area < 500]
    return tuple(named.items()) + tuple((plot, _use_of_the_rest(plot)) for plot in others)


@lru_cache
def _laid_out() -> tuple[LaidOut, ...]:
    rng = np.random.default_rng([SEED, 3])
    streets = shapely.union_all([way.line for way in public_ways() if way.walkable])
    return tuple(_lay_out(plot, USES[use], streets, rng) for plot, use in _used_plots() if use in USES)


def _lay_out(plot: Polygon, use: Use, streets: shapely.Geometry, rng: np.random.Generator) -> LaidOut:
    margin_m, spine_at = (4.0, None) if use.walled else (2.0, 0.5)
    layout = lay_out(plot, margin_m, _direction(plot), use.style, rng, spine_at)
    if layout.spine is None:
        return LaidOut(plot, use, layout)
    found = [way_to_street(layout, plot, streets, way_out) for way_out in ("N", "S")]
    return LaidOut(plot, use, layout, tuple((out[0], out[2]) for out in found if out is not None))


def _use_of_the_rest(plot: Polygon) -> str:
    return "shore" if water().distance(plot) < 20 else "neighbours"


def _shop_ground() -> shapely.Geometry:
    homes = shapely.union_all([compound.ground.buffer(1.5) for compound in compounds()])
    open_plots = [plot for plot, use in _used_plots() if use in _OPEN_TO_SHOPS]
    fronts = [plot_at(plots(), *compound.plan.at) for compound in compounds() if compound.plan.frontage]
    return shapely.union_all([*open_plots, *fronts]).buffer(0.5).difference(homes)


def _kept_clear() -> shapely.Geometry:
    accesses = [way.line.buffer(3.5) for compound in compounds() for way in compound.ways]
    streets = [line.buffer(clear - 2) for line, clear in block_streets()]
    accesses += [way.buffer(3.5) for used in _laid_out() for out in used.exits for way in out]
    accesses += [used.layout.spine.buffer(3.5) for used in _laid_out() if used.layout.spine is not None]
    homes = [home for compound in compounds() for home in compound.buildings]
    return shapely.union_all([*accesses, *streets, *homes])


def _direction(plot: Polygon) -> float:
    """Return the direction of the streets at the middle of a plot."""
    places, directions = _known_directions()
    return directions[int(np.argmin(shapely.distance(places, plot.centroid)))]


@lru_cache
def _known_directions() -> tuple[np.ndarray, tuple[float, ...]]:
    sheet = [(u, v) for u in range(-920, 2861, 20) for v in (60, 160, 260, 360, 460, 560, 660, 800, 1000, 1130)]
    return shapely.points(FRAME.place(sheet)), tuple(FRAME.direction_deg(*at) for at in sheet)


def _pitch(plot: Polygon, use: Use) -> Polygon:
    if use.pitch_m is None:
        return Polygon()
    length, width = use.pitch_m
    x, y = plot.centroid.coords[0]
    flat = box(x - length / 2, y - width / 2, x + length / 2, y + width / 2)
    return affinity.rotate(flat, _direction(plot))
