"""What must be covered at the least: the plan found is the best of all that keep the floor."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.bilingual import Text, same
from planner.errors import InfeasibleError
from planner.siting import constraints_from, objective_from, solve
from planner.siting.constraints import Constraint
from planner.siting.linear import Expression, Floor, Rows
from planner.siting.solvers import settle
from planner.siting.solvers.median import settle as median_settle
from tests.siting.samples import OBJECTIVE_SAMPLES
from tests.siting.test_random_problems import problems, rules
from tests.siting.town import best_plan


@dataclass(frozen=True)
class Served(Constraint):
    """So many people of the first need are covered, beside a handful for each open station."""

    people: float
    each: float = 0.0

    name: ClassVar[str] = "served"
    label: ClassVar[Text] = same("served")

    def allows(self, problem, is_open):
        (need, *_) = problem.needs
        return need.people[need.covered(is_open)].sum() + self.each * np.count_nonzero(is_open) >= self.people

    def rows(self, problem):
        amounts = [need.people * (k == 0) for k, need in enumerate(problem.needs)]
        of_open = np.full(len(problem.site_ids), self.each)
        expression = Expression.of(problem, of_open=of_open, of_covered=tuple(amounts))
        return Rows.above(problem, [Floor(expression, self.people - 0.25)])

    def asks(self, problem):
        return same(f"{self.people} served")


@pytest.mark.parametrize("smallest", [30, 0], ids=["solver alone", "with bounds and narrowing"])
@given(
    problem=problems(),
    given_rules=rules(),
    wish=st.sampled_from([{"name": name, **given[0]} for name, given in OBJECTIVE_SAMPLES.items()]),
    floor=st.builds(Served, st.integers(0, 12), st.sampled_from([0.0, 1.0, -0.5])),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_plan_is_the_best_of_all_that_keep_the_floor(smallest, problem, given_rules, wish, floor):
    objective, constraints = objective_from(wish), (*constraints_from(given_rules), floor)
    best = best_plan(
        problem,
        lambda is_open: objective.order(problem, is_open),
        "min",
        lambda is_open: (
            math.isfinite(objective.evaluate(problem, is_open))
            and all(rule.allows(problem, is_open) for rule in constraints)
        ),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settle, "_SMALL", smallest)
        patch.setattr(median_settle, "_SMALL", 0 if smallest == 0 else 400)
        if best is None:
            with pytest.raises(InfeasibleError):
                solve(problem, wish, constraints)
            return
        solution = solve(problem, wish, constraints)
    assert (solution.status, solution.objective) == (
        "optimal",
        objective.evaluate(problem, np.isin(problem.site_ids, best[-1])) / objective.unit(problem),
    )
    assert tuple(sorted(solution.open_sites)) == best[-1]
