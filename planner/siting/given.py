"""A set of open stations that somebody gives: nothing is chosen, everything is counted, and broken rules are told."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault, InfeasibleError, InputError, SolverError
from planner.model import GivenStations, Note, Solution, SolvedStep
from planner.siting.actions import actions_of, known
from planner.siting.constraints import Capacity, Constraint
from planner.siting.constraints.named_sites import named, unknown_sites
from planner.siting.objectives import Fairest, InOrder, Objective
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solving import solve, strategies


@dataclass(frozen=True)
class WhatIf:
    """What is told of a given set beside its figures.

    Parameters
    ----------
    given : GivenStations
    broken : tuple of (str, Text)
        Name and words of each rule that it breaks.
    best : Solution, optional
        The best plan that was found under the same rules.
    ends : str
        `compared`; `no_plan`: proven that no plan keeps the rules; `not_compared`: none was found in time.
    """

    given: GivenStations
    broken: tuple[tuple[str, Text], ...]
    best: Solution | None
    ends: Literal["compared", "no_plan", "not_compared"] = "compared"


def stations_given(problem: SitingProblem, given: GivenStations, plan: Mask | None = None) -> Mask:
    """Return which sites are open, shape (sites,).

    Parameters
    ----------
    problem : SitingProblem
    given : GivenStations
    plan : bool array, optional
        What the best plan opens, where the given stations are relative to it; what closes is not judged without it.

    Raises
    ------
    InputError
        With every id that is unknown, may not open, cannot close or is named twice.
    """
    faults = [
        fault
        for column, ids in (("open", given.wanted), ("closed", given.closes))
        for fault in unknown_sites(problem, ids, given.source, column)
    ]
    wanted, unwanted = named(problem, given.wanted), named(problem, given.closes)
    standing = problem.existing | problem.always_open if plan is None else plan
    stands = standing | (given.from_plan and plan is None)
    for column, wrong, found, expected in (
        ("open", wanted & problem.excluded, _EXCLUDED, Text("可以开放的站点", "a site that may be open")),
        ("closed", unwanted & ~stands, *(_NOT_IN_PLAN if given.from_plan else _NOT_OPEN)),
        ("closed", unwanted & wanted, _TWICE, Text("只列一处", "one of the two lists")),
    ):
        faults += [Fault(given.source, found.format(site=site), expected, column=column) for site in problem.ids(wrong)]
    if faults:
        raise InputError(Text("试算的站点不能使用。", "The stations of the what-if cannot be used."), faults)
    if given.open_sites is not None:
        return wanted
    opened: Mask = (wanted | standing) & ~unwanted
    return opened


_EXCLUDED = Text("{site} 不可开放", "{site} may not open")
_NOT_OPEN = (Text("{site} 现状未开放", "{site} is not open today"), Text("现有驿站", "a station of today"))
_NOT_IN_PLAN = (
    Text("{site} 在本方案中未开放", "{site} is not open in the plan"),
    Text("本方案中开放的站点", "a station of the plan that the link was made on"),
)
_TWICE = Text("{site} 既开放又关闭", "{site} both opens and closes")


def judge_given(
    problem: SitingProblem,
    given: GivenStations,
    objective: Any,
    constraints: Iterable[Any],
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    seed: int = 0,
) -> tuple[Solution, WhatIf]:
    """Count a given set of stations, and compare it with the best plan under the same rules.

    Parameters
    ----------
    problem : SitingProblem
    given : GivenStations
    objective, constraints, time_limit_s, gap, seed
        As `solve` takes them; the time is that of the plan it is compared with.

    Returns
    -------
    Solution
        `stopped` is `given`. `optimal` only if no rule is broken and no plan under the rules is better, proven. `bound`
        is that of all plans that keep the rules; NaN where the set breaks one, for then it may be better than they.
    WhatIf

    Raises
    ------
    InputError
        If the stations cannot be used, or limited room is asked for.
    SolverError
        If a set that keeps the rules beats the bound.

    Examples
    --------
    >>> problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [30, 20, 10], max_walk=5)
    >>> rules = [{"name": "station_count", "stations": 2}]
    >>> solution, told = judge_given(problem, GivenStations(open_sites=("0", "2")), "max_coverage", rules)
    >>> solution.status, solution.stopped, solution.objective, solution.bound, told.broken
    ('feasible', 'given', 40.0, 50.0, ())
    """
    started = time.perf_counter()
    asked = list(constraints)
    wish, rules = strategies(problem, objective, asked)
    _refuse_room(rules, given.source)
    stations_given(problem, given)
    best, ends = _best(problem, objective, asked, time_limit_s, gap, seed)
    is_open = stations_given(problem, given, _plan_beneath(problem, best, given.source) if given.from_plan else None)
    broken = tuple((rule.name, rule.asks(problem)) for rule in rules if not rule.allows(problem, is_open))
    broken += _standing_closed(problem, is_open)
    worth = wish.evaluate(problem, is_open)
    bound = best.bound * wish.unit(problem) if best is not None and not broken else np.nan
    _refuse_beaten(wish, worth, bound)
    is_new = is_open & ~problem.existing & ~problem.under_construction
    solution = Solution(
        status="feasible",
        stopped="given",
        opened=problem.ids(is_new),
        kept=problem.ids(is_open & ~is_new),
        closed=problem.ids(problem.existing & ~is_open),
        objective=worth / wish.unit(problem),
        bound=float(bound) / wish.unit(problem),
        gap=float(abs(bound - worth) / (abs(worth) or 1.0)) if np.isfinite(worth) else np.nan,
        runtime_s=time.perf_counter() - started,
        notes=(*_notes(broken), *wish.notes(problem)),
        cost_cny=known(problem.cost_of(is_open)),
        actions=actions_of(problem, is_open),
        objective_today=_finite(wish.evaluate(problem, problem.existing) / wish.unit(problem)),
        steps=_steps(problem, wish, is_open),
        shares=wish.shares(problem, is_open),
    )
    if not broken and best is not None and _is_as_good(solution, best, wish):
        solution = replace(solution, status="optimal")
    return solution, WhatIf(given, broken, best, ends)


def _refuse_room(rules: Iterable[Constraint], source: str) -> None:
    if any(isinstance(rule, Capacity) for rule in rules):
        found = Text("与 capacity 同用", "beside the constraint capacity")
        raise InputError(
            Text("试算不能与驿站容量同用。", "A what-if cannot be counted beside limited room."),
            [Fault(source, found, Text("没有 capacity 的方案", "a plan without capacity"))],
        )


def _standing_closed(problem: SitingProblem, is_open: Mask) -> tuple[tuple[str, Text], ...]:
    """Return the sites that every plan opens and this set does not."""
    missing = problem.ids(problem.always_open & ~is_open)
    if not missing:
        return ()
    ids = same(", ".join(map(str, missing)))
    text = Text("必选或在建的站点须开放：{ids}", "required and unfinished stations are open: {ids}").format(ids=ids)
    return (("status", text),)


def _best(
    problem: SitingProblem, objective: Any, constraints: list[Any], time_limit_s: float, gap: float, seed: int
) -> tuple[Solution | None, Literal["compared", "no_plan", "not_compared"]]:
    try:
        best = solve(problem, objective, constraints, time_limit_s=time_limit_s, gap=gap, seed=seed)
    except InfeasibleError:
        return None, "no_plan"
    except SolverError:
        return None, "not_compared"
    return best, "compared"


def _plan_beneath(problem: SitingProblem, best: Solution | None, source: str) -> Mask:
    if best is None:
        raise InputError(
            Text("链接是相对于方案的，而方案没有求出。", "The link is relative to the plan, and no plan was found."),
            [Fault(source, Text("没有方案", "no plan"), Text("path，或 open 与 closed", "path, or open and closed"))],
        )
    return named(problem, tuple(map(str, best.open_sites)))


def _refuse_beaten(wish: Objective, worth: float, bound: float) -> None:
    beyond = worth - bound if wish.sense == "max" else bound - worth
    if beyond > 1e-6 * max(1.0, abs(worth)):
        raise SolverError(
            Text(
                "内部核对不一致：试算优于已证明的界，结果未输出。",
                "The internal check failed: the what-if beats the bound; nothing was written.",
            )
        )


def _is_as_good(solution: Solution, best: Solution, wish: Objective) -> bool:
    """Whether nothing under the rules is better, proven; several aims in order only where the stations are the same."""
    if best.status != "optimal":
        return False
    if isinstance(wish, (Fairest, InOrder)):
        return set(map(str, solution.open_sites)) == set(map(str, best.open_sites))
    return abs(solution.objective - best.objective) <= 1e-9 * max(1.0, abs(best.objective))


def _notes(broken: tuple[tuple[str, Text], ...]) -> tuple[Note, ...]:
    words = Text("试算不满足规则：{rule}。", "The what-if breaks a rule: {rule}.")
    return tuple(Note("what_if.rule_broken", "warning", words.format(rule=rule)) for _, rule in broken)


def _steps(problem: SitingProblem, wish: Objective, is_open: Mask) -> tuple[SolvedStep, ...]:
    if not isinstance(wish, InOrder):
        return ()
    return tuple(
        SolvedStep(
            step.name,
            step.evaluate(problem, is_open) / step.unit(problem),
            None,
            "given",
            _finite(step.evaluate(problem, problem.existing) / step.unit(problem)),
        )
        for step in wish.steps
    )


def _finite(figure: float) -> float | None:
    return figure if np.isfinite(figure) else None
