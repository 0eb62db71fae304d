"""Entrances of compounds."""

from __future__ import annotations

from typing import Any

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.mapping.values import column_words
from planner.plan import Plan


def draw_gates(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the gates as a Folium layer."""
    return DataLayer("gates", gate_data(plan, sheet), "出入口 Gates")


def gate_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the gates with their names and compounds."""
    assert plan.gates is not None
    table = plan.gates.table.sort_index()
    return {
        **sheet.packing.header(),
        "points": sheet.points(table.geometry),
        "name": column_words(table, "name"),
        "compound": column_words(table, "compound"),
    }
