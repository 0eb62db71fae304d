"""What the answer is worth, as tables: each station, the next steps, other plans, frontiers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from planner.bilingual import Text, same
from planner.plan import Plan
from planner.report.width import shorten
from planner.report.words import money
from planner.siting.worth import Frontier, FrontierPoint
from planner.siting.worth.words import listed, station_in_words, step_in_words, verdict_label


def station_worth_table(plan: Plan) -> pd.DataFrame:
    """Return each open station with the people lost without it, and what could stand in its place."""
    assert plan.worth is not None
    standing = {} if plan.worth.different is None else dict(plan.worth.different.standing)
    rows = [
        {
            "site_id": str(one.site),
            "name": plan.site_name(one.site),
            "verdict": verdict_label(one),
            "worth_in_words": station_in_words(plan.worth, one, plan.site_name),
            **_numbered("people_lost", one.people_lost),
            "swap_site": None if one.swap is None else str(one.swap.site),
            "swap_name": None if one.swap is None else plan.site_name(one.swap.site),
            "swap_loss": math.nan if one.swap is None else one.swap.loss,
            "loss_without": math.nan if one.loss is None or math.isinf(one.loss) else one.loss,
            "plans_with": standing.get(one.site, math.nan),
        }
        for one in plan.worth.stations
    ]
    table = pd.DataFrame(rows)
    return table if len(rows) else pd.DataFrame(columns=["site_id", "name", "verdict", "worth_in_words"])


def step_table(plan: Plan) -> pd.DataFrame:
    """Return what a little more money or one more station would bring, and what a little less would lose."""
    assert plan.worth is not None
    return pd.DataFrame(
        [
            {
                "step": step_in_words(plan.worth, step, money),
                "step_end": ENDS[step.end],
                "gain": step.gain,
                **_numbered("people_gained", step.people_gained or (math.nan,) * len(plan.needs)),
                "budget_10k_cny": math.nan if step.budget_cny is None else step.budget_cny / 10_000,
                "plan_cost_10k_cny": step.cost_cny / 10_000,
                "opened_instead": names(plan, step.opened),
                "dropped": names(plan, step.dropped),
            }
            for step in plan.worth.steps
        ]
    )


def different_table(plan: Plan) -> pd.DataFrame:
    """Return the really different plans that are nearly as good."""
    assert plan.worth is not None
    found = () if plan.worth.different is None else plan.worth.different.plans
    return pd.DataFrame(
        [
            {
                "plan_number": number,
                "loss": other.loss,
                **_numbered("people_covered", other.people),
                "opened_instead": names(plan, other.opened),
                "dropped": names(plan, other.dropped),
            }
            for number, other in enumerate(found, start=1)
        ]
    )


def frontier_table(plan: Plan) -> pd.DataFrame:
    """Return the best plan for each number of stations and each amount of money."""
    assert plan.worth is not None
    return pd.DataFrame(
        [
            {
                "limit_on": LIMITS[one.against],
                "limit_stations": point.limit if one.against == "stations" else math.nan,
                "limit_10k_cny": point.limit / 10_000 if one.against == "money" else math.nan,
                "limit_share": point.limit if one.against == "fairness" else math.nan,
                "objective": point.objective,
                "gain": point.gain,
                **_numbered("people_covered", point.people),
                "new_stations": point.new_stations,
                "plan_cost_10k_cny": point.cost_cny / 10_000,
                "opened": names(plan, point.opened),
                "least_share": point.least_share,
                "worst": worst_named(plan, one, point),
            }
            for one in plan.worth.frontiers
            for point in one.points
        ]
    )


ENDS = {
    "found": Text("已证明最优", "proven best"),
    "no_plan": Text("已证明没有这样的方案", "proven: no such plan"),
    "not_examined": Text("时限内未检验", "not examined in time"),
}

LIMITS = {
    "stations": Text("新站数", "new stations"),
    "money": Text("投入", "money"),
    "fairness": Text("最低覆盖率", "smallest share"),
}


def names(plan: Plan, sites: Iterable[Any], widest: int = 10_000) -> Text:
    """Return the names of sites in a row."""
    known: Sequence[str] = [shorten(plan.site_name(site), widest) for site in sites]
    return Text("、".join(known), ", ".join(known)) if known else same("—")


def worst_named(plan: Plan, drawn: Frontier, point: FrontierPoint) -> Text:
    """Return those who are served worst at a point, grids by their names."""
    grids = plan.after.grids
    if drawn.of != "grid" or grids is None:
        return in_a_row(point.worst)
    return listed([str(grids["name"].get(name.en, name.en)) for name in point.worst])


def in_a_row(texts: Sequence[Text]) -> Text:
    """Return texts in a row."""
    return Text("、".join(one.zh for one in texts), ", ".join(one.en for one in texts)) if texts else same("—")


def _numbered(name: str, values: Sequence[float]) -> dict[str, float]:
    return {f"{name}_{number}": value for number, value in enumerate(values, start=1)}
