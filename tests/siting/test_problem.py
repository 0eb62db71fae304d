import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from planner.errors import InputError
from planner.siting import SitingProblem, solve

WALK = np.array([[0.0, 7.0], [np.inf, 5.0], [np.nan, 6.0]])


def test_a_dense_matrix_has_no_walk_where_it_is_nan_or_infinite():
    problem = SitingProblem.from_costs(WALK, [1, 2, 4], max_walk=6)
    assert problem.needs[0].walk.nnz == 4
    assert problem.needs[0].covered(np.array([True, False])).tolist() == [True, False, False]


@pytest.mark.parametrize("form", [sparse.csr_matrix, sparse.csc_array, sparse.coo_array, sparse.csr_array])
def test_stored_zeros_of_a_sparse_matrix_are_walks_of_no_length(form):
    pairs = sparse.coo_array(([0, 5], ([0, 1], [0, 1])), shape=(3, 2))
    problem = SitingProblem.from_costs(form(pairs), [1, 2, 4], max_walk=5)
    assert problem.needs[0].covered(np.array([True, True])).tolist() == [True, True, False]


def test_the_limit_itself_counts():
    problem = SitingProblem.from_costs(WALK, [1, 2, 4], max_walk=6)
    assert problem.needs[0].covered(np.array([False, True])).tolist() == [False, True, True]


def test_a_table_gives_the_ids_and_people_are_matched_by_them():
    walk = pd.DataFrame(WALK, index=["a", "b", "c"], columns=["s1", "s2"])
    people = pd.Series({"c": 4, "a": 1, "b": 2})
    cost = pd.Series({"s2": 20, "s1": 10})
    problem = SitingProblem.from_costs(walk, people, max_walk=6, cost_cny=cost, existing=["s2"])
    assert problem.needs[0].people.tolist() == [1, 2, 4]
    assert problem.cost_cny.tolist() == [10, 20]
    assert problem.existing.tolist() == [False, True]


def test_zeros_and_ones_are_not_taken_for_positions():
    with pytest.raises(InputError, match="must be of bool"):
        SitingProblem.from_costs(np.ones((1, 3)), [1], max_walk=6, existing=[0, 1, 1])


@pytest.mark.parametrize("count", [np.int64(1), np.uint8(1)])
def test_counts_may_be_whole_numbers_of_numpy(count):
    problem = SitingProblem.from_costs(WALK, [1, 2, 4], max_walk=6)
    assert solve(problem, constraints=[{"name": "station_count", "stations": count}]).opened == (1,)


@pytest.mark.parametrize("constraints", [None, "keep_open", {"name": "station_count", "stations": 1}], ids=str)
def test_constraints_that_are_no_list_are_refused(constraints):
    problem = SitingProblem.from_costs(WALK, [1, 2, 4], max_walk=6)
    with pytest.raises(InputError, match="a list"):
        solve(problem, constraints=constraints)


@pytest.mark.parametrize(
    "limit", [{"time_limit_s": None}, {"time_limit_s": "60"}, {"gap": "0"}, {"gap": True}], ids=str
)
def test_limits_that_are_no_numbers_are_refused(limit):
    problem = SitingProblem.from_costs(WALK, [1, 2, 4], max_walk=6)
    with pytest.raises(InputError, match="time_limit_s must be above 0"):
        solve(problem, **limit)


@pytest.mark.parametrize("existing", [[1], np.array([1]), [False, True], np.array([False, True])], ids=str)
def test_existing_stations_are_given_by_position_or_as_a_mask(existing):
    problem = SitingProblem.from_costs(WALK, [1, 2, 4], max_walk=6, existing=existing)
    assert problem.existing.tolist() == [False, True]


def test_the_users_own_arrays_are_copied():
    walk, people = WALK.copy(), np.array([1.0, 2.0, 4.0])
    problem = SitingProblem.from_costs(walk, people, max_walk=6)
    walk[:], people[:] = 0, 0
    assert problem.needs[0].people.tolist() == [1, 2, 4]
    assert problem.needs[0].walk.toarray()[1, 1] == 5


def test_all_faults_come_at_once():
    with pytest.raises(InputError) as refusal:
        SitingProblem.from_costs([[1, -2]], [np.nan, 3], max_walk=-1, cost_cny=[1, -1], capacity=[1], existing=[7])
    found = str(refusal.value)
    for place in ("walk[0, 1]", "people: (2,)", "max_walk", "cost_cny[1]", "capacity: (1,)", "existing: 7"):
        assert place in found


@pytest.mark.parametrize(
    ("walk", "people"),
    [([1, 2], [1, 1]), ([["x"]], [1]), ([[1]], ["x"]), ([[1]], [np.nan]), ([[1]], [-1]), ([[1]], [np.inf])],
)
def test_what_is_no_matrix_of_walks_or_no_count_of_people_is_refused(walk, people):
    with pytest.raises(InputError):
        SitingProblem.from_costs(walk, people, max_walk=5)


def test_repeated_ids_and_people_without_an_id_are_refused():
    walk = pd.DataFrame(WALK, index=["a", "a", "c"], columns=["s1", "s1"])
    with pytest.raises(InputError, match=r"walk.index: a") as refusal:
        SitingProblem.from_costs(walk, [1, 2, 3], max_walk=5)
    assert "walk.columns: s1" in str(refusal.value)
    walk = pd.DataFrame(WALK, index=["a", "b", "c"])
    with pytest.raises(InputError, match="ids missing or repeated: c"):
        SitingProblem.from_costs(walk, pd.Series({"a": 1, "b": 1}), max_walk=5)


def test_pairs_stored_twice_are_refused():
    twice = sparse.coo_array(([1, 2], ([0, 0], [0, 0])), shape=(1, 1))
    with pytest.raises(InputError, match="stored twice"):
        SitingProblem.from_costs(twice, [1], max_walk=5)


def test_ids_come_back_as_plain_values_in_order_whole_numbers_by_size():
    walk = pd.DataFrame(np.zeros((1, 3)), columns=np.array([10, 9, 2]))
    solution = solve(
        SitingProblem.from_costs(walk, [1], max_walk=1), constraints=[{"name": "station_count", "stations": 3}]
    )
    assert solution.opened == (2, 9, 10)
    assert all(type(site) is int for site in solution.opened)


def test_a_problem_without_demand_or_without_sites_is_still_a_problem():
    assert solve(SitingProblem.from_costs(np.empty((0, 2)), [], max_walk=1)).opened == ()
    empty = solve(SitingProblem.from_costs(np.empty((2, 0)), [1, 1], max_walk=1))
    assert (empty.status, empty.opened, empty.objective) == ("optimal", (), 0.0)
