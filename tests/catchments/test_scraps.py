"""Short pieces of path that meet no other strand nobody; what stands on one of them still meets there.

y = 100   street     ────────────────────────────   x from 0 to 1000
y =  60   scrap            ──────                   x from 100 to 200
y = -300  island     ────────────────────────────   x from 0 to 1000, too far from the street
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, find_routes, walking_costs, walks_to_nearest
from planner.model import Walker
from planner.network.scraps import SCRAP_M, scrap_edges
from planner.network.snapping import snap
from tests.catchments.random_streets import CORNER, build, random_network
from tests.catchments.test_costs import PLAIN, as_dict, points, some_points
from tests.catchments.test_gated import gates, homes, walk_m
from tests.network.test_sight import barriers, line

STREET, SCRAP = [(0, 100), (1000, 100)], [(100, 60), (200, 60)]
TOWN = build([*STREET, *SCRAP, (0, -300), (1000, -300)], [0, 2, 4], [1, 3, 5])
HOME = points([(150, 50)], ids=["home"])
STATION = points([(600, 110)], ids=["station"])


def test_a_home_beside_a_scrap_walks_on_to_the_street():
    """50 m straight to the street, 450 m along it, 10 m to the station."""
    assert walk_m(TOWN, HOME, STATION) == {("home", "station"): 50 + 450 + 10}


def test_a_home_and_a_station_beside_one_scrap_meet_on_it():
    """Not 50 + 20 + 30 by the street, but 10 + 20 + 10 over the scrap."""
    assert walk_m(TOWN, HOME, points([(170, 70)], ids=["station"])) == {("home", "station"): 10 + 20 + 10}


def test_a_station_beside_a_scrap_is_found_from_the_street():
    assert walk_m(TOWN, STATION, HOME) == {("station", "home"): 50 + 450 + 10}


def test_an_island_with_streets_of_its_own_stays_one():
    costs = walking_costs(TOWN, points([(150, -290)], ids=["islander"]), STATION, PLAIN, 60)
    assert costs.walk.nnz == 0
    assert [note.code for note in costs.notes if note.code.endswith("origins")] == ["walks.cut_off.origins"]


@pytest.mark.parametrize(("length_m", "scrap"), [(SCRAP_M - 1, True), (SCRAP_M, False)])
def test_a_piece_is_a_scrap_below_the_length_named(length_m, scrap):
    piece = build([(0, 0), (5000, 0), (0, 50), (length_m / 2, 50), (length_m, 50)], [0, 2, 3], [1, 3, 4])
    assert scrap_edges(piece).tolist() == [False, scrap, scrap]


def test_steps_do_not_make_a_scrap_for_wheelchairs():
    """The terrace hangs together with the town for everybody else: nobody lifts a wheelchair down from it."""
    terrace = build([(0, 0), (1000, 0), (500, 30), (550, 30)], [0, 0, 2], [1, 2, 3], stairs=[0, 1, 0])
    wheelchair = Walker("wheels", speed_m_s=1.0, takes_stairs=False)
    home = points([(540, 35)], ids=["home"])
    assert walking_costs(terrace, home, points([(900, 0)], ids=["station"]), wheelchair, 60).walk.nnz == 0


def test_a_scrap_is_not_left_across_a_barrier():
    wall = barriers(("wall", line((-100, 80), (1100, 80))))
    costs = walking_costs(TOWN, HOME, STATION, PLAIN, 60, barriers=wall)
    assert costs.walk.nnz == 0
    assert [note.code for note in costs.notes if note.code.endswith("origins")] == ["walks.cut_off.origins"]


def test_a_scrap_too_far_from_the_street_is_not_left():
    assert walk_m(TOWN, HOME, STATION, max_off_path_m=45) == {}


def test_a_gate_that_opens_on_a_scrap_leads_to_the_street_too():
    """13 m inside to the gate, then 45 m to the street."""
    inside = homes([(150, 45)], ["A"], ["home"])
    walks = walk_m(TOWN, inside, STATION, gates=gates([(150, 55)], ["A"]))
    assert walks == {("home", "station"): pytest.approx(13 + 45 + 450 + 10)}


def test_the_route_past_a_private_scrap_is_the_walk_that_costs_count():
    """Only residents pass along the scrap to the station: 50 m to the street, 60 m along it and 30 m back."""
    town = build(
        [*STREET, (100, 60), (150, 60), (200, 60)],
        [0, 2, 3],
        [1, 3, 4],
        private=[0, 0, 1],
        residents_only=[False, False, False, True, False],
    )
    home, station = points([(120, 50)], ids=["home"]), points([(180, 70)], ids=["station"])
    assert walk_m(town, home, station) == {("home", "station"): 50 + 60 + 30}
    (walk_min,) = find_routes(town, home, station, PLAIN)["walk_min"]
    assert walk_min * 60 == pytest.approx(50 + 60 + 30)


def test_the_points_brought_past_a_scrap_are_counted_as_an_assumption():
    costs = walking_costs(TOWN, points([(150, 50), (150, 90)], ids=["home", "kerb"]), STATION, PLAIN, 60)
    (note,) = [note for note in costs.notes if note.code == "walks.past_scrap.origins"]
    assert (note.level, note.examples) == ("assumption", ("home",))
    assert f"{SCRAP_M:g}" in note.text.zh


def test_the_catchment_of_a_station_on_the_street_holds_the_home_beside_the_scrap():
    """Also the reach over a scrap where the station itself stands on one."""
    for station in (STATION, points([(170, 70)], ids=["station"])):
        (catchment,) = draw_catchments(TOWN, station, PLAIN, 10).geometry
        assert catchment.contains(HOME.iloc[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_every_way_of_asking_gives_the_same_walk(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    origins, stations = points(some_points(network, rng, 8)), points(some_points(network, rng, 4))
    walks = as_dict(walking_costs(network, origins, stations, PLAIN, 600))
    for home in origins.index:
        own = {pair: ms for pair, ms in walks.items() if pair[0] == home}
        alone = walking_costs(network, origins.loc[[home]], stations, PLAIN, 600)
        assert {(home, s): ms for (_, s), ms in as_dict(alone).items()} == own
        routes = find_routes(network, origins.loc[[home] * len(stations)], stations, PLAIN)
        found = zip(routes["destination"], routes["walk_min"], strict=True)
        assert {(home, s): round(walk_min * 60_000) for s, walk_min in found if not np.isnan(walk_min)} == own
    nearest = walks_to_nearest(network, origins, stations, PLAIN)
    for row, home in enumerate(origins.index):
        own = [ms for (origin, _), ms in walks.items() if origin == home]
        assert nearest.reached[row] == bool(own)
        assert not own or nearest.walk[row] == min(own)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_second_way_leads_to_the_nearest_place_off_the_scraps(seed):
    network, rng = random_network(seed), np.random.default_rng(seed)
    xy, scraps = rng.uniform(-100, 500, (40, 2)) + CORNER, scrap_edges(network)
    both = snap(network, xy, max_off_path_m=150, scraps=scraps)
    nearest = snap(network, xy, max_off_path_m=150)
    onward = snap(network, xy, max_off_path_m=150, open_edges=~scraps)
    beside = nearest.point[scraps[nearest.edge]]
    second = np.isin(onward.point, beside)
    expected = {
        *zip(nearest.point, nearest.edge, strict=True),
        *zip(onward.point[second], onward.edge[second], strict=True),
    }
    assert set(zip(both.point, both.edge, strict=True)) == expected
