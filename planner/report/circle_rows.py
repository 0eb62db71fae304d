"""The check-up of the life circle in the brief: a table of functions, and the areas with the least of them."""

from __future__ import annotations

from typing import Any

from planner.bilingual import Text
from planner.coverage import LifeCircle
from planner.model.figures import people, percent
from planner.model.labels import function_label, group_label, level_label, with_its_walk
from planner.plan import Plan
from planner.report.circle_tables import area_names, worst_areas
from planner.report.width import shorten

_MOST_FUNCTIONS = 12
_MOST_WORST = 5
_WIDEST_NAME = 40


def circle_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return one table a group: its circles, and a row for each function; none without a check-up."""
    check = plan.life_circle
    if check is None:
        return []
    return [
        {
            "label": with_its_walk(group_label(party.need.group), party.need),
            "circles": [_circle(limit, party.unit) for limit in party.circles],
            "people": people(check.people(place)),
            "rows": _function_rows(check, place),
            "worst": _worst(plan, check, place),
        }
        for place, party in enumerate(check.parties)
    ]


def circle_sentences(plan: Plan) -> list[Text]:
    """Return what is missing, or that nothing is known about functions."""
    check = plan.life_circle
    if check is None:
        return []
    if not check.every:
        return [
            Text(
                "站点未写明功能，服务需求也未指定功能，只按任一驿站体检。",
                "Neither the sites nor the needs name functions: only the walk to any station is checked.",
            )
        ]
    missing = [one for place, one in enumerate(check.functions) if check.missing("after", place)]
    if not missing:
        return []
    named = [function_label(one) for one in missing]
    names = Text("、".join(one.zh for one in named), ", ".join(one.en for one in named))
    return [
        Text(
            "缺项：服务需求要求{names}，开放的驿站均不提供。",
            "Missing: needs ask for {names}; no open station offers it.",
        ).format(names=names)
    ]


def _function_rows(check: LifeCircle, party: int) -> list[dict[str, Any]]:
    before, after = check.shares("before", party), check.shares("after", party)
    counts = [check.reach[moment][party].stations for moment in ("before", "after")]
    codes = check.rows
    chosen = [*range(len(codes))][: _MOST_FUNCTIONS + 1]
    if check.every and chosen[-1] != len(codes) - 1:
        chosen[-1] = len(codes) - 1
    return [
        {
            "label": check.label(codes[row]),
            "stations": [str(count[row]) if row < len(count) else "" for count in counts],
            "missing": row < len(check.functions) and check.missing("after", row),
            "shares": [(percent(was), percent(now)) for was, now in zip(before[row], after[row], strict=True)],
        }
        for row in chosen
    ]


def _worst(plan: Plan, check: LifeCircle, party: int) -> list[Text]:
    """Return for each level a sentence about the areas whose people reach fewest functions."""
    sentences = []
    for level in check.areas:
        found = worst_areas(check, level, party, _MOST_WORST)
        if not len(found) or len(set(check.areas[level]) - {None}) < 2:
            continue
        names = [shorten(name, _WIDEST_NAME) for name in area_names(plan, level, found.index)]
        words, areas = _fewest(check, names, found["functions"].tolist())
        within = _circle(check.parties[party].circles[-1], check.parties[party].unit)
        sentences.append(words.format(within=within, level=level_label(level), of=len(check.every), areas=areas))
    return sentences


def _fewest(check: LifeCircle, names: list[str], functions: list[float]) -> tuple[Text, Text]:
    """Return a sentence to be filled, and the areas with their figures that go into it."""
    if not check.every:
        shares = [f"{name} {percent(share)}" for name, share in zip(names, functions, strict=True)]
        return _FEWEST_PEOPLE, Text("、".join(shares), ", ".join(shares))
    counts = [f"{name} {count:.1f}" for name, count in zip(names, functions, strict=True)]
    return _FEWEST_FUNCTIONS, Text("、".join(f"{one} 项" for one in counts), ", ".join(counts))


_FEWEST_PEOPLE = Text(
    "{within}内可达任一驿站的人最少的{level}：{areas}。",
    "By {level}, fewest reach any station within {within} in: {areas}.",
)
_FEWEST_FUNCTIONS = Text(
    "{within}内人均可达功能最少的{level}（共 {of} 项）：{areas}。",
    "By {level}, people reach fewest of the {of} functions within {within} in: {areas}.",
)


def _circle(limit: float, unit: Text) -> Text:
    return Text("{n} {unit}", "{n} {unit}").format(n=f"{limit:g}", unit=unit)
