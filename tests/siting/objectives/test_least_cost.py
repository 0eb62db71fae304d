"""What the cheapest plan is: to the fen, with what closing costs, and never with a cost that nobody knows."""

from dataclasses import replace

import numpy as np
import pytest

from planner.errors import PlanFileError
from planner.siting import SitingProblem, solve

EVERYONE = [{"name": "cover_everyone"}]


def test_two_cheap_stations_beat_a_dear_one():
    problem = SitingProblem.from_costs(
        [[1, 1, 9], [1, 9, 1]], [10, 10], max_walk=5, cost_cny=[300_000.03, 200_000, 100_000.02]
    )
    solution = solve(problem, "least_cost", EVERYONE)
    assert (solution.opened, solution.objective, solution.status) == ((1, 2), 300_000.02, "optimal")


def test_a_fen_decides():
    problem = SitingProblem.from_costs([[1, 1]], [10], max_walk=5, cost_cny=[9_000_000.01, 9_000_000.00])
    assert solve(problem, "least_cost", EVERYONE).opened == (1,)


def test_nothing_is_opened_where_nothing_is_asked():
    problem = SitingProblem.from_costs([[1]], [10], max_walk=5, cost_cny=[1])
    solution = solve(problem, "least_cost")
    assert (solution.opened, solution.objective) == ((), 0.0)


def test_stations_of_today_are_kept_where_that_costs_nothing():
    problem = SitingProblem.from_costs([[1, 1]], [10], max_walk=5, cost_cny=[500, 100], existing=[0])
    solution = solve(problem, "least_cost", EVERYONE)
    assert (solution.kept, solution.opened, solution.objective) == ((0,), (), 0.0)


def test_money_that_closing_releases_is_counted():
    problem = SitingProblem.from_costs([[1, 1]], [10], max_walk=5, cost_cny=[0, 100], existing=[0])
    problem = replace(problem, closing_cost_cny=np.array([-150.5, np.nan]))
    solution = solve(problem, "least_cost", EVERYONE)
    assert (solution.closed, solution.opened, solution.objective) == ((0,), (1,), -50.5)


def test_a_site_without_a_cost_is_named():
    problem = SitingProblem.from_costs([[1, 1]], [10], max_walk=5, cost_cny=None)
    with pytest.raises(PlanFileError) as refused:
        solve(problem, "least_cost", EVERYONE)
    assert [(fault.file, fault.column) for fault in refused.value.faults] == [("0", "cost_cny"), ("1", "cost_cny")]
