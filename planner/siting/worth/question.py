"""The question that a plan answers, asked again with other rules, as long as there is time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from planner.bilingual import Text
from planner.errors import InfeasibleError, InputError, SolverError
from planner.model import Solution
from planner.siting.constraints import Capacity, Constraint
from planner.siting.objectives import Objective
from planner.siting.problem import Array, Mask, SitingProblem
from planner.siting.solving import solve, uninterrupted

#: Amounts that differ by less than this share are the same: what `solve` calls a tie.
_SAME = 1e-9


class NotExamined(Exception):  # noqa: N818
    """Time was up before the answer was proven."""


class Clock:
    """The seconds that all further questions may take together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.perf_counter() + seconds

    @property
    def left(self) -> float:
        """Seconds left."""
        return self._end - time.perf_counter()


def is_about_who_goes_where(problem: SitingProblem, constraints: Iterable[Constraint]) -> bool:
    """Whether a set of open stations does not say by itself who is covered: under `capacity` with room."""
    rooms = [rule.rows(problem).room for rule in constraints]
    return any(room is not None and not room.is_nearest for room in rooms)


@dataclass(frozen=True, eq=False)
class Question:
    """A problem with what is better and what is allowed.

    Parameters
    ----------
    problem : SitingProblem
    objective : Objective
    constraints : tuple of Constraint
    seed : int
    """

    problem: SitingProblem
    objective: Objective
    constraints: tuple[Constraint, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        if is_about_who_goes_where(self.problem, self.constraints):
            raise InputError(
                Text(
                    "capacity（with_room）的方案取决于各人去哪一站，此处只比较驿站的组合，不能评估。",
                    "Under capacity with_room a plan depends on who goes where; here only sets of stations are "
                    "compared, so this is not told.",
                )
            )

    def is_allowed(self, is_open: Mask) -> bool:
        """Whether a set of open stations keeps every status and constraint, and the objective is finite for it."""
        problem = self.problem
        never = (problem.always_open & ~is_open) | (problem.excluded & is_open)
        if never.any() or not all(rule.allows(problem, is_open) for rule in self.constraints):
            return False
        return bool(np.isfinite(self.objective.evaluate(problem, is_open)))

    def amount(self, is_open: Mask) -> float:
        """Count the objective for a set of open stations, as a solution tells it."""
        return self.objective.evaluate(self.problem, is_open) / self.objective.unit(self.problem)

    def worse(self, amount: float, than: float) -> float:
        """Return by how much an amount is worse than another one: 0 where they are the same, negative where better."""
        if not np.isfinite(amount):
            return np.inf
        if abs(amount - than) <= _SAME * max(1.0, abs(amount), abs(than)):
            return 0.0
        return than - amount if self.objective.sense == "max" else amount - than

    @property
    def has_room(self) -> bool:
        """Whether stations have room for so many people."""
        return any(isinstance(rule, Capacity) for rule in self.constraints)

    def like(self, objective: Objective) -> Question:
        """Return the same question with another objective."""
        return Question(self.problem, objective, self.constraints, self.seed)

    def asked(self, constraints: Iterable[Constraint], clock: Clock) -> Solution | None:
        """Return the best plan under these constraints, proven; None if there is none.

        Raises
        ------
        NotExamined
            If time is up, or the answer is not proven by then.
        """
        left = clock.left
        if left <= 0:
            raise NotExamined
        try:
            answer = solve(self.problem, self.objective, list(constraints), time_limit_s=left, seed=self.seed)
        except InfeasibleError:
            return None
        except SolverError:
            raise NotExamined from None
        solution = uninterrupted(answer)
        if solution.status != "optimal":
            raise NotExamined
        return solution

    def is_open(self, solution: Solution) -> Mask:
        """Return which sites are open in a solution, shape (sites,)."""
        found: Mask = self.problem.site_ids.isin(list(solution.open_sites))
        return found

    def people(self, is_open: Mask) -> tuple[float, ...]:
        """Count the people covered, for each need."""
        return tuple(total(need.people[need.covered(is_open)]) for need in self.problem.needs)

    @property
    def decided_open(self) -> Mask:
        """Sites that every plan opens by their status or by a rule about them alone, shape (sites,)."""
        is_open = self.problem.always_open.copy()
        for rule in self.constraints:
            rows = rule.rows(self.problem)
            alone = (np.diff(rows.of_open.indptr) == 1) & (rows.lower > 0)
            is_open[rows.of_open[np.flatnonzero(alone)].indices] = True
        return is_open & ~self.problem.excluded


def total(amounts: Array) -> float:
    """Add up, whatever the order."""
    return math.fsum(amounts)
