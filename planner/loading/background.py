"""What a map is drawn on, from the user's own layer."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.errors import Fault
from planner.loading.layers import Layer, open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import repair_polygons
from planner.model import Background, Barriers
from planner.schema import normalise

_KINDS = {
    "water": "water 水 水域 水体 水系 河 河流 湖 湖泊 river lake waterway riverbank reservoir 江",
    "green": "green 绿地 绿化 公园 草地 林地 park grass forest wood garden",
    "buildings": "building buildings 建筑 房屋 建筑物 楼栋 house residential apartments yes",
    "railways": "railway railways rail 铁路 铁道 铁轨 轨道 轻轨",
    "walls": "wall walls fence barrier 围墙 墙 围栏 栏杆",
}
_KIND_OF = {normalise(word): kind for kind, words in _KINDS.items() for word in words.split()}


def load_background(config: PlanConfig, crs: CRS) -> Background | None:
    """Load what is drawn from the plan's background layer; None where the plan has none.

    Its column `kind` (类别) says water, green, building, wall or railway.

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    parts = _parts(config, crs)
    if parts is None:
        return None
    return Background(**parts)


def load_barriers(config: PlanConfig, crs: CRS) -> Barriers | None:
    """Load water, railways and walls from the plan's background layer, as `load_background` does."""
    parts = _parts(config, crs)
    if parts is None:
        return None
    return Barriers.of({"water": parts["water"], "railway": parts["railways"], "wall": parts["walls"]}, crs)


def _parts(config: PlanConfig, crs: CRS) -> dict[str, gpd.GeoSeries] | None:
    section = config.background
    if section is None:
        return None
    layer = open_layer(read_raw(config, section), "background", "background", crs, section.crs, section.columns)
    repair_polygons(layer)
    kinds = _kinds(layer)
    layer.refuse_faults()
    drawable = layer.geometry.notna() & ~layer.geometry.is_empty
    return {kind: layer.geometry[(kinds == kind) & drawable].reset_index(drop=True) for kind in _KINDS}


def _kinds(layer: Layer) -> pd.Series:
    expected = Text("水域、绿地、建筑、围墙或铁路", "water | green | building | wall | railway")
    if "kind" not in layer.table:
        found = Text("没有类别列", "no column kind")
        layer.faults.append(Fault(layer.source, found, expected, column="kind"))
        return pd.Series(None, index=layer.table.index, dtype=object)
    kinds = [None if word is None else _KIND_OF.get(normalise(word)) for word in layer.table["kind"].tolist()]
    for row, word, kind in zip(layer.table.index, layer.table["kind"].tolist(), kinds, strict=True):
        if kind is None:
            layer.add_fault(int(row), "kind", Text("缺失", "missing") if word is None else same(word), expected)
    return pd.Series(kinds, index=layer.table.index, dtype=object)
