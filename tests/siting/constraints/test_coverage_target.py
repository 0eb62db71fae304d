import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve
from planner.siting.constraints import CoverageTarget
from tests.siting.town import small_town


def three_villages(people=(70, 20, 10), **given):
    return SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], people, max_walk=5, **given)


def test_the_share_itself_is_enough_and_a_person_less_is_not():
    first = np.array([True, False, False])
    assert CoverageTarget(share=0.7).allows(three_villages(), first)
    assert not CoverageTarget(share=0.7).allows(three_villages((69, 21, 10)), first)
    assert solve(three_villages(), "fewest_sites", [{"name": "coverage_target", "share": 0.7}]).opened == (0,)
    assert len(solve(three_villages((69, 21, 10)), "fewest_sites", [CoverageTarget(share=0.7)]).opened) == 2


def test_a_share_and_people_that_binary_numbers_cannot_hold_are_compared_as_written():
    people = (0.1, 0.2, 0.7)
    assert CoverageTarget(share=0.3).allows(three_villages(people), np.array([True, True, False]))
    assert solve(three_villages(people), "fewest_sites", [CoverageTarget(share=0.7)]).opened == (2,)
    assert len(solve(three_villages(people), "fewest_sites", [CoverageTarget(share=0.700001)]).opened) == 2


@pytest.mark.parametrize("short", [1e-6, 2e-6, 1e-5])
def test_a_plan_that_only_the_tolerance_of_a_solver_allows_is_not_taken(short):
    people = (1_000_000 - short, 1, 999_999)
    solution = solve(three_villages(people), "fewest_sites", [CoverageTarget(share=0.5)])
    assert CoverageTarget(share=0.5).allows(three_villages(people), np.isin([0, 1, 2], solution.opened))


def test_every_area_reaches_the_share_and_areas_with_nobody_are_asked_nothing():
    areas = {"grid": ["a", "a", "b"]}
    problem = three_villages((70, 20, 0), demand_areas=areas, site_areas={"grid": ["a", "a", "c"]})
    solution = solve(problem, "fewest_sites", [CoverageTarget(share=0.5, of="grid")])
    assert solution.opened == (0,)
    problem = three_villages((70, 20, 10), demand_areas=areas)
    assert solve(problem, "fewest_sites", [CoverageTarget(share=0.5, of="grid")]).opened == (0, 2)


def test_areas_that_cannot_reach_it_are_named_with_the_people_missing():
    problem = SitingProblem.from_costs(
        [[1, 9], [9, 9], [9, 1]], [30, 70, 5], max_walk=5, demand_areas={"grid": ["west", "west", "east"]}
    )
    with pytest.raises(InfeasibleError) as refused:
        solve(problem, "fewest_sites", [CoverageTarget(share=0.8, of="grid")])
    (fault,) = refused.value.faults
    assert fault.file == "west"
    assert "30 of 100 people, 50 too few" in fault.found.en
    solution = solve(problem, "fewest_sites", [CoverageTarget(share=0.8, of="grid", except_out_of_reach=True)])
    assert solution.opened == (0, 1)
    assert [note.code for note in solution.notes] == ["siting.out_of_reach"]


def test_where_another_rule_stands_against_it_the_most_possible_is_told():
    rules = [{"name": "coverage_target", "share": 0.95}, {"name": "station_count", "at_most": 2}]
    with pytest.raises(InfeasibleError, match=r"at most 90 people can be covered \(90%\)"):
        solve(three_villages(), "max_coverage", rules)


@pytest.mark.parametrize("share", [None, -0.1, 90, "0.9", True, float("nan")])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(PlanFileError, match="share"):
        CoverageTarget(share=share)


@pytest.mark.parametrize("wrong", [{"of": "street"}, {"group": "children"}, {"group": 3}, {"except_out_of_reach": 1}])
def test_levels_and_groups_that_are_not_there_are_refused(wrong):
    with pytest.raises(PlanFileError, match=next(iter(wrong))):
        solve(small_town(), constraints=[{"name": "coverage_target", "share": 0.5, **wrong}])
    with pytest.raises(PlanFileError, match="grid"):
        solve(three_villages(), constraints=[CoverageTarget(share=0.5, of="grid")])


def test_the_fewest_stations_with_nothing_asked_are_none_and_a_warning_says_so():
    problem = three_villages(existing=[0, 1])
    (note,) = solve(problem, "fewest_sites").notes
    assert (note.code, note.level, note.examples) == ("siting.nothing_asked", "warning", ("0", "1"))
    assert not solve(problem, "fewest_sites", [{"name": "coverage_target", "share": 0.5}]).notes
    assert not solve(problem, "fewest_sites", [{"name": "keep_open"}]).notes
