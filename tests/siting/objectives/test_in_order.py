"""Several objectives: the first before the second, with slack where it is given."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from planner.errors import PlanFileError
from planner.siting import SitingProblem, objective_from, solve
from planner.siting.objectives import OBJECTIVES
from planner.siting.solvers import staged
from planner.siting.worth.certificate import certificate
from tests.siting.town import every_plan, small_town

TWO = [{"name": "station_count", "stations": 2}]
WAYS = [
    ["max_coverage", "longest_walk"],
    [{"name": "max_coverage", "slack": 0.3}, {"name": "least_cost"}],
    [{"name": "least_cost", "slack": 0.5}, {"name": "gradual_coverage", "slack": 0.1}, {"name": "longest_walk"}],
    [{"name": "longest_walk", "slack": 0.5}, {"name": "total_walk", "slack": 0.2}, {"name": "fewest_sites"}],
    [{"name": "total_walk", "slack": 0.05}, {"name": "backup_coverage", "slack": 0.5}, "least_cost", "max_coverage"],
    [{"name": "max_coverage", "slack": 0.2}, {"name": "fairest", "of": "grid"}],
]


def test_the_second_chooses_among_the_best_of_the_first():
    problem = SitingProblem.from_costs(
        [[1, 1, 9], [9, 9, 1], [1, 9, 9]], [10, 10, 0], max_walk=5, cost_cny=[300, 200, 100]
    )
    solution = solve(problem, {"name": "in_order", "steps": ["max_coverage", "least_cost"]})
    assert [(step.name, step.objective, step.stopped) for step in solution.steps] == [
        ("max_coverage", 20.0, "proven"),
        ("least_cost", 300.0, "proven"),
    ]
    assert (solution.opened, solution.objective, solution.status) == ((1, 2), 20.0, "optimal")


def test_slack_gives_up_what_it_may_and_no_more():
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [99, 1], max_walk=5, cost_cny=[100, 100])

    def opened(slack):
        steps = [{"name": "max_coverage", "slack": slack}, {"name": "least_cost"}]
        return solve(problem, {"name": "in_order", "steps": steps}).opened

    assert opened(0) == (0, 1)
    assert opened(0.009) == (0, 1)
    assert opened(0.01) == (0,)


@pytest.mark.parametrize("steps", WAYS, ids=str)
def test_the_plan_is_the_one_found_by_trying_all_in_turn(steps):
    problem = small_town()
    aims = objective_from({"name": "in_order", "steps": steps})
    plans = [plan for plan in every_plan(problem) if math.isfinite(aims.evaluate(problem, plan))]
    figures = []
    for wish, slack in zip(aims.steps, aims.slacks, strict=True):
        worth = np.array([wish.evaluate(problem, plan) for plan in plans])
        best = worth.max() if wish.sense == "max" else worth.min()
        figures.append(best / wish.unit(problem))
        worse = best - worth if wish.sense == "max" else worth - best
        plans = [plan for plan, each in zip(plans, worse, strict=True) if each <= slack * abs(best) + 1e-9 * abs(best)]
    solution = solve(problem, {"name": "in_order", "steps": steps})
    assert set(solution.open_sites) in [set(problem.site_ids[plan]) for plan in plans]
    assert [step.bound for step in solution.steps] == pytest.approx(figures)
    assert solution.status == "optimal"


def test_what_slack_gave_up_is_no_doubt_about_the_plan():
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [99, 1], max_walk=5, cost_cny=[100, 100])
    steps = [{"name": "max_coverage", "slack": 0.01}, {"name": "least_cost"}]
    aims = objective_from({"name": "in_order", "steps": steps})
    solution = solve(problem, aims)
    assert (solution.objective, solution.bound, solution.gap, solution.status) == (99.0, 100.0, 0.0, "optimal")
    assert "may give up" in certificate(solution, aims).en
    strict = objective_from({"name": "in_order", "steps": ["max_coverage", "least_cost"]})
    assert "give up" not in certificate(solve(problem, strict), strict).en


def test_time_that_is_up_in_the_middle_leaves_later_steps_out(monkeypatch):
    asked = []
    whole = staged.settle

    def out_of_time(stage):
        asked.append(stage.goals[-1].name)
        found = whole(stage)
        return replace(found, stopped="time_limit") if asked[-1] == "least_cost" else found

    monkeypatch.setattr(staged, "settle", out_of_time)
    solution = solve(
        small_town(), {"name": "in_order", "steps": ["max_coverage", "least_cost", "backup_coverage"]}, TWO
    )
    assert asked == ["max_coverage", "least_cost"]
    assert [step.stopped for step in solution.steps] == ["proven", "time_limit", "skipped"]
    assert (solution.steps[2].bound, solution.status, solution.stopped) == (None, "feasible", "time_limit")


def test_what_comes_after_an_unproven_step_is_said_to_be_unproven():
    problem = small_town()
    solution = solve(problem, {"name": "in_order", "steps": ["max_coverage", "least_cost"]}, TWO, gap=0.9)
    assert {step.stopped for step in solution.steps} <= {"proven", "gap"}
    assert (solution.status == "optimal") == all(step.stopped == "proven" for step in solution.steps)


@pytest.mark.parametrize(
    ("steps", "columns"),
    [
        (["max_coverage"], ["steps"]),
        (None, ["steps"]),
        ("max_coverage", ["steps"]),
        (["max_coverage", "max_coverage"], ["steps"]),
        (["max_coverage", {"name": "in_order", "steps": ["total_walk", "least_cost"]}], ["steps"]),
        (["max_coverage", "least_costs"], ["name"]),
        ([{"name": "max_coverage", "slack": 1}, {"name": "least_cost", "slack": True}], ["slack", "slack"]),
        ([{"name": "max_coverage", "slak": 0.1}, {"name": "gradual_coverage", "shape": "x"}], ["slak", "shape"]),
        ([3, "least_cost"], [None]),
        (["fairest", "least_cost"], ["steps"]),
    ],
)
def test_steps_that_cannot_be_used_are_refused_all_at_once(steps, columns):
    with pytest.raises(PlanFileError) as refused:
        objective_from({"name": "in_order", "steps": steps})
    assert [fault.column for fault in refused.value.faults] == columns


def test_every_objective_can_be_a_step_but_the_list_itself():
    names = [each.name for each in OBJECTIVES if each.name not in ("in_order", "max_coverage")]
    for name in names:
        assert objective_from({"name": "in_order", "steps": ["max_coverage", name]}).steps[1].name == name


def test_two_steps_over_hundreds_of_homes_agree_with_plain_models():
    luck = np.random.default_rng(11)
    homes, sites = luck.uniform(0, 100, (200, 2)), luck.uniform(0, 100, (30, 2))
    walk = np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1)).round(3)
    people, cost = luck.integers(1, 50, 200), luck.integers(10, 99, 30) * 1000
    rows = [LinearConstraint(np.hstack([-(walk <= 15).astype(float), np.eye(200)]), ub=0)]
    rows.append(LinearConstraint(np.append(np.ones(30), np.zeros(200)), 0, 8))
    covered, spent = np.append(np.zeros(30), people), np.append(cost, np.zeros(200))

    def least(goal, *more):
        whole = np.append(np.ones(30), np.zeros(200))
        return milp(goal, integrality=whole, bounds=Bounds(0, 1), constraints=[*rows, *more]).fun

    most = round(-least(-covered))
    cheapest = least(spent, LinearConstraint(covered, np.ceil(0.95 * most) - 0.5))
    problem = SitingProblem.from_costs(walk, people, max_walk=15, cost_cny=cost)
    steps = [{"name": "max_coverage", "slack": 0.05}, "least_cost"]
    solution = solve(problem, {"name": "in_order", "steps": steps}, [{"name": "station_count", "at_most": 8}])
    assert [step.bound for step in solution.steps] == pytest.approx([most, cheapest])
    assert (solution.steps[1].objective, solution.status) == (pytest.approx(cheapest), "optimal")


@pytest.mark.parametrize("name", [each.name for each in OBJECTIVES if each.adds_up_needs])
@pytest.mark.parametrize("weight", [0.0, 0.25, 40.0])
def test_a_need_counts_by_its_weight(name, weight):
    problem = small_town()
    heavy = replace(problem, needs=(problem.needs[0], replace(problem.needs[1], weight=weight)))
    one = [replace(problem, needs=(each,)) for each in (problem.needs[0], replace(problem.needs[1], weight=1.0))]
    wish = objective_from(name)
    figures = []
    for plan in every_plan(heavy):
        parts = [wish.evaluate(each, plan) for each in one]
        if plan.sum() == 4 and all(map(math.isfinite, parts)):
            figures.append(parts[0] + weight * parts[1])
    best = max(figures) if wish.sense == "max" else min(figures)
    solution = solve(heavy, wish, [{"name": "station_count", "stations": 4}])
    assert solution.objective * wish.unit(heavy) == pytest.approx(best)
