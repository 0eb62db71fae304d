"""Shares as rows of a model: which of those served have reached which level.

Those served stand at least at the first level; a whole column for each of them and each further level says whether it
is reached, one after the other: `people covered >= first + sum of (level - the level before) * reached`. Levels are
whole millionths of people, so "above a share" is "at least so many more".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.linear import Expression
from planner.siting.problem import Mask, SitingProblem
from planner.siting.shares import PARTS, Served
from planner.siting.solvers.highs import Model, model_of, row_size
from planner.siting.solvers.program import Array, Goal, Program, build_program
from planner.siting.solvers.stage import Stage


@dataclass(frozen=True, eq=False)
class Counter:
    """People covered in one place, as a sum over a program; `step` divides every number of them, in millionths."""

    goal: Goal
    people: int
    step: int
    most: int

    @property
    def amounts(self) -> Array:
        """What each site and each set adds, people."""
        return np.concatenate([self.goal.of_site, self.goal.of_set])

    def at_least(self, share: Fraction) -> int:
        """Return the fewest people, in millionths, that make this share."""
        fewest = -(-share.numerator * self.people // share.denominator)
        return -(-fewest // self.step) * self.step

    def above(self, share: Fraction) -> int:
        """Return the fewest people, in millionths, that make more than this share."""
        return (share.numerator * self.people // share.denominator // self.step + 1) * self.step

    def limit(self, people: int) -> float:
        """Return the same with room below that no number of people lies in, or that a solver needs to round."""
        return (
            people / PARTS if not people else people / PARTS - max(0.5 * self.step / PARTS, 1e-5 * row_size(self.goal))
        )


@dataclass(eq=False)
class FairModel:
    """A program with the people of everyone who counts, and rows that say how many of them reach which level."""

    program: Program
    counters: tuple[Counter, ...]
    base: Model
    _rows: list[tuple[Array, dict[int, float], float, float]] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)
    _cost: list[float] = field(default_factory=list)
    _start: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, stage: Stage, served: tuple[Served, ...]) -> FairModel:
        """Make the program of a stage with one sum for each of those served."""
        problem, decided = stage.task.problem, stage.decided
        expressions = [*(people_of(problem, each) for each in served), Expression.of(problem)]
        program = build_program(problem, expressions, stage.rules, decided.is_open, decided.is_closed)
        counters = tuple(
            Counter(goal, each.people, _step(each), each.within_reach)
            for each, goal in zip(served, program.goals, strict=False)
        )
        nothing = Goal(np.zeros(len(program.free)), np.zeros(program.sets.shape[0]), 0.0)
        return cls(program, counters, model_of(program, nothing, "max"))

    def column(self, start: float, *, cost: float = 0.0, is_whole: bool = True) -> int:
        """Add a column from 0 to 1, with its value in the plan to start from."""
        self._whole.append(is_whole)
        self._cost.append(cost)
        self._start.append(start)
        return len(self._cost) - 1

    def row(self, extra: dict[int, float], lower: float, of_base: Array | None = None, upper: float = np.inf) -> None:
        """Add a row over the further columns, and over sites and sets where these are given."""
        self._rows.append((np.zeros(self.base.columns) if of_base is None else of_base, extra, lower, upper))

    def reach(self, place: int, limits: list[int], columns: list[int]) -> None:
        """Ask for the first limit of people in one place, and for each further one where its column is 1."""
        counter = self.counters[place]
        by = 1.0 / row_size(counter.goal)
        people = [counter.limit(limit) for limit in limits]
        more = {column: -by * (high - low) for column, low, high in zip(columns, people, people[1:], strict=False)}
        self.row(more, by * (people[0] - counter.goal.constant), by * counter.amounts)
        for before, after in pairwise(columns):
            self.row({before: 1.0, after: -1.0}, 0.0)

    def held(
        self, levels: list[tuple[Fraction, int]], given: tuple[Fraction, ...], *, above: bool = False
    ) -> FairModel:
        """Return the program with so many served at each level or above.

        Parameters
        ----------
        levels : list of (share, number)
            From the smallest share on; the first number is everybody's.
        given : tuple of Fraction
            The shares of the plan to start from.
        above : bool
            Whether the goal is to bring as many as possible above the last level.
        """
        fair = FairModel(self.program, self.counters, self.base)
        reached: list[list[int]] = [[] for _ in levels]
        for place, (counter, share) in enumerate(zip(self.counters, given, strict=True) if levels else ()):
            limits, columns = [counter.at_least(levels[0][0])], []
            for number, (level, _) in enumerate(levels[1:], 1):
                if counter.most < counter.at_least(level):
                    break
                limits.append(counter.at_least(level))
                columns.append(fair.column(float(share >= level)))
                reached[number].append(columns[-1])
            if above and len(columns) == len(levels) - 1 and counter.most >= counter.above(levels[-1][0]):
                limits.append(counter.above(levels[-1][0]))
                columns.append(fair.column(float(share > levels[-1][0]), cost=1.0))
            fair.reach(place, limits, columns)
        for columns, (_, number) in zip(reached[1:], levels[1:], strict=True):
            fair.row(dict.fromkeys(columns, 1.0), number)
        return fair

    def elsewhere(self, given: tuple[Fraction, ...]) -> None:
        """Ask that somebody is served better than by given shares."""
        columns = []
        for place, (counter, share) in enumerate(zip(self.counters, given, strict=True)):
            if counter.most >= counter.above(share):
                columns.append(self.column(0.0))
                self.reach(place, [0, counter.above(share)], columns[-1:])
        self.row(dict.fromkeys(columns, 1.0), 1.0)

    def raised(self, given: tuple[Fraction, ...], smallest: Fraction, number: int, least: Fraction) -> None:
        """Make the goal the largest share that so many of those served reach, where none has less than `least`."""
        top = self.column(float(smallest), cost=1.0, is_whole=False)
        counted = []
        for counter, share in zip(self.counters, given, strict=True):
            people = counter.people / PARTS
            row, lower = {top: -1.0}, -counter.goal.constant / people
            if number < len(given):
                counted.append(self.column(float(share >= smallest)))
                row[counted[-1]] = -float(1 - least)
                lower -= float(1 - least)
            self.row(row, lower, counter.amounts / people)
        if counted:
            self.row(dict.fromkeys(counted, 1.0), number)

    def without(self, chosen: Mask) -> None:
        """Rule out one choice of sites."""
        row = np.zeros(self.base.columns)
        row[: len(chosen)] = np.where(chosen, -1.0, 1.0)
        self.row({}, 1.0 - np.count_nonzero(chosen), row)

    def model(self) -> Model:
        """Return everything as one model."""
        base, further = self.base, len(self._cost)
        of_extra = sparse.lil_array((len(self._rows), further))
        for place, (_, extra, _, _) in enumerate(self._rows):
            for column, amount in extra.items():
                of_extra[place, column] = amount
        of_base = [sparse.csr_array(row[np.newaxis, :]) for row, _, _, _ in self._rows]
        padded = sparse.hstack([base.matrix, sparse.csr_array((base.matrix.shape[0], further))])
        rows = [sparse.hstack([sparse.vstack(of_base), of_extra])] if of_base else []
        return Model(
            "max",
            np.concatenate([base.cost, self._cost]),
            sparse.csr_array(sparse.vstack([padded, *rows])),
            np.concatenate([base.lower, [lower for _, _, lower, _ in self._rows]]),
            np.concatenate([base.upper, [upper for _, _, _, upper in self._rows]]),
            base.sites,
            np.concatenate([base.is_whole, np.array(self._whole, dtype=bool)]),
        )

    def start(self, chosen: Mask) -> Array:
        """Return the columns of a plan to start from."""
        served = self.program.sets @ chosen.astype(np.float64) > self.program.short
        return np.concatenate([chosen, served, self._start]).astype(np.float64)


def people_of(problem: SitingProblem, served: Served) -> Expression:
    """Return the people covered of those served."""
    return Expression.of(problem, of_covered=tuple(each / PARTS for each in served.amounts))


def _step(served: Served) -> int:
    amounts: list[npt.NDArray[np.int64]] = [each[each > 0] for each in served.amounts]
    return int(np.gcd.reduce(np.concatenate(amounts)))
