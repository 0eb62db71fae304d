"""Points, outlines and areas of a layer: settled, repaired, and judged by how far they lie apart."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.bilingual import Text, same
from planner.loading.layers import Layer
from planner.loading.positions import scatter_findings
from planner.model import Note


def settle_points(layer: Layer) -> gpd.GeoSeries:
    """Turn polygons into a point inside them and return the polygons; lines and empty geometry are faults."""
    repair_polygons(layer)
    bare = layer.geometry.to_numpy()
    kinds = shapely.get_type_id(bare)
    single = (kinds == 4) & (shapely.get_num_geometries(bare) == 1)
    bare = np.where(single, shapely.get_geometry(bare, 0), bare)
    areas = np.isin(kinds, (3, 6)) & ~shapely.is_empty(bare)
    points = np.where(areas, shapely.point_on_surface(bare), bare)
    index, crs = layer.geometry.index, layer.geometry.crs
    unusable = (shapely.get_type_id(points) != 0) & (kinds != -1)
    for place in np.flatnonzero(unusable):
        layer.add_fault(
            int(index[place]), "x", same(shapely.to_wkt(bare[place])[:40]), Text("点或面", "a point or an area")
        )
    points[unusable] = None
    layer.geometry = gpd.GeoSeries(points, index=index, crs=crs)
    _judge_scatter(layer)
    return gpd.GeoSeries(np.where(areas, bare, None), index=index, crs=crs)


def repair_polygons(layer: Layer) -> None:
    """Make invalid polygons valid, and say so."""
    bare = layer.geometry.to_numpy().copy()
    broken = np.flatnonzero(np.isin(shapely.get_type_id(bare), (3, 6)) & ~shapely.is_valid(bare))
    if not len(broken):
        return
    bare[broken] = [_only_areas(shape) for shape in shapely.make_valid(bare[broken])]
    rows = [int(layer.geometry.index[int(place)]) for place in broken]
    layer.geometry = gpd.GeoSeries(bare, index=layer.geometry.index, crs=layer.geometry.crs)
    layer.notes.append(
        Note(
            "geometry.made_valid",
            "warning",
            Text(
                "{file}：{n} 个面自相交，已修复，请核对（第 {rows} 个要素）。",
                "{file}: {n} polygons crossed themselves and were repaired; check them (features {rows}).",
            ).format(file=layer.source, n=len(broken), rows=", ".join(map(str, rows[:10]))),
            tuple(map(str, rows[:5])),
        )
    )


def require_areas(layer: Layer) -> None:
    """Refuse every row that is no polygon."""
    if layer.crs_error is not None:
        return
    bare = layer.geometry.to_numpy()
    usable = np.isin(shapely.get_type_id(bare), (3, 6)) & ~shapely.is_empty(bare)
    refused = {fault.row for fault in layer.faults}
    for place in np.flatnonzero(~usable):
        row = int(layer.geometry.index[place])
        if row not in refused:
            found = Text("缺失", "missing") if bare[place] is None else same(bare[place].geom_type)
            layer.add_fault(row, "x", found, Text("面", "an area"))


def _only_areas(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _judge_scatter(layer: Layer) -> None:
    known = np.flatnonzero(layer.geometry.notna().to_numpy())
    points = layer.geometry.to_numpy()[known]
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    column = next((name for name in ("name", "compound", "id") if name in layer.table), None)
    names = layer.table[column].iloc[known] if column else pd.Series(layer.geometry.index[known])
    faults, notes = scatter_findings(xy, layer.geometry.index[known], names, layer.source, layer.header("x"))
    layer.faults += faults
    layer.notes += notes
