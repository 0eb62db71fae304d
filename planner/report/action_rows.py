"""What a plan does to stations of today, told: each expansion, merger, move, shared venue and closing."""

from __future__ import annotations

import math

import pandas as pd

from planner.bilingual import Text, same
from planner.model import Action
from planner.model.actions import REBUILDING
from planner.model.labels import functions_label
from planner.plan import Plan
from planner.report.words import money

#: What is compared: the column of the sites.
_AMOUNTS = ("capacity", "floor_area_m2")


def action_table(plan: Plan) -> pd.DataFrame:
    """Return one row an action with cost, and capacity, floor area and functions before and after, in order of id.

    Before is what the stations that it replaces have together; what is closed has nothing after, what is only opened
    nothing before.
    """
    columns = ["action", "site_id", "name", "replaces", "cost_10k_cny"]
    columns += [f"{amount}_{when}" for amount in _AMOUNTS for when in ("before", "after")]
    rows = [_row(plan, action) for action in plan.solution.actions]
    return pd.DataFrame(rows, columns=[*columns, "functions_before", "functions_after"])


def _row(plan: Plan, action: Action) -> dict[str, object]:
    sites, closes = plan.sites.table, action.action == "close"
    before = [str(site) for site in ((action.site,) if closes else action.replaces)]
    after = [] if closes else [str(action.site)]
    row: dict[str, object] = {
        "action": action.action,
        "site_id": str(action.site),
        "name": str(sites.at[str(action.site), "name"]),
        "replaces": "、".join(str(sites.at[str(site), "name"]) for site in action.replaces),
        "cost_10k_cny": math.nan if action.cost_cny is None else action.cost_cny / 10_000,
    }
    for amount in _AMOUNTS:
        row[f"{amount}_before"] = _total(sites, before, amount)
        row[f"{amount}_after"] = _total(sites, after, amount)
    codes = dict.fromkeys(code for site in before for code in str(sites.at[site, "functions"]).split(";"))
    row["functions_before"] = functions_label(";".join(codes)) if before else same("")
    row["functions_after"] = functions_label(str(sites.at[after[0], "functions"])) if after else same("")
    return row


def _total(sites: pd.DataFrame, chosen: list[str], column: str) -> float:
    """Return the sum over some sites; missing where one of them is not known, or where there are none."""
    if column not in sites or not chosen:
        return math.nan
    return math.fsum(pd.to_numeric(sites.loc[chosen, column], errors="coerce"))


def counted_actions(plan: Plan) -> Text:
    """Return how many stations are new, expanded, merged, moved, kept and closed, in one line without its end."""
    actions = plan.solution.actions
    merged = [action for action in actions if action.action == "merge"]
    counts = {kind: sum(action.action == kind for action in actions) for kind in ("expand", "move", "close")}
    into = [action for action in actions if action.action == "share" and action.replaces]
    added = len(plan.solution.opened) - counts["expand"] - counts["move"] - len(merged) - len(into)
    closed = len(plan.solution.closed) - sum(len(action.replaces) for action in actions)
    parts = [
        Text("新增 {n} 座", "new stations: {n}").format(n=added),
        Text("扩建 {n} 座", "expanded: {n}").format(n=counts["expand"]) if counts["expand"] else None,
        _merged_part(merged),
        Text("迁建 {n} 座", "moved: {n}").format(n=counts["move"]) if counts["move"] else None,
        Text("迁入共享场所 {n} 座", "moved into shared venues: {n}").format(n=len(into)) if into else None,
        Text("保留 {n} 座", "kept: {n}").format(n=len(plan.solution.kept)),
        Text("关闭 {n} 座", "closed: {n}").format(n=closed) if closed else None,
    ]
    said = [part for part in parts if part is not None]
    return Text("，".join(part.zh for part in said), "; ".join(part.en for part in said))


def _merged_part(merged: list[Action]) -> Text | None:
    if not merged:
        return None
    many = sum(len(action.replaces) for action in merged)
    return Text("{many} 座合并为 {n} 座", "merged: {many} into {n}").format(many=many, n=len(merged))


def action_sentences(plan: Plan) -> list[Text]:
    """Return a sentence for each station that is expanded, merged, moved or shared, with what it costs."""
    names, sentences = plan.sites.table["name"], []
    for action in plan.solution.actions:
        words = plan.action_words(str(action.site))
        if action.action in REBUILDING and words is not None:
            sentence = Text("「{name}」{words}，投入 {cost}", "“{name}” {words}, {cost}")
            cost = same("—") if action.cost_cny is None else money(action.cost_cny)
            sentences.append(sentence.format(name=names[str(action.site)], words=words, cost=cost))
    return sentences
