"""Worksheets that take columns at once."""

from pathlib import Path

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from planner.report.quick_sheet import QuickSheet
from planner.report.workbook import FIXED_DATE

TEXTS = st.lists(st.text() | st.sampled_from(("", " 站", "=1+1", "<r>a</r>", "_x0041_", "\x07", "长" * 40_000)))
NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, numbers=NUMBERS, first=st.integers(0, 40))
def test_columns_at_once_are_the_bytes_of_cell_by_cell(tmp_path_factory, texts, numbers, first) -> None:
    folder = tmp_path_factory.mktemp("sheets")
    assert written(folder, QuickSheet, texts, numbers, first) == written(folder, Worksheet, texts, numbers, first)


def written(folder: Path, kind: type, texts: list[str], numbers: list[float], first: int) -> bytes:
    with xlsxwriter.Workbook(str(folder / "book.xlsx")) as book:
        book.set_properties({"created": FIXED_DATE})
        plain, tenths = book.add_format(), book.add_format({"num_format": "0.0"})
        sheet = book.add_worksheet("站点", kind)
        sheet.write_string(first, 30, "no format, so XlsxWriter's own")
        rows = [range(first, first + 2 * len(values), 2) for values in (texts, numbers)]
        if kind is QuickSheet:
            sheet.put_texts(rows[0], 1, texts, plain)
            sheet.put_numbers(rows[1], 28, numbers, tenths)
        else:
            for row, text in zip(rows[0], texts, strict=True):
                sheet.write_string(row, 1, text, plain)
            for row, number in zip(rows[1], numbers, strict=True):
                sheet.write_number(row, 28, number, tenths)
    return (folder / "book.xlsx").read_bytes()
