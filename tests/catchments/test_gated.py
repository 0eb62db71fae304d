"""Who lives behind a wall leaves through a gate."""

import geopandas as gpd
import numpy as np
import pytest

from planner.catchments import walking_costs, walks_to_nearest
from planner.model import Gates
from tests.catchments.random_streets import METRES, build
from tests.catchments.test_costs import PLAIN, points


def homes(xy, compounds, ids=None):
    return gpd.GeoDataFrame({"compound": compounds}, index=ids, geometry=list(points(xy)), crs=METRES)


def gates(xy, compounds, **facts):
    compounds = list(compounds)
    table = gpd.GeoDataFrame({"compound": compounds, "name": compounds, **facts}, geometry=points(xy))
    return Gates(table.set_index(np.array([f"gate {k}" for k in range(len(table))])))


@pytest.fixture
def two_streets():
    """A street south (y = 0) and one north (y = 100), joined at x = 0."""
    return build([(0, 0), (400, 0), (0, 100), (400, 100)], [0, 2, 0], [1, 3, 2])


def walk_m(network, origins, destinations, **options):
    """Walks in metres by pair of ids."""
    frame = walking_costs(network, origins, destinations, PLAIN, 60, **options).to_frame()
    return {pair: round(minutes * 60, 3) for pair, minutes in frame["walk_min"].items()}


def test_a_home_does_not_leave_through_the_wall(two_streets):
    home = homes([(200, 10)], ["A"], ["home"])
    station = points([(200, 0)], ["station"])
    through_north_gate = 1.3 * 80 + 10 + 200 + 100 + 200
    north = gates([(200, 90)], ["A"])
    assert walk_m(two_streets, home, station) == {("home", "station"): 10}
    assert walk_m(two_streets, home, station, gates=north) == {("home", "station"): through_north_gate}


def test_the_better_of_two_gates_is_taken(two_streets):
    home = homes([(200, 10)], ["A"], ["home"])
    station = points([(200, 0)], ["station"])
    both = gates([(200, 90), (240, 10)], ["A", "A"])
    assert walk_m(two_streets, home, station, gates=both) == {("home", "station"): 1.3 * 40 + 10 + 40}


def test_only_the_compounds_own_gates_count(two_streets):
    home = homes([(200, 10), (100, 10)], ["A", "B"], ["a", "b"])
    station = points([(200, 0)], ["station"])
    walks = walk_m(two_streets, home, station, gates=gates([(200, 90)], ["A"]))
    assert walks["b", "station"] == 10 + 100
    assert walks["a", "station"] > 500


def test_a_station_in_a_compound_is_entered_through_its_gate(two_streets):
    station = homes([(200, 10)], ["A"], ["station"])
    home = points([(200, 0)], ["home"])
    walks = walk_m(two_streets, home, station, gates=gates([(200, 90)], ["A"]))
    assert walks == {("home", "station"): 1.3 * 80 + 10 + 500}


def test_neighbours_in_one_compound_meet_inside(two_streets):
    home, station = homes([(200, 10)], ["A"], ["home"]), homes([(230, 50)], ["A"], ["station"])
    north = gates([(200, 90)], ["A"])
    assert walk_m(two_streets, home, station, gates=north) == {("home", "station"): 1.3 * 50}
    nearest = walks_to_nearest(two_streets, home, station, PLAIN, gates=north)
    assert nearest.walk.tolist() == [65_000]


def test_private_paths_at_the_gate_are_the_compounds_own():
    """A private path from (200, 0) to (200, 80); the home at (230, 60) is nearer to the northern street."""
    town = build([(0, 0), (200, 0), (400, 0), (200, 80), (0, 90), (400, 90)], [0, 1, 1, 4, 0], [1, 2, 3, 5, 4])
    town.private_area[2] = 7
    home, station = homes([(230, 60)], ["A"], ["home"]), points([(200, 0)], ["station"])
    walks = walk_m(town, home, station, gates=gates([(200, 3)], ["A"]))
    assert walks == {("home", "station"): 30 + 60}


def test_a_compound_without_known_gates_is_open_and_says_so(two_streets):
    origins = homes([(200, 10), (100, 10), (0, 0)], ["B", "B", None])
    costs = walking_costs(two_streets, origins, points([(0, 0)]), PLAIN, 15)
    (note,) = costs.notes
    assert (note.code, note.level) == ("gates.unknown", "assumption")
    assert "2" in note.text.zh
    assert "2" in note.text.en


def test_the_straight_line_inside_is_named_as_an_assumption(two_streets):
    origins = homes([(200, 10)], ["A"])
    costs = walking_costs(two_streets, origins, points([(0, 0)]), PLAIN, 15, gates=gates([(200, 90)], ["A"]))
    assert [(note.code, note.level) for note in costs.notes] == [("gates.straight_line", "assumption")]


def test_the_order_of_homes_and_gates_changes_nothing(two_streets):
    rng = np.random.default_rng(2)
    origins = homes(rng.uniform(0, 100, (20, 2)), list("ABCD" * 5))
    stations = homes(rng.uniform(0, 100, (4, 2)), list("AABX"))
    doors = gates(rng.uniform(0, 100, (6, 2)), list("AABBCC"))
    turned = Gates(doors.table.iloc[::-1])
    one = walking_costs(two_streets, origins, stations, PLAIN, 3, gates=doors).to_frame()
    other = walking_costs(two_streets, origins.iloc[::-1], stations.iloc[::-1], PLAIN, 3, gates=turned).to_frame()
    assert one.sort_index().equals(other.sort_index())
    assert origins.crs == METRES


def test_nobody_leaves_through_a_closed_gate(two_streets):
    home, station = homes([(200, 10)], ["A"], ["home"]), points([(200, 0)], ["station"])
    both = gates([(200, 90), (240, 10)], ["A", "A"], open=[True, False])
    assert walk_m(two_streets, home, station, gates=both) == {("home", "station"): 1.3 * 80 + 10 + 500}
    assert walk_m(two_streets, home, station, gates=gates([(240, 10)], ["A"], open=[False])) == {}


def test_outsiders_come_to_a_station_only_through_a_gate_that_admits_them(two_streets):
    """The near gate is for residents; they pass it on their way out, and meet their own station inside."""
    near_for_residents = gates([(200, 90), (240, 10)], ["A", "A"], admits_outsiders=[True, False])
    station = homes([(200, 10)], ["A"], ["station"])
    outside, inside = points([(200, 0)], ["home"]), homes([(230, 50)], ["A"], ["home"])
    away = points([(240, 0)], ["station"])
    assert walk_m(two_streets, outside, station, gates=near_for_residents) == {("home", "station"): 500 + 10 + 104}
    assert walk_m(two_streets, inside, station, gates=near_for_residents) == {("home", "station"): 1.3 * 50}
    assert walk_m(two_streets, station, away, gates=near_for_residents) == {("station", "station"): 1.3 * 40 + 10}
