"""How far the answer goes: for each amount of money, number of stations or degree of fairness, the best there is."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from planner.bilingual import Text
from planner.errors import InputError
from planner.model import Solution
from planner.model.walking import is_number
from planner.siting.constraints import Budget, Constraint, CoverEveryone, StationCount
from planner.siting.objectives import Fairest, InOrder, LeastCost, MaxCoverage, Objective
from planner.siting.problem import SitingProblem
from planner.siting.solvers.held_at import HeldAt
from planner.siting.solving import refuse_faults, strategies
from planner.siting.worth.fairness import fairness_traced, level_compared
from planner.siting.worth.points import Against, Frontier, FrontierPoint
from planner.siting.worth.question import Clock, NotExamined, Question
from planner.siting.worth.rules import FewestNew, NewAtMost

#: No more points than this are drawn unless asked for.
_MOST = 8


def frontier(
    problem: SitingProblem,
    objective: Objective | str | dict[str, Any] = "max_coverage",
    constraints: Iterable[Constraint | dict[str, Any]] = (),
    *,
    against: Against = "money",
    limits: Iterable[float] | None = None,
    of: str | None = None,
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> Frontier:
    """Return the best plan for each of several limits: the epsilon-constraint method (Haimes, Lasdon & Wismer 1971).

    A limit on money or stations takes the place of `budget` and `station_count`; every other constraint is kept. Of
    plans that are as good within a limit, the one with the fewest new stations is taken (against stations), then the
    cheapest where every cost is known; under `capacity` only where people covered are counted, and `is_cheapest` says
    so. Against fairness all constraints are kept, and the limit is the share of the worst-served that must be covered
    at least.

    Parameters
    ----------
    problem : SitingProblem
    objective : Objective, name, or mapping with `name`
        For `fewest_sites`, and whatever else is no better for being near, the people covered are counted instead, and
        `cover_everyone` is left out; for `fairest` and against fairness too they are what is counted. Of several in
        order the first counts.
    constraints : iterable of Constraint or mapping with `name`
    against : str
        `money`, `stations` (newly opened ones) or `fairness`.
    limits : iterable of float, optional
        Amounts of money, CNY, numbers of stations, or shares from 0 to 1. Where not given: 0 to 7 stations; seven equal
        steps up to what every candidate together costs; tenths, and the largest share that the worst-served have in
        any plan.
    of : str, optional
        Whose shares are compared: those of each `community`, `grid` or `need`; the first of these that has several
        where not given.
    time_limit_s : float
        Seconds for everything; what is proven by then is returned, and `end` says so.
    seed : int

    Raises
    ------
    InputError
        If a limit is no number of 0 or more, or a share above 1, if there is nobody to compare with, or a strategy is
        unknown.

    Examples
    --------
    >>> problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [30, 20, 10], max_walk=5)
    >>> [(point.limit, point.objective) for point in frontier(problem, against="stations").points]
    [(0, 0.0), (1, 30.0), (2, 50.0), (3, 60.0)]
    """
    wish, rules = strategies(problem, objective, constraints)
    asked = _usable(problem, against, limits)
    question, clock = Question(problem, wish, rules, seed), Clock(time_limit_s)
    if against == "fairness" and question.has_room:
        raise InputError(Text("capacity 之下不比较公平。", "Fairness is not compared under capacity."))
    if against != "fairness":
        return traced(question, against, asked, clock)
    floors = None if limits is None else [Fraction(repr(float(limit))) for limit in asked]
    return fairness_traced(question, _compared(problem, wish, of), floors, clock)


def traced(question: Question, against: Against, limits: Iterable[float], clock: Clock) -> Frontier:
    """Return the points of some limits on money or stations, as long as there is time."""
    question = _freed(question)
    problem = question.problem
    ceiling = question.amount(~problem.excluded) if question.is_allowed(~problem.excluded) else None
    points: list[FrontierPoint] = []

    def told(end: Literal["saturated", "last_limit", "not_examined"]) -> Frontier:
        return Frontier(against, tuple(points), end, question.objective, is_cheapest=_can_save(question))

    for limit in sorted(set(limits)):
        try:
            solution = _thriftiest(question, against, _limited(against, limit), clock)
        except NotExamined:
            return told("not_examined")
        if solution is None:
            continue
        is_open = question.is_open(solution)
        worth = question.amount(is_open)
        gain = -question.worse(worth, points[-1].objective) + 0.0 if points else np.nan
        if points and gain <= 0:
            continue
        points.append(FrontierPoint.of(question, is_open, limit=limit, objective=worth, gain=gain))
        if ceiling is not None and question.worse(worth, ceiling) <= 0:
            return told("saturated")
    return told("last_limit")


def _freed(question: Question) -> Question:
    """Return the question without limits on money and number, with an objective that more stations can only help."""
    rules = [rule for rule in question.constraints if not isinstance(rule, (Budget, StationCount))]
    objective = question.objective.first if isinstance(question.objective, InOrder) else question.objective
    if objective.expression(question.problem).of_open.any():
        objective = MaxCoverage()
        rules = [rule for rule in rules if not isinstance(rule, CoverEveryone)]
    if isinstance(objective, Fairest):
        objective = MaxCoverage()
    return Question(question.problem, objective, tuple(rules), question.seed)


def _thriftiest(question: Question, against: Against, limit: Constraint, clock: Clock) -> Solution | None:
    """Return the best plan within a limit; of those as good the one that takes least, where that can be asked."""
    rules, saved = [*question.constraints, limit], _saved(question.problem, against)
    if not saved:
        return question.asked(rules, clock)
    if not question.has_room:
        return question.like(InOrder(steps=(question.objective, *saved))).asked(rules, clock)
    solution, objective = question.asked(rules, clock), question.objective
    for saving in saved if solution is not None and _can_save(question) else ():
        assert solution is not None
        rules.append(HeldAt(objective, objective.evaluate(question.problem, question.is_open(solution))))
        objective = saving
        solution = question.like(saving).asked(rules, clock)
    return solution


def _can_save(question: Question) -> bool:
    """Whether plans as good can be told apart by what they take: where stations have room, only people covered."""
    return not question.has_room or isinstance(question.objective, MaxCoverage)


def _saved(problem: SitingProblem, against: Against) -> list[Objective]:
    """Return what is saved where plans are as good: stations, then money where every cost is known."""
    saved: list[Objective] = [FewestNew()] if against == "stations" else []
    if problem.cost_cny[problem.new].any() and not problem.unpriced.any():
        saved.append(LeastCost())
    return saved


def _limited(against: Against, limit: float) -> Constraint:
    return Budget(max_cost_cny=float(limit)) if against == "money" else NewAtMost(int(limit))


def _compared(problem: SitingProblem, wish: Objective, of: str | None) -> str:
    """Return whose shares are compared; refuse where there is nobody to compare with."""
    if of is None:
        of = level_compared(problem, wish)
    if of is None:
        raise InputError(
            Text("没有可以相互比较的需求、网格或社区。", "There are no several needs, grids or communities to compare.")
        )
    refuse_faults(Fairest(of=of).faults(problem))
    return of


def _usable(problem: SitingProblem, against: Against, limits: Iterable[float] | None) -> list[float]:
    if against not in ("money", "stations", "fairness"):
        raise InputError(
            Text("against 只能是 money、stations 或 fairness。", "against is money, stations or fairness.")
        )
    if limits is None:
        if against == "stations":
            return list(range(min(_MOST, 1 + int(np.count_nonzero(problem.added)))))
        return np.linspace(0.0, float(np.nansum(problem.cost_cny[problem.new])), _MOST).round(2).tolist()
    given = list(limits)
    if not all(is_number(limit) and limit >= 0 for limit in given):
        raise InputError(Text("limits 须为不小于 0 的数。", "limits must be numbers of 0 or more."))
    if against == "fairness" and any(limit > 1 for limit in given):
        raise InputError(Text("覆盖率须在 0 与 1 之间。", "Shares run from 0 to 1."))
    return given
