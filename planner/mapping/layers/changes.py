"""Changes of the streets: added paths dashed, closed ones crossed out, strong where the plan makes them."""

from __future__ import annotations

from typing import Any

from planner.bilingual import Text
from planner.coverage import MOMENTS
from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.mapping.values import column_words, pair, rounded
from planner.model import LINE_KINDS
from planner.model.labels import change_label
from planner.plan import Plan


def draw_changes(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the changes of the streets as a Folium layer; changes of gates have no line of their own."""
    return DataLayer("changes", change_data(plan, sheet), "路网变更 Changes of the streets")


def change_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the changes with what they do, what they cost and what they bring for the first need."""
    assert plan.changes is not None
    table = plan.changes.table.sort_index()
    table = table[table["kind"].isin(LINE_KINDS)]
    on = () if plan.config.changes is None else plan.config.changes.on
    return {
        **sheet.packing.header(),
        "lines": sheet.areas(table.geometry),
        "name": column_words(table, "name"),
        "kind": table["kind"].tolist(),
        "label": [pair(_capital(change_label(kind))) for kind in table["kind"]],
        "cost": rounded(table["cost_cny"] / 10_000, 2),
        "on": table.index.isin(on).tolist(),
        "people": {moment: _people(plan, moment, list(table.index)) for moment in MOMENTS},
    }


def _people(plan: Plan, moment: str, changes: list[str]) -> list[Any] | None:
    """Return how many people more each change brings within the first standard."""
    if plan.alternatives is None:
        return None
    told = plan.alternatives.table
    return rounded(told[told["what"] == "change"].loc[changes, f"people_{moment}_1"], 1)


def _capital(text: Text) -> Text:
    return Text(text.zh, text.en[:1].upper() + text.en[1:])
