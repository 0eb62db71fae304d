"""The linear relaxation of a largest coverage, sharpened by cuts.

Only sets that the sites do not serve in full, or did not on the way, have rows: of ten thousand sets some thousand.
What is left out would only make the bound smaller. Each round adds the cuts that the present optimum violates, and the
dual simplex goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound, bound_from
from planner.siting.solvers.highs import Model, run, scale_of
from planner.siting.solvers.program import Array, Program

Positions = npt.NDArray[np.intp]

#: Sets to begin with, and at most so many more at a time.
_FIRST, _MORE = 600, 400

#: Rounds of cuts; they end when four of them close less than this share of the gap.
_ROUNDS, _SHARE = 40, 0.03

#: A trial ends after so many steps of the simplex: what it proves by then is told.
_TRIAL, _NO_LIMIT = 100, 2**31 - 1


@dataclass(eq=False)
class Relaxation:
    """A program with one goal to be made large, over some of its sets."""

    program: Program
    column: Positions = field(init=False)  # of each set; -1 where it has none
    active: list[int] = field(init=False, default_factory=list)
    #: What each row of the solver is: a row of the program, a required set, a set, or a cut.
    rows: list[sparse.csr_array] = field(init=False, default_factory=list)
    lower: list[Array] = field(init=False, default_factory=list)
    upper: list[Array] = field(init=False, default_factory=list)
    #: Rows that leave out one choice each.
    ruled_out: list[int] = field(init=False, default_factory=list)
    highs: Any = field(init=False)
    scale: float = field(init=False)

    def __post_init__(self) -> None:
        program, goal = self.program, self.program.goals[-1]
        self.column = np.full(program.sets.shape[0], -1, dtype=np.intp)
        self.scale = scale_of(np.concatenate([goal.of_site, goal.of_set]))
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in {"output_flag": False, "threads": 1, "presolve": "off", "simplex_strategy": 1}.items():
            self.highs.setOptionValue(option, value)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._add_columns(goal.of_site)
        self._add_rows(program.rows, program.lower, program.upper)
        required = program.required.shape[0]
        self._add_rows(program.required, np.ones(required), np.full(required, np.inf))
        heavy = np.argsort(-goal.of_set, kind="stable")[:_FIRST]
        self._activate(np.sort(heavy))

    @property
    def is_impossible(self) -> bool:
        """Whether the last answer was that no plan exists."""
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

    def free_sites(self, low: Array, high: Array) -> None:
        """Set the limits of the sites."""
        self.highs.changeColsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)

    def solve(self, seconds: float, enough: float = -np.inf) -> tuple[Array, Array] | None:
        """Return how far sites are open and sets unserved at the optimum; None if time was up.

        Parameters
        ----------
        seconds : float
        enough : float
            Once the bound is below this, the sets that have no rows yet stay without.
        """
        program = self.program
        self.highs.setOptionValue("time_limit", float(self.highs.getRunTime()) + max(seconds, 0.01))
        while True:
            run(self.highs)
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            values = np.array(self.highs.getSolution().col_value)
            opened = values[: len(program.free)]
            short = 1.0 - program.sets @ opened
            missing = np.flatnonzero((self.column < 0) & (short > 1e-6))
            if not len(missing) or self._value < enough:
                is_active = self.column >= 0
                unserved = np.zeros(len(self.column))
                unserved[is_active] = 1.0 - values[self.column[is_active]]
                return opened, unserved
            weight = short[missing] * program.goals[-1].of_set[missing]
            self._activate(np.sort(missing[np.argsort(-weight, kind="stable")[:_MORE]]))

    @property
    def _value(self) -> float:
        """What the last optimum is worth where every set without rows is served."""
        served = float(self.program.goals[-1].of_set[self.column < 0].sum())
        return float(self.highs.getInfo().objective_function_value) / self.scale + served

    @property
    def basis(self) -> Any:
        """Where the simplex stands."""
        return self.highs.getBasis()

    def tried(self, basis: Any, low: Array, high: Array, seconds: float) -> float:
        """Return a bound for some limits of the sites, found in a few steps from a basis."""
        self.free_sites(low, high)
        self.highs.setBasis(basis)
        self.highs.setOptionValue("time_limit", float(self.highs.getRunTime()) + max(seconds, 0.01))
        self.highs.setOptionValue("simplex_iteration_limit", _TRIAL)
        self.highs.run()
        self.highs.setOptionValue("simplex_iteration_limit", _NO_LIMIT)
        return -np.inf if self.is_impossible else self.proven(low, high).value

    def suits(self, program: Program) -> bool:
        """Whether a program differs in the limits of its rows at most: every cut holds in it too."""
        mine, theirs = self.program, program
        pairs = ((mine.sets, theirs.sets), (mine.required, theirs.required), (mine.rows, theirs.rows))
        return (
            all(_is_equal(one, other) for one, other in pairs)
            and np.array_equal(mine.goals[-1].of_set, theirs.goals[-1].of_set)
            and np.array_equal(mine.goals[-1].of_site, theirs.goals[-1].of_site)
        )

    def limit(self, program: Program) -> None:
        """Take over the limits of the rows of a program that suits."""
        self.program, infinity = program, self.highs.inf
        rest = len(program.lower)
        self.lower = [program.lower, np.concatenate(self.lower)[rest:]]
        self.upper = [program.upper, np.concatenate(self.upper)[rest:]]
        for row, (low, high) in enumerate(zip(program.lower, program.upper, strict=True)):
            self.highs.changeRowBounds(row, max(low, -infinity), min(high, infinity))

    def cut(self, opened: Array, unserved: Array) -> int:
        """Add the cuts that this optimum violates and return how many."""
        from planner.siting.solvers.coverage.odd_groups import odd_groups

        groups = odd_groups(self.program.sets, opened, unserved)
        if not groups:
            return 0
        needed = np.unique(np.concatenate(groups))
        self._activate(needed[self.column[needed] < 0])
        rows = sparse.vstack([self._row_of(group) for group in groups], format="csr")
        upper = np.array([(len(group) - 1) / 2 for group in groups])
        self._add_rows(sparse.csr_array(rows), np.full(len(groups), -np.inf), upper)
        return len(groups)

    def rule_out(self, choice: Mask) -> None:
        """Leave one choice out of all, until `rule_nothing_out`."""
        outside = 0.0 if self._is_full(choice) else -1.0
        row = sparse.csr_array(np.where(choice, 1.0, outside)[np.newaxis, :])
        row.resize((1, len(choice) + len(self.active)))
        self.ruled_out.append(int(self.highs.getNumRow()))
        self._add_rows(row, np.array([-np.inf]), np.array([np.count_nonzero(choice) - 1.0]))

    def _is_full(self, choice: Mask) -> bool:
        """Whether the rows allow no further site, nor several."""
        program = self.program
        load = (program.rows @ choice.astype(np.float64))[:, np.newaxis] + program.rows[:, ~choice].toarray()
        fits = np.all(load <= program.upper[:, np.newaxis] + 1e-9 * np.maximum(1.0, np.abs(load)), axis=0)
        return bool(np.all(program.rows.data >= 0)) and not fits.any()

    def rule_nothing_out(self) -> None:
        """Let every choice in again."""
        upper = np.concatenate(self.upper)
        for row in self.ruled_out:
            self.highs.changeRowBounds(row, -self.highs.inf, self.highs.inf)
            upper[row] = np.inf
        self.lower, self.upper = [np.concatenate(self.lower)], [upper]
        self.ruled_out.clear()

    def _row_of(self, group: Positions) -> sparse.csr_array:
        times = np.bincount(self.program.sets[group].indices, minlength=len(self.program.free))
        sites = np.flatnonzero(times)
        columns = np.concatenate([sites, self.column[group]])
        values = np.concatenate([-np.ceil(times[sites] / 2), np.ones(len(group))])
        return sparse.csr_array(
            (values, columns, [0, len(columns)]), shape=(1, len(self.program.free) + len(self.active))
        )

    def proven(self, low: Array | None = None, high: Array | None = None) -> Bound:
        """Return the bound that the present row duals prove: counted by ourselves, without the goal's constant.

        Its columns are those of the whole program: sites, then sets.
        """
        duals = np.array(self.highs.getSolution().row_dual) / self.scale
        goal, sites = self.program.goals[-1], len(self.program.free)
        columns = sites + len(self.active)
        cost = np.concatenate([goal.of_site, goal.of_set[self.active]])
        model = Model(
            "max",
            cost,
            self._stacked(columns),
            np.concatenate(self.lower),
            np.concatenate(self.upper),
            sites,
            np.zeros(columns, dtype=bool),
        )
        narrow = bound_from(model, duals)
        if low is not None and high is not None:
            narrow = _within(narrow, low, high)
        loss = np.concatenate([narrow.loss[:sites], np.zeros(len(self.column))])
        is_open = np.concatenate([narrow.is_open[:sites], np.ones(len(self.column), dtype=bool)])
        loss[sites + np.array(self.active)] = narrow.loss[sites:]
        is_open[sites + np.array(self.active)] = narrow.is_open[sites:]
        rest = goal.of_set[self.column < 0]
        loss[sites + np.flatnonzero(self.column < 0)] = rest
        return Bound(narrow.value + float(rest.sum()), loss, is_open, "max", narrow.duals)

    def _stacked(self, columns: int) -> sparse.csr_array:
        """Return all rows as one matrix, kept as one until there are more."""
        if len(self.rows) > 1 or self.rows[0].shape[1] < columns:
            for row in self.rows:
                row.resize((row.shape[0], columns))
            self.rows = [sparse.csr_array(sparse.vstack(self.rows, format="csr"))]
        return self.rows[0]

    def _activate(self, sets: Positions) -> None:
        """Give sets their columns and rows: a set is served no more than its sites are open."""
        if not len(sets):
            return
        before = len(self.program.free) + len(self.active)
        self.column[sets] = before + np.arange(len(sets))
        self.active += sets.tolist()
        self._add_columns(self.program.goals[-1].of_set[sets])
        padding = sparse.csr_array((len(sets), before - len(self.program.free)))
        row = sparse.hstack([-self.program.sets[sets], padding, sparse.eye_array(len(sets))], format="csr")
        self._add_rows(sparse.csr_array(row), np.full(len(sets), -np.inf), np.zeros(len(sets)))

    def _add_columns(self, cost: Array) -> None:
        count, none = len(cost), np.empty(0, dtype=np.int32)
        self.highs.addCols(
            count, cost * self.scale, np.zeros(count), np.ones(count), 0, np.zeros(count, np.int32), none, np.empty(0)
        )

    def _add_rows(self, rows: sparse.csr_array, lower: Array, upper: Array) -> None:
        infinity = self.highs.inf
        self.rows.append(sparse.csr_array(rows))
        self.lower.append(lower)
        self.upper.append(upper)
        self.highs.addRows(
            rows.shape[0],
            np.where(np.isneginf(lower), -infinity, lower),
            np.where(np.isposinf(upper), infinity, upper),
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data.astype(np.float64),
        )


def _within(bound: Bound, low: Array, high: Array) -> Bound:
    """Return the bound for plans that agree on some sites: what a decided one cannot gain, nobody gains."""
    sites = len(low)
    loss, is_open = bound.loss[:sites], bound.is_open[:sites]
    value = bound.value - float(loss[is_open & (high == 0)].sum()) - float(loss[~is_open & (low == 1)].sum())
    return bound._replace(value=value)


def _is_equal(one: sparse.csr_array, other: sparse.csr_array) -> bool:
    """Whether two matrices are the same, entry by entry."""
    return one.shape == other.shape and all(
        np.array_equal(mine, theirs)
        for mine, theirs in ((one.indptr, other.indptr), (one.indices, other.indices), (one.data, other.data))
    )


def sharpened(
    relaxation: Relaxation, worth: float, least: float, seconds_left: Callable[[], float], tell: Callable[[float], None]
) -> tuple[Bound, Array] | None:
    """Return the bound of the relaxation with cuts, and how far it opens each site; None if time was up.

    Parameters
    ----------
    relaxation : Relaxation
        Of a program whose last goal is to be made large, with amounts of at least 0 on sets; without floors, every set
        served by one site.
    worth : float
        Of a plan, without the goal's constant: what a bound is compared with.
    least : float
        A bound that is nearer to it proves it.
    seconds_left, tell : functions
        `tell` is called with each better bound.
    """
    best: tuple[Bound, Array] | None = None
    before = np.inf
    for turn in range(_ROUNDS):
        optimum = relaxation.solve(seconds_left(), worth + least)
        if optimum is None:
            return best
        bound = relaxation.proven()
        if best is None or bound.value < best[0].value:
            best = (bound, optimum[0])
            tell(bound.value)
        gap = best[0].value - worth
        if gap < least or seconds_left() <= 0:
            break
        if turn % 4 == 3:
            if before - gap < _SHARE * before:
                break
            before = gap
        if not relaxation.cut(*optimum):
            break
    return best
