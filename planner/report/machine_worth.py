"""What the answer is worth, as plan.json has it."""

from __future__ import annotations

import math
from typing import Any

from planner.bilingual import Text
from planner.plan import Plan
from planner.report.figure import number
from planner.siting.worth import Different, Frontier, StationWorth, Step

#: So many homes that are not covered are listed, those with most people first; all of them are in the workbook.
MOST_UNCOVERED = 500


def worth_document(plan: Plan) -> dict[str, Any] | None:
    """Return what the answer is worth; None in an audit."""
    worth = plan.worth
    if worth is None:
        return None
    return {
        "certificate": _text(worth.certificate),
        "skipped": None if worth.skipped is None else _text(worth.skipped),
        "stations": [_station(one) for one in worth.stations],
        "step_cny": number(worth.step_cny),
        "steps": [_step(one) for one in worth.steps],
        "different": None if worth.different is None else _different(worth.different, worth.no_regret),
        "least_share": None if worth.least_share is None else number(worth.least_share),
        "frontiers": [_frontier(one) for one in worth.frontiers],
    }


def uncovered_document(plan: Plan) -> list[dict[str, Any]]:
    """Return who is not covered, need by need, with the nearest station and what would cover them."""
    rows: list[dict[str, Any]] = []
    for place, (measured, remedies) in enumerate(zip(plan.after.needs, plan.remedies, strict=False), start=1):
        limit = float(measured.need.walk_min(measured.need.standard.limit))
        homes = measured.table.loc[remedies.index]
        homes = homes.assign(text=homes.index.astype(str)).sort_values(["people", "text"], ascending=[False, True])
        for home in homes.index[:MOST_UNCOVERED]:
            told, remedy = homes.loc[home], remedies.loc[home]
            reached = bool(told["reached"])
            rows.append(
                {
                    "need": place,
                    "id": str(home),
                    "people": number(told["people"]),
                    "station": str(told["station"]) if reached else None,
                    "walk_min": number(told["walk_min"]),
                    "over_min": number(told["walk_min"] - limit),
                    "remedy": remedy["remedy"],
                    "remedy_id": None if remedy["remedy"] == "none" else str(remedy["remedy_id"]),
                    "remedy_cost_cny": number(remedy["remedy_cost_cny"]),
                    "remedy_people": number(remedy["remedy_people"]),
                }
            )
    return rows


def _station(one: StationWorth) -> dict[str, Any]:
    swap = None
    if one.swap is not None:
        people = [number(lost) for lost in one.swap.people_lost]
        swap = {"id": str(one.swap.site), "loss": number(one.swap.loss), "people_lost": people}
    return {
        "id": str(one.site),
        "is_new": one.is_new,
        "people_lost": [number(lost) for lost in one.people_lost],
        "verdict": one.verdict,
        "loss": None if one.loss is None else number(one.loss),
        "no_plan_without": one.loss is not None and math.isinf(one.loss),
        "swap": swap,
        "swaps_examined": one.swaps_examined,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "end": step.end,
        "budget_cny": None if step.budget_cny is None else number(step.budget_cny),
        "gain": number(step.gain),
        "people_gained": [number(people) for people in step.people_gained],
        "cost_cny": number(step.cost_cny),
        "opened": sorted(map(str, step.opened)),
        "dropped": sorted(map(str, step.dropped)),
    }


def _different(different: Different, no_regret: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "share": number(different.share),
        "other_stations": different.others,
        "end": different.end,
        "plans": [
            {
                "opened": sorted(map(str, other.opened)),
                "dropped": sorted(map(str, other.dropped)),
                "objective": number(other.objective),
                "loss": number(other.loss),
                "people": [number(people) for people in other.people],
            }
            for other in different.plans
        ],
        "standing": {str(site): count for site, count in different.standing},
        "in_all": sorted(map(str, different.in_all)),
        "no_regret": sorted(map(str, no_regret)),
    }


def _frontier(one: Frontier) -> dict[str, Any]:
    return {
        "against": one.against,
        "of": one.of,
        "objective_name": one.objective.name,
        "end": one.end,
        "is_cheapest": one.is_cheapest,
        "points": [
            {
                "limit": number(point.limit),
                "objective": number(point.objective),
                "gain": number(point.gain),
                "people": [number(people) for people in point.people],
                "cost_cny": number(point.cost_cny),
                "new_stations": point.new_stations,
                "opened": sorted(map(str, point.opened)),
                "least_share": number(point.least_share),
                "worst": [_text(name) for name in point.worst],
            }
            for point in one.points
        ],
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
