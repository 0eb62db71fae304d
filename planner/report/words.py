"""Sentences about a plan: how sure it is, what became of a site, what was asked of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.bilingual import Text, same
from planner.model import Need
from planner.model.figures import minutes, money, ten_thousands
from planner.plan import Plan
from planner.report.columns import need_label
from planner.siting import CONSTRAINTS, Objective, ToldRule, objective_from
from planner.siting.objectives import InOrder, MaxCoverage

__all__ = [
    "constraint_label",
    "cost_in_words",
    "decision_label",
    "money",
    "objective_label",
    "objective_sentence",
    "status_sentence",
    "ten_thousands",
    "total_in_words",
    "walk_in_words",
]

_DECISIONS: Mapping[str, Text] = {
    "opened": Text("新增", "new"),
    "kept": Text("保留", "kept"),
    "closed": Text("关闭", "closed"),
    "not_chosen": Text("未选", "not chosen"),
    "excluded": Text("不可用", "excluded"),
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
    "new_at_most": Text("至多新增 {value} 座", "at most {value} new"),
    "new_at_least": Text("至少新增 {value} 座", "at least {value} new"),
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
    if isinstance(objective, InOrder):
        return _steps_in_words(plan, objective)
    value = objective.figure_in_words(solution.objective, plan.needs)
    today = same("")
    if objective.has_today and solution.objective_today is not None:
        today = Text("，现状 {value}", "; today {value}").format(
            value=objective.figure_in_words(solution.objective_today, plan.needs)
        )
    return Text(
        "目标：{label}。结果 {value}{today}{weighed}。", "Objective: {label}. Result: {value}{today}{weighed}."
    ).format(
        label=objective_label(plan),
        value=value,
        today=today,
        weighed=_weights_in_words(plan, objective),
    )


def _weights_in_words(plan: Plan, objective: Objective) -> Text:
    """Tell what each need counts, where they are added up and do not count the same."""
    if not objective.adds_up_needs or {need.weight for need in plan.needs} == {1.0}:
        return same("")
    each = [
        Text("{need} {weight}", "{need} {weight}").format(need=need_label(need), weight=f"{need.weight:g}")
        for need in plan.needs
    ]
    return Text("，各项需求按权重合计（{each}）", ", needs added up by weight ({each})").format(
        each=Text("、".join(one.zh for one in each), "; ".join(one.en for one in each))
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


_BINDING: Mapping[bool | None, Text] = {
    True: Text("已到限", "at its limit"),
    False: Text("未到限", "not at its limit"),
    None: Text("未作判断", "not told"),
}


def binding_in_words(rule: ToldRule) -> Text:
    """Return whether a rule binds, and what it leaves."""
    if not rule.is_kept:
        return Text("未满足", "not met")
    words = _BINDING[rule.binding]
    if rule.left is None:
        return words
    return Text("{words}（{left}）", "{words} ({left})").format(words=words, left=rule.left)


def rule_for_readers(rule: ToldRule) -> Text:
    """Return what a rule asks under its label, without its name in the plan file."""
    asks = Text(
        rule.words.zh.removeprefix(rule.name).strip().removeprefix("要求"),
        rule.words.en.removeprefix(rule.name).strip(),
    )
    return Text("{label}：{asks}", "{label}: {asks}").format(
        label=_CONSTRAINTS.get(rule.name) or _label_of(rule.name), asks=asks
    )


def rule_in_words(rule: ToldRule) -> Text:
    """Return what a rule asks, whether it binds and what it leaves."""
    return Text("{asks}：{binding}", "{asks}: {binding}").format(asks=rule.words, binding=binding_in_words(rule))


_STEP_ENDS: Mapping[str, Text] = {
    "proven": Text("已证明", "proven"),
    "gap": Text("达到设定的差距", "to the gap asked for"),
    "time_limit": Text("未证明", "not proven"),
    "interrupted": Text("未证明", "not proven"),
    "skipped": Text("时限内未及优化", "time was up before it"),
    "given": Text("按给定站点", "with the stations given"),
}


def _steps_in_words(plan: Plan, objective: InOrder) -> Text:
    """Tell each of several objectives with its figure, that of today, and whether it is proven."""
    told = []
    for wish, step in zip(objective.steps, plan.solution.steps, strict=True):
        today = same("")
        if wish.has_today and step.objective_today is not None:
            today = Text("，现状 {value}", "; today {value}").format(
                value=wish.figure_in_words(step.objective_today, plan.needs)
            )
        told.append(
            Text("{label} {value}{today}，{end}", "{label}: {value}{today}; {end}").format(
                label=wish.label,
                value=wish.figure_in_words(step.objective, plan.needs),
                today=today,
                end=_STEP_ENDS[step.stopped],
            )
        )
    numbered = [Text("（{n}）{one}", "({n}) {one}").format(n=n, one=one) for n, one in enumerate(told, 1)]
    return Text("目标依次为：{all}{weighed}。", "Aims in order: {all}{weighed}.").format(
        weighed=_weights_in_words(plan, objective),
        all=Text("；".join(one.zh for one in numbered), ". ".join(one.en for one in numbered)),
    )


def status_sentence(plan: Plan) -> Text:
    """Return how sure the plan is: proven, or how much better another one could be at most.

    "Proven" is said only of a solution whose status is `optimal`.
    """
    return plan.certificate


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
