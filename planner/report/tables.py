"""The tables behind every output, under machine names: rows in order of id, the same figures everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.bilingual import Language, Text
from planner.coverage import AREA_LEVELS, MOMENTS, Coverage, NeedCoverage
from planner.coverage.walk_classes import classify_walks, walk_classes
from planner.model import action_label, walker_label
from planner.model.actions import by_site
from planner.model.labels import acquisition_label, change_label, functions_label, group_label, site_status_label
from planner.plan import Plan
from planner.report.columns import need_label, short_standard
from planner.report.words import decision_label

_MEASURES = ("mean_walk_min", "median_walk_min", "p95_walk_min", "longest_walk_min")


def marks(plan: Plan) -> dict[str, int]:
    """Return the number of each open station on the brief's map: new stations first, each in order of id."""
    new = sorted(str(site) for site in plan.solution.opened)
    kept = sorted(set(map(str, plan.after.open_sites)) - set(new))
    return {site: number for number, site in enumerate(new + kept, start=1)}


def decision(plan: Plan, site: str) -> str:
    """Return what the plan does with a site: `opened`, `kept`, `closed`, `not_chosen` or `excluded`."""
    if site in set(map(str, plan.solution.opened)):
        return "opened"
    if site in plan.after.open_sites:
        return "kept"
    if site in set(map(str, plan.solution.closed)) or site in plan.before.open_sites:
        return "closed"
    return "excluded" if plan.sites.table.at[site, "status"] == "excluded" else "not_chosen"


def station_table(plan: Plan) -> gpd.GeoDataFrame:
    """Return every site with what becomes of it, index `site_id`: opened first, then kept, closed and not chosen."""
    sites = plan.sites.table.sort_index()
    table = gpd.GeoDataFrame(index=sites.index, geometry=sites.geometry, crs=sites.crs)
    table["mark"] = pd.array([marks(plan).get(site) for site in sites.index], dtype="Int64")
    table["name"] = _words(sites, "name")
    table["status"] = _words(sites, "status")
    table["decision"] = pd.array([decision(plan, site) for site in sites.index], dtype="string")
    table["open_before"] = sites.index.isin(plan.before.open_sites)
    table["open_after"] = sites.index.isin(plan.after.open_sites)
    table["proposed"] = pd.Series(plan.sites.proposed, index=plan.sites.table.index)[sites.index]
    table["cost_cny"] = plan.sites.stated_costs[sites.index]
    for column in ("floor_area_m2", "site_area_m2"):
        table[column] = _numbers(sites, column)
    table["functions"] = _words(sites, "functions")
    table["acquisition"] = _words(sites, "acquisition")
    if plan.programme is not None:
        table["phase"] = pd.array([plan.phase_of.get(site) for site in sites.index], dtype="string")
    if plan.rebuilds:
        table["action"] = pd.array(_actions(plan, sites.index, of="action"), dtype="string")
        table["replaces"] = pd.array(_actions(plan, sites.index, of="replaces"), dtype="string")
    for number, after in enumerate(plan.after.needs, start=1):
        served = after.table[after.table["covered"]].groupby("station")["people"].agg(math.fsum)
        nearest = served.reindex(sites.index).fillna(0.0)
        table[f"people_nearest_{number}"] = nearest.where(table["open_after"]).astype(float)
    if plan.rooms is not None:
        room = plan.rooms.table.reindex(sites.index)
        table["capacity"] = room["capacity"].astype(float)
        for when in ("before", "after"):
            table[f"people_assigned_{when}"] = room[f"people_{when}"].astype(float)
            table[f"share_used_{when}"] = pd.Series(plan.rooms.share_used(when), index=plan.rooms.table.index)[
                sites.index
            ].replace(np.inf, np.nan)
    order = table["decision"].map({name: place for place, name in enumerate(_DECISIONS)})
    return table.iloc[np.lexsort((np.arange(len(table)), order.to_numpy()))]


def _actions(plan: Plan, ids: pd.Index, of: Literal["action", "replaces"]) -> list[str | None]:
    """Return the action of each site concerned, or the ids of what it replaces."""
    found = by_site(plan.solution.actions)
    if of == "action":
        return [found[site].action if site in found else None for site in ids]
    replaced = {str(action.site): ";".join(map(str, action.replaces)) for action in plan.solution.actions}
    return [replaced.get(site) or None for site in ids]


_DECISIONS = ("opened", "kept", "closed", "not_chosen", "excluded")


def demand_table(plan: Plan) -> gpd.GeoDataFrame:
    """Return every demand point with its walks before and after for each need, index `demand_id`."""
    demand = plan.demand.table.sort_index()
    table = gpd.GeoDataFrame(index=demand.index, geometry=demand.geometry, crs=demand.crs)
    for column in ("name", *reversed(AREA_LEVELS)):
        table[column] = _words(demand, column)
    for group in plan.demand.groups:
        table[group] = demand[group].astype(float)
    for number, before, after in need_pairs(plan):
        for when, measured in (("before", before), ("after", after)):
            rows = measured.table.reindex(demand.index)
            table[f"station_{when}_{number}"] = rows["station"].astype("string")
            table[f"walk_min_{when}_{number}"] = rows["walk_min"].astype(float)
            if not measured.need.standard.in_minutes:
                table[f"walk_m_{when}_{number}"] = walk_metres(measured, rows["walk_min"])
            table[f"is_covered_{when}_{number}"] = rows["covered"].astype(bool)
            if measured.in_reach is not None:
                table[f"is_in_reach_{when}_{number}"] = rows["in_reach"].astype(bool)
        codes = np.array([one.code for one in walk_classes(after.need)], dtype=object)
        table[f"walk_class_after_{number}"] = pd.array(
            codes[classify_walks(after).reindex(demand.index).to_numpy()], dtype="string"
        )
    return table


def area_table(plan: Plan, level: str) -> pd.DataFrame:
    """Return the figures of each grid, community or compound, index `area_id`; worst coverage first for the first need.

    Areas without people of the first need stand last.
    """
    parts = {number: (before.by_area(level), after.by_area(level)) for number, before, after in need_pairs(plan)}
    first = parts[1][1]
    names = first.index if level != "grid" or plan.after.grids is None else plan.after.grids.index
    table = pd.DataFrame(index=pd.Index(names.astype(str), name="area_id").sort_values())
    table["name"] = _area_names(plan, level, table.index)
    if level == "grid":
        table["stations_before"] = _stations_inside(plan.before, table.index)
        table["stations_after"] = _stations_inside(plan.after, table.index)
    table["demand_points"] = first["demand_points"].reindex(table.index).fillna(0).astype("Int64")
    for number, (before, after) in parts.items():
        before, after = before.reindex(table.index), after.reindex(table.index)
        table[f"people_{number}"] = after["people"].astype(float).fillna(0.0)
        for measure in ("covered", "share_covered"):
            table[f"{measure}_before_{number}"] = before[measure].astype(float)
            table[f"{measure}_after_{number}"] = after[measure].astype(float)
        table[f"uncovered_after_{number}"] = table[f"people_{number}"] - after["covered"].astype(float).fillna(0.0)
        table[f"unreachable_after_{number}"] = after["unreachable"].astype(float)
        table[f"mean_walk_min_after_{number}"] = after["mean_walk_min"].astype(float)
        table[f"longest_walk_min_after_{number}"] = after["longest_walk_min"].astype(float)
        table[f"served_before_{number}"] = before["served"].eq(True)
        table[f"served_after_{number}"] = after["served"].eq(True)
    return table.iloc[
        np.lexsort((np.arange(len(table)), -table["uncovered_after_1"], table["share_covered_after_1"].fillna(2.0)))
    ]


def alternatives_table(plan: Plan) -> pd.DataFrame:
    """Return what each change of the streets, and each closed site, would bring by itself; empty without changes."""
    if plan.alternatives is None:
        return pd.DataFrame()
    table = plan.alternatives.table.drop(columns="kind").rename_axis("alternative_id")
    labels = [change_label(kind) for kind in plan.alternatives.table["kind"]]
    table.insert(2, "alternative", pd.Series(labels, index=table.index, dtype=object))
    table.insert(4, "cost_10k_cny", table.pop("cost_cny") / 10_000)
    for number, _, _ in need_pairs(plan):
        for moment in MOMENTS:
            table[f"cost_per_100_{moment}_{number}"] = plan.alternatives.cost_per_100(moment, number) / 10_000
    return table.drop(columns="what").reset_index()


def need_table(plan: Plan) -> pd.DataFrame:
    """Return one row a need with its figures before and after, index `need`."""
    return pd.DataFrame([_need_row(*pair) for pair in need_pairs(plan)]).set_index("need")


def _need_row(number: int, before: NeedCoverage, after: NeedCoverage) -> dict[str, object]:
    row: dict[str, object] = {"need": number, "group": after.need.group, "walker": after.need.walker.name}
    row["standard"] = short_standard(after.need)
    row |= {"function": after.need.function, "weight": after.need.weight, "people": after.people}
    for measure in ("covered", "share_covered", *_MEASURES, "unreachable"):
        row[f"{measure}_before"], row[f"{measure}_after"] = getattr(before, measure), getattr(after, measure)
    return row


def unserved_table(plan: Plan) -> pd.DataFrame:
    """Return who is still beyond the standard, for each need: the longest way first, no way at all before that."""
    parts = [_unserved(plan, number, after) for number, _, after in need_pairs(plan)]
    return pd.concat(parts, ignore_index=True)


def _unserved(plan: Plan, number: int, after: NeedCoverage) -> pd.DataFrame:
    left = after.table[~after.table["covered"] & (after.table["people"] > 0)].sort_index()
    homes = plan.demand.table.reindex(left.index)
    table = pd.DataFrame({"need": number, "need_label": [need_label(after.need)] * len(left)}, index=left.index)
    for column in ("name", *reversed(AREA_LEVELS)):
        table[column] = _words(homes, column)
    table["people"] = left["people"]
    table["station_after"] = left["station"].astype("string")
    table["station_name"] = table["station_after"].map(plan.sites.table["name"]).astype("string")
    table["walk_min_after"] = left["walk_min"]
    standard = after.need.standard
    if standard.max_walk_min is not None:
        table["over_min"] = left["walk_min"] - standard.max_walk_min
    else:
        assert standard.max_walk_m is not None
        table["walk_m_after"] = walk_metres(after, left["walk_min"])
        table["over_m"] = table["walk_m_after"] - standard.max_walk_m
    table = _with_remedies(plan, number, table)
    order = np.lexsort((np.arange(len(table)), -table["people"], -left["walk_min"].fillna(np.inf)))
    return table.iloc[order].reset_index()


def _with_remedies(plan: Plan, number: int, table: pd.DataFrame) -> pd.DataFrame:
    """Return the homes of one need that are not covered, index `demand_id`, with what would cover each."""
    if not plan.remedies:
        return table
    found = plan.remedies[number - 1].reindex(table.index)
    table["remedy_id"] = found["remedy_id"].astype("string")
    table["remedy_name"] = found["remedy_name"].astype("string")
    table["remedy_cost_10k_cny"] = found["remedy_cost_cny"].astype(np.float64) / 10_000
    table["remedy_people"] = found["remedy_people"].astype(np.float64)
    return table


def need_pairs(plan: Plan) -> Iterator[tuple[int, NeedCoverage, NeedCoverage]]:
    """Return each need's number, and its coverage before and after."""
    for number, (before, after) in enumerate(zip(plan.before.needs, plan.after.needs, strict=True), start=1):
        yield number, before, after


def walk_metres(measured: NeedCoverage, walk_min: pd.Series) -> pd.Series:
    """Return the metres behind the minutes of the standard-distance mode, to the millimetre."""
    return (walk_min.astype(float) * 60 * measured.need.walker.speed_m_s).round(3)


def in_words(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return a table with its codes replaced by words of one language, and texts by their side."""
    words = table.copy()
    for column, label in _LABELS.items():
        if column in words.columns:
            words[column] = [None if pd.isna(code) else label(code).in_language(language) for code in words[column]]
    for column in words.columns:
        if words[column].dtype == object and any(isinstance(value, Text) for value in words[column]):
            words[column] = [
                value.in_language(language) if isinstance(value, Text) else value for value in words[column]
            ]
    return words


_LABELS = {
    "status": site_status_label,
    "action": action_label,
    "decision": decision_label,
    "functions": functions_label,
    "function": functions_label,
    "acquisition": acquisition_label,
    "group": group_label,
    "walker": walker_label,
}


def _area_names(plan: Plan, level: str, ids: pd.Index) -> pd.Series:
    if level == "grid" and plan.after.grids is not None:
        return plan.after.grids["name"].reindex(ids).astype("string").fillna(pd.Series(ids, index=ids))
    return pd.Series(ids, index=ids, dtype="string")


def _stations_inside(coverage: Coverage, ids: pd.Index) -> pd.Series:
    if coverage.grids is None:
        return pd.Series(pd.NA, index=ids, dtype="Int64")
    return coverage.grids["stations"].reindex(ids).astype("Int64")


def _words(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="string")
    return table[column].astype("string")


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table.columns:
        return pd.Series(np.nan, index=table.index, dtype=float)
    return pd.to_numeric(table[column], errors="coerce").astype(float)
