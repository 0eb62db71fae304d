"""The sheets of the workbook that speak in sentences: the summary, and what the result rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from planner.bilingual import Text, same
from planner.coverage import street_sentences
from planner.model import STATUS_LABELS, Note
from planner.plan import Plan
from planner.report.action_rows import action_sentences
from planner.report.columns import Column, describe_column
from planner.report.machine import crs_name, installed_version, relative_path
from planner.report.sheet import SheetWriter
from planner.report.tables import in_words, need_table, station_table
from planner.report.width import display_width
from planner.report.words import constraint_label, objective_label, rule_in_words, status_sentence


def write_summary(writer: SheetWriter, plan: Plan) -> None:
    """Write the first sheet: the headline, each need before and after, and how sure the plan is."""
    sheet = writer.add_sheet(Text("摘要", "summary"))
    sheet.set_column(0, 0, _FIRST_WIDTH)
    sheet.set_column(1, 20, _WIDTH)
    sheet.write_string(0, 0, plan.config.name, writer.style(bold=True, font_size=16))
    _write_wrapped(sheet, 1, 0, writer.say(plan.headline), writer.style(font_size=12, **_WRAPPED))
    row = 2
    if plan.synthetic is not None:
        words = Text("合成数据：{what}", "Synthetic: {what}").format(what=plan.synthetic)
        _write_wrapped(sheet, row, 0, writer.say(words), writer.style(bold=True, font_color="#bd4b12", **_WRAPPED))
        row += 1
    row = _write_needs(writer, sheet, plan, row + 1)
    for label, value in _facts(plan):
        sheet.write_string(row, 0, writer.say(label), writer.style(bold=True))
        _write_fact(writer, sheet, row, value)
        row += 1


def write_assumptions(writer: SheetWriter, plan: Plan) -> None:
    """Write what the result rests on: warnings, assumptions, streets, parameters with their sources, and the inputs."""
    sheet = writer.add_sheet(Text("假设与参数", "assumptions"))
    for place, width in enumerate((30, 60, 60, 18)):
        sheet.set_column(place, place, width)
    row = _write_notes(writer, sheet, plan.notes, 0)
    row = _write_streets(writer, sheet, plan, row + 1)
    row = _write_parameters(writer, sheet, plan, row + 1)
    _write_provenance(writer, sheet, plan, row + 1)


def _write_needs(writer: SheetWriter, sheet: Any, plan: Plan, top: int) -> int:
    """Write the needs side by side, one measure a row."""
    table = in_words(need_table(plan).reset_index(), writer.language)
    header = writer.style(bold=True, bg_color="#14466b", font_color="#ffffff", text_wrap=True)
    sheet.write_string(top, 0, writer.say(Text("服务需求", "need")), header)
    for place in range(len(table)):
        sheet.write_string(top, place + 1, writer.say(Text("需求 {n}", "need {n}").format(n=place + 1)), header)
    for name in table.columns[1:]:
        top += 1
        column = describe_column(str(name))
        sheet.write_string(top, 0, writer.header(column), writer.style())
        for place, value in enumerate(table[name]):
            one = pd.Series([value])
            writer.write_column(sheet, one, column, top, place + 1)
    return top + 2


def _facts(plan: Plan) -> Iterable[tuple[Text, Text | float]]:
    solution, stations = plan.solution, station_table(plan)
    yield Text("结论", "status"), status_sentence(plan)
    if plan.command == "run":
        yield Text("目标", "objective"), objective_label(plan)
        yield Text("目标值", "objective value"), solution.objective
        if solution.objective_today is not None:
            yield Text("目标值（现状）", "objective value today"), solution.objective_today
        yield Text("理论上限（下限）", "bound"), solution.bound
        yield Text("差距", "gap"), same(f"{solution.gap:.2%}" if math.isfinite(solution.gap) else "—")
        for one in plan.config.constraints:
            yield Text("约束", "constraint"), constraint_label(one.name, one.parameters)
        for rule in plan.rules[1:]:
            yield Text("约束的余量", "what a constraint leaves"), rule_in_words(rule)
    for decision, label in _COUNTED:
        chosen = stations[stations["decision"] == decision]
        if decision in ("opened", "kept") or len(chosen):
            yield label, float(len(chosen))
    for sentence in action_sentences(plan):
        yield Text("行动", "action"), sentence
    yield Text("一次性投入（万元）", "one-off cost (10,000 CNY)"), (solution.cost_cny or 0.0) / 1e4
    yield Text("一次性投入（元）", "one-off cost (CNY)"), solution.cost_cny or 0.0
    yield Text("坐标系", "coordinate system"), same(crs_name(plan))
    yield (
        Text("用途", "use"),
        Text("内部工作用图，不作为公开出版用图", "internal working document, not for publication"),
    )


_COUNTED = (
    ("opened", Text("新增站点", "new stations")),
    ("kept", Text("保留站点", "stations kept")),
    ("closed", Text("关闭站点", "stations closed")),
)


def _write_fact(writer: SheetWriter, sheet: Any, row: int, value: Text | float) -> None:
    if isinstance(value, Text):
        _write_wrapped(sheet, row, 1, writer.say(value), writer.style(**_WRAPPED))
    elif math.isfinite(value):
        number_format = "#,##0" if value == round(value) else "#,##0.00"
        sheet.write_number(row, 1, value, writer.style(num_format=number_format, align="left"))
    else:
        sheet.write_string(row, 1, "—", writer.style())


def _write_wrapped(sheet: Any, row: int, first: int, words: str, style: Any) -> None:
    """Write a sentence over the columns of a sheet of paper, its row as high as it needs: merged cells do not grow."""
    width = (_LAST - max(first, 1) + 1) * _WIDTH + (_FIRST_WIDTH if first == 0 else 0)
    lines = math.ceil(1.1 * display_width(words) / width)
    sheet.merge_range(row, first, row, _LAST, "", style)
    sheet.write_string(row, first, words, style)
    if lines > 1:
        sheet.set_row(row, _LINE_HEIGHT * lines)


_WRAPPED: dict[str, Any] = {"text_wrap": True, "valign": "top"}
_FIRST_WIDTH, _WIDTH, _LAST = 26, 14, 6
_LINE_HEIGHT = 17


def _write_notes(writer: SheetWriter, sheet: Any, notes: tuple[Note, ...], top: int) -> int:
    levels = {"warning": Text("注意", "warning"), "assumption": Text("假设", "assumption")}
    ordered = sorted(notes, key=lambda note: note.level != "warning")
    rows = [(levels[note.level], note.text, same("; ".join(note.examples))) for note in ordered]
    heads = (Text("类别", "kind"), Text("说明", "note"), Text("例", "examples"))
    return _write_rows(writer, sheet, heads, rows, top)


def _write_streets(writer: SheetWriter, sheet: Any, plan: Plan, top: int) -> int:
    if plan.streets is None:
        return top - 1
    rows = [(sentence,) for sentence in street_sentences(plan.streets)]
    return _write_rows(writer, sheet, (Text("路网数据", "street data"),), rows, top)


def _write_parameters(writer: SheetWriter, sheet: Any, plan: Plan, top: int) -> int:
    rows = [(one.label, one.shown, one.source, STATUS_LABELS[one.status]) for one in plan.parameters]
    heads = (Text("参数", "parameter"), Text("取值", "value"), Text("来源", "source"), Text("核实状态", "checked?"))
    return _write_rows(writer, sheet, heads, rows, top)


def _write_provenance(writer: SheetWriter, sheet: Any, plan: Plan, top: int) -> None:
    rows = [(same(relative_path(one.path, plan.config.folder)), same(one.sha256)) for one in plan.inputs]
    top = _write_rows(writer, sheet, (Text("输入文件", "input file"), same("SHA-256")), rows, top)
    sheet.write_string(top + 1, 0, f"planner {installed_version('station-planner')}", writer.style())


def _write_rows(writer: SheetWriter, sheet: Any, heads: tuple[Text, ...], rows: list[Any], top: int) -> int:
    columns = [Column(str(place), head, same(""), same("")) for place, head in enumerate(heads)]
    table = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    return writer.write_table(sheet, table.map(writer.shown), columns, top)
