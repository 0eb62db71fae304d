"""What is told of the rules is what trying every single step by hand tells."""

import numpy as np
import pytest

from planner.siting import constraints_from, solve, told_rules
from planner.siting.constraints import Replacing
from tests.siting.samples import CONSTRAINT_SAMPLES
from tests.siting.town import every_plan, small_town, town_with_actions

SAMPLES = [
    {"name": name, **given} for name, samples in CONSTRAINT_SAMPLES.items() for given in samples if name != "capacity"
]


def tried(town, rule, plan):
    """True, False or None by opening and closing one site after the other."""
    served = town.served_on(plan)
    openings, closings = [], []
    for place in range(len(plan)):
        other = plan.copy()
        old = list(town.replaces[place]) if town.replaces else []
        if plan[place] and not town.always_open[place]:
            other[place] = False
            closings.append(rule.allows(town, other))
        elif not served[place] and (town.new | town.existing)[place] and plan[old].all():
            other[place], other[old] = True, False
            openings.append(rule.allows(town, other))
    if any(steps and not any(steps) for steps in (openings, closings)):
        return True
    return False if all(openings + closings) else None


@pytest.mark.parametrize("make", [small_town, town_with_actions])
def test_a_rule_is_at_its_limit_where_every_single_step_breaks_it(make):
    town, found = make(), set()
    known = {"at_most_changes", "budget", "station_count", "keep_open", "cover_everyone", "either_or"}
    rules = [rule for rule in SAMPLES if make is small_town or rule["name"] in known]
    plans = [plan for plan in every_plan(town) if Replacing().allows(town, plan)]
    for given in rules:
        (rule,) = constraints_from([given])
        allowed = [plan for plan in plans if rule.allows(town, plan)]
        for plan in allowed[:: max(1, len(allowed) // 12)]:
            told = told_rules(town, "max_coverage", [given], town.site_ids[plan])[1]
            assert told.binding is tried(town, rule, plan), (given, town.site_ids[plan])
            found.add(told.binding)
    assert found == {True, False, None}


def test_the_objective_comes_first_and_what_is_left_is_told():
    rules = [
        {"name": "budget", "max_cost_10k_cny": 45},
        {"name": "station_count", "at_most": 6},
        {"name": "at_most_changes", "changes": 9, "opened": []},
        {"name": "capacity", "assigned": "nearest"},
    ]
    town = small_town()
    solution = solve(town, "max_coverage", rules)
    told = told_rules(town, "max_coverage", rules, solution.open_sites)
    assert [one.name for one in told] == ["max_coverage", *(rule["name"] for rule in rules)]
    spent = town.cost_of(np.isin(town.site_ids, solution.open_sites))
    assert told[1].left.en == f"{45 - spent / 1e4:g} × 10,000 CNY left"
    assert told[2].left.en.startswith(f"{6 - len(solution.open_sites)} station")
    assert (told[0].binding, told[4].binding, told[4].left) == (None, None, None)


def test_nothing_is_judged_where_it_is_not_asked_for():
    told = told_rules(small_town(), "max_coverage", SAMPLES[:1], ["s4"], judged=False)
    assert [(one.binding, one.left) for one in told] == [(None, None)] * 2
