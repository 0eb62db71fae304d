"""Where the streets are too thin, walks are straight lines times a factor, and everything says so."""

from dataclasses import replace
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments.estimate import estimated_catchments, estimated_costs, estimated_nearest
from planner.catchments.estimated_routes import estimated_routes
from planner.catchments.walks import EstimatedWalks
from planner.errors import CrsError, InputError
from planner.model import DIRECTIONS, Barriers, Gates, Need, ServiceStandard, Walker
from tests.catchments.random_streets import METRES
from tests.catchments.test_costs import PLAIN, as_dict, points
from tests.catchments.test_gated import gates, homes
from tests.network.test_sight import barriers, line, random_barriers

RIVER = ("water", line((50, -500), (50, 500)))
COMPOUNDS = np.array(["A", "B", None], dtype=object)


def walk_m(origins, destinations, factor=1.5, **options):
    costs = estimated_costs(origins, destinations, PLAIN, 60, detour_factor=factor, **options)
    return {pair: round(minutes * 60, 3) for pair, minutes in costs.to_frame()["walk_min"].items()}


def codes(costs):
    return [note.code for note in costs.notes]


def test_a_walk_is_the_straight_line_times_the_factor():
    assert walk_m(points([(0, 0)], ["o"]), points([(30, 40), (0, 0)], ["d", "here"])) == {
        ("o", "d"): 75,
        ("o", "here"): 0,
    }


def test_the_limit_itself_counts():
    origin = points([(0, 0)], ["o"])
    ends = points([(800, 0), (800.001, 0)], ["at", "beyond"])
    costs = estimated_costs(origin, ends, PLAIN, 20, detour_factor=1.5)
    assert as_dict(costs) == {(0, 0): 1_200_000}
    costs = estimated_costs(origin, ends, Walker("elderly"), max_walk_m=1200, detour_factor=1.5)
    assert as_dict(costs) == {(0, 0): 1_200_000}


def test_nobody_walks_across_water_or_a_railway_but_through_a_wall():
    home, station = points([(0, 0)], ["home"]), points([(100, 0)], ["station"])
    for kind, walked in (("water", {}), ("railway", {}), ("wall", {("home", "station"): 150})):
        barring = barriers((kind, line((50, -500), (50, 500))))
        assert walk_m(home, station, barriers=barring) == walked


def test_everything_says_that_it_is_an_estimate():
    home, stations = points([(0, 0)], ["home"]), points([(100, 0), (10, 0)], ["across", "near"])
    costs = estimated_costs(home, stations, PLAIN, 60, detour_factor=1.3, barriers=barriers(RIVER))
    assert codes(costs) == ["walks.estimated", "walks.estimated_across"]
    assert "1.3" in costs.notes[0].text.zh
    assert costs.notes[1].text.en.startswith("1 pairs")
    assert codes(estimated_costs(home, stations, PLAIN, 60, detour_factor=1.3)) == [
        "walks.estimated",
        "walks.estimated_unbarred",
    ]


def test_an_estimate_says_that_there_and_back_are_alike():
    walks = EstimatedWalks(METRES, 1.3, None, Barriers.of({}, METRES))
    home, station = (gpd.GeoDataFrame(geometry=points([xy])) for xy in ((0, 0), (600, 0)))
    need = Need("all", PLAIN, ServiceStandard(15))
    there, *others = (walks.costs(home, station, replace(need, direction=way)) for way in DIRECTIONS)
    assert "walks.estimated_both_ways" not in codes(there)
    for costs in others:
        assert "walks.estimated_both_ways" in codes(costs)
        assert as_dict(costs) == as_dict(there) == {(0, 0): 780_000}


def test_a_walk_leads_through_a_gate_where_gates_are_known():
    """30 m to the gate, then 50 m to the station: not the 40 m straight through the wall."""
    home, station = homes([(0, 0)], ["A"], ["home"]), points([(40, 0)], ["station"])
    door = gates([(0, 30), (-500, 0)], ["A", "A"])
    assert walk_m(home, station, gates=door) == {("home", "station"): 1.5 * (30 + 50)}
    assert walk_m(station, home, gates=door) == {("station", "home"): 1.5 * (30 + 50)}
    assert walk_m(home, station, gates=gates([(0, 30)], ["B"])) == {("home", "station"): 1.5 * 40}


def test_neighbours_in_one_compound_do_not_leave_it():
    inside = homes([(0, 0), (40, 0)], ["A", "A"], ["h", "s"])
    walks = walk_m(inside.loc[["h"]], inside.loc[["s"]], gates=gates([(0, 300)], ["A"]))
    assert walks == {("h", "s"): 60}


def test_gates_that_are_shut_or_keep_outsiders_out_are_no_way():
    """Who lives inside leaves through the residents' gate; to a station inside nobody comes through it."""
    home, station = homes([(0, 0)], ["A"], ["home"]), points([(40, 0)], ["station"])
    door = gates([(0, 30), (0, 20)], ["A", "A"])
    door = Gates(door.table.assign(open=[True, False], admits_outsiders=False))
    assert walk_m(home, station, gates=door) == {("home", "station"): 1.5 * (30 + 50)}
    assert walk_m(station, home, gates=door) == {}
    assert walk_m(home, home, gates=door) == {("home", "home"): 0}


@pytest.mark.parametrize("factor", [0.99, 3.01, float("nan"), "1.3", True])
def test_a_wild_factor_is_refused(factor):
    with pytest.raises(InputError, match=r"1\.0 to 3\.0"):
        estimated_costs(points([(0, 0)]), points([(1, 1)]), PLAIN, 5, detour_factor=factor)


def test_degrees_are_refused_unless_a_metric_system_is_named():
    degrees = points([(0, 0), (30, 40)], ["a", "b"]).to_crs(4326)
    with pytest.raises(CrsError):
        estimated_costs(degrees, degrees, PLAIN, 5, detour_factor=1.5)
    assert walk_m(degrees, degrees, crs=METRES)["a", "b"] == pytest.approx(75, abs=0.01)


def _places(rng, count):
    xy = np.round(rng.uniform(0, 400, (count, 2)))
    return homes(xy, rng.choice(COMPOUNDS, count), [f"p{k}" for k in range(count)])


def _by_hand(home, station, doors, obstacles, walker, factor):
    """Return the shortest walk by trying every pair of doors."""

    def doors_of(place):
        own = [xy for compound, xy in doors if compound == place.compound and place.compound is not None]
        return own or [place.geometry]

    found = []
    if home.compound is not None and home.compound == station.compound and home.compound in dict(doors):
        found.append(home.geometry.distance(station.geometry))
    found += [
        home.geometry.distance(out) + out.distance(into) + into.distance(station.geometry)
        for out, into in product(doors_of(home), doors_of(station))
        if not any(shapely.LineString([out, into]).intersects(shape) for shape in obstacles)
    ]
    return [int(walker.walk_ms(np.array([factor * metres]))[0]) for metres in found]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_walks_are_those_found_by_trying_every_pair_of_doors(seed):
    rng = np.random.default_rng(seed)
    begin, end = _places(rng, 6), _places(rng, 4)
    at = np.round(rng.uniform(0, 400, (3, 2)))
    door = gates(at, ["A", "A", "B"])
    across = [line(*np.round(rng.uniform(-50, 450, (2, 2))) + 0.37) for _ in range(3)]
    barring = barriers(*(("railway", one) for one in across))
    doors = list(zip(door.table["compound"], door.table.geometry, strict=True))
    options = {"detour_factor": 1.3, "gates": door, "barriers": barring}
    walks = as_dict(estimated_costs(begin, end, PLAIN, 600, **options))
    shapes = list(barring.table.geometry)
    expected = {}
    for o, home in enumerate(begin.itertuples()):
        for d, station in enumerate(end.itertuples()):
            if found := _by_hand(home, station, doors, shapes, PLAIN, 1.3):
                expected[o, d] = min(found)
    assert walks.keys() == expected.keys()
    assert all(abs(walks[pair] - expected[pair]) <= 1 for pair in walks)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_every_way_of_asking_gives_the_same_walk(seed):
    rng = np.random.default_rng(seed)
    begin, end = _places(rng, 9), _places(rng, 5)
    door = gates(np.round(rng.uniform(0, 400, (3, 2))), ["A", "A", "B"])
    options = {"detour_factor": 1.7, "gates": door, "barriers": random_barriers(rng)}
    costs = estimated_costs(begin, end, PLAIN, 600, **options).to_frame()["walk_min"]
    nearest = estimated_nearest(begin, end, PLAIN, **options)
    for row, home in enumerate(begin.index):
        own = costs[costs.index.get_level_values(0) == home].droplevel(0)
        assert nearest.reached[row] == (len(own) > 0)
        if len(own):
            assert nearest.walk[row] == round(own.min() * 60_000)
            assert end.index[nearest.station[row]] == min(own.index[own == own.min()])
        alone = estimated_costs(begin.loc[[home]], end.iloc[::-1], PLAIN, 600, **options).to_frame()["walk_min"]
        pd.testing.assert_series_equal(alone.droplevel(0).sort_index(), own.sort_index(), check_names=False)
        routes = estimated_routes(begin.loc[[home] * len(end)], end, PLAIN, **options)
        found = routes.set_index("destination")["walk_min"].dropna()
        pd.testing.assert_series_equal(found.sort_index(), own.sort_index(), check_names=False)


def test_a_route_is_a_straight_line_whose_parts_add_up():
    home, station = homes([(0, 0)], ["A"], ["home"]), points([(40, 0)], ["station"])
    (route,) = estimated_routes(home, station, PLAIN, detour_factor=1.5, gates=gates([(0, 30)], ["A"])).itertuples()
    assert (route.destination, route.walk_min * 60, route.length_m) == ("station", 120, 120)
    assert (route.path_min * 60, route.inside_min * 60) == (pytest.approx(75), pytest.approx(45))
    assert len(route.geometry.coords) == 3


def test_a_barred_route_keeps_its_row():
    home, station = points([(0, 0)], ["home"]), points([(100, 0)], ["station"])
    routes = estimated_routes(home, station, PLAIN, detour_factor=1.5, barriers=barriers(RIVER))
    assert routes["walk_min"].isna().all()
    assert routes.geometry.isna().all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_every_covered_home_lies_inside_its_circle(seed):
    rng = np.random.default_rng(seed)
    begin, end = _places(rng, 60), _places(rng, 3)
    door = gates(np.round(rng.uniform(0, 400, (3, 2))), ["A", "A", "B"])
    costs = estimated_costs(begin, end, PLAIN, 3, detour_factor=1.3, gates=door)
    circles = estimated_catchments(end, PLAIN, 3, detour_factor=1.3)
    for home, station in costs.to_frame().index:
        assert circles.geometry[station].contains(begin.geometry[home])
    assert np.allclose(circles.area, np.pi * (180 / 1.3) ** 2, rtol=0.01)


def test_many_homes_and_stations_are_no_matrix():
    """Only pairs within the limit are held: 20,000 homes and 500 stations would be ten million."""
    rng = np.random.default_rng(3)
    begin, end = points(rng.uniform(0, 30_000, (20_000, 2))), points(rng.uniform(0, 30_000, (500, 2)))
    costs = estimated_costs(begin, end, PLAIN, 15, detour_factor=1.3)
    expected = 20_000 * 500 * np.pi * (900 / 1.3) ** 2 / 30_000**2
    assert costs.walk.nnz == pytest.approx(expected, rel=0.1)
