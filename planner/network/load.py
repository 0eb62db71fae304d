"""A file of streets -> WalkNetwork, whatever the file is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault, NetworkError
from planner.loading.coordinates import parse_crs
from planner.loading.study_system import system_at
from planner.network.assembly import assemble
from planner.network.cache import cache_file, from_cache, to_cache
from planner.network.edge_table import TABLE_SUFFIXES, read_edge_table
from planner.network.graphml_file import read_graphml
from planner.network.osm_file import OSM_SUFFIXES, osm_attribution, read_osm_ways
from planner.network.reading import Reading
from planner.network.terrain import there
from planner.network.walk_network import WalkNetwork
from planner.network.ways import Ways


def load_network(
    path: str | Path,
    crs: str | int | CRS = "auto",
    *,
    layer_crs: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    elevation: str | Path | None = None,
    cache: bool = True,
) -> WalkNetwork:
    """Read streets and make them a network to walk on.

    Parameters
    ----------
    path : path
        `.osm`, `.osm.gz`, `.osm.bz2`, `.osm.pbf`, `.graphml` (OSMnx), or a table of edges in `.gpkg`, `.geojson` or
        `.parquet`.
    crs : str, int or CRS
        The metric system of the study. "auto" takes the CGCS2000 3-degree zone of the streets, UTM outside China.
    layer_crs : str, optional
        Coordinate system of a table of edges that declares none; "GCJ-02" and "BD-09" are known.
    columns : mapping, optional
        Our column (`u`, `v`, `highway`, ...) -> the table's own.
    layer : str, optional
        Layer of a GeoPackage; the first one where not given.
    elevation : path, optional
        GeoTIFF of heights, from which slopes are taken where no `incline` gives them in numbers.
    cache : bool
        Whether to use, and to keep, the network of an earlier run; False reads afresh.

    Raises
    ------
    NetworkError
        If a file is missing or broken, is of another kind, or holds nothing to walk on, or no heights there.
    CrsError
        If `crs` is no metric system, or a table declares no coordinate system.
    """
    source = Path(path)
    system = _metric(crs)
    read = reader_of(source)
    options = {
        "reader": read.__name__,
        "crs": crs if system is None else system.to_wkt(),
        "layer_crs": layer_crs,
        "columns": sorted((columns or {}).items()),
        "layer": layer,
    }
    ground = None if elevation is None else there(Path(elevation))
    kept = cache_file([source, *([] if ground is None else [ground])], options) if cache else None
    network = from_cache(kept) if kept is not None else None
    if network is None:
        ways, attribution, notes = read(source, layer_crs=layer_crs, columns=columns or {}, layer=layer)
        _refuse_nothing(ways, source)
        metric = system or _metric_system_of(ways)
        network = assemble(ways, metric, elevation=ground, notes=notes, attribution=attribution)
        if kept is not None:
            to_cache(network, kept)
    return network


def _read_osm(source: Path, **_: Any) -> Reading:
    return Reading(read_osm_ways(source), osm_attribution(source))


#: How each kind of file is read.
READERS: Mapping[str, Callable[..., Reading]] = {
    **dict.fromkeys(OSM_SUFFIXES, _read_osm),
    ".graphml": read_graphml,
    **dict.fromkeys(TABLE_SUFFIXES, read_edge_table),
}


def reader_of(source: Path) -> Callable[..., Reading]:
    """Return what reads this kind of file.

    Raises
    ------
    NetworkError
        If there is no such file, or no kind of file that is known.
    """
    known = Text("{suffixes} 之一", "one of {suffixes}").format(suffixes=" ".join(READERS))
    for suffix, read in READERS.items():
        if source.name.lower().endswith(suffix):
            if source.is_file():
                return read
            raise NetworkError(
                Text("找不到路网文件。", "The file of streets does not exist."),
                [Fault(str(source), Text("文件不存在", "no such file"), known)],
            )
    raise NetworkError(
        Text("路网文件的类型无法识别。", "This kind of file holds no streets that can be read."),
        [Fault(str(source), same(source.suffix or source.name), known)],
    )


def _refuse_nothing(ways: Ways, source: Path) -> None:
    way = np.repeat(np.arange(len(ways)), np.diff(ways.first))
    if not np.any(np.bincount(way[np.isfinite(ways.lon)]) > 1):
        raise NetworkError(
            Text("路网文件中没有可以步行的道路。", "The file holds nothing to walk on."),
            [
                Fault(
                    str(source),
                    Text("没有可步行的道路", "no way that people walk on"),
                    Text("至少一条可步行的道路（highway=…）", "at least one walkable way (highway=…)"),
                )
            ],
        )


def _metric(crs: str | int | CRS) -> CRS | None:
    """Return the metric system named; None where the streets are to choose."""
    if isinstance(crs, str) and crs == "auto":
        return None
    system = crs if isinstance(crs, CRS) else parse_crs(str(crs), "crs", "crs")
    if isinstance(system, CRS) and _is_metric(system):
        return system
    raise CrsError(
        Text("研究所用坐标系须以米为单位。", "The study needs a metric coordinate system."),
        [
            Fault(
                "crs",
                same(system if isinstance(system, str) else system.name),
                Text("投影坐标系，如 EPSG:4547；或 auto", "a projected system such as EPSG:4547, or auto"),
                column="crs",
            )
        ],
    )


def _is_metric(system: CRS) -> bool:
    """Whether a metre of the system is about a metre on the ground: in Mercator maps of the world it is not."""
    method = system.coordinate_operation.method_name if system.coordinate_operation else ""
    in_metres = system.is_projected and system.axis_info[0].unit_name in ("metre", "meter")
    return in_metres and "Pseudo Mercator" not in method and not method.startswith("Mercator")


def _metric_system_of(ways: Ways) -> CRS:
    return system_at(float(np.nanmedian(ways.lon)), float(np.nanmedian(ways.lat)))
