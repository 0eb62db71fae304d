"""Every objective under every combination of constraints: the plan found is the one found by trying all of them."""

import itertools
import math

import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import CONSTRAINTS, OBJECTIVES, constraints_from, objective_from, solve
from tests.siting.samples import CONSTRAINT_SAMPLES, OBJECTIVE_SAMPLES
from tests.siting.town import best_plan, counted, reversed_rows, small_town

WISHES = [{"name": name, **given} for name, samples in OBJECTIVE_SAMPLES.items() for given in samples]
RULES = [
    [rule for rule in rules if rule is not None]
    for rules in itertools.product(
        *[[None, *({"name": name, **given} for given in samples)] for name, samples in CONSTRAINT_SAMPLES.items()]
    )
]


def test_no_strategy_is_left_out():
    assert list(OBJECTIVE_SAMPLES) == [objective.name for objective in OBJECTIVES]
    assert list(CONSTRAINT_SAMPLES) == [constraint.name for constraint in CONSTRAINTS]


@pytest.mark.parametrize("wish", WISHES, ids=str)
@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
def test_the_plan_is_the_best_of_all(wish, turned):
    problem = reversed_rows(small_town()) if turned else small_town()
    objective = objective_from(wish)
    for given in RULES:
        rules = constraints_from(given)
        if not objective.allows_room and any(rule.name == "capacity" for rule in rules):
            with pytest.raises(PlanFileError):
                solve(problem, wish, given)
            continue
        best = best_plan(
            problem,
            lambda is_open: objective.evaluate(problem, is_open),
            objective.sense,
            lambda is_open, rules=rules: _is_possible(problem, objective, rules, is_open),
        )
        if best is None:
            with pytest.raises(InfeasibleError):
                solve(problem, wish, given)
            continue
        solution = solve(problem, wish, given)
        told = best[0] / objective.unit(problem)
        assert (solution.objective, tuple(sorted(solution.open_sites))) == (told, best[-1]), given
        assert (solution.status, solution.stopped, solution.gap) == ("optimal", "proven", 0.0)


def _is_possible(problem, objective, rules, is_open):
    """An objective that is infinite leaves somebody out who could be reached."""
    is_reached = math.isfinite(objective.evaluate(problem, is_open))
    bound = [rule.under(reaches_everyone=objective.reaches_everyone) for rule in rules]
    return is_reached and all(rule.allows(problem, is_open) for rule in bound)


@pytest.mark.parametrize("name", ["max_coverage"])
def test_the_count_of_people_is_the_count_one_by_one(name):
    problem = small_town()
    objective = objective_from(name)
    for bits in range(2 ** len(problem.site_ids)):
        is_open = (bits >> problem.order_of_ids) % 2 == 1
        assert objective.evaluate(problem, is_open) == counted(problem, is_open)[0]
