"""OpenStreetMap files -> Ways.

osmium filters the file and writes the ways that matter as OPL, its own line format, without Python seeing a single
node; NumPy then reads all the vertices of all the ways at once. A Python loop over the nodes of the ways takes several
times as long.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import osmium
import pyarrow as pa
from pyarrow import csv

from planner.bilingual import Text, same
from planner.errors import Fault, NetworkError
from planner.network.tags import NODE_KEYS, WAY_KEYS, Crossing, TagReader, crossing_of_node, is_barrier, is_closed
from planner.network.ways import Ways

Integers = npt.NDArray[np.int64]
Degrees = npt.NDArray[np.float64]

OSM_SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf")
OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL"

_OPL = "opl,locations_on_ways=true,add_metadata=false"


def read_osm_ways(path: Path) -> Ways:
    """Read the walked ways of an OpenStreetMap file.

    Raises
    ------
    NetworkError
        If osmium cannot read the file.
    """
    with tempfile.TemporaryDirectory(prefix="planner-") as folder:
        filtered = Path(folder) / "streets.opl"
        _filter(path, filtered)
        lines = filtered.read_bytes().splitlines()
    return _located(_ways(lines), path)


def osm_attribution(path: Path) -> tuple[str, ...]:
    """Return whom to credit for a file: nobody where its header says that it was made up."""
    generator = osmium.io.Reader(osm_input(path), osmium.osm.NOTHING).header().get("generator", "")
    return () if generator.lower().startswith("synthetic") else (OSM_ATTRIBUTION,)


def _filter(source: Path, target: Path) -> None:
    locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    locations.ignore_errors()
    try:
        with osmium.SimpleWriter(osmium.io.File(str(target), _OPL)) as writer:
            reader = osmium.io.Reader(osm_input(source), osmium.osm.NODE | osmium.osm.WAY)
            osmium.apply(reader, locations, osmium.filter.KeyFilter("highway", "barrier", "crossing"), writer)
    except (RuntimeError, OSError) as error:
        raise unreadable(source, error) from None


def osm_input(path: Path) -> osmium.io.File:
    """Return a file as osmium wants it: it knows formats by suffixes in small letters only."""
    suffix = max((each for each in OSM_SUFFIXES if path.name.lower().endswith(each)), key=len)
    return osmium.io.File(str(path), suffix.removeprefix("."))


def _located(ways: Ways, source: Path) -> Ways:
    """Fill in positions that osmium had not seen yet when a way needed them.

    Some programs write ways before nodes, others number new nodes below zero. What is still missing then lies beyond
    the edge of an extract.
    """
    missing = np.unique(ways.vertex_id[np.isnan(ways.lon)])
    if not len(missing):
        return ways
    nodes = osmium.FileProcessor(osm_input(source), osmium.osm.NODE)
    if missing[0] >= 0:  # the filter knows no others
        nodes = nodes.with_filter(osmium.filter.IdFilter(missing.tolist()))
    place = {
        node.id: (node.location.lon, node.location.lat)
        for node in nodes
        if isinstance(node, osmium.osm.Node) and node.location.valid()
    }
    found = np.array([place.get(each, (np.nan, np.nan)) for each in missing.tolist()])
    at = np.searchsorted(missing, ways.vertex_id).clip(max=len(missing) - 1)
    unknown = np.isnan(ways.lon)
    return replace(ways, lon=np.where(unknown, found[at, 0], ways.lon), lat=np.where(unknown, found[at, 1], ways.lat))


def unreadable(path: Path, error: Exception) -> NetworkError:
    """Return the refusal of a file that its library could not read."""
    return NetworkError(
        Text("无法读取路网文件。", "The streets cannot be read."),
        [
            Fault(
                str(path),
                same(str(error).strip() or type(error).__name__),
                Text("完整的路网文件", "a complete file of streets"),
            )
        ],
    )


class _TaggedNodes(NamedTuple):
    barriers: list[int]
    plain: list[int]
    signalled: list[int]
    closed: list[int]


def _ways(lines: list[bytes]) -> Ways:
    classify = TagReader()
    nodes = _TaggedNodes([], [], [], [])
    of_way, of_node = _Deciding(WAY_KEYS), _Deciding(NODE_KEYS)
    way_class: list[int] = []
    vertices: list[bytes] = []
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for line in lines:
        head, _, last = line.partition(b" T")
        if head[0] == _NODE:
            _note_node(nodes, int(head[1:]), dict(of_node.among(last[: last.find(b" ")])))
            continue
        written, _, refs = last.partition(b" N")
        tags = tuple(of_way.among(written))
        place = seen.get(tags)
        if place is None:
            place = seen[tags] = classify(tags)
        if place >= 0:
            way_class.append(place)
            vertices.append(refs)
    first, vertex_id, lon, lat = _vertex_table(vertices)
    return Ways(
        first,
        vertex_id,
        lon,
        lat,
        np.array(way_class, dtype=np.int64),
        tuple(classify.classes),
        *(np.array(sorted(ids), dtype=np.int64) for ids in nodes),
    )


_NODE = ord("n")


class _Deciding(dict[bytes, tuple[str, str] | None]):
    """What OPL wrote for a tag, `key=value` -> the tag, None where it decides nothing. Each is read once."""

    def __init__(self, keys: frozenset[str]) -> None:
        super().__init__()
        self._keys = {key.encode(): key for key in keys}

    def __missing__(self, written: bytes) -> tuple[str, str] | None:
        name, _, value = written.partition(b"=")
        key = self._keys.get(name)
        self[written] = tag = None if key is None else (key, _ESCAPED.sub(_character, value.decode()))
        return tag

    def among(self, written: bytes) -> Iterator[tuple[str, str]]:
        """Return the tags that decide something among those written as `key=value,key=value`."""
        return filter(None, map(self.__getitem__, written.split(b",")))


#: OPL writes `10%` as `10%25%`.
_ESCAPED = re.compile("%([0-9a-f]+)%")


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _note_node(nodes: _TaggedNodes, node: int, tags: dict[str, str]) -> None:
    if is_barrier(tags):
        nodes.barriers.append(node)
    if is_closed(tags):
        nodes.closed.append(node)
    crossing = crossing_of_node(tags)
    if crossing is Crossing.PLAIN:
        nodes.plain.append(node)
    elif crossing is Crossing.SIGNALLED:
        nodes.signalled.append(node)


def _vertex_table(vertices: list[bytes]) -> tuple[Integers, Integers, Degrees, Degrees]:
    """Return where each way's vertices begin, and id, lon, lat of every vertex.

    A vertex reads `n17x116.3y39.9`, and `n17xy` where its position is unknown: a row of a CSV file, but for its commas.
    """
    counts = [refs.count(b"n") for refs in vertices]
    first = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    rows = b"\n".join(refs for refs in vertices if refs).translate(_AS_ROWS, delete=b"n")
    if not rows:
        return first, np.empty(0, np.int64), np.empty(0), np.empty(0)
    read = csv.ReadOptions(column_names=["id", "lon", "lat"])
    kinds = {"id": pa.int64(), "lon": pa.float64(), "lat": pa.float64()}
    table = csv.read_csv(pa.BufferReader(rows), read, convert_options=csv.ConvertOptions(column_types=kinds))
    return first, *(table[name].to_numpy() for name in kinds)


_AS_ROWS = bytes.maketrans(b",xy", b"\n,,")
