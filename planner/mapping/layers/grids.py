"""Management grids: people, covered people and stations inside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.coverage import Coverage, NeedCoverage
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
        "stations": {moment: _stations_inside(state, table.index) for moment, state in plan.moments.items()},
        "needs": [
            {moment: _grid_figures(state.needs[place], table.index) for moment, state in plan.moments.items()}
            for place in range(len(plan.needs))
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


def _stations_inside(measured: Coverage, grids: pd.Index) -> list[int]:
    assert measured.grids is not None
    return [int(count) for count in measured.grids["stations"].reindex(grids).fillna(0)]
