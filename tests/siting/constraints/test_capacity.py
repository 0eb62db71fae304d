"""What room in stations means, by hand: three homes in a row, two or three sites beside them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve

NEAREST = {"name": "capacity", "assigned": "nearest"}
WITH_ROOM = {"name": "capacity", "assigned": "with_room"}


def row_of_homes(capacity, people=(30, 20, 10), **given):
    """Sites a and b; home x lives by a, z by b, and y between them, a little nearer to a."""
    walk = pd.DataFrame([[0, 5], [2, 3], [5, 0]], index=["x", "y", "z"], columns=["a", "b"])
    return SitingProblem.from_costs(walk, list(people), max_walk=5, capacity=capacity, **given)


def test_everybody_goes_to_the_nearest_station_and_exactly_full_is_allowed():
    solution = solve(row_of_homes([50, 10]), constraints=[NEAREST, {"name": "station_count", "stations": 2}])
    assert solution.assigned == ({"x": "a", "y": "a", "z": "b"},)


def test_one_person_too_many_at_the_nearest_station_is_not_allowed():
    with pytest.raises(InfeasibleError, match="nearest station"):
        solve(row_of_homes([49, 100]), constraints=[NEAREST, {"name": "station_count", "stations": 2}])


def test_with_room_sends_people_on_where_the_nearest_station_is_full():
    solution = solve(row_of_homes([49, 30]), constraints=[WITH_ROOM, {"name": "station_count", "stations": 2}])
    assert (solution.objective, solution.assigned) == (60.0, ({"x": "a", "y": "b", "z": "b"},))


def test_a_home_goes_as_a_whole_or_not_at_all():
    solution = solve(row_of_homes([30, 25]), constraints=[WITH_ROOM])
    assert (solution.objective, solution.assigned) == (50.0, ({"x": "a", "y": "b"},))


def test_the_walk_that_counts_is_the_one_to_the_station_assigned():
    assert solve(row_of_homes([49, 30]), "total_walk", [WITH_ROOM]).objective == 20 * 3
    assert solve(row_of_homes([49, 30]), "longest_walk", [WITH_ROOM]).objective == 3


def test_walks_that_all_count_fill_stations_beyond_the_standard_too():
    problem = row_of_homes([50, 60])
    near = replace(problem, needs=(replace(problem.needs[0], limit=1),))
    one = {"name": "station_count", "stations": 1}
    assert solve(near, "max_coverage", [NEAREST, one]).opened == ("a",)
    assert solve(near, "total_walk", [NEAREST, one]).opened == ("b",)


def test_nobody_is_served_where_there_is_no_room_at_all():
    solution = solve(row_of_homes([0, 0]), constraints=[WITH_ROOM])
    assert (solution.objective, solution.assigned, solution.open_sites) == (0.0, ({},), ())


def test_a_home_larger_than_every_station_is_named_and_stays_without_a_place():
    solution = solve(row_of_homes([25, 25]), constraints=[WITH_ROOM])
    assert solution.assigned == ({"y": "a", "z": "b"},)
    (note,) = [note for note in solution.notes if note.code == "capacity.too_large"]
    assert (note.level, note.examples) == ("warning", ("x",))


def test_a_home_larger_than_every_station_is_named_where_everybody_must_have_a_place():
    with pytest.raises(InfeasibleError) as refused:
        solve(row_of_homes([25, 25]), "fewest_sites", [WITH_ROOM, {"name": "cover_everyone"}])
    assert "x" in [fault.file for fault in refused.value.faults]


def test_equal_walks_go_to_the_smaller_id_whatever_the_order_of_the_rows():
    walk = pd.DataFrame([[4, 4]], index=["home"], columns=["s2", "s10"])
    rules = [NEAREST, {"name": "station_count", "stations": 2}]
    for table in (walk, walk[["s10", "s2"]]):
        problem = SitingProblem.from_costs(table, [7], max_walk=5, capacity=[9, 9])
        assert solve(problem, constraints=rules).assigned == ({"home": "s10"},)


def test_a_site_whose_room_nobody_knows_is_named():
    problem = replace(row_of_homes([50, 50]), capacity=np.array([50, np.nan]))
    with pytest.raises(PlanFileError) as refused:
        solve(problem, constraints=[WITH_ROOM])
    assert [(fault.file, fault.column) for fault in refused.value.faults] == [("b", "capacity")]
    excluded = replace(problem, status=np.array(["candidate", "excluded"], dtype=object))
    assert solve(excluded, constraints=[WITH_ROOM]).opened == ("a",)


def test_floor_area_stands_in_for_a_capacity_only_where_the_user_says_how_much_a_person_needs():
    problem = replace(row_of_homes([50, 50]), capacity=np.array([30, np.nan]), floor_area_m2=np.array([1000.0, 100.0]))
    solution = solve(problem, constraints=[{**WITH_ROOM, "m2_per_person": 3}])
    assert solution.assigned == ({"x": "a", "y": "b", "z": "b"},)
    assert [note.examples for note in solution.notes if note.code == "capacity.from_floor_area"] == [("b",)]


def test_people_of_a_second_need_are_not_counted_twice_and_a_note_says_so():
    problem = row_of_homes([50, 10])
    (need,) = problem.needs
    both = replace(problem, needs=(need, replace(need, people=np.array([10.0, 10.0, 10.0]))))
    solution = solve(both, constraints=[NEAREST, {"name": "station_count", "stations": 2}])
    assert solution.assigned == ({"x": "a", "y": "a", "z": "b"}, None)
    assert "capacity.who_takes_room" in [note.code for note in solution.notes]


def test_room_may_be_taken_by_something_else_than_people():
    solution = solve(row_of_homes([2, 1], load=[1, 1, 1]), constraints=[WITH_ROOM])
    assert (solution.objective, solution.assigned) == (60.0, ({"x": "a", "y": "a", "z": "b"},))


@pytest.mark.parametrize(
    "wrong",
    [{}, {"assigned": "anywhere"}, {**WITH_ROOM, "group": 3}, {**WITH_ROOM, "m2_per_person": 0}],
    ids=["no way named", "unknown way", "no name", "no area"],
)
def test_parameters_that_cannot_be_used_are_refused(wrong):
    with pytest.raises(PlanFileError):
        solve(row_of_homes([50, 50]), constraints=[{"name": "capacity", **wrong}])


def test_a_group_that_no_need_has_is_refused_and_so_is_a_second_capacity():
    with pytest.raises(PlanFileError):
        solve(row_of_homes([50, 50]), constraints=[{**WITH_ROOM, "group": "elderly"}])
    with pytest.raises(PlanFileError):
        solve(row_of_homes([50, 50]), constraints=[WITH_ROOM, NEAREST])


def test_the_conflict_names_the_count_that_leaves_too_little_room():
    rules = [WITH_ROOM, {"name": "cover_everyone"}, {"name": "station_count", "at_most": 1}]
    with pytest.raises(InfeasibleError, match=r"capacity asks.*cover_everyone asks.*station_count"):
        solve(row_of_homes([50, 50]), "fewest_sites", rules)
