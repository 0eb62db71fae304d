"""The exact answer where room matters: the objective, then ties as everywhere, then who goes where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.bilingual import Text
from planner.errors import SolverError
from planner.model import Note
from planner.siting.linear import Rows
from planner.siting.objectives import LongestWalk, MaxCoverage
from planner.siting.reach import reachable
from planner.siting.room import Room
from planner.siting.solvers.capacitated.equals import equally_good, first_of
from planner.siting.solvers.capacitated.first import settle_first
from planner.siting.solvers.capacitated.ground import Choice, ground_of
from planner.siting.solvers.capacitated.search import Search, Settled
from planner.siting.solvers.capacitated.ties import first_assignment, first_sites
from planner.siting.solvers.least_change import LeastChange
from planner.siting.solvers.least_walk import LeastWalk
from planner.siting.solvers.smallest_ids import Unsettled
from planner.siting.solvers.stage import Decided, Found, Task
from planner.siting.solvers.walk_within import WalkWithin

#: Ties are broken up to so many nodes: a count of work and no time, so that two machines agree.
_TIE_NODES = 2_000

_UNPROVEN = Note(
    "siting.tie_unproven",
    "warning",
    Text(
        "目标值已证明最优；但在同样好的方案中，未能证明所选方案步行最短、编号最小。",
        "The objective is proven best; that no equally good plan has shorter walks was not proven.",
    ),
)

_ONE_OF_SEVERAL = Note(
    "siting.assignment_unproven",
    "warning",
    Text(
        "驿站的选择已证明；但同样好的分配不止一种时，未能证明所选分配编号最小。",
        "The stations are proven; that no equally good assignment of people comes first by id was not proven.",
    ),
)


def room_of(rules: Sequence[Rows]) -> Room:
    """Return the room that the rules speak of."""
    return next(rule.room for rule in rules if rule.room is not None)


def find_assigned(task: Task, rules: tuple[Rows, ...]) -> Found | None:
    """Return the best plan with who goes where, None if there is none.

    Raises
    ------
    SolverError
        If the solver fails or time is up before any plan was found.
    """
    task.tell(Text("寻找最优方案", "looking for the best plan"))
    search = Search(task, rules, ground_of(task.problem, rules, room_of(rules)), (task.objective,))
    if isinstance(task.objective, LongestWalk):
        search, settled = _shortest_longest(search)
    else:
        search, settled = settle_first(search)
    if settled.end == "infeasible":
        return None
    if settled.choice is None:
        raise SolverError(Text("时限内没有找到任何方案。", "Time was up before any plan was found."))
    if settled.end != "proven":
        return _found(settled.choice, settled.bound, "gap" if settled.end == "gap" else "time_limit")
    task.tell(Text("在同样好的方案中选步行最短者", "choosing the shortest walks among equally good plans"))
    choice, notes = _tie_broken(search, settled.choice)
    return replace(_found(choice, settled.bound, "proven"), notes=notes)


def _found(choice: Choice, bound: float, stopped: str) -> Found:
    sites = np.zeros(len(choice.is_open), dtype=bool)
    decided = Decided(sites, sites)
    return Found(choice.is_open, bound, stopped, decided, assigned=choice.assigned)  # type: ignore[arg-type]


def _tie_broken(search: Search, choice: Choice) -> tuple[Choice, tuple[Note, ...]]:
    """Go through the finer goals as long as each is proven, then through the ids of sites and of who goes where."""
    goals = (MaxCoverage(), LeastWalk(), LeastChange())
    equal = equally_good(search, choice)
    if equal is not None:
        return first_of(search, equal, goals), ()
    for finer in goals:
        if finer == search.task.objective:
            continue
        search = search.then(finer, choice, _TIE_NODES)
        settled = search.settle()
        assert settled.choice is not None
        choice = settled.choice
        if settled.end != "proven":
            return choice, (_UNPROVEN,)
    search = replace(search, given=choice)
    try:
        choice = first_sites(search, choice)
    except Unsettled:
        return choice, (_UNPROVEN,)
    try:
        return first_assignment(replace(search, given=choice), choice), ()
    except Unsettled:
        return choice, (_ONE_OF_SEVERAL,)


def _shortest_longest(search: Search) -> tuple[Search, Settled]:
    """Ask for one limit after another: the distinct walks are the only lengths that the longest one can have."""
    first = _within(search, np.inf).settle()
    if first.choice is None or first.end == "infeasible":
        return search, first
    best, lengths = first.choice, _lengths(search)
    low, high = 0, int(np.searchsorted(lengths, search.worth(best)))
    while low < high:
        if lengths[high] - lengths[low] <= search.task.gap * lengths[high]:
            return search, Settled(best, float(lengths[low]), "gap")
        middle = (low + high) // 2
        tried = _within(search, float(lengths[middle])).settle()
        if tried.choice is not None:
            best = tried.choice
            high = int(np.searchsorted(lengths, search.worth(best)))
        elif tried.end == "infeasible":
            low = middle + 1
        else:
            return search, Settled(best, float(lengths[low]), "time_limit")
    return _within(search, search.worth(best)), Settled(best, search.worth(best), "proven")


def _within(search: Search, longest: float) -> Search:
    """Return the search with a limit to everybody's walk."""
    limit = WalkWithin(longest)
    rules = (*search.rules, limit.rows(search.task.problem))
    task = replace(search.task, constraints=(*search.task.constraints, limit))
    return replace(search, task=task, rules=rules, ground=ground_of(task.problem, rules, search.ground.room))


def _lengths(search: Search) -> np.ndarray:
    """Return 0 and the distinct walks that anybody who counts has, in order."""
    ground, counted = search.ground, np.zeros(len(search.ground.walk), dtype=bool)
    for k, need in enumerate(ground.problem.needs):
        here = ground.need == k
        counted[here] = reachable(ground.problem, need)[ground.point[here]]
    return np.unique(np.append(ground.walk[counted], 0.0))
