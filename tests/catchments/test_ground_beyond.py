"""The ground beyond water, a railway or a wall is drawn only where somebody walks home from there.

y = 400   north street  ─────────────┬───────────────
                                     │ bridge (or gate) at x = 500
y = 200   ≈≈≈≈≈≈≈≈≈≈≈≈≈≈≈≈ barrier ≈≈≈┼≈≈≈≈≈≈≈≈≈≈≈≈≈≈
                                     │
y =   0   south street  ─────────────┴───────────────
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, walking_costs
from planner.catchments.drawing import CELL_M
from tests.catchments.random_streets import METRES, SOUTH, WEST, build, random_network
from tests.catchments.test_costs import PLAIN, points, some_points
from tests.network.test_sight import barriers, line, random_barriers

BANKS = ([(0, 0), (500, 0), (1000, 0), (0, 400), (500, 400), (1000, 400)], [0, 1, 3, 4], [1, 2, 4, 5])
BRIDGED = (BANKS[0], [*BANKS[1], 1], [*BANKS[2], 4])
STATION = points([(500, 0)], ids=["station"])
RIVER = ("water", shapely.box(-300, 150, 1300, 250))
CANAL = ("water", line((-300, 200), (1300, 200)))
TRACKS = ("railway", line((-300, 200), (1300, 200)))
WALL = ("wall", line((-300, 200), (1300, 200)))

NEIGHBOURS = np.array([(x, y) for x in (-8, -4, 0, 4, 8) for y in (-8, -4, 0, 4, 8)], dtype=float)


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


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_whoever_stands_well_inside_walks_home_within_the_limit(seed):
    """Within a cell of 97 in 100 places two cells inside the outline somebody is within the limit, and half a diagonal.

    Why the others are drawn is not known; holes that are too small to be drawn are one reason.

    On public paths: where a private one ends at a public one, the picture takes whoever might use either.
    """
    rng = np.random.default_rng(seed)
    network, bars = random_network(seed), random_barriers(rng)
    network = replace(network, length_m=shapely.length(network.lines), private_area=0 * network.private_area)
    station = points(some_points(network, rng, 1))
    minutes = float(rng.choice([2.0, 5.0]))
    area = draw_catchments(network, station, PLAIN, minutes, barriers=bars).geometry.iloc[0]
    sampled = points(rng.uniform(-250, 650, (600, 2)))
    inside = sampled[sampled.within(area) & (sampled.distance(area.boundary) > 2 * CELL_M)]
    around = shapely.get_coordinates(inside)[:, None, :] + NEIGHBOURS
    homes = gpd.GeoSeries(shapely.points(around.reshape(-1, 2)), crs=METRES)
    generous = walking_costs(network, homes, station, PLAIN, minutes + 0.2, barriers=bars, max_off_path_m=206)
    near = (np.diff(generous.walk.indptr) > 0).reshape(len(inside), len(NEIGHBOURS)).any(axis=1)
    assert (~near).sum() <= max(3, len(inside) // 33), shapely.get_coordinates(inside)[~near]
