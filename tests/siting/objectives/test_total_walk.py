from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve

WALK = [[1, 9, np.nan], [9, 2, np.nan], [np.nan, 8, 3], [np.nan, np.nan, np.nan]]
PEOPLE = [10, 20, 5, 7]


def one(stations):
    return [{"name": "station_count", "stations": stations}]


def test_every_walk_counts_beyond_the_standard_too():
    problem = SitingProblem.from_costs(WALK, PEOPLE, max_walk=4)
    solution = solve(problem, "total_walk", one(1))
    assert (solution.opened, solution.objective) == ((1,), 10 * 9 + 20 * 2 + 5 * 8)
    solution = solve(problem, "total_walk", one(3))
    assert solution.objective == solution.bound == 10 * 1 + 20 * 2 + 5 * 3


def test_who_can_walk_nowhere_is_left_out_and_counted_in_a_note():
    (note,) = solve(SitingProblem.from_costs(WALK, PEOPLE, max_walk=4), "total_walk", one(1)).notes
    assert (note.code, note.examples) == ("siting.not_counted", ("3",))
    assert "7 people" in note.text.en


def test_whoever_could_be_reached_must_be():
    problem = SitingProblem.from_costs([[1, np.nan], [np.nan, 1]], [1000, 1], max_walk=4)
    with pytest.raises(InfeasibleError, match="everyone who can walk to some site reaches a station"):
        solve(problem, "total_walk", one(1))


def test_an_excluded_site_reaches_nobody():
    problem = SitingProblem.from_costs([[1, 9], [np.nan, 1]], [10, 10], max_walk=4)
    problem = replace(problem, status=np.array(["candidate", "excluded"], dtype=object))
    solution = solve(problem, "total_walk", one(1))
    assert (solution.opened, solution.objective, len(solution.notes)) == ((0,), 10, 1)


def test_where_nobody_lives_nobody_must_be_reached():
    problem = SitingProblem.from_costs([[1, np.nan], [np.nan, 1]], [10, 0], max_walk=4)
    assert solve(problem, "total_walk", one(1)).opened == (0,)


@pytest.mark.parametrize("reach", [0.5, 21, "far", True])
def test_an_unusable_reach_is_refused(reach):
    for name in ("total_walk", "longest_walk"):
        with pytest.raises(PlanFileError, match="1 to 20"):
            solve(SitingProblem.from_costs(WALK, PEOPLE, max_walk=4), {"name": name, "reach_times_standard": reach})
