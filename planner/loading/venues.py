"""Shared venues of resident units: shown, and counted for nothing yet."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
from pyproj import CRS

from planner.bilingual import Text
from planner.config import PlanConfig
from planner.loading.layers import open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import settle_points
from planner.model import Note
from planner.schema import venues_contract


@dataclass(frozen=True, eq=False)
class Venues:
    """Venues that resident units share: points, index `venue_id`, columns `name` and, where known, `owner`, `hours`."""

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()


def load_venues(config: PlanConfig, crs: CRS) -> Venues | None:
    """Load shared venues; None where the plan has no [venues].

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    section = config.venues
    if section is None:
        return None
    layer = open_layer(read_raw(config, section), "venues", "venues", crs, section.crs, section.columns)
    settle_points(layer)
    layer.name_rows()
    layer.check(venues_contract())
    layer.refuse_faults()
    words = Text(
        "{n} 处共享场地只作展示：开放时间未纳入计算，不计入覆盖。",
        "{n} shared venues are only shown: their hours are not computed with, and they cover nobody.",
    ).format(n=len(layer.table))
    notes = (*layer.notes, Note("venues.not_counted", "assumption", words))
    return Venues(layer.indexed().rename_axis("venue_id"), notes)
