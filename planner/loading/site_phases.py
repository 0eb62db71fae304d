"""When sites may open: the phase of a programme that a cell names, or its number."""

from __future__ import annotations

import pandas as pd

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.loading.layers import Layer

#: Our column, and the statuses for which it says something.
_COLUMNS = {"open_from": ("under_construction",), "available_from": ("candidate", "required")}


def read_phases(layer: Layer, config: PlanConfig) -> None:
    """Turn `open_from` and `available_from` into names of phases; anything else is a fault.

    Without phases in the plan the columns stay as they are and mean nothing.
    """
    if not config.phases:
        return
    names = [phase.name for phase in config.phases]
    known = {str(number): name for number, name in enumerate(names, start=1)} | {name: name for name in names}
    for column, statuses in _COLUMNS.items():
        if column in layer.table:
            layer.table[column] = _read(layer, column, known, statuses)


def _read(layer: Layer, column: str, known: dict[str, str], statuses: tuple[str, ...]) -> pd.Series:
    found: list[str | None] = []
    cells = zip(layer.table.index, layer.table[column], layer.table["status"], strict=True)
    for row, cell, status in cells:
        counts = cell is not None and status in statuses
        if counts and cell not in known:
            expected = Text("阶段的名称或序号：{names}", "the name or number of a phase: {names}")
            names = " | ".join(dict.fromkeys(known.values()))
            layer.add_fault(int(row), column, same(cell), expected.format(names=names))
        found.append(known.get(cell) if counts else None)
    return pd.Series(found, index=layer.table.index, dtype=object)
