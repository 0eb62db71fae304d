"""Ties where they are few: list every plan as good, who goes where included, and choose among them by the order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.siting.objectives import Objective
from planner.siting.problem import Mask, Positions
from planner.siting.solvers.capacitated.ground import Choice
from planner.siting.solvers.capacitated.halves import Halving
from planner.siting.solvers.capacitated.head_start import choice_of
from planner.siting.solvers.capacitated.search import Search
from planner.siting.solvers.stage import SAME, is_same

#: More plans than this are not listed, nor more halves looked at: counts of work.
_MOST, _HALVES = 200, 4_000


class _TooManyError(Exception):
    """More plans than are listed."""


def equally_good(search: Search, choice: Choice) -> list[Choice] | None:
    """Return every plan as good by the first goal as the best one, None where they are too many to list."""
    start = search.start
    if start is None or not start.tells_all:
        return None
    goal, given = search.goals[0], search.worth(choice, search.goals[0])
    sign = 1.0 if goal.sense == "min" else -1.0
    best = sign * (given - goal.expression(search.ground.problem).constant)
    found: dict[tuple[bytes, ...], Choice] = {_name(choice): choice}

    def told(is_open: Mask, goes: Positions) -> float:
        other = choice_of(search.ground, is_open, goes)
        if search.is_allowed(other) and is_same(search.worth(other, goal), given):
            found.setdefault(_name(other), other)
        if len(found) > _MOST:
            raise _TooManyError
        return best

    room = -SAME * max(1.0, abs(best), abs(given))
    halving = Halving(start.market, start.bags, best, room, None, told, lambda: search.task.seconds_left <= 0, _HALVES)
    try:
        proof = halving.prove(start.paid)
    except _TooManyError:
        return None
    return list(found.values()) if proof.end == "proven" else None


def first_of(search: Search, choices: list[Choice], finer: Sequence[Objective]) -> Choice:
    """Return the plan that comes first by finer goals, the ids of its stations and those of who goes where."""
    for goal in finer:
        worth = [search.worth(choice, goal) for choice in choices]
        best = min(worth) if goal.sense == "min" else max(worth)
        choices = [choice for choice, each in zip(choices, worth, strict=True) if is_same(each, best)]
    return min(choices, key=lambda choice: _ids(search, choice))


def _ids(search: Search, choice: Choice) -> tuple[tuple[int, ...], tuple[int, ...]]:
    ground = search.ground
    goes = ground.chosen(choice)[len(ground.sites) :]
    place = np.full(ground.parties, len(ground.sites))
    place[ground.party[goes]] = ground.site[goes]
    return tuple(np.flatnonzero(choice.is_open[ground.sites])), tuple(place[ground.size > 0])


def _name(choice: Choice) -> tuple[bytes, ...]:
    return (choice.is_open.tobytes(), *(b"" if goes is None else goes.tobytes() for goes in choice.assigned))
