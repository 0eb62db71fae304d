"""The worst-served first: shares compared exactly, one after the other."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from planner.errors import PlanFileError
from planner.siting import SitingProblem, objective_from, solve
from tests.siting.town import best_plan, every_plan, open_ids, small_town

BY_COMMUNITY = {"name": "fairest", "of": "community"}


def town(walk, people, communities):
    return SitingProblem.from_costs(walk, people, max_walk=5, demand_areas={"community": communities})


def one_by_one(problem, communities, is_open):
    """Sorted shares of the communities, counted without the planner."""
    (need,) = problem.needs
    walk = need.walk.toarray()
    covered, there = {}, {}
    for point, area in enumerate(communities):
        parts = round(need.people[point] * 1_000_000)
        reached = any(is_open[site] and 0 < walk[point, site] <= 5 for site in range(walk.shape[1]))
        there[area] = there.get(area, 0) + parts
        covered[area] = covered.get(area, 0) + parts * reached
    return sorted(Fraction(covered[area], there[area]) for area in there if there[area])


def test_the_second_worst_is_raised_where_the_worst_cannot_be():
    problem = town([[1, 1, 1, 9], [9, 9, 9, 9], [9, 1, 9, 1], [1, 9, 9, 9]], [1, 3, 10, 10], ["a", "a", "b", "c"])
    solution = solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": 2}])
    assert solution.opened == (0, 1)
    assert [(each.name.en, each.share, each.share_today) for each in solution.shares] == [
        ("a", 0.25, 0.0),
        ("b", 1.0, 0.0),
        ("c", 1.0, 0.0),
    ]
    assert (solution.objective, solution.bound, solution.status) == (0.25, 0.25, "optimal")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.booleans())
def test_no_plan_of_a_town_nobody_thought_of_is_fairer(seed, stations, broken):
    luck = np.random.default_rng(seed)
    walk = luck.integers(1, 15, (9, 6)).astype(float)
    people = luck.uniform(0, 30, 9).round(3) if broken else luck.integers(0, 5, 9)
    communities = [f"c{area}" for area in luck.integers(0, 4, 9)]
    problem = town(walk, people, communities)
    solution = solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": stations}])
    if solution.notes:  # somebody is left out: the count one by one knows them as shares of nothing
        return
    plans = [plan for plan in every_plan(problem) if plan.sum() == stations]
    best = best_plan(
        problem,
        lambda plan: tuple(-share for share in one_by_one(problem, communities, plan)),
        "min",
        lambda plan: plan.sum() == stations,
    )
    assert len(plans) > 0
    assert (tuple(sorted(solution.open_sites)), solution.status) == (best[-1], "optimal")


def test_hundreds_of_homes_agree_with_a_plain_model():
    luck = np.random.default_rng(5)
    homes, sites = luck.uniform(0, 100, (200, 2)), luck.uniform(0, 100, (30, 2))
    walk = np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1)).round(3)
    people, areas = luck.integers(1, 50, 200), (homes[:, 0] // 20).astype(int)
    problem = SitingProblem.from_costs(walk, people, max_walk=15, demand_areas={"community": areas.astype(str)})
    within = (walk <= 15).astype(float)
    rows = [np.hstack([-within, np.eye(200), np.zeros((200, 1))])]
    shares = np.zeros((5, 231))
    for area in range(5):
        there = areas == area
        shares[area, 30:230] = -(people * there) / people[there].sum()
        shares[area, 230] = 1
    count = np.append(np.ones(30), np.zeros(201))
    rule = [LinearConstraint(np.vstack([*rows, shares]), ub=0), LinearConstraint(count, 6, 6)]
    plain = milp(np.append(np.zeros(230), -1), integrality=np.append(np.ones(30), np.zeros(201)), constraints=rule,
                 bounds=Bounds(0, 1), options={"mip_rel_gap": 0})  # fmt: skip
    solution = solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": 6}])
    assert (solution.objective, solution.bound) == pytest.approx((-plain.fun, -plain.fun), abs=1e-6)
    assert solution.status == "optimal"


def test_shares_that_differ_by_one_person_in_a_million_are_told_apart():
    problem = town([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [1_000_000, 1_000_001, 1], ["a", "a", "a"])
    assert solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": 1}]).opened == (1,)


def test_needs_are_added_up_by_weight_in_areas_and_not_at_all_by_need():
    problem = small_town()
    heavy = replace(problem, needs=(problem.needs[0], replace(problem.needs[1], weight=50.0)))
    for of, is_moved in (("need", False), ("grid", True)):
        wish = objective_from({"name": "fairest", "of": of})
        figures = [[wish.order(each, plan) for plan in every_plan(each)] for each in (problem, heavy)]
        assert (figures[0] != figures[1]) == is_moved


def test_who_can_never_be_reached_is_left_out_and_named():
    problem = town([[1, 9], [9, 9], [9, 1]], [10, 10, 0], ["a", "nowhere", "empty"])
    solution = solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": 1}])
    assert (solution.opened, solution.objective, len(solution.shares)) == ((0,), 1.0, 1)
    assert [(note.code, note.examples) for note in solution.notes] == [("siting.share_not_counted", ("nowhere",))]


def test_nobody_at_all_is_served_fairly_by_nothing():
    problem = town([[1, 9], [9, 9]], [0, 0], ["a", "b"])
    solution = solve(problem, BY_COMMUNITY)
    assert (solution.opened, solution.objective, solution.status, solution.shares) == ((), 1.0, "optimal", ())


def test_a_share_that_time_did_not_prove_is_not_called_proven(monkeypatch):
    from planner.siting.solvers import fairest

    asked = []
    whole = fairest.solve_columns

    def first_two(model, limits, start=None):
        asked.append(model)
        answer = whole(model, limits, start)
        return answer if len(asked) <= 2 else replace(answer, end="time_limit", chosen=None)

    monkeypatch.setattr(fairest, "solve_columns", first_two)
    problem = town(np.where(np.eye(4), 1, 9), [1, 2, 3, 4], ["a", "a", "b", "b"])
    solution = solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": 2}])
    assert (solution.status, solution.stopped) == ("feasible", "time_limit")
    assert [note.code for note in solution.notes] == ["siting.fairest_unproven"]


@pytest.mark.parametrize("given", [{"of": "grid"}, {"of": "street"}, {"of": 3}])
def test_areas_that_nobody_knows_are_refused(given):
    problem = town([[1]], [1], ["a"])
    with pytest.raises(PlanFileError) as refused:
        solve(problem, {"name": "fairest", **given})
    assert [fault.column for fault in refused.value.faults] == ["of"]


def test_every_spread_of_the_same_shares_is_looked_at_when_ties_are_broken():
    problem = town([[1, 9], [9, 1]], [2, 3], ["a", "b"])
    solution = solve(problem, BY_COMMUNITY, [{"name": "station_count", "stations": 1}])
    assert solution.opened == (1,)
    assert open_ids(problem, np.array([False, True])) == (1,)
