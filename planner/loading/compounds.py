"""Boundaries of compounds, and who lives inside."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text
from planner.config import PlanConfig
from planner.loading.layers import Layer, open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import repair_polygons, require_areas
from planner.loading.yes_no import read_yes_no
from planner.model import CandidateSites, Compounds, Demand, Gates, Note, shortened
from planner.schema import compounds_contract

#: Two compounds that share more than this of the smaller one overlap; less is how boundaries are drawn.
SLIVER_SHARE = 0.02

#: A home's own polygon is its compound's boundary only where a gate of the compound stands this near to it.
GATE_AT_BOUNDARY_M = 12.0

_OVERLAP = Text(
    "{file}：{n} 对小区边界相互重叠，重叠处归面积较小的小区，请核对：{pairs}。",
    "{file}: {n} pairs of compounds overlap; what they share belongs to the smaller one; check them: {pairs}.",
)
_WITHIN = Text(
    "{file}：{n} 个小区整个位于另一小区内，不另计围墙，居民使用外围小区的道路和出入口，请核对：{pairs}。",
    "{file}: {n} compounds lie wholly within another; no wall of their own is counted, and their people use the paths "
    "and gates of the outer one; check them: {pairs}.",
)
_PLACED = Text(
    "{file}：{n} 行没有写明小区，按位置归入所在的围墙小区。",
    "{file}: {n} rows name no compound and were given the walled one that they lie in.",
)
_ELSEWHERE = Text(
    "{file}：{n} 行的位置不在所写小区的边界内，请核对。",
    "{file}: {n} rows lie outside the boundary of the compound that they name; check them.",
)

Places = TypeVar("Places", Demand, CandidateSites)


def load_compounds(config: PlanConfig, crs: CRS) -> Compounds | None:
    """Load the boundaries of compounds; None where the plan has no [compounds].

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    section = config.compounds
    if section is None:
        return None
    layer = open_layer(read_raw(config, section), "compounds", "compounds", crs, section.crs, section.columns)
    repair_polygons(layer)
    require_areas(layer)
    walled = read_yes_no(layer, "walled")
    layer.check(compounds_contract())
    layer.refuse_faults()
    table = gpd.GeoDataFrame(
        {"walled": [said is not False for said in walled]},
        index=pd.Index(layer.table["compound"], dtype=object),
        geometry=layer.geometry.to_numpy(),
        crs=crs,
    )
    return Compounds(table, (*layer.notes, *_within(table, layer), *_overlaps(table, layer)))


def _within(table: gpd.GeoDataFrame, layer: Layer) -> tuple[Note, ...]:
    pairs = sorted(Compounds(table).outer_of.items())
    if not pairs:
        return ()
    named = Text(
        "、".join(f"{inner}位于{outer}内" for inner, outer in pairs[:5]),
        ", ".join(f"{inner} in {outer}" for inner, outer in pairs[:5]),
    )
    words = _WITHIN.format(file=layer.source, n=len(pairs), pairs=named)
    return (Note("compounds.within", "warning", words, tuple("/".join(pair) for pair in pairs[:5])),)


def _overlaps(table: gpd.GeoDataFrame, layer: Layer) -> tuple[Note, ...]:
    walled = table.geometry[table["walled"].to_numpy()].sort_index()
    one, other = walled.sindex.query(walled, predicate="intersects")
    one, other = one[one < other], other[one < other]
    outer = Compounds(table).outer_of
    area = [outer.get(name, name) for name in walled.index]
    apart = np.array([area[a] != area[b] for a, b in zip(one, other, strict=True)], dtype=np.bool_)
    one, other = one[apart], other[apart]
    shapes = walled.to_numpy()
    shared_m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    smaller_m2 = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    found = np.flatnonzero(shared_m2 > SLIVER_SHARE * smaller_m2)
    if not len(found):
        return ()
    names = [(shortened(str(walled.index[one[k]])), shortened(str(walled.index[other[k]]))) for k in found]
    pairs = Text("、".join("与".join(pair) for pair in names[:5]), ", ".join(" and ".join(pair) for pair in names[:5]))
    words = _OVERLAP.format(file=layer.source, n=len(found), pairs=pairs)
    return (Note("compounds.overlap", "warning", words, tuple("/".join(pair) for pair in names[:5])),)


def compounds_of_homes(demand: Demand, gates: Gates | None) -> Compounds | None:
    """Return the polygons of homes that are whole compounds: one row, with a gate of that compound at its outline."""
    if demand.shapes is None or gates is None or "compound" not in demand.table.columns:
        return None
    named = demand.table["compound"]
    alone = named.notna() & ~named.duplicated(keep=False) & demand.shapes.notna()
    outlines = demand.shapes[alone].set_axis(named[alone].astype(str))
    gates_xy = gates.table.geometry.to_crs(outlines.crs)
    near = [
        (gates_xy[gates.compounds == name].distance(shape.boundary) <= GATE_AT_BOUNDARY_M).any()
        for name, shape in outlines.items()
    ]
    found = outlines[np.array(near, dtype=np.bool_)]
    return Compounds(gpd.GeoDataFrame(geometry=found)) if len(found) else None


def place_in_compounds(places: Places, compounds: Compounds | None) -> Places:
    """Give rows that name no compound the walled one that they lie in, and warn of those that lie outside their own.

    Of compounds that overlap the smaller one is taken.
    """
    if compounds is None or not len(compounds.walled):
        return places
    table: gpd.GeoDataFrame = places.table.copy()
    stated = table.get("compound", pd.Series(None, index=table.index, dtype=object)).astype(object)
    stated = stated.where(stated.notna(), None)
    walled = compounds.walled
    walled = walled.iloc[np.argsort(walled.area, kind="stable")]
    place, area = walled.sindex.query(table.geometry, predicate="intersects")
    order = np.lexsort((area, place))
    first, begin = np.unique(place[order], return_index=True)
    around = pd.Series(None, index=table.index, dtype=object)
    around.iloc[first] = walled.index.to_numpy(dtype=object)[area[order][begin]]
    filled: pd.Series = stated.isna() & around.notna()
    outside: np.ndarray = _outside_their_own(table.geometry, stated, walled)
    table["compound"] = stated.where(~filled, around)
    if compounds.outer_of:
        table["walled_in"] = compounds.passing(table["compound"])
    notes = (
        *_note("compounds.placed", "assumption", _PLACED, table.index[filled], places.source),
        *_note("compounds.elsewhere", "warning", _ELSEWHERE, table.index[outside], places.source),
    )
    return dataclasses.replace(places, table=table, notes=places.notes + notes)


def _outside_their_own(points: gpd.GeoSeries, stated: pd.Series, walled: gpd.GeoSeries) -> np.ndarray:
    own = walled.reindex(stated.to_numpy())
    known = own.notna().to_numpy()
    outside = np.zeros(len(points), dtype=np.bool_)
    outside[known] = ~shapely.intersects(own.to_numpy()[known], points.to_numpy()[known])
    return outside


def _note(code: str, level: str, text: Text, ids: pd.Index, source: str) -> tuple[Note, ...]:
    if not len(ids):
        return ()
    named = tuple(sorted(map(str, ids))[:5])
    words = text.format(file=source, n=len(ids))
    return (Note(code, "warning" if level == "warning" else "assumption", words, named),)
