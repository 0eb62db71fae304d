"""Which gates let walkers pass at a moment."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.model import Gates, gates_at
from planner.model.opening_hours import OpeningHours, minute_of_day


def gates(**facts):
    count = max(map(len, facts.values()), default=1)
    table = gpd.GeoDataFrame(
        {"compound": ["A"] * count, "name": ["gate"] * count, **facts},
        index=[f"g{k}" for k in range(count)],
        geometry=[shapely.Point(500_000 + k, 3_300_000) for k in range(count)],
        crs="EPSG:4547",
    )
    return Gates(table)


def codes(found):
    return [note.code for note in found.notes]


@pytest.mark.parametrize(
    ("words", "clock", "is_open"),
    [
        ("06:00-22:00", "06:00", True),
        ("06:00-22:00", "21:59", True),
        ("06:00-22:00", "22:00", False),
        ("06:00-09:00;17:00-22:00", "12:00", False),
        ("06:00-09:00; 17:00-22:00", "17:30", True),
        ("22:00-06:00", "23:30", True),
        ("22:00-06:00", "05:59", True),
        ("22:00-06:00", "12:00", False),
        ("6:00至22:00", "8:00", True),
        ("06:00～22:00", "08:00", True),
        ("00:00-24:00", "23:59", True),
        ("全天", "03:00", True),
        ("24H", "03:00", True),
    ],
)
def test_hours_hold_from_the_opening_minute_to_before_the_closing_one(words, clock, is_open):
    assert OpeningHours.read(words).holds_at(minute_of_day(clock)) is is_open


@pytest.mark.parametrize(
    "words", ["", "早上", "6-22", "25:00-26:00", "06:00-06:00", "06:60-07:00", "06:00-22:00;", "x;y"]
)
def test_what_is_no_hours_is_refused_but_for_a_last_semicolon(words):
    if words.endswith(";"):
        assert OpeningHours.read(words).spans == ((360, 1320),)
    else:
        with pytest.raises(ValueError):
            OpeningHours.read(words)


def test_a_gate_that_states_nothing_is_open_to_everybody_and_one_note_counts_them():
    now = gates_at(gates(pedestrian=[True, None, None], open_to_outsiders=[True, True, None]))
    assert now.open.tolist() == now.admits_outsiders.tolist() == [True] * 3
    (note,) = now.notes
    assert note.code == "gates.assumed_open"
    assert "2" in note.text.en


def test_a_gate_without_walkers_is_closed():
    now = gates_at(gates(pedestrian=[False, True], open_to_outsiders=[True, True]))
    assert now.open.tolist() == [False, True]
    assert codes(now) == ["gates.at_the_moment"]


def test_hours_close_a_gate_only_at_a_moment():
    facts = gates(pedestrian=[True], open_to_outsiders=[True], hours=["06:00-20:00"])
    assert gates_at(facts, "20:30").open.tolist() == [False]
    unasked = gates_at(facts)
    assert unasked.open.tolist() == [True]
    assert codes(unasked) == ["gates.no_moment"]


def test_an_emergency_closes_only_the_gates_that_close_then():
    facts = gates(pedestrian=[True] * 3, open_to_outsiders=[True] * 3, closed_in_emergency=[True, False, None])
    assert gates_at(facts).open.all()
    assert gates_at(facts, emergency=True).open.tolist() == [False, True, True]


def test_residents_pass_where_outsiders_do_not():
    now = gates_at(gates(pedestrian=[True, False], open_to_outsiders=[False, True]))
    assert now.open.tolist() == [True, False]
    assert not now.admits_outsiders.any()


def test_gates_are_open_until_a_moment_is_asked_for():
    found = gates()
    assert found.open.all()
    assert found.admits_outsiders.all()
    assert not np.any(found.assumed)
