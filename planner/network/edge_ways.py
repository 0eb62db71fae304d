"""Lines with tags, from a table or a graph of edges -> Ways."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.bilingual import Text
from planner.model import Note
from planner.network.lengths import segment_length_m
from planner.network.tags import WAY_KEYS, TagReader, Verdict, WayClass, classify, is_listed, judge
from planner.network.ways import Ways

Integers = npt.NDArray[np.int64]

#: Kind of a line about which nothing is said.
UNKNOWN_KIND = "path"
#: Ends of lines that lie this close are the same place where a table names no nodes: about a centimetre.
GRID_DEG = 1e-7
# Chosen: how much a length given beside the geometry may differ from it before we say so.
LENGTH_TOLERANCE = 0.02
LENGTH_TOLERANCE_M = 1.0

_RESTRICTIVE = ("access", "foot")


class NodeTags(NamedTuple):
    """Places (see `placed_ids`) of nodes that are more than a junction."""

    barriers: Integers
    plain: Integers
    signalled: Integers
    closed: Integers


def ways_of_edges(edges: gpd.GeoDataFrame, nodes: NodeTags | None = None) -> tuple[Ways, tuple[Note, ...]]:
    """Turn a table of edges into ways.

    Parameters
    ----------
    edges : GeoDataFrame of lines in WGS 84 degrees
        Columns `u`, `v` (names of the end nodes), `reversed`, `length` and any tag that decides about ways; all are
        optional. Without `u` and `v`, lines meet wherever they share a vertex. An edge and its own way back, as OSMnx
        keeps them, become one.
    nodes : NodeTags, optional

    Returns
    -------
    Ways, and notes on what was found in the table.
    """
    notes = [_merged_note(edges), _length_note(edges)]
    classes, way_class = _classes(edges)
    kept = way_class >= 0
    edges, way_class = edges[kept], way_class[kept]
    kept = _first_of_each(edges, classes, way_class)
    edges, way_class = edges[kept], way_class[kept]
    named = "u" in edges and "v" in edges
    if named and not _ends_agree(edges):
        named = False
        notes.append(_ends_note())
    parts, owner = shapely.get_parts(edges.geometry.to_numpy(), return_index=True)
    lonlat, part = shapely.get_coordinates(parts, return_index=True)
    first = np.searchsorted(part, np.arange(len(parts) + 1))
    places = placed_ids(lonlat)
    ids = _named_ids(edges, owner, first) if named else places
    marked = [np.unique(ids[np.isin(places, group)]) for group in nodes or ()]
    ways = Ways(first, ids, lonlat[:, 0], lonlat[:, 1], way_class[owner], classes, *marked)
    return ways, tuple(note for note in notes if note is not None)


def _classes(edges: gpd.GeoDataFrame) -> tuple[tuple[WayClass, ...], npt.NDArray[np.int64]]:
    """Return the classes that occur and each edge's place among them, -1 where nobody walks."""
    keys = sorted(WAY_KEYS & set(edges.columns))
    columns = [[_one(key, cell) for cell in edges[key].tolist()] for key in keys]
    turned = edges["reversed"].tolist() if "reversed" in edges else [False] * len(edges)
    reader = TagReader(_classify_edge)
    places = [
        reader(
            (("reversed", str(back)), *((key, cell) for key, cell in zip(keys, row, strict=True) if cell is not None))
        )
        for back, row in zip(turned, zip(*columns, strict=True) if columns else [()] * len(edges), strict=True)
    ]
    return tuple(reader.classes), np.array(places, dtype=np.int64)


def _classify_edge(tags: Mapping[str, str]) -> WayClass | None:
    """Classify a line of a table: it is there to be used, so that a kind nobody knows is walked as well."""
    known = tags if "highway" in tags else {**tags, "highway": UNKNOWN_KIND}
    found = classify(known)
    if found is None and not is_listed(known["highway"]):
        found = classify({**known, "highway": UNKNOWN_KIND})
        found = None if found is None else found._replace(kind=known["highway"])
    if found is None or tags["reversed"] in ("False", "nan", "None"):
        return found
    if tags["reversed"] == "True":
        return found.turned
    return found._replace(stairs=2 if found.stairs else 0, incline=None if found.incline else found.incline)


def _one(key: str, cell: Any) -> str | None:
    """Return the one value that decides, where simplification has merged several into a list."""
    values = _listed(cell)
    if not values:
        return None
    if len(values) > 1 and key == "highway":
        walked = [value for value in values if judge({"highway": value}) is not Verdict.OUT]
        return (walked or values)[0]
    if len(values) > 1 and key in _RESTRICTIVE:
        return max(values, key=lambda value: judge({"highway": "path", key: value}) is not Verdict.PUBLIC)
    return values[0] if len(values) == 1 else None


def _listed(cell: Any) -> list[str]:
    if isinstance(cell, str):
        if not cell.startswith("["):
            return [cell] if cell else []
        try:
            cell = ast.literal_eval(cell)
        except (ValueError, SyntaxError):
            return [str(cell)]
    if isinstance(cell, (list, tuple, np.ndarray)):
        return [str(each) for each in cell]
    return [] if cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA else [str(cell)]


def _first_of_each(
    edges: gpd.GeoDataFrame, classes: tuple[WayClass, ...], way_class: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether each edge is the first on its line and of its class: the way back says nothing new."""
    alike = {each.upward: place for place, each in enumerate(classes)}
    kind = np.array([alike[each.upward] for each in classes], dtype=np.int64)[way_class]
    shape = shapely.to_wkb(shapely.normalize(edges.geometry.to_numpy()))
    back = [str(each) == "True" for each in edges["reversed"]] if "reversed" in edges else [False] * len(edges)
    rows = pd.DataFrame({"shape": shape, "kind": kind, "back": back}).sort_values("back", kind="stable")
    return (~rows.duplicated(["shape", "kind"])).sort_index().to_numpy()


def _ends_agree(edges: gpd.GeoDataFrame) -> bool:
    """Whether every end node has one place: the lines run from u to v."""
    lines = edges.geometry.to_numpy()
    firsts, lasts = shapely.get_coordinates(_end(lines, 0)), shapely.get_coordinates(_end(lines, -1))
    place = pd.DataFrame(np.concatenate([firsts, lasts]), columns=["lon", "lat"])
    node = np.concatenate([edges["u"].to_numpy(dtype=object), edges["v"].to_numpy(dtype=object)])
    by_node = place.groupby(pd.factorize(node)[0])
    spread = (by_node.max() - by_node.min()).to_numpy()
    return bool((spread < 100 * GRID_DEG).all()) and not edges[["u", "v"]].isna().to_numpy().any()


def _end(lines: npt.NDArray[Any], place: int) -> npt.NDArray[Any]:
    parts = shapely.get_geometry(lines, place)
    return shapely.get_point(np.where(shapely.get_type_id(lines) == 5, parts, lines), place)


def _named_ids(edges: gpd.GeoDataFrame, owner: npt.NDArray[np.intp], first: npt.NDArray[np.intp]) -> Integers:
    """Return an id for each vertex: the node's where a line begins or ends, one of its own in between."""
    names = np.concatenate([edges["u"].to_numpy(), edges["v"].to_numpy()])
    order, code = np.unique(names.astype(str) if names.dtype == object else names, return_inverse=True)
    ids = np.arange(len(order), len(order) + first[-1], dtype=np.int64)
    opens = np.diff(owner, prepend=-1) != 0
    closes = np.diff(owner, append=len(edges)) != 0
    ids[first[:-1][opens]] = code[: len(edges)]
    ids[first[1:][closes] - 1] = code[len(edges) :]
    _join_parts(ids, first, opens, closes)
    return ids


def _join_parts(
    ids: npt.NDArray[np.int64],
    first: npt.NDArray[np.intp],
    opens: npt.NDArray[np.bool_],
    closes: npt.NDArray[np.bool_],
) -> None:
    """Give the end of a part and the begin of the next part of the same line one id."""
    ids[first[:-1][~opens]] = ids[first[1:][~closes] - 1]


def placed_ids(lonlat: npt.NDArray[np.float64]) -> Integers:
    """Return an id for each vertex that is the same wherever the place is the same."""
    cell = np.rint((lonlat + np.array([180.0, 90.0])) / GRID_DEG).astype(np.int64)
    return (cell[:, 0] << 32) + cell[:, 1]


def _merged_note(edges: gpd.GeoDataFrame) -> Note | None:
    if "highway" not in edges:
        return None
    merged = sum(len(_listed(cell)) > 1 for cell in edges["highway"].tolist())
    if not merged:
        return None
    return Note(
        "network.merged_kinds",
        "warning",
        Text(
            "路网文件中有 {n} 段把几种道路合成了一段，按其中第一种可步行的道路处理；其中的台阶、门禁可能未单独计算。",
            "{n} edges of the file merge several kinds of way into one; the first kind that is walked was taken. Steps "
            "or private pieces in them may not be told apart.",
        ).format(n=f"{merged:,}"),
    )


def _length_note(edges: gpd.GeoDataFrame) -> Note | None:
    if "length" not in edges:
        return None
    given_m = pd.to_numeric(edges["length"], errors="coerce").to_numpy(dtype=np.float64)
    measured_m = line_length_m(edges.geometry.to_numpy())
    away_m = np.abs(given_m - measured_m)
    differing = int(np.count_nonzero((away_m > LENGTH_TOLERANCE * measured_m) & (away_m > LENGTH_TOLERANCE_M)))
    if not differing:
        return None
    return Note(
        "network.length_differs",
        "warning",
        Text(
            "路网文件中有 {n} 段给出的长度与其几何形状不符，均按几何形状计算。",
            "{n} edges of the file give a length that does not fit their shape; the shape was measured.",
        ).format(n=f"{differing:,}"),
    )


def line_length_m(lines: Iterable[Any]) -> npt.NDArray[np.float64]:
    """Return the geodesic length of lines in WGS 84 degrees, metres."""
    parts, owner = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
    lonlat, part = shapely.get_coordinates(parts, return_index=True)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    along = part[1:] == part[:-1]
    segment_m = segment_length_m(lon[:-1], lat[:-1], lon[1:], lat[1:])[along]
    count = len(np.asarray(lines, dtype=object))
    return np.bincount(owner[part[1:][along]], weights=segment_m, minlength=count).astype(np.float64)


def _ends_note() -> Note:
    return Note(
        "network.ends_from_shapes",
        "assumption",
        Text(
            "路网表中 u、v 的顺序与线的走向不一致，道路在何处相接按坐标判断。",
            "The columns u and v do not follow the direction of the lines; coordinates decided where paths meet.",
        ),
    )
