"""Solve a programme: one problem for the whole way, counted again phase by phase, and compared with simpler ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault, InfeasibleError, SolverError
from planner.model import Solution
from planner.siting.actions import actions_of, known
from planner.siting.constraints import Constraint
from planner.siting.objectives import Objective
from planner.siting.parameters import refused, unknown
from planner.siting.phases.columns import TODAY, Columns, Positions
from planner.siting.phases.phase import Phase, merged, phases_from
from planner.siting.phases.programme import Alone, PhasePlan, Programme
from planner.siting.phases.rules import phase_faults, rules_of
from planner.siting.problem import FEN_PER_CNY, Mask, SitingProblem
from planner.siting.solving import solve, strategies, uninterrupted


def solve_phases(
    problem: SitingProblem,
    phases: Iterable[Phase | Mapping[str, Any]],
    objective: Objective | str | dict[str, Any] = "max_coverage",
    constraints: Iterable[Constraint | dict[str, Any]] = (),
    *,
    opens_from: Mapping[Any, str] | None = None,
    compare: bool = True,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    seed: int = 0,
    progress: Callable[[Text], None] | None = None,
) -> Programme:
    """Choose what opens in which phase, so that the sum over phases of years × objective is best.

    Under `longest_walk` it is the longest of any phase, under `fewest_sites` and `least_cost` the state at the end.

    What is open stays open, unless an action replaces it. Ties are broken as in `solve`.

    Parameters
    ----------
    problem : SitingProblem
    phases : iterable of Phase or mapping with `name`
    objective : Objective, name, or mapping with `name`
        All but `in_order`.
    constraints : iterable of Constraint or mapping with `name`
        For what is open after the last phase; all but `capacity`.
    opens_from : mapping, optional
        Site id -> name of the first phase in which it may open; for a station under construction the phase in which it
        does. The first phase where nothing is said.
    compare : bool
        Also find the best plan of each phase alone, the way year after year, and the best way to the best end.
    time_limit_s : float
        Seconds for the programme itself; the comparisons may take as many again.
    gap, seed, progress
        As in `solve`.

    Raises
    ------
    PlanFileError, InfeasibleError, SolverError
        As `solve`.

    Examples
    --------
    >>> problem = SitingProblem.from_costs([[1, 9], [9, 1]], [10, 30], max_walk=2, cost_cny=[5, 5])
    >>> years = [{"name": "2026", "max_cost_cny": 5}, {"name": "2027", "max_cost_cny": 5}]
    >>> [each.opened for each in solve_phases(problem, years).phases]
    [(1,), (0,)]
    """
    stages = phases_from(phases)
    first = _first(problem, stages, opens_from or {})
    wish, rules = _strategies(problem, objective, constraints)
    columns = Columns.of(problem, stages, first)
    asked = _Asked(wish, rules, time_limit_s, gap, seed)
    must = columns.sites.required
    found = asked.solved(columns, rules, must, time_limit_s, progress)
    programme = _programme(columns, asked, found)
    return _compared(programme, columns, problem, asked) if compare else programme


def _programme(columns: Columns, asked: _Asked, found: Solution) -> Programme:
    """Return a solution over columns as a programme, counted again."""
    is_open = _chosen(columns, found)
    plans = tuple(_phase_plan(columns, asked.wish, is_open, number) for number in range(len(columns.phases)))
    _recount(columns, asked.wish, plans, found)
    _refuse_broken(asked.rules, columns, is_open)
    told = _told(columns, is_open, found)
    return Programme(told, plans, asked.wish.sense, over_phases=asked.wish.over_phases)


def _refuse_broken(rules: tuple[Constraint, ...], columns: Columns, is_open: Mask) -> None:
    """Check the constraints of the plan for what is open at the end."""
    now = columns.open_after(is_open, len(columns.phases) - 1)
    broken = [rule.name for rule in rules if not rule.allows(columns.sites, now)]
    if broken:
        raise _wrong(same(", ".join(broken)))


@dataclass(frozen=True)
class _Asked:
    """What is asked of every way that is compared."""

    wish: Objective
    rules: tuple[Constraint, ...]
    time_limit_s: float
    gap: float
    seed: int

    def solved(
        self,
        columns: Columns,
        rules: tuple[Constraint, ...],
        must: Mask,
        seconds: float,
        progress: Callable[[Text], None] | None = None,
        closed: Mask | None = None,
    ) -> Solution:
        """Solve a programme; `closed` are columns that are not to open."""
        problem = columns.problem
        if closed is not None:
            problem = replace(problem, status=np.where(closed, "excluded", problem.status).astype(object))
        given = rules_of(columns, rules, must)
        answer = solve(problem, self.wish, given, time_limit_s=seconds, gap=self.gap, seed=self.seed, progress=progress)
        return uninterrupted(answer)


def _chosen(columns: Columns, found: Solution) -> Mask:
    """Return the columns that a solution opens, shape (columns,)."""
    is_open = np.zeros(len(columns.site), dtype=bool)
    is_open[list(found.open_sites)] = True
    return is_open


def _first(problem: SitingProblem, phases: tuple[Phase, ...], opens_from: Mapping[Any, str]) -> Positions:
    """Return the first phase of each site; every unknown site and phase is a fault."""
    number = {phase.name: place for place, phase in enumerate(phases)}
    faults = [
        Fault("opens_from", unknown(site), Text("站点编号", "the id of a site"))
        for site in opens_from
        if site not in problem.site_ids
    ]
    faults += [
        Fault("opens_from", unknown(name), same(" | ".join(number)), column=str(site))
        for site, name in opens_from.items()
        if name not in number
    ]
    if faults:
        raise refused(faults)
    return np.array([number[opens_from[site]] if site in opens_from else 0 for site in problem.site_ids], dtype=np.intp)


def _strategies(
    problem: SitingProblem, objective: Any, constraints: Iterable[Any]
) -> tuple[Objective, tuple[Constraint, ...]]:
    """Return objective and constraints of the plan; what a programme cannot heed is refused."""
    wish, rules = strategies(problem, objective, constraints)
    faults = phase_faults(problem, wish, rules)
    if faults:
        raise refused(faults)
    return wish, tuple(rule for rule in rules if rule.name != "actions")


def _phase_plan(columns: Columns, wish: Objective, is_open: Mask, number: int) -> PhasePlan:
    """Tell one phase, counted on the sites as they are."""
    sites, when = columns.sites_in(number), columns.opens_in(is_open)
    now = columns.open_after(is_open, number)
    before = sites.existing if number == 0 else columns.open_after(is_open, number - 1)
    opened, closed = now & ~before, before & ~now
    assert np.array_equal(opened, when == number)
    steps = actions_of(replace(sites, status=_as_today(sites, before, opened)), now)
    people = tuple(math.fsum(need.people) for need in sites.needs)
    covered = tuple(math.fsum(need.people[need.covered(now)]) for need in sites.needs)
    cost_cny = known(sites.cost_of_new(opened) + sites.cost_of_closing(closed))
    return PhasePlan(
        columns.phases[number],
        sites.ids(opened),
        sites.ids(closed),
        sites.ids(now),
        steps,
        cost_cny,
        wish.evaluate(sites, now) / wish.unit(sites),
        people,
        covered,
    )


def _as_today(sites: SitingProblem, before: Mask, opened: Mask) -> np.ndarray:
    """Return statuses that tell the actions of one phase alone: what is not touched by it is no station of today."""
    replaced = sites.replaced_by @ opened.astype(np.float64) > 0
    touched = opened | (sites.existing & before & replaced)
    return np.where(touched, sites.status, "excluded").astype(object)


def _recount(columns: Columns, wish: Objective, plans: tuple[PhasePlan, ...], found: Solution) -> None:
    """Count the way again on the sites as they are: objective, money, stations, and that what is open stays open."""
    worth = _of_the_way(wish, plans)
    if abs(worth - found.objective) > 1e-6 * max(1.0, abs(worth)):
        raise _wrong(
            Text("目标值 {a} 与 {b}", "objective {a} and {b}").format(a=f"{worth:.10g}", b=f"{found.objective:.10g}")
        )
    left_fen = 0.0
    stations = set(columns.sites.ids(columns.sites.existing))
    for plan in plans:
        limit_fen = left_fen + np.rint(plan.phase.limit_cny * FEN_PER_CNY)
        spent_fen = 0.0 if plan.cost_cny is None else round(plan.cost_cny * FEN_PER_CNY)
        least, most = plan.phase.count
        added = sum(action.action != "close" and not action.replaces for action in plan.actions)
        lost = stations - set(plan.open_sites) - {site for action in plan.actions for site in action.replaces}
        if spent_fen > limit_fen or not least <= added <= most or lost:
            raise _wrong(Text("阶段「{name}」", "phase “{name}”").format(name=plan.phase.name))
        left_fen = limit_fen - spent_fen if plan.phase.carries_over else 0.0
        stations = set(plan.open_sites)


def _of_the_way(wish: Objective, plans: tuple[PhasePlan, ...]) -> float:
    """Return the objective of a way from those of its phases."""
    if wish.over_phases == "worst":
        return max(plan.objective for plan in plans)
    if wish.over_phases == "end":
        return plans[-1].objective
    return math.fsum(plan.phase.years * plan.objective for plan in plans)


def _wrong(what: Text) -> SolverError:
    return SolverError(
        Text("分期方案的复核不一致：{what}。", "Counting the phases again does not agree: {what}.").format(what=what)
    )


def _told(columns: Columns, is_open: Mask, found: Solution) -> Solution:
    """Return the solution in terms of sites: what is open after the last phase."""
    sites = columns.sites
    now = columns.open_after(is_open, len(columns.phases) - 1)
    is_new = now & sites.new
    return replace(
        found,
        opened=sites.ids(is_new),
        kept=sites.ids(now & ~is_new),
        closed=sites.ids(sites.existing & ~now),
        cost_cny=known(sites.cost_of(now)),
        actions=actions_of(sites, now),
    )


def _compared(programme: Programme, columns: Columns, problem: SitingProblem, asked: _Asked) -> Programme:
    """Add the best plan of each phase alone, the way phase after phase, and the best way to the best end.

    Where the programme is not proven and another way is better, that way is the programme.
    """
    phases, first = columns.phases, columns.first
    seconds = asked.time_limit_s / (2 * len(phases) + 1)
    until = [phases[: number + 1] for number in range(len(phases))]
    alones = [_alone(problem, each, first, len(phases), asked, seconds) for each in until]
    greedy = _greedy(columns, problem, asked, seconds)
    end = None if alones[-1] is None else _to_the_end(columns, problem, asked, alones[-1].opened, seconds)
    for other in (greedy, end):
        programme = _better(programme, columns, asked, other)
    plans = tuple(replace(plan, alone=alone) for plan, alone in zip(programme.phases, alones, strict=True))
    worth = [None if other is None else other.objective for other in (greedy, end)]
    return replace(programme, phases=plans, greedy=worth[0], end_only=worth[1])


def _better(programme: Programme, columns: Columns, asked: _Asked, other: Solution | None) -> Programme:
    """Return the other way as the programme, with the bound of this one, where it is better."""
    ours = programme.solution
    if other is None or ours.status == "optimal":
        return programme
    sign = 1.0 if asked.wish.sense == "max" else -1.0
    if sign * (other.objective - ours.objective) <= 1e-9 * max(1.0, abs(ours.objective)):
        return programme
    found = replace(
        ours,
        opened=other.opened,
        kept=other.kept,
        objective=other.objective,
        gap=abs(ours.bound - other.objective) / (abs(other.objective) or 1.0),
    )
    return _programme(columns, asked, found)


def _alone(
    problem: SitingProblem, phases: tuple[Phase, ...], first: Positions, count: int, asked: _Asked, seconds: float
) -> Alone | None:
    """Return the best plan with everything that these phases may spend, as if there were only this one."""
    number = len(phases) - 1
    columns = Columns.of(problem, (merged(phases),), np.where(first <= number, 0, 1))
    is_last = number == count - 1
    must = columns.sites.required if is_last else np.zeros(len(problem.site_ids), dtype=bool)
    try:
        found = asked.solved(columns, asked.rules if is_last else (), must, seconds)
    except (InfeasibleError, SolverError):
        return None
    opened = _told(columns, _chosen(columns, found), found).opened
    return Alone(found.objective, found.bound, found.status == "optimal", opened)


def _greedy(columns: Columns, problem: SitingProblem, asked: _Asked, seconds: float) -> Solution | None:
    """Return the way that makes the best of each phase, one after the other, over the programme's columns."""
    phases = columns.phases
    done = np.full(len(problem.site_ids), -2)
    for number in range(len(phases)):
        is_last = number == len(phases) - 1
        now = Columns.of(problem, phases[: number + 1], columns.first).looking_at(number)
        must = now.sites.required & is_last
        earlier = (now.phase >= 0) & (now.phase < number) & now.sites.new[now.site]
        closed = earlier & (done[now.site] != now.phase)
        try:
            found = asked.solved(now, asked.rules if is_last else (), must | (done >= 0), seconds, closed=closed)
        except (InfeasibleError, SolverError):
            return None
        when = now.opens_in(_chosen(now, found))
        done = np.where(now.sites.new & (when >= 0), when, done)
    return _way(columns, asked, done)


def _way(columns: Columns, asked: _Asked, when: Positions) -> Solution:
    """Return a way as a solution over columns, with its own count of the objective and nothing proven."""
    replaced = columns.sites.replaced_by @ (when >= 0).astype(np.float64) > 0
    of_today = (columns.phase == TODAY) & ~replaced[columns.site]
    built = columns.sites.under_construction[columns.site]
    is_open = of_today | built | ((columns.phase == when[columns.site]) & columns.sites.new[columns.site])
    plans = tuple(_phase_plan(columns, asked.wish, is_open, number) for number in range(len(columns.phases)))
    worth, chosen = _of_the_way(asked.wish, plans), tuple(np.flatnonzero(is_open).tolist())
    return Solution("feasible", "time_limit", chosen, (), (), worth, math.nan, math.nan, 0.0)


def _to_the_end(
    columns: Columns, problem: SitingProblem, asked: _Asked, opened: tuple[Any, ...], seconds: float
) -> Solution | None:
    """Return the best way to a given end, None if the phases do not lead there."""
    wanted = problem.site_ids.isin(list(opened))
    closed = columns.sites.new[columns.site] & ~wanted[columns.site]
    try:
        return asked.solved(columns, asked.rules, wanted, seconds, closed=closed)
    except (InfeasibleError, SolverError):
        return None
