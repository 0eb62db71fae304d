"""Where people live, coloured by the walk to the nearest open station."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.coverage import NeedCoverage
from planner.coverage.walk_classes import classify_walks
from planner.mapping.elements import DataLayer
from planner.mapping.needs import need_data
from planner.mapping.sheet import Sheet
from planner.mapping.values import column_words, rounded
from planner.plan import Plan


def draw_demand(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the homes as a Folium layer: circles sized by people, or outlines where the demand has them."""
    return DataLayer("demand", demand_data(plan, sheet), "居民 Residents")


def demand_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return where people live and how far they walk, column by column, in order of id."""
    table = plan.demand.table.sort_index()
    return {
        **sheet.packing.header(),
        "points": sheet.points(table.geometry),
        "shapes": _demand_shapes(plan, sheet, table.index),
        "id": list(table.index),
        **{level: column_words(table, level) for level in ("name", "compound", "grid", "community")},
        "gridNames": _grid_names(plan),
        "stations": [str(name) for name in plan.sites.table.sort_index()["name"]],
        "command": plan.command,
        "needs": need_data(plan),
        "walks": [
            {"before": _walk_columns(before, plan, table.index), "after": _walk_columns(after, plan, table.index)}
            for before, after in zip(plan.before.needs, plan.after.needs, strict=True)
        ],
        "people": [rounded(need.table["people"].reindex(table.index), 1) for need in plan.after.needs],
    }


def _walk_columns(measured: NeedCoverage, plan: Plan, demand: pd.Index) -> dict[str, Any]:
    table = measured.table.reindex(demand)
    return {
        "class": classify_walks(measured).reindex(demand).astype(int).tolist(),
        "min": rounded(table["walk_min"], 2),
        "station": plan.sites.table.index.sort_values().get_indexer(table["station"].astype(object)).tolist(),
    }


def _demand_shapes(plan: Plan, sheet: Sheet, demand: pd.Index) -> list[list[list[int]] | None] | None:
    if plan.demand.shapes is None:
        return None
    return sheet.areas(plan.demand.shapes.reindex(demand))


def _grid_names(plan: Plan) -> dict[str, str]:
    if plan.grids is None:
        return {}
    return {str(grid): str(name) for grid, name in plan.grids.table["name"].sort_index().items()}
