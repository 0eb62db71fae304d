"""plan.xlsx: the plan's tables for a spreadsheet, and a sheet that explains each column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from planner.bilingual import Language, Text, same
from planner.coverage import SERVED_SHARE
from planner.coverage.walk_classes import classes_of
from planner.plan import Plan
from planner.report.action_rows import action_table
from planner.report.circle_tables import circle_area_table, circle_table
from planner.report.columns import Column, describe_column
from planner.report.front_sheets import write_assumptions, write_summary
from planner.report.gate_tables import gate_words
from planner.report.phase_rows import phase_table
from planner.report.sheet import FROM_FILL, TO_FILL, UNSERVED_FILL, SheetWriter
from planner.report.sheet_print import INTERNAL_USE
from planner.report.tables import alternatives_table, area_table, demand_table, in_words, station_table, unserved_table
from planner.report.worth_tables import different_table, frontier_table, station_worth_table, step_table

#: Workbooks carry the time they were made; ours do not, so that the same plan gives the same bytes.
FIXED_DATE = datetime(2000, 1, 1)
_SUBJECT = Text("驿站步行可达性与选址", "stations within walking distance, and where the next ones should go")

#: As an official reads: what is decided, where it falls short, then the details.
_SHEETS: tuple[tuple[Text, Callable[[Plan], pd.DataFrame]], ...] = (
    (Text("站点", "stations"), lambda plan: _stations(plan)),
    (Text("分网格", "by grid"), lambda plan: area_table(plan, "grid").reset_index()),
    (Text("分社区", "by community"), lambda plan: area_table(plan, "community").reset_index(drop=True)),
    (Text("未覆盖名单", "not covered"), unserved_table),
    (Text("分小区", "by compound"), lambda plan: area_table(plan, "compound").reset_index(drop=True)),
    (Text("需求点", "demand"), lambda plan: _plain(demand_table(plan))),
)

#: Only where stations were chosen; each where it holds something.
_WORTH: tuple[tuple[Text, Callable[[Plan], pd.DataFrame]], ...] = (
    (Text("驿站价值", "stations' worth"), station_worth_table),
    (Text("增减一步", "next steps"), step_table),
    (Text("其他方案", "other plans"), different_table),
    (Text("投入与覆盖", "frontiers"), frontier_table),
)

#: The check-up of the life circle; each where it holds something.
_CIRCLE: tuple[tuple[Text, Callable[[Plan], pd.DataFrame]], ...] = (
    (Text("生活圈体检", "life circle"), circle_table),
    (Text("体检短板", "life circle gaps"), circle_area_table),
)

#: Only where the plan has changes of the streets.
_ALTERNATIVES = ((Text("路网变更比较", "changes compared"), alternatives_table),)


def write_workbook(plan: Plan, path: str | Path, language: Language = "zh") -> None:
    """Write the workbook: summary, stations, demand, areas, who is not covered, assumptions, and the columns explained.

    Cells hold what they are: a name that begins with `=` or looks like an address stays text. The same plan gives the
    same bytes.

    Parameters
    ----------
    plan : Plan
    path : path
        Replaced if it exists.
    language : str
        Of headers and words; the last sheet explains every column in both languages.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        writer = SheetWriter(workbook, language, plan.config.name)
        about = {"title": plan.config.name, "subject": writer.say(_SUBJECT), "comments": writer.say(INTERNAL_USE)}
        workbook.set_properties(about | {"created": FIXED_DATE})
        write_summary(writer, plan)
        actions = [(Text("站点行动", "actions"), action_table)] if plan.rebuilds else []
        phases = [(Text("分期", "phases"), phase_table)] if plan.programme is not None else []
        compared = _ALTERNATIVES if plan.alternatives is not None else ()
        sheets = [*_SHEETS[:1], *actions, *phases, *_SHEETS[1:], *compared]
        if plan.life_circle is not None:
            sheets += [each for each in _CIRCLE if len(each[1](plan))]
        if plan.worth is not None:
            sheets += [each for each in _WORTH if len(each[1](plan))]
        if plan.gates is not None:
            sheets.append((Text("出入口", "gates"), lambda plan: gate_words(plan, language)))
        explained = [(title, _write_sheet(writer, plan, title, make(plan))) for title, make in sheets]
        write_assumptions(writer, plan)
        _write_explanation(writer, explained, plan)


def _stations(plan: Plan) -> pd.DataFrame:
    table = _plain(station_table(plan))
    table.insert(list(table.columns).index("cost_cny"), "cost_10k_cny", table["cost_cny"] / 10_000)
    return table


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(table.drop(columns="geometry").reset_index())


def _write_sheet(writer: SheetWriter, plan: Plan, title: Text, table: pd.DataFrame) -> list[Column]:
    columns = [describe_column(str(name), plan.needs) for name in table.columns]
    words = _class_words(in_words(table, writer.language), plan, writer)
    sheet = writer.add_sheet(title)
    writer.write_table(sheet, words, columns)
    writer.finish_table(sheet, words, columns)
    for place, column in enumerate(columns):
        if column.kind == "minutes" and column.name[-1].isdigit():
            classes = classes_of(plan.after.needs[int(column.name.rpartition("_")[2]) - 1])
            writer.colour_walks(sheet, place, len(words), classes, column.name.startswith("walk_min"))
        elif column.name.startswith("share_covered"):
            writer.colour_shares(sheet, place, len(words))
    return columns


def _class_words(table: pd.DataFrame, plan: Plan, writer: SheetWriter) -> pd.DataFrame:
    for number, measured in enumerate(plan.after.needs, start=1):
        name = f"walk_class_after_{number}"
        if name in table.columns:
            labels = {one.code: writer.say(one.label) for one in classes_of(measured)}
            table[name] = np.array([labels[code] for code in table[name]], dtype=object)
    return table


def _write_explanation(writer: SheetWriter, explained: list[tuple[Text, list[Column]]], plan: Plan) -> None:
    rows = [
        (
            writer.say(title),
            writer.header(column),
            column.name,
            writer.say(column.unit),
            column.meaning.zh,
            column.meaning.en,
        )
        for title, columns in explained
        for column in columns
    ]
    heads = [
        ("sheet", Text("工作表", "sheet")),
        ("header", Text("列标题", "header")),
        ("name", Text("机器名", "machine name")),
        ("unit", Text("单位", "unit")),
        ("meaning_zh", same("含义（中文）")),
        ("meaning_en", same("meaning (English)")),
    ]
    columns = [Column(name, header, same(""), same("")) for name, header in heads]
    table = pd.DataFrame(rows, columns=[column.name for column in columns])
    sheet = writer.add_sheet(Text("列说明", "columns"))
    below = writer.write_table(sheet, table, columns)
    writer.finish_table(sheet, table, columns)
    sheet.set_column(4, 5, 60)
    _write_colours(writer, sheet, plan, below + 1)


def _write_colours(writer: SheetWriter, sheet: Any, plan: Plan, top: int) -> None:
    """Say below the columns what the colours of the other sheets mean."""
    sheet.write_string(top, 0, writer.say(Text("颜色", "colours")), writer.style(bold=True))
    shades = [
        (UNSERVED_FILL, Text("覆盖率不足 {n}", "share covered below {n}").format(n=f"{SERVED_SHARE:.0%}")),
        (
            FROM_FILL,
            Text("覆盖率 {n}，越高颜色越深", "share covered {n}, darker where it is more").format(
                n=f"{SERVED_SHARE:.0%}"
            ),
        ),
        (TO_FILL, Text("覆盖率 100%", "share covered 100%")),
    ]
    for number, measured in enumerate(plan.after.needs, start=1):
        walks = Text("需求{k}：步行{walk}", "need {k}: walk {walk}")
        shades += [(one.colour, walks.format(k=number, walk=one.label)) for one in classes_of(measured)]
    for row, (colour, words) in enumerate(shades, start=top + 1):
        sheet.write_blank(row, 0, None, writer.style(bg_color=colour, border=1, border_color="#8a9499"))
        sheet.write_string(row, 1, writer.say(words), writer.style())
