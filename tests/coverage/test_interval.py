"""What assumed gates can change, on measures made by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.coverage.interval import CoverageInterval, coverage_interval
from planner.coverage.measures import measure_need
from planner.model import Gates, NearestWalks
from tests.town import NEEDS, town_demand

HOMES = ["h1", "h2", "h3", "h4", "h5"]
PEOPLE = 1000


def gates(**assumed):
    """Pseudo-gates by compound."""
    rows = [(name, f"assumed {name} {k}") for name, count in assumed.items() for k in range(1, count + 1)]
    return Gates(
        gpd.GeoDataFrame(
            {"compound": [name for name, _ in rows], "name": "", "assumed": True},
            index=[gate for _, gate in rows],
            geometry=[shapely.Point(0, 0)] * len(rows),
            crs="EPSG:4547",
        )
    )


def measured(covered):
    """A measure in which some homes are covered; every home walks to s1."""
    walk = np.where(np.isin(HOMES, list(covered)), 1000, 2_000_000)
    nearest = NearestWalks(pd.Index(HOMES), pd.Index(["s1"]), np.ones(5, bool), np.zeros(5, int), walk)
    return measure_need(town_demand(), NEEDS[0], nearest)


def interval(doors, answers, holding=None):
    """The interval where `answers` says who is covered with which gates open; `None` asks for all sides open."""
    asked = []

    def measure(other):
        key = None if other is None else tuple(other.table.index[other.open])
        asked.append(key)
        return measured(answers[key])

    everything = answers[tuple(doors.table.index)]
    held = pd.Series({"s1": None} if holding is None else holding, dtype=object)
    return coverage_interval(measured(everything), doors, held, measure), asked


def test_without_assumed_gates_it_is_a_point_and_nothing_is_measured():
    found, asked = interval(Gates(gates(A=1).table.assign(assumed=False)), {("assumed A 1",): {"h1"}})
    assert found.is_point
    assert found.low == 100
    assert not asked


def test_low_is_the_worst_gate_of_each_compound_and_high_all_sides_open():
    """江景苑 (h1, h2) is worst off with its first gate, 东门小区 (h3) with its second."""
    doors = gates(江景苑=2, 东门小区=2)
    one, two, east_1, east_2 = doors.table.index
    answers = {
        (one, two, east_1, east_2): {"h1", "h2", "h3"},
        None: {"h2", "h3", "h4"},
        (one, east_1): {"h3"},
        (two, east_2): {"h1", "h2"},
        (one, east_2): set(),
    }
    found, _ = interval(doors, answers)
    assert (found.low, found.high) == (0, 100 + 300 + 200 + 150)
    assert (found.share_low, found.share_high) == (0, 0.75)
    assert found.compounds == ("东门小区", "江景苑")


def test_a_compound_with_a_station_is_judged_by_all_who_come():
    """With the second gate nobody of 江景苑 loses anything, but h4, whose station is inside, does."""
    doors = gates(江景苑=2)
    one, two = doors.table.index
    answers = {(one, two): {"h1", "h4"}, None: {"h1", "h4"}, (one,): {"h1", "h4"}, (two,): {"h1"}}
    found, asked = interval(doors, answers, {"s1": "江景苑"})
    assert (found.low, found.high) == (100, 250)
    assert asked[-1] == (two,)


def test_a_compound_with_one_gate_has_it_in_every_run():
    doors = gates(江景苑=1, 东门小区=2)
    east_1, east_2, only = sorted(doors.table.index)
    answers = {
        tuple(doors.table.index): {"h1", "h3"},
        None: {"h1", "h3"},
        (only, east_1): {"h1"},
        (only, east_2): {"h1", "h3"},
    }
    assert interval(doors, answers)[0] == CoverageInterval(100, 300, 0.1, 0.3, ("东门小区", "江景苑"))
