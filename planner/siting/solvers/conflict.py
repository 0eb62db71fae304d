"""Why no plan exists: the smallest set of constraints that cannot be met together, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np

from planner.bilingual import Text
from planner.errors import Fault, InfeasibleError
from planner.siting.constraints import Constraint
from planner.siting.linear import Expression
from planner.siting.problem import SitingProblem
from planner.siting.solvers.capacitated.possible import ask_extreme, room_matters
from planner.siting.solvers.highs import Limits, Sense, model_of, solve_model
from planner.siting.solvers.program import build_program

#: Seconds for each question about a subset; a set that is not shown to be impossible counts as possible.
_SECONDS = 5.0

#: The smallest conflict is looked for where there are no more smaller sets than this.
_MOST_SETS = 150


def explained(problem: SitingProblem, constraints: Sequence[Constraint]) -> InfeasibleError:
    """Return the refusal that names the constraints in conflict; see `smallest_conflict`."""
    conflict = smallest_conflict(problem, constraints)
    sentences = Text(
        "，而".join(one.asks(problem).zh for one in conflict), ", but ".join(one.asks(problem).en for one in conflict)
    )
    advice = [advised for one in conflict if (advised := _advice(problem, one, conflict)) is not None]
    faults: list[Fault] = []
    for one in conflict:
        faults += one.unmet(problem)
    return InfeasibleError(
        Text("没有满足约束的方案：{asks}{advice}。", "No plan meets the constraints: {asks}{advice}.").format(
            asks=sentences,
            advice=Text("".join(f"；{text.zh}" for text in advice), "".join(f"; {text.en}" for text in advice)),
        ),
        faults,
    )


def smallest_conflict(problem: SitingProblem, constraints: Sequence[Constraint]) -> list[Constraint]:
    """Return the fewest constraints that cannot be met together.

    First they are left out one at a time, and what can be left out is left out for good (a deletion filter: Chinneck &
    Dravnieks 1991, ORSA Journal on Computing 3(2)): none of the rest can be spared, but a smaller conflict may be
    elsewhere. So every smaller set is tried, the smallest first, as long as they are few; where they are not, the
    conflict of the filter is returned.
    """
    conflict = list(constraints)
    for constraint in constraints:
        others = [other for other in conflict if other is not constraint]
        if not _is_possible(problem, others):
            conflict = others
    smaller = sum(comb(len(constraints), size) for size in range(1, len(conflict)))
    if smaller > _MOST_SETS:
        return conflict
    sets = (list(chosen) for size in range(1, len(conflict)) for chosen in combinations(constraints, size))
    return next((chosen for chosen in sets if not _is_possible(problem, chosen)), conflict)


def _advice(problem: SitingProblem, constraint: Constraint, conflict: Sequence[Constraint]) -> Text | None:
    """Let a constraint say what the others leave of its one row or its one floor."""
    rows = constraint.rows(problem)
    if rows.of_open.shape[0] + len(rows.floors) != 1:
        return constraint.advice(problem, -np.inf, np.inf)
    others = [other for other in conflict if other is not constraint]
    amounts = [floor.expression for floor in rows.floors]
    (amount,) = amounts or [Expression.of(problem, of_open=rows.of_open.toarray().ravel())]
    least = -np.inf if rows.floors else _extreme(problem, amount, others, "min")
    return constraint.advice(problem, least, _extreme(problem, amount, others, "max"))


def _extreme(problem: SitingProblem, expression: Expression, constraints: Sequence[Constraint], sense: Sense) -> float:
    rules = [constraint.rows(problem) for constraint in constraints]
    if room_matters(rules):
        found = ask_extreme(problem, rules, expression, sense, _SECONDS)
        unknown = -np.inf if sense == "min" else np.inf
        return found.claim + expression.constant if found.end == "proven" else unknown
    program = build_program(problem, [expression], rules, problem.always_open, problem.excluded)
    unknown = -np.inf if sense == "min" else np.inf
    if not program.is_possible:
        return unknown
    goal = program.goals[0]
    answer = solve_model(model_of(program, goal, sense), program, Limits(_SECONDS))
    if answer.end != "proven" or answer.chosen is None:
        return unknown
    return program.value(goal, answer.chosen)


def _is_possible(problem: SitingProblem, constraints: Sequence[Constraint]) -> bool:
    rules = [constraint.rows(problem) for constraint in constraints]
    if room_matters(rules):
        return ask_extreme(problem, rules, Expression.of(problem), "min", _SECONDS).end != "infeasible"
    program = build_program(problem, [Expression.of(problem)], rules, problem.always_open, problem.excluded)
    if not program.is_possible:
        return False
    model = model_of(program, program.goals[0], "min")
    return solve_model(model, program, Limits(_SECONDS)).end != "infeasible"
