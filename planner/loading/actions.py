"""Rows of the sites' table that do more than open: expand, merge, move a station, or share a venue."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from planner.bilingual import Text, same
from planner.loading.layers import Layer
from planner.model import ACTIONS, Note
from planner.model.actions import ACTION_LABELS
from planner.schema import normalise

#: A station that is expanded stays within this distance of where it stands: one plot, and how exact coordinates are.
SAME_PLACE_M = 30.0

_WORDS = {
    "open": "新建 启用 新增 新设 新建启用 build",
    "expand": "扩建 改扩建 扩容 提升改造 enlarge",
    "merge": "合并 整合 并站",
    "move": "迁建 迁址 搬迁 迁移 易地新建 relocate",
    "share": "共享 共享场所 共建共享 共享场地 shared",
}
_LABELS = {normalise(said): code for code in ACTIONS for said in (code, ACTION_LABELS[code].zh, ACTION_LABELS[code].en)}
ACTION_WORDS = _LABELS | {normalise(word): code for code, words in _WORDS.items() for word in words.split()}
_SEPARATORS = re.compile(r"[、;,|\n]+")


def read_actions(layer: Layer, without_functions: Sequence[bool]) -> None:
    """Read `action` and `replaces`, put expanded stations where they stand, and judge every row.

    Parameters
    ----------
    layer : Layer
        With ids, names, status and functions.
    without_functions : sequence of bool
        Rows that state none: an action takes those of the stations that it replaces.
    """
    if "action" not in layer.table and "replaces" not in layer.table:
        return
    rows = list(map(int, layer.table.index))
    replaced = [_stations(layer, *each) for each in zip(rows, _cells(layer, "replaces"), strict=True)]
    said = zip(rows, _cells(layer, "action"), map(bool, replaced), strict=True)
    actions = [_action(layer, *each) for each in said]
    layer.table["action"] = pd.Series(actions, index=layer.table.index, dtype=object)
    layer.table["replaces"] = pd.Series(
        [";".join(ids) or None for ids in replaced], index=layer.table.index, dtype=object
    )
    place_of = dict(zip(layer.table["id"], range(len(layer.table)), strict=True))
    old = [[place_of[station] for station in stations] for stations in replaced]
    for place in range(len(layer.table)):
        _judge(layer, place, old[place])
        _put_in_place(layer, place, old[place])
    _refuse_two_required(layer, old)
    _take_functions(layer, old, without_functions)


def _cells(layer: Layer, column: str) -> list[str | None]:
    return layer.table[column].tolist() if column in layer.table else [None] * len(layer.table)


def _stations(layer: Layer, row: int, cell: str | None) -> list[str]:
    """Return the ids of the stations that a cell names, by id or by a name that only one row has; each once."""
    ids, names = layer.table["id"], layer.table["name"]
    if cell is None:
        return []
    known = dict.fromkeys(ids)
    parts = [cell] if cell in known else _SEPARATORS.split(unicodedata.normalize("NFKC", cell))
    found: dict[str, None] = {}
    for part in filter(None, map(str.strip, parts)):
        named = ids[(names == part) & (layer.table["status"] == "existing")].tolist()
        if part in known or len(named) == 1:
            found[part if part in known else str(named[0])] = None
        else:
            expected = Text("一座现有驿站的编号或不重复的名称", "the id, or the name, of one existing station")
            layer.add_fault(row, "replaces", same(part[:40]), expected)
    return list(found)


def _action(layer: Layer, row: int, cell: str | None, replaces: bool) -> str:
    if cell is None and not replaces:
        return "open"
    code = ACTION_WORDS.get(normalise(cell)) if cell is not None else None
    if code is None:
        found = Text("缺失", "missing") if cell is None else same(cell)
        expected = Text("新建、扩建、合并、迁建或共享场所", " | ".join(ACTIONS))
        layer.add_fault(row, "action", found, expected)
    return code or "open"


def _judge(layer: Layer, place: int, old: list[int]) -> None:
    """Refuse an action of a site that stands already, and one that replaces too few, too many or the wrong stations."""
    row, action = int(layer.table.index[place]), str(layer.table["action"].iloc[place])
    statuses = layer.table["status"].tolist()
    stands = statuses[place] in ("existing", "under_construction")
    if stands and (old or action != "open"):
        layer.add_fault(
            row, "status", same(statuses[place]), Text("行动须为候选或必选", "candidate or required: it is an action")
        )
    for station in old:
        if statuses[station] != "existing":
            found = Text("「{id}」的状态为 {status}", "“{id}” is {status}")
            told = found.format(id=layer.table["id"].iloc[station], status=statuses[station])
            layer.add_fault(row, "replaces", told, Text("现有驿站", "an existing station"))
    least, most = _STATIONS_REPLACED[action]
    is_refused = any(_is_refused(layer, row, column) for column in ("action", "replaces", "status"))
    if not least <= len(old) <= most and not is_refused:
        layer.add_fault(row, "replaces", same(str(len(old))), _COUNTS[action])


_STATIONS_REPLACED = {"expand": (1, 1), "move": (1, 1), "merge": (2, 10_000), "share": (0, 10_000), "open": (0, 0)}
_COUNTS = {
    "expand": Text("扩建须写明 1 座现有驿站", "one existing station to expand"),
    "move": Text("迁建须写明 1 座现有驿站", "one existing station to move"),
    "merge": Text("合并须写明 2 座或更多现有驿站", "two existing stations or more to merge"),
    "open": Text("新建不替代驿站；替代请写迁建", "none: what replaces a station is a move"),
}


def _is_refused(layer: Layer, row: int, column: str) -> bool:
    return any(fault.row == row and fault.column == layer.header(column) for fault in layer.faults)


def _put_in_place(layer: Layer, place: int, old: list[int]) -> None:
    """Put an expanded station where it stands; refuse one that stands elsewhere, and a move that goes nowhere."""
    action, row = layer.table["action"].iloc[place], int(layer.table.index[place])
    if action not in ("expand", "move") or len(old) != 1 or not layer.placed or layer.crs_error is not None:
        return
    points = layer.geometry.to_numpy()
    here, there = points[place], points[old[0]]
    if there is None:
        return
    distance_m = 0.0 if here is None else float(shapely.distance(here, there))
    found = Text("距原驿站 {m} 米", "{m} m from the station").format(m=f"{distance_m:,.0f}")
    if action == "move" and here is not None and distance_m <= SAME_PLACE_M:
        layer.add_fault(
            row, "x", found, Text("另一处位置；原址请写扩建", "another place; at the same place write expand")
        )
    elif action == "expand" and distance_m > SAME_PLACE_M:
        layer.add_fault(
            row, "x", found, Text("原址（{m} 米以内）", "the same place, within {m} m").format(m=f"{SAME_PLACE_M:g}")
        )
    elif action == "expand":
        _take_place(layer, place, old[0])


def _take_place(layer: Layer, place: int, station: int) -> None:
    row, of = layer.table.index[place], layer.table.index[station]
    layer.geometry.loc[row] = layer.geometry.loc[of]
    for column in ("x", "y"):
        layer.table.loc[row, column] = layer.table.loc[of, column]


def _refuse_two_required(layer: Layer, old: list[list[int]]) -> None:
    """Refuse two required actions on one station: every plan would carry out both."""
    first: dict[int, int] = {}
    for place in np.flatnonzero((layer.table["status"] == "required").to_numpy()):
        for station in old[place]:
            other = first.setdefault(station, int(place))
            if other != place:
                found = Text(
                    "「{id}」已由必选的「{other}」替代", "“{id}” is replaced by the required “{other}” already"
                )
                ids = layer.table["id"]
                told = found.format(id=ids.iloc[station], other=ids.iloc[other])
                row = int(layer.table.index[int(place)])
                layer.add_fault(
                    row, "replaces", told, Text("每座驿站至多一项必选行动", "one required action a station")
                )


def _take_functions(layer: Layer, old: list[list[int]], without_functions: Sequence[bool]) -> None:
    """Give an action that states no functions those of the stations that it replaces, and say so."""
    functions = layer.table["functions"].tolist()
    taken = [place for place in range(len(old)) if without_functions[place] and old[place]]
    for place in taken:
        by_id = sorted(old[place], key=lambda station: str(layer.table["id"].iloc[station]))
        codes = [code for station in by_id for code in functions[station].split(";")]
        layer.table.loc[layer.table.index[place], "functions"] = ";".join(dict.fromkeys(codes))
    if taken:
        words = Text(
            "{file}：{n} 项扩建、合并或迁建没有写明功能，沿用所替代驿站的功能。",
            "{file}: {n} rows that expand, merge or move stations state no functions; they keep those of the stations.",
        ).format(file=layer.source, n=len(taken))
        examples = tuple(sorted(map(str, layer.table["name"].iloc[taken])))[:5]
        layer.notes.append(Note("sites.functions_inherited", "assumption", words, examples))
