"""No straight line from a point to its path leads across water, a railway or a wall."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model import Barriers
from planner.network import load_network, osm_barriers
from planner.network.seeing import PIECE_M
from planner.network.snapping import snap
from tests.catchments.random_streets import CORNER, METRES, build, random_network
from tests.real_data import real_data


def barriers(*drawn):
    """Barriers from pairs of kind and geometry, in metres from the town's corner."""
    shapes = [shapely.transform(shape, lambda xy: xy + CORNER) for _, shape in drawn]
    return Barriers(gpd.GeoDataFrame({"kind": [kind for kind, _ in drawn]}, geometry=shapes, crs=METRES))


def places(network, xy, *drawn, **options):
    """Edge and distance of each point, None where it has no access."""
    access = snap(network, np.array(xy, dtype=float) + CORNER, barriers=barriers(*drawn), **options)
    found = dict(zip(access.point.tolist(), zip(access.edge, np.round(access.off_path_m, 6), strict=True), strict=True))
    return [found.get(point) for point in range(len(xy))]


def line(*xy):
    return shapely.LineString(xy)


@pytest.fixture
def two_streets():
    """Edge 0 along y = 0, edge 1 along y = 100; both from x = 0 to x = 400."""
    return build([(0, 0), (400, 0), (0, 100), (400, 100)], [0, 2], [1, 3])


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("water", shapely.box(-50, 10, 450, 20)),
        ("water", line((-50, 15), (450, 15))),
        ("railway", line((-50, 15), (450, 15))),
        ("wall", line((-50, 15), (450, 15))),
        ("wall", shapely.box(-500, -500, 900, 15)),
        ("railway", shapely.MultiLineString([[(0, 15), (250, 15)], [(250, 15), (400, 15)]])),
    ],
)
def test_a_home_turns_to_the_street_on_its_own_side(two_streets, kind, shape):
    assert places(two_streets, [(200, 30)], (kind, shapely.box(900, 900, 910, 910))) == [(0, 30)]
    assert places(two_streets, [(200, 30)], (kind, shape)) == [(1, 70)]


def test_a_street_is_seen_past_the_end_of_a_wall(two_streets):
    """The line to x = 230 passes the end of the wall at x = 215; from x = 220 on the pieces begin beyond its shadow."""
    assert places(two_streets, [(200, 30)], ("wall", line((100, 15), (209, 15)))) == [(0, round(np.hypot(20, 30), 6))]
    assert places(two_streets, [(200, 30)], ("wall", line((100, 15), (211, 15)))) == [(0, round(np.hypot(30, 30), 6))]


def test_who_sees_no_path_has_no_access(two_streets):
    island = shapely.box(150, 20, 250, 80) - shapely.box(190, 40, 210, 60)
    assert places(two_streets, [(200, 50), (100, 30)], ("water", island)) == [None, (0, 30)]


def test_a_path_beyond_reach_is_no_way_out(two_streets):
    wall = ("wall", line((-50, 15), (450, 15)))
    assert places(two_streets, [(200, 30)], wall, max_off_path_m=70) == [(1, 70)]
    assert places(two_streets, [(200, 30)], wall, max_off_path_m=69) == [None]


def test_a_path_along_the_shore_and_a_home_at_the_wall_are_not_barred(two_streets):
    lake = ("water", shapely.box(0, 0, 400, 60))
    assert places(two_streets, [(200, -30)], lake) == [(0, 30)]
    wall = ("wall", line((0, 30), (400, 30)))
    assert places(two_streets, [(200, 30)], wall) == [(0, 30)]


def test_a_bridge_is_gone_onto_at_its_foot_not_from_the_water():
    """The street goes north, and from y = 10 over a river; the home stands on a spit, 30 m beside the bridge."""
    street = build([(0, -100), (0, 100)], [0], [1])
    river = ("water", shapely.box(-200, 10, 20, 80))
    access = snap(street, np.array([(30.0, 18.0)]) + CORNER, barriers=barriers(river))
    assert access.fraction[0] * 200 - 100 == pytest.approx(-10)
    assert access.off_path_m[0] == pytest.approx(np.hypot(30, 28))


def test_who_stands_in_water_may_leave_it_once(two_streets):
    pond, canal = ("water", shapely.box(190, 20, 210, 40)), ("water", shapely.box(-50, 5, 450, 10))
    assert places(two_streets, [(200, 30)], pond) == [(0, 30)]
    assert places(two_streets, [(200, 30)], pond, canal) == [(1, 70)]
    horseshoe = ("water", shapely.box(150, 5, 250, 40) - shapely.box(170, 15, 230, 25))
    assert places(two_streets, [(200, 30)], horseshoe) == [(1, 70)]


def test_water_in_two_polygons_is_one_water(two_streets):
    halves = ("water", shapely.box(100, 20, 300, 30)), ("water", shapely.box(100, 30, 300, 40))
    assert places(two_streets, [(200, 35)], *halves) == [(0, 35)]


def test_a_gate_passes_the_wall_it_stands_in_and_no_other(two_streets):
    wall, other = ("wall", line((0, 27), (400, 27))), ("wall", line((0, 10), (400, 10)))
    rails = ("railway", line((0, 27), (400, 27)))
    assert places(two_streets, [(200, 30)], wall, doorway_m=12) == [(0, 30)]
    assert places(two_streets, [(200, 30)], wall, other, doorway_m=12) == [(1, 70)]
    assert places(two_streets, [(200, 30)], rails, doorway_m=12) == [(1, 70)]


def test_a_closed_path_is_no_way_round(two_streets):
    wall = ("wall", line((0, 15), (400, 15)))
    assert places(two_streets, [(200, 30)], wall, open_edges=np.array([True, False])) == [None]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_nearest_place_in_sight_agrees_with_looking_at_every_piece(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    xy = rng.uniform(-100, 500, (15, 2)) + CORNER
    wanted = rng.random(network.edge_count) < 0.8
    drawn = random_barriers(rng)
    access = snap(network, xy, open_edges=wanted, max_off_path_m=150, barriers=drawn)
    expected, pieces = {}, every_piece(network, wanted)
    for point in range(len(xy)):
        nearest_m = nearest_in_sight(pieces, xy[point], 150, drawn)
        if nearest_m is not None:
            expected[point] = nearest_m
    assert access.point.tolist() == list(expected)
    np.testing.assert_allclose(access.off_path_m, list(expected.values()), atol=1e-6)
    assert wanted[access.edge].all()
    place = shapely.line_interpolate_point(network.lines[access.edge], access.fraction, normalized=True)
    np.testing.assert_allclose(shapely.distance(shapely.points(xy[access.point]), place), access.off_path_m, atol=1e-6)
    for start, end in zip(xy[access.point], shapely.get_coordinates(place), strict=True):
        assert not barred(start, [end], drawn).any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_barriers_that_are_nowhere_near_change_nothing(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    xy = rng.uniform(-300, 700, (60, 2)) + CORNER
    far = barriers(("wall", line((5000, 0), (5000, 900))), ("water", shapely.box(-9000, 0, -8000, 10)))
    plain = snap(network, xy, max_off_path_m=250)
    for other in (far, barriers()):
        access = snap(network, xy, max_off_path_m=250, barriers=other)
        for name in ("point", "edge", "fraction", "off_path_m"):
            assert (getattr(access, name) == getattr(plain, name)).all()


def test_on_real_streets_no_line_is_barred_and_those_that_were_have_the_next_best():
    path = real_data("helsinki/helsinki.osm.pbf")
    network = load_network(path, "auto")
    drawn = osm_barriers(path, network.crs)
    low, high = network.shape_xy.min(axis=0), network.shape_xy.max(axis=0)
    xy = np.random.default_rng(3).uniform(low, high, (1500, 2))
    plain, access = snap(network, xy), snap(network, xy, barriers=drawn)
    offs = dict(zip(access.point.tolist(), access.off_path_m.tolist(), strict=True))
    changed = [(p, off) for p, off in zip(plain.point.tolist(), plain.off_path_m, strict=True) if offs.get(p) != off]
    assert len(changed) > 50
    pieces = every_piece(network, np.ones(network.edge_count, dtype=bool))
    for point, plain_m in changed[::12]:
        near = pieces[shapely.dwithin(pieces, shapely.Point(xy[point]), offs.get(point, 200) + 0.001)]
        assert offs.get(point) == pytest.approx(nearest_in_sight(near, xy[point], 200, drawn))
        assert offs.get(point, np.inf) > plain_m
    place = shapely.line_interpolate_point(network.lines[access.edge], access.fraction, normalized=True)
    ends = shapely.get_coordinates(place)
    assert not any(barred(xy[p], [end], drawn).any() for p, end in zip(access.point[::6], ends[::6], strict=True))


def random_barriers(rng):
    """Lakes (some with an island, some overlapping), winding railways and walls."""
    drawn = []
    for _ in range(int(rng.integers(1, 9))):
        kind = str(rng.choice(["water", "railway", "wall"]))
        middle = rng.uniform(0, 400, 2)
        if kind == "water":
            lake = shapely.Point(middle).buffer(rng.uniform(10, 80), quad_segs=int(rng.integers(1, 4)))
            drawn.append((kind, lake - shapely.Point(middle + 5).buffer(20) if rng.random() < 0.3 else lake))
        else:
            drawn.append((kind, line(*(middle + rng.uniform(-120, 120, (4, 2))))))
    return barriers(*[(kind, shape) for kind, shape in drawn if not shape.is_empty])


def barred(start, places, drawn):
    """Whether straight lines meet a barrier, a centimetre from their ends left out; one shore may be left."""
    whole = shapely.linestrings([[start, place] for place in places])
    length = shapely.length(whole)
    ends = [shapely.line_interpolate_point(whole, at) for at in (0.01, length - 0.01)]
    links = shapely.linestrings(np.stack([shapely.get_coordinates(end) for end in ends], axis=1))
    is_water = drawn.table["kind"] == "water"
    met = shapely.intersects(links, drawn.table.geometry[~is_water].union_all())
    for water in shapely.get_parts(drawn.table.geometry[is_water].union_all()):
        crossings = shapely.intersection(links, water.boundary)
        once = shapely.get_type_id(crossings) == shapely.GeometryType.POINT
        met |= ~(shapely.is_empty(crossings) | (once & water.contains(shapely.Point(start))))
    return met & (length > 0.02)


def every_piece(network, wanted):
    """Every straight piece of the wanted paths."""
    pieces = []
    for edge in np.flatnonzero(wanted):
        for a, b in pairwise(shapely.get_coordinates(network.lines[edge])):
            count = max(int(np.ceil(np.hypot(*(b - a)) / PIECE_M)), 1)
            pieces += [[a + (b - a) * k / count, a + (b - a) * (k + 1) / count] for k in range(count)]
    return shapely.linestrings(np.array(pieces).reshape(-1, 2, 2))


def nearest_in_sight(pieces, point, max_m, drawn):
    """The least distance to a place that is not barred; None where there is none."""
    if not len(pieces):
        return None
    places = shapely.line_interpolate_point(pieces, shapely.line_locate_point(pieces, shapely.Point(point)))
    distance = shapely.distance(places, shapely.Point(point))
    free = (distance <= max_m) & ~barred(point, shapely.get_coordinates(places), drawn)
    return distance[free].min() if free.any() else None
