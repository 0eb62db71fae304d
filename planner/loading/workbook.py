"""XLSX as planners write it: titles, merged headers, merged cells of 街道 and 社区."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from planner.bilingual import Text, same
from planner.config import LayerConfig
from planner.errors import Fault, TableError
from planner.loading.numbers import is_blank, parse_number
from planner.loading.raw import RawTable
from planner.loading.sheet import Header, Merged, find_header, table_from_cells
from planner.model import Note
from planner.schema import LEVELS, TABLES, normalise

_OLE_FILE = b"\xd0\xcf\x11\xe0"


def read_workbook(path: Path, layer: LayerConfig) -> RawTable:
    """Read one sheet of a workbook: the one the plan names, or the first visible one."""
    sheet, names = _open_sheet(path, layer)
    merges = [_bounds(merge) for merge in sheet.merged_cells.ranges]
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    while cells and all(is_blank(cell) for cell in cells[-1]):
        cells.pop()
    _refuse_formulas_without_values(path, layer, sheet.title)
    header = find_header(layer.source, cells, merges, layer.columns.values())
    filled, faults = _fill_merged(cells, merges, header, layer)
    raw = table_from_cells(layer.source, cells, header)
    notes = raw.notes + filled
    if layer.layer is None and len(names) > 1:
        notes += (_first_sheet_note(layer.source, sheet.title, len(names)),)
    return RawTable(raw.source, raw.table, notes=notes, faults=faults)


def _open_sheet(path: Path, layer: LayerConfig) -> tuple[Any, list[str]]:
    import openpyxl

    if path.read_bytes()[:4] == _OLE_FILE:
        raise _refused(
            layer.path,
            Text("有密码保护，或是旧式 .xls", "protected by a password, or an old .xls"),
            Text("取消密码、另存为 .xlsx", "no password, saved as .xlsx"),
        )
    try:
        workbook = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        raise _refused(layer.path, same(f"{type(error).__name__}: {error}"[:120]), same(".xlsx")) from None
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if layer.layer is not None:
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}  # a sheet that is a chart holds no rows
        if layer.layer not in sheets:
            raise _refused(
                layer.path,
                Text("没有工作表「{name}」", "no sheet “{name}”").format(name=layer.layer),
                same(", ".join(sheets)),
            )
        return sheets[layer.layer], list(sheets)
    filled = [sheet for sheet in visible if sheet.max_row > 1 or not is_blank(sheet["A1"].value)]
    if not filled:
        raise _refused(layer.path, Text("空工作簿", "an empty workbook"), Text("至少一个工作表", "at least one sheet"))
    return filled[0], [sheet.title for sheet in filled]


def _refused(source: str, found: Text, expected: Text) -> TableError:
    return TableError(
        Text("工作簿 {file} 无法读取。", "The workbook {file} cannot be read.").format(file=source),
        [Fault(source, found, expected)],
    )


def _bounds(merge: Any) -> Merged:
    return merge.min_row - 1, merge.max_row - 1, merge.min_col - 1, merge.max_col - 1


def _fill_merged(
    cells: list[list[Any]], merges: list[Merged], header: Header, layer: LayerConfig
) -> tuple[tuple[Note, ...], tuple[Fault, ...]]:
    """Fill merged cells down: words hold for every row; a merged number could be a sum, and is refused."""
    faults: list[Fault] = []
    filled: dict[str, int] = {}
    for top, bottom, left, right in sorted(merges):
        if top <= header.last or top >= len(cells) or left >= len(cells[top]) or is_blank(cells[top][left]):
            continue
        value, name = cells[top][left], header.names[left] if left < len(header.names) else ""
        number = parse_number(value) is not None or parse_number(value, "count") is not None
        if left == right and (not number or _is_level(name, layer)):
            for row in range(top + 1, min(bottom + 1, len(cells))):
                cells[row][left] = value
            filled[name] = filled.get(name, 0) + bottom - top
        elif number or not _spans_the_row(cells[top], left):
            faults.append(_merged_fault(layer.source, top + 1, name, value))
    return tuple(_filled_note(layer.source, name, count) for name, count in filled.items()), tuple(faults)


def _is_level(name: str, layer: LayerConfig) -> bool:
    """Whether a column names the area a row belongs to."""
    if any(layer.columns.get(level) == name for level in LEVELS):
        return True
    columns = (column for column in TABLES["demand"] if column.name in LEVELS)
    return any(
        normalise(name) in {normalise(word) for word in (*column.synonyms, *column.fallbacks)} for column in columns
    )


def _spans_the_row(row: list[Any], left: int) -> bool:
    """Whether nothing else stands in the row: a remark below the table."""
    return all(is_blank(cell) for column, cell in enumerate(row) if column != left)


def _merged_fault(source: str, row: int, name: str, value: object) -> Fault:
    return Fault(
        source,
        Text("合并单元格「{value}」", "a merged cell, “{value}”").format(value=str(value)[:40]),
        Text("每行一个值", "a value in each row"),
        row,
        name or None,
    )


def _filled_note(source: str, name: str, count: int) -> Note:
    return Note(
        "table.merged_filled_down",
        "assumption",
        Text(
            "{file}：列「{name}」的合并单元格已向下填充 {n} 行。",
            "{file}: merged cells of column “{name}” were filled down into {n} rows.",
        ).format(file=source, name=name, n=count),
    )


def _first_sheet_note(source: str, title: str, count: int) -> Note:
    return Note(
        "table.first_sheet",
        "assumption",
        Text("{file} 有 {n} 个工作表，读取的是「{title}」。", "{file} has {n} sheets; “{title}” was read.").format(
            file=source, n=count, title=title
        ),
    )


def _refuse_formulas_without_values(path: Path, layer: LayerConfig, title: str) -> None:
    """Refuse formulas that nobody has computed yet: programs write workbooks like that."""
    import openpyxl

    with zipfile.ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        if not any(re.search(rb"<f[ >]", parts.read(name)) for name in sheets):
            return
    values = openpyxl.load_workbook(path, data_only=True)[title]
    faults = [
        Fault(
            layer.source,
            Text("公式 {formula} 没有计算结果", "the formula {formula} has no computed value").format(
                formula=str(cell.value)[:40]
            ),
            Text("在 Excel 中打开并保存一次", "opened and saved once in Excel"),
            cell.row,
            cell.column_letter,
        )
        for row in openpyxl.load_workbook(path)[title].iter_rows()
        for cell in row
        if cell.data_type == "f" and values[cell.coordinate].value is None
    ]
    if faults:
        raise TableError(
            Text("{file} 有未计算的公式。", "{file} has formulas without values.").format(file=layer.source), faults
        )
