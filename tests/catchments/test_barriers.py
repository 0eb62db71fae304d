"""Walks between water, railways and walls, in a town to be checked by hand.

    y = 100   north street  ────────────────────────────   x from 0 to 400
                                 ▒▒ lake ▒▒     │ wall │
    y =  50   ═══ railway ═══    ▒▒▒▒▒▒▒▒▒▒     └──────┘
                                 ▒▒▒▒▒▒▒▒▒▒
    y =   0   south street  ────────────────────────────   joined to the north street at x = 0

The railway lies between x = 20 and x = 80, the lake between 150 and 250, the compound inside its wall around (350, 50).
"""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, walking_costs, walks_to_nearest
from tests.catchments.random_streets import METRES, build, random_network
from tests.catchments.test_costs import PLAIN, as_dict, points, some_points
from tests.catchments.test_gated import gates, homes, walk_m
from tests.network.test_sight import barriers, line, random_barriers

RAILWAY = ("railway", line((20, 60), (80, 60)))
LAKE = ("water", shapely.box(150, 20, 250, 80) - shapely.box(195, 45, 205, 55))
WALL = ("wall", shapely.box(320, 20, 380, 80).exterior)
STATION = points([(0, 100)], ids=["station"])


@pytest.fixture
def town():
    return build([(0, 0), (400, 0), (0, 100), (400, 100)], [0, 2, 0], [1, 3, 2])


def test_a_home_beside_the_railway_walks_round_it(town):
    """From (50, 55) the northern street is nearest, 45 m across the railway; the western one is seen 50 m away."""
    home = points([(50, 70), (50, 55)], ids=["north", "south"])
    walks = walk_m(town, home, STATION, barriers=barriers(RAILWAY))
    assert walks == {("north", "station"): 30 + 50, ("south", "station"): 50 + 45}


def test_homes_on_either_shore_take_the_street_on_their_side(town):
    home = points([(200, 10), (200, 90)], ids=["south", "north"])
    walks = walk_m(town, home, STATION, barriers=barriers(LAKE))
    assert walks == {("south", "station"): 10 + 200 + 100, ("north", "station"): 10 + 200}


def test_who_has_a_path_only_across_a_barrier_is_named_with_the_reason(town):
    home = points([(200, 50), (350, 50), (200, 500), (160, 30)], ids=["island", "compound", "far", "boat"])
    costs = walking_costs(town, home, STATION, PLAIN, 60, barriers=barriers(RAILWAY, LAKE, WALL))
    assert {note.code: note.examples for note in costs.notes} == {
        "walks.behind_barrier.origins": ("island",),
        "walks.walled_in.origins": ("compound",),
        "walks.off_path.origins": ("far",),
        "walks.in_water.origins": ("boat",),
    }
    assert costs.to_frame().index.get_level_values(0).tolist() == ["boat"]
    nearest = walks_to_nearest(town, home, STATION, PLAIN, barriers=barriers(RAILWAY, LAKE, WALL))
    assert nearest.reached.tolist() == [False, False, False, True]


def test_a_gate_lets_the_compound_out(town):
    home = homes([(350, 50)], ["A"], ["home"])
    for drawn_at in (80, 76, 84):
        walks = walk_m(town, home, STATION, gates=gates([(350, drawn_at)], ["A"]), barriers=barriers(WALL))
        assert walks == {("home", "station"): pytest.approx(1.3 * (drawn_at - 50) + (100 - drawn_at) + 350)}


def test_a_path_through_a_gate_lets_the_compound_out():
    inside = build([(0, 0), (350, 0), (350, 40)], [0, 1], [1, 2])
    walks = walk_m(
        inside, points([(350, 50)], ids=["home"]), points([(0, 0)], ids=["station"]), barriers=barriers(WALL)
    )
    assert walks == {("home", "station"): 10 + 40 + 350}


def test_a_gate_does_not_lead_across_the_lake(town):
    home = homes([(200, 100)], ["A"], ["home"])
    canal, wall = ("water", line((-50, 95), (450, 95))), ("wall", line((150, 85), (250, 85)))
    door = gates([(200, 82)], ["A"])
    walks = walk_m(town, home, points([(0, 0)], ids=["station"]), gates=door, barriers=barriers(canal, wall))
    assert walks == {("home", "station"): pytest.approx(1.3 * 18 + 82 + 200)}


def test_a_gate_that_leads_nowhere_is_no_missing_gate(town):
    moat = ("water", shapely.box(310, 10, 390, 90) - shapely.box(315, 15, 385, 85))
    home, door = homes([(350, 50)], ["A"], ["home"]), gates([(350, 80)], ["A"])
    costs = walking_costs(town, home, STATION, PLAIN, 60, gates=door, barriers=barriers(moat, WALL))
    assert "walks.behind_barrier.origins" in {note.code for note in costs.notes}
    assert "walks.walled_in.origins" not in {note.code for note in costs.notes}


def test_stations_stand_behind_barriers_too(town):
    station, home = points([(50, 55)], ids=["station"]), points([(50, 100)], ids=["home"])
    assert walk_m(town, home, station) == {("home", "station"): 45}
    assert walk_m(town, home, station, barriers=barriers(RAILWAY)) == {("home", "station"): 50 + 45 + 50}


def test_a_covered_home_that_turned_away_from_its_nearest_path_gets_a_dot(town):
    """South of the canal the home is 97 m from the southern street; the picture would give it to the northern one."""
    home, station = points([(390, 97)], ids=["home"]), points([(400, 0)], ids=["station"])
    canal = barriers(("water", line((-50, 98), (450, 98))))
    assert as_dict(walking_costs(town, home, station, PLAIN, 2, barriers=canal)) == {(0, 0): 107_000}
    area = draw_catchments(town, station, PLAIN, 2, barriers=canal, homes=home).geometry.iloc[0]
    assert area.contains(home.iloc[0])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_every_covered_home_lies_inside_its_catchment(seed):
    rng = np.random.default_rng(seed)
    network, drawn = random_network(seed), random_barriers(rng)
    home, station = points(some_points(network, rng, 40)), points(some_points(network, rng, 2))
    costs = walking_costs(network, home, station, PLAIN, 3, barriers=drawn)
    areas = draw_catchments(network, station, PLAIN, 3, barriers=drawn, homes=home)
    for o, d in as_dict(costs):
        assert areas.geometry.iloc[d].contains(home.iloc[o])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_one_search_from_all_stations_agrees(seed):
    rng = np.random.default_rng(seed)
    network, drawn = random_network(seed), random_barriers(rng)
    home, station = points(some_points(network, rng, 20)), points(some_points(network, rng, 4))
    costs = walking_costs(network, home, station, PLAIN, 600, barriers=drawn)
    nearest = walks_to_nearest(network, home, station, PLAIN, barriers=drawn)
    best = {}
    for (o, _), walk in as_dict(costs).items():
        best[o] = min(walk, best.get(o, walk))
    assert {o: int(nearest.walk[o]) for o in np.flatnonzero(nearest.reached)} == best


def test_the_order_of_homes_and_barriers_changes_nothing(town):
    home = points([(50, 55), (200, 10), (160, 30), (350, 50)], ids=["a", "b", "c", "d"])
    one = walking_costs(town, home, STATION, PLAIN, 60, barriers=barriers(RAILWAY, LAKE, WALL))
    other = walking_costs(town, home.iloc[::-1], STATION, PLAIN, 60, barriers=barriers(WALL, LAKE, RAILWAY))
    assert one.to_frame().sort_index().equals(other.to_frame().sort_index())
    assert one.notes == other.notes


def test_barriers_in_another_system_are_brought_into_the_networks(town):
    drawn = barriers(LAKE, RAILWAY)
    moved = type(drawn)(gpd.GeoDataFrame(drawn.table.to_crs(32650)))
    home = points([(50, 55), (200, 10)])
    here, elsewhere = (walking_costs(town, home, STATION, PLAIN, 60, barriers=each) for each in (drawn, moved))
    assert as_dict(here) == as_dict(elsewhere)
    assert moved.table.crs != METRES
