"""plan.json: the machine-readable result. The same inputs give the same bytes, but for the runtime."""

from __future__ import annotations

import json
import math
import os
from importlib import metadata
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.bilingual import Text
from planner.coverage import MOMENTS, Alternatives, CoverageInterval, NeedCoverage, StreetData, judge
from planner.model import Action, Note, Parameter, ShareCovered, SolvedStep
from planner.plan import Plan
from planner.report.figure import number
from planner.report.machine_circle import circle_document
from planner.report.machine_worth import uncovered_document, worth_document
from planner.report.tables import area_table, need_pairs, station_table
from planner.siting import Programme, ToldRule, WhatIf

SCHEMA = 1

#: Those whose version can change a figure.
PACKAGES = ("geopandas", "highspy", "numba", "numpy", "osmium", "pandas", "pyproj", "scipy", "shapely")


def plan_json(plan: Plan) -> str:
    """Return plan.json: UTF-8 text, keys in a fixed order, NaN as null, numbers rounded to `figure.DECIMALS`."""
    return json.dumps(plan_document(plan), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def summary_json(plan: Plan) -> dict[str, Any]:
    """Return the answer without its provenance: the same figures as plan.json."""
    return {key: value for key, value in plan_document(plan).items() if key not in ("provenance", "parameters")}


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the content of plan.json."""
    document = {
        "schema": SCHEMA,
        "name": plan.config.name,
        "command": plan.command,
        "headline": _text(plan.headline),
        "synthetic": None if plan.synthetic is None else _text(plan.synthetic),
        "solution": _solution(plan),
        "needs": [
            {
                **_need(before, after, plan.interval(place), plan.interval_before(place)),
                "estimated": plan.estimated is not None,
            }
            for place, (_, before, after) in enumerate(need_pairs(plan))
        ],
        "rules": [_rule(rule) for rule in plan.rules],
        **({} if plan.what_if is None else {"what_if": _what_if(plan.what_if)}),
        "stations": _stations(plan),
        "grids": _grids(plan),
        "life_circle": circle_document(plan),
        "streets": None if plan.streets is None else _streets(plan.streets),
        "worth": worth_document(plan),
        "uncovered": uncovered_document(plan),
        "notes": [_note(note) for note in plan.notes],
        "parameters": [_parameter(parameter) for parameter in plan.parameters],
        "provenance": _provenance(plan),
    }
    if plan.sites.proposed.any():
        document["proposed"] = _proposed(plan)
    if plan.programme is not None:
        document |= {"phases": _phases(plan.programme), "programme": _other_ways(plan.programme)}
    return document if plan.alternatives is None else {**document, "changes": _alternatives(plan.alternatives)}


def _proposed(plan: Plan) -> list[dict[str, Any]]:
    """Return the sites that nobody has named or checked, the one that adds the most people first."""
    table = station_table(plan)
    table = table[table["proposed"]]
    told = plan.sites.table.reindex(table.index)
    added = pd.to_numeric(told.get("proposed_people", pd.Series(math.nan, index=table.index)), errors="coerce")
    at = told.get("proposed_at", pd.Series(None, index=table.index, dtype=object))
    degrees = table.geometry.to_crs("EPSG:4326")
    order = np.lexsort((table.index.to_numpy(dtype=str), -added.fillna(-1.0).to_numpy()))
    return [
        {
            "id": str(table.index[place]),
            "name": str(table["name"].iloc[place]),
            "at": None if pd.isna(at.iloc[place]) else str(at.iloc[place]),
            "people": number(added.iloc[place]),
            "decision": str(table["decision"].iloc[place]),
            "lon": number(degrees.iloc[place].x),
            "lat": number(degrees.iloc[place].y),
        }
        for place in order
    ]


def _alternatives(alternatives: Alternatives) -> list[dict[str, Any]]:
    """Return each change, then each closed site, with what it would bring for each need."""
    per_100 = {
        (moment, need): alternatives.cost_per_100(moment, need)
        for moment in MOMENTS
        for need in range(1, alternatives.needs + 1)
    }
    return [
        {
            "id": str(ident),
            "what": row["what"],
            "name": row["name"],
            "kind": row["kind"],
            "cost_cny": number(row["cost_cny"]),
            "is_on": bool(row["is_on"]),
            "needs": [
                {
                    figure: value
                    for moment in MOMENTS
                    for figure, value in (
                        (f"people_{moment}", number(row[f"people_{moment}_{need}"])),
                        (f"cost_per_100_{moment}_cny", number(per_100[moment, need][place])),
                    )
                }
                for need in range(1, alternatives.needs + 1)
            ],
        }
        for place, (ident, row) in enumerate(alternatives.table.iterrows())
    ]


def _solution(plan: Plan) -> dict[str, Any]:
    solution = plan.solution
    return {
        "status": solution.status,
        "stopped": solution.stopped,
        "objective_name": plan.config.objective.name,
        "objective": number(solution.objective),
        "objective_today": None if solution.objective_today is None else number(solution.objective_today),
        "bound": number(solution.bound),
        **({} if not solution.steps else {"steps": [_step(step) for step in solution.steps]}),
        **({} if not solution.shares else {"shares": [_share_covered(each) for each in solution.shares]}),
        "gap": number(solution.gap),
        "runtime_s": round(float(solution.runtime_s), 3),
        "opened": sorted(map(str, solution.opened)),
        "kept": sorted(map(str, solution.kept)),
        "closed": sorted(map(str, solution.closed)),
        "cost_cny": number(solution.cost_cny or 0.0),
        "actions": [_action(action) for action in solution.actions],
    }


def _rule(rule: ToldRule) -> dict[str, Any]:
    left = None if rule.left is None else _text(rule.left)
    return {
        "name": rule.name,
        **_text(rule.words),
        "binding": rule.binding,
        "left": left,
        **({} if rule.is_kept else {"kept": False}),
    }


def _what_if(told: WhatIf) -> dict[str, Any]:
    """Return the rules that given stations break, and the best plan under the same rules."""
    best = told.best
    return {
        "name": told.given.name,
        "broken": [{"name": name, **_text(words)} for name, words in told.broken],
        "compared": told.ends,
        "best": None
        if best is None
        else {
            "status": best.status,
            "objective": number(best.objective),
            "bound": number(best.bound),
            "opened": sorted(map(str, best.opened)),
            "closed": sorted(map(str, best.closed)),
            "cost_cny": None if best.cost_cny is None else number(best.cost_cny),
        },
    }


def _phases(programme: Programme) -> list[dict[str, Any]]:
    return [
        {
            "name": each.phase.name,
            "years": number(each.phase.years),
            "opened": sorted(map(str, each.opened)),
            "closed": sorted(map(str, each.closed)),
            "open": sorted(map(str, each.open_sites)),
            "cost_cny": None if each.cost_cny is None else number(each.cost_cny),
            "actions": [_action(action) for action in each.actions],
            "objective": number(each.objective),
            "needs": [
                {"people": number(there), "covered": number(covered), "share_covered": _share(covered, there)}
                for there, covered in zip(each.people, each.covered, strict=True)
            ],
            "price_of_nesting": None if each.price_of_nesting is None else number(each.price_of_nesting),
            "price_is_proven": each.alone is not None and each.alone.is_proven,
        }
        for each in programme.phases
    ]


def _share(covered: float, there: float) -> float | int | None:
    return number(covered / there) if there else None


def _other_ways(programme: Programme) -> dict[str, Any]:
    """Return what simpler ways of planning the same phases are worth, beside `solution.objective`."""
    return {
        "phase_after_phase": None if programme.greedy is None else number(programme.greedy),
        "best_end_only": None if programme.end_only is None else number(programme.end_only),
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "action": action.action,
        "id": str(action.site),
        "replaces": sorted(map(str, action.replaces)),
        "cost_cny": None if action.cost_cny is None else number(action.cost_cny),
    }


def _share_covered(each: ShareCovered) -> dict[str, Any]:
    return {"name": _text(each.name), "share": number(each.share), "share_today": number(each.share_today)}


def _step(step: SolvedStep) -> dict[str, Any]:
    figures = {"objective": step.objective, "objective_today": step.objective_today, "bound": step.bound}
    told = {key: None if value is None else number(value) for key, value in figures.items()}
    return {"name": step.name, **told, "stopped": step.stopped}


def _need(
    before: NeedCoverage, after: NeedCoverage, interval: CoverageInterval, interval_before: CoverageInterval
) -> dict[str, Any]:
    need = after.need
    standard = (
        {"max_walk_min": number(need.standard.max_walk_min)}
        if need.standard.max_walk_min is not None
        else {"max_walk_m": number(need.standard.max_walk_m or math.nan)}
    )
    return {
        "group": need.group,
        "walker": need.walker.name,
        **standard,
        "function": need.function,
        "direction": need.direction,
        "weight": number(need.weight),
        "people": number(after.people),
        "covered": number(after.covered),
        "covered_before": number(before.covered),
        "share_covered": number(after.share_covered),
        "share_covered_low": number(interval.share_low),
        "share_covered_high": number(interval.share_high),
        "share_covered_before": number(before.share_covered),
        "share_covered_before_low": number(interval_before.share_low),
        "share_covered_before_high": number(interval_before.share_high),
        **{key: number(getattr(after, key)) for key in _WALKS},
        "mean_walk_min_before": number(before.mean_walk_min),
        "unreachable": number(after.unreachable),
        "unreachable_before": number(before.unreachable),
        **_places(before, after),
    }


def _places(before: NeedCoverage, after: NeedCoverage) -> dict[str, Any]:
    """Return who is in reach, and who of them has no place, where room in the stations is limited."""
    if after.in_reach is None:
        return {}
    return {
        "in_reach": number(after.in_reach),
        "in_reach_before": number(math.nan if before.in_reach is None else before.in_reach),
        "no_room": number(after.no_room),
        "no_room_before": number(before.no_room),
    }


_WALKS = ("mean_walk_min", "median_walk_min", "p95_walk_min", "longest_walk_min")


def _stations(plan: Plan) -> list[dict[str, Any]]:
    """Return the stations open before or after, in order of id, with positions in WGS 84."""
    table = station_table(plan)
    table = table[table["open_before"] | table["open_after"]].sort_index()
    degrees = table.geometry.to_crs("EPSG:4326")
    return [
        {
            "id": site,
            "name": None if row["name"] is None else str(row["name"]),
            "decision": row["decision"],
            "open_before": bool(row["open_before"]),
            "open_after": bool(row["open_after"]),
            "cost_cny": None if row["cost_cny"] is None else number(row["cost_cny"]),
            **_room(row),
            "lon": number(point.x),
            "lat": number(point.y),
        }
        for (site, row), point in zip(_plain_rows(table), degrees, strict=True)
    ]


def _room(row: dict[str, Any]) -> dict[str, Any]:
    """Return how full a station is, where the plan asks."""
    keys = ("capacity", "people_assigned_before", "people_assigned_after", "share_used_before", "share_used_after")
    return {key: None if row[key] is None else number(row[key]) for key in keys if key in row}


def _plain_rows(table: gpd.GeoDataFrame) -> list[tuple[str, dict[str, Any]]]:
    columns = table.drop(columns="geometry").astype(object)
    rows = columns.where(columns.notna(), None).to_dict(orient="index")
    return [(str(site), row) for site, row in rows.items()]


def _grids(plan: Plan) -> dict[str, Any] | None:
    if plan.after.grids is None:
        return None
    table = area_table(plan, "grid").sort_index()
    return {
        "count": len(table),
        "unserved_before": sorted(map(str, plan.before.unserved_grids)),
        "unserved": sorted(map(str, plan.after.unserved_grids)),
        "shares": [
            {
                "id": str(area),
                "name": str(row["name"]),
                "people": number(row["people_1"]),
                "covered": number(row["covered_after_1"]),
                "share_covered": number(row["share_covered_after_1"]),
                "share_covered_before": number(row["share_covered_before_1"]),
            }
            for area, row in table.iterrows()
        ],
    }


def _provenance(plan: Plan) -> dict[str, Any]:
    return {
        "planner": installed_version("station-planner"),
        "plan_toml": plan.config.text,
        "overrides": {key: _plain(value) for key, value in sorted(plan.config.overrides.items())},
        "inputs": [
            {"path": relative_path(one.path, plan.config.folder), "sha256": one.sha256}
            for one in sorted(plan.inputs, key=lambda one: one.path)
        ],
        "attribution": list(plan.attribution),
        "packages": {name: installed_version(name) for name in _packages(plan)},
        "crs": crs_name(plan),
        "estimated": plan.estimated is not None,
        "seed": plan.config.seed,
    }


def _packages(plan: Plan) -> list[str]:
    """Return those whose version can change a figure of this plan: clusters are made only where sites are proposed."""
    clustering = ["scikit-learn"] if plan.config.proposals is not None else []
    return sorted([*PACKAGES, *clustering])


def installed_version(package: str) -> str:
    """Return the version of an installed package, or `unknown`."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


def relative_path(path: str, folder: Path) -> str:
    """Return a path as the plan file would name it: relative to the study's folder, with forward slashes."""
    if not Path(path).is_absolute():
        return Path(path).as_posix()
    try:
        return Path(os.path.relpath(path, folder.absolute())).as_posix()
    except ValueError:  # another drive
        return Path(path).name


def crs_name(plan: Plan) -> str:
    """Return the study's coordinate system: its authority code where it has one, else its name."""
    crs = plan.demand.table.crs
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def _streets(streets: StreetData) -> dict[str, Any]:
    """Return the verdict on the street data, and the codes of the figures that led to it."""
    verdict = judge(streets)
    return {"grade": verdict.grade, "reasons": [one.code for one in verdict.criteria]}


def _note(note: Note) -> dict[str, Any]:
    return {"code": note.code, "level": note.level, **_text(note.text), "examples": list(note.examples)}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "code": parameter.code,
        "label": _text(parameter.label),
        "value": parameter.value,
        "source": _text(parameter.source),
        "status": parameter.status,
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _plain(value: object) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value)
