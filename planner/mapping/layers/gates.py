"""Entrances of compounds."""

from __future__ import annotations

from typing import Any

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.mapping.values import column_words, pair
from planner.model import GATE_REASONS
from planner.plan import Plan


def draw_gates(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the gates as a Folium layer."""
    return DataLayer("gates", gate_data(plan, sheet), "出入口 Gates")


def gate_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the gates with names, compounds and hours, what they are at the moment that was measured, and why."""
    assert plan.gates is not None
    gates = plan.gates.sorted()
    return {
        **sheet.packing.header(),
        "points": sheet.points(gates.table.geometry),
        "name": column_words(gates.table, "name"),
        "compound": column_words(gates.table, "compound"),
        "hours": column_words(gates.table, "hours"),
        "state": gates.states,
        "why": gates.reasons,
        "reasons": {code: pair(GATE_REASONS[code]) for code in sorted(set(gates.reasons))},
    }
