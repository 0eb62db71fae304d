"""What a little more money or one more station would bring, and what a little less would lose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from planner.bilingual import Text
from planner.model import Solution
from planner.siting.constraints import Budget, Constraint, StationCount
from planner.siting.worth.question import Clock, NotExamined, Question

Kind = Literal["more_money", "more_stations", "more_of_both", "less_money", "fewer_stations"]


@dataclass(frozen=True)
class Step:
    """The best plan under limits that are a little wider or tighter.

    Parameters
    ----------
    kind : str
        `more_money`, `more_stations` (one), `more_of_both`, `less_money`, `fewer_stations` (one).
    end : str
        `found`; `no_plan`: proven that no plan keeps the tighter limit; `not_examined`: time was up.
    budget_cny : float or None
        What may be spent then, CNY; None where there is no budget.
    gain : float
        By how much the objective is better, as a solution tells it; negative where it is worse; NaN without a plan.
    people_gained : tuple of float
        For each need; negative where people are lost.
    cost_cny : float
        What its new stations cost.
    opened, dropped : tuples of ids
        Stations that the plan found does not have, and those of it that this one does without.
    """

    kind: Kind
    end: Literal["found", "no_plan", "not_examined"]
    budget_cny: float | None
    gain: float = float("nan")
    people_gained: tuple[float, ...] = ()
    cost_cny: float = float("nan")
    opened: tuple[Any, ...] = ()
    dropped: tuple[Any, ...] = ()

    @property
    def label(self) -> Text:
        """What is different, in words."""
        return _LABELS[self.kind]


_LABELS = {
    "more_money": Text("预算增加", "more money"),
    "more_stations": Text("多建一座", "one more station"),
    "more_of_both": Text("预算增加并多建一座", "more money and one more station"),
    "less_money": Text("预算减少", "less money"),
    "fewer_stations": Text("少建一座", "one station fewer"),
}


def next_steps(question: Question, solution: Solution, clock: Clock, step_cny: float) -> tuple[Step, ...]:
    """Solve again with the limits moved one step: where there is a budget by money, where a number is given by one.

    Parameters
    ----------
    question : Question
    solution : Solution
        The plan found, proven to be the best.
    clock : Clock
    step_cny : float
        CNY.
    """
    rules = question.constraints
    money = any(isinstance(rule, Budget) for rule in rules)
    count = any(isinstance(rule, StationCount) and _moved(rule, 1) is not rule for rule in rules)
    asked: list[tuple[Kind, float, int]] = []
    if money:
        asked.append(("more_money", step_cny, 0))
    if count:
        asked.append(("more_stations", 0.0, 1))
    if money and count:
        asked.append(("more_of_both", step_cny, 1))
    asked.append(("less_money", -step_cny, 0) if money else ("fewer_stations", 0.0, -1))
    if not (money or count):
        return ()
    return tuple(_step(question, solution, clock, *each) for each in asked)


def _step(question: Question, solution: Solution, clock: Clock, kind: Kind, cny: float, stations: int) -> Step:
    rules: list[Constraint] = []
    for rule in question.constraints:
        changed = _moved(rule, stations) if isinstance(rule, StationCount) and stations else rule
        changed = _spent(changed, cny) if isinstance(changed, Budget) and cny else changed
        if changed is None:
            return Step(kind, "no_plan", None)
        rules.append(changed)
    limits = [rule.limit_cny for rule in rules if isinstance(rule, Budget)]
    budget_cny = min(limits) if limits else None
    try:
        other = question.asked(rules, clock)
    except NotExamined:
        return Step(kind, "not_examined", budget_cny)
    if other is None:
        return Step(kind, "no_plan", budget_cny)
    problem, ours, theirs = question.problem, question.is_open(solution), question.is_open(other)
    pairs = zip(question.people(theirs), question.people(ours), strict=True)
    return Step(
        kind,
        "found",
        budget_cny,
        -question.worse(other.objective, solution.objective) + 0.0,
        tuple(more - less for more, less in pairs),
        question.problem.cost_of(theirs),
        problem.ids(theirs & ~ours),
        problem.ids(ours & ~theirs),
    )


#: What limits a count of stations from above, with what limits it from below.
_UPPER_LIMITS = {"stations": None, "new_stations": None, "at_most": "at_least", "new_at_most": "new_at_least"}


def _moved(rule: StationCount, by: int) -> StationCount | None:
    """Return a count of stations with its upper limit moved; itself where it has none, None where nothing is left."""
    for key, floor in _UPPER_LIMITS.items():
        given = getattr(rule, key)
        if given is not None:
            least = getattr(rule, floor) if floor else None
            if given + by < (least or 0):
                return None
            return replace(rule, **{key: given + by})
    return rule


def _spent(rule: Budget, by: float) -> Budget | None:
    limit_cny = rule.limit_cny + by
    return None if limit_cny < 0 else Budget(max_cost_cny=limit_cny)
