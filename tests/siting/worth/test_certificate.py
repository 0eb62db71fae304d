"""How sure a plan is, in words of both languages."""

from dataclasses import replace

import pytest

from planner.siting import OBJECTIVES, SitingProblem, constraints_from, objective_from, solve
from planner.siting.worth import certificate
from tests.siting.samples import OBJECTIVE_SAMPLES

PROBLEM = SitingProblem.from_costs([[1, 9], [9, 1]], [10, 20], max_walk=9, cost_cny=[5, 5])


def told(wish, rules=(), **changed):
    rules = constraints_from(rules)
    solution = solve(PROBLEM, wish, rules)
    return certificate(replace(solution, **changed), objective_from(wish), rules, [None])


@pytest.mark.parametrize(
    "objective",
    [
        {"name": one.name, **next(given for given in OBJECTIVE_SAMPLES[one.name] if "grid" not in str(given))}
        for one in OBJECTIVES
    ],
    ids=str,
)
def test_every_objective_has_words_for_a_proof_and_for_a_bound(objective):
    proven = told(objective)
    unproven = told(objective, status="feasible", stopped="time_limit", bound=34.2, objective=30.0, gap=0.14)
    assert proven.en.startswith("Proven: ")
    assert proven.zh.startswith("已证明：")
    assert not unproven.zh.startswith("已证明")
    assert "not proven to be the best" in unproven.en
    assert all("{" not in text for sentence in (proven, unproven) for text in (sentence.zh, sentence.en))


def test_the_number_of_stations_is_named_where_a_rule_gives_it():
    assert (
        "no other 2 new stations would cover more people"
        in told("max_coverage", [{"name": "station_count", "new_stations": 2}]).en
    )
    assert "没有其他 1 座驿站能覆盖更多人" in told("max_coverage", [{"name": "station_count", "stations": 1}]).zh
    assert "no other plan would cover more people" in told("max_coverage", [{"name": "station_count", "at_most": 1}]).en


def test_the_bound_is_told_as_an_amount_that_is_never_too_small():
    sentence = told("max_coverage", status="feasible", stopped="gap", bound=64.3, objective=30.0, gap=0.5)
    assert "no other plan would cover more than 35 people more" in sentence.en
    assert "没有其他方案能多覆盖 35 人以上" in sentence.zh


def test_an_unknown_bound_is_called_unknown():
    assert "unknown" in told("max_coverage", status="feasible", stopped="time_limit", bound=float("inf")).en
