"""Cells that say yes or no."""

from __future__ import annotations

import pandas as pd

from planner.bilingual import Text, same
from planner.loading.layers import Layer
from planner.loading.numbers import is_blank

_YES = frozenset(["yes", "y", "true", "1", "t", "是", "有", "可", "可以", "能", "允许", "√", "✓"])
_NO = frozenset(
    ["no", "n", "false", "0", "f", "否", "没有", "不", "不可", "不可以", "不能", "不允许", "禁止", "×", "✗"]
)


def read_yes_no(layer: Layer, name: str) -> pd.Series:
    """Return a column of a layer as True, False and None where it says nothing; other words are faults.

    Parameters
    ----------
    layer : Layer
    name : str
        Our name; a column that the file does not have says nothing.
    """
    said: list[bool | None] = []
    for row in layer.table.index:
        word = layer.table.at[row, name] if name in layer.table else None
        plain = None if is_blank(word) else str(word).casefold()
        said.append(None if plain is None else plain in _YES)
        if plain is not None and plain not in _YES and plain not in _NO:
            layer.add_fault(int(row), name, same(str(word)[:40]), Text("是或否", "yes or no"))
    return pd.Series(said, index=layer.table.index, dtype=object)
