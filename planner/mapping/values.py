"""Words and numbers as the page carries them: two languages side by side, short numbers, None for what is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from planner.bilingual import Text

Number = float | int | None


def pair(text: Text) -> list[str]:
    """Return both languages as the page carries them."""
    return [text.zh, text.en]


def rounded(values: Iterable[float], digits: int) -> list[Number]:
    """Return numbers for the page: whole ones without a point, missing ones as None.

    Examples
    --------
    >>> rounded([1.0, 2.345, float("nan")], 1)
    [1, 2.3, None]
    """
    return [short(float(value), digits) for value in values]


def short(value: float, digits: int) -> Number:
    """Return one number for the page."""
    if math.isnan(value):
        return None
    nearby = round(value, digits)
    return int(nearby) if nearby == int(nearby) else nearby


def column_words(table: pd.DataFrame, column: str) -> list[str | None] | None:
    """Return a column of words; None where the table has no such column."""
    if column not in table.columns:
        return None
    return [None if pd.isna(word) else str(word) for word in table[column]]


def column_numbers(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of numbers, all missing where the table has no such column."""
    if column not in table.columns:
        return pd.Series(np.nan, index=table.index)
    return pd.to_numeric(table[column], errors="coerce")
