"""The check-up of the life circle in plan.json."""

from __future__ import annotations

from typing import Any

from planner.coverage import LifeCircle
from planner.model import ANY_FUNCTION
from planner.plan import Plan
from planner.report.circle_tables import area_names, worst_areas
from planner.report.figure import number

#: Areas that are named for each group and level, the worst first.
_MOST_AREAS = 20


def circle_document(plan: Plan) -> dict[str, Any] | None:
    """Return who reaches which function within which circle, before and after; None where nothing was checked."""
    check = plan.life_circle
    if check is None:
        return None
    functions = [one for one in check.functions if one != ANY_FUNCTION]
    return {
        "functions": functions,
        "required": sorted(check.required - {ANY_FUNCTION}),
        "missing_before": _missing(check, "before"),
        "missing": _missing(check, "after"),
        "all_is": [check.functions[place] for place in check.every],
        "groups": [_party(plan, check, place) for place in range(len(check.parties))],
    }


def _missing(check: LifeCircle, moment: str) -> list[str]:
    return [one for place, one in enumerate(check.functions) if check.missing(moment, place)]


def _party(plan: Plan, check: LifeCircle, place: int) -> dict[str, Any]:
    party = check.parties[place]
    before, after = (check.reach[moment][place].stations for moment in ("before", "after"))
    shares = [check.shares(moment, place) for moment in ("before", "after")]
    return {
        "group": party.need.group,
        "walker": party.need.walker.name,
        "direction": party.need.direction,
        "unit": party.unit.en,
        "circles": [number(one) for one in party.circles],
        "people": number(check.people(place)),
        "reach": [
            {
                "function": code,
                "stations_before": before[row] if row < len(before) else None,
                "stations": after[row] if row < len(after) else None,
                "share_before": [number(share) for share in shares[0][row]],
                "share": [number(share) for share in shares[1][row]],
            }
            for row, code in enumerate(check.rows)
        ],
        "worst": [
            {
                "level": level,
                "id": area,
                "name": name,
                "people": number(row["people"]),
                "functions": number(row["functions"]),
            }
            for level in check.areas
            for found in (worst_areas(check, level, place, _MOST_AREAS),)
            for (area, row), name in zip(found.iterrows(), area_names(plan, level, found.index), strict=True)
        ],
    }
