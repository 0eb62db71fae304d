"""A drawn catchment holds every home that is covered, and little else."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.catchments import draw_catchments, walking_costs
from planner.catchments.drawing import CELL_M
from planner.model import WALKERS, Barriers, Gates, Walker
from tests.catchments.random_streets import METRES, SOUTH, WEST, build, random_network
from tests.catchments.test_costs import PLAIN, points, some_points


def covered(network, homes, station, *standard, **options):
    costs = walking_costs(network, homes, station, *standard, **options)
    return homes[np.diff(costs.walk.indptr) > 0]


@pytest.mark.parametrize("block", range(4))
def test_every_covered_home_that_is_given_lies_inside(block):
    for seed in range(block * 15, block * 15 + 15):
        rng = np.random.default_rng(seed)
        network = random_network(seed)
        walker = Walker(str(rng.choice(list(WALKERS))))
        homes = points(np.vstack([rng.uniform(-200, 600, (1500, 2)), some_points(network, rng, 500)]))
        station = points(some_points(network, rng, 1))
        standard = (walker, float(rng.choice([0.3, 2.0, 6.0])))
        off_path = float(rng.choice([30.0, 200.0]))
        area = draw_catchments(network, station, *standard, max_off_path_m=off_path, homes=homes).geometry.iloc[0]
        assert shapely.is_valid(area)
        served = covered(network, homes, station, *standard, max_off_path_m=off_path)
        assert served.within(area).all(), seed


@pytest.mark.parametrize("block", range(4))
def test_every_covered_home_lies_inside_where_none_is_given(block):
    for seed in range(block * 15, block * 15 + 15):
        rng = np.random.default_rng(seed)
        network = random_network(seed)
        homes = points(np.vstack([rng.uniform(-200, 600, (1500, 2)), some_points(network, rng, 500)]))
        station = points(some_points(network, rng, 1))
        standard = (str(rng.choice(list(WALKERS))), float(rng.choice([0.3, 2.0, 6.0])))
        area = draw_catchments(network, station, *standard).geometry.iloc[0]
        assert shapely.is_valid(area)
        assert covered(network, homes, station, *standard).within(area).all(), seed


def test_what_is_drawn_for_homes_that_nobody_gave_does_not_lead_across_a_wall():
    street = build([(0, 0), (600, 0)], [0], [1])
    wall = shapely.LineString([(WEST, SOUTH + 22), (WEST + 600, SOUTH + 22)])
    walls = Barriers(gpd.GeoDataFrame({"kind": ["wall"]}, geometry=[wall], crs=METRES))
    area = draw_catchments(street, points([(300, 0)]), PLAIN, 5, barriers=walls).geometry.iloc[0]
    beyond = shapely.box(WEST + 20, SOUTH + 22 + CELL_M, WEST + 580, SOUTH + 200)
    assert not area.intersects(beyond)
    assert area.covers(shapely.LineString([(WEST + 30, SOUTH + 16), (WEST + 570, SOUTH + 16)]))


#: Ground that one of 20,000 homes in a square of 900 m stands for.
HOME_M2 = 900.0**2 / 20_000


def test_the_outline_stays_near_what_is_covered():
    """Without passages for residents: a home that gets onto the paths at one of them may belong to either side."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        network = random_network(seed)
        network = replace(network, length_m=shapely.length(network.lines), signal_halves=network.signal_halves * 0)
        network = replace(network, residents_only=np.empty(0, np.bool_))
        station = points(some_points(network, rng, 1))
        area = draw_catchments(network, station, "adult", 3, homes=station.iloc[:0]).geometry.iloc[0]
        homes = points(rng.uniform(-250, 650, (20_000, 2)))
        served = covered(network, homes, station, "adult", 3)
        inside = homes[homes.within(area)]
        if len(served):
            assert inside.distance(served.union_all()).max() < 8 * CELL_M
            assert (len(inside) - len(served)) * HOME_M2 < 3 * CELL_M * area.length


def test_a_catchment_does_not_cross_a_river_without_a_bridge():
    banks = build([(0, 0), (600, 0), (0, 60), (600, 60)], [0, 2], [1, 3])
    station = points([(300, -5)], ids=["south bank"])
    area = draw_catchments(banks, station, PLAIN, 3, homes=station.iloc[:0]).geometry["south bank"]
    assert area.covers(shapely.Point(WEST + 200, SOUTH + 20))
    assert not area.intersects(shapely.box(WEST, SOUTH + 30 + 2 * CELL_M, WEST + 600, SOUTH + 300))


def test_a_catchment_is_drawn_the_same_alone_and_in_company():
    network = random_network(5)
    company = points(some_points(network, np.random.default_rng(0), 100))
    together = draw_catchments(network, company, "elderly", 4)
    alone = draw_catchments(network, company.iloc[[7]], "elderly", 4)
    assert together.geometry.iloc[7].equals_exact(alone.geometry.iloc[0], 0)


def test_water_is_cut_out():
    street = build([(0, 0), (600, 0)], [0], [1])
    pond = shapely.box(WEST + 280, SOUTH + 20, WEST + 320, SOUTH + 60)
    area = draw_catchments(street, points([(300, 0)]), PLAIN, 5, avoid=pond).geometry.iloc[0]
    assert area.intersection(pond).area == 0
    assert shapely.is_valid(area)


def test_a_point_without_a_path_has_an_empty_catchment():
    street = build([(0, 0), (600, 0)], [0], [1])
    areas = draw_catchments(street, points([(300, 900), (300, 0)], ids=["far", "near"]), PLAIN, 5)
    assert areas.geometry.is_empty.to_dict() == {"far": True, "near": False}


def test_the_index_and_the_system_are_kept():
    street = build([(0, 0), (600, 0)], [0], [1])
    station = gpd.GeoDataFrame(geometry=points([(300, 0)], ids=["A"])).to_crs(4326)
    areas = draw_catchments(street, station, PLAIN, max_walk_m=100)
    assert areas.crs == METRES
    assert list(areas.index) == ["A"]


def test_a_covered_home_on_the_water_or_behind_a_gate_gets_a_dot():
    street = build([(0, 0), (600, 0)], [0], [1])
    boats = gpd.GeoDataFrame({"compound": [None, "A"]}, geometry=list(points([(300, 40), (300, 90)])), crs=METRES)
    doors = Gates(gpd.GeoDataFrame({"compound": ["A"]}, index=["gate"], geometry=list(points([(500, 0)])), crs=METRES))
    pond = shapely.box(WEST + 280, SOUTH + 20, WEST + 320, SOUTH + 120)
    station = points([(300, 0)])
    areas = [
        draw_catchments(street, station, PLAIN, 9, gates=doors, avoid=pond, homes=homes).geometry.iloc[0]
        for homes in (None, boats)
    ]
    assert [area.intersection(pond).area > 0 for area in areas] == [False, True]
    assert [boats.within(area).tolist() for area in areas] == [[False, False], [True, True]]
