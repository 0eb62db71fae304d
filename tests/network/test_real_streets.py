"""Real streets of every kind of file, compared with what their own libraries say."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS, Geod

from planner.network import check_network, load_network, osm_background
from planner.network.tags import classify
from tests.real_data import real_data

GEOD = Geod(ellps="WGS84")


def _codes(network) -> set[str]:
    return {note.code for note in check_network(network)}


@pytest.mark.parametrize("name", ["helsinki/helsinki.osm.pbf", "guixi/guixi.osm", "beijing_haidian/haidian_2017.osm"])
def test_no_walked_metre_is_lost(name: str) -> None:
    """The total length is that of every walked way, one by one, by pyosmium and pyproj."""
    import osmium

    path = real_data(name)
    expected = 0.0
    for way in osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway")):
        if isinstance(way, osmium.osm.Way) and classify(dict(way.tags)) is not None:
            places = [(node.lon, node.lat) if node.location.valid() else None for node in way.nodes]
            pairs = [pair for pair in itertools.pairwise(places) if None not in pair]
            expected += sum(GEOD.inv(*a, *b)[2] for a, b in pairs)
    assert load_network(path, "auto", cache=False).length_m.sum() == pytest.approx(expected, rel=1e-7)


def test_porto_is_one_large_connected_network() -> None:
    network = load_network(real_data("porto/porto.osm.pbf"), "auto", cache=False)
    assert network.crs.to_epsg() == 32629
    assert network.edge_count < 100_000
    assert np.bincount(network.component)[0] / network.node_count > 0.95
    straight = np.hypot(*(network.node_xy[network.start] - network.node_xy[network.end]).T)
    assert (straight <= network.length_m * 1.001 + 1e-6).all()
    degree = np.bincount(np.concatenate([network.start, network.end]))
    assert (degree == 2).mean() < 0.1


def test_county_towns_are_called_sparse_and_haidian_is_not() -> None:
    for name in ("guixi/guixi.osm", "ninghua/ninghua.osm"):
        assert {"network.sparse", "network.no_footways"} <= _codes(load_network(real_data(name), "auto", cache=False))
    haidian = load_network(real_data("beijing_haidian/haidian_2017.osm"), "auto", cache=False)
    assert "network.sparse" not in _codes(haidian)
    assert "network.no_footways" not in _codes(haidian)


def test_wuhan_without_motorways_keeps_its_length() -> None:
    path = real_data("wuhan/streets.parquet")
    network = load_network(path, "EPSG:4547", cache=False)
    table = gpd.read_parquet(path)
    walked = table[~table["highway"].isin(["motorway", "motorway_link"])]
    on_the_map_m = walked.length.sum()
    assert network.length_m.sum() == pytest.approx(on_the_map_m, rel=2e-3)  # UTM 50N is up to 1 in 1,000 off here
    assert np.bincount(network.component)[0] / network.node_count > 0.99


def test_futian_is_the_two_way_graph() -> None:
    path = real_data("shenzhen_futian/streets.graphml")
    network = load_network(path, "EPSG:4547", cache=False)
    import osmnx

    graph = osmnx.convert.to_undirected(osmnx.load_graphml(path))
    lengths = [
        float(tags["length"])
        for *_, tags in graph.edges(data=True)
        if tags["highway"] not in ("motorway", "motorway_link") and tags.get("access") != "no"
    ]
    assert network.length_m.sum() == pytest.approx(sum(lengths), rel=0.02)
    assert "steps" in network.kinds


def test_haidian_of_2025_meets_at_shared_vertices() -> None:
    """Ways that are not cut at junctions, points and squares among them: GeoJSON as it is exported."""
    network = load_network(real_data("beijing_haidian/roads_2025.geojson"), "auto", cache=False)
    assert np.bincount(network.component)[0] / network.node_count > 0.95
    assert network.attribution


@pytest.mark.parametrize(
    ("name", "buildings"), [("helsinki/helsinki.osm.pbf", 400), ("beijing_haidian/haidian_2017.osm", 500)]
)
def test_backgrounds_hold_buildings_water_and_green(name: str, buildings: int) -> None:
    found = osm_background(real_data(name), CRS.from_epsg(32650 if "haidian" in name else 32635))
    assert len(found.buildings) > buildings
    assert len(found.water)
    assert len(found.green)
    assert found.buildings.is_valid.all()
