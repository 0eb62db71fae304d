"""What a frontier is: the best plan for each of several limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from planner.bilingual import Text
from planner.siting.objectives import Objective
from planner.siting.problem import Mask
from planner.siting.worth.question import Question

Against = Literal["money", "stations", "fairness"]


@dataclass(frozen=True)
class FrontierPoint:
    """The best plan within one limit.

    Parameters
    ----------
    limit : float
        What may be spent, CNY; how many stations may be newly opened; or the share, 0 to 1, that the worst-served must
        have at least.
    objective, gain : float
        As a solution tells it; by how much it is better than at the point before, NaN at the first.
    people : tuple of float
        Covered, for each need.
    cost_cny : float
        What the plan costs: on a frontier that `is_cheapest` the least for which this can be had within the limit,
        where every cost is known.
    new_stations : int
    opened : tuple of ids
    least_share : float
        What share of the worst-served is covered; NaN on other frontiers.
    worst : tuple of Text
        Those whose share that is.
    """

    limit: float
    objective: float
    gain: float
    people: tuple[float, ...]
    cost_cny: float
    new_stations: int
    opened: tuple[Any, ...]
    least_share: float = math.nan
    worst: tuple[Text, ...] = ()

    @classmethod
    def of(cls, question: Question, is_open: Mask, **told: Any) -> FrontierPoint:
        """Return the point of a plan; `told` is what cannot be counted from its stations alone."""
        problem = question.problem
        return cls(
            people=question.people(is_open),
            cost_cny=problem.cost_of(is_open),
            new_stations=int(np.count_nonzero(is_open & problem.added)),
            opened=problem.ids(is_open & problem.new),
            **told,
        )


@dataclass(frozen=True)
class Frontier:
    """What each limit brings at best, every point proven; limits that bring no more than a smaller one are left out.

    Parameters
    ----------
    against : str
        `money`, `stations` or `fairness`.
    points : tuple of FrontierPoint
        In order of the limit.
    end : str
        `saturated`: proven that no higher limit brings more, or, against fairness, that no plan gives the worst-served
        more; `last_limit`: no higher limit was asked for; `not_examined`: time was up.
    objective : Objective
        What the points count.
    of : str or None
        Against fairness whose shares are compared: those of each `need`, `community` or `grid`.
    is_cheapest : bool
        Whether of the plans that are as good at a point the one that takes least is told, proven: the fewest new
        stations (against stations), then the least money.
    """

    against: Against
    points: tuple[FrontierPoint, ...]
    end: Literal["saturated", "last_limit", "not_examined"]
    objective: Objective
    of: str | None = None
    is_cheapest: bool = False
