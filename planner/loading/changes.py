"""Changes of the streets that a plan compares, or makes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.loading.layers import Layer, open_layer
from planner.loading.readers import read_raw
from planner.loading.yes_no import read_yes_no
from planner.model import CHANGE_KINDS, IMPROVEMENTS, NetworkChanges, Note
from planner.model.changes import wrong_with
from planner.schema import changes_contract, normalise

_KIND_WORDS: Mapping[str, str] = {
    "add": "新增 新建 新增通道 打通 打通断头路 新辟 连通 build open new link",
    "close": "封闭 关闭 封闭通道 拆除 取消 断开 remove closed",
    "improve": "改善 改造 改善通道 提升 整治 upgrade improvement",
    "open_gate": "开放出入口 打开出入口 开门 新开门 增开出入口 开放大门 opengate",
    "close_gate": "关闭出入口 封门 关门 关闭大门 closegate",
}
_CROSSING_WORDS: Mapping[str, str] = {
    "none": "无 不过街 no",
    "plain": "无信号 无信号灯 斑马线 人行横道 zebra unsignalled uncontrolled",
    "signals": "信号灯 红绿灯 有信号 有信号灯 traffic_signals signalled",
}


def _by_word(words: Mapping[str, str]) -> dict[str, str]:
    return {normalise(word): code for code, many in words.items() for word in (code, *many.split())}


def load_changes(config: PlanConfig, crs: CRS) -> NetworkChanges | None:
    """Load changes of the streets; None where the plan has no [changes].

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    InputError
        If the plan switches on a change that the file does not hold.
    """
    section = config.changes
    if section is None:
        return None
    layer = open_layer(read_raw(config, section.as_layer()), "changes", "changes", crs, section.crs, section.columns)
    _lines_may_be_missing(layer)
    layer.table["kind"] = _codes(layer, "kind", _by_word(_KIND_WORDS), " | ".join(CHANGE_KINDS))
    if "crossing" in layer.table:
        layer.table["crossing"] = _codes(layer, "crossing", _by_word(_CROSSING_WORDS), " | ".join(_CROSSING_WORDS))
    for flag in ("stairs", "joins", "open_to_outsiders", *IMPROVEMENTS):
        layer.table[flag] = read_yes_no(layer, flag)
    _settle_lines(layer)
    _fill_costs(layer)
    layer.name_rows()
    layer.table["row"] = layer.table.index
    layer.check(changes_contract())
    _refuse_unusable(layer)
    layer.refuse_faults()
    changes = NetworkChanges(layer.indexed(), tuple(layer.notes), source=layer.source)
    changes.chosen(section.on)
    return changes


def _lines_may_be_missing(layer: Layer) -> None:
    """Take back that the file has no positions: gates need none, and each other change is asked for its line."""
    if not layer.placed:
        layer.faults[:] = [fault for fault in layer.faults if fault.row is not None or fault.column is not None]


def _codes(layer: Layer, name: str, words: Mapping[str, str], expected: str) -> pd.Series:
    """Return a column of words of practice as our codes; None where a cell says nothing."""
    codes: list[str | None] = []
    for row in layer.table.index:
        word = layer.table.at[row, name] if name in layer.table else None
        codes.append(None if word is None else words.get(normalise(word)))
        if word is not None and codes[-1] is None:
            layer.add_fault(int(row), name, same(word), same(expected))
    return pd.Series(codes, index=layer.table.index, dtype=object)


def _settle_lines(layer: Layer) -> None:
    """Make one line of a line in parts that meet."""
    bare = layer.geometry.to_numpy().copy()
    in_parts = shapely.get_type_id(bare) == shapely.GeometryType.MULTILINESTRING
    bare[in_parts] = shapely.line_merge(bare[in_parts])
    single = in_parts & (shapely.get_num_geometries(bare) == 1)
    single &= shapely.get_type_id(bare) == shapely.GeometryType.MULTILINESTRING
    bare[single] = shapely.get_geometry(bare[single], 0)
    layer.geometry = type(layer.geometry)(bare, index=layer.geometry.index, crs=layer.geometry.crs)


def _fill_costs(layer: Layer) -> None:
    """Where no cost is stated it is 0, and noted."""
    if "cost_cny" not in layer.table:
        layer.table["cost_cny"] = np.nan
    refused = [fault.row for fault in layer.faults if fault.column == layer.header("cost_cny")]
    unknown = layer.table["cost_cny"].isna() & ~layer.table.index.isin(refused)
    layer.table.loc[unknown, "cost_cny"] = 0.0
    if unknown.any():
        words = Text(
            "{file}：{n} 项路网变更没有造价，按 0 计。", "{file}: {n} changes state no cost; they were counted as free."
        )
        note = words.format(file=layer.source, n=int(unknown.sum()))
        layer.notes.append(Note("changes.no_cost", "assumption", note))


def _refuse_unusable(layer: Layer) -> None:
    """Refuse gates without an id, other changes without a line, and improvements that improve nothing."""
    if layer.crs_error is not None:
        return
    refused = {(fault.row, fault.column) for fault in layer.faults}
    for row, change, shape in zip(layer.table.index, layer.table.to_dict("records"), layer.geometry, strict=True):
        for found, expected, column in wrong_with(change, shape):
            if (int(row), layer.header(column)) not in refused:
                layer.add_fault(int(row), column, found, expected)
