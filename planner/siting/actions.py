"""A plan told as actions: what it opens, what that replaces, what it closes for nothing, and what each costs."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from planner.model import Action, ActionKind
from planner.siting.problem import Mask, SitingProblem, native


def actions_of(problem: SitingProblem, is_open: Mask) -> tuple[Action, ...]:
    """Return what a plan does, in order of id; the costs add up to `SitingProblem.cost_of`.

    Parameters
    ----------
    problem : SitingProblem
    is_open : array of bool, shape (sites,)
    """
    opened = is_open & problem.new
    closed = problem.existing & ~problem.served_on(is_open)
    return tuple(_action(problem, int(place)) for place in problem.order_of_ids if opened[place] or closed[place])


def _action(problem: SitingProblem, place: int) -> Action:
    site = native(problem.site_ids[place])
    if problem.existing[place]:
        return Action("close", site, (), problem.cost_of_closing(_only(problem, place)))
    replaced = np.zeros(len(problem.site_ids), dtype=bool)
    if problem.replaces is not None:
        replaced[list(problem.replaces[place])] = True
    kind: ActionKind = "open" if problem.action is None else cast(ActionKind, problem.action[place])
    cost_cny = problem.cost_of_new(_only(problem, place)) + problem.cost_of_closing(replaced)
    return Action(kind, site, problem.ids(replaced), known(cost_cny))


def known(cost_cny: float) -> float | None:
    """Return an amount to the fen, None where it is not known."""
    return None if math.isnan(cost_cny) else round(cost_cny, 2)


def _only(problem: SitingProblem, place: int) -> Mask:
    only = np.zeros(len(problem.site_ids), dtype=bool)
    only[place] = True
    return only
