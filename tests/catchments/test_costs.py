"""Walking costs are what counting by hand, and by networkx, says."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import walking_costs, walks_to_nearest
from planner.model import WALKERS, Walker
from tests.catchments.brute_force import brute_force_walks
from tests.catchments.random_streets import METRES, SOUTH, WEST, random_network

PLAIN = Walker("plain", speed_m_s=1.0)


def points(xy, ids=None):
    x, y = np.asarray(xy, dtype=float).reshape(-1, 2).T + [[WEST], [SOUTH]]
    return gpd.GeoSeries.from_xy(x, y, index=ids, crs=METRES)


def some_points(network, rng, count):
    """Points anywhere, on paths, and exactly at junctions."""
    anywhere = rng.uniform(-100, 500, (count, 2)) + (WEST, SOUTH)
    on_paths = np.array([line.interpolate(rng.random(), normalized=True).coords[0] for line in network.lines])
    pool = np.vstack([anywhere, on_paths, network.node_xy])
    return pool[rng.integers(0, len(pool), count)] - (WEST, SOUTH)


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
