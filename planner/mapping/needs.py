"""Each need in words, with its classes and its figures before and after: counted here, only looked up in the page."""

from __future__ import annotations

import math
from typing import Any

from planner.bilingual import Text
from planner.coverage import NeedCoverage
from planner.coverage.walk_classes import classify_walks, walk_classes
from planner.mapping.values import pair, rounded, short
from planner.model import Need
from planner.model.labels import function_label, group_label, with_its_walk
from planner.plan import Plan


def need_data(plan: Plan) -> list[dict[str, Any]]:
    """Return for each need its words, its classes and its figures before and after."""
    return [
        {
            "label": pair(need_label(need)),
            "standard": pair(need.standard.label),
            "group": pair(group_label(need.group)),
            "limitMin": short(float(need.walk_min(need.standard.limit)), 4),
            "classes": [
                {"code": one.code, "label": pair(one.label), "colour": one.colour}
                for one in walk_classes(need, some_without_place=before.no_room + after.no_room > 0)
            ],
            **{moment: _need_figures(measured.needs[place]) for moment, measured in plan.moments.items()},
        }
        for place, (need, before, after) in enumerate(zip(plan.needs, plan.before.needs, plan.after.needs, strict=True))
    ]


def need_label(need: Need) -> Text:
    """Return a need in words: who, with which standard, to which function."""
    label = Text("{group}，步行 {standard}", "{group}, {standard} on foot").format(
        group=group_label(need.group), standard=need.standard.label
    )
    label = with_its_walk(label, need)
    if need.function == "any":
        return label
    return Text("{label}（到{function}）", "{label}, to {function}").format(
        label=label, function=function_label(need.function)
    )


def people_by_class(measured: NeedCoverage) -> list[float]:
    """Return the people in each of the five classes of walks."""
    position = classify_walks(measured).to_numpy()
    people = measured.table["people"].to_numpy(dtype=float)
    return [math.fsum(people[position == one]) for one in range(len(walk_classes(measured.need)))]


def _need_figures(measured: NeedCoverage) -> dict[str, Any]:
    return {
        "people": short(measured.people, 1),
        "covered": short(measured.covered, 1),
        "unreachable": short(measured.unreachable, 1),
        "share": short(measured.share_covered, 6),
        "mean": short(measured.mean_walk_min, 3),
        "p95": short(measured.p95_walk_min, 3),
        "classes": rounded(people_by_class(measured), 1),
    }
