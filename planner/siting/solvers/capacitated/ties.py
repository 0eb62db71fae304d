"""The last ties: the set of stations whose sorted ids come first, then the assignment that does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import bound_from
from planner.siting.solvers.capacitated.ground import Choice, Ground, ground_of, matrix_of
from planner.siting.solvers.capacitated.model import Part, every_row, model_of, narrowed, on_sites
from planner.siting.solvers.capacitated.search import Search
from planner.siting.solvers.highs import Answer, Limits, relax, solve_columns
from planner.siting.solvers.smallest_ids import ExtraRows, Unsettled, smallest_ids
from planner.siting.solvers.stage import loosened

#: Each question is given up after so many nodes, and no more questions than this are asked: counts of work.
_NODES, _QUESTIONS = 1_000, 200


def first_sites(search: Search, choice: Choice) -> Choice:
    """Return the plan, as good in every respect, whose sorted ids of stations come first.

    Raises
    ------
    Unsettled
        If the solver gives up before it is known.
    """
    questions = _Questions(search)
    sites = search.ground.sites

    def ask(rows: ExtraRows) -> Answer:
        return questions.ask(on_sites(search.ground, rows))

    def is_equal(chosen: Mask) -> bool:
        fixed = sparse.csr_array(sparse.eye_array(len(sites), format="csr"))
        as_given = chosen.astype(np.float64)
        return ask((fixed, as_given, as_given)).chosen is not None

    chosen = smallest_ids(choice.is_open[sites], 0, ask, is_equal)
    if np.array_equal(chosen, choice.is_open[sites]):
        return choice
    return questions.plans[chosen.tobytes()]


def first_assignment(search: Search, choice: Choice) -> Choice:
    """Return the assignment to the same stations, as good, in which demand points by id go to the smallest ids.

    Raises
    ------
    Unsettled
    """
    if search.ground.room.is_nearest:
        return choice
    smaller = ground_of(search.ground.problem, search.rules, search.ground.room, ~choice.is_open)
    here = replace(search, ground=smaller, start=None)
    questions, ground = _Questions(here), here.ground
    takes = ground.size[ground.party] > 0
    if questions.ask(_all_open(ground), _another(ground, ground.chosen(choice), takes)).chosen is None:
        return choice
    order = np.lexsort((ground.site, ground.party))
    fixed: list[int] = []
    for party in np.flatnonzero(ground.size > 0):
        walks = order[ground.first[party] : ground.first[party + 1]]
        current = np.flatnonzero(ground.chosen(choice)[len(ground.sites) + walks])
        stop = int(current[0]) if len(current) else len(walks)
        for walk in walks[:stop]:
            if not questions.left(walk):
                continue
            answer = questions.ask(_all_open(ground), _going(ground, [*fixed, int(walk)]))
            if answer.chosen is not None:
                choice = questions.latest
                break
        goes = np.flatnonzero(ground.chosen(choice)[len(ground.sites) + walks])
        fixed += [int(walks[goes[0]])] if len(goes) else []
    return choice


class _Questions:
    """Ask for a plan, as good as the given one in every respect, that also keeps some rows."""

    def __init__(self, search: Search) -> None:
        assert search.given is not None
        self.search, self.asked = search, 0
        self.plans: dict[bytes, Choice] = {}
        self.latest = search.given
        ground = search.ground
        self.parts = [*every_row(ground, search.rules), *search.held(search.goals)]
        self.ones = np.zeros(ground.columns, dtype=bool)
        self.zeros = search.ruled_out()
        self._decide()

    def _decide(self) -> None:
        """Decide what the bound of the objective decides in every plan that is as good."""
        search, given = self.search, self.search.given
        assert given is not None
        for goal in search.goals:
            expression = goal.expression(search.ground.problem)
            amounts = search.ground.amounts(expression)
            model = model_of(search.ground, amounts, goal.sense, self.parts)
            relaxed = relax(model, search.task.seconds_left) if amounts.any() else None
            if relaxed is not None:
                worth = search.worth(given, goal)
                ones, zeros = bound_from(model, relaxed[0]).decides(loosened(worth, goal.sense) - expression.constant)
                self.ones |= ones
                self.zeros |= zeros

    def left(self, walk: int) -> bool:
        """Whether some plan as good might use a walk."""
        return not self.zeros[len(self.search.ground.sites) + walk]

    def ask(self, *more: Part) -> Answer:
        """Look for such a plan; keep it if there is one."""
        self.asked += 1
        if self.asked > _QUESTIONS:
            raise Unsettled
        ground, task = self.search.ground, self.search.task
        model = model_of(ground, np.zeros(ground.columns), "min", [*self.parts, *more])
        rest, left = narrowed(model, self.ones, self.zeros)
        answer = solve_columns(rest, Limits(task.seconds_left, nodes=_NODES, seed=task.seed))
        if answer.chosen is None:
            if answer.end != "infeasible":
                raise Unsettled
            return answer
        columns = self.ones.copy()
        columns[left] = answer.chosen
        choice = ground.choice(columns)
        if not replace(self.search, goals=(*self.search.goals, self.search.goals[-1])).is_allowed(choice):
            raise Unsettled
        self.latest = choice
        self.plans[choice.is_open[ground.sites].tobytes()] = choice
        return replace(answer, chosen=columns[: len(ground.sites)])


def _all_open(ground: Ground) -> Part:
    sites = len(ground.sites)
    ones, place = np.ones(sites), np.arange(sites)
    return Part(matrix_of((place,), (place,), (ones,), (sites, ground.columns)), ones, ones)


def _another(ground: Ground, chosen: Mask, takes: Mask) -> Part:
    """Return the row that only one assignment breaks."""
    sites = len(ground.sites)
    counted = sites + np.flatnonzero(takes)
    sign = np.where(chosen[counted], -1.0, 1.0)
    matrix = matrix_of((np.zeros(len(counted), dtype=np.intp),), (counted,), (sign,), (1, ground.columns))
    return Part(matrix, np.array([1.0 - np.count_nonzero(chosen[counted])]), np.array([np.inf]))


def _going(ground: Ground, walks: list[int]) -> Part:
    ones, column = np.ones(len(walks)), len(ground.sites) + np.array(walks, dtype=np.intp)
    return Part(matrix_of((np.arange(len(walks)),), (column,), (ones,), (len(walks), ground.columns)), ones, ones)
