from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve
from planner.siting.constraints import CoverEveryone
from tests.siting.town import small_town

STRANDED = [[1, 9], [9, 1], [9, 9], [9, np.nan]]


def test_a_walk_of_exactly_the_limit_covers_and_one_beyond_does_not():
    problem = SitingProblem.from_costs([[5.0, 5.000001]], [1], max_walk=5)
    assert CoverEveryone().allows(problem, np.array([True, False]))
    assert not CoverEveryone().allows(problem, np.array([False, True]))


def test_points_without_people_ask_for_nothing():
    problem = SitingProblem.from_costs([[1], [9]], [1, 0], max_walk=5)
    assert CoverEveryone().allows(problem, np.array([True]))


def test_only_the_needs_of_one_group():
    town = small_town()
    is_open = np.isin(town.site_ids, ["s10", "s2", "s3", "s4"])  # the elderly of the mill reach only s5
    assert not CoverEveryone().allows(town, np.isin(town.site_ids, ["s10", "s2", "s4"]))
    assert CoverEveryone(group="residents").allows(town, is_open)


def test_those_who_are_stranded_are_named_with_their_people():
    problem = SitingProblem.from_costs(STRANDED, [1, 2, 30, 400], max_walk=5)
    with pytest.raises(InfeasibleError) as refusal:
        solve(problem, "fewest_sites", [{"name": "cover_everyone"}])
    assert [fault.file for fault in refusal.value.faults] == ["2", "3"]
    assert "2 demand points have no site within the standard (people (standard 5): 430 people)" in str(refusal.value)
    assert "except_out_of_reach = true" in refusal.value.in_language("zh")


def test_a_home_stranded_in_two_needs_is_one_home_and_its_people_are_not_added_up():
    town = small_town()
    only_s10 = replace(town, status=np.array(["candidate"] + ["excluded"] * 6, dtype=object))
    with pytest.raises(InfeasibleError) as refusal:
        solve(only_s10, "fewest_sites", [{"name": "cover_everyone"}])
    message = refusal.value.message.en
    assert "5 demand points" in message  # river and hill in both needs
    assert ": 60 people, " in message
    assert ": 75 people)" in message


def test_except_out_of_reach_covers_the_others_and_notes_who_is_left_out():
    problem = SitingProblem.from_costs(STRANDED, [1, 2, 30, 400], max_walk=5)
    solution = solve(problem, "fewest_sites", [{"name": "cover_everyone", "except_out_of_reach": True}])
    assert (solution.status, solution.opened) == ("optimal", (0, 1))
    (note,) = solution.notes
    assert (note.code, note.examples) == ("siting.out_of_reach", ("2", "3"))
    assert "430 people" in note.text.en


def test_a_site_that_is_excluded_serves_nobody():
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [1, 1], max_walk=5)
    closed = replace(problem, status=np.array(["candidate", "excluded"], dtype=object))
    with pytest.raises(InfeasibleError) as refusal:
        solve(closed, "fewest_sites", [{"name": "cover_everyone"}])
    assert [fault.file for fault in refusal.value.faults] == ["1"]


def test_everyone_with_too_few_stations_says_how_many_are_needed():
    problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [1, 1, 1], max_walk=5)
    with pytest.raises(InfeasibleError, match=r"at most 2 stations, but cover_everyone .* at least 3 are needed"):
        solve(problem, constraints=[{"name": "station_count", "at_most": 2}, {"name": "cover_everyone"}])


@pytest.mark.parametrize("given", [{"except_out_of_reach": "yes"}, {"group": 3}, {"group": "children"}], ids=str)
def test_unusable_parameters_are_refused(given):
    with pytest.raises(PlanFileError, match=next(iter(given))):
        solve(small_town(), constraints=[{"name": "cover_everyone", **given}])
