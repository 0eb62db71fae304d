"""Tables and graphs of edges."""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from planner.errors import CrsError, NetworkError
from planner.loading.coordinates import wgs84_to_gcj02
from planner.network import load_network
from tests.network.conftest import edge_table

CRS = "EPSG:4547"
A, B, C, D = (114.300, 30.0), (114.301, 30.0), (114.302, 30.0), (114.301, 30.001)


def _table(lines: list, crs: object = 4326, **columns: list) -> gpd.GeoDataFrame:
    shapes = [line if isinstance(line, shapely.Geometry) else shapely.LineString(line) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def _load(table: gpd.GeoDataFrame, folder: Path, suffix: str = ".parquet", **options):
    file = folder / f"streets{suffix}"
    table.to_parquet(file) if suffix == ".parquet" else table.to_file(file)
    return load_network(file, CRS, cache=False, **options)


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg", ".geojson"])
def test_lines_meet_where_they_share_a_vertex(tmp_path: Path, suffix: str) -> None:
    """The second line ends at a bend in the middle of the first."""
    network = _load(_table([[A, B, C], [B, D]]), tmp_path, suffix)
    assert (network.node_count, network.edge_count) == (4, 3)
    assert network.component.max() == 0


def test_of_several_layers_the_first_is_read_and_told_and_an_unknown_one_refused(tmp_path: Path) -> None:
    file = tmp_path / "streets.gpkg"
    _table([[A, B]]).to_file(file, layer="old town")
    _table([[A, B], [B, C]]).to_file(file, layer="all")
    first = load_network(file, CRS, cache=False)
    named = load_network(file, CRS, cache=False, layer="all")
    assert named.length_m.sum() == pytest.approx(2 * first.length_m.sum(), rel=1e-4)
    told = ["network.first_layer" in {note.code for note in network.notes} for network in (first, named)]
    assert told == [True, False]
    with pytest.raises(NetworkError, match="old town, all"):
        load_network(file, CRS, cache=False, layer="none")


def test_lines_that_merely_cross_do_not_meet(tmp_path: Path) -> None:
    network = _load(_table([[A, C], [(114.301, 29.999), D]]), tmp_path)
    assert network.component.max() == 1


def test_named_ends_decide_where_they_are_given(tmp_path: Path) -> None:
    """A bridge that ends above the middle of a street, named as another node, does not touch it."""
    named = _table([[A, B], [B, C], [B, D]], u=["a", "b", "bridge"], v=["b", "c", "d"])
    assert _load(named, tmp_path).component.max() == 1
    assert _load(named.drop(columns=["u", "v"]), tmp_path).component.max() == 0


def test_names_that_do_not_follow_the_lines_are_not_believed(tmp_path: Path) -> None:
    table = _table([[A, B], [C, B]], u=[1, 2], v=[2, 3])
    network = _load(table, tmp_path)
    assert network.edge_count == 1
    assert [note.code for note in network.notes] == ["network.ends_from_shapes"]


def test_a_path_and_its_way_back_are_one(tmp_path: Path) -> None:
    table = _table([[A, B], [B, A], [B, C]], u=[1, 2, 2], v=[2, 1, 3])
    network = _load(table, tmp_path)
    assert network.edge_count == 1
    assert network.length_m.sum() == pytest.approx(2 * 96.49, abs=0.05)


def test_projected_tables_are_measured_on_the_ellipsoid(tmp_path: Path) -> None:
    """UTM 50N shortens by up to 4 in 10,000; the same lines measure the same from either system."""
    degrees = _table([[A, B, C], [B, D]])
    projected = degrees.to_crs(32650)
    assert _load(projected, tmp_path).length_m == pytest.approx(_load(degrees, tmp_path).length_m, rel=1e-6)


def test_a_system_without_a_code_is_understood(tmp_path: Path) -> None:
    unnamed = "+proj=tmerc +lat_0=0 +lon_0=116.5 +k=0.9996 +x_0=500000 +y_0=0 +datum=WGS84 +units=m +no_defs"
    table = _table([[A, B, C]]).to_crs(unnamed)
    assert table.crs.to_epsg() is None
    assert _load(table, tmp_path).length_m.sum() == pytest.approx(2 * 96.49, abs=0.05)


def test_an_undeclared_system_is_refused_and_can_be_declared(tmp_path: Path) -> None:
    table = _table([[A, B]], crs=None)
    with pytest.raises(CrsError):
        _load(table, tmp_path)
    assert _load(table, tmp_path, layer_crs="EPSG:4490").edge_count == 1


def test_gcj02_is_undone(tmp_path: Path) -> None:
    shifted = [list(zip(*wgs84_to_gcj02(*np.array(line).T), strict=True)) for line in ([A, B, C], [B, D])]
    there = _load(_table(shifted, crs=None), tmp_path, layer_crs="GCJ-02")
    assert there.node_xy == pytest.approx(_load(_table([[A, B, C], [B, D]]), tmp_path).node_xy, abs=0.01)


def test_lines_in_several_parts_are_joined(tmp_path: Path) -> None:
    parts = shapely.MultiLineString([[A, B], [B, C]])
    assert _load(_table([parts]), tmp_path).edge_count == 1
    assert _load(_table([parts], u=[1], v=[3]), tmp_path).edge_count == 1


def test_tags_decide_as_in_openstreetmap(tmp_path: Path) -> None:
    table = _table(
        [[A, B], [B, C], [B, D], [D, A]],
        highway=["motorway", "service", "steps", "支路"],
        access=[None, "private", None, None],
        incline=[None, None, "up", None],
    )
    network = _load(table, tmp_path)
    found = {network.kinds[kind]: edge for edge, kind in enumerate(network.kind)}
    assert set(found) == {"service", "steps", "支路"}
    assert network.private_area[found["service"]] == 1
    assert abs(network.stairs[found["steps"]]) == 1


def test_columns_of_other_names_are_named(tmp_path: Path) -> None:
    table = _table([[A, B], [B, C]], 道路类型=["motorway", "footway"])
    assert _load(table, tmp_path, columns={"highway": "道路类型"}).kinds == ("footway",)
    with pytest.raises(NetworkError, match="级别"):
        _load(table, tmp_path, columns={"highway": "级别"})


def test_rows_without_a_line_are_all_named(tmp_path: Path) -> None:
    table = _table([[A, B], [B, C], [B, D]])
    table.loc[[0, 2], "geometry"] = None
    with pytest.raises(NetworkError) as refused:
        _load(table, tmp_path)
    assert [fault.row for fault in refused.value.faults] == [1, 3]


def test_points_among_the_lines_are_gates_and_crossings(tmp_path: Path) -> None:
    """As in GeoJSON exported from OpenStreetMap: tagged nodes, ways and squares in one layer."""
    square = shapely.Polygon([C, (114.303, 30.0), (114.303, 30.001), C])
    table = _table(
        [[A, B], [B, C], [B, D], shapely.Point(B), shapely.Point(D), square],
        highway=["secondary", "secondary", "footway", "crossing", None, "pedestrian"],
        barrier=[None, None, None, None, "gate", None],
    )
    network = _load(table, tmp_path, ".geojson")
    assert network.crossing_halves.sum() == 1
    assert len(network.barrier_node) == 1
    assert "pedestrian" in network.kinds


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    table = _table([[A, B, C], [B, D], [D, A], [D, C]], highway=["primary", "steps", "footway", "footway"])
    assert edge_table(_load(table.iloc[::-1], tmp_path)) == edge_table(_load(table, tmp_path))


def test_a_length_that_does_not_fit_is_told_and_not_used(tmp_path: Path) -> None:
    network = _load(_table([[A, B], [B, C]], length=[96.5, 300.0]), tmp_path)
    assert network.length_m.sum() == pytest.approx(2 * 96.49, abs=0.05)
    assert [note.code for note in network.notes] == ["network.length_differs"]


def _graph(*edges: tuple) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(crs="epsg:4326", created_with="OSMnx 2", simplified=True)
    for name, (x, y) in enumerate((A, B, C, D), start=1):
        graph.add_node(name, x=x, y=y)
    for u, v, tags in edges:
        graph.add_edge(u, v, **tags)
    return graph


def _load_graph(graph: nx.MultiDiGraph, folder: Path):
    import osmnx

    osmnx.save_graphml(graph, folder / "streets.graphml")
    return load_network(folder / "streets.graphml", CRS, cache=False)


def test_a_graph_is_walked_both_ways(tmp_path: Path) -> None:
    street = {"osmid": 1, "highway": "residential", "length": 96.5, "oneway": True, "reversed": False}
    network = _load_graph(_graph((1, 2, street), (2, 3, street), (3, 2, street | {"reversed": True})), tmp_path)
    assert network.edge_count == 1
    assert network.attribution == ("© OpenStreetMap contributors, ODbL",)


def test_steps_of_a_graph_lead_up_as_the_way_does(tmp_path: Path) -> None:
    """`reversed` says that the edge runs against its way, and the incline is that of the way."""
    steps = {"osmid": 1, "highway": "steps", "length": 96.5, "oneway": False, "incline": "up"}
    for way_back in (True, False):
        network = _load_graph(_graph((1, 2, steps | {"reversed": way_back})), tmp_path)
        assert abs(network.stairs[0]) == 1
        lower = network.start[0] if network.stairs[0] == 1 else network.end[0]
        west = network.node_xy[:, 0].argmin()
        assert (lower == west) == (not way_back)


def test_merged_kinds_are_told(tmp_path: Path) -> None:
    merged = {"osmid": [1, 2], "highway": ["motorway", "footway"], "length": 96.5, "reversed": False}
    network = _load_graph(_graph((1, 2, merged)), tmp_path)
    assert network.kinds == ("footway",)
    assert [note.code for note in network.notes] == ["network.merged_kinds"]


def test_a_merged_edge_with_a_private_piece_is_private(tmp_path: Path) -> None:
    merged = {"osmid": [1, 2], "highway": "service", "access": ["yes", "private"], "length": 96.5}
    assert _load_graph(_graph((1, 2, merged)), tmp_path).private_area.tolist() == [1]
