"""Zones where no station may stand."""

from __future__ import annotations

from typing import Any

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.plan import Plan


def draw_zones(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the zones as a Folium layer."""
    return DataLayer("zones", zone_data(plan, sheet), "禁止设站的区域 Zones without stations")


def zone_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the zones with their names."""
    assert plan.zones is not None
    table = plan.zones.table.sort_index()
    return {
        **sheet.packing.header(),
        "areas": sheet.areas(table.geometry),
        "name": [str(name) for name in table["name"]],
    }
