"""People estimated from buildings: footprint × storeys ÷ floor area a person. Always marked as an estimate."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import area as area_m2_of

from planner.bilingual import Text, same
from planner.config import DemandConfig, EstimateConfig
from planner.errors import Fault
from planner.loading.layers import Layer
from planner.loading.numbers import parse_numbers
from planner.model import Note
from planner.schema import GROUPS

#: Values of OpenStreetMap's `building` that people live in.
RESIDENTIAL = frozenset(
    {
        "apartments",
        "residential",
        "house",
        "detached",
        "semidetached_house",
        "terrace",
        "dormitory",
        "bungalow",
        "ger",
        "cabin",
        "static_caravan",
    }
)


def is_building_layer(layer: Layer, section: DemandConfig) -> bool:
    """Whether the demand is a layer of buildings whose people are to be estimated.

    Buildings without people are refused where the plan does not say how to estimate; so is an estimate for a layer that
    counts people already.
    """
    counted = [column.name for column in GROUPS if column.name in layer.table]
    if section.estimate is None:
        if "building" in layer.table and not counted and not section.rasters:
            layer.faults.append(_no_estimate(layer))
            return False
        return False
    if counted or section.rasters:
        found = Text("数据已有人口（{columns}）", "the data count people already ({columns})")
        columns = ", ".join(layer.header(name) for name in counted) or ", ".join(section.rasters)
        expected = Text("删去 [demand.estimate]", "no [demand.estimate]")
        layer.faults.append(Fault(layer.source, found.format(columns=columns), expected, column="demand.estimate"))
        return False
    return True


def estimate_people(layer: Layer, shapes: gpd.GeoSeries, section: DemandConfig) -> None:
    """Keep the residential buildings and give each its estimated residents."""
    estimate = section.estimate
    assert estimate is not None
    unknown = _keep_residential(layer)
    outlines = shapes.reindex(layer.table.index)
    for row in layer.table.index[outlines.isna().to_numpy()]:
        layer.add_fault(int(row), "x", Text("不是面", "not an area"), Text("建筑轮廓", "the outline of a building"))
    storeys, assumed = _storeys(layer, estimate)
    people = area_m2_of(outlines.to_numpy()) * storeys / estimate.floor_area_m2_per_person
    layer.table["resident_population"] = np.where(np.isfinite(people), people, 0.0)
    layer.table["resident_population_qualifier"] = "estimated"
    layer.notes.append(_estimate_note(layer, estimate, int(assumed.sum()), unknown))


def _keep_residential(layer: Layer) -> int:
    """Drop buildings nobody lives in; return how many say only that they are buildings."""
    if "building" not in layer.table:
        return 0
    kinds = layer.table["building"]
    residential = kinds.isin(RESIDENTIAL).to_numpy()
    layer.table, layer.geometry = layer.table[residential], layer.geometry[residential]
    layer.faults = [fault for fault in layer.faults if fault.row is None or fault.row in layer.table.index]
    if not residential.any():
        found = same(", ".join(sorted({str(kind) for kind in kinds.dropna()})[:10]))
        expected = Text("住宅：{kinds}", "residential: {kinds}").format(kinds=", ".join(sorted(RESIDENTIAL)))
        layer.faults.append(Fault(layer.source, found, expected, column="building"))
    return int((kinds == "yes").sum())


def _storeys(layer: Layer, estimate: EstimateConfig) -> tuple[np.ndarray, np.ndarray]:
    """Return storeys of each building, and where they are the default."""
    cells = layer.table.get("building:levels", pd.Series(np.nan, index=layer.table.index))
    stated = parse_numbers(cells).values
    known = np.isfinite(stated) & (stated > 0)
    return np.where(known, stated, estimate.default_storeys), ~known


def _estimate_note(layer: Layer, estimate: EstimateConfig, assumed: int, unknown: int) -> Note:
    return Note(
        "demand.estimated",
        "assumption",
        Text(
            "{file}：人口为估算值（轮廓面积 × 层数 ÷ 人均 {per:g} ㎡），共 {n} 栋住宅，其中 {assumed} 栋未注明层数，"
            "按 {storeys:g} 层计；另有 {unknown} 栋建筑未注明用途，未计入。",
            "{file}: the people are estimates (footprint × storeys ÷ {per:g} m² a person) for {n} residential "
            "buildings, {assumed} of them without storeys and counted as {storeys:g}; {unknown} buildings of unstated "
            "use were left out.",
        ).format(
            file=layer.source,
            per=estimate.floor_area_m2_per_person,
            n=len(layer.table),
            assumed=assumed,
            storeys=estimate.default_storeys,
            unknown=unknown,
        ),
    )


def _no_estimate(layer: Layer) -> Fault:
    return Fault(
        layer.source,
        Text("建筑数据没有人口", "buildings without people"),
        Text(
            "人口列，或在方案中写 [demand.estimate] floor_area_m2_per_person = 您的人均建筑面积",
            "a column of people, or [demand.estimate] floor_area_m2_per_person = your own figure in the plan",
        ),
        column="demand.estimate",
    )
