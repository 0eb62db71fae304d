"""Minutes inside the building are part of the walk from it, in minutes only."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, find_routes, update_costs, walking_costs, walks_to_nearest
from planner.catchments.estimate import estimated_costs, estimated_nearest
from planner.catchments.estimated_routes import estimated_routes
from planner.errors import TableError
from planner.model import Gates, Walker
from planner.network.additions import drop_edges
from tests.catchments.random_streets import METRES, build, random_network
from tests.catchments.test_costs import as_dict, points, some_points

PLAIN = Walker("plain", speed_m_s=1.0)
PARTS = ["path_min", "stairs_min", "waiting_min", "off_path_min", "inside_min", "building_min"]


@pytest.fixture
def street():
    """One kilometre of straight street."""
    return build([(0, 0), (1000, 0)], [0], [1])


def homes(xy, minutes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"building_min": minutes, **columns}, geometry=points(xy))


def test_minutes_inside_come_before_the_walk_and_the_limit_counts_them(street) -> None:
    """600 m are 10 minutes: with 5 minutes inside exactly the quarter of an hour, with one millisecond more not."""
    origins = homes([(0, 0)] * 3, [0.0, 5.0, 5.0 + 1 / 60_000])
    costs = walking_costs(street, origins, points([(600, 0)]), PLAIN, 15)
    assert as_dict(costs) == {(0, 0): 600_000, (1, 0): 900_000}
    nearest = walks_to_nearest(street, origins, points([(600, 0)]), PLAIN)
    assert nearest.walk.tolist() == [600_000, 900_000, 900_001]


def test_metres_do_not_count_them(street) -> None:
    origins, station = homes([(0, 0)], [30.0]), points([(600, 0)])
    assert as_dict(walking_costs(street, origins, station, PLAIN, max_walk_m=600)) == {(0, 0): 600_000}
    assert walks_to_nearest(street, origins, station, PLAIN, metres=True).walk.tolist() == [600_000]
    route = find_routes(street, origins, station, PLAIN, metres=True).iloc[0]
    assert (route.walk_min, route.building_min) == (pytest.approx(10), 0)


def test_the_minutes_of_stations_do_not_count_and_blanks_are_none(street) -> None:
    stations = homes([(600, 0)], [9.0])
    costs = walking_costs(street, homes([(0, 0)], [np.nan]), stations, PLAIN, 15)
    assert as_dict(costs) == {(0, 0): 600_000}


def test_routes_name_them_apart_from_the_way_across_the_compound(street) -> None:
    gate = gpd.GeoDataFrame({"compound": ["A"]}, geometry=points([(0, 0)]))
    origins = homes([(0, 100)], [2.5], compound=["A"])
    route = find_routes(street, origins, points([(600, 0)]), PLAIN, gates=Gates(gate)).iloc[0]
    assert (route.building_min, route.inside_min, route.path_min) == pytest.approx((2.5, 130 / 60, 10))
    assert route[PARTS].sum() == pytest.approx(route.walk_min)


def test_walks_that_never_leave_a_compound_count_them_too(street) -> None:
    gate = gpd.GeoDataFrame({"compound": ["A"]}, geometry=points([(0, 0)]))
    station = gpd.GeoDataFrame({"compound": ["A"]}, geometry=points([(100, 100)]))
    origins = homes([(0, 100)], [3.0], compound=["A"])
    costs = walking_costs(street, origins, station, PLAIN, 15, gates=Gates(gate))
    assert as_dict(costs) == {(0, 0): 130_000 + 180_000}
    route = find_routes(street, origins, station, PLAIN, gates=Gates(gate)).iloc[0]
    assert (route.walk_min * 60, route.inside_min * 60, route.building_min) == pytest.approx((310, 130, 3))


@pytest.mark.parametrize("minutes", [-1, 61, np.inf, "many"])
def test_minutes_that_are_none_are_refused_with_their_rows(street, minutes) -> None:
    origins = homes([(0, 0), (5, 0)], np.array([1, minutes], dtype=object))
    with pytest.raises(TableError) as refused:
        walking_costs(street, origins, points([(600, 0)]), PLAIN, 15)
    (fault,) = refused.value.faults
    assert (fault.row, fault.column) == (3, "building_min")


def test_estimates_count_them_as_well() -> None:
    origins, station = homes([(0, 0)], [2.0]), points([(300, 400)])
    options = {"detour_factor": 1.2, "crs": METRES}
    assert as_dict(estimated_costs(origins, station, PLAIN, 12, **options)) == {(0, 0): 720_000}
    assert as_dict(estimated_costs(origins, station, PLAIN, 11.9, **options)) == {}
    assert estimated_nearest(origins, station, PLAIN, **options).walk.tolist() == [720_000]
    route = estimated_routes(origins, station, PLAIN, **options).iloc[0]
    assert (route.walk_min, route.path_min, route.building_min) == pytest.approx((12, 10, 2))
    metres = estimated_routes(origins, station, PLAIN, metres=True, **options).iloc[0]
    assert (metres.walk_min, metres.building_min) == pytest.approx((10, 0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_every_walk_is_longer_by_them_and_every_route_adds_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    count = int(rng.integers(1, 6))
    origins, stations = (points(some_points(network, rng, count)) for _ in range(2))
    building = np.round(rng.uniform(0, 4, count), 3)
    slow = gpd.GeoDataFrame({"building_min": building}, geometry=origins)
    walker = Walker(str(rng.choice(["adult", "pram", "wheelchair"])))
    without = as_dict(walking_costs(network, origins, stations, walker, 60))
    later = as_dict(walking_costs(network, slow, stations, walker, 60))
    extra = np.rint(building * 60_000).astype(int)
    assert later == {pair: walk + extra[pair[0]] for pair, walk in without.items() if walk + extra[pair[0]] <= 3.6e6}
    routes = find_routes(network, slow, stations, walker)
    walked = routes[routes["walk_min"].notna()]
    assert np.allclose(walked[PARTS].sum(axis=1), walked["walk_min"], atol=1e-9)
    assert np.allclose(walked["building_min"], building[routes["walk_min"].notna()], atol=1e-5)


def test_a_drawn_catchment_holds_every_home_that_is_covered(street) -> None:
    origins = homes([(x, 0) for x in range(0, 1000, 50)], np.linspace(0, 6, 20))
    station = points([(950, 0)])
    covered = walking_costs(street, origins, station, PLAIN, 10).walk.tocoo().coords[0]
    area = draw_catchments(street, station, PLAIN, 10, homes=origins).geometry.iloc[0]
    assert 0 < len(covered) < len(origins)
    assert all(area.contains(place) for place in origins.geometry.iloc[covered])


def test_costs_that_are_updated_after_a_change_count_them_as_well() -> None:
    """A square of streets loses one side: the walks over it are measured again, with the minutes inside."""
    before = build([(0, 0), (300, 0), (300, 300), (0, 300)], [0, 1, 2, 3], [1, 2, 3, 0])
    after = drop_edges(before, np.array([True, False, False, False]))
    origins, stations = homes([(0, 150), (300, 150)], [1.5, 0.5]), points([(300, 200), (150, 300)])
    costs = walking_costs(before, origins, stations, PLAIN, 15)
    updated = update_costs(costs, before, after, origins, stations, PLAIN, 15)
    assert as_dict(updated) == as_dict(walking_costs(after, origins, stations, PLAIN, 15))
