"""The sheets of the workbook: headers, number formats, widths and colours. Text stays text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from planner.bilingual import Language, Text
from planner.coverage import SERVED_SHARE
from planner.coverage.walk_classes import WalkClass
from planner.report.column import Column, Kind
from planner.report.quick_sheet import QuickSheet
from planner.report.sheet_print import INTERNAL_USE, fit_to_width, header_height, page_words, set_up_printing
from planner.report.width import display_width

ACCENT = "#14466b"
_NARROWEST, _WIDEST = 8, 44
#: Columns that stay in sight must leave room for the others.
_WIDEST_KEPT = 60

#: Shares covered: those that leave an area unserved, and the shades of the others from the worst to all.
UNSERVED_FILL, FROM_FILL, TO_FILL = "#f6c9a8", "#ffffff", "#8fc1dd"
_FONT = "Microsoft YaHei"

_NUMBER_FORMATS: Mapping[Kind, str] = {
    "people": "#,##0",
    "count": "#,##0",
    "share": "0.0%",
    "minutes": "0.0",
    "metres": "#,##0",
    "area": "#,##0",
    "money": "#,##0",
    "ten_thousands": "#,##0.00",
    "weight": "General",
}


class SheetWriter:
    """Writes tables and sentences to one workbook in one language; `name` stands at the foot of each page."""

    def __init__(self, workbook: xlsxwriter.Workbook, language: Language, name: str) -> None:
        self.workbook = workbook
        self.name = name
        self.language: Language = language
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def say(self, text: Text) -> str:
        """Return a text in the workbook's language."""
        return text.in_language(self.language)

    def style(self, **properties: Any) -> Any:
        """Return a cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format(base | properties)
        return self._formats[key]

    def add_sheet(self, title: Text) -> Any:
        """Return a new sheet."""
        sheet = self.workbook.add_worksheet(self.say(title), QuickSheet)
        sheet.hide_gridlines(2)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        set_up_printing(sheet, self.name, self.say(INTERNAL_USE), self.say(page_words()))
        return sheet

    def write_table(self, sheet: Any, table: pd.DataFrame, columns: Sequence[Column], top: int = 0) -> int:
        """Write a table with its header and return the row below it."""
        for place, column in enumerate(columns):
            sheet.write_string(top, place, self.header(column), self._header_style())
            self.write_column(sheet, table[column.name], column, top + 1, place)
        return top + 1 + len(table)

    def finish_table(self, sheet: Any, table: pd.DataFrame, columns: Sequence[Column]) -> None:
        """Freeze the header of a sheet that holds one table, add the filter and fit the widths."""
        widths = [self._width(table[column.name], column) for column in columns]
        kept = 0 if len(columns) <= 4 else 2 if sum(widths[:2]) <= _WIDEST_KEPT else 1
        sheet.freeze_panes(1, kept)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(table)), len(columns) - 1)
        sheet.set_row(0, header_height([display_width(self.header(column)) for column in columns], widths))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        fit_to_width(sheet, widths, kept)

    def header(self, column: Column) -> str:
        """Return a column's header with its unit."""
        unit = "" if column.kind in ("share", "people") else self.say(column.unit)
        pattern = "{header}（{unit}）" if self.language == "zh" else "{header} ({unit})"
        return pattern.format(header=self.say(column.header), unit=unit) if unit else self.say(column.header)

    def colour_walks(
        self, sheet: Any, place: int, rows: int, classes: tuple[WalkClass, ...], blank_is_unreachable: bool
    ) -> None:
        """Colour a column of minutes by class, as on the map."""
        if not rows:
            return
        *within, over, unreachable = classes
        area = (1, place, rows, place)
        blank = self._class_style(unreachable) if blank_is_unreachable else self.style()
        sheet.conditional_format(*area, {"type": "blanks", "format": blank, "stop_if_true": True})
        for one in within:
            rule = {"type": "cell", "criteria": "<=", "value": one.max_walk_min, "format": self._class_style(one)}
            sheet.conditional_format(*area, rule | {"stop_if_true": True})
        last = within[-1].max_walk_min
        sheet.conditional_format(
            *area, {"type": "cell", "criteria": ">", "value": last, "format": self._class_style(over)}
        )

    def colour_shares(self, sheet: Any, place: int, rows: int) -> None:
        """Colour a column of shares covered: what counts as unserved apart, the others the darker the more."""
        if not rows:
            return
        area = (1, place, rows, place)
        low = self.workbook.add_format({"bg_color": UNSERVED_FILL})
        sheet.conditional_format(*area, {"type": "blanks", "format": self.style(), "stop_if_true": True})
        sheet.conditional_format(
            *area, {"type": "cell", "criteria": "<", "value": SERVED_SHARE, "format": low, "stop_if_true": True}
        )
        shades = {"type": "2_color_scale", "min_color": FROM_FILL, "max_color": TO_FILL}
        limits = {"min_type": "num", "min_value": SERVED_SHARE, "max_type": "num", "max_value": 1}
        sheet.conditional_format(*area, shades | limits)

    def _class_style(self, one: WalkClass) -> Any:
        key = (("walk_class", one.code),)
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"bg_color": one.colour, "font_color": one.text_colour})
        return self._formats[key]

    def _header_style(self) -> Any:
        return self.style(
            bold=True, bg_color=ACCENT, font_color="#ffffff", text_wrap=True, border=1, border_color=ACCENT
        )

    def write_column(self, sheet: Any, values: pd.Series, column: Column, top: int, place: int) -> None:
        """Write one column of values from a row downwards, in the format of its kind; nothing where there is none."""
        number_format = _NUMBER_FORMATS.get(column.kind)
        style = self.style(num_format=number_format) if number_format else self.style()
        present = values.notna().to_numpy()
        rows, kept = np.flatnonzero(present) + top, values[present].tolist()
        if number_format is None:
            sheet.put_texts(rows.tolist(), place, [self.shown(value) for value in kept], style)
            return
        finite = np.isfinite(np.asarray(kept, dtype=np.float64))
        sheet.put_numbers(rows[finite].tolist(), place, [float(kept[at]) for at in np.flatnonzero(finite)], style)
        sheet.put_texts(rows[~finite].tolist(), place, [self.shown(kept[at]) for at in np.flatnonzero(~finite)], style)

    def shown(self, value: object) -> str:
        """Return a value as text: a truth value as yes or no, a text in the workbook's language."""
        if isinstance(value, str):
            return value
        if isinstance(value, Text):
            return self.say(value)
        if isinstance(value, (bool, np.bool_)):
            return self.say(Text("是", "yes") if value else Text("否", "no"))
        return str(value)

    def _width(self, values: pd.Series, column: Column) -> float:
        longest_word = max(
            (display_width(word) for word in self.header(column).replace("(", " (").replace("（", " （").split()),
            default=0,
        )
        cells = values.dropna().astype(object).head(2000)
        widest = max((display_width(self._as_seen(value, column)) for value in cells), default=0)
        return min(_WIDEST, max(_NARROWEST, longest_word + 3, widest + 2))

    def _as_seen(self, value: object, column: Column) -> str:
        if column.kind in _NUMBER_FORMATS and isinstance(value, (int, float)):
            return f"{value:,.1f}"
        return self.shown(value)
