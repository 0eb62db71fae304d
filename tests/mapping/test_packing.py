"""Coordinates travel as small whole numbers and arrive where they started."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.mapping.packing import FINE_UNIT, Packing, packing_for
from tests.mapping.page_data import unpacked, unpacked_parts

PACKING = packing_for((114.9, 30.1, 115.1, 30.3))
places = st.tuples(st.floats(114.9, 115.1), st.floats(30.1, 30.3))


@given(st.lists(places, min_size=1, max_size=20))
def test_points_arrive_within_half_a_unit(points: list[tuple[float, float]]) -> None:
    packed = PACKING.steps(np.array(points))
    assert np.array(unpacked(PACKING.header(), packed)) == pytest.approx(np.array(points), abs=0.51 * FINE_UNIT)


@given(st.lists(st.lists(places, min_size=2, max_size=6), min_size=1, max_size=5))
def test_lines_arrive_in_their_order(lines: list[list[tuple[float, float]]]) -> None:
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    arrived = unpacked_parts(PACKING.header(), PACKING.parts(shapes))
    expected = [_rounded(line) for line in lines]
    assert [_rounded(line) for line in arrived] == [line for line in expected if len(line) > 1]


def test_rings_are_wound_so_that_a_hole_stays_a_hole_under_the_non_zero_rule() -> None:
    clockwise = shapely.Polygon([(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    for shape in (clockwise, shapely.reverse(clockwise)):
        outer, hole = unpacked_parts({"unit": 1, "origin": [0, 0]}, Packing(1, (0, 0)).parts(np.array([shape])))
        assert shapely.LinearRing(outer).is_ccw
        assert not shapely.LinearRing(hole).is_ccw


def test_what_shrinks_to_one_point_is_left_out_and_the_next_part_still_starts_right() -> None:
    packing = Packing(1, (0, 0))
    shapes = np.array([shapely.LineString([(9, 9), (9.1, 9.1)]), shapely.LineString([(5, 5), (7, 5)])], dtype=object)
    assert unpacked_parts(packing.header(), packing.parts(shapes)) == [[(5, 5), (7, 5)]]


def test_an_area_without_a_shape_is_none() -> None:
    assert PACKING.areas([None, shapely.Polygon()]) == [None, None]


def _rounded(line: list[tuple[float, float]]) -> list[tuple[int, int]]:
    whole = [(round(x / FINE_UNIT), round(y / FINE_UNIT)) for x, y in line]
    return [place for k, place in enumerate(whole) if k == 0 or place != whole[k - 1]]
