"""Sentences about a plan: how sure it is, what became of a site, what was asked of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.bilingual import Text, same
from planner.model import Need
from planner.model.figures import minutes
from planner.plan import Plan
from planner.siting import CONSTRAINTS, Objective, objective_from
from planner.siting.objectives import MaxCoverage

_DECISIONS: Mapping[str, Text] = {
    "opened": Text("新增", "new"),
    "kept": Text("保留", "kept"),
    "closed": Text("关闭", "closed"),
    "not_chosen": Text("未选", "not chosen"),
    "excluded": Text("不可用", "excluded"),
}

#: The objectives whose sentences are not simply made of what the objective itself says.
_PROVEN: Mapping[str, Text] = {
    "max_coverage": Text("没有其他选择能覆盖更多人", "no other choice covers more people"),
    "fewest_sites": Text("没有站点更少的方案", "no plan needs fewer stations"),
    "total_walk": Text("没有其他选择使总步行时间更短", "no other choice makes the total walk shorter"),
    "longest_walk": Text("没有其他选择使最长步行时间更短", "no other choice makes the longest walk shorter"),
}

_CONSTRAINTS: Mapping[str, Text] = {
    "station_count": Text("站点数", "number of stations"),
    "keep_open": Text("保留现有驿站", "existing stations stay open"),
    "budget": Text("投入上限", "budget"),
    "cover_everyone": Text("所有人都须覆盖", "everybody is covered"),
}

_PARAMETERS: Mapping[str, Text] = {
    "stations": Text("共 {value} 座", "{value} in all"),
    "new_stations": Text("新增 {value} 座", "{value} new"),
    "at_most": Text("至多 {value} 座", "at most {value}"),
    "at_least": Text("至少 {value} 座", "at least {value}"),
    "max_cost_10k_cny": Text("{value} 万元", "{value} × 10,000 CNY"),
    "max_cost_cny": Text("{value} 元", "{value} CNY"),
}


#: Constraints whose parameters have words of their own.
_COUNTING = ("station_count", "budget", "per_area")


def _label_of(name: str) -> Text:
    return next((constraint.label for constraint in CONSTRAINTS if constraint.name == name), same(name))


def decision_label(decision: str) -> Text:
    """Return what the plan does with a site, in words."""
    return _DECISIONS.get(decision, same(decision))


def decision_of(row: pd.Series) -> Text:
    """Return what the plan does with the site of a row of the table of stations; proposals are called that."""
    label = decision_label(row["decision"])
    if not row["proposed"]:
        return label
    return Text("{label}（建议点，未核实）", "{label} (proposal, not checked)").format(label=label)


def objective_label(plan: Plan) -> Text:
    """Return what the plan counts as better, and how it is counted where the name does not say it all."""
    objective = _objective(plan)
    if objective.in_detail is None:
        return objective.label
    return Text("{label}（{detail}）", "{label} ({detail})").format(label=objective.label, detail=objective.in_detail)


def _objective(plan: Plan) -> Objective:
    return objective_from(plan.config.objective.model_dump())


def objective_sentence(plan: Plan) -> Text | None:
    """Return the figure of what was made best, beside that of today; None where the headline says it.

    The stations of today have none where somebody reaches no station of today who could reach one.
    """
    objective, solution = _objective(plan), plan.solution
    if plan.command == "audit" or objective.name == MaxCoverage.name:
        return None
    value = objective.in_words(solution.objective, plan.needs)
    today = same("")
    if objective.has_today and solution.objective_today is not None:
        today = Text("，现状 {value}", "; today {value}").format(
            value=objective.in_words(solution.objective_today, plan.needs)
        )
    weights = {need.weight for need in plan.needs}
    weighed = Text("，各项需求按权重合计", ", needs added up by weight")
    return Text(
        "目标：{label}。结果 {value}{today}{weighed}。", "Objective: {label}. Result: {value}{today}{weighed}."
    ).format(
        label=objective_label(plan),
        value=value,
        today=today,
        weighed=weighed if objective.adds_up_needs and weights != {1.0} else same(""),
    )


def constraint_label(name: str, parameters: Mapping[str, Any]) -> Text:
    """Return one constraint with its parameters as the plan file gives them."""
    label = _CONSTRAINTS.get(name) or _label_of(name)
    if not parameters:
        return label
    known = _PARAMETERS if name in _COUNTING else {}
    given = [
        known.get(key, same(f"{key} = {{value}}")).format(value=value) for key, value in sorted(parameters.items())
    ]
    listed = Text("、".join(one.zh for one in given), ", ".join(one.en for one in given))
    return Text("{label}（{listed}）", "{label} ({listed})").format(label=label, listed=listed)


def status_sentence(plan: Plan) -> Text:
    """Return how sure the plan is: proven, or how much better another one could be at most.

    "Proven" is said only of a solution whose status is `optimal`.
    """
    if plan.command == "audit":
        return Text("现状评估，未选新站点。", "An audit of today: no station is chosen.")
    solution = plan.solution
    if solution.status == "optimal":
        objective = _objective(plan)
        claim = Text("没有其他方案{better}", "no other plan {better}").format(better=objective.better)
        claim = _PROVEN.get(objective.name, claim)
        return Text(
            "已证明：在给定的候选点和约束下，{claim}{weighted}。",
            "Proven: with the given sites and constraints {claim}{weighted}.",
        ).format(claim=claim, weighted=_weighted(plan))
    if solution.status == "infeasible":
        return Text("没有满足约束的方案。", "No plan meets the constraints.")
    return Text(
        "{why}方案可用，尚未证明最优：{gap}。", "{why}The plan is usable and not proven to be the best: {gap}."
    ).format(why=_STOPPED.get(solution.stopped, same("")), gap=_gap(solution.gap))


_STOPPED: Mapping[str, Text] = {
    "time_limit": Text("到达时限。", "The time limit was reached. "),
    "gap": Text("已达到设定的差距。", "The gap asked for was reached. "),
}


def _weighted(plan: Plan) -> Text:
    if len(plan.needs) == 1 or not _objective(plan).adds_up_needs:
        return same("")
    return Text("（各项需求按权重合计）", " (needs added up by weight)")


def _gap(gap: float) -> Text:
    if not math.isfinite(gap):
        return Text("差距未知", "how far it is from the best is unknown")
    shown = f"{math.ceil(round(gap * 1000, 6)) / 10:.1f}%"
    return Text(
        "其他方案的目标值至多再好 {gap}", "another plan can be better by {gap} of its objective at most"
    ).format(gap=shown)


def money(cost_cny: float) -> Text:
    """Return an amount as Chinese offices write it, and in CNY.

    Examples
    --------
    >>> money(155_000).zh, money(155_000).en
    ('15.5 万元', 'CNY 155,000')
    """
    return Text(f"{ten_thousands(cost_cny)} 万元", f"CNY {cost_cny:,.0f}")


def cost_in_words(cost_cny: float) -> Text:
    """Return a cost as a table shows it, without its unit; a dash where it is not known."""
    return same("—") if math.isnan(cost_cny) else Text(ten_thousands(cost_cny), f"{cost_cny:,.0f}")


def total_in_words(plan: Plan) -> Text:
    """Return what a plan costs, and how many of the sites it opens are proposals whose cost is not in it."""
    opened = list(map(str, plan.solution.opened))
    unpriced = int(plan.sites.stated_costs[opened].isna().sum())
    if not unpriced:
        return money(plan.solution.cost_cny or 0.0)
    return Text(
        "{cost}（不含 {n} 个没有造价的建议点）", "{cost} (without {n} proposals whose cost is not known)"
    ).format(cost=money(plan.solution.cost_cny or 0.0), n=unpriced)


def ten_thousands(cost_cny: float) -> str:
    """Return an amount in 万元 without needless zeros.

    Examples
    --------
    >>> ten_thousands(150_000), ten_thousands(1_234_567), ten_thousands(0)
    ('15', '123.46', '0')
    """
    shown = f"{cost_cny / 10_000:,.2f}"
    return shown.rstrip("0").rstrip(".")


def walk_in_words(need: Need, walk_min: float) -> Text:
    """Return a walk in the unit of the need's standard: minutes, or metres of path.

    Examples
    --------
    >>> from planner.model import ServiceStandard, Walker
    >>> need = Need("resident_population", Walker("plain", speed_m_s=1.0), ServiceStandard(max_walk_m=500))
    >>> walk_in_words(need, 10.0).en
    '600 m'
    """
    if math.isnan(walk_min):
        return same("—")
    if need.standard.in_minutes:
        return Text("{n} 分钟", "{n} min").format(n=minutes(walk_min))
    return Text("{n} 米", "{n} m").format(n=f"{walk_min * 60 * need.walker.speed_m_s:,.0f}")
