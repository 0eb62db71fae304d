"""What-if inside the page: the walks it counts with, and everything a set of open stations is judged by."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planner.bilingual import Text
from planner.coverage import Coverage
from planner.coverage.walk_classes import walk_classes
from planner.mapping.bytes import bytes_block, deflated
from planner.mapping.elements import DataControl, Verbatim
from planner.mapping.packed_walks import PackedWalks, pack_walks
from planner.mapping.values import pair
from planner.model import Need, ServiceStandard
from planner.plan import Plan
from planner.siting import constraints_from
from planner.siting.constraints import Budget, KeepClosed, StationCount

STANDARDS_MIN = (5.0, 10.0, 15.0)
#: Compressed walks of more bytes are left out of a page.
MAX_BYTES = 3_000_000


class WhatIf(DataControl):
    """Opening and closing stations in the page; add it after the layers, and after the panel where there is one.

    Parameters
    ----------
    plan : Plan
    """

    scripts = ("core.js", "bytes.js", "words.js", "whatif_count.js", "whatif_save.js", "whatif_panel.js", "whatif.js")
    styles = ("map.css", "whatif.css")

    def __init__(self, plan: Plan) -> None:
        packed = pack_walks(plan, _limits)
        fits = sum(len(deflated(each.data)) for each in packed) * 4 / 3 <= MAX_BYTES
        self.packed = packed if fits else ()
        super().__init__("whatif", whatif_data(plan, packed) if fits else {"tooLarge": pair(_TOO_LARGE)})

    def inline(self, data: object | None = None) -> None:
        """Put the walks beside the data."""
        super().inline(data)
        for number, walks in enumerate(self.packed):
            name = f"{self.data_id}_walks{number}"
            self.figure.html.add_child(Verbatim(bytes_block(name, walks.data)), name=name)


_TOO_LARGE = Text(
    "本方案的步行数据过大，未装入页面，不能在此试算。",
    "The walks of this study are too large for a page: no what-if here.",
)


def whatif_data(plan: Plan, packed: tuple[PackedWalks, ...]) -> dict[str, Any]:
    """Return what the script counts with; sites and homes in order of id."""
    sites, homes = plan.sites.table.sort_index(), plan.demand.table.sort_index()
    return {
        "name": plan.config.name,
        "fingerprint": plan.fingerprint,
        "sites": _sites(plan, sites),
        "homes": list(homes.index),
        "grids": None if plan.grids is None else _places_in_grids(plan, homes),
        "gridsOfSites": None if plan.grids is None else _sites_in_grids(plan, sites),
        "walks": [walks.header() for walks in packed],
        "needs": [_need(plan, place, packed) for place in range(len(plan.needs))],
        "rules": [*_rules(plan)],
        "rooms": plan.rooms is not None,
        "phases": plan.programme is not None,
    }


def _limits(need: Need) -> list[int]:
    return [standard.limit for standard in _standards(need)]


def _standards(need: Need) -> list[ServiceStandard]:
    """Return the plan's own standard first, then those that can be tried; metres know only their own."""
    others = STANDARDS_MIN if need.standard.in_minutes else ()
    own = need.standard.max_walk_min
    return [need.standard, *(ServiceStandard(max_walk_min=each) for each in others if each != own)]


def _sites(plan: Plan, table: pd.DataFrame) -> dict[str, Any]:
    number = {str(site): place for place, site in enumerate(table.index)}
    status = table["status"]
    fresh = status.isin(["candidate", "required"])
    closing = table["closing_cost_cny"] if "closing_cost_cny" in table else pd.Series(0.0, index=table.index)
    replaced = plan.sites.replaced_places() or ((),) * len(table)
    ids = plan.sites.table.index
    return {
        "id": [str(site) for site in table.index],
        "name": [plan.site_name(site) for site in table.index],
        "cost": _fen(table["cost_cny"].where(fresh, 0.0)),
        "closing": _fen(closing.fillna(0.0).where(status == "existing", 0.0)),
        "existing": (status == "existing").astype(int).tolist(),
        "new": fresh.astype(int).tolist(),
        "replaces": {
            number[str(ids[place])]: [number[str(ids[old])] for old in old_places]
            for place, old_places in enumerate(replaced)
            if old_places
        },
        "mayNot": _may_not_open(plan, table),
        "open": {
            moment: sorted(number[str(site)] for site in state.open_sites) for moment, state in plan.moments.items()
        },
    }


def _fen(cny: pd.Series) -> list[int | None]:
    return [None if math.isnan(each) else round(100 * float(each)) for each in cny]


def _may_not_open(plan: Plan, table: pd.DataFrame) -> dict[int, list[str]]:
    """Return why a site may not open, by its place."""
    excluded, closed = (
        Text("已排除，不能启用", "excluded: may not open"),
        Text("方案规定不启用", "the plan keeps it closed"),
    )
    kept_closed = {
        str(site)
        for rule in constraints_from(one.model_dump() for one in plan.config.constraints)
        if isinstance(rule, KeepClosed)
        for site in rule.sites or ()
    }
    told = {}
    for place, (site, status) in enumerate(table["status"].items()):
        if status == "excluded" or str(site) in kept_closed:
            told[place] = pair(excluded if status == "excluded" else closed)
    return told


def _need(plan: Plan, place: int, packed: tuple[PackedWalks, ...]) -> dict[str, Any]:
    need, homes = plan.needs[place], plan.demand.table.index.sort_values()
    number = next(k for k, walks in enumerate(packed) if place in walks.needs)
    walks = packed[number]
    offered = pd.Series(plan.sites.offering(need.function), index=plan.sites.table.index).sort_index()
    people = pd.Series(plan.demand.people(need.group), index=plan.demand.table.index)[homes]
    reached = np.zeros(len(homes), dtype=bool)
    for state in plan.moments.values():
        reached |= state.needs[place].table["reached"].reindex(homes).to_numpy(dtype=bool)
    return {
        "walks": number,
        "offered": offered.astype(int).tolist(),
        "weight": need.weight,
        "people": [int(each) if each == int(each) else each for each in people.astype(float)],
        "reached": reached.astype(int).tolist(),
        "perMinute": 60_000 if need.standard.in_minutes else 60_000 * need.walker.speed_m_s,
        "standards": [_standard(need, each, walks) for each in _standards(need) if each.limit <= walks.limit],
        "head": _head(need),
        "told": {moment: _told(state, place) for moment, state in plan.moments.items()},
    }


def _head(need: Need) -> dict[str, Any]:
    standard = need.standard
    limit = {"max_walk_min": standard.max_walk_min} if standard.in_minutes else {"max_walk_m": standard.max_walk_m}
    told = {"function": need.function, "direction": need.direction, "weight": need.weight}
    return {"group": need.group, "walker": need.walker.name, **limit, **told}


def _standard(need: Need, standard: ServiceStandard, walks: PackedWalks) -> dict[str, Any]:
    """Return a standard with its classes; limits and breaks in the packed unit."""
    classes = walk_classes(replace(need, standard=standard))
    per_minute = 60_000 if standard.in_minutes else 60_000 * need.walker.speed_m_s
    ends = [each.max_walk_min for each in classes[:2]]
    return {
        "minutes": standard.max_walk_min,
        "label": pair(standard.label),
        "limit": standard.limit // walks.unit,
        "breaks": [math.floor(round((end or 0.0) * per_minute, 3) / walks.unit + 1e-9) for end in ends],
        "classes": [{"code": one.code, "label": pair(one.label), "colour": one.colour} for one in classes],
    }


def _told(state: Coverage, place: int) -> dict[str, Any]:
    """Return the figures of plan.json, those of the reach where stations have limited room."""
    measured = state.needs[place]
    return {
        "people": measured.people,
        "covered": measured.covered if measured.in_reach is None else measured.in_reach,
        "mean": None if math.isnan(measured.mean_walk_min) or measured.in_reach is not None else measured.mean_walk_min,
        "unreachable": measured.unreachable,
    }


def _places_in_grids(plan: Plan, homes: pd.DataFrame) -> list[int]:
    assert plan.grids is not None
    names = plan.grids.table.index.sort_values()
    if "grid" not in homes:
        return [-1] * len(homes)
    return names.get_indexer(pd.Index(homes["grid"].astype(object))).tolist()


def _sites_in_grids(plan: Plan, sites: Any) -> list[list[int]]:
    """Return the grids that each site stands in."""
    assert plan.grids is not None
    grids = plan.grids.table.sort_index()
    found: list[list[int]] = [[] for _ in range(len(sites))]
    for site, grid in zip(*grids.sindex.query(sites.geometry, predicate="intersects"), strict=True):
        found[site].append(int(grid))
    return found


def _rules(plan: Plan) -> Iterable[dict[str, Any]]:
    """Return the rules that the page can judge."""
    for rule in constraints_from(one.model_dump() for one in plan.config.constraints):
        if isinstance(rule, Budget):
            yield {"kind": "budget", "most": round(100 * rule.limit_cny)}
        if isinstance(rule, StationCount):
            least, most = rule.range
            yield {"kind": "count", "new": rule.counts_new, "least": least, "most": None if math.isinf(most) else most}
