"""What the answer is worth: how sure it is, what each station is worth, what else is as good, what more would bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.bilingual import Text, same
from planner.errors import InputError
from planner.model import Need, Solution
from planner.model.walking import is_number
from planner.siting.constraints import Budget, Constraint
from planner.siting.objectives import Fairest, InOrder, MaxCoverage, Objective
from planner.siting.problem import SitingProblem
from planner.siting.solving import refuse_faults, strategies
from planner.siting.worth.certificate import certificate
from planner.siting.worth.different import Different, different_plans
from planner.siting.worth.fairness import fairness_traced, held_means, level_compared
from planner.siting.worth.frontier import traced
from planner.siting.worth.next_steps import Step, next_steps
from planner.siting.worth.points import Frontier
from planner.siting.worth.question import Clock, Question, is_about_who_goes_where
from planner.siting.worth.stations import StationWorth, station_worths

#: In larger problems nothing is solved again. A count of work and no time, so that two machines agree.
MOST_WALKS = 50_000

#: The same where every walk counts, for these problems take far longer to prove.
MOST_WALKS_COUNTED = 1_000

#: A frontier has no more points than this.
_POINTS = 8

#: A step that is larger is a slip.
_LARGEST_STEP_CNY = 1e12


@dataclass(frozen=True)
class Worth:
    """What a plan is worth. Everything is counted without the solver, or proven by it.

    Parameters
    ----------
    certificate : Text
        How sure the plan is to be the best.
    stations : tuple of StationWorth
        Each open station, new ones first, in order of id.
    steps : tuple of Step
        What a little more, and a little less, would bring.
    step_cny : float
        How much money a step is, CNY.
    different : Different or None
        Really different plans nearly as good; None where not looked for, or where no station could be another.
    frontiers : tuple of Frontier
    skipped : Text or None
        Why nothing was solved again, or nothing but frontiers of people covered.
    time_limit_s : float
        Seconds within which everything had to be proven.
    objective : Objective
        What was made better.
    needs : tuple of Need or None
    least_share : float or None
        On the frontier against fairness, where the plan stands: the share of its worst-served, 0 to 1.
    """

    certificate: Text
    stations: tuple[StationWorth, ...]
    steps: tuple[Step, ...]
    step_cny: float
    different: Different | None
    frontiers: tuple[Frontier, ...]
    skipped: Text | None
    time_limit_s: float
    objective: Objective
    needs: tuple[Need | None, ...]
    least_share: float | None = None

    def of_station(self, site: Any) -> StationWorth | None:
        """Return what one station is worth; None for a site that is not open."""
        return next((one for one in self.stations if one.site == site), None)

    def in_words(self, amount: float) -> Text:
        """Return an amount of the objective with its unit."""
        return self.objective.in_words(amount, self.needs)

    @property
    def judged_by(self) -> Text:
        """By what plans are called as good, where the objective is more than one figure."""
        return _JUDGED_BY.get(self.objective.name, same(""))

    @property
    def no_regret(self) -> tuple[Any, ...]:
        """Sites proven to stand in every plan nearly as good: without them every plan is worse than that."""
        if self.different is None:
            return ()
        found = self.different.in_all
        return tuple(one.site for one in self.stations if one.site in found and self._beyond(one))

    def _beyond(self, station: StationWorth) -> bool:
        assert self.different is not None
        return station.loss is not None and station.loss > self.different.room


def worth_of(
    problem: SitingProblem,
    solution: Solution,
    objective: Objective | str | dict[str, Any] = "max_coverage",
    constraints: Iterable[Constraint | dict[str, Any]] = (),
    *,
    time_limit_s: float = 20.0,
    step_cny: float = 100_000.0,
    share: float = 0.01,
    others: int = 2,
    plans: int = 5,
    fairness_of: str | None = None,
    seed: int = 0,
) -> Worth:
    """Say what a solution is worth.

    The certificate, the people lost without each station and the best exchanges are always told. What must be solved
    again (whether a station is irreplaceable, other plans, the next money, frontiers) is looked at only where the plan
    is proven and the problem has no more than `MOST_WALKS` walks, and only as long as there is time. Where every walk
    counts and there are more than `MOST_WALKS_COUNTED`, nothing but frontiers is traced, of people covered.

    Parameters
    ----------
    problem : SitingProblem
    solution : Solution
        What `solve` returned for the same problem, objective and constraints.
    objective, constraints
        As for `solve`.
    time_limit_s : float
        Seconds for everything that is solved again; 0 for nothing.
    step_cny : float
        The next money, CNY, from 1 to 1e12.
    share : float
        How much worse a really different plan may be.
    others : int
        How many stations it must do without.
    plans : int
        How many such plans to look for.
    fairness_of : str, optional
        Whose shares the frontier against fairness compares: those of each `community`, `grid` or `need`; the first of
        these that has several where not given.
    seed : int

    Raises
    ------
    InputError
        If `step_cny` is no such amount.
    PlanFileError
        If the objective or a constraint is unknown, or areas are compared that the problem does not know.

    Examples
    --------
    >>> from planner.siting import solve
    >>> problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 2], [9, 9, 9]], [30, 20, 10], max_walk=5)
    >>> rules = [{"name": "station_count", "stations": 2}]
    >>> worth = worth_of(problem, solve(problem, constraints=rules), constraints=rules)
    >>> [(one.site, one.verdict, one.people_lost) for one in worth.stations]
    [(0, 'irreplaceable', (30.0,)), (1, 'swappable', (20.0,))]
    """
    if not (is_number(step_cny) and 1 <= step_cny <= _LARGEST_STEP_CNY):
        raise InputError(Text("step_cny 须在 1 与 1e12 之间。", "step_cny must be from 1 to 1e12."))
    wish, rules = strategies(problem, objective, constraints)
    needs = tuple(need.need for need in problem.needs)
    if fairness_of is not None:
        refuse_faults(Fairest(of=fairness_of).faults(problem))
    told = certificate(solution, wish, rules, needs)
    if is_about_who_goes_where(problem, rules):
        return Worth(told, (), (), step_cny, None, (), _WHO_GOES_WHERE, time_limit_s, wish, needs)
    question = Question(problem, wish, rules, seed)
    of = None if question.has_room else fairness_of or level_compared(problem, wish)
    skipped = _why_skipped(problem, wish, solution, time_limit_s)
    if skipped is not None:
        stations = station_worths(question, solution, None)
        frontiers = _of_people(question, solution, time_limit_s, step_cny, of)
        least = _least_share(question, solution, of) if frontiers else None
        return Worth(told, stations, (), step_cny, None, frontiers, skipped, time_limit_s, wish, needs, least)
    clock = Clock(time_limit_s)
    return Worth(
        told,
        station_worths(question, solution, clock),
        next_steps(question, solution, clock, step_cny),
        step_cny,
        different_plans(question, solution, clock, share=share, others=others, most=plans),
        (*_frontiers(question, solution, clock, step_cny), *_fairness(question, solution, clock, of)),
        None,
        time_limit_s,
        wish,
        needs,
        _least_share(question, solution, of),
    )


def _least_share(question: Question, solution: Solution, of: str | None) -> float | None:
    if of is None:
        return None
    return float(Fairest(of=of).evaluate(question.problem, question.is_open(solution)))


_JUDGED_BY = {
    InOrder.name: Text("按首要目标，", " by the first aim"),
    Fairest.name: Text("按最低覆盖率，", " by the smallest share"),
}

_WHO_GOES_WHERE = Text(
    "驿站容量有限，缺一座会改变许多人的去处，未逐站比较。",
    "Stations have room for so many only: one that is missing sends many people elsewhere, so they were not compared.",
)


def _why_skipped(problem: SitingProblem, wish: Objective, solution: Solution, time_limit_s: float) -> Text | None:
    """Return why nothing is solved again; None where it is."""
    if solution.status != "optimal":
        return Text(
            "方案本身尚未证明最优，未再比较其他方案。", "The plan itself is not proven, so no others were compared."
        )
    walks = sum(need.walk.nnz for need in problem.needs)
    most = MOST_WALKS_COUNTED if wish.reaches_everyone else MOST_WALKS
    if walks > most:
        return Text(
            "就此目标而言研究较大（{n} 对步行关系，超过 {most}），未再比较其他方案。",
            "The study is large for this objective ({n} walks, more than {most}), so no other plans were compared.",
        ).format(n=f"{walks:,}", most=f"{most:,}")
    if time_limit_s <= 0:
        return Text("按设定，未再比较其他方案。", "As asked for, no other plans were compared.")
    return None


def _of_people(
    question: Question, solution: Solution, time_limit_s: float, step_cny: float, of: str | None
) -> tuple[Frontier, ...]:
    """Trace people covered where the objective counts too many walks: only those within the standard matter then."""
    problem = question.problem
    is_large = sum(need.within_reach.nnz for need in problem.needs) > MOST_WALKS
    if not question.objective.reaches_everyone or question.has_room or is_large:
        return ()
    if solution.status != "optimal" or time_limit_s <= 0:
        return ()
    clock = Clock(time_limit_s)
    by_people = question.like(MaxCoverage())
    traced_now = _frontiers(by_people, solution, clock, step_cny)
    return (*traced_now, *_fairness(question, solution, clock, of))


def _frontiers(question: Question, solution: Solution, clock: Clock, step_cny: float) -> tuple[Frontier, ...]:
    """Trace people against the number of stations, and against money where every cost is known."""
    problem, is_open = question.problem, question.is_open(solution)
    candidates = int(np.count_nonzero(problem.added))
    opened = int(np.count_nonzero(is_open & problem.added))
    last = min(max(2 * opened, 4), candidates)
    frontiers = [traced(question, "stations", _spread(last), clock)] if candidates else []
    if np.isfinite(problem.cost_cny[problem.new]).all() and problem.cost_cny[problem.new].any():
        budgets = [rule.limit_cny for rule in question.constraints if isinstance(rule, Budget)]
        centre = max([*budgets, question.problem.cost_of(is_open), step_cny])
        last_cny = min(2 * centre, _most_cny(problem))
        steps = _spread(int(np.ceil(last_cny / step_cny)))
        frontiers.append(traced(question, "money", [step * step_cny for step in steps], clock))
    return tuple(frontiers)


def _fairness(question: Question, solution: Solution, clock: Clock, of: str | None) -> tuple[Frontier, ...]:
    """Trace people covered against the share of the worst-served, where there are several to compare."""
    if of is None:
        return ()
    return (fairness_traced(held_means(question, question.is_open(solution)), of, None, clock),)


def _most_cny(problem: SitingProblem) -> float:
    """Return as much as the dearest plan can cost: every site that may open, and every closing that costs something."""
    closing = () if problem.closing_cost_cny is None else (problem.closing_cost_cny,)
    costs = (np.where(problem.new & ~problem.excluded, problem.cost_cny, 0.0), *closing)
    return sum(float(np.nansum(np.maximum(each, 0.0))) for each in costs)


def _spread(last: int) -> list[int]:
    """Return at most so many whole numbers from 0 to the last, evenly."""
    return sorted({round(each) for each in np.linspace(0, last, min(_POINTS, last + 1)).tolist()})
