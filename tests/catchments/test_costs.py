"""Walking costs are what counting by hand, and by networkx, says."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import walking_costs, walks_to_nearest
from planner.catchments.ground import Ground
from planner.catchments.reaching import nodes_reached, vertices_between
from planner.catchments.search import find_matrix, find_pairs
from planner.errors import CrsError, InputError, TableError
from planner.model import WALKERS, Walker
from planner.network.snapping import snap
from tests.catchments.brute_force import brute_force_walks, layered
from tests.catchments.random_streets import CORNER, METRES, build, random_network

PLAIN = Walker("plain", speed_m_s=1.0)


def points(xy, ids=None):
    x, y = (np.asarray(xy, dtype=float).reshape(-1, 2) + CORNER).T
    return gpd.GeoSeries.from_xy(x, y, index=ids, crs=METRES)


def some_points(network, rng, count):
    """Points anywhere, on paths, and exactly at junctions."""
    anywhere = rng.uniform(-100, 500, (count, 2)) + CORNER
    on_paths = np.array([line.interpolate(rng.random(), normalized=True).coords[0] for line in network.lines])
    pool = np.vstack([anywhere, on_paths, network.node_xy])
    return pool[rng.integers(0, len(pool), count)] - CORNER


def as_dict(costs):
    rows = costs.walk.tocoo()
    return {(int(o), int(d)): int(w) for o, d, w in zip(*rows.coords, rows.data, strict=True)}


def check_against_brute_force(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    walker = Walker(str(rng.choice(list(WALKERS))))
    origins = points(some_points(network, rng, int(rng.integers(1, 8))))
    destinations = points(some_points(network, rng, int(rng.integers(1, 8))))
    off_path = float(rng.choice([20.0, 80.0, 200.0]))
    xy_o, xy_d = (np.column_stack([p.x, p.y]) for p in (origins, destinations))
    expected = brute_force_walks(network, xy_o, xy_d, walker, off_path)
    minutes = float(rng.choice([0.5, 2.0, 5.0, 60.0]))
    within = {pair: walk for pair, walk in expected.items() if walk <= round(minutes * 60_000)}
    costs = walking_costs(network, origins, destinations, walker, minutes, max_off_path_m=off_path)
    assert as_dict(costs) == within
    nearest = walks_to_nearest(network, origins, destinations, walker, max_off_path_m=off_path)
    for o in range(len(origins)):
        walks = [(walk, d) for (origin, d), walk in expected.items() if origin == o]
        assert nearest.reached[o] == bool(walks)
        if walks:
            assert (nearest.walk[o], nearest.station[o]) == min(walks)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6))
def test_walks_equal_networkx_on_any_network(seed):
    check_against_brute_force(seed)


@pytest.mark.parametrize("block", range(4))
def test_walks_equal_networkx_on_a_fixed_series_of_networks(block):
    for seed in range(block * 50, block * 50 + 50):
        check_against_brute_force(seed)


@pytest.fixture
def street():
    """One kilometre of straight street."""
    return build([(0, 0), (1000, 0)], [0], [1])


def test_the_limit_itself_counts(street):
    stations = points([(900, 0), (900.001, 0)], ids=["at the limit", "1 ms beyond"])
    costs = walking_costs(street, points([(0, 0)], ids=["home"]), stations, PLAIN, 15)
    assert list(costs.to_frame().index) == [("home", "at the limit")]
    assert costs.walk.data.tolist() == [900_000]


def test_the_walk_to_the_path_counts(street):
    costs = walking_costs(street, points([(100, 30)]), points([(300, -40)]), PLAIN, 15)
    assert costs.walk.data.tolist() == [270_000]


def test_a_walk_of_no_length_is_stored(street):
    here = points([(500, 0)])
    walk = walking_costs(street, here, here, PLAIN, 15).walk
    assert (walk.nnz, walk.data.tolist()) == (1, [0])


def test_metres_are_the_same_for_everybody(street):
    home, station = points([(0, 0)]), points([(500, 0)])
    for walker in WALKERS:
        assert walking_costs(street, home, station, walker, max_walk_m=500).walk.data.tolist() == [500_000]
        assert walking_costs(street, home, station, walker, max_walk_m=499.999).walk.nnz == 0


def test_steps_stay_closed_to_wheels_in_metres_too():
    steps = build([(0, 0), (100, 0), (200, 0)], [0, 1], [1, 2], stairs=[0, 2])
    home, station = points([(0, 0)]), points([(150, 0)])
    assert walking_costs(steps, home, station, "adult", max_walk_m=500).walk.data.tolist() == [150_000]
    assert walking_costs(steps, home, station, "wheelchair", max_walk_m=500).walk.data.tolist() == [150_000]
    assert walking_costs(steps, home, points([(200, 60)]), "wheelchair", max_walk_m=120).walk.nnz == 0


def test_upstairs_takes_longer_than_downstairs():
    steps = build([(0, 0), (100, 0)], [0], [1], stairs=[1])
    walker = Walker("climber", speed_m_s=1.0, stairs_up_factor=0.5, stairs_down_factor=0.8)
    foot, top = points([(0, 0)]), points([(100, 0)])
    assert walking_costs(steps, foot, top, walker, 15).walk.data.tolist() == [200_000]
    assert walking_costs(steps, top, foot, walker, 15).walk.data.tolist() == [125_000]


def test_nobody_passes_through_private_ways():
    """A private short cut from (0, 0) to (100, 0); around it 300 m by the public street."""
    town = build([(0, 0), (100, 0), (0, 100), (100, 100)], [0, 0, 2, 3], [1, 2, 3, 1], private=[5, 0, 0, 0])
    west, east, inside = points([(0, 40)]), points([(100, 40)]), points([(50, 0)])
    assert walking_costs(town, west, east, PLAIN, 15).walk.data.tolist() == [220_000]
    assert walking_costs(town, west, inside, PLAIN, 15).walk.data.tolist() == [90_000]
    assert walking_costs(town, inside, east, PLAIN, 15).walk.data.tolist() == [90_000]


def test_points_far_from_any_path_are_named_and_not_moved(street):
    homes = points([(100, 200), (100, 200.5)], ids=["just near", "just far"])
    costs = walking_costs(street, homes, points([(100, 0)]), PLAIN, 15)
    assert list(costs.to_frame().index) == [("just near", 0)]
    (note,) = costs.notes
    assert (note.code, note.level, note.examples) == ("walks.off_path.origins", "warning", ("just far",))


def test_points_on_a_piece_cut_off_from_the_others_are_named():
    banks = build([(0, 0), (100, 0), (0, 90), (100, 90)], [0, 2], [1, 3])
    homes = points([(50, 0), (50, 90)], ids=["south", "north"])
    costs = walking_costs(banks, homes, points([(0, 0)]), PLAIN, 15)
    (note,) = costs.notes
    assert (note.code, note.level, note.examples) == ("walks.cut_off.origins", "warning", ("north",))


def test_points_come_in_any_declared_system(street):
    home, station = points([(100, 0)]), points([(400, 0)])
    here = walking_costs(street, home, station, PLAIN, 15).walk.data
    elsewhere = walking_costs(street, home.to_crs(4326), station.to_crs(3857), PLAIN, 15).walk.data
    assert abs(int(here[0]) - int(elsewhere[0])) <= 1


def test_points_without_a_system_are_refused(street):
    with pytest.raises(CrsError, match="no coordinate system"):
        walking_costs(street, points([(0, 0)]).set_crs(None, allow_override=True), points([(0, 0)]), PLAIN, 15)


@pytest.mark.parametrize(
    "points",
    [
        [shapely.Point(0, 0)],
        pd.DataFrame({"x": [1.0]}),
        gpd.GeoDataFrame({"x": [1.0]}),
        gpd.GeoSeries([shapely.Point(0, 0)], index=pd.MultiIndex.from_tuples([("a", 1)]), crs=4326),
    ],
    ids=["list", "table", "without geometry", "ids of two levels"],
)
def test_what_holds_no_points_under_ids_is_refused(street, points):
    with pytest.raises(TableError, match=r"origins: .*one level of ids"):
        walking_costs(street, points, points, "adult", max_walk_min=15)


def test_every_repeated_id_and_every_missing_point_is_refused_at_once(street):
    homes = points([(0, 0)] * 4, ids=["a", "a", "b", "c"])
    homes.iloc[3] = None
    with pytest.raises(TableError) as refusal:
        walking_costs(street, homes, points([(0, 0)]), PLAIN, 15)
    assert [fault.row for fault in refusal.value.faults] == [2, 3, 5]


def test_the_standard_must_be_one_of_minutes_and_metres(street):
    with pytest.raises(InputError):
        walking_costs(street, points([(0, 0)]), points([(0, 0)]), PLAIN)


def test_nothing_to_walk_to_is_no_fault(street):
    nowhere = points(np.empty((0, 2)))
    assert walking_costs(street, points([(0, 0)]), nowhere, PLAIN, 15).walk.shape == (1, 0)
    assert walking_costs(street, nowhere, points([(0, 0)]), PLAIN, 15).walk.shape == (0, 1)
    assert walks_to_nearest(street, points([(0, 0)]), nowhere, PLAIN).reached.tolist() == [False]


def test_the_smaller_id_settles_a_tie(street):
    stations = points([(400, 0), (600, 0), (800, 0)], ids=["b", "a", "c"])
    nearest = walks_to_nearest(street, points([(500, 0), (700, 0)]), stations, PLAIN)
    assert nearest.stations[nearest.station].tolist() == ["a", "a"]
    assert nearest.walk.tolist() == [100_000, 100_000]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_row_order_side_and_threads_change_nothing(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    ground = Ground.of(network, Walker("adult"))
    xy = [some_points(network, rng, 70) + CORNER for _ in range(2)]
    leaving, arriving = (snap(network, side) for side in xy)
    walks = [
        dict(zip(zip(pairs.origin.tolist(), pairs.destination.tolist(), strict=True), pairs.walk.tolist(), strict=True))
        for pairs in (
            find_pairs(ground, leaving, arriving, 200_000, toward=toward, threads=threads)
            for toward in (False, True)
            for threads in (1, 2)
        )
    ]
    assert walks[0] == walks[1] == walks[2] == walks[3]
    for toward in (False, True):
        matrix = find_matrix(ground, leaving, arriving, 200_000, (70, 70), toward=toward, threads=2)
        rows = np.repeat(np.arange(70), np.diff(matrix.indptr))
        cells = zip(rows.tolist(), matrix.indices.tolist(), strict=True)
        assert dict(zip(cells, matrix.data.tolist(), strict=True)) == walks[0]
        assert (np.diff(rows * 70 + matrix.indices) > 0).all()
    origins, destinations = (points(side - CORNER) for side in xy)
    one = walking_costs(network, origins, destinations, "adult", 4).to_frame()
    other = walking_costs(network, origins.iloc[::-1], destinations.iloc[::-1], "adult", 4).to_frame()
    assert one.equals(other.sort_index())
    longer = walking_costs(network, origins, destinations, "adult", 5).to_frame()
    assert one.index.isin(longer.index).all()


@pytest.mark.parametrize("seed", range(20))
def test_nodes_within_a_limit_are_those_networkx_finds(seed):
    network = random_network(seed)
    ground = Ground.of(network, Walker("elderly"))
    graph = layered(network, ground.ms, ground.ms_back, 0, 0)
    nodes = np.arange(network.node_count, dtype=np.int32)
    expected = {
        (origin, node): walk
        for origin in nodes.tolist()
        for (layer, node), walk in nx.single_source_dijkstra_path_length(graph, ("own", origin), cutoff=90_000).items()
        if layer == "own"
    }
    found = {}
    for piece in nodes_reached(ground, nodes, 90_000, threads=1 + seed % 3):
        origin = np.repeat(piece.origin, piece.found)
        pairs = zip(origin.tolist(), piece.reached["node"].tolist(), strict=True)
        found |= dict(zip(pairs, piece.reached["walk"].tolist(), strict=True))
    assert found == expected


@pytest.mark.parametrize("seed", range(10))
def test_every_vertex_between_nodes_is_as_far_as_a_walk_to_it(seed):
    """Read off the edges, they are where a search for homes on the same places finds them."""
    network = random_network(seed)
    ground = Ground.of(network, Walker("plain", speed_m_s=1.0))
    limit = 90_000
    inner = np.ones(len(network.shape_xy), dtype=bool)
    inner[network.shape_first[:-1]] = inner[network.shape_first[1:] - 1] = False
    edge = np.repeat(np.arange(network.edge_count), np.diff(network.shape_first))[inner]
    public = network.private_area[edge] == 0
    nearest = {}
    for piece in nodes_reached(ground, np.arange(network.node_count), limit, every_vertex=True):
        origin = np.repeat(piece.origin, piece.found)
        rows = zip(origin.tolist(), piece.reached["node"].tolist(), piece.reached["walk"].tolist(), strict=True)
        nearest |= {(a, b): walk for a, b, walk in rows}
    between = vertices_between(ground, wanted=True)
    for k in np.flatnonzero(public):
        start, end, vertex = network.start[edge[k]], network.end[edge[k]], between.vertex[k]
        for origin in range(network.node_count):
            over_start = nearest.get((origin, int(start)), 10**9) + int(vertex["from_start"])
            over_end = nearest.get((origin, int(end)), 10**9) + int(vertex["from_end"])
            least = min(over_start, over_end)
            assert nearest.get((origin, network.node_count + int(k))) == (least if least <= limit else None)
