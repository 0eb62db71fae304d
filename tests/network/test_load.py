"""Every kind of file, every refusal."""

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.errors import CrsError, NetworkError
from planner.network import WalkNetwork, load_network
from tests.network.conftest import edge_table
from tests.network.osm_xml import LAT, LON, write_osm

CRS = "EPSG:4547"
NODES = {1: (0, 0), 2: (10, 0), 3: (20, 0), 4: (10, 10)}
WAYS = [(1, [1, 2, 3], {"highway": "residential"}), (2, [2, 4], {"highway": "footway"})]
Load = Callable[..., WalkNetwork]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_osm(tmp_path / "town.osm", NODES, WAYS)


def test_a_graph_without_edges_is_refused(tmp_path: Path) -> None:
    import networkx as nx

    nx.write_graphml(nx.MultiDiGraph(), tmp_path / "empty.graphml")
    with pytest.raises(NetworkError, match="nothing to walk on"):
        load_network(tmp_path / "empty.graphml", CRS, cache=False)


def test_compressed_files_and_capital_suffixes_give_the_same(town: Path, tmp_path: Path) -> None:
    import osmium

    content = town.read_bytes()
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(content))
    (tmp_path / "a.osm.bz2").write_bytes(bz2.compress(content))
    (tmp_path / "A.OSM").write_bytes(content)
    with osmium.SimpleWriter(str(tmp_path / "a.osm.pbf")) as writer:
        for each in osmium.FileProcessor(str(town)):
            writer.add(each)
    plain = edge_table(load_network(town, CRS, cache=False))
    for name in ("a.osm.gz", "a.osm.bz2", "A.OSM", "a.osm.pbf"):
        assert edge_table(load_network(tmp_path / name, CRS, cache=False)) == plain


def test_ways_may_stand_before_nodes(town: Path) -> None:
    plain = edge_table(load_network(town, CRS, cache=False))
    lines = town.read_text().splitlines()
    ways = [line for line in lines if line.startswith("<way")]
    others = [line for line in lines if not line.startswith("<way")]
    town.write_text("\n".join(others[:2] + ways + others[2:]))
    assert edge_table(load_network(town, CRS, cache=False)) == plain


def test_new_nodes_may_have_numbers_below_zero(network_of: Load) -> None:
    network = network_of({-1: (0, 0), -2: (10, 0)}, [(-3, [-1, -2], {"highway": "footway"})])
    assert network.length_m.round(1).tolist() == [96.5]


def test_names_cannot_be_mistaken_for_structure(network_of: Load) -> None:
    tags = {"highway": "footway", "name": "a, N=b T x=y\n n5x3 %20%"}
    assert network_of(NODES, [(1, [1, 2, 3], tags)]).edge_count == 1


def test_auto_takes_the_zone_of_the_streets(town: Path, tmp_path: Path) -> None:
    assert load_network(town, "auto", cache=False).crs.to_epsg() == 4547
    porto = town.read_text().replace(f'lon="{LON:.0f}', 'lon="-8').replace(f'lat="{LAT:.0f}', 'lat="41')
    (tmp_path / "porto.osm").write_text(porto)
    assert load_network(tmp_path / "porto.osm", "auto", cache=False).crs.to_epsg() == 32629


def test_osm_is_credited_unless_the_file_says_it_was_made_up(network_of: Load) -> None:
    assert network_of(NODES, WAYS).attribution == ("© OpenStreetMap contributors, ODbL",)
    assert network_of(NODES, WAYS, generator="synthetic town of the planner").attribution == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zero.osm", b""),
        ("page.osm", b"<html><body>Too many requests</body></html>"),
        ("cut.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="30" lo'),
        ("bad.osm.gz", b"no gzip"),
        ("bad.osm.pbf", b"no protocol buffer at all"),
        ("bad.graphml", b"<graphml>"),
        ("bad.gpkg", b"x"),
        ("bad.geojson", b"{}"),
        ("bad.parquet", b"x"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NetworkError, match="cannot be read") as refused:
        load_network(tmp_path / name, CRS)
    assert name in refused.value.faults[0].file


def test_missing_files_and_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="no such file"):
        load_network(tmp_path / "town.osm", CRS)
    (tmp_path / "town.shp").write_text("x")
    with pytest.raises(NetworkError, match=r"\.osm\.pbf"):
        load_network(tmp_path / "town.shp", CRS)


@pytest.mark.parametrize(
    "ways",
    [
        [],
        [(1, [1, 2], {"highway": "motorway"})],
        [(1, [1], {"highway": "footway"})],
        [(1, [8, 9], {"highway": "footway"})],
    ],
)
def test_a_file_with_nothing_to_walk_on_is_refused(network_of: Load, ways: list) -> None:
    with pytest.raises(NetworkError, match="nothing to walk on"):
        network_of(NODES, ways)


@pytest.mark.parametrize("crs", ["EPSG:4326", "GCJ-02", "EPSG:3857", "EPSG:2263", "somewhere"])
def test_a_system_that_is_not_metric_is_refused(town: Path, crs: str) -> None:
    with pytest.raises(CrsError):
        load_network(town, crs)


def test_nodes_lie_where_pyproj_puts_them(town: Path) -> None:
    network = load_network(town, CRS, cache=False)
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, CRS, always_xy=True).transform(LON, LAT)
    assert np.hypot(*(network.node_xy - [x, y]).T).min() < 1e-3
