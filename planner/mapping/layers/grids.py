"""Management grids: people, covered people and stations inside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.coverage import NeedCoverage
from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.mapping.values import rounded
from planner.plan import Plan


def draw_grids(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the grids as a Folium layer, those without a station within reach hatched."""
    return DataLayer("grids", grid_data(plan, sheet), "网格 Grids")


def grid_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the grids with people, covered people and stations inside, before and after, for each need."""
    assert plan.grids is not None
    table = plan.grids.table.sort_index()
    return {
        **sheet.packing.header(),
        "areas": sheet.areas(table.geometry),
        "id": list(table.index),
        "name": [str(name) for name in table["name"]],
        "stations": {state: _stations_inside(plan, state, table.index) for state in ("before", "after")},
        "needs": [
            {"before": _grid_figures(before, table.index), "after": _grid_figures(after, table.index)}
            for before, after in zip(plan.before.needs, plan.after.needs, strict=True)
        ],
    }


def _grid_figures(measured: NeedCoverage, grids: pd.Index) -> dict[str, Any]:
    counted = measured.by_area("grid").reindex(grids)
    people = counted["people"].fillna(0.0).astype(float)
    return {
        "people": rounded(people, 1),
        "covered": rounded(counted["covered"].fillna(0.0).astype(float), 1),
        "share": rounded(counted["share_covered"].astype(float), 6),
        "unserved": ((people > 0) & ~counted["served"].eq(True)).astype(int).tolist(),
    }


def _stations_inside(plan: Plan, state: str, grids: pd.Index) -> list[int]:
    counted = getattr(plan, state).grids
    return [int(count) for count in counted["stations"].reindex(grids).fillna(0)]
