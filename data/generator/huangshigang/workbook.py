"""The table of buildings as an office would keep it: a title above the header, merged cells, a sheet of remarks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from generator.huangshigang.homes import COMMUNITY, HOUSEHOLDS, RESIDENTS
from generator.huangshigang.sheet import SYNTHETIC_EN, SYNTHETIC_ZH

_HEADERS = {
    "所属社区": 12,
    "所属网格": 11,
    "编号": 10,
    "小区": 18,
    "楼栋": 16,
    "层数": 7,
    "建成年份": 10,
    "户数": 8,
    "常住人口": 10,
    "60岁以上人口": 14,
    "14岁以下人口": 14,
    "经度": 12,
    "纬度": 11,
}
_COLUMNS = ("grid", "id", "compound", "name", "levels", "year_built", "households", "residents", "over_60", "under_14")
_COLUMNS += ("lon", "lat")
_FIRST_ROW = 3
#: Fixed, so that the same study gives the same file.
_CREATED = datetime(2024, 1, 1)

_REMARKS = (
    ("说明", SYNTHETIC_ZH),
    ("Remarks", SYNTHETIC_EN),
    (
        "户数合计",
        f"{HOUSEHOLDS} 户，取自公开报道；各楼分配为合成 · total from the article, division by building synthetic",
    ),
    ("常住人口合计", f"报道为“{RESIDENTS}余人”，即至少 {RESIDENTS} 人；本表按 {RESIDENTS} 分配 · at least this many"),
    (
        "楼栋",
        "60 栋居民楼，取自公开报道；位置与层数为合成 · sixty as in the article, positions and storeys synthetic",
    ),
    ("小区为空", "沿街巷的散居楼栋，没有围墙 · buildings beside the lanes, in no compound"),
    ("60岁以上、14岁以下", "年龄构成为合成，不代表实际 · the ages are synthetic"),
    ("坐标", "GCJ-02（网络地图取点），取楼栋中心 · GCJ-02, as picked on a web map, middle of each building"),
    ("建成年份", "合成，仅用于表示新旧 · synthetic"),
)


def write_workbook(homes: pd.DataFrame, path: Path) -> None:
    """Write the buildings and the sheet that explains them."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.set_properties(
            {"created": _CREATED, "title": "黄石港社区居民楼台账（合成）", "comments": SYNTHETIC_EN}
        )
        _write_buildings(workbook, homes)
        _write_remarks(workbook)


def _write_buildings(workbook: xlsxwriter.Workbook, homes: pd.DataFrame) -> None:
    sheet = workbook.add_worksheet("居民楼")
    title = workbook.add_format({"bold": True, "font_size": 14, "align": "center"})
    head = workbook.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "align": "center", "text_wrap": True})
    cell = workbook.add_format({"border": 1})
    merged = workbook.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, len(_HEADERS) - 1, f"{COMMUNITY}居民楼基本情况表（合成数据）", title)
    sheet.write(1, 0, "注：坐标为 GCJ-02；楼栋位置、年龄构成等为合成，详见“说明”表")
    sheet.write_row(2, 0, _HEADERS, head)
    for column, width in enumerate(_HEADERS.values()):
        sheet.set_column(column, column, width)
    for row, values in enumerate(
        homes[list(_COLUMNS)].astype(object).where(homes[list(_COLUMNS)].notna(), None).to_numpy().tolist(),
        start=_FIRST_ROW,
    ):
        sheet.write_row(row, 1, values, cell)
    last = _FIRST_ROW + len(homes) - 1
    sheet.merge_range(_FIRST_ROW, 0, last, 0, COMMUNITY, merged)
    _merge_runs(sheet, homes["grid"].tolist(), merged)
    sheet.write_row(last + 1, 0, ["合计"], head)
    sheet.write_row(last + 1, 7, [int(homes[name].sum()) for name in _COLUMNS[6:10]], head)
    sheet.freeze_panes(_FIRST_ROW, 5)


def _merge_runs(sheet: xlsxwriter.worksheet.Worksheet, grids: list[str], merged: object) -> None:
    start = 0
    for row in range(1, len(grids) + 1):
        if row == len(grids) or grids[row] != grids[start]:
            if row - start > 1:
                sheet.merge_range(_FIRST_ROW + start, 1, _FIRST_ROW + row - 1, 1, grids[start], merged)
            start = row


def _write_remarks(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet("说明")
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22, wrap)
    sheet.set_column(1, 1, 90, wrap)
    for row, (what, remark) in enumerate(_REMARKS):
        sheet.write_row(row, 0, [what, remark])
