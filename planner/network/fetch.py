"""Streets, compounds and venues downloaded from OpenStreetMap, each written whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.bilingual import Text, same
from planner.errors import Fault, FetchError
from planner.network.overpass import osmnx_settings, patiently, street_filter
from planner.network.tags import NODE_KEYS, WAY_KEYS

Box = tuple[float, float, float, float]

STREET_SUFFIXES = (".graphml", ".gpkg")

COMPOUND_TAGS: Mapping[str, list[str]] = {"landuse": ["residential"]}
GATE_TAGS: Mapping[str, list[str]] = {"barrier": ["gate", "lift_gate", "swing_gate", "sliding_gate", "entrance"]}
VENUE_TAGS: Mapping[str, list[str]] = {
    "amenity": [
        "community_centre",
        "social_centre",
        "social_facility",
        "townhall",
        "library",
        "kindergarten",
        "clinic",
    ],
    "office": ["government", "association"],
    "leisure": ["fitness_centre", "sports_centre"],
}
#: A gate belongs to the compound on whose outline it stands, within this many metres. Chosen.
GATE_TOLERANCE_M = 15.0

# Chosen: two findings for one name are the same place where their boxes overlap.
_POLYGONS = ("Polygon", "MultiPolygon")


def fetch_streets(
    place: str | None,
    bbox: Box | None,
    out: Path,
    endpoint: str | None = None,
    compounds: bool = False,
    venues: bool = False,
) -> list[Path]:
    """Download the streets people may walk on, private ones included, and what else is asked for.

    Parameters
    ----------
    place : str, optional
        Name of a place with an outline in OpenStreetMap. The server that finds it can be named in the environment
        variable PLANNER_NOMINATIM_URL.
    bbox : tuple of float, optional
        West, south, east, north in degrees, instead of a place.
    out : path
        `.graphml`, or `.gpkg` with layers `edges` and `nodes`.
    endpoint : str, optional
        Another Overpass server.
    compounds, venues : bool
        Also write residential compounds with their gates to `<stem>_compounds.gpkg`, and community venues to
        `<stem>_venues.gpkg`, beside `out`.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    FetchError
        If the request makes no sense, the place is unknown or ambiguous, the server cannot be reached or has nothing.
    """
    out = Path(out)
    _refuse_nonsense(place, bbox, out)
    found_places: list[Any] = []
    with osmnx_settings(endpoint, found_places) as osmnx:
        area = shapely.box(*bbox) if bbox is not None else _outline(osmnx, str(place), found_places)
        graph = _streets(osmnx, area)
        tables: dict[Path, Callable[[Path], None]] = {out: lambda file: _write_streets(osmnx, graph, file)}
        if compounds:
            layers = _compounds(osmnx, area)
            tables[_beside(out, "compounds")] = lambda file: _write_layers(layers, file)
        if venues:
            found = {"venues": _features(osmnx, area, VENUE_TAGS)}
            tables[_beside(out, "venues")] = lambda file: _write_layers(found, file)
        _write_all(tables)
    return list(tables)


def _refuse_nonsense(place: str | None, bbox: Box | None, out: Path) -> None:
    faults = []
    if (place is None) == (bbox is None):
        faults.append(
            Fault("PLACE, --bbox", same(f"{place}, {bbox}"), Text("地名或范围之一", "either a place or a box"))
        )
    if bbox is not None and not (-180 <= bbox[0] < bbox[2] <= 180 and -90 <= bbox[1] < bbox[3] <= 90):
        faults.append(
            Fault(
                "--bbox",
                same(",".join(f"{edge:g}" for edge in bbox)),
                Text("西，南，东，北（度）", "W,S,E,N in degrees"),
            )
        )
    if out.suffix.lower() not in STREET_SUFFIXES:
        faults.append(Fault("--out", same(out.name), same(" | ".join(STREET_SUFFIXES))))
    if not out.parent.is_dir():
        faults.append(Fault("--out", same(out.parent), Text("已有的文件夹", "a folder that exists")))
    if faults:
        raise FetchError(Text("下载要求有误。", "The download cannot be made like this."), faults)


def _outline(osmnx: Any, place: str, answered: list[Any]) -> Any:
    try:
        found = patiently(lambda: osmnx.geocode_to_gdf(place), time.sleep)
    except (ValueError, TypeError, KeyError) as error:
        raise FetchError(
            Text("找不到地名「{place}」的范围。", "No outline was found for the place “{place}”.").format(place=place),
            [
                Fault(
                    place,
                    same(str(error)[:160]),
                    Text("有边界的地名，或用 --bbox 给出范围", "a place with a boundary, or a box with --bbox"),
                )
            ],
        ) from None
    _refuse_ambiguous(place, answered)
    return found.geometry.iloc[0]


def _refuse_ambiguous(place: str, answered: list[Any]) -> None:
    """Refuse a name that stands for several places which do not overlap: nobody knows which was meant."""
    findings = [
        each
        for answer in answered
        for each in answer
        if each.get("geojson", {}).get("type") in _POLYGONS and each.get("class") in ("boundary", "place", "landuse")
    ]
    boxes = [_box_of(each) for each in findings]
    apart = [each for each, box in zip(findings, boxes, strict=True) if not box.intersects(boxes[0])]
    if apart:
        raise FetchError(
            Text("地名「{place}」不止一处。", "There is more than one place “{place}”.").format(place=place),
            [
                Fault(
                    place, same(each["display_name"]), Text("带上级区划的全名，或 --bbox", "its full name, or --bbox")
                )
                for each in (findings[0], *apart)
            ],
        )


def _box_of(finding: Mapping[str, Any]) -> Any:
    south, north, west, east = (float(edge) for edge in finding["boundingbox"])
    return shapely.box(west, south, east, north)


def _streets(osmnx: Any, area: Any) -> Any:
    try:
        graph = patiently(
            lambda: osmnx.graph_from_polygon(
                area,
                network_type="walk",  # makes every path two-way; the filter replaces its selection of ways
                custom_filter=street_filter(),
                simplify=False,
                retain_all=True,
                truncate_by_edge=True,
            ),
            time.sleep,
        )
        return osmnx.simplify_graph(
            graph, node_attrs_include=sorted(NODE_KEYS), edge_attrs_differ=["osmid"], remove_rings=False
        )
    except (ValueError, TypeError, KeyError) as error:
        raise _nothing_found(error) from None


def _nothing_found(error: Exception) -> FetchError:
    return FetchError(
        Text("这一范围内没有可步行的道路数据。", "There are no streets to walk on in this area."),
        [Fault("OpenStreetMap", same(str(error)[:160]), Text("至少一条道路", "at least one way"))],
    )


def _features(osmnx: Any, area: Any, tags: Mapping[str, list[str]]) -> gpd.GeoDataFrame:
    """Return the features with these tags; an empty table where there are none."""
    try:
        found = patiently(lambda: osmnx.features_from_polygon(area, dict(tags)), time.sleep)
    except ValueError:  # OSMnx has no other word for "none"
        return gpd.GeoDataFrame({"osm_id": [], "name": []}, geometry=[], crs=4326)
    kinds = [name for name in ("name", *tags) if name in found]
    table = found[[*kinds, found.geometry.name]].reset_index()
    table.insert(0, "osm_id", [f"{row.element}/{row.id}" for row in table.itertuples()])
    return table.drop(columns=["element", "id"]).sort_values("osm_id", ignore_index=True)


def _compounds(osmnx: Any, area: Any) -> dict[str, gpd.GeoDataFrame]:
    compounds = _features(osmnx, area, COMPOUND_TAGS)
    compounds = compounds[compounds.geom_type.isin(_POLYGONS)].reset_index(drop=True)
    gates = _features(osmnx, area, GATE_TAGS)
    gates = gates[gates.geom_type == "Point"].reset_index(drop=True)
    return {"compounds": compounds, "gates": _gates_of(gates, compounds)}


def _gates_of(gates: gpd.GeoDataFrame, compounds: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the gates that stand on the outline of a compound, with its id as `compound`."""
    if not len(gates) or not len(compounds):
        return gates.assign(compound=pd.Series(dtype=object)).iloc[:0]
    metric = gates.estimate_utm_crs()
    outlines = gpd.GeoDataFrame(
        {"compound": compounds["osm_id"]}, geometry=compounds.geometry.to_crs(metric).boundary, crs=metric
    )
    near = gates.to_crs(metric).sjoin_nearest(outlines, max_distance=GATE_TOLERANCE_M)
    near = near.drop(columns="index_right").sort_values(["osm_id", "compound"]).drop_duplicates("osm_id")
    return near.to_crs(gates.crs)


def _beside(out: Path, what: str) -> Path:
    return out.with_name(f"{out.stem}_{what}.gpkg")


def _write_streets(osmnx: Any, graph: Any, file: Path) -> None:
    if file.suffix == ".graphml":
        osmnx.save_graphml(graph, file)
        return
    nodes, edges = osmnx.graph_to_gdfs(graph)
    edges = edges[~edges["reversed"].astype(bool)]  # every path is there both ways
    edge_columns = [name for name in ("osmid", "name", "length", "reversed", *sorted(WAY_KEYS)) if name in edges]
    node_columns = [name for name in sorted(NODE_KEYS) if name in nodes]
    _write_layers(
        {
            "edges": edges[[*edge_columns, "geometry"]].reset_index(),
            "nodes": nodes[[*node_columns, "geometry"]].reset_index(),
        },
        file,
    )


def _write_layers(layers: Mapping[str, gpd.GeoDataFrame], file: Path) -> None:
    for name, table in layers.items():
        table.to_file(file, layer=name, driver="GPKG", engine="pyogrio")


def _write_all(tables: Mapping[Path, Callable[[Path], None]]) -> None:
    """Write every file beside its place first, and put them there when all are whole."""
    folder = next(iter(tables)).parent
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".planner-") as kept:
            for target, write in tables.items():
                write(Path(kept) / target.name)
            for target in tables:
                os.replace(Path(kept) / target.name, target)
    except OSError as error:
        raise FetchError(
            Text("无法写出文件。", "The files cannot be written."),
            [Fault(str(folder), same(error), Text("可写的文件夹", "a folder that can be written to"))],
        ) from None
