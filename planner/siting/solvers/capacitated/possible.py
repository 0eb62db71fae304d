"""Whether any plan keeps some constraints where room matters, and between which limits an amount can lie then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.siting.linear import Expression, Rows
from planner.siting.problem import SitingProblem
from planner.siting.solvers.capacitated.ground import ground_of
from planner.siting.solvers.capacitated.model import every_row, model_of
from planner.siting.solvers.highs import Answer, Limits, Sense, solve_columns


def room_matters(rules: Sequence[Rows]) -> bool:
    """Whether any of the rules speaks of room in the stations."""
    return any(rule.room is not None for rule in rules)


def ask_extreme(
    problem: SitingProblem, rules: Sequence[Rows], expression: Expression, sense: Sense, seconds: float
) -> Answer:
    """Return the plan for which an expression is least or greatest, its constant not included."""
    room = next(rule.room for rule in rules if rule.room is not None)
    ground = ground_of(problem, rules, room)
    if not ground.is_possible:
        return Answer("infeasible", None, np.nan)
    model = model_of(ground, ground.amounts(expression), sense, every_row(ground, rules))
    return solve_columns(model, Limits(seconds))
