"""Walks to the station, from it, and there and back."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, find_routes, walking_costs, walks_to_nearest
from planner.catchments.directions import walks_within
from planner.catchments.entry import enter
from planner.catchments.ground import Ground
from planner.catchments.points import checked_points
from planner.catchments.reaching import nodes_reached
from planner.errors import InputError
from planner.model import DIRECTIONS, WALKERS, Walker
from tests.catchments.brute_force import brute_force_walks
from tests.catchments.random_streets import METRES, build, random_network
from tests.catchments.test_costs import as_dict, points, some_points
from tests.catchments.test_routes import PARTS, every_pair, walks_by_pair, whole_ms

CLIMBER = Walker("climber", speed_m_s=1.0, stairs_up_factor=0.5, stairs_down_factor=0.8)
HOURS_MIN = 30_000


def opposite(network):
    """The same streets, where all that leads up leads down."""
    return replace(
        network,
        stairs=np.where(np.abs(network.stairs) == 1, -network.stairs, network.stairs).astype(np.int8),
        level_m=network.level_back_m,
        level_back_m=network.level_m,
        steepest=network.steepest_back,
        steepest_back=network.steepest,
    )


def steep_town(seed):
    """A random town on a slope, with paths that some can only walk downhill."""
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    uphill, steep = rng.choice([1.0, 1.3, 3.0], network.edge_count), rng.random(network.edge_count) < 0.2
    network = replace(
        network,
        level_m=network.length_m * uphill,
        level_back_m=network.length_m / uphill,
        steepest=np.where(steep, 0.2, 0.0),
        steepest_back=np.zeros(network.edge_count),
    )
    walker = Walker(str(rng.choice(list(WALKERS))))
    if rng.random() < 0.4:
        walker = replace(walker, max_slope=0.1)
    homes, stations = (points(some_points(network, rng, int(rng.integers(1, 8)))) for _ in range(2))
    return network, walker, homes, stations


def expected_walks(network, walker, homes, stations):
    """Every walk counted by networkx, for each direction."""
    xy = [np.column_stack([side.x, side.y]) for side in (homes, stations)]
    there, back = (brute_force_walks(one, *xy, walker) for one in (network, opposite(network)))
    both = {pair: (there[pair] + back[pair] + 1) // 2 for pair in there.keys() & back.keys()}
    return {"to_station": there, "from_station": back, "round_trip": both}


def check_against_brute_force(seed):
    network, walker, homes, stations = steep_town(seed)
    minutes = float(np.random.default_rng(seed).choice([0.5, 2.0, 5.0, 60.0]))
    for direction, walks in expected_walks(network, walker, homes, stations).items():
        within = {pair: walk for pair, walk in walks.items() if walk <= round(minutes * 60_000)}
        costs = walking_costs(network, homes, stations, walker, minutes, direction=direction)
        assert as_dict(costs) == within, direction
        nearest = walks_to_nearest(network, homes, stations, walker, direction=direction)
        for home in range(len(homes)):
            least = min(((walk, d) for (o, d), walk in walks.items() if o == home), default=None)
            found = (nearest.walk[home], nearest.station[home]) if nearest.reached[home] else None
            assert found == least, direction


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_each_direction_equals_networkx_on_any_town(seed):
    check_against_brute_force(seed)


@pytest.mark.parametrize("block", range(2))
def test_each_direction_equals_networkx_on_a_fixed_series_of_towns(block):
    for seed in range(block * 40, block * 40 + 40):
        check_against_brute_force(seed)


@pytest.mark.parametrize("seed", range(15))
def test_round_trips_are_the_same_from_either_side(seed):
    network, walker, homes, stations = steep_town(seed)
    ground = Ground.of(network, walker)
    leaving, arriving = (
        enter(ground, checked_points(side, METRES, "points"), 200.0, None, "points") for side in (homes, stations)
    )
    one, other = (
        walks_within(ground, leaving, arriving, 300_000, "round_trip", toward=toward) for toward in (False, True)
    )
    by_pair = [sorted(zip(*(column.tolist() for column in pairs), strict=True)) for pairs in (one, other)]
    assert by_pair[0] == by_pair[1]


@pytest.mark.parametrize("seed", range(15))
def test_nodes_reached_on_the_opposite_ground_are_those_that_reach(seed):
    network, walker, *_ = steep_town(seed)
    ground = Ground.of(network, walker)
    there, back = (walks_between_nodes(one, network.node_count) for one in (ground, ground.reversed))
    assert there == {(a, b): walk for (b, a), walk in back.items()}


def walks_between_nodes(ground, nodes):
    found = {}
    for piece in nodes_reached(ground, np.arange(nodes), 90_000):
        origin = np.repeat(piece.origin, piece.found)
        pairs = zip(origin.tolist(), piece.reached["node"].tolist(), strict=True)
        found |= dict(zip(pairs, piece.reached["walk"].tolist(), strict=True))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_routes_of_each_direction_add_up_to_what_networkx_says(seed):
    network, walker, homes, stations = steep_town(seed)
    for direction, walks in expected_walks(network, walker, homes, stations).items():
        routes = find_routes(network, *every_pair(homes, stations), walker, direction=direction)
        assert walks_by_pair(routes) == walks, direction
        walked = routes[routes["walk_min"].notna()]
        parts = np.array([whole_ms(walked[part]) for part in PARTS])
        assert (parts >= 0).all()
        assert (parts.sum(axis=0) == whole_ms(walked["walk_min"])).all()


@pytest.mark.parametrize("seed", range(25))
def test_a_leg_of_a_round_trip_is_no_longer_than_its_bound(seed):
    """The shortest way there, and back, of every pair whose half is the limit."""
    network, walker, homes, stations = steep_town(seed)
    walks = expected_walks(network, walker, homes, stations)
    ground = Ground.of(network, walker)
    for pair, half in walks["round_trip"].items():
        assert max(walks["to_station"][pair], walks["from_station"][pair]) <= ground.longest_leg(half)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("block", range(2))
def test_every_covered_home_that_is_given_lies_inside_in_each_direction(block, direction):
    for seed in range(block * 4, block * 4 + 4):
        network, walker, _, stations = steep_town(seed)
        rng = np.random.default_rng(seed)
        homes = points(np.vstack([rng.uniform(-200, 600, (800, 2)), some_points(network, rng, 200)]))
        minutes = float(rng.choice([0.3, 2.0, 6.0]))
        areas = draw_catchments(network, stations, walker, minutes, direction=direction, homes=homes)
        walk = walking_costs(network, homes, stations, walker, minutes, direction=direction).walk.tocsc()
        for station, area in enumerate(areas.geometry):
            served = walk.indices[walk.indptr[station] : walk.indptr[station + 1]]
            assert homes.iloc[served].within(area).all(), seed


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_what_must_hold_in_any_town(seed):
    network, walker, homes, stations = steep_town(seed)

    def walks(town, minutes=20, direction="to_station"):
        return walking_costs(town, homes, stations, walker, minutes, direction=direction).to_frame()["walk_min"]

    there, back, both = (walks(network, HOURS_MIN, direction) for direction in DIRECTIONS)
    assert back.equals(walks(opposite(network), HOURS_MIN))
    pairs = both.index
    lesser, greater = np.minimum(there[pairs], back[pairs]), np.maximum(there[pairs], back[pairs])
    assert ((both >= lesser) & (both <= greater)).all()
    rng = np.random.default_rng(seed)
    edge, node = rng.integers(0, network.edge_count), rng.integers(0, network.node_count)
    waits = np.where(np.arange(network.edge_count) == edge, 255, network.signal_halves).astype(np.uint8)
    barred = np.arange(network.node_count) == node
    for direction in DIRECTIONS:
        some = walks(network, 3, direction)
        assert some.index.isin(walks(network, 4, direction).index).all(), "a longer standard loses nobody"
        for worse in (
            replace(network, signal_halves=waits),
            replace(network, residents_only=network.residents_only | barred),
        ):
            fewer = walks(worse, 3, direction)
            assert fewer.index.isin(some.index).all()
            assert (some[fewer.index] <= fewer).all()
        turned = walking_costs(network, homes.iloc[::-1], stations.iloc[::-1], walker, 3, direction=direction)
        assert some.equals(turned.to_frame()["walk_min"].sort_index())


@pytest.fixture
def stairway():
    """100 m of steps up from the home to the station, and round them 160 m of level street."""
    return build([(0, 0), (100, 0), (50, 60)], [0, 0, 2], [1, 2, 1], stairs=[1, 0, 0], length_m=[100, 80, 80])


HOME, STATION = points([(0, 0)], ["home"]), points([(100, 0)], ["station"])


def test_there_and_back_counted_by_hand(stairway):
    """Up it is shorter to go round, 160 s; down the steps take 125 s; half of both is 142.5 s."""
    walk = {
        direction: walking_costs(stairway, HOME, STATION, CLIMBER, 15, direction=direction).walk.data.tolist()
        for direction in DIRECTIONS
    }
    assert walk == {"to_station": [160_000], "from_station": [125_000], "round_trip": [142_500]}


def test_the_lines_lead_the_way_that_is_walked(stairway):
    there, back, both = (
        find_routes(stairway, HOME, STATION, CLIMBER, direction=direction).geometry.iloc[0] for direction in DIRECTIONS
    )
    home, station = HOME.iloc[0].coords[0], STATION.iloc[0].coords[0]
    assert (there.coords[0], there.coords[-1], len(there.coords)) == (home, station, 3)
    assert list(back.coords) == [station, home]
    assert list(both.coords) == [*there.coords, home]


def test_half_a_round_trip_is_rounded_up_and_the_limit_counts(stairway):
    odd = replace(stairway, length_m=np.array([100, 80.001, 80]), level_m=np.empty(0), level_back_m=np.empty(0))
    for minutes, found in ((142_501 / 60_000, [142_501]), (142_500 / 60_000, [])):
        assert walking_costs(odd, HOME, STATION, CLIMBER, minutes, direction="round_trip").walk.data.tolist() == found


def test_on_the_level_all_directions_are_one():
    street = build([(0, 0), (300, 0)], [0], [1])
    home, station = points([(20, 7)]), gpd.GeoSeries(points([(250, -3)]))
    assert len({str(walking_costs(street, home, station, "adult", 15, direction=d).walk.data) for d in DIRECTIONS}) == 1


def test_an_unknown_direction_is_refused(stairway):
    with pytest.raises(InputError, match="round_trip"):
        walking_costs(stairway, HOME, STATION, CLIMBER, 15, direction="sideways")
