"""Which of several equally good plans is taken."""

import numpy as np

from planner.siting import SitingProblem, solve

ONE = [{"name": "station_count", "stations": 1}]


def test_of_equal_coverage_the_shorter_walks_win():
    problem = SitingProblem.from_costs([[5, 4, 4], [5, 5, 4]], [10, 10], max_walk=5)
    assert solve(problem, constraints=ONE).opened == (2,)


def test_walks_are_weighed_by_people():
    problem = SitingProblem.from_costs([[1, 4], [5, 3]], [10, 30], max_walk=5)
    assert solve(problem, constraints=ONE).opened == (1,)  # 10 × 4 + 30 × 3 against 10 × 1 + 30 × 5


def test_of_equal_walks_the_smaller_ids_win():
    problem = SitingProblem.from_costs([[9, 3, 3, 3]], [10], max_walk=5)
    assert solve(problem, constraints=ONE).opened == (1,)


def test_a_station_that_adds_nothing_is_not_opened():
    problem = SitingProblem.from_costs([[9, 3, 3, 3]], [10], max_walk=5)
    assert solve(problem, constraints=[{"name": "station_count", "at_most": 3}]).opened == (1,)


def test_the_fewest_stations_cover_as_many_as_they_can():
    problem = SitingProblem.from_costs([[1, 9], [9, 1], [9, 9]], [10, 20, 0], max_walk=5)
    solution = solve(problem, "fewest_sites", ONE)
    assert (solution.objective, solution.opened) == (1.0, (1,))


def test_many_sites_in_one_place_make_no_difference():
    rng = np.random.default_rng(3)
    walk = np.repeat(rng.integers(1, 9, (30, 10)), 4, axis=1)
    problem = SitingProblem.from_costs(walk, np.ones(30), max_walk=4)
    solution = solve(problem, constraints=[{"name": "station_count", "stations": 4}])
    assert solution.status == "optimal"
    assert not solution.notes
    assert all(site % 4 == 0 for site in solution.opened)  # of four equal sites the one with the smallest id


def test_an_existing_station_that_nobody_needs_is_not_closed_without_reason():
    problem = SitingProblem.from_costs([[3, 3, 9]], [10], max_walk=5, existing=[1, 2])
    solution = solve(problem)
    assert (solution.opened, solution.kept, solution.closed) == ((), (1, 2), ())
