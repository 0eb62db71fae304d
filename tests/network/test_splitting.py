from dataclasses import dataclass, fields, replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import Walker
from planner.catchments.ground import Ground
from planner.catchments.search import find_pairs
from planner.network import WalkNetwork
from planner.network.additions import add_edges, add_nodes, drop_edges
from planner.network.fields import KNOWN
from planner.network.snapping import Access
from planner.network.splitting import SAME_PLACE_M, cut_edges, detach
from tests.catchments.random_streets import CORNER, METRES, build, random_network

seeds = st.integers(0, 10**6)


def street(**more) -> WalkNetwork:
    """Return a street of 100 m to the east and one of 50 m to the north."""
    return build([(0, 0), (100, 0), (100, 50)], [0, 1], [1, 2], **more)


def shape(network: WalkNetwork, edge: int) -> list[list[float]]:
    first, last = network.shape_first[edge : edge + 2]
    return (network.shape_xy[first:last] - CORNER).tolist()


def random_places(network, seed, count=6):
    rng = np.random.default_rng(seed)
    edge = rng.integers(0, network.edge_count, count)
    fraction = rng.choice([0.0, 1.0, 0.5, *rng.random(5)], count)
    return edge, fraction


def xy_at(network, edge, fraction):
    return shapely.get_coordinates(shapely.line_interpolate_point(network.lines[edge], fraction, normalized=True))


def test_every_array_of_a_network_has_its_rule():
    assert {each.name for each in fields(WalkNetwork)} <= KNOWN


def test_an_array_without_a_rule_is_refused():
    @dataclass(frozen=True, eq=False)
    class Lit(WalkNetwork):
        lamps: np.ndarray = ()

    whole = street()
    lit = Lit(**{each.name: getattr(whole, each.name) for each in fields(whole)}, lamps=np.zeros(2))
    for change in (
        lambda: cut_edges(lit, [0], [0.5]),
        lambda: detach(lit, 1, [0]),
        lambda: drop_edges(lit, np.zeros(2, dtype=bool)),
        lambda: add_nodes(lit, [(0, 0)]),
    ):
        with pytest.raises(TypeError, match="lamps"):
            change()


def test_a_cut_makes_a_node_and_two_pieces_with_their_share_of_length_and_shape():
    network = build([(0, 0), (100, 0)], [0], [1], bends={0: [(40, 0), (60, 0)]}, length_m=[200.0], stairs=[1])
    cut = cut_edges(network, [0], [0.25])
    assert cut.node.tolist() == [2]
    assert (cut.network.node_xy[2] - CORNER).tolist() == [25, 0]
    assert cut.network.start.tolist() == [0, 2]
    assert cut.network.end.tolist() == [2, 1]
    assert cut.network.length_m.tolist() == [50, 150]
    assert cut.network.stairs.tolist() == [1, 1]
    assert shape(cut.network, 0) == [[0, 0], [25, 0]]
    assert shape(cut.network, 1) == [[25, 0], [40, 0], [60, 0], [100, 0]]


def test_a_place_at_an_end_is_the_node_that_is_there():
    cut = cut_edges(street(), [0, 0, 1, 0], [0.0, 1.0, 1.0, 1e-9])
    assert cut.node.tolist() == [0, 1, 2, 0]
    assert cut.network.edge_count == 2


def test_the_same_place_twice_is_one_node():
    cut = cut_edges(street(), [0, 0, 0], [0.5, 0.25, 0.5])
    assert cut.node.tolist() == [4, 3, 4]
    assert cut.first.tolist() == [0, 3, 4]
    assert cut.network.length_m.tolist() == [25, 25, 50, 50]


def test_nothing_to_cut_changes_nothing():
    network = street()
    cut = cut_edges(network, [], [])
    for each in fields(network):
        assert np.array_equal(getattr(cut.network, each.name), getattr(network, each.name)), each.name


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_pieces_make_up_the_edge(seed):
    network = random_network(seed)
    edge, fraction = random_places(network, seed)
    cut = cut_edges(network, edge, fraction)
    after = cut.network

    def total(values):
        return np.bincount(cut.edge, weights=values, minlength=network.edge_count)

    assert np.allclose(total(after.length_m), network.length_m, rtol=1e-12)
    assert np.allclose(total(shapely.length(after.lines)), shapely.length(network.lines), atol=1e-6)
    assert (total(after.signal_halves) == network.signal_halves).all()
    assert (total(after.crossing_halves) == network.crossing_halves).all()
    for name in ("stairs", "private_area", "kind"):
        assert (getattr(after, name) == getattr(network, name)[cut.edge]).all()
    assert np.allclose(after.shape_xy[after.shape_first[:-1]], after.node_xy[after.start], atol=1e-6)
    assert np.allclose(after.shape_xy[after.shape_first[1:] - 1], after.node_xy[after.end], atol=1e-6)
    assert (after.node_xy[: network.node_count] == network.node_xy).all()
    drawn = shapely.length(network.lines)[edge] > 1
    assert np.allclose(after.node_xy[cut.node][drawn], xy_at(network, edge, fraction)[drawn], atol=1e-5)
    assert np.bincount(after.start, minlength=after.node_count)[network.node_count :].all()


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_places_keep_where_they_are(seed):
    network = random_network(seed)
    cut = cut_edges(network, *random_places(network, seed))
    edge, fraction = random_places(network, seed + 1, 20)
    moved, within = cut.moved(edge, fraction)
    assert (cut.edge[moved] == edge).all()
    assert ((within >= 0) & (within <= 1)).all()
    assert np.allclose(xy_at(cut.network, moved, within), xy_at(network, edge, fraction), atol=1e-5)
    assert np.allclose(
        cut.low[moved] + within * (cut.high[moved] - cut.low[moved]), fraction, atol=2 * SAME_PLACE_M, rtol=0
    )


def places(edge, fraction):
    zeros = np.zeros(len(edge))
    return Access(np.arange(len(edge)), np.asarray(edge, dtype=np.intp), fraction, zeros, zeros.astype(np.intp) - 1)


def walks_between(network, homes, sites):
    ground = Ground.of(network, Walker("plain", speed_m_s=1.0, stairs_up_factor=0.5))
    pairs = find_pairs(ground, places(*homes), places(*sites), 10**7)
    return dict(zip(zip(pairs.origin.tolist(), pairs.destination.tolist(), strict=True), pairs.walk, strict=True))


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_walks_are_the_same_before_and_after_a_cut_but_for_rounding(seed):
    network = random_network(seed)
    cut = cut_edges(network, *random_places(network, seed))
    homes, sites = random_places(network, seed + 1, 9), random_places(network, seed + 2, 9)
    before = walks_between(network, homes, sites)
    after = walks_between(cut.network, cut.moved(*homes), cut.moved(*sites))
    assert before.keys() == after.keys()
    doubt_ms = 1 + len(cut.node)
    assert all(abs(before[pair] - after[pair]) <= doubt_ms for pair in before)


def test_a_half_crossing_stays_where_the_other_half_is():
    network = build([(0, 0), (100, 0), (110, 0)], [0, 1], [1, 2], signal=[1, 1], crossing=[2, 0])
    pieces = cut_edges(network, [0, 0], [0.3, 0.6]).network
    assert pieces.signal_halves.tolist() == [0, 0, 1, 1]
    assert pieces.crossing_halves.tolist() == [1, 0, 1, 0]


def test_detached_edges_no_longer_meet_the_others():
    crossing = build([(0, 0), (50, 0), (100, 0), (50, 50), (50, -50)], [0, 1, 1, 1], [1, 2, 3, 4])
    crossing = replace(crossing, barrier_node=np.array([1], dtype=np.int32))
    apart, node = detach(crossing, 1, [2, 3])
    assert node.tolist() == [5, 5]
    assert apart.start.tolist() == [0, 1, 5, 5]
    assert apart.node_xy[5].tolist() == crossing.node_xy[1].tolist()
    assert apart.barrier_node.tolist() == [1, 5]
    assert apart.component[0] == apart.component[2] != apart.component[3] == apart.component[4]


def test_a_detached_loop_comes_away_at_both_ends_and_nodes_are_apart_from_one_another():
    network = build([(0, 0), (50, 0)], [0, 0, 1], [0, 1, 1], bends={0: [(0, 9), (9, 9)], 2: [(50, 9), (59, 9)]})
    apart, node = detach(network, [0, 1], [0, 2])
    assert node.tolist() == [2, 3]
    assert apart.start.tolist() == [2, 0, 3]
    assert apart.end.tolist() == [2, 1, 3]


def test_an_edge_cannot_let_go_of_a_node_where_it_does_not_end():
    with pytest.raises(ValueError):
        detach(street(), 2, [0])


def test_added_edges_have_their_geodesic_length():
    network = add_nodes(street(), CORNER + np.array([0.0, 50.0]))
    longer = add_edges(network, [shapely.LineString(network.node_xy[[0, 3, 2]])], [0], [2], kind="steps", stairs=2)
    assert longer.edge_count == 3
    frame = longer.to_frame().iloc[2]
    assert (frame["start"], frame["end"], frame["kind"], frame["stairs"]) == (0, 2, "steps", 2)
    line = gpd.GeoSeries([frame["geometry"]], crs=METRES).to_crs(4326).iloc[0]
    geodesic = METRES.get_geod().geometry_length(line)
    assert frame["length_m"] == pytest.approx(geodesic, rel=1e-6)
    assert longer.kinds == ("footway", "steps")


def test_dropped_edges_are_gone_and_nodes_stay():
    shorter = drop_edges(street(), np.array([True, False]))
    assert shorter.node_count == 3
    assert shorter.to_frame()[["start", "end", "length_m"]].to_numpy().tolist() == [[1, 2, 50]]
    assert shape(shorter, 0) == [[100, 0], [100, 50]]
    assert Walker("plain", speed_m_s=1.0).walk_ms(shorter.length_m).tolist() == [50_000]
