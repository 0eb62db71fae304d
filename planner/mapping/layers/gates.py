"""Entrances of compounds."""

from __future__ import annotations

from typing import Any

from planner.bilingual import Text
from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.mapping.values import column_words, pair
from planner.plan import Plan


def draw_gates(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the gates as a Folium layer."""
    return DataLayer("gates", gate_data(plan, sheet), "出入口 Gates")


def gate_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the gates with their names and compounds, and as they are at the moment that was measured."""
    assert plan.gates is not None
    table = plan.gates.table.sort_index()
    return {
        **sheet.packing.header(),
        "points": sheet.points(table.geometry),
        "name": column_words(table, "name"),
        "compound": column_words(table, "compound"),
        "hours": column_words(table, "hours"),
        "state": [pair(_STATES[_state(gate)]) for gate in table.to_dict("records")],
    }


def _state(gate: dict[Any, Any]) -> str:
    if gate["assumed"]:
        return "assumed"
    if not gate["open"]:
        return "closed"
    return "open" if gate["admits_outsiders"] else "residents"


_STATES = {
    "assumed": Text("假定（道路与边界相交处）", "assumed: a path crosses the boundary here"),
    "closed": Text("关闭", "closed"),
    "residents": Text("只供本小区居民通行", "residents only"),
    "open": Text("开放", "open"),
}
