"""How the sheets of the workbook are printed: A4 across, headers on every page, what they are for at the foot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from planner.bilingual import Text
from planner.report.width import shorten

INTERNAL_USE = Text("内部工作用图表，不作为公开出版用", "internal working document, not for publication")
_A4 = 9
_PAGE = Text("第 &P 页，共 &N 页", "page &P of &N")
#: Half-width characters that are still read when they are fitted to one page across.
_ON_ONE_PAGE = 210.0
_HIGHEST_LINES, _LINE_HEIGHT = 5, 14.5


def set_up_printing(sheet: Any, name: str, internal_use: str, page: str) -> None:
    """Set paper, margins and foot of a sheet; sheets are as wide as a page until `fit_to_width` says more."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    written = shorten(name, 60).replace("&", "&&")
    sheet.set_footer(f"&L&8{internal_use}&C&8{written}&R&8{page}")


def page_words() -> Text:
    """Return how pages are numbered, in the codes of a spreadsheet's foot."""
    return _PAGE


def fit_to_width(sheet: Any, widths: Sequence[float], kept_columns: int) -> None:
    """Let a wide table take several pages across, its first columns on each."""
    pages = max(1, math.ceil(sum(widths) / _ON_ONE_PAGE))
    sheet.fit_to_pages(pages, 0)
    if pages > 1 and kept_columns:
        sheet.repeat_columns(0, kept_columns - 1)


def header_height(header_widths: Sequence[int], widths: Sequence[float]) -> float:
    """Return the height in points of a header row whose words are wrapped into columns of these widths.

    Examples
    --------
    >>> header_height([8, 30], [12.0, 12.0])
    48.0
    """
    lines = max(
        (math.ceil(1.15 * words / width) for words, width in zip(header_widths, widths, strict=True)), default=1
    )
    return 4.5 + _LINE_HEIGHT * max(2, min(lines, _HIGHEST_LINES))
