"""Words and numbers of the printed map."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.report.labels import Taken, apart

places = st.lists(st.tuples(st.integers(0, 1800), st.integers(0, 1200)), max_size=15)


@settings(max_examples=60, deadline=None)
@given(places)
def test_marks_are_moved_apart_and_those_that_stand_free_stay(points):
    points = np.array(points, dtype=float).reshape(-1, 2)
    moved = apart(points, 50.0)
    for one in range(len(points)):
        others = np.delete(moved, one, axis=0)
        assert len(others) == 0 or np.hypot(*(others - moved[one]).T).min() >= 45.0
        if len(points) == 1 or np.hypot(*(np.delete(points, one, axis=0) - points[one]).T).min() > 1000:
            assert moved[one] == pytest.approx(points[one])


def test_names_take_a_free_place_nearby_or_none():
    taken = Taken()
    assert taken.near(0, 0, 100, 30) == (0, 0)
    assert taken.near(0, 0, 100, 30) == (0, -34)
    found = [taken.near(0, 0, 100, 30) for _ in range(12)]
    assert None in found
    kept = [(0, 0), (0, -34), *(place for place in found if place is not None)]
    for k, (x, y) in enumerate(kept):
        assert all(abs(x - a) >= 100 or abs(y - b) >= 30 for a, b in kept[:k])
