"""Choose the sites: the best plan, its proof, and our own count of what it is worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.bilingual import Text
from planner.errors import Fault, InputError, SolverError
from planner.machine_code import compiling_told
from planner.model import Note, Solution, SolvedStep
from planner.model.walking import is_number
from planner.siting.actions import actions_of, known
from planner.siting.constraints import Capacity, Constraint, Replacing, constraints_from
from planner.siting.objectives import OBJECTIVES, FewestSites, Objective, objective_from
from planner.siting.parameters import refused
from planner.siting.problem import Mask, Positions, SitingProblem, in_order, native
from planner.siting.room import Assigned

if TYPE_CHECKING:
    from planner.siting.solvers.stage import Found, Step


_COMPILING = Text(
    "首次使用，正在编译；不计入求解时限",
    "compiling once, at first use; this does not count against the time limit",
)


def solve(
    problem: SitingProblem,
    objective: Objective | str | dict[str, Any] = "max_coverage",
    constraints: Iterable[Constraint | dict[str, Any]] = (),
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    seed: int = 0,
    progress: Callable[[Text], None] | None = None,
    start: Solution | None = None,
) -> Solution:
    """Choose the sites to open.

    Among equally good plans the one that covers most people is taken, then the one with the least total walk of the
    people who are covered, then the one that changes least (opens and closes fewest), then the one whose sorted ids
    come first; so the answer is the same whatever the order of the rows. (Amounts count as equal when they differ by
    less than a billionth.)

    Parameters
    ----------
    problem : SitingProblem
    objective : Objective, name, or mapping with `name`
    constraints : iterable of Constraint or mapping with `name`
    time_limit_s : float
        Seconds for everything but compiling kernels, which is done once after installing; what is found by then is
        returned with its bound and gap.
    gap : float
        Stop when proven this close to the best, as a share.
    seed : int
    progress : function of a Text, optional
        Called when a stage begins, and with each better bound where demand points are many.
    start : Solution, optional
        An answer to a neighbouring question, on this problem or one like it (one station more, another standard, one
        candidate more): the search begins with its stations. `max_coverage` over many demand points also keeps on the
        problem what it learned, so that another number of stations or budget builds nothing anew. What is proven is the
        same without it.

    Returns
    -------
    Solution
        `optimal` only if proven.

    Raises
    ------
    PlanFileError
        If the objective or a constraint is unknown or has unusable parameters; all faults at once.
    KeyboardInterrupt
        If Ctrl-C comes before any plan is at hand (several objectives in order and limited room: always). Else the best
        plan so far is returned, with `stopped` = `interrupted` and what is known of its gap.
    InfeasibleError
        If no plan meets the constraints; names those in conflict.
    SolverError
        If the solver fails, finds nothing in time, or its answer does not stand our own count.

    Examples
    --------
    >>> problem = SitingProblem.from_costs([[3, 9, 9], [9, 5, 9], [9, 9, 1]], [10, 20, 15], max_walk=5)
    >>> solution = solve(problem, constraints=[{"name": "station_count", "stations": 2}])
    >>> solution.status, solution.opened, solution.objective
    ('optimal', (1, 2), 35.0)
    """
    from planner.siting.solvers.stage import Task
    from planner.siting.solvers.staged import find_plan

    started = time.perf_counter()
    wish, rules = strategies(problem, objective, constraints)
    _check_limits(time_limit_s, gap)
    tell = progress if progress is not None else _silently
    begun = None if start is None else _opened_by(problem, start)
    with compiling_told(lambda: tell(_COMPILING)):
        found = find_plan(Task(problem, wish, rules, started + time_limit_s, gap, seed, tell, begun))
    told = problem if found.assigned is None else problem.as_assigned(found.assigned)
    worth = _recounted(told, wish, rules, found)
    is_new = found.is_open & ~problem.existing & ~problem.under_construction
    is_held = found.stopped == "proven" and bool(found.steps)  # what slack gave up of the first step is no doubt
    difference = 0.0 if is_held else abs(found.bound - worth) / (abs(worth) or 1.0)
    return Solution(
        status="optimal" if found.stopped == "proven" else "feasible",
        stopped=found.stopped,
        opened=problem.ids(is_new),
        kept=problem.ids(found.is_open & ~is_new),
        closed=problem.ids(problem.existing & ~found.is_open),
        objective=worth / wish.unit(problem),
        bound=float(found.bound) / wish.unit(problem),
        gap=float(difference),
        runtime_s=time.perf_counter() - started,
        notes=(
            *found.notes,
            *wish.notes(problem),
            *(note for rule in rules for note in rule.notes(problem)),
            *_nothing_asked(problem, wish, found),
        ),
        cost_cny=known(problem.cost_of(found.is_open)),
        actions=actions_of(problem, found.is_open),
        assigned=() if found.assigned is None else assigned_by_id(problem, found.assigned),
        objective_today=_of_today(problem, wish) if found.assigned is None else None,
        steps=tuple(_told(problem, step, found.is_open) for step in found.steps),
        shares=wish.shares(told, found.is_open),
    )


def uninterrupted(solution: Solution) -> Solution:
    """Return an answer that is one of several; stop with KeyboardInterrupt where Ctrl-C has ended it.

    Raises
    ------
    KeyboardInterrupt
    """
    if solution.stopped == "interrupted":
        raise KeyboardInterrupt
    return solution


def _nothing_asked(problem: SitingProblem, wish: Objective, found: Found) -> tuple[Note, ...]:
    """Warn where the fewest stations are none but those that every plan opens: no rule asks for more."""
    closed = problem.existing & ~found.is_open
    if not isinstance(wish, FewestSites) or (found.is_open & ~problem.always_open).any() or found.is_open.all():
        return ()
    text = Text(
        "没有约束要求覆盖任何人：驿站最少的方案不新增任何驿站，并关停现有 {n} 座。"
        "请加上 cover_everyone、coverage_target 或 keep_open。",
        "No rule asks that anybody is covered: the fewest stations are reached by opening nothing and closing the "
        "{n} stations of today. Add cover_everyone, coverage_target or keep_open.",
    ).format(n=np.count_nonzero(closed))
    return (Note("siting.nothing_asked", "warning", text, tuple(map(str, problem.ids(closed)[:20]))),)


def _opened_by(problem: SitingProblem, start: Solution) -> Mask:
    """Return the sites that an answer has open, as far as this problem knows them."""
    place = problem.site_ids.get_indexer(pd.Index([*start.opened, *start.kept]))
    is_open = np.zeros(len(problem.site_ids), dtype=bool)
    is_open[place[place >= 0]] = True
    return is_open


def assigned_by_id(problem: SitingProblem, assigned: Assigned) -> tuple[dict[Any, Any] | None, ...]:
    """Return who goes where by ids, as `Solution.assigned` holds it."""
    return tuple(_by_id(problem, places) for places in assigned)


def refuse_faults(faults: Iterable[Fault]) -> None:
    """Refuse what a constraint finds at fault in a problem."""
    found = list(faults)
    if found:
        raise refused(found)


def _by_id(problem: SitingProblem, places: Positions | None) -> dict[Any, Any] | None:
    """Return the station of each demand point whose people have one, in order of id."""
    if places is None:
        return None
    goes = [point for point in in_order(problem.demand_ids) if places[point] >= 0]
    return {native(problem.demand_ids[point]): native(problem.site_ids[places[point]]) for point in goes}


def strategies(
    problem: SitingProblem, objective: Any, constraints: Iterable[Any]
) -> tuple[Objective, tuple[Constraint, ...]]:
    """Make the objective and the constraints, with the faults of all of them at once."""
    wish: Objective | None = None
    rules: tuple[Constraint, ...] = ()
    faults: list[Fault] = []
    try:
        wish = objective_from(objective)
    except InputError as error:
        faults += error.faults
    try:
        rules = constraints_from(constraints)
    except InputError as error:
        faults += error.faults
    rules = rules if problem.replaces is None else (*rules, Replacing())
    faults += [fault for rule in rules for fault in rule.faults(problem)]
    faults += _repeated(rules)
    faults += [] if wish is None else [*wish.faults(problem), *_room_faults(wish, rules)]
    if faults or wish is None:
        raise refused(faults)
    return wish, tuple(rule.under(reaches_everyone=wish.reaches_everyone) for rule in rules)


def _repeated(rules: tuple[Constraint, ...]) -> list[Fault]:
    """Refuse two constraints that both say where people go."""
    if sum(isinstance(rule, Capacity) for rule in rules) < 2:
        return []
    return [Fault("constraints.capacity", Text("出现多次", "given more than once"), Text("一次", "once"))]


def _room_faults(wish: Objective, rules: Iterable[Constraint]) -> list[Fault]:
    """Return a fault where people are assigned to stations and the objective does not know how to count that."""
    if wish.allows_room or not any(isinstance(rule, Capacity) for rule in rules):
        return []
    found = Text("{name} 与 capacity 同用", "{name} beside capacity").format(name=wish.name)
    counted = ", ".join(each.name for each in OBJECTIVES if each.allows_room)
    return [Fault("objective", found, Text("可用：{names}", "one of {names}").format(names=counted), column="name")]


def _check_limits(time_limit_s: float, gap: float) -> None:
    usable = is_number(time_limit_s) and is_number(gap) and 0 < time_limit_s < np.inf and 0 <= gap < 1
    if not usable:
        raise InputError(
            Text(
                "time_limit_s 须大于 0，gap 须在 0 与 1 之间。", "time_limit_s must be above 0, gap from 0 to below 1."
            )
        )


def _recounted(
    problem: SitingProblem, objective: Objective, constraints: tuple[Constraint, ...], found: Found
) -> float:
    """Count the objective ourselves and check every constraint; a bound that the plan beats is no bound."""
    broken = [rule for rule in constraints if not rule.allows(problem, found.is_open)]
    never = (problem.always_open & ~found.is_open) | (problem.excluded & found.is_open)
    if broken or never.any():
        raise SolverError(
            Text("求解器的方案违反约束：{names}。", "The solver's plan breaks: {names}.").format(
                names=", ".join(rule.name for rule in broken) or "status"
            )
        )
    worth = objective.evaluate(problem, found.is_open)
    beyond = worth - found.bound if objective.sense == "max" else found.bound - worth
    if beyond > 1e-6 * max(1.0, abs(worth)):
        raise SolverError(
            Text("方案 {worth} 优于求解器的界 {bound}。", "A plan worth {worth} beats the bound {bound}.").format(
                worth=f"{worth:.10g}", bound=f"{found.bound:.10g}"
            )
        )
    return worth


def _told(problem: SitingProblem, step: Step, is_open: Mask) -> SolvedStep:
    """Return one of several objectives as people read it, by our own count."""
    wish, unit = step.objective, step.objective.unit(problem)
    return SolvedStep(
        wish.name,
        wish.evaluate(problem, is_open) / unit,
        float(step.bound) / unit if np.isfinite(step.bound) else None,
        step.stopped,
        _of_today(problem, wish),
    )


def _of_today(problem: SitingProblem, wish: Objective) -> float | None:
    """Return the objective with the stations of today alone, None where it has none."""
    worth = wish.evaluate(problem, problem.existing) / wish.unit(problem)
    return worth if np.isfinite(worth) else None


def _silently(_: Text) -> None:
    return None
