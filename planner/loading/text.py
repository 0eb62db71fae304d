"""Cells as text: full-width letters made plain, whole numbers without a decimal point."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd

from planner.loading.numbers import is_blank


def clean_text(cell: object) -> str | None:
    """Return a cell as text, or None where it says nothing.

    Examples
    --------
    >>> clean_text(" 3号楼 "), clean_text(7.0), clean_text("  "), clean_text("-")
    ('3号楼', '7', None, None)
    """
    if is_blank(cell):
        return None
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip() or None


def clean_texts(cells: pd.Series) -> pd.Series:
    """Return a column as text, None where a cell says nothing."""
    return pd.Series([clean_text(cell) for cell in cells.tolist()], index=cells.index, dtype=object)
