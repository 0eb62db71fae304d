"""The tables of a comparison: one column a plan, one row a figure, a station or an assumption."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from planner.bilingual import Text, same
from planner.comparing.comparing import Comparison
from planner.comparing.side import NeedKey, Side, figure, need_words
from planner.comparing.table import Cell, Table, figure_cell, text_cell
from planner.siting import OBJECTIVES

_MEASURES = (
    ("people", Text("人数", "people"), "people"),
    ("covered", Text("覆盖人数", "people covered"), "people"),
    ("share_covered", Text("覆盖率", "share covered"), "share"),
    ("mean_walk_min", Text("平均步行（分钟）", "mean walk (min)"), "minutes"),
    ("p95_walk_min", Text("95% 的人不超过（分钟）", "95% walk no longer (min)"), "minutes"),
    ("unreachable", Text("步行无法到达", "no way at all"), "people"),
)
_DECISIONS: Mapping[str, Text] = {
    "opened": Text("新增", "new"),
    "kept": Text("保留", "kept"),
    "closed": Text("关闭", "closed"),
}
_STATUSES: Mapping[str, Text] = {
    "optimal": Text("已证明最优", "proven to be the best"),
    "feasible": Text("可用，未证明最优", "usable, not proven"),
    "infeasible": Text("无方案", "no plan"),
}


def tables_of(comparison: Comparison) -> list[Table]:
    """Return every table, the most important first."""
    made = [need_table(comparison), cost_table(comparison), station_table(comparison), assumption_table(comparison)]
    return [table for table in made if table.rows]


def need_table(comparison: Comparison) -> Table:
    """Return what each plan reaches, need by need; with two plans also the difference."""
    rows = [row for key in comparison.needs for row in _need_rows(comparison, key)]
    last = (Text("B 比 A", "B beside A"),) if len(comparison.sides) == 2 else ()
    head = (Text("指标", "Figure"), *_labels(comparison), *last)
    return Table("needs", Text("覆盖结果", "What they reach"), head, tuple(rows))


def _need_rows(comparison: Comparison, key: NeedKey) -> list[tuple[Cell, ...]]:
    need, rows = need_words(key), []
    for name, label, kind in _MEASURES:
        values = [figure(side.needs[key].get(name)) if key in side.needs else math.nan for side in comparison.sides]
        if not any(map(math.isfinite, values)):
            continue
        heading = Text("{need}：{label}", "{need}: {label}").format(need=need, label=label)
        apart = [figure_cell(values[1] - values[0], kind, signed=True)] if len(values) == 2 else []
        rows.append((text_cell(heading), *(figure_cell(value, kind) for value in values), *apart))
    return rows + _moved_rows(comparison, key, need)


def _moved_rows(comparison: Comparison, key: NeedKey, need: Text) -> list[tuple[Cell, ...]]:
    others = [comparison.moved(side, key) for side in comparison.sides[1:]]
    if not any(others):
        return []
    rows = []
    for name, label in (
        ("gained", Text("比 A 新获覆盖", "covered here, not in A")),
        ("lost", Text("比 A 失去覆盖", "covered in A, not here")),
    ):
        cells = [figure_cell(math.nan if one is None else getattr(one, name), "people") for one in others]
        heading = Text("{need}：{label}", "{need}: {label}").format(need=need, label=label)
        rows.append((text_cell(heading), text_cell("—"), *cells, *([text_cell("")] if len(others) == 1 else [])))
    return rows


def cost_table(comparison: Comparison) -> Table:
    """Return what each plan costs, and how sure it is."""
    sides = comparison.sides
    made: list[tuple[Text, Callable[[Side], Cell]]] = [
        (Text("一次性投入", "one-off cost"), lambda side: figure_cell(side.cost_cny, "money")),
        (Text("新增站点", "new stations"), lambda side: _count(side, "opened")),
        (Text("保留站点", "stations kept"), lambda side: _count(side, "kept")),
        (Text("关闭站点", "stations closed"), lambda side: _count(side, "closed")),
        (Text("性质", "what it is"), lambda side: text_cell(side.kind)),
        (Text("结论", "status"), lambda side: text_cell(_status(side))),
        (Text("目标", "objective"), lambda side: text_cell(_objective(side))),
        (Text("目标值", "objective value"), lambda side: _number(side, "objective")),
        (Text("理论界", "bound"), lambda side: _number(side, "bound")),
        (Text("差距", "gap"), lambda side: _gap(side)),
    ]
    rows = [(text_cell(label), *(cell(side) for side in sides)) for label, cell in made]
    rows = [row for row in rows if any(cell.words.en not in ("", "—", "0") for cell in row[1:])]
    title = Text("投入与可信程度", "Cost, and how sure each plan is")
    return Table("costs", title, (Text("项目", "Item"), *_labels(comparison)), tuple(rows))


def station_table(comparison: Comparison) -> Table:
    """Return every station that is open or closed in some plan: those open in all plans last."""
    sides = comparison.sides
    sites = sorted({site for side in sides for site in side.decisions})
    told = [(site, [site in side.open_sites for side in sides]) for site in sites]
    told.sort(key=lambda one: (all(one[1]), [not is_open for is_open in one[1]], one[0]))
    rows = []
    for site, is_open in told:
        decisions = [_DECISIONS.get(side.decisions.get(site, ""), same("—")) for side in sides]
        rows.append(
            (
                text_cell(f"{site} {comparison.site_name(site)}" if comparison.site_name(site) != site else site),
                text_cell(_membership(comparison, is_open)),
                *(text_cell(words, differs=not all(is_open)) for words in decisions),
            )
        )
    head = (Text("站点", "Station"), Text("开放于", "Open in"), *_labels(comparison))
    return Table("stations", Text("站点异同", "Stations in both, and in one only"), head, tuple(rows))


def _membership(comparison: Comparison, is_open: list[bool]) -> Text:
    letters = [side.letter for side, there in zip(comparison.sides, is_open, strict=True) if there]
    if not letters:
        return Text("均未开放", "none")
    if all(is_open):
        return Text("两案均有", "both") if len(is_open) == 2 else Text("各案均有", "all")
    if len(letters) == 1:
        return Text("仅 {letter}", "only {letter}").format(letter=letters[0])
    return Text("、".join(letters), ", ".join(letters))


def assumption_table(comparison: Comparison) -> Table:
    """Return the assumptions that are not the same in all plans: rules, parameters, settings, inputs by their hash."""
    told = [_assumptions(side) for side in comparison.sides]
    keys = list(dict.fromkeys(key for one in told for key in one))
    rows = []
    for key in keys:
        cells = [one.get(key) for one in told]
        if len({json.dumps(cell and cell[1], ensure_ascii=False) for cell in cells}) > 1:
            label = next(cell[0] for cell in cells if cell is not None)
            shown = [same("—") if cell is None else cell[2] for cell in cells]
            rows.append((text_cell(label), *map(text_cell, shown)))
    intro = Text("只列不同之处；其余假设相同。", "Only what differs is listed; every other assumption is the same.")
    if any(side.document.kind == "what_if" for side in comparison.sides):
        intro = Text("{intro}地图保存的试算不载假设。", "{intro} What-ifs saved by the map carry none.").format(
            intro=intro
        )
    head = (Text("假设", "Assumption"), *_labels(comparison))
    return Table("assumptions", Text("不同的假设", "Assumptions that differ"), head, tuple(rows), intro)


#: What an assumption is called, what is compared, and what is shown.
_Told = tuple[Text, Any, Text]


def _assumptions(side: Side) -> dict[str, _Told]:
    if side.document.kind == "what_if":
        return {}
    content = side.content
    told: dict[str, _Told] = {}
    for place, rule in enumerate(_mappings(content.get("rules"))):
        label = Text("约束", "constraint") if place else Text("目标", "objective")
        words = _pair(rule)
        told[f"rule.{rule.get('name')}"] = (
            Text("{label} {name}", "{label} {name}").format(label=label, name=str(rule.get("name"))),
            [words.zh, words.en],
            words,
        )
    for one in _mappings(content.get("parameters")):
        label = _pair(one.get("label")) if isinstance(one.get("label"), Mapping) else same(str(one.get("code")))
        told[f"parameter.{one.get('code')}"] = (label, one.get("value"), same(str(one.get("value"))))
    provenance = content.get("provenance")
    if isinstance(provenance, Mapping):
        told |= _provenance(provenance)
    return told


def _provenance(provenance: Mapping[str, Any]) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for one in _mappings(provenance.get("inputs")):
        path, sha256 = str(one.get("path")), str(one.get("sha256"))
        label = Text("输入文件 {path}", "input {path}").format(path=path)
        told[f"input.{path}"] = (label, sha256, same(sha256[:12]))
    overrides = provenance.get("overrides")
    for key, value in sorted(overrides.items()) if isinstance(overrides, Mapping) else ():
        told[f"override.{key}"] = (Text("设定 {key}", "set {key}").format(key=key), value, _set_to(value))
    for key, label in (
        ("crs", Text("坐标系", "coordinate system")),
        ("seed", Text("随机种子", "seed")),
        ("planner", Text("planner 版本", "version of planner")),
    ):
        told[key] = (label, provenance.get(key), same(str(provenance.get(key))))
    return told


def _set_to(value: Any) -> Text:
    return same(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _labels(comparison: Comparison) -> tuple[Text, ...]:
    return tuple(same(side.label) for side in comparison.sides)


def _mappings(given: Any) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _pair(given: Any) -> Text:
    return Text(str(given.get("zh", "")), str(given.get("en", "")))


def _count(side: Side, decision: str) -> Cell:
    return figure_cell(float(sum(one == decision for one in side.decisions.values())), "count")


def _status(side: Side) -> Text:
    if side.document.kind == "audit":
        return Text("现状", "today")
    if side.document.kind == "what_if":
        return Text("人工设定，未作证明", "set by hand, nothing proven")
    status = _STATUSES.get(str(side.solution.get("status")), same("—"))
    if side.solution.get("stopped") != "given":
        return status
    return Text("人工设定；{status}", "set by hand; {status}").format(status=status)


def _objective(side: Side) -> Text:
    name = side.solution.get("objective_name")
    if side.document.kind != "run" or not isinstance(name, str):
        return same("—")
    return next((each.label for each in OBJECTIVES if each.name == name), same(name))


def _number(side: Side, key: str) -> Cell:
    return figure_cell(figure(side.solution.get(key)), "count")


def _gap(side: Side) -> Cell:
    gap = figure(side.solution.get("gap"))
    if side.document.kind != "run" or not math.isfinite(gap):
        return Cell(same("—"), None, "share")
    return Cell(same(f"{gap:.2%}"), gap, "share")
