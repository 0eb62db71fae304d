"""Zones where no station may stand, and what they do to the sites."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.errors import Fault, TableError
from planner.loading.layers import Layer, open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import repair_polygons, require_areas
from planner.model import Areas, CandidateSites, Note
from planner.schema import normalise, zones_contract

_KIND_WORDS = (
    "exclusion exclusionzone excluded nostation 禁建 禁建区 禁止建设 禁止建设区 禁设 禁设区 不可设站 排除 排除区"
)
_KIND_OF = {normalise(word): "exclusion" for word in _KIND_WORDS.split()}


def load_zones(config: PlanConfig, crs: CRS) -> Areas | None:
    """Load the zones where no station may stand; None where the plan has no [zones].

    Returns
    -------
    Areas
        Columns `name` and `kind` (`exclusion`).

    Raises
    ------
    TableError, CrsError
        With every fault of the file; a kind that nobody knows is one.
    """
    section = config.zones
    if section is None:
        return None
    layer = open_layer(read_raw(config, section), "zones", "zones", crs, section.crs, section.columns)
    repair_polygons(layer)
    require_areas(layer)
    _read_kinds(layer)
    layer.name_rows()
    layer.check(zones_contract())
    layer.refuse_faults()
    return Areas("zone", layer.indexed(), tuple(layer.notes))


def _read_kinds(layer: Layer) -> None:
    """Turn words into kinds; a layer that says nothing of kinds holds exclusions, and that is noted."""
    if "kind" not in layer.table:
        layer.table["kind"] = pd.Series("exclusion", index=layer.table.index, dtype=object)
        words = Text(
            "{file} 没有类别列，全部视为禁止设站的区域。",
            "{file} has no column kind; every zone is taken as an exclusion.",
        )
        layer.notes.append(Note("zones.kind_assumed", "assumption", words.format(file=layer.source)))
        return
    written = layer.table["kind"].tolist()
    kinds = [None if word is None else _KIND_OF.get(normalise(word)) for word in written]
    for row, word, kind in zip(layer.table.index, written, kinds, strict=True):
        if kind is None:
            found = Text("缺失", "missing") if word is None else same(word)
            layer.add_fault(int(row), "kind", found, Text("禁建", "exclusion"))
    layer.table["kind"] = pd.Series(kinds, index=layer.table.index, dtype=object)


def zones_around(points: pd.Series, zones: Areas) -> pd.Series:
    """Return the names of the zones that each point lies in, joined; None where in none. A border is inside."""
    point, zone = zones.table.sindex.query(points, predicate="intersects")
    names: dict[int, set[str]] = {}
    for place, area in zip(point.tolist(), zone.tolist(), strict=True):
        names.setdefault(place, set()).add(str(zones.table["name"].iloc[area]))
    found = np.full(len(points), None, dtype=object)
    for place, lying in names.items():
        found[place] = "、".join(sorted(lying))
    return pd.Series(found, index=points.index, dtype=object)


def keep_out_of_zones(sites: CandidateSites, zones: Areas | None) -> CandidateSites:
    """Return the sites with every candidate inside a zone excluded.

    Stations that exist or are under construction stay as they are, and are told.

    Raises
    ------
    TableError
        If a site that every plan opens lies inside; with all of them at once.
    """
    if zones is None or not len(sites.table):
        return sites
    table = sites.table.copy()
    zone = zones_around(table.geometry, zones)
    inside, status = zone.notna(), table["status"]
    _refuse_required(sites, zone[inside & (status == "required")])
    barred, left = zone[inside & (status == "candidate")], zone[inside & status.isin(_STANDING)]
    table.loc[barred.index, "status"] = "excluded"
    notes = [_note(*told, table) for told in ((_BARRED, barred), (_LEFT, left)) if len(told[1])]
    return replace(sites, table=table, notes=(*sites.notes, *notes))


_STANDING = ("existing", "under_construction")
_BARRED = (
    "zones.excluded",
    Text(
        "{n} 个候选点位于禁止设站的区域内，不参与选址：{sites}。",
        "{n} candidate sites lie in zones where no station may stand and are left out: {sites}.",
    ),
)
_LEFT = (
    "zones.stations_inside",
    Text(
        "{n} 座现有或在建驿站位于禁止设站的区域内，方案不因此关闭：{sites}。",
        "{n} stations that exist or are under construction lie in zones where no station may stand; they are not "
        "closed for that: {sites}.",
    ),
)
_NAMED = 10


def _refuse_required(sites: CandidateSites, zone: pd.Series) -> None:
    if not len(zone):
        return
    expected = Text("禁止设站的区域以外的位置，或另一状态", "a place outside the zones, or another status")
    faults = [
        Fault(
            sites.source,
            Text("{site} 必选，位于 {zone}", "{site} is required, inside {zone}").format(site=site, zone=name),
            expected,
            column="status",
        )
        for site, name in sorted(zone.items(), key=lambda pair: str(pair[0]))
    ]
    raise TableError(Text("必选站点位于禁止设站的区域内。", "Required sites lie where no station may stand."), faults)


def _note(told: tuple[str, Text], zone: pd.Series, table: pd.DataFrame) -> Note:
    code, words = told
    names = table["name"].astype(str).to_dict()
    each = [
        Text("{site}（{zone}）", "{site} ({zone})").format(site=" ".join([str(site), names[site]]), zone=zone[site])
        for site in sorted(zone.index, key=str)
    ]
    shown = Text("、".join(one.zh for one in each[:_NAMED]), ", ".join(one.en for one in each[:_NAMED]))
    if len(each) > _NAMED:
        shown = Text("{shown}等", "{shown} ...").format(shown=shown)
    return Note(code, "warning", words.format(n=len(each), sites=shown), tuple(sorted(map(str, zone.index))))
