"""Numbers as people write them: "300多户", "1,200", "约120", "12.5万元"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.schema import UNITS, Kind

#: Cells that say "nothing here".
BLANKS = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "nan", "n/a", "na", "null", "none", "<na>"}
)

APPROX_LOWER, APPROX = "approx_lower", "approx"

_MAGNITUDES = {"": 1.0, "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_AT_LEAST_WORDS = r"至少|不少于|不低于|超过|超|逾|大于|>=|>|≥"
_ABOUT_WORDS = r"大约|大概|约为|约|近|将近|接近|估计|估算|~|≈"
_NUMBER = re.compile(
    rf"(?P<before>{_AT_LEAST_WORDS}|{_ABOUT_WORDS})?"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"(?P<more>多|余|来|几|\+)?"
    r"(?P<magnitude>[百千万亿]?)"
    r"(?P<more_after>多|余|\+)?"
    r"(?P<unit>m2|[^\d,.+\-~]*?)"
    r"(?P<after>以上|左右|上下|多|余|\+)?"
)


@dataclass(frozen=True, eq=False)
class Numbers:
    """Parsed cells: `values` (NaN where there is none), `qualifier` (None, approx_lower, approx), `unreadable`."""

    values: npt.NDArray[np.float64]
    qualifier: npt.NDArray[np.object_]
    unreadable: npt.NDArray[np.bool_]


def parse_numbers(cells: pd.Series, kind: Kind = "number", factor: float = 1.0) -> Numbers:
    """Read a column of cells.

    Parameters
    ----------
    cells : Series
        Numbers or text.
    kind : str
        What the column holds; decides which units a cell may carry.
    factor : float
        What one unit of the header is worth; a unit in a cell replaces it.
    """
    qualifier = np.full(len(cells), None, dtype=object)
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan) * factor
        return Numbers(values, qualifier, np.isinf(values))
    values, unreadable = np.full(len(cells), np.nan), np.zeros(len(cells), dtype=bool)
    for place, cell in enumerate(cells.tolist()):
        if is_blank(cell):
            continue
        found = parse_number(cell, kind, factor)
        if found is None:
            unreadable[place] = True
        else:
            values[place], qualifier[place] = found
    return Numbers(values, qualifier, unreadable)


def parse_number(cell: object, kind: Kind = "number", factor: float = 1.0) -> tuple[float, str | None] | None:
    """Read one cell: its value and how exact it is, or None where it is no number.

    Examples
    --------
    >>> parse_number("300多户", "count"), parse_number("1,200"), parse_number("12.5万元", "cost_cny")
    ((300.0, 'approx_lower'), (1200.0, None), (125000.0, None))
    >>> parse_number("约120"), parse_number("10余", "cost_cny", 1e4), parse_number("300-500", "count")
    ((120.0, 'approx'), (100000.0, 'approx_lower'), None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float, np.integer, np.floating)):
        return (float(cell) * factor, None) if np.isfinite(cell) else None
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell))).casefold().strip("'")
    match = _NUMBER.fullmatch(plain)
    if match is None or not re.search(r"\d", match["number"]):
        return None
    worth = _worth(match["magnitude"], match["unit"], kind, factor)
    if worth is None:
        return None
    words = {match[part] for part in ("before", "more", "more_after", "after")} - {None}
    return float(match["number"].replace(",", "")) * worth, _qualifier(words)


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing."""
    if cell is None or cell is pd.NA:
        return True
    if isinstance(cell, float):
        return bool(np.isnan(cell))
    return isinstance(cell, str) and cell.strip().casefold() in BLANKS


def _worth(magnitude: str, unit: str, kind: Kind, factor: float) -> float | None:
    """Return what the number is to be multiplied by; None for a unit that does not belong here."""
    units = UNITS.get(kind, {})
    if magnitude and magnitude + unit in units:
        return units[magnitude + unit]
    if unit and unit not in units:
        return None
    scale = _MAGNITUDES[magnitude]
    return scale * (units[unit] if unit else 1.0 if magnitude else factor)


def _qualifier(words: set[str]) -> str | None:
    if words & {"多", "余", "几", "+", "以上"} or any(re.fullmatch(_AT_LEAST_WORDS, word) for word in words):
        return APPROX_LOWER
    return APPROX if words else None
