"""A programme told: what opens in which phase, what it reaches and costs, and what planning otherwise would bring."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from planner.bilingual import Text, same
from planner.model.figures import people, percent
from planner.plan import Plan
from planner.report.words import money
from planner.siting import Programme


def phase_table(plan: Plan) -> pd.DataFrame:
    """Return one row a phase: what opens, what it costs, the share covered of each need, the price of nesting."""
    assert plan.programme is not None
    names = plan.sites.table["name"]
    rows = []
    for each in plan.programme.phases:
        row: dict[str, object] = {"phase": each.phase.name, "years": each.phase.years}
        row["phase_opened"] = "、".join(str(names[str(site)]) for site in each.opened)
        row["phase_closed"] = "、".join(str(names[str(site)]) for site in each.closed)
        row["stations_open"] = len(each.open_sites)
        row["cost_10k_cny"] = math.nan if each.cost_cny is None else each.cost_cny / 10_000
        for number, (there, covered) in enumerate(zip(each.people, each.covered, strict=True), start=1):
            row[f"covered_after_{number}"] = covered
            row[f"share_covered_after_{number}"] = covered / there if there else math.nan
        row["phase_objective"] = each.objective
        row["price_of_nesting"] = math.nan if each.price_of_nesting is None else each.price_of_nesting
        row["price_is_proven"] = each.alone is not None and each.alone.is_proven
        rows.append(row)
    return pd.DataFrame(rows)


def phase_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the brief's table of phases; none without a programme."""
    if plan.programme is None:
        return []
    names = plan.sites.table["name"]
    return [
        {
            "name": each.phase.name,
            "opened": "、".join(str(names[str(site)]) for site in each.opened) or "—",
            "closed": "、".join(str(names[str(site)]) for site in each.closed),
            "cost": same("—") if each.cost_cny is None else money(each.cost_cny),
            "covered": people(each.covered[0]),
            "share": percent(each.covered[0] / each.people[0]) if each.people[0] else "—",
            "price": _price(plan, place),
        }
        for place, each in enumerate(plan.programme.phases)
    ]


def _price(plan: Plan, place: int) -> Text:
    """Return how much better a phase could be by itself, in words."""
    assert plan.programme is not None
    each = plan.programme.phases[place]
    if each.alone is None or each.price_of_nesting is None:
        return same("—")
    amount = _amount(plan, each.price_of_nesting)
    if each.alone.is_proven:
        return amount
    return Text("至多 {amount}", "at most {amount}").format(amount=amount)


def _amount(plan: Plan, value: float) -> Text:
    if plan.config.objective.name == "max_coverage":
        weighted = len(plan.needs) > 1
        unit = Text("{n} 加权人", "{n} weighted people") if weighted else Text("{n} 人", "{n} people")
        return unit.format(n=people(value))
    return same(f"{value:,.6g}")


def programme_sentence(plan: Plan) -> Text | None:
    """Return what the programme is worth beside simpler ways of planning; None without one."""
    programme = plan.programme
    if programme is None:
        return None
    said = Text(
        "分 {n} 期实施，已开放的驿站后续各期继续开放（行动替代的除外）；{best}。",
        "In {n} phases; what is open stays open unless an action replaces it. {best}.",
    ).format(n=len(programme.phases), best=_BEST[programme.over_phases])
    for other, words in (
        (programme.greedy, Text("逐期单独择优", "Planning phase after phase")),
        (None if programme.over_phases == "end" else programme.end_only, _END_ALONE),
    ):
        if other is not None:
            said = Text("{said}{words}{loss}。", "{said} {words} {loss}.").format(
                said=said, words=words, loss=_loss(programme, other)
            )
    return said


_END_ALONE = Text("只求终期最优", "Planning for the end alone")

_BEST = {
    "sum": Text(
        "目标为各期按年数合计，而不只看终期", "The best sum over the years of all phases, not only the best end"
    ),
    "worst": Text("目标取各期中最差者", "The best worst phase"),
    "end": Text(
        "目标以终期计，同样好时取各期按年数合计覆盖最多者",
        "The best end; of programmes with an end as good, the one that covers most over the years",
    ),
}


def _loss(programme: Programme, other: float) -> Text:
    ours = programme.solution.objective
    loss = ours - other if programme.sense == "max" else other - ours
    if loss <= 1e-9 * max(1.0, abs(ours)):
        return Text("结果相同", "would be as good")
    share = loss / abs(ours) if ours else math.inf
    return Text("目标差 {loss}（{share}）", "would be worse by {loss} ({share})").format(
        loss=f"{loss:,.6g}", share=f"{share:.2%}"
    )
