"""A table that a page, a workbook and a JSON file can all show."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planner.bilingual import Text, same
from planner.model.figures import minutes, money, people, percent
from planner.report import number

_SHOWN = {"people": people, "share": percent, "minutes": minutes}


@dataclass(frozen=True)
class Cell:
    """Words for a reader, and the number behind them where there is one.

    `kind` is one of `text`, `people`, `count`, `share`, `minutes`, `money`.
    """

    words: Text
    value: float | None = None
    kind: str = "text"
    differs: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its title; the first cell of a row is its heading."""

    key: str
    title: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    intro: Text | None = None


def text_cell(words: Text | str, differs: bool = False) -> Cell:
    """Return a cell of words."""
    return Cell(words if isinstance(words, Text) else same(words), differs=differs)


def figure_cell(value: float, kind: str, signed: bool = False) -> Cell:
    """Return a cell of a number, a dash where there is none.

    Examples
    --------
    >>> figure_cell(1234.0, "people", signed=True).words.zh, figure_cell(float("nan"), "share").words.zh
    ('+1,234', '—')
    """
    if not math.isfinite(value):
        return Cell(same("—"), None, kind)
    sign = "" if not signed or value == 0 else "+" if value > 0 else "−"
    size = abs(value) if signed else value
    if kind == "money":
        words = money(size)
        return Cell(Text(sign + words.zh, sign + words.en), number(value), kind)
    if kind == "share" and signed:
        words = Text(f"{sign}{100 * size:.1f} 个百分点", f"{sign}{100 * size:.1f} points")
        return Cell(words, number(value), kind)
    shown = _SHOWN[kind](size) if kind in _SHOWN else f"{size:,.6g}"
    return Cell(same(sign + shown), number(value), kind)
