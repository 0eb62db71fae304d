"""What the cheapest plan is: to the fen, with what closing costs, and never with a cost that nobody knows."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

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


def test_the_cost_over_hundreds_of_homes_is_that_of_a_plain_model():
    luck = np.random.default_rng(12)
    homes, sites = luck.uniform(0, 100, (200, 2)), luck.uniform(0, 100, (60, 2))
    walk = np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1)).round(3)
    cost = luck.integers(1000, 9999, 60) / 100
    within = (walk <= 20).astype(float)
    assert within.any(axis=1).all()
    plain = milp(cost, integrality=np.ones(60), bounds=Bounds(0, 1), constraints=LinearConstraint(within, lb=1))
    problem = SitingProblem.from_costs(walk, np.ones(200), max_walk=20, cost_cny=cost)
    solution = solve(problem, "least_cost", [{"name": "cover_everyone"}])
    assert (solution.objective, solution.status) == (pytest.approx(plain.fun), "optimal")
