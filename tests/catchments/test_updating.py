from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import Walker, walking_costs
from planner.catchments import update_costs
from planner.errors import InputError
from planner.model import Barriers, Gates, NetworkChanges
from planner.network.additions import drop_edges
from planner.network.changing import apply_changes
from planner.network.splitting import cut_edges, detach
from tests.catchments.random_streets import CORNER, METRES, build, random_network

WALKER = Walker("slow", speed_m_s=1.0, stairs_up_factor=0.5, signal_wait_s=20, crossing_wait_s=5)
seeds = st.integers(0, 10**6)


def random_points(rng, count=12):
    table = {"compound": rng.choice(["a", "b", None], count, p=[0.2, 0.1, 0.7])}
    points = shapely.points(CORNER + rng.uniform(-20, 420, (count, 2)))
    return gpd.GeoDataFrame(table, geometry=points, crs=METRES, index=pd.Index([f"p{k}" for k in range(count)]))


def random_gates(rng):
    count = int(rng.integers(1, 6))
    points = shapely.points(CORNER + rng.uniform(0, 400, (count, 2)))
    table = {"compound": rng.choice(["a", "b"], count), "open": rng.random(count) < 0.8}
    return Gates(gpd.GeoDataFrame(table, index=[f"g{k}" for k in range(count)], geometry=points, crs=METRES))


def random_barriers(rng):
    ends = rng.uniform(0, 400, (4, 2, 2)) + CORNER
    return Barriers.of({"wall": gpd.GeoSeries(shapely.linestrings(ends), crs=METRES)}, METRES)


def random_change(network, rng):
    """Change the streets in one of several ways, or in none."""
    way = rng.integers(0, 7)
    edge = rng.integers(0, network.edge_count, 2)
    if way == 0:
        return network
    if way == 1:
        return drop_edges(network, np.isin(np.arange(network.edge_count), edge))
    if way == 2:
        return cut_edges(network, edge, rng.random(2)).network
    if way == 3:
        return detach(network, network.start[edge[:1]], edge[:1])[0]
    if way == 4:
        name = str(rng.choice(["stairs", "signal_halves", "private_area"]))
        values = getattr(network, name).copy()
        values[edge] = rng.integers(0, 3)
        return replace(network, **{name: values})
    if way == 5:
        return add_lane(network, rng)
    return random_network(int(rng.integers(0, 1000)))


def add_lane(network, rng):
    a, b = rng.integers(0, network.node_count, 2)
    used = np.isin([a, b], np.concatenate([network.start, network.end])).all()
    if a == b or not used or np.hypot(*(network.node_xy[a] - network.node_xy[b])) < 1:
        return network
    line = shapely.LineString(network.node_xy[[a, b]])
    lane = gpd.GeoDataFrame({"kind": ["add"], "cost_cny": [0.0]}, index=["x"], geometry=[line], crs=METRES)
    return apply_changes(network, NetworkChanges(lane), ["x"])


def assert_alike(updated, afresh):
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(updated.walk, name), getattr(afresh.walk, name)), name
    assert updated.walk.data.dtype == afresh.walk.data.dtype
    assert updated.notes == afresh.notes
    assert updated.origins.equals(afresh.origins)
    assert updated.destinations.equals(afresh.destinations)
    assert updated.limit == afresh.limit


@given(seeds, st.sampled_from([1, 3, 20]), st.sampled_from(["to_station", "from_station", "round_trip"]))
@settings(max_examples=120, deadline=None)
def test_updated_costs_are_those_measured_afresh(seed, minutes, direction):
    rng = np.random.default_rng(seed)
    before = random_network(seed)
    after = before
    for _ in range(int(rng.integers(1, 4))):
        after = random_change(after, rng) if after.edge_count else after
    if not after.edge_count:
        return
    homes, sites = random_points(rng), random_points(rng)
    gates = random_gates(rng) if rng.random() < 0.5 else None
    gates_after = random_gates(rng) if gates is not None and rng.random() < 0.5 else None
    same = {"barriers": random_barriers(rng) if rng.random() < 0.5 else None, "max_off_path_m": 60.0}
    same["direction"] = direction
    costs = walking_costs(before, homes, sites, WALKER, minutes, gates=gates, **same)
    updated = update_costs(
        costs, before, after, homes, sites, WALKER, minutes, gates=gates, gates_after=gates_after, **same
    )
    afresh = walking_costs(after, homes, sites, WALKER, minutes, gates=gates_after or gates, **same)
    assert_alike(updated, afresh)


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_costs_in_metres_are_updated_as_well(seed):
    rng = np.random.default_rng(seed)
    before = random_network(seed)
    after = random_change(before, rng)
    if not after.edge_count:
        return
    homes, sites = random_points(rng), random_points(rng)
    costs = walking_costs(before, homes, sites, "wheelchair", max_walk_m=250)
    updated = update_costs(costs, before, after, homes, sites, "wheelchair", max_walk_m=250)
    assert_alike(updated, walking_costs(after, homes, sites, "wheelchair", max_walk_m=250))


def test_a_passage_for_residents_only_is_a_change():
    network = build([(0, 0), (100, 0), (200, 0)], [0, 1], [1, 2], private=[0, 1])
    after = replace(network, residents_only=np.array([False, True, False]))
    homes = gpd.GeoSeries.from_xy([CORNER[0] + 10], [CORNER[1]], crs=METRES)
    sites = gpd.GeoSeries.from_xy([CORNER[0] + 190], [CORNER[1]], crs=METRES)
    costs = walking_costs(network, homes, sites, WALKER, 15)
    assert costs.walk.nnz == 1
    assert_alike(
        update_costs(costs, network, after, homes, sites, WALKER, 15), walking_costs(after, homes, sites, WALKER, 15)
    )


def test_only_what_a_change_can_touch_is_measured_again(monkeypatch):
    from planner.catchments import updating

    count = 60
    xy = [(200 * k, 0) for k in range(count)]
    street = build(xy, range(count - 1), range(1, count))
    homes = gpd.GeoSeries.from_xy(*(CORNER + xy).T, crs=METRES)
    costs = walking_costs(street, homes, homes, WALKER, 15)
    shut = drop_edges(street, np.arange(count - 1) == 10)
    asked = []

    def find(ground, leaving, arriving, limit, direction):
        asked.append((len(leaving.access.edge), len(arriving.access.edge)))
        return walks_within(ground, leaving, arriving, limit, direction)

    walks_within = updating.walks_within
    monkeypatch.setattr(updating, "walks_within", find)
    updated = update_costs(costs, street, shut, homes, homes, WALKER, 15)
    assert_alike(updated, walking_costs(shut, homes, homes, WALKER, 15))
    assert max(origins for origins, destinations in asked if destinations) <= count
    assert asked[-1][0] <= 12
    assert asked[-1][1] <= 12


def test_costs_of_other_points_or_another_standard_are_refused():
    street = build([(0, 0), (100, 0)], [0], [1])
    homes = gpd.GeoSeries.from_xy([CORNER[0]], [CORNER[1]], crs=METRES)
    costs = walking_costs(street, homes, homes, WALKER, 15)
    with pytest.raises(InputError):
        update_costs(costs, street, street, homes, homes, WALKER, 10)
    with pytest.raises(InputError):
        update_costs(costs, street, street, homes.set_axis(["x"]), homes, WALKER, 15)
