"""Every objective under every constraint, every pair and a draw of more: the plan is the one found by trying all.

Every objective meets every pair of constraints in one of the two orders of the rows, and each alone in both.
"""

import itertools
from functools import cache

import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import CONSTRAINTS, OBJECTIVES, constraints_from, objective_from, solve
from tests.siting.samples import CONSTRAINT_SAMPLES, OBJECTIVE_SAMPLES
from tests.siting.town import changes, counted, every_plan, open_ids, reversed_rows, small_town

WISHES = [{"name": name, **given} for name, samples in OBJECTIVE_SAMPLES.items() for given in samples]
SAMPLES = {name: [{"name": name, **given} for given in samples] for name, samples in CONSTRAINT_SAMPLES.items()}
#: Larger sets of constraints that are drawn for each objective and each order of the rows.
LARGER = 12


def rule_sets(wish, turned):
    """No rule, every sample alone, half of the pairs of constraints, and some larger sets, up to all of them."""
    luck = np.random.default_rng([WISHES.index(wish), turned])
    yield from ([], *([rule] for rules in SAMPLES.values() for rule in rules))
    for pair in _pairs(wish)[turned::2]:
        yield [_drawn(luck, name) for name in pair]
    sizes = np.linspace(3, len(SAMPLES), LARGER).astype(int)
    for size in sizes:
        yield [_drawn(luck, name) for name in luck.choice(list(SAMPLES), size, replace=False)]


def _pairs(wish):
    """Every pair of constraints, in an order drawn for the objective: the two orders of the rows share them."""
    return np.random.default_rng(WISHES.index(wish)).permutation(list(itertools.combinations(SAMPLES, 2))).tolist()


def _drawn(luck, name):
    return SAMPLES[name][luck.integers(len(SAMPLES[name]))]


@cache
def town(turned):
    """The town, its plans, and what breaks ties between them, counted one by one."""
    problem = reversed_rows(small_town()) if turned else small_town()
    plans = every_plan(problem)
    finer = []
    for plan in plans:
        covered, walk = counted(problem, plan)
        finer.append((-covered, walk, changes(problem, plan), open_ids(problem, plan)))
    return problem, plans, finer


@cache
def _allowed(turned, rule, reaches_everyone=False):
    problem, plans, _ = town(turned)
    (constraint,) = constraints_from([dict(_thawed(rule))])
    constraint = constraint.under(reaches_everyone=reaches_everyone)
    return np.array([constraint.allows(problem, plan) for plan in plans])


def _frozen(value):
    """A rule as a key: lists and tables become tuples."""
    if isinstance(value, dict):
        return tuple((key, _frozen(each)) for key, each in value.items())
    return ("list", *map(_frozen, value)) if isinstance(value, list) else value


def _thawed(rule):
    return {key: list(each[1:]) if isinstance(each, tuple) else each for key, each in rule}


def best_of_all(turned, objective, worth, order, rules):
    """(objective, ids) of the best plan that all rules allow, None if there is none."""
    problem, _, finer = town(turned)
    possible = np.isfinite(worth)
    for rule in rules:
        possible &= _allowed(turned, _frozen(rule), objective.reaches_everyone)
    places = sorted(np.flatnonzero(possible), key=lambda place: (order[place], *finer[place]))
    return (worth[places[0]] / objective.unit(problem), finer[places[0]][-1]) if places else None


def test_no_strategy_is_left_out():
    assert list(OBJECTIVE_SAMPLES) == [objective.name for objective in OBJECTIVES]
    assert list(CONSTRAINT_SAMPLES) == [constraint.name for constraint in CONSTRAINTS]


@pytest.mark.parametrize("wish", WISHES, ids=str)
def test_every_pair_of_constraints_meets_every_objective(wish):
    met = {tuple(rule["name"] for rule in rules) for turned in (False, True) for rules in rule_sets(wish, turned)}
    assert set(itertools.combinations(SAMPLES, 2)) <= met


@pytest.mark.parametrize("wish", WISHES, ids=str)
@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
def test_the_plan_is_the_best_of_all(wish, turned):
    problem, plans, _ = town(turned)
    objective = objective_from(wish)
    worth = np.array([objective.evaluate(problem, plan) for plan in plans])
    order = [objective.order(problem, plan) for plan in plans]
    for rules in rule_sets(wish, turned):
        if not objective.allows_room and any(rule["name"] == "capacity" for rule in rules):
            with pytest.raises(PlanFileError):
                solve(problem, wish, rules)
            continue
        best = best_of_all(turned, objective, worth, order, rules)
        if best is None:
            with pytest.raises(InfeasibleError):
                solve(problem, wish, rules)
            continue
        solution = solve(problem, wish, rules)
        assert (solution.objective, tuple(sorted(solution.open_sites))) == best, rules
        assert (solution.status, solution.stopped, solution.gap) == ("optimal", "proven", 0.0)


def test_every_sample_allows_some_plan_and_forbids_another():
    for name, rules in SAMPLES.items():
        masks = [_allowed(False, _frozen(rule)) for rule in rules]
        assert any(mask.any() and not mask.all() for mask in masks), name


@pytest.mark.parametrize("name", ["max_coverage"])
def test_the_count_of_people_is_the_count_one_by_one(name):
    problem = small_town()
    objective = objective_from(name)
    for bits in range(2 ** len(problem.site_ids)):
        is_open = (bits >> problem.order_of_ids) % 2 == 1
        assert objective.evaluate(problem, is_open) == counted(problem, is_open)[0]
