"""Walled compounds: their boundaries."""

from __future__ import annotations

from collections import Counter
from typing import Any

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.plan import Plan


def draw_compounds(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the walls of compounds as a Folium layer."""
    return DataLayer("compounds", compound_data(plan, sheet), "小区围墙 Walls of compounds")


def compound_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the walled compounds with their names, and how many gates each has by state."""
    assert plan.compounds is not None
    walled = plan.compounds.walled
    gates = Counter() if plan.gates is None else Counter(zip(plan.gates.compounds, plan.gates.states, strict=True))
    states = sorted({state for _, state in gates})
    return {
        **sheet.packing.header(),
        "areas": sheet.areas(walled),
        "name": [str(name) for name in walled.index],
        "gates": {state: [gates[name, state] for name in walled.index] for state in states},
    }
