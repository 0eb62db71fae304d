"""The frontier of coverage against fairness is the one found by trying every plan; each point counted one by one."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import planner
from planner.siting import SitingProblem, constraints_from, solve
from planner.siting.worth import frontier, worth_of
from planner.siting.worth import worth as worth_module
from planner.siting.worth.words import different_in_words, station_in_words
from tests.siting.town import dense, every_plan, reversed_rows, small_town

#: A rich middle, where a station covers many, and three poor edges.
PEOPLE = [40, 30, 20, 9, 8, 7, 6, 5, 3]
AREAS = ["mid", "mid", "mid", "north", "north", "south", "south", "west", None]
REACHES = [{0, 1}, {1, 2}, {0, 1, 3}, {3, 4}, {5, 6}, {7, 8}, {2, 7}, {2, 4, 6}]


def town(two_needs=False):
    walk = [[1 if home in reached else math.nan for reached in REACHES] for home in range(len(PEOPLE))]
    areas = {"grid": AREAS, "community": ["in" if area == "mid" else "out" for area in AREAS]}
    problem = SitingProblem.from_costs(
        np.array(walk), PEOPLE, max_walk=5, cost_cny=[5, 3, 4, 2, 2, 1, 2, 6], demand_areas=areas
    )
    if not two_needs:
        return problem
    second = replace(problem.needs[0], people=np.array(PEOPLE[::-1], dtype=float), weight=2.5, need=None)
    return replace(problem, needs=(*problem.needs, second))


def shares(problem, is_open, of):
    """What share of each area, or of each need, is covered: counted home by home."""
    found = {}
    for number, need in enumerate(problem.needs):
        for home, walks in enumerate(dense(need)):
            area = number if of == "need" else problem.demand_areas[of][home]
            if area is None or not need.people[home]:
                continue
            people = Fraction(str(need.people[home])) * Fraction(str(need.weight if of != "need" else 1))
            covered, reached, total = found.get(area, (0, 0, 0))
            covered += people * bool(np.any(walks[is_open] <= need.limit))
            reached += people * bool(np.any(walks[~problem.excluded] <= need.limit))
            found[area] = (covered, reached, total + people)
    return {area: Fraction(covered) / total for area, (covered, reached, total) in found.items() if reached}


def people(problem, is_open):
    return sum(
        need.weight * each
        for need in problem.needs
        for each, walks in zip(need.people, dense(need), strict=True)
        if np.any(walks[is_open] <= need.limit)
    )


def tried(problem, rules, of):
    """People and smallest share of every plan that the rules allow."""
    allowed = constraints_from(rules)
    plans = [plan for plan in every_plan(problem) if all(rule.allows(problem, plan) for rule in allowed)]
    return [(people(problem, plan), min(shares(problem, plan, of).values())) for plan in plans]


RULES = [
    [{"name": "station_count", "stations": 2}],
    [{"name": "station_count", "at_most": 3}],
    [{"name": "budget", "max_cost_cny": 9}],
    [{"name": "budget", "max_cost_cny": 12}, {"name": "either_or", "sites": [4, 5]}],
]


@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
@pytest.mark.parametrize("of", ["grid", "community", "need"])
@pytest.mark.parametrize("rules", RULES, ids=str)
def test_no_plan_covers_more_people_where_the_worst_have_as_much_nor_gives_the_worst_more(rules, of, turned):
    problem = town(two_needs=of != "community")
    problem = reversed_rows(problem) if turned else problem
    found = frontier(problem, "max_coverage", rules, against="fairness", of=of)
    every = tried(problem, rules, of)
    largest = max(share for _, share in every)
    expected = {}
    for floor in (0, *(Fraction(tenth, 10) for tenth in range(1, 11)), largest):
        if floor <= largest and (not expected or floor > max(expected)):
            most = max(covered for covered, share in every if share >= floor)
            least = max(share for covered, share in every if covered == most)
            expected[least] = most
    assert [(point.least_share, point.objective) for point in found.points] == [
        (float(least), most) for least, most in expected.items()
    ]
    for point in found.points:
        assert not any(
            covered >= point.objective
            and float(share) >= point.least_share
            and (covered, float(share)) != (point.objective, point.least_share)
            for covered, share in every
        )
        is_open = problem.site_ids.isin(list(point.opened))
        counted = shares(problem, is_open, of)
        assert float(min(counted.values())) == point.least_share
        worst = [area for area, share in counted.items() if share == min(counted.values())]
        assert len(point.worst) == len(worst)
        if of != "need":
            assert {name.en for name in point.worst} == set(worst)
    assert found.end == "saturated"
    assert (found.against, found.of) == ("fairness", of)


def test_a_floor_asked_for_gives_the_most_people_above_it():
    problem, rules = town(), RULES[1]
    floors = [0.0, 0.25, 0.3, 1.0]
    found = frontier(problem, "max_coverage", rules, against="fairness", of="grid", limits=floors)
    every = tried(problem, rules, "grid")
    for point in found.points:
        assert point.objective == max(covered for covered, share in every if share >= Fraction(str(point.limit)))
    reachable = max(share for _, share in every)
    assert found.end == ("saturated" if max(floors) > reachable else "last_limit")


def test_communities_are_compared_before_grids_and_grids_before_needs():
    assert frontier(town(), against="fairness").of == "community"
    assert frontier(replace(town(), demand_areas={"grid": np.array(AREAS)}), against="fairness").of == "grid"
    assert frontier(replace(town(two_needs=True), demand_areas={}), against="fairness").of == "need"
    assert frontier(town(), {"name": "fairest", "of": "grid"}, against="fairness").of == "grid"


def test_where_there_is_nobody_to_compare_with_it_says_so():
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [10, 20], max_walk=5)
    with pytest.raises(planner.InputError, match="compare"):
        frontier(problem, against="fairness")
    with pytest.raises(planner.InputError, match="grid"):
        frontier(problem, against="fairness", of="grid")
    with pytest.raises(planner.InputError):
        frontier(town(), against="fairness", limits=[1.5])
    rules = [{"name": "station_count", "stations": 1}]
    worth = worth_of(problem, solve(problem, constraints=rules), constraints=rules)
    assert "fairness" not in {each.against for each in worth.frontiers}
    with pytest.raises(planner.InputError, match="community"):
        worth_of(problem, solve(problem, constraints=rules), constraints=rules, fairness_of="community")


@pytest.mark.parametrize("wish", ["fewest_sites", "least_cost"])
def test_fairness_has_no_more_means_than_the_plan_where_the_objective_is_to_save(wish):
    problem = town()
    rules = [{"name": "coverage_target", "share": 0.7}]
    solution = solve(problem, wish, rules)
    worth = worth_of(problem, solution, wish, rules)
    (fairness,) = [each for each in worth.frontiers if each.against == "fairness"]
    assert fairness.points
    for point in fairness.points:
        if wish == "fewest_sites":
            assert len(point.opened) <= len(solution.opened)
        else:
            assert point.cost_cny <= solution.cost_cny


@pytest.mark.parametrize("against", ["money", "stations"])
@pytest.mark.parametrize("make", [town, small_town])
def test_a_point_on_a_frontier_is_the_cheapest_with_its_coverage(make, against):
    problem = make()
    found = frontier(problem, "max_coverage", against=against)
    plans = [(people(problem, plan), plan) for plan in every_plan(problem)]
    for point in found.points:
        as_good = [plan for covered, plan in plans if covered == point.objective]
        fewest = min((plan & problem.added).sum() for plan in as_good)
        if against == "stations":
            assert point.new_stations == fewest
            as_good = [plan for plan in as_good if (plan & problem.added).sum() == fewest]
        assert point.cost_cny == min(problem.cost_of(plan) for plan in as_good)


@pytest.mark.parametrize("against", ["money", "stations"])
def test_beside_room_for_so_many_the_points_are_the_cheapest_too_and_fairness_is_refused(against):
    problem = replace(town(), capacity=np.array([60.0, 50, 80, 30, 20, 40, 40, 60]))
    rules = [{"name": "capacity", "assigned": "nearest"}]
    found = frontier(problem, "max_coverage", rules, against=against)
    (rule,) = constraints_from(rules)
    plans = [(people(problem, plan), plan) for plan in every_plan(problem) if rule.allows(problem, plan)]
    assert len(found.points) > 1
    for point in found.points:
        as_good = [plan for covered, plan in plans if covered == point.objective]
        if against == "stations":
            assert point.new_stations == min(plan.sum() for plan in as_good)
            as_good = [plan for plan in as_good if plan.sum() == point.new_stations]
        assert point.cost_cny == min(problem.cost_of(plan) for plan in as_good)
    with pytest.raises(planner.InputError, match="capacity"):
        frontier(problem, "max_coverage", rules, against="fairness")
    solution = solve(problem, "max_coverage", rules)
    assert {each.against for each in worth_of(problem, solution, "max_coverage", rules).frontiers} <= {
        "money",
        "stations",
    }


def test_beside_room_for_so_many_a_walk_to_shorten_is_not_called_the_cheapest():
    problem = replace(town(), capacity=np.array([60.0, 50, 80, 30, 20, 40, 40, 60]))
    rules = [{"name": "capacity", "assigned": "nearest"}, {"name": "station_count", "at_least": 4}]
    assert frontier(problem, "max_coverage", rules[:1], against="money").is_cheapest
    assert frontier(problem, "total_walk", against="money").is_cheapest
    assert not frontier(problem, "total_walk", rules[:1], against="money").is_cheapest


@pytest.mark.parametrize("wish", ["total_walk", "longest_walk"])
def test_where_too_many_walks_count_the_frontiers_of_people_covered_are_told(wish, monkeypatch):
    monkeypatch.setattr(worth_module, "MOST_WALKS_COUNTED", 1)
    problem, rules = town(), [{"name": "station_count", "stations": 4}]
    told = worth_of(problem, solve(problem, wish, rules), wish, rules)
    assert told.skipped is not None
    assert (told.steps, told.different) == ((), None)
    assert {each.objective.name for each in told.frontiers} == {"max_coverage"}
    assert told.frontiers == worth_of(problem, solve(problem, constraints=rules), "max_coverage", rules).frontiers
    monkeypatch.setattr(worth_module, "MOST_WALKS", 1)
    assert worth_of(problem, solve(problem, wish, rules), wish, rules).frontiers == ()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"name": "fairest", "of": "grid"}, "by the smallest share"),
        ({"name": "in_order", "steps": ["max_coverage", "least_cost"]}, "by the first aim"),
    ],
    ids=["fairest", "in_order"],
)
def test_where_the_objective_is_more_than_one_figure_it_says_by_what_plans_are_as_good(wish, words):
    problem, rules = town(), RULES[0]
    worth = worth_of(problem, solve(problem, wish, rules), wish, rules, share=0.5)
    assert words in different_in_words(worth, str).en
    for one in worth.stations:
        if one.verdict == "swappable":
            assert words in station_in_words(worth, one, str).en
