import numpy as np

from planner.siting import SitingProblem, solve

ONE = [{"name": "station_count", "stations": 1}]


def test_the_longest_walk_counts_and_not_how_many_walk_it():
    problem = SitingProblem.from_costs([[1, 6], [9, 7]], [1000, 1], max_walk=9)
    solution = solve(problem, "longest_walk", ONE)
    assert (solution.opened, solution.objective, solution.bound) == ((1,), 7, 7)


def test_of_equally_short_longest_walks_more_people_covered_win_then_shorter_walks():
    problem = SitingProblem.from_costs([[7, 7, 7], [6, 5, 4]], [10, 10], max_walk=5)
    assert solve(problem, "longest_walk", ONE).opened == (2,)


def test_where_nobody_lives_no_walk_counts():
    problem = SitingProblem.from_costs([[1, 6], [99, 1]], [10, 0], max_walk=5)
    solution = solve(problem, "longest_walk", ONE)
    assert (solution.opened, solution.objective) == ((0,), 1)


def test_a_town_without_people_has_no_longest_walk():
    solution = solve(SitingProblem.from_costs([[3.0]], [0], max_walk=5), "longest_walk")
    assert (solution.objective, solution.gap, solution.status) == (0, 0, "optimal")


def test_a_gap_that_was_asked_for_is_enough():
    rng = np.random.default_rng(1)
    walk = rng.integers(1, 1000, (60, 30))
    rules = [{"name": "station_count", "stations": 5}]
    solution = solve(SitingProblem.from_costs(walk, np.ones(60), max_walk=9), "longest_walk", rules, gap=0.5)
    assert solution.bound <= solution.objective
    assert solution.gap <= 0.5 or solution.status == "optimal"
