"""A route is the walk that walking costs measure, drawn and taken apart."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import find_routes, walking_costs
from planner.catchments.gated import DETOUR_FACTOR
from planner.errors import CrsError, InputError, TableError
from planner.model import WALKERS, Barriers, Walker
from tests.catchments.brute_force import brute_force_walks
from tests.catchments.random_streets import CORNER, METRES, build, random_network
from tests.catchments.test_costs import PLAIN, points, some_points
from tests.catchments.test_gated import gates, homes

PARTS = ["path_min", "stairs_min", "waiting_min", "off_path_min", "inside_min", "building_min"]
FOREVER_MIN = 30_000


def here(*xy):
    """Places given in metres from the town's corner as the tuples of a line."""
    return [tuple(place) for place in (np.array(xy) + CORNER).tolist()]


def whole_ms(minutes):
    """Minutes as the milliseconds they are made of; refuse minutes that are not whole milliseconds."""
    ms = np.asarray(minutes, dtype=float) * 60_000
    assert np.abs(ms - np.rint(ms)).max(initial=0) < 1e-5
    return np.rint(ms).astype(np.int64)


def every_pair(origins, destinations):
    """Each origin with each destination, row by row."""
    row, column = np.divmod(np.arange(len(origins) * len(destinations)), len(destinations))
    return origins.iloc[row], destinations.iloc[column]


def walks_by_pair(routes):
    walked = routes[routes["walk_min"].notna()]
    pairs = zip(walked.index.tolist(), walked["destination"].tolist(), strict=True)
    return dict(zip(pairs, whole_ms(walked["walk_min"]).tolist(), strict=True))


def costs_by_pair(costs):
    frame = costs.to_frame()
    return dict(zip(frame.index.tolist(), whole_ms(frame["walk_min"]).tolist(), strict=True))


def check_parts(routes):
    walked = routes[routes["walk_min"].notna()]
    parts = np.array([whole_ms(walked[part]) for part in PARTS])
    assert (parts >= 0).all()
    assert (parts.sum(axis=0) == whole_ms(walked["walk_min"])).all()


def check_lines(routes, origins, destinations):
    for line, begin, end in zip(routes.geometry, origins.geometry, destinations.geometry, strict=True):
        if line is not None:
            assert (line.coords[0], line.coords[-1]) == (begin.coords[0], end.coords[0])


def random_town(seed):
    """A random network with homes and stations, some of them in walled compounds with gates."""
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    walker = Walker(str(rng.choice(list(WALKERS))))
    places = [some_points(network, rng, int(rng.integers(1, 8))) for _ in range(3)]
    names = [rng.choice(["A", "B", "C", None], len(xy)) for xy in places]
    return network, walker, homes(places[0], names[0]), homes(places[1], names[1]), gates(places[2], names[2])


def check_against_walking_costs(seed):
    network, walker, some, more, doors = random_town(seed)
    off_path = float(np.random.default_rng(seed).choice([20.0, 80.0, 200.0]))
    options = {"max_off_path_m": off_path, "gates": doors}
    origins, destinations = every_pair(some, more)
    routes = find_routes(network, origins, destinations, walker, **options)
    assert walks_by_pair(routes) == costs_by_pair(walking_costs(network, some, more, walker, FOREVER_MIN, **options))
    check_parts(routes)
    check_lines(routes, origins, destinations)
    assert (routes["walk_min"].isna() == routes.geometry.isna()).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_routes_take_what_walking_costs_say_on_any_town(seed):
    check_against_walking_costs(seed)


@pytest.mark.parametrize("block", range(2))
def test_routes_take_what_walking_costs_say_on_a_fixed_series_of_towns(block):
    for seed in range(block * 60, block * 60 + 60):
        check_against_walking_costs(seed)


@pytest.mark.parametrize("seed", range(25))
def test_routes_take_what_networkx_says(seed):
    network, walker, some, more, _ = random_town(seed)
    xy = [np.column_stack([side.geometry.x, side.geometry.y]) for side in (some, more)]
    routes = find_routes(network, *every_pair(some, more), walker)
    assert walks_by_pair(routes) == brute_force_walks(network, *xy, walker)


@pytest.mark.parametrize("seed", range(25))
def test_metres_are_those_of_walking_costs_and_of_the_line(seed):
    """With true lengths a line is as long as the walk, but for the detour inside compounds."""
    network, walker, some, more, doors = random_town(seed)
    network.length_m[:] = shapely.length(network.lines)
    origins, destinations = every_pair(some, more)
    routes = find_routes(network, origins, destinations, walker, gates=doors, metres=True)
    costs = walking_costs(network, some, more, walker, max_walk_m=900_000, gates=doors)
    walked = routes[routes["walk_min"].notna()]
    mm = np.rint(walked["walk_min"].to_numpy() * walker.speed_m_s * 60_000).astype(int).tolist()
    pairs = zip(walked.index.tolist(), walked["destination"].tolist(), strict=True)
    assert dict(zip(pairs, mm, strict=True)) == costs_by_pair(costs)
    in_metres = np.array(mm) / 1000
    edges_at_most = network.edge_count + 4
    np.testing.assert_allclose(walked["length_m"], in_metres, atol=0.0005 * edges_at_most)
    inside_m = walked["inside_min"].to_numpy() * walker.speed_m_s * 60
    np.testing.assert_allclose(
        walked.length, in_metres - inside_m * (1 - 1 / DETOUR_FACTOR), atol=0.0005 * edges_at_most
    )


@pytest.mark.parametrize("seed", range(25))
def test_between_its_ends_a_line_lies_on_the_paths(seed):
    """What leaves the paths is as long as the straight lines at both ends."""
    network, walker, some, more, _ = random_town(seed)
    routes = find_routes(network, *every_pair(some, more), walker).dropna(subset="walk_min")
    paths = shapely.union_all(network.lines).buffer(1e-4)
    off_path_m = routes["off_path_min"] * walker.speed_m_s * 60
    for line, off_path in zip(routes.geometry, off_path_m, strict=True):
        assert line.difference(paths).length <= off_path + 0.01


@pytest.mark.parametrize("seed", range(12))
def test_neither_the_order_nor_the_company_of_rows_changes_a_route(seed):
    network, walker, some, more, doors = random_town(seed)
    origins, destinations = every_pair(some, more)
    routes = find_routes(network, origins, destinations, walker, gates=doors)
    turned = find_routes(network, origins.iloc[::-1], destinations.iloc[::-1], walker, gates=doors).iloc[::-1]
    assert routes.equals(turned)
    for row in range(len(routes)):
        alone = find_routes(network, origins.iloc[[row]], destinations.iloc[[row]], walker, gates=doors)
        assert alone.equals(routes.iloc[[row]])


@pytest.fixture
def stairway():
    """100 m of street, 50 m of steps up, 100 m of street with a signalled crossing in its middle."""
    return build(
        [(0, 0), (100, 0), (150, 0), (200, 0), (250, 0)],
        [0, 1, 2, 3],
        [1, 2, 3, 4],
        stairs=[0, 1, 0, 0],
        signal=[0, 0, 1, 1],
    )


CLIMBER = Walker("climber", speed_m_s=1.0, stairs_up_factor=0.5, stairs_down_factor=0.8, signal_wait_s=30)


def test_the_parts_counted_by_hand(stairway):
    foot, top = points([(0, 12)], ["foot"]), points([(250, -8)], ["top"])
    up = find_routes(stairway, foot, top, CLIMBER).iloc[0]
    down = find_routes(stairway, top, foot, CLIMBER).iloc[0]
    assert up["destination"] == "top"
    assert [whole_ms(up[part]) for part in PARTS] == [200_000, 100_000, 30_000, 20_000, 0, 0]
    assert [whole_ms(down[part]) for part in PARTS] == [200_000, 62_500, 30_000, 20_000, 0, 0]
    assert whole_ms(up["walk_min"]) == 350_000
    assert up["length_m"] == down["length_m"] == 270
    assert up.geometry.equals(down.geometry.reverse())
    assert up.geometry.coords[:3] == here((0, 12), (0, 0), (100, 0))


def test_half_of_half_a_crossing_takes_half_its_wait(stairway):
    route = find_routes(stairway, points([(175, 0)]), points([(200, 0)]), CLIMBER).iloc[0]
    assert [whole_ms(route[part]) for part in PARTS] == [25_000, 0, 7_500, 0, 0, 0]


def test_steps_take_part_of_their_time_by_part(stairway):
    route = find_routes(stairway, points([(110, 0)]), points([(140, 0)]), CLIMBER).iloc[0]
    assert [whole_ms(route[part]) for part in PARTS] == [0, 60_000, 0, 0, 0, 0]
    assert list(route.geometry.coords) == here((110, 0), (140, 0))


def test_a_route_bends_with_its_street():
    street = build([(0, 0), (100, 100)], [0], [1], bends={0: [(100, 0)]})
    route = find_routes(street, points([(50, 10)]), points([(110, 50)]), PLAIN).iloc[0]
    assert list(route.geometry.coords) == here((50, 10), (50, 0), (100, 0), (100, 50), (110, 50))
    assert route["length_m"] == 120


def test_a_route_goes_around_a_private_short_cut():
    town = build([(0, 0), (100, 0), (0, 100), (100, 100)], [0, 0, 2, 3], [1, 2, 3, 1], private=[5, 0, 0, 0])
    around = find_routes(town, points([(0, 40)]), points([(100, 40)]), PLAIN).iloc[0]
    assert around["length_m"] == 220
    assert list(around.geometry.coords) == here((0, 40), (0, 100), (100, 100), (100, 40))


def test_a_route_leads_through_the_gate():
    streets = build([(0, 0), (400, 0), (0, 100), (400, 100)], [0, 2, 0], [1, 3, 2])
    home, station = homes([(200, 10)], ["A"], ["home"]), points([(200, 0)], ["station"])
    route = find_routes(streets, home, station, PLAIN, gates=gates([(200, 90)], ["A"])).iloc[0]
    assert [whole_ms(route[part]) for part in PARTS] == [500_000, 0, 0, 10_000, 104_000, 0]
    assert route["length_m"] == 1.3 * 80 + 10 + 500
    assert route.geometry.coords[1:3] == here((200, 90), (200, 100))


def test_a_route_does_not_reach_its_street_across_a_wall():
    streets = build([(0, 0), (400, 0), (0, 100), (400, 100)], [0, 2, 0], [1, 3, 2])
    wall = shapely.LineString(here((0, 20), (400, 20)))
    barriers = Barriers(gpd.GeoDataFrame({"kind": ["wall"]}, geometry=[wall], crs=METRES))
    home, station = points([(200, 40)], ["home"]), points([(200, 0)], ["station"])
    free, barred = (find_routes(streets, home, station, PLAIN, barriers=one).iloc[0] for one in (None, barriers))
    assert (free["length_m"], barred["length_m"]) == (40, 60 + 500)
    assert barred.geometry.distance(wall.interpolate(200)) >= 20


def test_a_route_inside_a_compound_is_straight():
    streets = build([(0, 0), (400, 0)], [0], [1])
    home, station = homes([(200, 10)], ["A"], ["home"]), homes([(230, 50)], ["A"], ["station"])
    route = find_routes(streets, home, station, PLAIN, gates=gates([(200, 0)], ["A"])).iloc[0]
    assert [whole_ms(route[part]) for part in PARTS] == [0, 0, 0, 0, 65_000, 0]
    assert (route["length_m"], route.geometry.length) == (65, 50)


def test_a_pair_that_cannot_be_walked_keeps_its_row_without_a_line():
    banks = build([(0, 0), (100, 0), (0, 90), (100, 90)], [0, 2], [1, 3])
    south = points([(50, 0), (50, 0)], ["home", "home"])
    routes = find_routes(banks, south, points([(0, 0), (0, 90)], ["here", "there"]), PLAIN)
    assert routes.index.tolist() == ["home", "home"]
    assert routes["destination"].tolist() == ["here", "there"]
    assert routes["walk_min"].isna().tolist() == routes.geometry.isna().tolist() == [False, True]
    assert routes.iloc[1][[*PARTS, "length_m"]].isna().all()


def test_a_walk_of_no_length_is_a_line_of_no_length():
    street = build([(0, 0), (100, 0)], [0], [1])
    route = find_routes(street, points([(50, 0)]), points([(50, 0)]), PLAIN).iloc[0]
    assert (route["walk_min"], route["length_m"], route.geometry.length) == (0, 0, 0)
    assert len(route.geometry.coords) == 2


def test_one_destination_serves_all_rows():
    street = build([(0, 0), (1000, 0)], [0], [1])
    routes = find_routes(street, points([(100, 0), (900, 0)], ["a", "b"]), points([(400, 0)], ["station"]), PLAIN)
    assert routes["length_m"].to_dict() == pytest.approx({"a": 300, "b": 500})
    assert set(routes["destination"]) == {"station"}


def test_rows_that_do_not_match_are_refused():
    street = build([(0, 0), (1000, 0)], [0], [1])
    with pytest.raises(TableError, match="row by row"):
        find_routes(street, points([(1, 0)] * 3), points([(1, 0)] * 2), PLAIN)


def test_points_that_cannot_be_used_are_refused():
    street = build([(0, 0), (1000, 0)], [0], [1])
    place = points([(0, 0)])
    with pytest.raises(CrsError):
        find_routes(street, place.set_crs(None, allow_override=True), place, PLAIN)
    with pytest.raises(TableError):
        find_routes(street, gpd.GeoSeries([None], crs=METRES), place, PLAIN)
    with pytest.raises(InputError):
        find_routes(street, place, place, "nobody we know")


def test_nobody_has_no_routes():
    street = build([(0, 0), (1000, 0)], [0], [1])
    nobody = points(np.empty((0, 2)))
    routes = find_routes(street, nobody, nobody, PLAIN)
    assert (len(routes), routes.crs) == (0, street.crs)
