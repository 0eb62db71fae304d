"""Changes of the streets that a planner thinks about: lanes opened, links closed, steps taken away, gates opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.bilingual import Text, same
from planner.errors import Fault, InputError, TableError
from planner.model.notes import Note
from planner.model.places import require_columns

#: What a change does, and what it is called.
CHANGE_KINDS: Mapping[str, Text] = {
    "add": Text("新增通道", "path added"),
    "close": Text("封闭通道", "path closed"),
    "improve": Text("改善通道", "path improved"),
    "open_gate": Text("开放出入口", "gate opened"),
    "close_gate": Text("关闭出入口", "gate closed"),
}

#: Those that change paths along a line, and those that change a gate.
LINE_KINDS = ("add", "close", "improve")
GATE_KINDS = ("open_gate", "close_gate")

#: What an improvement may do.
IMPROVEMENTS = ("removes_steps", "removes_waits", "opens_to_public")

#: The crossing that an added path may have.
CROSSINGS = ("none", "plain", "signals")

_FLAGS: Mapping[str, bool] = {
    "stairs": False,
    "joins": True,
    "open_to_outsiders": True,
    **dict.fromkeys(IMPROVEMENTS, False),
}


@dataclass(frozen=True, eq=False)
class NetworkChanges:
    """Changes of the streets, none of which is made unless it is switched on.

    Parameters
    ----------
    table : GeoDataFrame, index `change_id` (unique strings), geometry lines in a metric system
        Columns `name`, `kind` (one of `CHANGE_KINDS`), `cost_cny` (float ≥ 0); for a path that is added `highway`
        (`footway` by default), `stairs` (bool; `highway=steps` says it too), `crossing` (one of `CROSSINGS`),
        `joins` (bool: whether it meets the paths that it crosses, True by default) and `open_to_outsiders` (bool:
        whether everybody may walk on it inside a compound, True by default); for an improvement the bools in
        `IMPROVEMENTS`, at least one of them true; for a gate `gate`, its id, and no geometry. `row` is the row of the
        input, for error messages.
    notes : tuple of Note
    source : str
        What error messages call the table.

    Raises
    ------
    TableError
        If the promises above do not hold; with every fault.
    """

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()
    source: str = "changes"

    def __post_init__(self) -> None:
        table = self.table.copy()
        table.index = table.index.astype(str).rename("change_id")
        if table.crs is None or not table.crs.is_projected:
            raise TableError(
                Text("路网变更须在以米为单位的坐标系中。", "Changes must be in a metric coordinate system.")
            )
        require_columns(table, ("kind", "cost_cny"), self.source)
        table = _filled(table)
        faults = [*_repeated(table, self.source), *_unusable(table, self.source)]
        if faults:
            raise TableError(Text("路网变更不可用。", "The changes cannot be used."), faults)
        object.__setattr__(self, "table", table)

    def __len__(self) -> int:
        return len(self.table)

    def chosen(self, on: Iterable[str]) -> gpd.GeoDataFrame:
        """Return the changes that are switched on, sorted by id.

        Raises
        ------
        InputError
            If an id is unknown; with every such id.
        """
        wanted = sorted(set(map(str, on)))
        known = same(", ".join(map(str, self.table.index[:20])))
        faults = [
            Fault("plan.toml", same(name), known, column="changes.on")
            for name in wanted
            if name not in self.table.index
        ]
        if faults:
            raise InputError(Text("没有这些路网变更。", "There are no such changes."), faults)
        return self.table.loc[wanted]


def _filled(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with every column, defaults where nothing is said."""
    index = table.index
    text = {"name": pd.Series(index, index=index, dtype=object), "highway": "footway", "crossing": "none", "gate": None}
    for column, default in text.items():
        said = table[column] if column in table else pd.Series(None, index=index, dtype=object)
        table[column] = said.astype(object).where(said.notna(), default)
    for column, value in _FLAGS.items():
        said = table[column].tolist() if column in table else [None] * len(table)
        table[column] = np.array([value if pd.isna(cell) else bool(cell) for cell in said], dtype=np.bool_)
    table["stairs"] |= table["highway"] == "steps"
    if "row" not in table:
        table["row"] = np.arange(2, len(table) + 2)
    return table


def _repeated(table: gpd.GeoDataFrame, source: str) -> list[Fault]:
    again = table.index.duplicated(keep=False)
    return [
        Fault(source, same(name), Text("每个编号只出现一次", "each id once"), int(row), "id")
        for name, row in zip(table.index[again], table["row"][again], strict=True)
    ]


def _unusable(table: gpd.GeoDataFrame, source: str) -> list[Fault]:
    return [
        Fault(source, found, expected, int(change["row"]), column)
        for change in table.to_dict("records")
        for found, expected, column in wrong_with(change, change[table.geometry.name])
    ]


def wrong_with(change: Mapping[Any, Any], shape: shapely.Geometry | None) -> list[tuple[Text, Text, str]]:
    """Return what is wrong with one change, a row of the table: found, expected, column."""
    kind, cost_cny = change["kind"], change["cost_cny"]
    missing = Text("缺失", "missing")
    if kind not in CHANGE_KINDS:
        return [(missing if pd.isna(kind) else same(kind), same(" | ".join(CHANGE_KINDS)), "kind")]
    wrong = []
    if not (np.isfinite(cost_cny) and cost_cny >= 0):
        wrong.append((same(cost_cny), Text("不小于 0 的数", "a number of 0 or more"), "cost_cny"))
    if kind in GATE_KINDS and pd.isna(change.get("gate")):
        wrong.append((missing, Text("出入口编号", "the id of a gate"), "gate"))
    if kind in LINE_KINDS and not _is_line(shape):
        found = missing if shape is None else same(shape.geom_type)
        wrong.append((found, Text("一条线", "one line"), "geometry"))
    crossing = change.get("crossing")
    if not pd.isna(crossing) and crossing not in CROSSINGS:
        wrong.append((same(crossing), same(" | ".join(CROSSINGS)), "crossing"))
    if kind == "improve" and not any(change.get(name) is True for name in IMPROVEMENTS):
        wrong.append((Text("没有写明改善什么", "no improvement"), same(" | ".join(IMPROVEMENTS)), "kind"))
    return wrong


def _is_line(shape: shapely.Geometry | None) -> bool:
    return shape is not None and shape.geom_type == "LineString" and shape.length > 0
