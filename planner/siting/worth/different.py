"""Really different plans that are nearly as good, and the sites that stand in all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from planner.model import Solution
from planner.siting.worth.question import Clock, NotExamined, Question
from planner.siting.worth.rules import DoesWithout


@dataclass(frozen=True)
class OtherPlan:
    """A plan that does without some stations of the one found.

    Parameters
    ----------
    opened, dropped : tuples of ids
        Stations that the plan found does not have, and those of it that this one does without.
    objective, loss : float
        As a solution tells it; by how much it is worse than the plan found.
    people : tuple of float
        Covered, for each need.
    """

    opened: tuple[Any, ...]
    dropped: tuple[Any, ...]
    objective: float
    loss: float
    people: tuple[float, ...]


@dataclass(frozen=True)
class Different:
    """Plans nearly as good as the one found, each the best that differs enough from all before it.

    Parameters
    ----------
    plans : tuple of OtherPlan
    end : str
        `no_more`: proven that no further plan differs enough and is as good; `enough`: as many as were asked for;
        `not_examined`: time was up.
    share : float
        How much worse a plan may be, as a share of the best.
    room : float
        The same as an amount of the objective, as a solution tells it.
    others : int
        How many stations of each plan before a plan must do without.
    standing : tuple of (id, int)
        Each site of the plan found, and in how many of all these plans it stands, the one found included.
    """

    plans: tuple[OtherPlan, ...]
    end: Literal["no_more", "enough", "not_examined"]
    share: float
    room: float
    others: int
    standing: tuple[tuple[Any, int], ...]

    @property
    def in_all(self) -> tuple[Any, ...]:
        """Sites that stand in all of these plans."""
        return tuple(site for site, count in self.standing if count == 1 + len(self.plans))


def different_plans(
    question: Question, solution: Solution, clock: Clock, *, share: float = 0.01, others: int = 2, most: int = 5
) -> Different | None:
    """Look for plans that do without at least so many stations of each plan before, and are nearly as good.

    Each is the best of those that differ so much; so the first one that is too bad proves that there are no more.

    Parameters
    ----------
    question : Question
    solution : Solution
        The plan found, proven to be the best.
    clock : Clock
    share : float
        How much worse a plan may be.
    others : int
        How many stations it must do without; fewer where a plan has no more that could be closed.
    most : int
        No more plans are looked for.

    Returns
    -------
    Different or None
        None where no station of the plan could be closed.
    """
    decided = question.decided_open
    free = question.problem.ids(question.is_open(solution) & ~decided)
    if not free:
        return None
    rules = [DoesWithout(free, min(others, len(free)))]
    found: list[Solution] = []
    end: Literal["no_more", "enough", "not_examined"] = "enough"
    while len(found) < most:
        try:
            other = question.asked([*question.constraints, *rules], clock)
        except NotExamined:
            end = "not_examined"
            break
        if other is None or not _is_near(question, other, solution, share):
            end = "no_more"
            break
        found.append(other)
        closable = question.problem.ids(question.is_open(other) & ~decided)
        if not closable:
            end = "no_more"
            break
        rules.append(DoesWithout(closable, min(others, len(closable))))
    plans = tuple(_told(question, other, solution) for other in found)
    counts = tuple((site, 1 + sum(site in other.open_sites for other in found)) for site in free)
    return Different(plans, end, share, share * abs(solution.objective), rules[0].at_least, counts)


def _is_near(question: Question, other: Solution, best: Solution, share: float) -> bool:
    room = share * abs(best.objective)
    return question.worse(other.objective, best.objective) <= room * (1 + 1e-9)


def _told(question: Question, other: Solution, best: Solution) -> OtherPlan:
    problem = question.problem
    theirs, ours = question.is_open(other), question.is_open(best)
    return OtherPlan(
        problem.ids(theirs & ~ours),
        problem.ids(ours & ~theirs),
        other.objective,
        float(np.maximum(question.worse(other.objective, best.objective), 0.0)),
        question.people(theirs),
    )
