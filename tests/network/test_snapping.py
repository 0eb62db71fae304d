"""A point gets onto the nearest place on a path."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.network.snapping import Access, snap
from tests.catchments.random_streets import CORNER, build, random_network


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_no_path_is_nearer_than_the_one_found(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    xy = rng.uniform(-300, 700, (60, 2)) + CORNER
    access = snap(network, xy, max_off_path_m=250)
    distance = shapely.distance(shapely.points(xy)[:, None], network.lines[None, :])
    nearest = distance.min(axis=1)
    assert np.flatnonzero(nearest <= 250).tolist() == access.point.tolist()
    np.testing.assert_allclose(access.off_path_m, nearest[access.point], atol=1e-6)
    place = shapely.line_interpolate_point(network.lines[access.edge], access.fraction, normalized=True)
    np.testing.assert_allclose(shapely.distance(shapely.points(xy[access.point]), place), access.off_path_m, atol=1e-6)


def test_the_fraction_is_measured_along_the_shape():
    corner = build([(0, 0), (100, 100)], [0], [1], bends={0: [(100, 0)]})
    access = snap(corner, np.array([(110, 50)]) + CORNER)
    assert (access.fraction.tolist(), access.off_path_m.tolist()) == ([0.75], [10.0])


def test_the_smaller_edge_settles_a_tie_at_a_junction():
    star = build([(0, 0), (100, 0), (0, 100), (-100, -30)], [1, 0, 3], [0, 2, 0])
    access = snap(star, np.array([(0, 0), (-2, -2), (-5, 20)]) + CORNER)
    assert access.edge.tolist() == [0, 2, 1]


def test_the_furthest_distance_itself_counts():
    street = build([(0, 0), (100, 0)], [0], [1])
    access = snap(street, np.array([(50, 200), (50, np.nextafter(200, 300) + 1e-6)]) + CORNER, max_off_path_m=200)
    assert access.point.tolist() == [0]


def test_closed_paths_are_passed_over():
    streets = build([(0, 0), (100, 0), (0, 30), (100, 30)], [0, 2], [1, 3])
    access = snap(streets, np.array([(50, 5)]) + CORNER, open_edges=np.array([False, True]))
    assert (access.edge.tolist(), access.off_path_m.tolist()) == ([1], [25.0])


def test_a_path_of_no_length_can_be_reached():
    dot = build([(10, 10), (10, 10)], [0], [1])
    access = snap(dot, np.array([(10, 20)]) + CORNER)
    assert (access.fraction.tolist(), access.off_path_m.tolist()) == ([0.0], [10.0])


@pytest.mark.parametrize("edges", [0, 1])
def test_nothing_to_snap_is_no_fault(edges):
    network = build([(0, 0), (9, 9)], [0] * edges, [1] * edges)
    assert len(snap(network, np.empty((0, 2))).point) == 0
    assert len(snap(network, np.array([[5000.0, 5000.0]])).point) == 0


def test_a_long_street_among_short_ones_is_found_from_everywhere():
    """Bins: one path of 40 km crosses the bins of thousands of short ones."""
    rng = np.random.default_rng(4)
    near = rng.uniform(0, 30_000, (500, 2))
    nodes = np.vstack([[(0, 0), (30_000, 26_000)], near, near + 15])
    network = build(nodes, [0, *range(2, 502)], [1, *range(502, 1002)])
    xy = rng.uniform(0, 30_000, (400, 2)) + CORNER
    access = snap(network, xy, max_off_path_m=2000)
    expected = shapely.distance(shapely.points(xy)[:, None], network.lines[None, :]).min(axis=1)
    np.testing.assert_allclose(access.off_path_m, expected[access.point], atol=1e-6)
    assert len(access.point) == (expected <= 2000).sum()


def test_accesses_are_joined_in_order_of_point():
    some = Access(np.array([1]), np.array([4]), np.array([0.5]), np.array([2.0]), np.array([7]))
    more = Access(np.array([0, 1]), np.array([9, 3]), np.array([0.1, 0.2]), np.array([1.0, 3.0]), np.array([-1, 8]))
    both = Access.joined([some.of(np.array([7, 8])), more])
    assert both.point.tolist() == [0, 1, 8]
    assert both.edge.tolist() == [9, 3, 4]
    assert both.gate.tolist() == [-1, 8, 7]
