"""The rows of the brief's tables: the worst and the newest first, cut to what fits the page, the rest counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from planner.bilingual import Text, same
from planner.coverage import MOMENTS, NeedCoverage, remedy_in_words
from planner.model.figures import minutes, people, percent
from planner.model.labels import acquisition_label, change_label, functions_label, level_label
from planner.plan import Plan
from planner.report.action_rows import counted_actions
from planner.report.columns import need_label
from planner.report.tables import area_table, need_pairs, station_table, unserved_table
from planner.report.width import shorten
from planner.report.words import cost_in_words, decision_of, total_in_words, walk_in_words

_MOST_STATIONS = 18
_WIDEST_NAME = 44
_MOST_AREAS = 12
_MOST_LEFT_OUT = 12
_MOST_ALTERNATIVES = 20


@dataclass(frozen=True)
class Rows:
    """Rows that fit, and how many there are besides."""

    rows: list[dict[str, Any]]
    more: int = 0
    label: Text = field(default=same(""))


def need_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the key figures of each need, before and after."""
    return [
        _need_row(before, after, (plan.share_covered_before(place), plan.share_covered(place)))
        for place, (_, before, after) in enumerate(need_pairs(plan))
    ]


def share_rows(plan: Plan) -> Rows:
    """Return the shares that the objective compares, the smallest of the plan first."""
    rows = [
        {"name": each.name, "share_today": share_down(each.share_today), "share": share_down(each.share)}
        for each in plan.solution.shares
    ]
    return Rows(rows[:_MOST_AREAS], max(0, len(rows) - _MOST_AREAS))


def share_down(share: float) -> str:
    """Return a share in percent, to a hundredth and never more than it is."""
    return f"{math.floor(round(share * 10_000, 6)) / 100:.2f}%"


def _need_row(before: NeedCoverage, after: NeedCoverage, share: tuple[Text, Text]) -> dict[str, Any]:
    need = after.need
    walks = {
        name: (
            walk_in_words(need, getattr(before, f"{name}_walk_min")),
            walk_in_words(need, getattr(after, f"{name}_walk_min")),
        )
        for name in ("mean", "median", "p95", "longest")
    }
    return {
        "label": need_label(need),
        "people": people(after.people),
        "covered": (people(before.covered), people(after.covered)),
        "share": share,
        "bar": (_bar(before.share_covered), _bar(after.share_covered)),
        "unreachable": (people(before.unreachable), people(after.unreachable)),
        **walks,
    }


def station_rows(plan: Plan) -> Rows:
    """Return the stations of the plan with their costs: new ones, then those kept, then those closed."""
    table = station_table(plan)
    table = table[table["decision"].isin(["opened", "kept", "closed"])]
    rows = [_station_row(plan, str(site), row) for site, row in table.head(_MOST_STATIONS).iterrows()]
    return Rows(rows, max(0, len(table) - _MOST_STATIONS))


def _station_row(plan: Plan, site: str, row: pd.Series) -> dict[str, Any]:
    return {
        "mark": "" if pd.isna(row["mark"]) else str(row["mark"]),
        "name": shorten(site if pd.isna(row["name"]) else str(row["name"]), _WIDEST_NAME),
        "decision": row["decision"],
        "decision_label": _in_phase(plan, site, plan.action_words(site) or decision_of(row)),
        "functions": functions_label("any" if pd.isna(row["functions"]) else row["functions"]),
        "acquisition": same("") if pd.isna(row["acquisition"]) else acquisition_label(row["acquisition"]),
        "area": "" if pd.isna(row["floor_area_m2"]) else f"{row['floor_area_m2']:,.0f}",
        "cost": cost_in_words(row["cost_cny"]),
        "people": people(row["people_nearest_1"]),
        "room": _room(row),
    }


def _room(row: pd.Series) -> str:
    """Return people, capacity and share used, with the plan or, where it closes the station, today."""
    if "capacity" not in row:
        return ""
    when = "before" if pd.isna(row["people_assigned_after"]) else "after"
    if pd.isna(row[f"people_assigned_{when}"]):
        return "—"
    share = row[f"share_used_{when}"]
    used = "" if pd.isna(share) else f" ({percent(share)})"
    return f"{people(row[f'people_assigned_{when}'])} / {people(row['capacity'])}{used}"


def _in_phase(plan: Plan, site: str, label: Text) -> Text:
    phase = plan.phase_of.get(site)
    return label if phase is None else Text("{label}（{phase}）", "{label} ({phase})").format(label=label, phase=phase)


def station_sentence(plan: Plan) -> Text:
    """Return how many stations open, stay and close, and what that costs."""
    decisions = station_table(plan)["decision"].value_counts()
    if plan.command == "audit":
        return Text("现状开放驿站 {n} 座。", "Stations open today: {n}.").format(n=decisions.get("kept", 0))
    counted = counted_actions(plan)
    sentence = Text("{counted}；一次性投入合计 {cost}。", "{counted}. One-off cost: {cost}.")
    counted = Text(counted.zh, counted.en[:1].upper() + counted.en[1:])
    return sentence.format(counted=counted, cost=total_in_words(plan))


def area_rows(plan: Plan, level: str) -> Rows | None:
    """Return the areas of one level, worst coverage first; None where the study does not know the level."""
    table = area_table(plan, level)
    table = table[table["people_1"] > 0]
    if not len(table):
        return None
    rows = [_area_row(row) for _, row in table.head(_MOST_AREAS).iterrows()]
    return Rows(rows, max(0, len(table) - _MOST_AREAS), level_label(level))


def _area_row(row: pd.Series) -> dict[str, Any]:
    return {
        "name": shorten(str(row["name"]), _WIDEST_NAME),
        "people": people(row["people_1"]),
        "share": (percent(row["share_covered_before_1"]), percent(row["share_covered_after_1"])),
        "bar": (_bar(row["share_covered_before_1"]), _bar(row["share_covered_after_1"])),
        "uncovered": people(row["uncovered_after_1"]),
        "mean": minutes(row["mean_walk_min_after_1"]),
        "served": bool(row["served_after_1"]),
        "stations": str(row["stations_after"]) if "stations_after" in row.index else "",
    }


def grid_sentence(plan: Plan) -> Text | None:
    """Return how many grids are left unserved; None where the study has no grids."""
    if plan.after.grids is None:
        return None
    counts = {
        "all": len(plan.after.grids),
        "before": len(plan.before.unserved_grids),
        "after": len(plan.after.unserved_grids),
    }
    if plan.command == "audit":
        return Text(
            "{all} 个网格中，空白网格（覆盖人口不足一半）{after} 个。",
            "Of {all} grids, {after} are unserved (fewer than half of the people covered).",
        ).format(**counts)
    return Text(
        "{all} 个网格中，空白网格（覆盖人口不足一半）由 {before} 个变为 {after} 个。",
        "Of {all} grids, unserved ones (fewer than half of the people covered) go from {before} to {after}.",
    ).format(**counts)


def alternative_rows(plan: Plan) -> Rows:
    """Return what changes of the streets and closed sites would bring for the first need, the cheapest people first."""
    if plan.alternatives is None:
        return Rows([])
    table = plan.alternatives.table
    per_100 = {moment: plan.alternatives.cost_per_100(moment, 1) for moment in MOMENTS}
    moment = "today" if plan.command == "audit" else "plan"
    order = np.lexsort((np.arange(len(table)), -table[f"people_{moment}_1"].fillna(-np.inf), per_100[moment]))
    rows = [
        {
            "name": shorten(str(row["name"]), _WIDEST_NAME),
            "kind": change_label(row["kind"]),
            "is_change": row["what"] == "change",
            "is_on": bool(row["is_on"]),
            "cost": cost_in_words(row["cost_cny"]),
            "gains": [_gain(row[f"people_{when}_1"], per_100[when][place]) for when in MOMENTS],
        }
        for place, row in ((place, table.iloc[place]) for place in order[:_MOST_ALTERNATIVES])
    ]
    return Rows(rows, max(0, len(table) - _MOST_ALTERNATIVES))


def _gain(more: float, cost_cny: float) -> tuple[str, Text]:
    """Return people gained and what 100 of them cost, as the table shows them."""
    return ("—" if math.isnan(more) else people(more)), cost_in_words(cost_cny)


def left_out_rows(plan: Plan) -> Rows:
    """Return who is still out of reach and how far, for the first need, the furthest first."""
    table = unserved_table(plan)
    table = table[table["need"] == 1]
    need = plan.needs[0]
    rows = [
        {
            "name": _first_of(row, "name", "compound", "demand_id"),
            "place": _first_of(row, "grid_name", "grid", "community", "compound"),
            "people": people(row["people"]),
            "reached": not math.isnan(row["walk_min_after"]),
            "walk": walk_in_words(need, row["walk_min_after"]),
            "over": walk_in_words(need, _beyond(plan, row["walk_min_after"])),
            "station": _first_of(row, "station_name", "station_after"),
            "remedy": remedy_in_words(plan.remedies[0].loc[row["demand_id"]]) if plan.remedies else same(""),
        }
        for row in _with_grid_names(plan, table.head(_MOST_LEFT_OUT)).to_dict(orient="records")
    ]
    return Rows(rows, max(0, len(table) - _MOST_LEFT_OUT))


def left_out_sentence(plan: Plan) -> Text:
    """Return how many people of each need are still out of reach."""
    parts = [_left_out(after) for _, _, after in need_pairs(plan)]
    return Text("".join(part.zh for part in parts), " ".join(part.en[0].upper() + part.en[1:] for part in parts))


def _left_out(after: NeedCoverage) -> Text:
    if after.in_reach is not None:
        return _left_without_place(after)
    left = math.fsum([after.people, -after.covered])
    values = {"need": need_label(after.need), "left": people(left), "none": people(after.unreachable)}
    if left == 0:
        return Text("{need}：全部覆盖。", "{need}: everybody is within the standard.").format(**values)
    if after.unreachable > 0:
        return Text(
            "{need}：仍有 {left} 人未覆盖，其中 {none} 人步行无法到达任何驿站。",
            "{need}: {left} people are still beyond the standard, {none} of them without any way on foot.",
        ).format(**values)
    return Text("{need}：仍有 {left} 人未覆盖。", "{need}: {left} people are still beyond the standard.").format(
        **values
    )


def _left_without_place(after: NeedCoverage) -> Text:
    """Tell people for whom stations within the standard are full apart from those who have none."""
    left = math.fsum([after.people, -after.covered])
    if left == 0:
        return Text("{need}：全部有位置。", "{need}: everybody has a place within the standard.").format(
            need=need_label(after.need)
        )
    return Text(
        "{need}：仍有 {left} 人未覆盖，其中 {full} 人标准内有驿站但没有位置，{none} 人步行无法到达任何驿站。",
        "{need}: {left} people are not covered; {full} of them have a station within the standard and no place in it, "
        "{none} have no way on foot to any.",
    ).format(
        need=need_label(after.need),
        left=people(left),
        full=people(after.no_room),
        none=people(after.unreachable),
    )


def _beyond(plan: Plan, walk_min: float) -> float:
    need = plan.needs[0]
    return walk_min - float(need.walk_min(need.standard.limit))


def _with_grid_names(plan: Plan, table: pd.DataFrame) -> pd.DataFrame:
    if plan.after.grids is None:
        return table
    return table.assign(grid_name=table["grid"].map(plan.after.grids["name"]))


def _first_of(row: dict[Any, Any], *names: str) -> str:
    found = next((str(row[name]) for name in names if name in row and not pd.isna(row[name])), "")
    return shorten(found, _WIDEST_NAME)


def _bar(share: float) -> str:
    return "0" if math.isnan(share) else f"{share * 100:.1f}"


def zone_sentence(plan: Plan) -> Text | None:
    """Return the zones where no station may stand, by name; None where the study has none."""
    if plan.zones is None or not len(plan.zones.table):
        return None
    names = sorted(str(name) for name in plan.zones.table["name"])
    names = [shorten(name, _WIDEST_IN_A_LIST) for name in names]
    shown = Text("、".join(names[:_MOST_ZONES]), ", ".join(names[:_MOST_ZONES]))
    if len(names) > _MOST_ZONES:
        shown = Text("{shown}等", "{shown} ...").format(shown=shown)
    return Text("禁止设站的区域 {n} 个：{names}。", "Zones where no station may stand ({n}): {names}.").format(
        n=len(names), names=shown
    )


_MOST_ZONES = 12
_WIDEST_IN_A_LIST = 24
