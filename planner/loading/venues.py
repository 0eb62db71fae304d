"""Shared venues of resident units: shown, and sites to choose from where a station may share them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.errors import Fault, TableError
from planner.loading.layers import Layer, open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import settle_points
from planner.loading.sites import function_codes
from planner.loading.yes_no import read_yes_no
from planner.model import CandidateSites, Note
from planner.schema import venues_contract

#: What a station in a shared venue takes from it.
_TAKEN = ("name", "cost_cny", "functions", "capacity", "floor_area_m2", "site_area_m2")


@dataclass(frozen=True, eq=False)
class Venues:
    """Venues that resident units share: points, index `venue_id`.

    Columns `name`, `can_be_station` (bool) and, where known, `owner`, `hours`, `cost_cny`, `functions`, `capacity`.
    """

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()
    source: str = "venues"


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
    layer.table["can_be_station"] = read_yes_no(layer, "can_be_station").eq(True)
    layer.check(venues_contract())
    layer.refuse_faults()
    notes = (*layer.notes, *_counted_notes(layer))
    return Venues(layer.indexed().rename_axis("venue_id"), notes, layer.source)


def _counted_notes(layer: Layer) -> list[Note]:
    """Say what venues count for."""
    may = int(layer.table["can_be_station"].sum())
    notes = []
    if may < len(layer.table):
        words = Text(
            "{n} 处共享场地只作展示：开放时间未纳入计算，不计入覆盖。",
            "{n} shared venues are only shown: their hours are not computed with, and they cover nobody.",
        ).format(n=len(layer.table) - may)
        notes.append(Note("venues.not_counted", "assumption", words))
    if may:
        words = Text(
            "{n} 处共享场地可设驿站，列为候选（共享场所）；其开放时间未纳入计算。",
            "{n} shared venues may hold a station and are sites to choose from; their hours are not computed with.",
        ).format(n=may)
        notes.append(Note("venues.may_be_shared", "assumption", words))
    return notes


def with_shared_venues(sites: CandidateSites, venues: Venues | None) -> CandidateSites:
    """Return the sites with every venue that a station may share as a candidate, `action` share.

    Raises
    ------
    TableError
        If a venue has the id of a site.
    """
    if venues is None or not venues.table["can_be_station"].any():
        return sites
    shared = venues.table[venues.table["can_be_station"]]
    faults = [
        Fault(venues.source, same(venue), Text("与站点不同的编号", "an id that no site has"), column="id")
        for venue in shared.index
        if venue in sites.table.index
    ]
    if faults:
        raise TableError(Text("共享场地的编号与站点重复。", "Venues have the ids of sites."), faults)
    table = gpd.GeoDataFrame(index=shared.index, geometry=shared.geometry.to_numpy(), crs=shared.crs)
    for column in _TAKEN:
        table[column] = shared.get(column, np.nan)
    table["functions"] = [function_codes(None if pd.isna(codes) else codes) for codes in table["functions"]]
    table = table.assign(status="candidate", action="share", acquisition="shared")
    unpriced = table["cost_cny"].isna()
    table["cost_cny"] = table["cost_cny"].astype(float).fillna(0.0)
    own = sites.table
    if "action" not in own:
        own = own.assign(action="open", replaces=None)
    if "capacity" not in own and table["capacity"].isna().all():
        table = table.drop(columns="capacity")
    both = gpd.GeoDataFrame(pd.concat([own, table.astype(_kinds(own, table))]), crs=own.crs)
    notes = sites.notes if not unpriced.any() else (*sites.notes, _unpriced_note(venues, table[unpriced]))
    return CandidateSites(both, notes, sites.source)


def _kinds(own: pd.DataFrame, table: pd.DataFrame) -> dict[str, object]:
    return {column: own[column].dtype for column in table.columns if column in own and column != own.geometry.name}


def _unpriced_note(venues: Venues, unpriced: pd.DataFrame) -> Note:
    words = Text(
        "{file}：{n} 处可设驿站的共享场地没有造价，按 0 元计。",
        "{file}: {n} venues that may hold a station have no cost; they count as free.",
    ).format(file=venues.source, n=len(unpriced))
    return Note("venues.cost_missing", "warning", words, tuple(sorted(map(str, unpriced["name"])))[:5])
