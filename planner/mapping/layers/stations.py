"""Stations and candidate sites: what they are, and whom they serve."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from planner.bilingual import same
from planner.coverage import NeedCoverage
from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.mapping.values import Number, column_numbers, pair, rounded, short
from planner.model import Need
from planner.model.actions import by_site
from planner.model.labels import acquisition_label, functions_label, site_status_label
from planner.plan import Plan
from planner.siting.worth.words import station_in_words


def draw_stations(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return stations and candidate sites as a Folium layer."""
    return DataLayer("stations", site_data(plan, sheet), "驿站 Stations")


def site_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return stations and candidate sites, in order of id: what they are, and whom they serve."""
    table = plan.sites.table.sort_index()
    proposed = pd.Series(plan.sites.proposed, index=plan.sites.table.index)
    return {
        **sheet.packing.header(),
        "points": sheet.points(table.geometry),
        "id": list(table.index),
        "name": [str(name) for name in table["name"]],
        "role": [site_role(plan, site, status) for site, status in table["status"].items()],
        "proposed": proposed[table.index].astype(int).tolist(),
        "status": [pair(site_status_label(status)) for status in table["status"]],
        "cost": rounded(plan.sites.stated_costs[table.index] / 10_000, 2),
        "floorArea": rounded(column_numbers(table, "floor_area_m2"), 1),
        "siteArea": rounded(column_numbers(table, "site_area_m2"), 1),
        "functions": [pair(functions_label(codes)) for codes in table["functions"]],
        "acquisition": [
            None if pd.isna(how) else pair(acquisition_label(str(how)))
            for how in table.get("acquisition", pd.Series(index=table.index, dtype=object))
        ],
        **_actions(plan, table),
        **({} if plan.programme is None else {"phase": _phases(plan, table)}),
        "moments": list(plan.moments),
        "moment": [plan.moment_of(site) for site in table.index],
        "within": [list(people_within(plan, position, table.index).values()) for position in range(len(plan.needs))],
        "room": _room(plan, table.index),
        "nearest": [
            {moment: _people_nearest(state.needs[place], table.index) for moment, state in plan.moments.items()}
            for place in range(len(plan.needs))
        ],
        "worth": [_worth(plan, site) for site in table.index],
        "needs": [
            {"standard": pair(need.standard.label), "offered": _offered(plan, need, table.index)} for need in plan.needs
        ],
    }


def _phases(plan: Plan, table: pd.DataFrame) -> list[list[str] | None]:
    """Return the phase in which each site opens, or is replaced."""
    names = [plan.phase_of.get(site) for site in table.index]
    return [None if name is None else pair(same(name)) for name in names]


def _actions(plan: Plan, table: pd.DataFrame) -> dict[str, Any]:
    """Return what the plan makes of each site in words, and the stations that give way to one at the same place."""
    if not plan.rebuilds:
        return {}
    words = [plan.action_words(site) for site in table.index]
    made, rebuilt = by_site(plan.solution.actions), _rebuilt(plan)
    return {
        "action": [None if said is None else pair(said) for said in words],
        "symbol": [None if said is None else made[site].action for site, said in zip(table.index, words, strict=True)],
        "rebuilt": [int(site in rebuilt) for site in table.index],
    }


def _rebuilt(plan: Plan) -> set[str]:
    """Return the stations whose place the site that replaces them takes."""
    where = plan.sites.table.geometry
    return {
        str(old)
        for action in plan.solution.actions
        for old in action.replaces
        if where[str(old)].distance(where[str(action.site)]) < 1.0
    }


def _worth(plan: Plan, site: str) -> dict[str, Any] | None:
    """Return for an open station the people lost without it, and whether another site would do; None elsewhere."""
    found = None if plan.worth is None else plan.worth.of_station(site)
    if plan.worth is None or found is None:
        return None
    return {
        "lost": rounded(found.people_lost, 1),
        "words": pair(station_in_words(plan.worth, found, plan.site_name)),
    }


def site_role(plan: Plan, site: str, status: str) -> str:
    """Return what a site is in this plan: opened, kept, closed, excluded, candidate or proposal."""
    solution = plan.solution
    if site in solution.opened:
        return "opened"
    if site in solution.kept:
        return "building" if status == "under_construction" else "kept"
    if site in solution.closed or (status == "existing" and site in plan.before.open_sites):
        return "closed"
    if status == "excluded":
        return "excluded"
    return "proposal" if plan.sites.is_proposed(site) else "candidate"


def people_within(plan: Plan, position: int, sites: pd.Index) -> dict[str, Number]:
    """Return the people whose walk to each site meets the standard of one need, whether or not the site is open."""
    costs, measured = plan.costs[position], plan.after.needs[position]
    people = measured.table["people"].reindex(costs.origins).to_numpy(dtype=float)
    by_site = costs.walk.tocsc()
    within = {}
    for site, column in zip(sites, costs.destinations.get_indexer(sites), strict=True):
        rows = slice(by_site.indptr[column], by_site.indptr[column + 1])
        near = by_site.indices[rows][measured.need.standard.met_by(by_site.data[rows])]
        within[str(site)] = short(math.fsum(people[near]) if column >= 0 else math.nan, 1)
    return within


def _people_nearest(measured: NeedCoverage, sites: pd.Index) -> list[Number]:
    """People for whom each station is the nearest open one, however far."""
    reached = measured.table[measured.table["reached"]]
    nearest = {str(station): math.fsum(part["people"]) for station, part in reached.groupby("station")}
    return rounded([nearest.get(site, 0.0) for site in sites], 1)


def _room(plan: Plan, sites: pd.Index) -> dict[str, list[Number]] | None:
    """Return capacity, and the people who go to each station before and after, where room is limited."""
    if plan.rooms is None:
        return None
    table = plan.rooms.table.reindex(sites)
    names = {"capacity": "capacity", "before": "people_before", "after": "people_after"}
    return {name: rounded(table[column], 1) for name, column in names.items()}


def _offered(plan: Plan, need: Need, sites: pd.Index) -> list[int]:
    offered = pd.Series(plan.sites.offering(need.function), index=plan.sites.table.index)
    return offered.reindex(sites).astype(int).tolist()
