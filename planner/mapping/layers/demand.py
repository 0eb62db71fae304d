"""Where people live, coloured by the walk to the nearest open station."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.coverage import NeedCoverage, remedy_in_words
from planner.coverage.walk_classes import classify_walks
from planner.mapping import varints
from planner.mapping.elements import DataLayer
from planner.mapping.needs import need_data
from planner.mapping.sheet import Sheet
from planner.mapping.values import column_words, pair, rounded
from planner.plan import Plan


def draw_demand(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the homes as a Folium layer: circles sized by people, or outlines where the demand has them."""
    return DataLayer("demand", demand_data(plan, sheet), "居民 Residents")


def demand_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return where people live and how far they walk, column by column, in order of id."""
    table = plan.demand.table.sort_index()
    points = sheet.points(table.geometry)
    return {
        **sheet.packing.header(),
        "points": varints.numbers(points),
        **_demand_shapes(plan, sheet, table.index, points),
        "id": list(table.index),
        **{level: varints.words(column_words(table, level)) for level in ("name", "compound", "grid", "community")},
        "gridNames": _grid_names(plan),
        "stations": [str(name) for name in plan.sites.table.sort_index()["name"]],
        "command": plan.command,
        "needs": need_data(plan),
        "walks": [
            {moment: _walk_columns(state.needs[place], plan, table.index) for moment, state in plan.moments.items()}
            for place in range(len(plan.needs))
        ],
        "remedies": [
            _remedies(remedies, table.index, measured)
            for remedies, measured in zip(plan.remedies, plan.after.needs, strict=False)
        ],
        "people": [
            varints.numbers(rounded(need.table["people"].reindex(table.index), 1), 1) for need in plan.after.needs
        ],
    }


def _walk_columns(measured: NeedCoverage, plan: Plan, demand: pd.Index) -> dict[str, Any]:
    table = measured.table.reindex(demand)
    return {
        "class": varints.numbers(classify_walks(measured).reindex(demand).astype(int).tolist()),
        "min": varints.numbers(rounded(table["walk_min"], 2), 2),
        "station": varints.numbers(
            plan.sites.table.index.sort_values().get_indexer(table["station"].astype(object)).tolist()
        ),
    }


def _remedies(remedies: pd.DataFrame, demand: pd.Index, measured: NeedCoverage) -> dict[str, Any]:
    """Return what would cover the homes that are not covered: each thing once, and by place of the home its number.

    `over` is the walk beyond the standard, in minutes or metres.
    """
    need = measured.need
    in_minutes = need.standard.in_minutes
    beyond = measured.table["walk_min"].reindex(remedies.index) - float(need.walk_min(need.standard.limit))
    over = rounded(beyond if in_minutes else beyond * 60 * need.walker.speed_m_s, 1 if in_minutes else 0)
    words = {home: tuple(pair(remedy_in_words(remedy))) for home, remedy in remedies.iterrows()}
    distinct = sorted(set(words.values()))
    places = demand.get_indexer(remedies.index)
    return {
        "words": [list(one) for one in distinct],
        "of": {int(place): distinct.index(words[home]) for place, home in zip(places, remedies.index, strict=True)},
        "over": {int(place): more for place, more in zip(places, over, strict=True)},
        "unit": ["分钟", "min"] if in_minutes else ["米", "m"],
    }


def _demand_shapes(plan: Plan, sheet: Sheet, demand: pd.Index, points: list[int]) -> dict[str, Any]:
    """Return the outlines; those of a crowd start at the point of their home, which is near, instead of the origin."""
    if plan.demand.shapes is None:
        return {"shapes": None}
    shapes = sheet.areas(plan.demand.shapes.reindex(demand))
    if len(shapes) <= varints.CROWD:
        return {"shapes": shapes}
    places = np.cumsum(np.array(points).reshape(-1, 2), axis=0).tolist()
    for rings, (x, y) in zip(shapes, places, strict=True):
        if rings:
            rings[0][:2] = rings[0][0] - x, rings[0][1] - y
    return {"shapes": varints.areas(shapes), "fromPoints": True}


def _grid_names(plan: Plan) -> dict[str, str]:
    if plan.grids is None:
        return {}
    return {str(grid): str(name) for grid, name in plan.grids.table["name"].sort_index().items()}
