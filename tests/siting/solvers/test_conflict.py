"""Which constraints are named when no plan exists."""

import itertools

import numpy as np
import pytest

from planner.siting import SitingProblem, constraints_from
from planner.siting.constraints import CoverEveryone, KeepOpen
from planner.siting.solvers import conflict
from planner.siting.solvers.conflict import explained, smallest_conflict
from planner.siting.worth.rules import DoesWithout

#: One home that sites 0 and 1 reach; site 2 stands today.
PROBLEM = SitingProblem.from_costs([[1, 1, 9]], [10], max_walk=5, existing=[2])
#: Two of them conflict, and so do the other three.
RULES = [KeepOpen(), DoesWithout((2,)), CoverEveryone(), DoesWithout((0,)), DoesWithout((1,))]


@pytest.mark.parametrize("rules", list(itertools.permutations(RULES))[::7])
def test_the_smallest_conflict_is_named_whatever_the_order(rules):
    assert set(smallest_conflict(PROBLEM, rules)) == {RULES[0], RULES[1]}


def test_where_smaller_sets_are_too_many_none_of_those_named_can_be_spared(monkeypatch):
    monkeypatch.setattr(conflict, "_MOST_SETS", 3)
    assert smallest_conflict(PROBLEM, RULES) == RULES[2:]


def test_the_refusal_says_what_each_of_them_asks():
    assert "keep_open" in explained(PROBLEM, RULES).message.en
    assert "cover_everyone" not in explained(PROBLEM, RULES).message.en


@pytest.mark.parametrize("seed", range(4))
def test_no_smaller_set_of_constraints_is_without_a_plan(seed):
    rng = np.random.default_rng(seed)
    walk = np.where(rng.random((6, 5)) < 0.5, 1.0, np.nan)
    problem = SitingProblem.from_costs(walk, np.ones(6), max_walk=1, cost_cny=rng.integers(1, 9, 5), existing=[0])
    rules = constraints_from(
        [
            {"name": "cover_everyone", "except_out_of_reach": True},
            {"name": "budget", "max_cost_cny": 2},
            {"name": "station_count", "stations": int(rng.integers(1, 3))},
            {"name": "station_count", "new_stations": int(rng.integers(2, 4))},
            {"name": "keep_open"},
        ]
    )

    def has_a_plan(kept):
        plans = (np.array(plan) for plan in itertools.product((False, True), repeat=5))
        return any(all(rule.allows(problem, plan) for rule in kept) for plan in plans)

    assert not has_a_plan(rules)
    found = smallest_conflict(problem, rules)
    assert not has_a_plan(found)
    assert all(has_a_plan(kept) for size in range(len(found)) for kept in itertools.combinations(rules, size))
