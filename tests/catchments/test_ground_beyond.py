"""The ground beyond water, a railway or a wall is drawn only where somebody walks home from there.

y = 400   north street  ─────────────┬───────────────
                                     │ bridge (or gate) at x = 500
y = 200   ≈≈≈≈≈≈≈≈≈≈≈≈≈≈≈≈ barrier ≈≈≈┼≈≈≈≈≈≈≈≈≈≈≈≈≈≈
                                     │
y =   0   south street  ─────────────┴───────────────
"""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, walking_costs
from planner.catchments.drawing import CELL_M
from planner.network import load_network, osm_barriers
from tests.catchments.random_streets import METRES, SOUTH, WEST, build, random_network
from tests.catchments.test_costs import PLAIN, points, some_points
from tests.network.test_sight import barriers, line, random_barriers
from tests.real_data import real_data

BANKS = ([(0, 0), (500, 0), (1000, 0), (0, 400), (500, 400), (1000, 400)], [0, 1, 3, 4], [1, 2, 4, 5])
BRIDGED = (BANKS[0], [*BANKS[1], 1], [*BANKS[2], 4])
STATION = points([(500, 0)], ids=["station"])
RIVER = ("water", shapely.box(-300, 150, 1300, 250))
CANAL = ("water", line((-300, 200), (1300, 200)))
TRACKS = ("railway", line((-300, 200), (1300, 200)))
WALL = ("wall", line((-300, 200), (1300, 200)))


def place(x, y):
    return shapely.Point(WEST + x, SOUTH + y)


def drawn(town, station, standard, *bars, **options):
    return draw_catchments(town, station, PLAIN, standard, barriers=barriers(*bars), **options).geometry.iloc[0]


@pytest.mark.parametrize("barrier", [RIVER, CANAL, TRACKS, WALL], ids=["river", "canal", "railway", "wall"])
def test_the_other_side_is_reached_over_the_bridge_alone(barrier):
    """20 minutes are 1,200 m: nothing is too far. Only the other bank's own street leads to it."""
    without = drawn(build(*BANKS), STATION, 20, barrier)
    with_bridge = drawn(build(*BRIDGED), STATION, 20, barrier)
    beyond = shapely.box(WEST - 300, SOUTH + 250 + 2 * CELL_M, WEST + 1300, SOUTH + 700)
    assert not without.intersects(beyond)
    assert with_bridge.covers(place(600, 390))
    assert with_bridge.covers(place(100, 10))


def test_the_near_side_of_a_wall_that_hides_the_path_is_left_out():
    """The street lies 30 m away behind the wall, and no other path within 200 m."""
    town = build([(0, 0), (1000, 0)], [0], [1])
    fence = ("wall", line((-300, 30), (1300, 30)))
    area = drawn(town, STATION, 20, fence)
    assert area.covers(place(500, 20))
    assert not area.intersects(shapely.box(WEST - 300, SOUTH + 30 + 2 * CELL_M, WEST + 1300, SOUTH + 300))
    assert drawn(town, STATION, 20).covers(place(500, 100))


def test_the_ground_behind_a_railway_belongs_to_the_path_in_sight():
    """At (500, 170) the southern street, 170 m, is hidden; the northern one, 230 m away, leads round in 1,230 m."""
    around = build([(0, 0), (1000, 0), (1000, 400), (0, 400)], [0, 1, 2], [1, 2, 3])
    tracks = ("railway", line((-300, 160), (980, 160)))
    ten = drawn(around, STATION, 10, tracks, max_off_path_m=300)
    thirty = drawn(around, STATION, 30, tracks, max_off_path_m=300)
    assert ten.covers(place(500, 140))
    assert not ten.covers(place(500, 190))
    assert thirty.covers(place(500, 190))


def test_a_lake_is_a_hole():
    ring = build([(0, 0), (300, 0), (300, 300), (0, 300)], [0, 1, 2, 3], [1, 2, 3, 0])
    lake = shapely.box(80, 80, 220, 220)
    area = drawn(ring, points([(0, 0)]), 30, ("water", lake))
    assert shapely.is_valid(area)
    (polygon,) = area.geoms
    (hole,) = polygon.interiors
    assert shapely.Polygon(hole).covers(shapely.box(WEST + 95, SOUTH + 95, WEST + 205, SOUTH + 205))


def test_a_walled_compound_without_a_gate_is_a_hole_and_with_a_path_through_it_is_none():
    nodes = [(0, 0), (300, 0), (300, 300), (0, 300), (150, 0), (150, 150)]
    start, end = [0, 4, 1, 2, 3], [4, 1, 2, 3, 0]
    fence = ("wall", shapely.box(50, 50, 250, 250).exterior)
    closed = drawn(build(nodes[:5], start, end), points([(0, 0)]), 30, fence)
    opened = drawn(build(nodes, [*start, 4], [*end, 5]), points([(0, 0)]), 30, fence)
    assert not closed.covers(place(150, 150))
    assert opened.covers(place(150, 160))


def test_what_is_kept_for_the_next_draw_changes_nothing():
    rng = np.random.default_rng(3)
    station, bars = points(some_points(random_network(3), rng, 6)), random_barriers(rng)
    once = random_network(3)
    for minutes in (1, 6, 3):
        again = draw_catchments(once, station, PLAIN, minutes, barriers=bars)
        afresh = draw_catchments(random_network(3), station, PLAIN, minutes, barriers=bars)
        assert again.geometry.geom_equals(afresh.geometry).all()
    free = draw_catchments(once, station, PLAIN, 3)
    assert free.geometry.geom_equals(draw_catchments(random_network(3), station, PLAIN, 3).geometry).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_whoever_stands_well_inside_stands_in_a_cell_whose_walk_is_within_the_limit(seed):
    """Further than one and a half cells from the outline, without any tolerance."""
    rng = np.random.default_rng(seed)
    network, bars = random_network(seed), random_barriers(rng)
    station = points(some_points(network, rng, 1))
    minutes = float(rng.choice([2.0, 5.0]))
    area = draw_catchments(network, station, PLAIN, minutes, barriers=bars, homes=points([])).geometry.iloc[0]
    sampled = points(rng.uniform(-250, 650, (2000, 2)))
    inside = sampled[sampled.within(area) & (sampled.distance(area.boundary) > 1.5 * CELL_M)]
    corner = network.shape_xy.min(axis=0)
    cell = np.floor((shapely.get_coordinates(inside.to_numpy()) - corner) / CELL_M)
    homes = gpd.GeoSeries(shapely.points(corner + (cell + 0.5) * CELL_M), crs=METRES)
    costs = walking_costs(network, homes, station, PLAIN, minutes, barriers=bars)
    assert (np.diff(costs.walk.indptr) > 0).all()


def test_on_real_streets_whoever_stands_well_inside_walks_home_within_the_limit():
    """On Helsinki's streets, with its sea and its railways; a cell more for what lies between two centres."""
    path = real_data("helsinki/helsinki.osm.pbf")
    network = load_network(path, "auto")
    bars, rng = osm_barriers(path, network.crs), np.random.default_rng(1)
    low, high = network.shape_xy.min(axis=0), network.shape_xy.max(axis=0)
    station = gpd.GeoSeries(shapely.points((low + high) / 2 + rng.uniform(-0.25, 0.25, (3, 2)) * (high - low)))
    station = station.set_crs(network.crs)
    areas = draw_catchments(network, station, PLAIN, 6, barriers=bars, homes=station.iloc[:0]).geometry
    homes = gpd.GeoSeries(shapely.points(rng.uniform(low, high, (20_000, 2))), crs=network.crs)
    walk = walking_costs(network, homes, station, PLAIN, 6 + 0.3, barriers=bars).walk.tocsc()
    for column, area in enumerate(areas):
        inside = np.flatnonzero(homes.within(area) & (homes.distance(area.boundary) > 3 * CELL_M))
        reached = walk.indices[walk.indptr[column] : walk.indptr[column + 1]]
        assert len(np.setdiff1d(inside, reached)) <= len(inside) // 1000
