"""Where people live: tables, outlines, rasters, and buildings."""

from __future__ import annotations

import difflib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import DemandConfig, PlanConfig
from planner.errors import Fault
from planner.loading.buildings import estimate_people, is_building_layer
from planner.loading.columns import Match
from planner.loading.coordinates import WGS84
from planner.loading.layers import Layer, open_layer, read_numbers
from planner.loading.raster import cells_with_people, open_raster
from planner.loading.raw import RawTable
from planner.loading.readers import read_raw
from planner.loading.shapes import settle_points
from planner.model import Demand, Note
from planner.schema import GROUPS, TABLES, Column, demand_contract

#: Groups that are part of the residents.
_PARTS = ("elderly_population", "population_80_plus", "children_population", "adult_population")


def load_demand(config: PlanConfig, crs: CRS) -> Demand:
    """Load people by group.

    Parameters
    ----------
    config : PlanConfig
    crs : CRS
        The study's metric system.

    Returns
    -------
    Demand
        Groups are the known ones (households, resident_population, elderly_population ...) and every other numeric
        column that a need of the plan names. Where the file has no id column, ids are made from the names.

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    section = config.demand
    raw = read_demand(config)
    planned = {group: group for group in section.rasters} or section.columns
    own = {need.group for need in config.needs} | set(section.rasters)
    layer = open_layer(raw, "demand", "demand", crs, section.crs, planned, own)
    shapes = settle_points(layer)
    _keep_within(layer, section)
    shapes = shapes.reindex(layer.table.index)
    if is_building_layer(layer, section):
        estimate_people(layer, shapes, section)
        shapes = shapes.reindex(layer.table.index)
    groups = _settle_groups(layer, raw, config)
    _name_homes(layer)
    if not section.rasters:
        layer.check(demand_contract(groups))
    layer.refuse_faults()
    _judge_parts(layer, groups)
    _judge_study_crs(layer, crs)
    table = layer.indexed()
    if "building_min" in table:
        table["building_min"] = table["building_min"].fillna(0.0)
    outlines = gpd.GeoSeries(shapes.to_numpy(), index=table.index, crs=crs)
    return Demand(table, groups, outlines if outlines.notna().any() else None, tuple(layer.notes), source=layer.source)


def read_demand(config: PlanConfig) -> RawTable:
    """Read the demand's file, or join its rasters."""
    section = config.demand
    if not section.rasters:
        return read_raw(config, section.as_layer())
    rasters = {group: open_raster(config.resolve(path), path) for group, path in section.rasters.items()}
    return cells_with_people(rasters, section.within)


def _keep_within(layer: Layer, section: DemandConfig) -> None:
    """Keep what lies in the box; rows without a usable position are kept for their faults."""
    if section.within is None or section.rasters:
        return
    degrees = layer.geometry.to_crs(WGS84)
    box = shapely.box(*section.within)
    inside = degrees.isna().to_numpy() | shapely.intersects(degrees.to_numpy(), box)
    if inside.all():
        return
    layer.table, layer.geometry = layer.table[inside], layer.geometry[inside]
    if not inside.any():
        layer.faults.append(
            Fault(
                "plan.toml",
                same(list(section.within)),
                Text("含有需求点的范围", "a box with demand in it"),
                column="demand.within",
            )
        )
    layer.notes.append(
        Note(
            "demand.outside_left_out",
            "assumption",
            Text(
                "{file}：{n} 个点在 demand.within 范围之外，未计入。",
                "{file}: {n} points outside demand.within were left out.",
            ).format(file=layer.source, n=int((~inside).sum())),
        )
    )


def _settle_groups(layer: Layer, raw: RawTable, config: PlanConfig) -> tuple[str, ...]:
    """Decide which columns count people: the known groups, and the numeric columns that a need names."""
    known = [column.name for column in GROUPS if column.name in layer.table]
    named = [name for name in (*config.demand.columns, *config.demand.rasters) if layer.has(name)]
    planned = [name for name in named if layer.matches.by_name[name].column.kind == "count"]
    needed = list(dict.fromkeys(need.group for need in config.needs))
    for group in needed:
        if _is_no_count(group):
            layer.faults.append(_no_such_group(layer, group, [*known, *planned]))
        elif group not in layer.table and group in raw.table:
            _take_own_group(layer, raw, group)
        elif group not in layer.table:
            layer.faults.append(_no_such_group(layer, group, [*known, *planned]))
        elif group not in (*known, *planned) and not layer.has(group):
            _take_own_group(layer, raw, group)
    groups = list(dict.fromkeys([*known, *planned, *(group for group in needed if _is_group(layer, group))]))
    return tuple(group for group in groups if group in needed or not _is_incomplete(layer, group))


def _is_no_count(group: str) -> bool:
    """Whether it is a column of ours that counts nobody: id, name, x ..."""
    return any(column.name == group and column.kind != "count" for column in TABLES["demand"])


def _is_group(layer: Layer, group: str) -> bool:
    return group in layer.table and not _is_no_count(group)


def _take_own_group(layer: Layer, raw: RawTable, group: str) -> None:
    """Read a column of the input's own as counts of people."""
    column = Column(group, "count", same(group), ())
    cells = raw.table[group].loc[layer.table.index] if group in raw.table else layer.table[group]
    layer.table[group] = read_numbers(layer, cells, Match(column, group, None)).values


def _is_incomplete(layer: Layer, group: str) -> bool:
    """Whether a known group has gaps; where no need asks for it, it is kept as a plain column, and noted."""
    missing = layer.table[group].isna() & ~layer.table.index.isin([fault.row for fault in layer.faults])
    if not missing.any():
        return False
    layer.notes.append(
        Note(
            "demand.group_incomplete",
            "warning",
            Text(
                "{file}：列「{column}」有 {n} 行空白，不作为人群使用。",
                "{file}: column “{column}” is blank in {n} rows and is not used as a group.",
            ).format(file=layer.source, column=layer.header(group), n=int(missing.sum())),
        )
    )
    return True


def _no_such_group(layer: Layer, group: str, known: list[str]) -> Fault:
    own = [str(name) for name in layer.table.columns if pd.api.types.is_numeric_dtype(layer.table[name].dtype)]
    choices = list(dict.fromkeys([*known, *(name for name in own if name not in ("x", "y"))]))
    nearest = difflib.get_close_matches(group, choices, n=1, cutoff=0.6)
    return Fault(
        layer.source,
        Text("没有需求 needs 中的人群「{group}」", "no group “{group}”, which a need asks for").format(group=group),
        same(nearest[0] if nearest else ", ".join(choices) or "—"),
        column=group,
    )


def _name_homes(layer: Layer) -> None:
    """Call a row without a name after its compound and building."""
    if "name" not in layer.table and "compound" in layer.table:
        building = layer.table.get("building_name", pd.Series(None, index=layer.table.index, dtype=object))
        parts = zip(layer.table["compound"].tolist(), building.tolist(), strict=True)
        names = ["".join(part for part in pair if isinstance(part, str)) or None for pair in parts]
        layer.table["name"] = pd.Series(names, index=layer.table.index, dtype=object)
    layer.name_rows()


def _judge_parts(layer: Layer, groups: tuple[str, ...]) -> None:
    """Warn where a part of the residents counts more people than the residents: two columns may be mixed up."""
    if "resident_population" not in groups:
        return
    for part in (group for group in groups if group in _PARTS):
        too_many = layer.table[part] > layer.table["resident_population"]
        if too_many.any():
            words = Text(
                "{file}：有 {n} 行的“{part}”多于“{whole}”，请核对。",
                "{file}: in {n} rows “{part}” counts more people than “{whole}”; check them.",
            ).format(
                file=layer.source,
                n=int(too_many.sum()),
                part=layer.header(part),
                whole=layer.header("resident_population"),
            )
            names = layer.table["name"][too_many].astype(str).tolist()
            layer.notes.append(Note("demand.part_exceeds_whole", "warning", words, tuple(names[:5])))


def _judge_study_crs(layer: Layer, crs: CRS) -> None:
    """Warn where the study lies outside the area its metric system is made for: lengths are wrong there."""
    area = crs.area_of_use
    if area is None or not len(layer.table):
        return
    degrees = layer.geometry.to_crs(WGS84)
    lon, lat = float(np.median(degrees.x)), float(np.median(degrees.y))
    if area.west - 0.75 <= lon <= area.east + 0.75 and area.south - 1 <= lat <= area.north + 1:
        return
    layer.notes.append(
        Note(
            "crs.study_outside_area",
            "warning",
            Text(
                '研究区（约 {lon:.2f}°E, {lat:.2f}°N）不在 {crs} 的适用范围内，长度会失真；可写 crs = "auto"。',
                "The study (around {lon:.2f}°E, {lat:.2f}°N) lies outside the area {crs} is made for, so lengths are "
                'distorted; crs = "auto" chooses a fitting one.',
            ).format(lon=lon, lat=lat, crs=crs.name),
        )
    )
