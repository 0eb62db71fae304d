"""The classes of walks that every picture shares."""

import numpy as np
import pandas as pd
import pytest

from planner.coverage import NeedCoverage
from planner.coverage.walk_classes import classify_walks, walk_classes
from planner.model import Need, ServiceStandard, Walker

ADULT = Walker("plain", speed_m_s=1.0)


def need_of(**standard: float) -> Need:
    return Need("resident_population", ADULT, ServiceStandard(**standard))


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


@pytest.mark.parametrize(
    ("standard", "ends"),
    [
        ({"max_walk_min": 15}, [5, 10, 15]),
        ({"max_walk_min": 10}, [3, 7, 10]),
        ({"max_walk_min": 5}, [1.5, 3.5, 5]),
        ({"max_walk_m": 1000}, [350 / 60, 650 / 60, 1000 / 60]),
        ({"max_walk_m": 300}, [100 / 60, 200 / 60, 300 / 60]),
    ],
)
def test_breaks_are_round_thirds_of_the_standard(standard, ends):
    classes = walk_classes(need_of(**standard))
    assert [one.max_walk_min for one in classes] == pytest.approx([*ends, None, None])


@pytest.mark.parametrize("standard", [{"max_walk_min": m} for m in (0.4, 1, 2.5, 4, 7, 20, 60)] + [{"max_walk_m": 35}])
def test_breaks_rise_for_any_standard(standard):
    ends = [one.max_walk_min for one in walk_classes(need_of(**standard))[:3]]
    assert 0 < ends[0] < ends[1] < ends[2]


def test_each_class_is_printed_darker_than_the_one_before():
    steps = np.diff([luminance(one.colour) for one in walk_classes(need_of(max_walk_min=15))])
    assert (steps < -0.05).all()


def test_a_walk_of_exactly_the_break_belongs_to_the_nearer_class_and_coverage_is_never_measured_again():
    table = pd.DataFrame(
        {
            "people": 1.0,
            "walk_min": [0.0, 5.0, 5.01, 10.0, 15.0, 15.0, np.nan],
            "reached": [True] * 6 + [False],
            "covered": [True] * 5 + [False, False],
        },
        index=list("abcdefg"),
    )
    measured = NeedCoverage(need_of(max_walk_min=15), table, 7, 5, 1, 5 / 7, *[np.nan] * 4)
    assert classify_walks(measured).to_dict() == {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2, "f": 3, "g": 4}
