"""How far the answer goes with the limit: for each amount of money, or number of stations, the best there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from planner.bilingual import Text
from planner.errors import InputError
from planner.model.walking import is_number
from planner.siting.constraints import Budget, Constraint, CoverEveryone, StationCount
from planner.siting.objectives import MaxCoverage, Objective
from planner.siting.problem import SitingProblem
from planner.siting.solving import strategies
from planner.siting.worth.question import Clock, NotExamined, Question
from planner.siting.worth.rules import NewAtMost

Against = Literal["money", "stations"]

#: No more points than this are drawn unless asked for.
_MOST = 8


@dataclass(frozen=True)
class FrontierPoint:
    """The best plan within one limit.

    Parameters
    ----------
    limit : float
        What may be spent, CNY; or how many stations may be newly opened.
    objective, gain : float
        As a solution tells it; by how much it is better than at the point before, NaN at the first.
    people : tuple of float
        Covered, for each need.
    cost_cny : float
    new_stations : int
    opened : tuple of ids
    """

    limit: float
    objective: float
    gain: float
    people: tuple[float, ...]
    cost_cny: float
    new_stations: int
    opened: tuple[Any, ...]


@dataclass(frozen=True)
class Frontier:
    """What each limit brings at best, every point proven; limits that bring no more than a smaller one are left out.

    Parameters
    ----------
    against : str
        `money` or `stations`.
    points : tuple of FrontierPoint
        In order of the limit.
    end : str
        `saturated`: proven that no higher limit brings more; `last_limit`: no higher limit was asked for;
        `not_examined`: time was up.
    objective : Objective
        What the points count.
    """

    against: Against
    points: tuple[FrontierPoint, ...]
    end: Literal["saturated", "last_limit", "not_examined"]
    objective: Objective


def frontier(
    problem: SitingProblem,
    objective: Objective | str | dict[str, Any] = "max_coverage",
    constraints: Iterable[Constraint | dict[str, Any]] = (),
    *,
    against: Against = "money",
    limits: Iterable[float] | None = None,
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> Frontier:
    """Return the best plan for each of several limits: the epsilon-constraint method (Haimes, Lasdon & Wismer 1971).

    The limit takes the place of `budget` and `station_count`; every other constraint is kept.

    Parameters
    ----------
    problem : SitingProblem
    objective : Objective, name, or mapping with `name`
        For `fewest_sites`, and whatever else is no better for being near, the people covered are counted instead, and
        `cover_everyone` is left out.
    constraints : iterable of Constraint or mapping with `name`
    against : str
        `money` or `stations` (newly opened ones).
    limits : iterable of float, optional
        Amounts of money, CNY, or numbers of stations; 0 to 7 stations, or seven equal steps up to what every candidate
        together costs, where not given.
    time_limit_s : float
        Seconds for everything; what is proven by then is returned, and `end` says so.
    seed : int

    Raises
    ------
    InputError
        If a limit is no number of 0 or more, or a strategy is unknown.

    Examples
    --------
    >>> problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [30, 20, 10], max_walk=5)
    >>> [(point.limit, point.objective) for point in frontier(problem, against="stations").points]
    [(0, 0.0), (1, 30.0), (2, 50.0), (3, 60.0)]
    """
    wish, rules = strategies(problem, objective, constraints)
    asked = _usable(problem, against, limits)
    return traced(Question(problem, wish, rules, seed), against, asked, Clock(time_limit_s))


def traced(question: Question, against: Against, limits: Iterable[float], clock: Clock) -> Frontier:
    """Return the points of some limits, as long as there is time."""
    question = _freed(question)
    problem = question.problem
    ceiling = question.amount(~problem.excluded) if question.is_allowed(~problem.excluded) else None
    points: list[FrontierPoint] = []
    for limit in sorted(set(limits)):
        try:
            solution = question.asked([*question.constraints, _limited(against, limit)], clock)
        except NotExamined:
            return Frontier(against, tuple(points), "not_examined", question.objective)
        if solution is None:
            continue
        before = points[-1].objective if points else np.nan
        gain = -question.worse(solution.objective, before) + 0.0 if points else np.nan
        if points and gain <= 0:
            continue
        is_open = question.is_open(solution)
        points.append(
            FrontierPoint(
                limit,
                solution.objective,
                gain,
                question.people(is_open),
                question.problem.cost_of(is_open),
                int(np.count_nonzero(is_open & problem.added)),
                problem.ids(is_open & problem.new),
            )
        )
        if ceiling is not None and question.worse(solution.objective, ceiling) <= 0:
            return Frontier(against, tuple(points), "saturated", question.objective)
    return Frontier(against, tuple(points), "last_limit", question.objective)


def _freed(question: Question) -> Question:
    """Return the question without limits on money and number, with an objective that more stations can only help."""
    rules = [rule for rule in question.constraints if not isinstance(rule, (Budget, StationCount))]
    objective = question.objective
    if objective.expression(question.problem).of_open.any():
        objective = MaxCoverage()
        rules = [rule for rule in rules if not isinstance(rule, CoverEveryone)]
    return Question(question.problem, objective, tuple(rules), question.seed)


def _limited(against: Against, limit: float) -> Constraint:
    return Budget(max_cost_cny=float(limit)) if against == "money" else NewAtMost(int(limit))


def _usable(problem: SitingProblem, against: Against, limits: Iterable[float] | None) -> list[float]:
    if against not in ("money", "stations"):
        raise InputError(Text("against 只能是 money 或 stations。", "against is money or stations."))
    if limits is None:
        if against == "stations":
            return list(range(min(_MOST, 1 + int(np.count_nonzero(problem.added)))))
        return np.linspace(0.0, float(np.nansum(problem.cost_cny[problem.new])), _MOST).round(2).tolist()
    given = list(limits)
    if not all(is_number(limit) and limit >= 0 for limit in given):
        raise InputError(Text("limits 须为不小于 0 的数。", "limits must be numbers of 0 or more."))
    return given
