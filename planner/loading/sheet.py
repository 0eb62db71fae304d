"""A sheet of cells as a table: title rows above the header, header cells in two rows, totals and remarks below."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.bilingual import Text, same
from planner.errors import Fault, TableError
from planner.loading.columns import known_headers
from planner.loading.numbers import is_blank
from planner.loading.raw import RawTable
from planner.model import Note

#: The header stands among the first rows.
HEADER_WITHIN_ROWS = 30
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "total", "sum", "grandtotal"})
_REMARKS = ("注:", "注:", "备注", "说明", "填表", "制表", "数据来源", "来源", "单位:", "审核", "note", "source")

Cells = Sequence[Sequence[Any]]
#: First row, last row, first column, last column of a merged cell, counted from 0.
Merged = tuple[int, int, int, int]


@dataclass(frozen=True)
class Header:
    """Where the header of a sheet stands, rows counted from 0, and the name of each column ("" where it has none)."""

    first: int
    last: int
    names: tuple[str, ...]


def find_header(source: str, cells: Cells, merged: Iterable[Merged] = (), wanted: Iterable[str] = ()) -> Header:
    """Find the header: the first of the rows with the most known names, with the row below its merged cells.

    Parameters
    ----------
    source : str
    cells : rows of cells, from the sheet's first row on
    merged : merged cells, their value standing in the first cell
    wanted : column names the plan asks for, which mark the header beside the usual ones

    Raises
    ------
    TableError
        If the sheet is empty.
    """
    merges = tuple(merged)
    first = _header_row(cells, frozenset(wanted))
    if first is None:
        raise TableError(
            Text("{file} 是空的。", "{file} is empty.").format(file=source),
            [Fault(source, Text("没有内容", "nothing in it"), Text("一行表头和数据行", "a header and rows of data"))],
        )
    last = _last_header_row(first, merges)
    return Header(first, last, tuple(_column_names(cells, first, last, merges)))


def table_from_cells(source: str, cells: Cells, header: Header) -> RawTable:
    """Return the rows below a header; totals and remarks are left out, and noted.

    Raises
    ------
    TableError
        If there is no row below it.
    """
    start, names = header.last + 1, header.names
    kept = [column for column, name in enumerate(names) if name or _has_content(cells, start, column)]
    filled = [row for row in range(start, len(cells)) if any(not is_blank(cell) for cell in cells[row])]
    left_out = {row for row in filled if _is_total(cells[row]) or _is_remark(cells[row])}
    rows = [row for row in filled if row not in left_out]
    if not rows:
        raise TableError(
            Text("{file} 只有表头，没有数据。", "{file} has a header and no rows.").format(file=source),
            [Fault(source, Text("没有数据行", "no rows"), Text("至少一行数据", "at least one row"), start + 1)],
        )
    table = pd.DataFrame(
        {names[column] or f"#{column + 1}": [_cell(cells[row], column) for row in rows] for column in kept},
        index=pd.Index([row + 1 for row in rows], name="row"),
        dtype=object,
    )
    return RawTable(source, table, notes=_left_out_notes(source, cells, sorted(left_out)))


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names, numbered where they repeat.

    Examples
    --------
    >>> unique_names(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return unique


def _header_row(cells: Cells, wanted: frozenset[str]) -> int | None:
    """Return the first of the rows with the most known names; without any, the first row with two cells or more."""
    filled = [row for row in range(min(len(cells), HEADER_WITHIN_ROWS)) if _texts(cells[row])]
    if not filled:
        return None
    scores = {row: known_headers(_texts(cells[row]), wanted) for row in filled}
    best = max(filled, key=lambda row: (scores[row], -row))
    if scores[best]:
        return best
    return next((row for row in filled if len(set(_texts(cells[row]))) > 1), filled[0])


def _last_header_row(first: int, merges: tuple[Merged, ...]) -> int:
    """Return the header's last row: a cell merged sideways has a second row of names below it."""
    wide = any(top == first and left < right for top, _, left, right in merges)
    tall = max((bottom for top, bottom, _, _ in merges if top == first), default=first)
    return max(tall, first + 1 if wide else first)


def _column_names(cells: Cells, first: int, last: int, merges: tuple[Merged, ...]) -> list[str]:
    """Return a name for each column; where a merged cell stands above, `above/below`."""
    width = max(len(row) for row in cells)
    header = [[_cell(cells[row], column) for column in range(width)] for row in range(first, last + 1)]
    for top, bottom, left, right in merges:
        if first <= top <= last:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, min(right, width - 1) + 1):
                    header[row - first][column] = _cell(cells[top], left)
    names = []
    for column in range(width):
        parts = [_one_line(row[column]) for row in header if not is_blank(row[column])]
        names.append("/".join(dict.fromkeys(parts)))
    return unique_names(names)


def _one_line(cell: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def _texts(row: Sequence[Any]) -> list[str]:
    return [str(cell) for cell in row if not is_blank(cell)]


def _cell(row: Sequence[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


def _has_content(cells: Cells, start: int, column: int) -> bool:
    return any(not is_blank(_cell(row, column)) for row in cells[start:])


def _is_total(row: Sequence[Any]) -> bool:
    first = next((str(cell) for cell in row if not is_blank(cell)), "")
    return "".join(unicodedata.normalize("NFKC", first).casefold().split()).rstrip(":") in _TOTALS


def _is_remark(row: Sequence[Any]) -> bool:
    texts = _texts(row)
    return len(texts) == 1 and unicodedata.normalize("NFKC", texts[0]).casefold().strip().startswith(_REMARKS)


def _left_out_notes(source: str, cells: Cells, left_out: list[int]) -> tuple[Note, ...]:
    if not left_out:
        return ()
    return (
        Note(
            "table.totals_left_out",
            "assumption",
            Text(
                "{file}：第 {rows} 行是合计或说明，未计入。", "{file}: rows {rows} are totals or remarks, not counted."
            ).format(file=source, rows=same(", ".join(str(row + 1) for row in left_out[:10]))),
            tuple(_texts(cells[row])[0] for row in left_out[:5]),
        ),
    )
