"""The check-up of the life circle beside the map: shares of people by function and circle, at every moment."""

from __future__ import annotations

from typing import Any

from planner.coverage import LifeCircle
from planner.mapping.values import pair, short
from planner.model.labels import group_label, with_its_walk
from planner.plan import Plan


def circle_data(plan: Plan) -> dict[str, Any] | None:
    """Return what the check-up's script looks up; None where nothing was checked.

    `party` is the place of each need's people; a row has the needs, by party, that ask for its function.
    """
    check = plan.life_circle
    if check is None:
        return None
    return {
        "rows": [{"code": code, "label": pair(check.label(code))} for code in check.rows],
        "required": [code in check.required for code in check.rows],
        "party": [_party(check, plan, place) for place in range(len(plan.needs))],
        "functions": [need.function for need in plan.needs],
        "parties": [_figures(check, place) for place in range(len(check.parties))],
    }


def _party(check: LifeCircle, plan: Plan, place: int) -> int:
    return next(k for k, party in enumerate(check.parties) if party.is_of(plan.needs[place]))


def _figures(check: LifeCircle, place: int) -> dict[str, Any]:
    party = check.parties[place]
    return {
        "label": pair(with_its_walk(group_label(party.need.group), party.need)),
        "minutes": party.need.standard.in_minutes,
        "unit": pair(party.unit),
        "circles": list(party.circles),
        "moments": {
            moment: {
                "stations": list(reach[place].stations),
                "shares": [[short(share, 6) for share in row] for row in check.shares(moment, place)],
            }
            for moment, reach in check.reach.items()
        },
    }
