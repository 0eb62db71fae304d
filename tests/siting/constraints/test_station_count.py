import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, constraints_from, solve
from planner.siting.constraints import StationCount
from tests.siting.town import small_town, with_status


def open_sites(problem, *ids):
    return np.array([site in ids for site in problem.site_ids])


def test_stations_counts_all_that_are_open():
    town = small_town()
    assert StationCount(stations=3).allows(town, open_sites(town, "s2", "s4", "s5"))
    assert not StationCount(stations=3).allows(town, open_sites(town, "s2", "s4"))


def test_new_stations_counts_neither_existing_ones_nor_those_under_construction():
    town = with_status(small_town(), s3="required")
    is_open = open_sites(town, "s2", "s3", "s4", "s5", "s6")  # s2, s6 exist; s4 is under construction
    assert StationCount(new_stations=2).allows(town, is_open)
    assert not StationCount(new_stations=5).allows(town, is_open)


def test_both_ends_of_a_range_count():
    town = small_town()
    between = StationCount(at_least=2, at_most=3)
    sizes = [size for size in range(6) if between.allows(town, np.arange(7) < size)]
    assert sizes == [2, 3]


@pytest.mark.parametrize(
    "given",
    [{}, {"stations": 3, "new_stations": 1}, {"stations": 3, "at_most": 4}, {"stations": 2.5}, {"stations": -1},
     {"stations": True}, {"stations": "3"}, {"at_least": 4, "at_most": 3}],
    ids=str,
)  # fmt: skip
def test_unusable_parameters_are_refused_where_they_are_given(given):
    with pytest.raises(PlanFileError):
        constraints_from([{"name": "station_count", **given}])


def test_an_unknown_key_is_refused_with_the_nearest_known_one():
    with pytest.raises(PlanFileError, match=r"unknown: 'new_station'; expected: new_stations"):
        constraints_from([{"name": "station_count", "new_station": 3}])


def test_all_faults_of_all_constraints_come_at_once():
    with pytest.raises(PlanFileError) as refusal:
        constraints_from([{"name": "station_cont", "stations": 3}, {"name": "station_count", "stations": -1, "p": 3}])
    assert len(refusal.value.faults) == 3


def test_exactly_so_many_are_opened_even_where_fewer_are_useful():
    problem = SitingProblem.from_costs([[1, 9, 9, 9]], [5], max_walk=2)
    solution = solve(problem, constraints=[{"name": "station_count", "stations": 3}])
    assert solution.opened == (0, 1, 2)


def test_asking_for_fewer_than_are_kept_says_how_new_ones_are_asked_for():
    problem = SitingProblem.from_costs(np.zeros((1, 8)), [5], max_walk=2, existing=[0, 1, 2, 3, 4])
    with pytest.raises(InfeasibleError) as refusal:
        solve(problem, constraints=[{"name": "station_count", "stations": 3}, {"name": "keep_open"}])
    assert refusal.value.exit_code == 1
    assert "station_count asks for 3 stations in all, but keep_open keeps 5" in str(refusal.value)
    assert "to add 3 new ones write new_stations = 3" in str(refusal.value)
    assert "请写 new_stations = 3" in refusal.value.in_language("zh")


def test_asking_for_more_than_there_are_says_how_many_are_possible():
    problem = SitingProblem.from_costs([[1, 1]], [5], max_walk=2)
    with pytest.raises(InfeasibleError, match=r"asks for 3 stations in all; at most 2 are possible"):
        solve(problem, constraints=[{"name": "station_count", "stations": 3}])


def test_new_stations_are_counted_within_limits():
    rule = StationCount(new_at_least=1, new_at_most=2)
    town = small_town()
    new = ("s3", "s5", "s10")
    for count in range(4):
        plan = np.isin(town.site_ids, ("s2", "s4", "s6", *new[:count]))
        assert rule.allows(town, plan) == (1 <= count <= 2)


def test_the_advice_speaks_of_new_stations():
    none = {"name": "keep_closed", "sites": ["s3", "s5", "s10"]}
    with pytest.raises(InfeasibleError, match=r"at least 1 new stations, but .*; at most 0 new ones are possible"):
        solve(small_town(), constraints=[{"name": "station_count", "new_at_least": 1}, none])
    rules = [{"name": "station_count", "new_at_most": 0}, {"name": "together", "sites": ["s3", "s4"]}]
    with pytest.raises(InfeasibleError, match=r"at least 1 new ones are needed"):
        solve(small_town(), constraints=rules)


@pytest.mark.parametrize(
    "wrong", [{"new_at_least": 2, "new_at_most": 1}, {"new_at_most": 1, "at_most": 3}, {"new_at_least": 1.5}]
)
def test_limits_that_contradict_or_mix_are_refused(wrong):
    with pytest.raises(PlanFileError):
        StationCount(**wrong)
