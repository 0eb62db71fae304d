"""Buildings in rows, as Chinese housing stands: slabs side by side, facing south, a path along each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon, affinity, box


@dataclass(frozen=True)
class RowStyle:
    """How buildings stand. Lengths run along the row; all in metres."""

    lengths_m: tuple[float, ...] = (38.0, 45.0, 52.0)
    depth_m: float = 12.0
    row_gap_m: float = 20.0
    side_gap_m: float = 8.0
    path_offset_m: float = 6.0


@dataclass(frozen=True)
class Layout:
    """Buildings, and the paths between them: one along each row, and one that links the rows."""

    buildings: tuple[Polygon, ...]
    row_paths: tuple[LineString, ...]
    spine: LineString | None


def lay_out(
    ground: Polygon,
    margin_m: float,
    direction_deg: float,
    style: RowStyle,
    rng: np.random.Generator,
    spine_at: float | None = None,
) -> Layout:
    """Return rows of buildings that lie inside the ground.

    Parameters
    ----------
    ground : Polygon
        What the paths stay inside.
    margin_m : float
        How far buildings stay from the edge of the ground.
    direction_deg : float
        Direction of the rows, degrees anticlockwise from east.
    spine_at : float, optional
        Where the path across the rows stands, 0 the left end of the ground, 1 the right end. None for no paths.
    """
    centre = ground.centroid
    level_ground = affinity.rotate(ground, -direction_deg, origin=centre)
    level = level_ground.buffer(-margin_m)
    left, bottom, right, top = level.bounds
    spine_x = None if spine_at is None else left + spine_at * (right - left)
    buildings: list[Polygon] = []
    paths: list[LineString] = []
    for base in np.arange(bottom + 0.5, top, style.depth_m + style.row_gap_m):
        row = _fill_row(level, base, style, rng, spine_x)
        buildings += row
        if row and spine_x is not None:
            path = _row_path(row, base + style.depth_m + style.path_offset_m, spine_x)
            paths += [path] if level_ground.contains(path) else []
    spine = None
    if spine_x is not None and paths:
        heights = [path.coords[0][1] for path in paths]
        spine = LineString([(spine_x, min(heights) - 0.5), (spine_x, max(heights) + 0.5)])
    back = [affinity.rotate(shape, direction_deg, origin=centre) for shape in (*buildings, *paths)]
    return Layout(
        tuple(back[: len(buildings)]),
        tuple(back[len(buildings) :]),
        None if spine is None else affinity.rotate(spine, direction_deg, origin=centre),
    )


def _fill_row(
    area: Polygon, base: float, style: RowStyle, rng: np.random.Generator, spine_x: float | None
) -> list[Polygon]:
    band = [
        interval
        for start, end in _free_intervals(area, base, base + style.depth_m)
        for interval in _around(start, end, spine_x)
    ]
    return [building for start, end in band for building in _fill(start, end, base, style, rng)]


def _free_intervals(area: Polygon, low: float, high: float) -> list[tuple[float, float]]:
    left, _, right, _ = area.bounds
    blocked = box(left - 1, low, right + 1, high).difference(area)
    taken = [part.bounds for part in shapely.get_parts(blocked)]
    free = shapely.union_all([LineString([(part[0], 0), (part[2], 0)]) for part in taken]) if taken else LineString()
    open_line = LineString([(left, 0), (right, 0)]).difference(free)
    return [(part.bounds[0], part.bounds[2]) for part in shapely.get_parts(open_line) if part.length > 0]


def _around(start: float, end: float, spine_x: float | None, clearance_m: float = 5.0) -> list[tuple[float, float]]:
    if spine_x is None or not start < spine_x < end:
        return [(start, end)]
    return [(start, spine_x - clearance_m), (spine_x + clearance_m, end)]


def _fill(start: float, end: float, base: float, style: RowStyle, rng: np.random.Generator) -> list[Polygon]:
    lengths: list[float] = []
    used = 0.0
    for length in rng.choice(style.lengths_m, size=40):
        if used + length > end - start:
            length = min(style.lengths_m)
            if used + length > end - start:
                break
        lengths.append(float(length))
        used += length + style.side_gap_m
    spare = end - start - (used - style.side_gap_m) if lengths else 0.0
    gap = style.side_gap_m + (min(spare / (len(lengths) - 1), 10.0) if len(lengths) > 1 else 0.0)
    x = start + (end - start - sum(lengths) - gap * (len(lengths) - 1)) / 2
    row = []
    for length in lengths:
        row.append(box(x, base, x + length, base + style.depth_m))
        x += length + gap
    return row


def _row_path(row: list[Polygon], y: float, spine_x: float) -> LineString:
    left, right = row[0].centroid.x, row[-1].centroid.x
    return LineString([(min(left, spine_x - 0.5), y), (max(right, spine_x + 0.5), y)])


def along(
    street: LineString,
    side: int,
    setback_m: float,
    depth_m: float,
    lengths_m: tuple[float, ...],
    rng: np.random.Generator,
) -> list[Polygon]:
    """Return buildings that line one side (+1 left, -1 right) of a street, close together."""
    shops = []
    place = 12.0
    while place < street.length - 12:
        length = float(rng.choice(lengths_m))
        shops.append(_beside(street, place, length, side, setback_m, depth_m))
        place += length + float(rng.choice([1.0, 2.0, 7.0]))
    return shops


def _beside(street: LineString, place: float, length: float, side: int, setback_m: float, depth_m: float) -> Polygon:
    start, end = (np.array(street.interpolate(at).coords[0]) for at in (place, place + length))
    forward = (end - start) / np.linalg.norm(end - start)
    out = side * np.array([-forward[1], forward[0]])
    front = [start + out * setback_m, start + forward * length + out * setback_m]
    return Polygon([*front, front[1] + out * depth_m, front[0] + out * depth_m])
