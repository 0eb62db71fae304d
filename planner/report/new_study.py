"""A study to fill in: a commented plan file, and an empty workbook with its columns explained."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from planner.bilingual import Text, same
from planner.errors import Fault, InputError
from planner.report.whole_files import write_files
from planner.schema import TABLES, Column, TableName

_SHEETS: dict[str, tuple[TableName, tuple[str, ...]]] = {
    "小区": (
        "demand",
        (
            *("id", "compound", "building_name", "grid", "community"),
            *("households", "resident_population", "elderly_population", "children_population", "x", "y"),
        ),
    ),
    "站点": ("sites", ("id", "name", "status", "x", "y", "cost_cny", "floor_area_m2", "functions", "acquisition")),
}
_UNITS = {"cost_cny": "（万元）", "floor_area_m2": "（㎡）"}
_EXPLAINED = {
    "id": Text("每行一个，不重复；可空", "one a row, never twice; may be left empty"),
    "x": Text("十进制度", "decimal degrees"),
    "y": Text("十进制度", "decimal degrees"),
    "status": Text(
        "必填：现有、在建、必选、候选或不可用",
        "required: existing, under_construction, required, candidate or excluded",
    ),
    "cost_cny": Text("空为 0 万元", "left empty, it costs nothing"),
    "resident_population": Text(
        "必填；没有人口数时，在 plan.toml 的 needs 中改用 households",
        "required; without it, let the needs of plan.toml ask for households",
    ),
    "functions": Text("用顿号分隔，如：居家养老、儿童之家；可空", "separated by 、; may be left empty"),
    "households": Text("不确定时可写“300多户”，按下限计", "“300多户” is read as at least 300"),
}


def write_new_study(folder: Path) -> tuple[Path, ...]:
    """Write `plan.toml` and `study.xlsx` into a folder that holds neither; the study is called what the folder is.

    Raises
    ------
    InputError
        If one of them is there already.
    """
    present = [name for name in ("plan.toml", "study.xlsx") if (folder / name).exists()]
    if present:
        raise InputError(
            Text("文件夹中已有研究，未改动。", "The folder holds a study already; nothing was changed."),
            [Fault(str(folder / name), same(name), Text("没有同名文件", "no file of that name")) for name in present],
        )
    template = resources.files("planner.report").joinpath("new_plan.toml").read_text(encoding="utf-8")
    text = template.replace('"街道或社区名称"', json.dumps(folder.resolve().name, ensure_ascii=False), 1)
    return write_files(
        folder,
        {
            "plan.toml": lambda file: file.write_text(text, encoding="utf-8"),
            "study.xlsx": _write_workbook,
        },
    )


def _write_workbook(file: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(file) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for sheet_name, (table, names) in _SHEETS.items():
            sheet = book.add_worksheet(sheet_name)
            for place, column in enumerate(_columns(table, names)):
                sheet.write_string(0, place, _header(column), bold)
            sheet.set_column(0, len(names) - 1, 16)
            sheet.freeze_panes(1, 0)
        _explain(book.add_worksheet("说明"), bold)


def _explain(sheet: object, bold: object) -> None:
    rows: list[tuple[str, ...]] = [("工作表", "列", "meaning", "填写说明", "how to fill it in")]
    for sheet_name, (table, names) in _SHEETS.items():
        for column in _columns(table, names):
            hint = _EXPLAINED.get(column.name, same(""))
            rows.append((sheet_name, _header(column), column.label.en, hint.zh, hint.en))
    for row, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, bold if row == 0 else None)  # type: ignore[attr-defined]
    sheet.set_column(0, 4, 28)  # type: ignore[attr-defined]


def _columns(table: TableName, names: Iterable[str]) -> list[Column]:
    known = {column.name: column for column in TABLES[table]}
    return [known[name] for name in names]


def _header(column: Column) -> str:
    return column.synonyms[0] + _UNITS.get(column.name, "")
