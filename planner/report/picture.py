"""The map of the brief: one vector drawing made from the study's own data, small enough to mail."""

from __future__ import annotations

import html
from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from planner.bilingual import Text
from planner.coverage.walk_classes import classes_of, classify_walks
from planner.plan import Plan
from planner.report.labels import Taken, apart
from planner.report.page_frame import (
    WIDTH,
    Geometries,
    PageFrame,
    frame_around,
    line_parts,
    path_data,
    vertex_count,
)
from planner.report.tables import marks, station_table
from planner.report.width import display_width, shorten

#: Most points a layer of the background may have; beyond that its least important shapes are left out.
_MOST_VERTICES = 45_000
_MOST_CIRCLES = 2_500
_MOST_NUMBERED = 60
_MOST_GRID_NAMES = 30
_WIDEST_GRID_NAME = 16
_CELL = 12
_HATCH = 22
_MARK = 24

#: Kinds of path from the most to the least important, with the class that draws them.
_PATH_RANKS = (
    ("road1", ("motorway", "trunk", "primary", "secondary")),
    ("road2", ("tertiary", "unclassified", "residential")),
    ("road3", ()),
)


def map_picture(plan: Plan) -> str:
    """Return the map as an SVG element without outside references.

    Demand is coloured by the class of its walk for the first need with the plan, open stations carry the numbers of
    `marks`, grids are named, and hatched where they are left unserved.
    """
    frame = frame_around(_bounds(plan))
    layers = (_background, _paths, _grids, _zones, _demand, _candidates, _stations)
    body = "".join(piece for layer in layers for piece in layer(plan, frame))
    size, name = f"0 0 {WIDTH} {frame.height}", _safe(plan.config.name)
    return f'<svg class="map" viewBox="{size}" role="img" aria-label="{name}">{body}{_furniture(frame)}</svg>'


def how_homes_are_drawn(plan: Plan) -> Text:
    """Return what a coloured spot of the map stands for."""
    if int((plan.after.needs[0].table["people"] > 0).sum()) > _MOST_CIRCLES:
        return Text("每格按其中多数居民着色", "a cell has the class of most of its people")
    if plan.demand.shapes is not None:
        return Text("按小区或楼栋轮廓着色", "compounds or buildings in their class")
    return Text("圆的大小表示人数", "larger circles: more people")


def _bounds(plan: Plan) -> np.ndarray:
    first = plan.after.needs[0].table
    homes = plan.demand.table.geometry.loc[first.index[first["people"] > 0]]
    places = [homes if len(homes) else plan.demand.table.geometry, station_table(plan).geometry[_shown(plan)]]
    if plan.grids is not None:
        places.append(plan.grids.table.geometry)
    bounds = np.array([part.total_bounds for part in places if len(part)])
    return np.concatenate([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)])


def _shown(plan: Plan) -> np.ndarray:
    table = station_table(plan)
    return (table["open_before"] | table["open_after"]).to_numpy()


def _background(plan: Plan, frame: PageFrame) -> Iterator[str]:
    ground = plan.background
    for name, shapes in (("water", ground.water), ("green", ground.green), ("house", ground.buildings)):
        drawn = frame.shapes(shapes.to_numpy(), 1.5)
        yield _path(name, _largest(drawn, _MOST_VERTICES, smallest=6.0 if name == "house" else 30.0))
    yield _path("wall", frame.shapes(ground.walls.to_numpy(), 1.5))
    railways = frame.shapes(ground.railways.to_numpy(), 1.5)
    yield _path("railway", railways)
    yield _path("sleepers", railways)


def _largest(drawn: Geometries, most: int, smallest: float) -> Geometries:
    """Keep areas, the largest first, until the layer is full; lines (rivers) are kept as they are."""
    area = shapely.area(drawn)
    lines = shapely.get_dimensions(drawn) == 1
    order = np.argsort(-np.where(lines, np.inf, area), kind="stable")
    order = order[(lines | (area >= smallest))[order]]
    full = np.cumsum(shapely.get_num_coordinates(drawn[order])) > most
    return drawn[order[~full]]


def _paths(plan: Plan, frame: PageFrame) -> Iterator[str]:
    kinds = np.array(plan.network.kinds or ("",), dtype=object)[plan.network.kind]
    ranked = np.full(len(kinds), len(_PATH_RANKS) - 1)
    for rank, (_, names) in enumerate(_PATH_RANKS[:-1]):
        ranked[np.isin(kinds, [*names, *(f"{name}_link" for name in names)])] = rank
    left, drawn = _MOST_VERTICES, []
    for rank, (name, _) in enumerate(_PATH_RANKS):
        lines = frame.shapes(plan.network.lines[ranked == rank], 0.0)
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(line_parts(lines))))
        merged = shapely.simplify(merged[shapely.length(merged) >= 2], 1.5)
        if vertex_count(merged) > left:
            merged = merged[np.argsort(-shapely.length(merged), kind="stable")]
            merged = merged[np.cumsum(shapely.get_num_coordinates(merged)) <= left]
        left -= vertex_count(merged)
        drawn.append(_path(name, merged))
    yield from reversed(drawn)


def _grids(plan: Plan, frame: PageFrame) -> Iterator[str]:
    if plan.grids is None:
        return
    shapes = plan.grids.table.geometry.sort_index()
    unserved = shapes.index.isin(plan.after.unserved_grids)
    yield _path("grid", frame.shapes(shapes.to_numpy(), 1.0))
    left_out = frame.shapes(shapes[unserved].to_numpy(), 1.0)
    yield _path("hatch", _hatched(left_out))
    yield _path("unserved", left_out)


def _hatched(shapes: Geometries) -> Geometries:
    """Return the slanted lines that fill shapes: they are seen without colours too."""
    parts = [
        shapely.intersection(_slanted(*shapely.bounds(shape)), shape) for shape in shapes[shapely.area(shapes) > 0]
    ]
    return line_parts(np.array(parts, dtype=object)) if parts else np.zeros(0, dtype=object)


def _slanted(west: float, north: float, east: float, south: float) -> shapely.MultiLineString:
    height = south - north
    return shapely.multilinestrings(
        [[(x, south), (x + height, north)] for x in np.arange(west - height, east + _HATCH, _HATCH)]
    )


def _zones(plan: Plan, frame: PageFrame) -> Iterator[str]:
    if plan.zones is not None:
        yield _path("zone", frame.shapes(plan.zones.table.geometry.sort_index().to_numpy(), 1.0))


def _grid_names(plan: Plan, frame: PageFrame, taken: Taken) -> Iterator[str]:
    """Name the grids, those left unserved first; a name for which there is no room is left out."""
    if plan.grids is None:
        return
    names = plan.grids.table["name"].sort_index()
    is_served = ~names.index.isin(plan.after.unserved_grids)
    for chosen, style in ((names[~is_served], "gridname"), (names[is_served], "gridname quiet")):
        if not 0 < len(chosen) <= _MOST_GRID_NAMES:
            continue
        points = plan.grids.table.geometry.loc[chosen.index].representative_point()
        for (x, y), name in zip(frame.points(shapely.get_coordinates(points.to_numpy())), chosen, strict=True):
            short = shorten(str(name), _WIDEST_GRID_NAME)
            free = taken.near(float(x), float(y), 14 * display_width(short), 30)
            if free is not None:
                yield f'<text class="{style}" x="{free[0]:.0f}" y="{free[1] + 9:.0f}">{_safe(short)}</text>'


def _demand(plan: Plan, frame: PageFrame) -> Iterator[str]:
    first = plan.after.needs[0]
    people = first.table["people"].sort_index()
    people = people[people > 0]
    position = classify_walks(first).loc[people.index].to_numpy()
    homes = plan.demand.table.geometry.loc[people.index]
    if len(homes) > _MOST_CIRCLES:
        yield from _cells(plan, frame.points(shapely.get_coordinates(homes.to_numpy())), people, position)
        return
    shapes = homes if plan.demand.shapes is None else plan.demand.shapes.loc[people.index]
    with_outline = (shapely.get_dimensions(shapes.to_numpy()) == 2) & ~shapely.is_empty(shapes.to_numpy())
    radius = _radius(people)
    for place, one in enumerate(classes_of(first)):
        yield f'<g class="home {one.code}">'
        chosen = position == place
        yield _path("", frame.shapes(shapes[with_outline & chosen].to_numpy(), 0.5))
        centres = frame.points(shapely.get_coordinates(homes[~with_outline & chosen].to_numpy()))
        for (x, y), r in zip(centres, radius[~with_outline & chosen], strict=True):
            yield f'<circle cx="{x}" cy="{y}" r="{r}"/>'
        yield "</g>"


def _radius(people: pd.Series) -> np.ndarray:
    """Return circles whose area grows with the people, within what is still seen and still small."""
    if not len(people):
        return np.zeros(0, dtype=int)
    largest = np.quantile(people.to_numpy(), 0.95)
    crowded = 1.0 if len(people) <= 400 else 0.6
    return np.rint(np.clip(24 * crowded * np.sqrt(people.to_numpy() / largest), 6, 30)).astype(int)


def _cells(plan: Plan, points: np.ndarray, people: pd.Series, position: np.ndarray) -> Iterator[str]:
    """Draw many homes as cells of a little more than a millimetre, each in the class of most of its people."""
    cells = pd.DataFrame({"x": points[:, 0] // _CELL, "y": points[:, 1] // _CELL, "place": position})
    cells["people"] = people.to_numpy()
    counted = cells.groupby(["x", "y", "place"])[["people"]].sum().reset_index()
    counted = counted.sort_values(["x", "y", "people", "place"]).drop_duplicates(["x", "y"], keep="last")
    for place, one in enumerate(classes_of(plan.after.needs[0])):
        corners = counted.loc[counted["place"] == place, ["x", "y"]].to_numpy() * _CELL
        data = "".join(f"M{x} {y}h{_CELL}v{_CELL}h-{_CELL}z" for x, y in corners.tolist())
        yield f'<path class="home cell {one.code}" d="{data}"/>' if data else ""


def _candidates(plan: Plan, frame: PageFrame) -> Iterator[str]:
    table = station_table(plan)
    free, closed = table["decision"] == "not_chosen", table["decision"] == "closed"
    drawn = {"candidate": free & ~table["proposed"], "proposal": free & table["proposed"], "closed": closed}
    for name, chosen in drawn.items():
        points = table[chosen].geometry
        for x, y in frame.points(shapely.get_coordinates(points.to_numpy())):
            yield (
                f'<circle class="candidate" cx="{x}" cy="{y}" r="8"/>'
                if name == "candidate"
                else f'<path class="proposal" d="M{x} {y - 11}l10 19h-20z"/>'
                if name == "proposal"
                else f'<path class="closed" d="M{x - 14} {y - 14}l28 28M{x + 14} {y - 14}l-28 28"/>'
            )


def _stations(plan: Plan, frame: PageFrame) -> Iterator[str]:
    """Draw the stations, kept ones first, so that new ones lie on top, and the names of grids between them.

    Where numbers would lie on each other they move apart, each with a line to its place.
    """
    number_of, table, taken = marks(plan), station_table(plan), Taken()
    drawn = table[table["decision"].isin(["kept", "opened"])].iloc[::-1]
    drawn = drawn.iloc[np.argsort(drawn["decision"].to_numpy() == "opened", kind="stable")]
    opens = int((drawn["decision"] == "opened").sum())
    numbered = (drawn["decision"] == "opened") & (opens <= _MOST_NUMBERED) | (len(number_of) <= _MOST_NUMBERED)
    places = frame.points(shapely.get_coordinates(drawn.geometry.to_numpy())).astype(np.float64)
    shown = places.copy()
    shown[numbered.to_numpy()] = apart(places[numbered.to_numpy()], 2 * _MARK + 4)
    _take_corners(frame, taken)
    for x, y in shown:
        taken.take(x, y, 2 * _MARK, 2 * _MARK)
    yield from _grid_names(plan, frame, taken)
    for (x, y), (right, down) in zip(places, shown, strict=True):
        if np.hypot(right - x, down - y) > _MARK / 2:
            yield f'<path class="leader" d="M{x:.0f} {y:.0f}L{right:.0f} {down:.0f}"/>'
            yield f'<circle class="place" cx="{x:.0f}" cy="{y:.0f}" r="6"/>'
    for (site, decision), has_number, (x, y) in zip(drawn["decision"].items(), numbered, np.rint(shown), strict=True):
        role = f"{decision} proposed" if plan.sites.is_proposed(str(site)) else str(decision)
        yield _station(role, int(x), int(y), str(number_of[str(site)]) if has_number else "")


def _station(role: str, x: int, y: int, number: str) -> str:
    size = _MARK if number else 11
    sign = (
        f'<rect x="{x - size + 2}" y="{y - size + 2}" width="{2 * size - 4}" height="{2 * size - 4}" rx="4"/>'
        if role.startswith("kept")
        else f'<circle cx="{x}" cy="{y}" r="{size}"/>'
    )
    words = f'<text x="{x}" y="{y + 10}">{number}</text>' if number else ""
    return f'<g class="station {role}">{sign}{words}</g>'


def _take_corners(frame: PageFrame, taken: Taken) -> None:
    """Keep names off the scale bar and the north arrow."""
    _, length = frame.scale_bar()
    taken.take(40 + length / 2, frame.height - 60, length + 50, 90)
    taken.take(WIDTH - 62, 80, 80, 130)


def _furniture(frame: PageFrame) -> str:
    """Return the scale bar and the north arrow."""
    metres, length = frame.scale_bar()
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres} m"
    left, foot = 40, frame.height - 40
    x, y = WIDTH - 62, 50
    return (
        f'<rect class="plate" x="{left - 20}" y="{foot - 62}" width="{length + 40}" height="82" rx="6"/>'
        f'<path class="scale" d="M{left} {foot - 14}v14h{length}v-14"/>'
        f'<text class="scaletext" x="{left + length // 2}" y="{foot - 22}">{label}</text>'
        f'<g class="north"><rect class="plate" x="{x - 34}" y="{y - 30}" width="68" height="116" rx="6"/>'
        f'<path d="M{x} {y - 16}l20 54-20-12-20 12z"/><text x="{x}" y="{y + 76}">N</text></g>'
    )


def _path(name: str, drawn: Geometries) -> str:
    data = path_data(drawn) if len(drawn) else ""
    if not data:
        return ""
    return f'<path class="{name}" d="{data}"/>' if name else f'<path d="{data}"/>'


def _safe(words: object) -> str:
    return html.escape(str(words), quote=True)
