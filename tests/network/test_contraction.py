"""Only what matters to a walker stays a node."""

from collections import Counter
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from planner.network import WalkNetwork
from planner.network.assembly import assemble
from planner.network.degrees import from_degrees
from planner.network.lengths import segment_length_m
from planner.network.tags import WayClass
from planner.network.ways import Ways
from tests.network.conftest import edge_table

Load = Callable[..., WalkNetwork]
METRIC = CRS.from_epsg(4547)
STREET = {"highway": "residential"}


def test_a_bend_is_part_of_one_edge(network_of: Load) -> None:
    network = network_of({1: (0, 0), 2: (10, 0), 3: (10, 10)}, [(1, [1, 2], STREET), (2, [2, 3], STREET)])
    assert (network.node_count, network.edge_count) == (2, 1)
    assert len(network.shape_xy) == 3
    assert network.length_m[0] == pytest.approx(96.49 + 110.86, abs=0.05)


@pytest.mark.parametrize(
    "other", [{"highway": "footway"}, {"highway": "residential", "access": "private"}, {"highway": "steps"}]
)
def test_paths_of_different_kinds_stay_apart(network_of: Load, other: dict[str, str]) -> None:
    network = network_of({1: (0, 0), 2: (10, 0), 3: (20, 0)}, [(1, [1, 2], STREET), (2, [2, 3], other)])
    assert network.edge_count == 2


def test_a_gate_stays_a_node(network_of: Load) -> None:
    nodes = {1: (0, 0), 2: (10, 0, {"barrier": "gate"}), 3: (20, 0, {"barrier": "kerb"}), 4: (30, 0)}
    network = network_of(nodes, [(1, [1, 2, 3, 4], STREET)])
    assert network.node_count == 3
    assert network.barrier_node.tolist() == [1]


def test_a_ring_keeps_one_node(network_of: Load) -> None:
    square = {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (0, 10)}
    for ways in ([(1, [3, 4, 1, 2, 3], STREET)], [(1, [1, 2, 3], STREET), (2, [1, 4, 3], STREET)]):
        network = network_of(square, ways)
        assert (network.node_count, network.edge_count) == (1, 1)
        assert network.start.tolist() == network.end.tolist() == [0]
        assert len(network.shape_xy) == 5


def test_a_loop_on_a_street_and_parallel_paths_are_kept(network_of: Load) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 5), 4: (20, -5), 5: (5, 5), 6: (30, 0), 7: (-10, 0)}
    ways = [
        (1, [1, 2], STREET),
        (2, [1, 5, 2], STREET),
        (3, [2, 3, 4, 2], STREET),
        (4, [2, 6], STREET),
        (5, [7, 1], STREET),
    ]
    network = network_of(nodes, ways)
    pairs = Counter(zip(network.start.tolist(), network.end.tolist(), strict=True))
    assert pairs == {(0, 1): 2, (1, 1): 1, (1, 2): 1, (0, 3): 1}


def test_a_way_that_crosses_itself_is_cut_there(network_of: Load) -> None:
    network = network_of(
        {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (5, 10), 5: (5, -10), 6: (5, 0)}, [(1, [1, 6, 2, 3, 4, 6, 5], STREET)]
    )
    assert (network.node_count, network.edge_count) == (3, 3)


def test_steps_point_up_however_they_are_drawn(network_of: Load) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0)}
    ways = [
        (1, [1, 2], {"highway": "steps", "incline": "up"}),
        (2, [3, 2], {"highway": "steps", "incline": "down"}),
    ]
    network = network_of(nodes, ways)
    assert network.edge_count == 1
    assert network.stairs.tolist() == [1]
    assert network.node_xy[network.start[0], 0] < network.node_xy[network.end[0], 0]


def test_steps_up_to_a_landing_and_down_again_are_two(network_of: Load) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0)}
    up = {"highway": "steps", "incline": "up"}
    network = network_of(nodes, [(1, [1, 2], up), (2, [3, 2], up)])
    assert sorted(network.stairs.tolist()) == [-1, 1]


def test_steps_that_contradict_each_other_do_so_in_any_order(network_of: Load) -> None:
    """Two ways over the same segment, each said to lead up in its own direction."""
    up = {"highway": "steps", "incline": "up"}
    nodes = {1: (0, 0), 2: (10, 0)}
    one = network_of(nodes, [(1, [1, 2], up), (2, [2, 1], up)])
    other = network_of(nodes, [(1, [2, 1], up), (2, [1, 2], up)])
    assert edge_table(one) == edge_table(other)


def test_a_way_is_cut_where_a_node_is_missing(network_of: Load) -> None:
    network = network_of({1: (0, 0), 2: (10, 0), 4: (30, 0), 5: (40, 0)}, [(1, [1, 2, 3, 4, 5], STREET)])
    assert network.edge_count == 2
    assert network.component.tolist() == [0, 0, 1, 1]


def test_private_pieces_that_touch_are_one_area(network_of: Load) -> None:
    private = {"highway": "service", "access": "private"}
    nodes = {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (20, 10), 5: (50, 0), 6: (50, 10)}
    ways = [
        (1, [1, 2, 5], STREET),
        (2, [2, 3], private),
        (3, [3, 4], private | {"highway": "footway"}),
        (4, [5, 6], private),
    ]
    area = {pair[9]: pair for pair in edge_table(network_of(nodes, ways))}
    network = network_of(nodes, ways)
    assert set(area) == {"residential", "service", "footway"}
    assert Counter(network.private_area.tolist()) == {0: 2, 1: 2, 2: 1}


def test_two_ways_at_one_place_meet_only_in_a_shared_node(network_of: Load) -> None:
    """A footbridge over a street, with a vertex of its own right above a vertex of the street."""
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0), 4: (10, -10), 5: (10, 0), 6: (10, 10)}
    network = network_of(nodes, [(1, [1, 2, 3], STREET), (2, [4, 5, 6], {"highway": "footway"})])
    assert network.edge_count == 2
    assert network.component.max() == 1


def test_the_order_and_direction_of_the_ways_do_not_matter(network_of: Load) -> None:
    nodes = {node: (7 * node % 13, 5 * node % 11) for node in range(1, 13)}
    ways = [
        (1, [1, 2, 3, 4], STREET),
        (2, [4, 5, 6], {"highway": "steps"}),
        (3, [3, 7, 8, 3], STREET),
        (4, [9, 10, 11, 9], {"highway": "footway"}),
        (5, [6, 12, 1], {"highway": "footway", "access": "private"}),
    ]
    straight = edge_table(network_of(nodes, ways))
    turned = [(60 - way, refs[::-1], tags) for way, refs, tags in reversed(ways)]
    assert edge_table(network_of(nodes, turned)) == straight


_CLASSES = (WayClass("residential", False, 0, 0), WayClass("footway", False, 0, 0), WayClass("steps", False, 1, 0))


@st.composite
def few_ways(draw: st.DrawFn) -> Ways:
    """Draw up to eight ways over nine vertices on a small lattice."""
    lines = draw(st.lists(st.lists(st.integers(0, 8), min_size=2, max_size=6), min_size=1, max_size=8))
    kinds = draw(st.lists(st.integers(0, 2), min_size=len(lines), max_size=len(lines)))
    vertex = np.array([each for line in lines for each in line], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    lon, lat = 114.3 + vertex % 3 * 1e-3 + vertex * 1e-5, 30.0 + vertex // 3 * 1e-3
    return Ways(first, vertex, lon, lat, np.array(kinds, dtype=np.int64), _CLASSES)


def _segments(ways: Ways) -> list[tuple[int, int, float]]:
    found = []
    for way in range(len(ways)):
        for place in range(ways.first[way], ways.first[way + 1] - 1):
            ends = place, place + 1
            if ways.vertex_id[ends[0]] != ways.vertex_id[ends[1]]:
                (lon_a, lon_b), (lat_a, lat_b) = ways.lon[list(ends)], ways.lat[list(ends)]
                length_m = segment_length_m(*(np.array([each]) for each in (lon_a, lat_a, lon_b, lat_b)))[0]
                found.append((int(ways.vertex_id[ends[0]]), int(ways.vertex_id[ends[1]]), float(length_m)))
    return found


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(few_ways())
def test_distances_between_nodes_are_those_of_every_single_segment(ways: Ways) -> None:
    """networkx on the uncontracted segments is the peer: lengths, pieces and shortest paths agree."""
    segments = _segments(ways)
    if not segments:
        return
    network = assemble(ways, METRIC)
    whole = nx.Graph()
    for a, b, length_m in segments:
        whole.add_edge(a, b, length_m=length_m)
    assert np.isclose(network.length_m.sum(), sum(length_m for *_, length_m in segments))
    assert len(np.unique(network.component)) == nx.number_connected_components(whole)
    contracted = nx.MultiGraph()
    contracted.add_weighted_edges_from(
        zip(network.start.tolist(), network.end.tolist(), network.length_m.tolist(), strict=True), weight="length_m"
    )
    names = _names(network, ways)
    theirs = dict(nx.all_pairs_dijkstra_path_length(whole, weight="length_m"))
    for a, reached in nx.all_pairs_dijkstra_path_length(contracted, weight="length_m"):
        expected = {b: theirs[names[a]][names[b]] for b in range(network.node_count) if names[b] in theirs[names[a]]}
        assert reached == pytest.approx(expected)


def _names(network: WalkNetwork, ways: Ways) -> list[int]:
    """Return the vertex each node was made of, found by its place."""
    vertices, place = np.unique(ways.vertex_id, return_index=True)
    xy = np.column_stack(from_degrees(METRIC).transform(ways.lon[place], ways.lat[place]))
    away = np.hypot(*(network.node_xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    return [int(vertices[each]) for each in away.argmin(axis=1)]


@settings(deadline=None, max_examples=200)
@given(few_ways(), st.randoms(use_true_random=False))
def test_shuffled_ways_make_the_same_network(ways: Ways, random) -> None:
    if not _segments(ways):
        return
    order = list(range(len(ways)))
    random.shuffle(order)
    parts = [np.arange(ways.first[way], ways.first[way + 1]) for way in order]
    place = np.concatenate(parts)
    first = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
    shuffled = Ways(first, ways.vertex_id[place], ways.lon[place], ways.lat[place], ways.way_class[order], _CLASSES)
    assert edge_table(assemble(shuffled, METRIC)) == edge_table(assemble(ways, METRIC))


@settings(deadline=None, max_examples=100)
@given(few_ways())
def test_shapes_run_from_start_to_end(ways: Ways) -> None:
    if not _segments(ways):
        return
    network = assemble(ways, METRIC)
    assert np.array_equal(network.shape_xy[network.shape_first[:-1]], network.node_xy[network.start])
    assert np.array_equal(network.shape_xy[network.shape_first[1:] - 1], network.node_xy[network.end])
    assert (np.diff(network.shape_first) >= 2).all()
    used = set(network.start.tolist()) | set(network.end.tolist())
    assert used == set(range(network.node_count))
