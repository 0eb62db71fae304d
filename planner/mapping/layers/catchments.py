"""Where each open station can be reached from: a picture of the walking costs."""

from __future__ import annotations

from typing import Any

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.model.walking import alike
from planner.plan import Plan


def draw_catchment_areas(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the catchments as a Folium layer."""
    return DataLayer("catchments", catchment_data(plan, sheet), "服务范围 Catchments")


def catchment_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the catchments of the open stations, since which moment each stands (0: today), and the need of each."""
    table = plan.catchments.rename_axis("site_id").sort_values(["need", "site_id"])
    return {
        **sheet.packing.header(),
        "site": [str(site) for site in table.index],
        "areas": sheet.areas(table.geometry),
        "moments": list(plan.moments),
        "moment": [0 if today else plan.moment_of(site) for site, today in table["before"].items()],
        "need": table["need"].tolist(),
        "of_need": list(alike(plan.needs)),
    }
