"""Tables of edges: GeoPackage, GeoJSON, GeoParquet."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.errors import Fault, NetworkError
from planner.loading.coordinates import WGS84, Declared, declared_crs, to_wgs84
from planner.loading.raw import RawTable
from planner.model import Note
from planner.network.edge_ways import NodeTags, placed_ids, ways_of_edges
from planner.network.osm_file import OSM_ATTRIBUTION, unreadable
from planner.network.reading import Reading
from planner.network.tags import NODE_KEYS, Crossing, crossing_of_node, is_barrier, is_closed

TABLE_SUFFIXES = (".gpkg", ".geojson", ".parquet")

_EDGES, _NODES = "edges", "nodes"
#: Columns by which tables made from OpenStreetMap are known.
_OSM_COLUMNS = ({"osmid"}, {"osm_id"}, {"@id"}, {"element", "id"})
#: Types of geometry, as shapely numbers them: points, lines and rings, areas.
_POINTS, _LINES, _AREAS = (0,), (1, 2, 5), (3, 6)


def read_edge_table(source: Path, *, layer_crs: str | None, columns: Mapping[str, str], layer: str | None) -> Reading:
    """Read a table of edges.

    Raises
    ------
    NetworkError
        If the file cannot be read, lacks a column that `columns` names, or has rows that are no lines.
    CrsError
        If neither the file nor `layer_crs` says in which coordinate system it is.
    """
    table = _renamed(_read(source, layer), columns, source)
    _refuse_unusable(table, source)
    raw = RawTable(source.name, pd.DataFrame(), gpd.GeoSeries(table.geometry.to_numpy()), _declared(table.crs))
    declared, notes = declared_crs(raw, layer_crs, "network")
    shapes = to_wgs84(gpd.GeoSeries(shapely.force_2d(table.geometry.to_numpy())), declared).to_numpy()
    is_point = shapely.get_type_id(shapes) == _POINTS[0]
    tags = table.drop(columns=table.geometry.name).reset_index(drop=True)
    edges = gpd.GeoDataFrame(tags[~is_point], geometry=_outlines(shapes[~is_point]), crs=WGS84)
    ways, found = ways_of_edges(
        edges, _nodes_beside(source, layer, declared) or _point_tags(tags[is_point], shapes[is_point])
    )
    return Reading(ways, _attribution(table), (*notes, *_layer_notes(source, layer), *found))


def _read(source: Path, layer: str | None) -> gpd.GeoDataFrame:
    try:
        if source.suffix.lower() == ".parquet":
            table = gpd.read_parquet(source)
            return table.reset_index() if table.index.names != [None] else table
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            table = gpd.read_file(source, layer=_chosen_layer(source, layer), engine="pyogrio")
    except NetworkError:
        raise
    except Exception as error:
        raise unreadable(source, error) from None
    if not isinstance(table, gpd.GeoDataFrame):
        raise unreadable(source, ValueError("no geometry"))
    return table


def _attribution(table: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return whom to credit for a table: only its columns can tell."""
    from_osm = any(names <= set(table.columns) for names in _OSM_COLUMNS)
    return (OSM_ATTRIBUTION,) if from_osm else ()


def _chosen_layer(source: Path, layer: str | None) -> str:
    """Return the layer the plan names; else the one that OSMnx writes edges to, or the first one in other files."""
    names = _layers(source)
    if layer is not None and layer not in names:
        raise NetworkError(
            Text("路网文件没有图层「{name}」。", "The streets have no layer “{name}”.").format(name=layer),
            [Fault(str(source), same(layer), same(", ".join(names)), column="layer")],
        )
    return layer or (_EDGES if _EDGES in names else names[0])


def _layer_notes(source: Path, layer: str | None) -> tuple[Note, ...]:
    """Tell which of several layers was read, where nobody said which."""
    names = [] if source.suffix.lower() == ".parquet" else _layers(source)
    if layer is not None or len(names) < 2 or _EDGES in names:
        return ()
    words = Text("{file} 有 {n} 个图层，读取的是「{name}」。", "{file} has {n} layers; “{name}” was read.")
    return (Note("network.first_layer", "assumption", words.format(file=source.name, n=len(names), name=names[0])),)


def _layers(source: Path) -> list[str]:
    import pyogrio

    return [str(name) for name, _ in pyogrio.list_layers(source)]


def _renamed(table: gpd.GeoDataFrame, columns: Mapping[str, str], source: Path) -> gpd.GeoDataFrame:
    missing = [name for name in columns.values() if name not in table]
    if missing:
        there = ", ".join(str(name) for name in table.columns)
        raise NetworkError(
            Text("路网表缺少列。", "The table of streets lacks columns."),
            [Fault(str(source), same(there), same(name), column=name) for name in missing],
        )
    return table.rename(columns={theirs: ours for ours, theirs in columns.items()})


def _refuse_unusable(table: gpd.GeoDataFrame, source: Path) -> None:
    shapes = table.geometry.to_numpy()
    usable = np.isin(shapely.get_type_id(shapes), _POINTS + _LINES + _AREAS) & ~shapely.is_empty(shapes)
    if usable.all():
        return
    raise NetworkError(
        Text("路网表中有不能使用的要素。", "The table of streets has features that cannot be used."),
        [
            Fault(
                str(source),
                Text("缺少图形", "no geometry") if shapes[row] is None else same(str(shapes[row])[:60]),
                Text("一条线", "a line"),
                int(row) + 1,
                "geometry",
            )
            for row in np.flatnonzero(~usable)
        ],
    )


def _outlines(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return lines as they are and areas as their outlines: squares are walked along their edge."""
    is_area = np.isin(shapely.get_type_id(shapes), _AREAS)
    return np.where(is_area, shapely.boundary(shapes), shapes)


def _declared(crs: CRS | None) -> CRS | None:
    """Return a table's own system; a GeoPackage without one calls it undefined, and that declares nothing."""
    return None if crs is None or crs.name.lower().startswith("undefined") else crs


def _nodes_beside(source: Path, layer: str | None, declared: Declared) -> NodeTags | None:
    """Return what the layer of nodes that OSMnx writes beside the edges says about gates and crossings."""
    if source.suffix.lower() != ".gpkg" or layer not in (None, _EDGES) or not {_EDGES, _NODES} <= set(_layers(source)):
        return None
    nodes = gpd.read_file(source, layer=_NODES, engine="pyogrio")
    return _point_tags(nodes, to_wgs84(gpd.GeoSeries(nodes.geometry.to_numpy()), declared).to_numpy())


def _point_tags(tags: pd.DataFrame, points: npt.NDArray[Any]) -> NodeTags:
    keys = sorted(NODE_KEYS & set(tags.columns))
    return node_tags(shapely.get_coordinates(points), tags[keys].to_dict("records"))


def node_tags(lonlat: npt.NDArray[np.float64], rows: Sequence[Mapping[Any, Any]]) -> NodeTags:
    """Sort nodes by what their tags mean to a walker."""
    tags = [{key: cell for key, cell in row.items() if isinstance(cell, str)} for row in rows]
    place, crossing = placed_ids(lonlat), [crossing_of_node(row) for row in tags]
    return NodeTags(
        barriers=place[np.array([is_barrier(row) for row in tags], dtype=bool)],
        plain=place[np.array([kind is Crossing.PLAIN for kind in crossing], dtype=bool)],
        signalled=place[np.array([kind is Crossing.SIGNALLED for kind in crossing], dtype=bool)],
        closed=place[np.array([is_closed(row) for row in tags], dtype=bool)],
    )
