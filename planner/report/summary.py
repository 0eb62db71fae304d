"""The short answer for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from planner.bilingual import Language, Text, same
from planner.coverage import NeedCoverage
from planner.model.figures import people as count_of_people
from planner.model.figures import percent
from planner.plan import Plan
from planner.report.action_rows import counted_actions
from planner.report.columns import need_label
from planner.report.tables import need_pairs, station_table
from planner.report.width import display_width, pad, shorten
from planner.report.words import (
    cost_in_words,
    decision_of,
    money,
    objective_sentence,
    status_sentence,
    total_in_words,
    walk_in_words,
)

_MOST_STATIONS = 8
_MOST_WARNINGS = 4
_MOST_GRIDS = 6
_WIDEST_NAME = 36


def summary_text(plan: Plan, language: Language, files: Sequence[Path] = ()) -> str:
    """Return the answer in about 25 lines of plain text: what is reached, what opens, how sure it is.

    Parameters
    ----------
    plan : Plan
    language : str
    files : sequence of Path, optional
        What was written; named at the end.
    """
    blocks = [
        [plan.config.name, plan.headline.in_language(language)],
        _needs(plan, language),
        _stations(plan, language),
        [*_wish(plan, language), status_sentence(plan).in_language(language), *_grids(plan, language)],
        _warnings(plan, language),
        _files(files, language),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _wish(plan: Plan, language: Language) -> list[str]:
    sentence = objective_sentence(plan)
    return [] if sentence is None else [sentence.in_language(language)]


def _needs(plan: Plan, language: Language) -> list[str]:
    rows = [[need_label(after.need), *_need_figures(before, after, plan)] for _, before, after in need_pairs(plan)]
    return _aligned([[cell.in_language(language) for cell in row] for row in rows])


def _need_figures(before: NeedCoverage, after: NeedCoverage, plan: Plan) -> list[Text]:
    share = percent(after.share_covered)
    if plan.command == "run":
        share = f"{percent(before.share_covered)} → {share}"
    values = {
        "share": share,
        "covered": count_of_people(after.covered),
        "people": count_of_people(after.people),
        "mean": walk_in_words(after.need, after.mean_walk_min),
        "longest": walk_in_words(after.need, after.longest_walk_min),
        "unreachable": count_of_people(after.unreachable),
    }
    figures = [
        Text("覆盖 {share}（{covered} / {people}）", "covered {share} ({covered} of {people})"),
        Text("平均 {mean}", "mean {mean}"),
        Text("最长 {longest}", "longest {longest}"),
    ]
    if after.unreachable > 0:
        figures.append(Text("步行无法到达 {unreachable} 人", "no way at all for {unreachable}"))
    return [figure.format(**values) for figure in figures]


def _stations(plan: Plan, language: Language) -> list[str]:
    if plan.command == "audit":
        count = len(plan.before.open_sites)
        return [Text("现状开放驿站 {n} 座", "stations open today: {n}").format(n=count).in_language(language)]
    table = station_table(plan)
    opened = table[table["decision"] == "opened"]
    replaced = {str(site) for action in plan.solution.actions for site in action.replaces}
    closed = table[(table["decision"] == "closed") & ~table.index.isin(replaced)]
    counted = counted_actions(plan) if plan.rebuilds else _NEW.format(n=len(opened))
    total = Text("{counted}，一次性投入 {cost}", "{counted}, one-off cost {cost}").format(
        counted=counted, cost=total_in_words(plan)
    )
    rows = [
        [f"  {site}", shorten(_name(row, str(site)), _WIDEST_NAME), _of_station(row).in_language(language), words]
        for site, row in opened.head(_MOST_STATIONS).iterrows()
        for words in [(plan.action_words(str(site)) or same("")).in_language(language)]
    ]
    lines = [total.in_language(language), *_aligned(rows), *_more(len(opened) - _MOST_STATIONS, language)]
    if len(closed):
        names = [_name(row, str(site)) for site, row in closed.head(_MOST_STATIONS).iterrows()]
        lines.append(_listed(Text("关闭", "closed"), names, len(closed), language))
    return lines


def _of_station(row: pd.Series) -> Text:
    """Return what a new station costs; of a proposal also that it is one."""
    cost = cost_in_words(row["cost_cny"]) if math.isnan(row["cost_cny"]) else money(row["cost_cny"])
    if not row["proposed"]:
        return cost
    return Text("{cost}  {what}", "{cost}  {what}").format(cost=cost, what=decision_of(row))


_NEW = Text("新增 {n} 座", "new stations: {n}")


def _grids(plan: Plan, language: Language) -> list[str]:
    unserved = plan.after.unserved_grids
    if plan.after.grids is None:
        return []
    if not unserved:
        return [Text("没有空白网格。", "No grid is left unserved.").in_language(language)]
    names = [str(name) for name in plan.after.grids.loc[list(unserved), "name"]][:_MOST_GRIDS]
    label = Text("空白网格（{before} → {after}）", "unserved grids ({before} → {after})")
    if plan.command == "audit":
        label = Text("空白网格（{after}）", "unserved grids ({after})")
    label = label.format(before=len(plan.before.unserved_grids), after=len(unserved))
    return [_listed(label, names, len(unserved), language)]


def _warnings(plan: Plan, language: Language) -> list[str]:
    warnings = [note for note in plan.notes if note.level == "warning"]
    mark = Text("注意：", "Warning: ").in_language(language)
    lines = [mark + note.in_full.in_language(language) for note in warnings[:_MOST_WARNINGS]]
    if plan.synthetic is not None:
        lines.insert(0, Text("合成数据：", "Synthetic: ").in_language(language) + plan.synthetic.in_language(language))
    return lines + _more(len(warnings) - _MOST_WARNINGS, language)


def _files(files: Sequence[Path], language: Language) -> list[str]:
    if not files:
        return []
    names = ", ".join(file.name for file in files)
    label = Text("已写入 {folder}：{names}", "Written to {folder}: {names}")
    return [label.format(folder=files[0].parent, names=names).in_language(language)]


def _listed(label: Text, names: Sequence[str], count: int, language: Language) -> str:
    joint, colon = ("、", "：") if language == "zh" else (", ", ": ")
    rest = _more(count - len(names), language)
    return label.in_language(language) + colon + joint.join(names) + ("".join(rest).rstrip() if rest else "")


def _more(count: int, language: Language) -> list[str]:
    if count <= 0:
        return []
    return ["  " + Text("……另有 {n} 项", "… and {n} more").format(n=count).in_language(language)]


def _name(row: pd.Series, site: str) -> str:
    name = site if pd.isna(row["name"]) else str(row["name"])
    return "".join(character if character.isprintable() else " " for character in name)


def _aligned(rows: list[list[str]]) -> list[str]:
    columns = max((len(row) for row in rows), default=0)
    widths = [max(display_width(row[place]) for row in rows if place < len(row)) for place in range(columns)]
    return ["  ".join(pad(cell, widths[place]) for place, cell in enumerate(row)).rstrip() for row in rows]
