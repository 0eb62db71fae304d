"""The worst-served first: one share after the other is made large, each proven before the next is asked for.

A plan in which the first shares, sorted, are c proven ones is at hand. Then the next smallest share is made as large as
it can be (a linear goal: no less than any but c of the shares); then as many shares as possible are brought above it.
If all but c can be, it was not the largest after all, and is looked for again; otherwise those that cannot are proven
to stand there, and c grows. Shares are compared as fractions by our own count, and "above" is a whole number of people:
what the solver rounds decides nothing. See Ogryczak & Sliwinski (2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from planner.bilingual import Text, same
from planner.errors import SolverError
from planner.model import Note
from planner.siting.linear import Expression
from planner.siting.objectives import Fairest, Objective
from planner.siting.problem import Mask, SitingProblem
from planner.siting.shares import Shares
from planner.siting.solvers.fair_model import FairModel
from planner.siting.solvers.highs import Answer, Limits, solve_columns
from planner.siting.solvers.program import Goal
from planner.siting.solvers.search import Terrain, climb, greedy
from planner.siting.solvers.settle import TIE_NODES, contradiction
from planner.siting.solvers.shares_held import SharesHeld
from planner.siting.solvers.stage import Found, Stage

#: So many ways to spread the same shares at most are looked at to break ties.
_MOST_SPREADS = 12

#: So many choices at most are ruled out one by one because only a tolerance allows them.
_RULED_OUT = 20

#: The largest share is looked for so closely; whether there is a larger one is then asked exactly.
_CLOSE = 1e-7


class _Unanswered(Exception):  # noqa: N818
    """A question was not answered: time was up, or a plan was within the gap asked for."""

    def __init__(self, stopped: Literal["gap", "time_limit"] = "time_limit", bound: float = 1.0) -> None:
        self.stopped = stopped
        self.bound = bound


@dataclass(frozen=True)
class Even(Objective):
    """Nothing: every plan that the rules allow is as good as any other."""

    name: ClassVar[str] = "even"
    label: ClassVar[Text] = same("—")
    sense: ClassVar[Literal["max", "min"]] = "max"

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:  # noqa: ARG002
        """Return 0."""
        return 0.0

    def expression(self, problem: SitingProblem) -> Expression:
        """Return nothing."""
        return Expression.of(problem)


@dataclass(eq=False)
class FairSearch:
    """The best plan so far, how many of its shares are proven, and those as levels: so many reach each of them."""

    stage: Stage
    counted: Shares
    fair: FairModel
    best: Mask
    proven: int = 0
    levels: list[tuple[Fraction, int]] = field(default_factory=list)

    def settled(self) -> Found:
        """Prove one share after the other."""
        decided, number, bound = self.stage.decided, len(self.fair.counters), 1.0
        try:
            while self.proven < number:
                raised = self._raise(number - self.proven)
                bound = bound if self.proven else raised
                self._bring_above(number - self.proven)
        except _Unanswered as end:
            worth = self.stage.worth(self.best)
            limit = worth if self.proven else max(worth, min(bound, end.bound))
            return Found(self.best, limit, end.stopped, decided, (_unproven(self.proven),) if self.proven else ())
        return Found(self.best, self.stage.worth(self.best), "proven", decided)

    def spreads(self) -> list[tuple[tuple[Fraction, ...], Mask]] | None:
        """Return every way to spread the proven shares, each with a plan; None if they are many or not proven."""
        found = [(self._under(self.best), self.best)]
        ruled_out: list[Mask] = []
        while len(found) + len(ruled_out) <= _MOST_SPREADS:
            fair = self.fair.held(self.levels, found[0][0])
            for shares, _ in found:
                fair.elsewhere(shares)
            for chosen in ruled_out:
                fair.without(chosen)
            answer = solve_columns(fair.model(), self._limits(nodes=TIE_NODES))
            if answer.end == "infeasible":
                return found
            if answer.chosen is None:
                return None
            plan = self._opened(answer.chosen)
            shares = self._under(plan)
            is_other = all(shares != other for other, _ in found) and sorted(shares) == self._sorted(self.best)
            if is_other and self.stage.is_allowed(plan):
                found.append((shares, plan))
            else:
                ruled_out.append(answer.chosen)
        return None

    def held_to(self, shares: tuple[Fraction, ...]) -> Stage:
        """Return the stage in which these shares are a rule, and every plan that keeps it is as good."""
        held, stage = SharesHeld(self.counted, shares, self.fair), self.stage
        task = replace(stage.task, constraints=(*stage.task.constraints, held))
        return replace(stage, task=task, rules=(*stage.rules, held.rows(task.problem)), goals=(Even(),))

    def _raise(self, number: int) -> float:
        """Make the smallest share but the proven ones large; return a bound on it."""
        given = self._under(self.best)
        fair = self.fair.held(self.levels, given)
        fair.raised(
            given, self._sorted(self.best)[self.proven], number, self.levels[0][0] if self.levels else Fraction(0)
        )
        gap = 0.0 if self.proven else self.stage.task.gap
        answer = self._asked(fair, self._limits(gap, _CLOSE))
        if answer.chosen is not None:
            self._take(self._opened(answer.chosen))
        bound = answer.bound if np.isfinite(answer.bound) else 1.0
        if answer.end in ("gap", "time_limit", "node_limit"):
            raise _Unanswered("gap" if answer.end == "gap" else "time_limit", bound)
        return bound

    def _bring_above(self, number: int) -> None:
        """Bring as many shares as possible above the smallest but the proven ones: those that cannot are proven."""
        smallest = self._sorted(self.best)[self.proven]
        above = self._most_above([*self.levels, (smallest, number)])
        if above < number:
            self.levels.append((smallest, number))
            self.proven = len(self.fair.counters) - above

    def _most_above(self, levels: list[tuple[Fraction, int]]) -> int:
        """Return how many can stand above the last level; the best plan does then."""
        smallest = levels[-1][0]
        fair = self.fair.held(levels, self._under(self.best), above=True)
        for ruled_out in range(_RULED_OUT):
            limits = self._limits(absolute=0.999)
            answer = solve_columns(fair.model(), limits) if ruled_out else self._asked(fair, limits)
            if answer.end == "infeasible":
                return self._above(smallest)
            if answer.chosen is None or answer.end != "proven":
                raise _Unanswered
            self._take(self._opened(answer.chosen))
            if self._above(smallest) >= round(answer.claim):
                return self._above(smallest)
            fair.without(answer.chosen)
        raise _Unanswered

    def _take(self, plan: Mask) -> None:
        """Keep a plan if it is allowed and better, by our own count."""
        if self.stage.is_allowed(plan) and self._sorted(plan) > self._sorted(self.best):
            self.best = plan

    def _above(self, share: Fraction) -> int:
        return sum(each > share for each in self._under(self.best))

    def _under(self, is_open: Mask) -> tuple[Fraction, ...]:
        return self.counted.under(self.stage.task.problem, is_open)

    def _sorted(self, is_open: Mask) -> list[Fraction]:
        return sorted(self._under(is_open))

    def _opened(self, chosen: Mask) -> Mask:
        return self.stage.decided.opened(self.fair.program, chosen)

    def _limits(self, gap: float = 0.0, absolute: float = 0.0, nodes: int | None = None) -> Limits:
        task = self.stage.task
        return Limits(task.seconds_left, gap, absolute, nodes, task.seed)

    def _asked(self, fair: FairModel, limits: Limits) -> Answer:
        if limits.seconds <= 0:
            raise _Unanswered
        answer = solve_columns(fair.model(), limits, fair.start(self.best[fair.program.free]))
        if answer.end == "infeasible":
            raise contradiction()
        return answer


def settle_fairest(stage: Stage) -> tuple[FairSearch, Found] | None:
    """Return the plan that serves the worst-served best, None if no plan keeps the rules.

    Raises
    ------
    SolverError
        If the solver fails or time is up before any plan was found.
    """
    wish = stage.goals[-1]
    assert isinstance(wish, Fairest)
    counted = wish.counted(stage.task.problem)
    fair = FairModel.of(stage, counted.counted)
    best = _first(stage, fair) if fair.program.is_possible else None
    if best is None:
        return None
    search = FairSearch(stage, counted, fair, best)
    return search, search.settled()


def _first(stage: Stage, fair: FairModel) -> Mask | None:
    """Return a plan that covers a large share on average; any plan where that one is not allowed."""
    program = fair.program
    parts: Sequence[Goal] = [counter.goal for counter in fair.counters]
    people = [counter.people for counter in fair.counters]
    of_site, of_set = np.zeros(len(program.free)), np.zeros(program.sets.shape[0])
    for goal, each in zip(parts, people, strict=True):
        of_site, of_set = of_site + goal.of_site / each, of_set + goal.of_set / each
    terrain = Terrain.of(program, [Goal(of_site, of_set, 0.0)])
    begin = np.zeros(len(program.free), dtype=bool) if stage.given is None else stage.given[program.free]
    is_open = stage.decided.opened(program, climb(terrain, greedy(terrain, begin)))
    if stage.is_allowed(is_open):
        return is_open
    if stage.given is not None and stage.is_allowed(stage.given):
        return stage.given
    for _ in range(_RULED_OUT):
        answer = solve_columns(fair.model(), Limits(stage.task.seconds_left, seed=stage.task.seed))
        if answer.end == "infeasible":
            return None
        if answer.chosen is None:
            break
        is_open = stage.decided.opened(program, answer.chosen)
        if stage.is_allowed(is_open):
            return is_open
        fair.without(answer.chosen)
    raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))


def _unproven(proven: int) -> Note:
    text = Text(
        "最低的 {n} 个覆盖率已证明不能再高；其后的覆盖率未能证明。",
        "The {n} smallest shares are proven as large as they can be; those after them are not proven.",
    )
    return Note("siting.fairest_unproven", "warning", text.format(n=proven))
