"""One vector picture a plan: homes coloured by what becomes of them beside the first plan, and its stations."""

from __future__ import annotations

import html
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.comparing.comparing import Comparison
from planner.comparing.homes import ALONE, CHANGES, changes_of, covered_homes
from planner.comparing.side import NeedKey, Side
from planner.report.page_frame import WIDTH, PageFrame, frame_around, line_parts, path_data

_MOST_VERTICES = 30_000


def pictures(comparison: Comparison) -> list[tuple[Side, str]]:
    """Return each plan that can be drawn with its picture as SVG; all in the same frame. None without a shared need."""
    if not comparison.drawn or not comparison.shared:
        return []
    key, frame = comparison.shared[0], frame_around(_bounds(comparison))
    return [(side, _picture(comparison, side, key, frame)) for side in comparison.drawn]


def told_changes(comparison: Comparison, side: Side, key: NeedKey) -> pd.Series:
    """Return what becomes of each home in the picture of a plan.

    With two plans both pictures tell the same change from A to B; with more, each its own beside A, and A its coverage.
    """
    first, second = comparison.first, comparison.sides[1]
    two = len(comparison.sides) == 2 and first.undrawn is None and second.undrawn is None
    if two:
        return changes_of(first, second, key)
    if side is first or first.undrawn is not None:
        covered = covered_homes(side, key)["is_covered"]
        return covered.map({True: "both", False: "neither"}).astype(object)
    return changes_of(first, side, key)


def has_changes(comparison: Comparison) -> bool:
    """Whether any picture tells a change, not only what is covered."""
    return comparison.first.undrawn is None and len(comparison.drawn) > 1


def legend(comparison: Comparison) -> list[tuple[str, object, str]]:
    """Return code, words and colour of what homes are coloured by."""
    known = CHANGES if has_changes(comparison) else ALONE
    if not comparison.drawn or not comparison.shared:
        return []
    key = comparison.shared[0]
    used = {code for side in comparison.drawn for code in told_changes(comparison, side, key).unique()}
    return [(code, words, colour) for code, (words, colour) in known.items() if code in used]


def _bounds(comparison: Comparison) -> np.ndarray:
    crs = comparison.drawn[0].layers["demand"].crs
    boxes = []
    for side in comparison.drawn:
        stations = side.layers["stations"]
        shown = stations[stations["site_id"].astype(str).isin(side.decisions)]
        boxes += [layer.to_crs(crs).total_bounds for layer in (side.layers["demand"], shown) if len(layer)]
    every = np.array(boxes)
    low, high = every[:, :2].min(axis=0), every[:, 2:].max(axis=0)
    margin = 0.04 * float((high - low).max())  # circles stay whole
    return np.concatenate([low - margin, high + margin])


def _picture(comparison: Comparison, side: Side, key: NeedKey, frame: PageFrame) -> str:
    crs = comparison.drawn[0].layers["demand"].crs
    body = "".join(
        [*_ground(side, frame, crs), *_homes(comparison, side, key, frame, crs), *_stations(side, frame, crs)]
    )
    name = html.escape(side.label, quote=True)
    return f'<svg class="map" viewBox="0 0 {WIDTH} {frame.height}" role="img" aria-label="{name}">{body}</svg>'


def _ground(side: Side, frame: PageFrame, crs: object) -> Iterator[str]:
    lines = line_parts(frame.shapes(side.layers["network"].to_crs(crs).geometry.to_numpy(), 1.5))
    longest = lines[np.argsort(-shapely.length(lines), kind="stable")]
    kept = longest[np.cumsum(shapely.get_num_coordinates(longest)) <= _MOST_VERTICES]
    yield f'<path class="road3" d="{path_data(kept)}"/>' if len(kept) else ""
    grids = side.layers["grids"]
    if len(grids):
        yield f'<path class="grid" d="{path_data(frame.shapes(grids.to_crs(crs).geometry.to_numpy(), 1.0))}"/>'


def _homes(comparison: Comparison, side: Side, key: NeedKey, frame: PageFrame, crs: object) -> Iterator[str]:
    told = told_changes(comparison, side, key)
    people, points = _placed(comparison, key, crs)
    told = told[told.index.isin(points.index)]
    size = _radius(people.reindex(told.index).to_numpy(dtype=float))
    xy = frame.points(shapely.get_coordinates(points.reindex(told.index).to_numpy()))
    for code in CHANGES:
        chosen = (told == code).to_numpy()
        if chosen.any():
            circles = "".join(
                f'<circle cx="{x}" cy="{y}" r="{r}"/>' for (x, y), r in zip(xy[chosen], size[chosen], strict=True)
            )
            yield f'<g class="change {code}">{circles}{_signs(code, xy[chosen], size[chosen])}</g>'


def _signs(code: str, xy: np.ndarray, size: np.ndarray) -> str:
    """Return a plus in each home that is gained, a minus in each that is lost: in grey their colours are alike."""
    if code not in ("gained", "lost"):
        return ""
    strokes = []
    for (x, y), r in zip(xy, np.maximum(size * 3 // 5, 4), strict=True):
        strokes.append(f"M{x - r} {y}h{2 * r}" + (f"M{x} {y - r}v{2 * r}" if code == "gained" else ""))
    return f'<path d="{"".join(strokes)}"/>'


def _placed(comparison: Comparison, key: NeedKey, crs: object) -> tuple[pd.Series, gpd.GeoSeries]:
    """Return people and place of every home of any plan; the first plan that knows a home says where it stands."""
    people, points = [], []
    for side in comparison.drawn:
        demand = side.layers["demand"].to_crs(crs)
        people.append(covered_homes(side, key)["people"])
        points.append(gpd.GeoSeries(demand.geometry.to_numpy(), index=demand["demand_id"].astype(str), crs=crs))
    every, places = pd.concat(people), pd.concat(points)
    return every[~every.index.duplicated()], places[~places.index.duplicated()]


def _radius(people: np.ndarray) -> np.ndarray:
    """Return circles whose area grows with the people, within what is still seen and still small."""
    if not len(people):
        return np.zeros(0, dtype=int)
    largest = max(float(np.quantile(people, 0.95)), 1.0)
    crowded = 1.0 if len(people) <= 400 else 0.6 if len(people) <= 2500 else 0.3
    return np.rint(np.clip(36 * crowded * np.sqrt(people / largest), 9 * crowded, 44)).astype(int)


def _stations(side: Side, frame: PageFrame, crs: object) -> Iterator[str]:
    table = side.layers["stations"].to_crs(crs)
    table = table.set_index(table["site_id"].astype(str)).sort_index()
    for decision in ("closed", "kept", "opened"):
        chosen = table[[side.decisions.get(site) == decision for site in table.index]]
        for x, y in frame.points(shapely.get_coordinates(chosen.geometry.to_numpy())):
            if decision == "closed":
                yield f'<path class="closed" d="M{x - 22} {y - 22}l44 44M{x + 22} {y - 22}l-44 44"/>'
            elif decision == "kept":
                yield f'<g class="station kept"><rect x="{x - 24}" y="{y - 24}" width="48" height="48" rx="6"/></g>'
            else:
                yield f'<g class="station opened"><circle cx="{x}" cy="{y}" r="30"/></g>'
