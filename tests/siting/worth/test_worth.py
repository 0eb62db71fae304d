"""Each statement about a plan's worth is the one found by trying every set of stations; whatever the order of rows."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import planner
from planner.siting import SitingProblem, constraints_from, objective_from, solve
from planner.siting.worth import frontier, worth_of
from tests.siting.town import counted, every_plan, reversed_rows, small_town

RULES = [
    [],
    [{"name": "station_count", "stations": 3}],
    [{"name": "keep_open"}, {"name": "station_count", "new_stations": 2}],
    [{"name": "budget", "max_cost_10k_cny": 45}],
    [{"name": "station_count", "at_most": 4}, {"name": "budget", "max_cost_10k_cny": 45}],
    [{"name": "cover_everyone", "except_out_of_reach": True}, {"name": "station_count", "at_most": 5}],
]
WISHES = ["max_coverage", "fewest_sites", "total_walk", "longest_walk"]
CASES = [
    pytest.param(wish, number, turned, id=f"{wish} {number}{' reversed' * turned}")
    for wish in WISHES
    for number in range(0 if wish in WISHES[:2] else 3, len(RULES))
    for turned in (False, True)
    if wish in WISHES[:2] or turned == bool(number % 2)  # the dear ones once each, one of them reversed
]


class Tried:
    """Every plan of the town that the rules allow, with its objective."""

    def __init__(self, problem, wish, rules):
        self.problem, self.objective = problem, objective_from(wish)
        constraints = constraints_from(rules)
        self.sign = -1 if self.objective.sense == "max" else 1
        self.plans = [
            (self.worth(is_open), is_open)
            for is_open in every_plan(problem)
            if math.isfinite(self.worth(is_open)) and all(rule.allows(problem, is_open) for rule in constraints)
        ]

    def worth(self, is_open):
        """Smaller is better."""
        return self.sign * self.objective.evaluate(self.problem, is_open) / self.objective.unit(self.problem)

    def best(self, keeps=lambda is_open: True):
        return min((worth for worth, is_open in self.plans if keeps(is_open)), default=math.inf)


@cache
def asked(wish, number, turned):
    rules = RULES[number]
    problem = reversed_rows(small_town()) if turned else small_town()
    solution = solve(problem, wish, rules)
    worth = worth_of(problem, solution, wish, rules, share=0.05, others=1, plans=4)
    return problem, solution, worth, Tried(problem, wish, rules)


def mask(problem, ids):
    return problem.site_ids.isin(list(ids))


def is_about(one, other):
    return one == other or abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


@pytest.mark.parametrize(("wish", "number", "turned"), CASES)
def test_each_station_is_worth_what_all_plans_together_say(wish, number, turned):
    problem, solution, worth, tried = asked(wish, number, turned)
    is_open = mask(problem, solution.open_sites)
    best = tried.worth(is_open)
    assert [one.site for one in worth.stations if one.is_new] == list(solution.opened)
    assert [one.site for one in worth.stations if not one.is_new] == list(solution.kept)
    for one in worth.stations:
        here = problem.site_ids == one.site
        without = is_open & ~here
        lost = sum(need.weight * people for need, people in zip(problem.needs, one.people_lost, strict=True))
        assert lost == counted(problem, is_open)[0] - counted(problem, without)[0]
        in_all = all(plan[here].all() for _, plan in tried.plans)
        loss = tried.best(lambda plan, here=here: not plan[here].any()) - best
        swaps = [
            tried.worth(without | (problem.site_ids == other)) - best
            for other in problem.site_ids[~is_open]
            if any(np.array_equal(plan, without | (problem.site_ids == other)) for _, plan in tried.plans)
        ]
        if one.verdict == "asked_for":
            assert in_all
            continue
        assert is_about(one.loss, loss)
        assert one.swaps_examined
        assert (one.swap is None) == (not swaps)
        if swaps:
            assert is_about(one.swap.loss, min(swaps))
        nobody_lost = not any(one.people_lost) and tried.worth(without) <= best + 1e-9
        expected = (
            "redundant"
            if nobody_lost
            else "swappable"
            if swaps and min(swaps) <= 1e-9
            else "irreplaceable"
            if loss > 1e-9
            else "replaceable"
        )
        assert one.verdict == expected


@pytest.mark.parametrize(("wish", "number", "turned"), CASES)
def test_different_plans_are_the_best_that_differ_and_there_are_no_more(wish, number, turned):
    problem, solution, worth, tried = asked(wish, number, turned)
    if worth.different is None:
        assert all(one.verdict == "asked_for" for one in worth.stations)
        return
    decided = [one.site for one in worth.stations if one.verdict == "asked_for"]
    found = [mask(problem, solution.open_sites)]
    best = tried.worth(found[0])
    limit = best + 0.05 * abs(best) + 1e-9
    free = ~mask(problem, decided)

    def differs(plan):
        return all((each & free & ~plan).sum() >= 1 for each in found)

    for other in worth.different.plans:
        plan = (found[0] | mask(problem, other.opened)) & ~mask(problem, other.dropped)
        assert differs(plan)
        assert is_about(tried.worth(plan), tried.best(differs))
        assert tried.worth(plan) <= limit
        assert is_about(other.loss, tried.worth(plan) - best)
        found.append(plan)
    if worth.different.end == "no_more":
        assert tried.best(differs) > limit or not (found[-1] & free).any()
    else:
        assert (worth.different.end, len(worth.different.plans)) == ("enough", 4)
    for site, count in worth.different.standing:
        assert count == sum(plan[problem.site_ids == site].all() for plan in found)
    for site in worth.no_regret:
        assert all(plan[problem.site_ids == site].all() for each, plan in tried.plans if each <= limit)


@pytest.mark.parametrize(("wish", "number", "turned"), CASES)
def test_the_next_step_brings_what_the_best_of_all_plans_brings(wish, number, turned):
    problem, solution, worth, tried = asked(wish, number, turned)
    best = tried.worth(mask(problem, solution.open_sites))
    for step in worth.steps:
        money = {"more_money": 10, "more_of_both": 10, "less_money": -10}.get(step.kind, 0)
        count = {"more_stations": 1, "more_of_both": 1, "fewer_stations": -1}.get(step.kind, 0)
        changed = [
            {
                key: value + (money if "cost" in key else count)
                if key != "name" and "cover" not in str(rule)
                else value
                for key, value in rule.items()
            }
            if rule["name"] in ("budget", "station_count")
            else rule
            for rule in RULES[number]
        ]
        expected = Tried(problem, wish, changed).best()
        if math.isinf(expected):
            assert step.end == "no_plan"
        else:
            assert step.end == "found"
            assert is_about(step.gain, best - expected)
            opened = (mask(problem, solution.open_sites) | mask(problem, step.opened)) & ~mask(problem, step.dropped)
            assert is_about(tried.worth(opened), expected)


@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
@pytest.mark.parametrize("against", ["money", "stations"])
@pytest.mark.parametrize("rules", [RULES[0], RULES[2], RULES[3]], ids=str)
def test_a_frontier_has_the_best_plan_of_each_limit_and_no_point_that_another_beats(rules, against, turned):
    problem = reversed_rows(small_town()) if turned else small_town()
    limits = [0, 200_000, 250_000, 300_000, 450_000, 750_000] if against == "money" else [0, 1, 2, 3]
    found = frontier(problem, "max_coverage", rules, against=against, limits=limits)
    others = [rule for rule in rules if rule["name"] not in ("budget", "station_count")]
    tried = Tried(problem, "max_coverage", others)
    expected = {}
    for limit in limits:
        spent = problem.cost_of if against == "money" else lambda plan: (plan & problem.new).sum()
        best = -tried.best(lambda plan, limit=limit, spent=spent: spent(plan) <= limit)
        if not expected or best > max(expected.values()):
            expected[limit] = best
    assert {point.limit: point.objective for point in found.points} == expected
    gains = [point.gain for point in found.points[1:]]
    assert all(gain > 0 for gain in gains)
    assert sum(gains) == found.points[-1].objective - found.points[0].objective
    assert found.end == ("saturated" if max(expected.values()) == -tried.best() else "last_limit")


def test_no_time_means_that_nothing_is_proven_again_and_says_so():
    problem = small_town()
    worth = worth_of(problem, solve(problem), time_limit_s=0)
    assert worth.skipped is not None
    assert (worth.steps, worth.different, worth.frontiers) == ((), None, ())
    assert {one.loss for one in worth.stations} == {None}


def test_out_of_time_everything_says_that_it_was_not_examined():
    problem = small_town()
    rules = [{"name": "budget", "max_cost_10k_cny": 45}]
    worth = worth_of(problem, solve(problem, constraints=rules), constraints=rules, time_limit_s=1e-9)
    assert worth.skipped is None
    assert {step.end for step in worth.steps} == {"not_examined"}
    assert worth.different.end == "not_examined"
    assert {each.end for each in worth.frontiers} == {"not_examined"}
    assert "unproven" in {one.verdict for one in worth.stations}
    assert "irreplaceable" not in {one.verdict for one in worth.stations}


def test_nothing_is_compared_with_a_plan_that_is_not_proven():
    problem = small_town()
    unproven = replace(solve(problem), status="feasible", stopped="time_limit")
    assert worth_of(problem, unproven).skipped is not None


def test_a_swap_that_a_constraint_forbids_is_none():
    problem = SitingProblem.from_costs([[1, 9, 2]], [10], max_walk=5, cost_cny=[3, 3, 4])
    rules = [{"name": "station_count", "stations": 1}, {"name": "budget", "max_cost_cny": 3}]
    (station,) = worth_of(problem, solve(problem, constraints=rules), constraints=rules).stations
    assert (station.site, station.swap.site, station.swap.people_lost) == (0, 1, (10.0,))
    assert (station.verdict, station.loss) == ("irreplaceable", 10.0)


def test_a_step_that_is_no_amount_of_money_is_refused():
    problem = small_town()
    for step in (0, -5.0, 1e-300, 1e99, float("nan"), float("inf"), "a"):
        with pytest.raises(planner.InputError, match="step_cny"):
            worth_of(problem, solve(problem), step_cny=step)


@pytest.mark.parametrize("budget", [1e7, 1e99])
def test_a_budget_beyond_all_costs_leaves_the_frontier_where_the_costs_are(budget):
    problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [30, 20, 10], max_walk=5, cost_cny=[3, 2, 2])
    rules = [{"name": "budget", "max_cost_cny": budget}]
    worth = worth_of(problem, solve(problem, constraints=rules), constraints=rules, step_cny=1)
    (money,) = [one for one in worth.frontiers if one.against == "money"]
    assert [(point.cost_cny, point.objective) for point in money.points] == [(0, 0), (2, 20), (3, 30), (5, 50), (7, 60)]
    assert money.end == "saturated"


def test_stations_with_room_for_so_many_are_not_compared_one_by_one():
    problem = SitingProblem.from_costs([[1, 2], [2, 1]], [10, 20], max_walk=5, capacity=[15, 20])
    rules = [{"name": "capacity", "assigned": "with_room"}]
    worth = worth_of(problem, solve(problem, constraints=rules), constraints=rules)
    assert worth.skipped is not None
    assert worth.stations == ()
