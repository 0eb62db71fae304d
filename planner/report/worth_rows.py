"""What the brief tells about the answer's worth: short tables and sentences, the rest is in the workbook."""

from __future__ import annotations

import math
from typing import Any

from planner.bilingual import Text, same
from planner.model.figures import people
from planner.plan import Plan
from planner.report.tables import marks
from planner.report.width import shorten
from planner.report.words import cost_in_words, money
from planner.report.worth_tables import ENDS, names
from planner.siting.worth import FrontierPoint
from planner.siting.worth.words import different_in_words, station_in_words, step_in_words

_MOST_STATIONS = 10
_WIDEST_NAME = 40


def worth_rows(plan: Plan) -> dict[str, Any] | None:
    """Return what the brief tells: stations, next steps, other plans, frontiers; None in an audit."""
    worth = plan.worth
    if worth is None:
        return None
    shown = [one for one in worth.stations if one.is_new] + [
        one for one in worth.stations if not one.is_new and one.verdict != "asked_for"
    ]
    return {
        "needs": len(plan.needs),
        "stations": [
            {
                "mark": marks(plan).get(str(one.site), ""),
                "name": shorten(plan.site_name(one.site), _WIDEST_NAME),
                "lost": [people(lost) for lost in one.people_lost],
                "words": station_in_words(worth, one, plan.site_name),
            }
            for one in shown[:_MOST_STATIONS]
        ],
        "more_stations": max(0, len(shown) - _MOST_STATIONS),
        "different": different_in_words(worth, plan.site_name),
        "steps": [
            {
                "label": step_in_words(worth, step, money),
                "end": None if step.end == "found" else ENDS[step.end],
                "gained": [_signed(gained) for gained in step.people_gained],
                "cost": same("—") if math.isnan(step.cost_cny) else money(step.cost_cny),
                "instead": _instead(plan, step.opened, step.dropped),
            }
            for step in worth.steps
        ],
        "frontiers": [
            {
                "against": one.against,
                "rows": [_point(plan, one.against, point) for point in one.points],
                "end": one.end,
            }
            for one in worth.frontiers
            if len(one.points) > 1
        ],
        "skipped": worth.skipped,
    }


def _point(plan: Plan, against: str, point: FrontierPoint) -> dict[str, Any]:
    limit = cost_in_words(point.limit) if against == "money" else Text("{n} 座", "{n}").format(n=f"{point.limit:g}")
    shares = [
        covered / measured.people if measured.people else math.nan
        for covered, measured in zip(point.people, plan.after.needs, strict=True)
    ]
    return {
        "limit": limit,
        "people": [people(covered) for covered in point.people],
        "shares": shares,
        "x": point.limit,
        "tick": f"{point.limit:g}" if against == "stations" else f"{point.limit / 10_000:g}",
        "gain": "—" if math.isnan(point.gain) else _signed(point.gain),
        "cost": cost_in_words(point.cost_cny),
        "new": point.new_stations,
    }


def _instead(plan: Plan, opened: tuple[Any, ...], dropped: tuple[Any, ...]) -> Text:
    """Return which stations of this plan make room for which."""
    if not opened and not dropped:
        return Text("不变", "the same stations")
    parts = []
    if opened:
        parts.append(Text("增加{sites}", "with {sites}").format(sites=names(plan, opened)))
    if dropped:
        parts.append(Text("不用{sites}", "without {sites}").format(sites=names(plan, dropped)))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _signed(amount: float) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "±") + people(abs(amount))
