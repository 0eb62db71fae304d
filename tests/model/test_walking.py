"""Metres become time in one place, and the limit itself counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.model import WALKERS, Need, ServiceStandard, Walker


def test_a_plain_walker_has_no_delays() -> None:
    walker = Walker("plain", speed_m_s=1.25)
    ms = walker.walk_ms(np.array([1000.0]), np.array([2], dtype=np.int8), np.array([2], dtype=np.uint8))
    assert ms.tolist() == [800_000]


def test_steps_are_slower_up_than_down() -> None:
    stairs = np.array([0, -1, 1, 2], dtype=np.int8)
    ms = Walker("adult", speed_m_s=1.0, stairs_up_factor=0.35, stairs_down_factor=0.5).walk_ms(np.full(4, 35.0), stairs)
    assert ms.tolist() == [35_000, 70_000, 100_000, 100_000]


def test_a_wheelchair_does_not_take_steps() -> None:
    stairs = np.array([0, 1, -1, 2], dtype=np.int8)
    assert (Walker("wheelchair").walk_ms(np.full(4, 10.0), stairs) < 0).tolist() == [False, True, True, True]


def test_two_halves_of_a_crossing_make_one_wait() -> None:
    walker = Walker("plain", speed_m_s=1.0, signal_wait_s=30, crossing_wait_s=5)
    halves = np.array([1, 2, 0], dtype=np.uint8)
    assert walker.walk_ms(np.zeros(3), None, halves, halves[::-1]).tolist() == [15_000, 35_000, 2_500]


def test_every_named_walker_states_where_its_speed_comes_from() -> None:
    for name in WALKERS:
        speed = Walker(name).parameters()[0]
        assert speed.source.zh
        assert speed.source.en
        assert speed.status == "to_be_checked"


@pytest.mark.parametrize(
    "numbers", [{"speed_m_s": 0.0}, {"speed_m_s": 9.0}, {"speed_m_s": 1.0, "stairs_up_factor": 0.0}]
)
def test_impossible_numbers_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Walker("own", **numbers)


def test_an_unknown_name_without_a_speed_is_refused() -> None:
    with pytest.raises(InputError, match="adult"):
        Walker("adlut")


@pytest.mark.parametrize(
    "standard", [{}, {"max_walk_min": 15, "max_walk_m": 900}, {"max_walk_min": 0}, {"max_walk_m": -1}]
)
def test_a_standard_is_minutes_or_metres(standard: dict[str, float]) -> None:
    with pytest.raises(InputError):
        ServiceStandard(**standard)


@given(st.integers(0, 10**7), st.floats(0.1, 60))
def test_the_limit_itself_counts_and_one_millisecond_more_does_not(walk: int, minutes: float) -> None:
    standard = ServiceStandard(max_walk_min=minutes)
    assert standard.met_by([standard.limit, standard.limit + 1]).tolist() == [True, False]
    assert bool(standard.met_by(walk)) == (walk <= standard.limit)


def test_in_metres_everybody_is_measured_alike_and_shown_in_their_own_minutes() -> None:
    need = Need("elderly_population", Walker("elderly"), ServiceStandard(max_walk_m=540))
    assert need.standard.limit == 540_000
    assert need.measured_by.walk_ms(np.array([540.0])).tolist() == [540_000]
    assert need.walk_min(540_000).tolist() == pytest.approx(10.0)


@pytest.mark.parametrize("wrong", ["fast", None, True])
def test_numbers_that_are_none_are_refused(wrong: object) -> None:
    with pytest.raises(InputError, match=r"0\.1 to 3\.0"):
        Walker("plain", speed_m_s=wrong)  # type: ignore[arg-type]
    if wrong is not None:
        with pytest.raises(InputError, match="above zero"):
            ServiceStandard(max_walk_min=wrong)  # type: ignore[arg-type]


def test_only_named_walkers_feel_slopes_unless_told() -> None:
    """Up 10 % a metre takes as long as exp(0.35) metres on the level."""
    level_m, hill = np.array([1000.0]), np.array([1419.07])
    assert Walker("plain", speed_m_s=1.0).walk_ms(level_m, level_m=hill).tolist() == [1_000_000]
    assert Walker("plain", speed_m_s=1.0, slope="tobler").walk_ms(level_m, level_m=hill).tolist() == [1_419_070]
    assert {Walker(name).slope for name in WALKERS} == {"tobler"}


def test_a_pram_takes_no_steps_and_a_wheelchair_no_narrow_ways() -> None:
    stairs, wheels = np.array([1, 1, 1, 0], dtype=np.int8), np.array([0, 1, 2, -1], dtype=np.int8)
    passes = {
        name: (Walker(name).walk_ms(np.full(4, 10.0), stairs, wheels=wheels) >= 0).tolist()
        for name in ("child_with_adult", "pram", "wheelchair")
    }
    assert passes == {
        "child_with_adult": [True, True, True, True],
        "pram": [False, True, True, True],
        "wheelchair": [False, False, True, False],
    }


def test_nobody_has_a_steepest_way_up_by_default() -> None:
    assert {Walker(name).max_slope for name in WALKERS} == {None}


@pytest.mark.parametrize(("key", "value"), [("slope", "steep"), ("max_slope", -0.1), ("max_slope", 8), ("slope", None)])
def test_slopes_that_make_no_sense_are_refused(key: str, value: object) -> None:
    with pytest.raises(InputError) as refused:
        Walker("own", speed_m_s=1.0, **{key: value})  # type: ignore[arg-type]
    assert [fault.column for fault in refused.value.faults] == [key]


def test_how_slopes_are_taken_is_told_with_its_source() -> None:
    told = {row.code: row for row in Walker("elderly").parameters()}
    assert "Tobler" in told["walker.elderly.slope"].source.en
    assert told["walker.elderly.slope"].status == "verified"
