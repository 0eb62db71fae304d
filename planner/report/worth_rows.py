"""What the brief tells about the answer's worth: short tables and sentences, the rest is in the workbook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from planner.bilingual import Text, same
from planner.model.figures import people
from planner.plan import Plan
from planner.report.tables import marks
from planner.report.width import shorten
from planner.report.words import cost_in_words, money
from planner.report.worth_tables import ENDS, LIMITS, in_a_row, names, worst_named
from planner.siting.objectives import InOrder, MaxCoverage
from planner.siting.worth import Frontier, FrontierPoint, Worth
from planner.siting.worth.words import (
    WHOSE,
    different_in_words,
    exchange_in_words,
    fairness_in_words,
    share_down,
    station_in_words,
    step_in_words,
)

_MOST_STATIONS = 10
_WIDEST_NAME = 40
_WIDEST_IN_WORDS = 26


def worth_rows(plan: Plan) -> dict[str, Any] | None:
    """Return what the brief tells: stations, next steps, other plans, frontiers; None in an audit."""
    worth = plan.worth
    if worth is None:
        return None
    drawn = [one for one in worth.frontiers if len(one.points) > 1]
    has_room = any(rule.name == "capacity" for rule in plan.config.constraints)
    shown = [one for one in worth.stations if one.is_new] + [
        one for one in worth.stations if not one.is_new and one.verdict != "asked_for"
    ]

    def short_name(site: Any) -> str:
        return shorten(plan.site_name(site), _WIDEST_IN_WORDS)

    return {
        "needs": len(plan.needs),
        "adds_up": len(plan.needs) > 1 and worth.objective.adds_up_needs,
        "stations": [
            {
                "mark": marks(plan).get(str(one.site), ""),
                "name": shorten(plan.site_name(one.site), _WIDEST_NAME),
                "lost": [people(lost) for lost in one.people_lost],
                "words": (exchange_in_words if one.verdict == "unproven" else station_in_words)(worth, one, short_name),
            }
            for one in shown[:_MOST_STATIONS]
        ],
        "more_stations": max(0, len(shown) - _MOST_STATIONS),
        "unproven": any(one.verdict == "unproven" for one in shown[:_MOST_STATIONS]),
        "different": different_in_words(worth, short_name),
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
                "whose": same("") if one.of is None else WHOSE[one.of],
                "is_cheapest": one.is_cheapest,
                "rows": [_point(plan, one, point) for point in one.points],
            }
            for one in drawn
        ],
        "proven": _proven(worth, drawn),
        "fairness": next((fairness_in_words(one) for one in worth.frontiers if one.against == "fairness"), None),
        "unfinished": _unfinished(worth.frontiers),
        "untold": _NO_FAIRNESS if worth.skipped is None and has_room else None,
        "here": {
            "stations": _added(plan),
            "money": plan.solution.cost_cny,
            "fairness": worth.least_share,
        },
        "skipped": worth.skipped,
    }


_NO_FAIRNESS = Text(
    "驿站容量有限，未比较覆盖与公平。", "Stations have room for so many only, so coverage was not set against fairness."
)


def _added(plan: Plan) -> int:
    """Count the new stations as the frontier counts them: what replaces a station adds none."""
    replacing = {action.site for action in plan.solution.actions if action.replaces}
    return sum(site not in replacing for site in plan.solution.opened)


def _point(plan: Plan, drawn: Frontier, point: FrontierPoint) -> dict[str, Any]:
    limit, x, tick = _POSITIONS[drawn.against](point)
    shares = [
        covered / measured.people if measured.people else math.nan
        for covered, measured in zip(point.people, plan.after.needs, strict=True)
    ]
    return {
        "limit": limit,
        "worst": worst_named(plan, drawn, point),
        "people": [people(covered) for covered in point.people],
        "shares": shares,
        "x": x,
        "tick": tick,
        "gain": same("—") if math.isnan(point.gain) else _gain(drawn, plan, point.gain),
        "cost": cost_in_words(point.cost_cny),
        "new": point.new_stations,
    }


def _at_stations(point: FrontierPoint) -> tuple[Text, float, str]:
    return Text("{n} 座", "{n}").format(n=point.new_stations), point.new_stations, str(point.new_stations)


def _at_money(point: FrontierPoint) -> tuple[Text, float, str]:
    """Return where a point stands: at what it costs; where the frontier is the cheapest, no cheaper plan is as good."""
    return cost_in_words(point.cost_cny), point.cost_cny, f"{point.cost_cny / 10_000:.4g}"


def _at_share(point: FrontierPoint) -> tuple[Text, float, str]:
    return same(share_down(point.least_share)), point.least_share, share_down(point.least_share)


_POSITIONS = {"stations": _at_stations, "money": _at_money, "fairness": _at_share}


def _gain(drawn: Frontier, plan: Plan, gain: float) -> Text:
    """Return by how much a point is better than the one before; with its unit where it is no number of people."""
    if drawn.objective.name == MaxCoverage.name:
        return same(_signed(gain))
    amount = drawn.objective.in_words(abs(gain), plan.needs)
    return Text("好 {amount}", "better by {amount}").format(amount=amount)


def _proven(worth: Worth, drawn: Sequence[Frontier]) -> Text:
    """Say what is proven of the points that are drawn, and what they count."""
    told = []
    limited = [one for one in drawn if one.against != "fairness"]
    if limited:
        told.append(_CHEAPEST if all(one.is_cheapest for one in limited) else _NOT_CHEAPEST)
        if {one.objective.name for one in limited} != {_counted_by(worth)}:
            told.append(_BY_PEOPLE)
    if len(limited) < len(drawn):
        told.append(_FAIRNESS)
    if drawn:
        told.append(_LINES)
    return Text("".join(one.zh for one in told), " ".join(one.en for one in told))


def _counted_by(worth: Worth) -> str:
    objective = worth.objective
    return objective.first.name if isinstance(objective, InOrder) else objective.name


_CHEAPEST = Text(
    "每一点都已证明：座数、投入不超过该点时，没有效果更好的方案，同样好的方案也不会更省。",
    "Each point is proven: with no more stations or money no plan is better, and none that is as good takes less.",
)
_NOT_CHEAPEST = Text(
    "每一点都已证明：座数、投入不超过该点时，没有效果更好的方案；同样好的方案是否更省，未检验。",
    "Each point is proven: with no more stations or money no plan is better; whether one that is as good takes less "
    "was not examined.",
)
_BY_PEOPLE = Text(
    "这里比较的是覆盖人数，而不是本方案的目标。",
    "What is compared there is the people covered, not the aim of this plan.",
)
_FAIRNESS = Text(
    "公平一图保留全部约束，最低覆盖率达到该点时，覆盖不了更多人（已证明）。",
    "Fairness keeps every constraint: where the worst-served have as much, no more people can be covered in all "
    "(proven).",
)
_LINES = Text(
    "竖线为本方案；实线为第一项需求，虚线为其余。",
    "Upright line: this plan. Solid: the first need; dashed: the others.",
)


def _unfinished(frontiers: tuple[Frontier, ...]) -> Text | None:
    """Name the frontiers that time did not suffice for."""
    left = [LIMITS[one.against] for one in frontiers if one.end == "not_examined"]
    if not left:
        return None
    return Text("时限内未全部检验：{which}。", "Not examined to the end in the time given: {which}.").format(
        which=in_a_row(left)
    )


def _instead(plan: Plan, opened: tuple[Any, ...], dropped: tuple[Any, ...]) -> Text:
    """Return which stations of this plan make room for which."""
    if not opened and not dropped:
        return Text("不变", "the same stations")
    parts = []
    if opened:
        parts.append(Text("增加{sites}", "with {sites}").format(sites=names(plan, opened, _WIDEST_IN_WORDS)))
    if dropped:
        parts.append(Text("不用{sites}", "without {sites}").format(sites=names(plan, dropped, _WIDEST_IN_WORDS)))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _signed(amount: float) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "±") + people(abs(amount))
