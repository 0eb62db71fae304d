"""What each open station is worth: who is lost without it, and what could stand in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from planner.model import Solution
from planner.siting.objectives import MaxCoverage
from planner.siting.problem import Array, Mask, NeedWalks, native
from planner.siting.worth.question import Clock, NotExamined, Question, total
from planner.siting.worth.rules import DoesWithout

Verdict = Literal["asked_for", "redundant", "swappable", "replaceable", "irreplaceable", "unproven"]

#: Exchanges are tried one by one up to so many looks at a walk: a count of work, so that two machines agree.
_MOST_LOOKS = 200_000_000

#: Looking at one exchange costs about as much as looking at so many walks, however small the problem.
_LOOKS_AT_LEAST = 5_000


@dataclass(frozen=True)
class Swap:
    """The best exchange of one station for one site that is closed.

    Parameters
    ----------
    site : id
        What opens instead.
    loss : float
        By how much the objective gets worse, as a solution tells it; negative where it gets better.
    people_lost : tuple of float
        For each need; negative where more people are covered.
    """

    site: Any
    loss: float
    people_lost: tuple[float, ...]


@dataclass(frozen=True)
class StationWorth:
    """One station of a plan.

    Parameters
    ----------
    site : id
    is_new : bool
    people_lost : tuple of float
        For each need the people who are no longer covered if this station alone is missing and nothing else changes.
    swap : Swap or None
        The best exchange that every constraint allows; None where there is none, or where none was looked for.
    swaps_examined : bool
        Whether exchanges were looked for.
    loss : float or None
        By how much the best plan without this station is worse, proven; infinite where there is no such plan, None
        where it was not examined.
    verdict : str
        `asked_for`: its status or a rule about it alone has it open in every plan. `redundant`: without it nobody is
        lost and the objective is as good. `swappable`: an exchange loses nothing. `replaceable`: another plan without
        it is as good. `irreplaceable`: every plan as good has it, proven. `unproven`: no exchange is as good; whether
        another plan is, was not examined.
    """

    site: Any
    is_new: bool
    people_lost: tuple[float, ...]
    swap: Swap | None
    swaps_examined: bool
    loss: float | None
    verdict: Verdict


def station_worths(question: Question, solution: Solution, clock: Clock | None) -> tuple[StationWorth, ...]:
    """Return what each open station is worth, in order of id, new ones first.

    Parameters
    ----------
    question : Question
    solution : Solution
        The plan in question.
    clock : Clock or None
        For the proofs; None where none are wanted.
    """
    problem, is_open = question.problem, question.is_open(solution)
    lost = _people_lost(question, is_open)
    decided = question.decided_open
    worths = []
    for place in sorted(problem.order_of_ids[is_open[problem.order_of_ids]], key=lambda one: not problem.new[one]):
        people = tuple(float(each[place]) for each in lost)
        without = is_open & (np.arange(len(is_open)) != place)
        swap, examined = (None, True) if decided[place] else best_swap(question, is_open, int(place))
        worths.append(_judged(question, solution, int(place), people, without, swap, examined, decided[place], clock))
    return tuple(worths)


def _judged(
    question: Question,
    solution: Solution,
    place: int,
    people: tuple[float, ...],
    without: Mask,
    swap: Swap | None,
    examined: bool,
    is_decided: bool,
    clock: Clock | None,
) -> StationWorth:
    site = native(question.problem.site_ids[place])
    loss = None if is_decided or clock is None else _loss_without(question, solution, site, clock)
    verdict: Verdict = "unproven"
    if is_decided:
        verdict = "asked_for"
    elif not any(people) and question.worse(question.amount(without), solution.objective) <= 0:
        verdict = "redundant"
    elif swap is not None and swap.loss <= 0:
        verdict = "swappable"
    elif loss is not None:
        verdict = "irreplaceable" if loss > 0 else "replaceable"
    return StationWorth(site, bool(question.problem.new[place]), people, swap, examined, loss, verdict)


def _people_lost(question: Question, is_open: Mask) -> list[Array]:
    """Return for each need the people whom each open station alone covers, shape (sites,)."""
    return [_only_by(need, is_open) for need in question.problem.needs]


def _only_by(need: NeedWalks, is_open: Mask) -> Array:
    within = need.within_reach
    alone = within @ is_open.astype(np.float64) == 1
    by_site = within.tocsc()
    lost = np.zeros(len(is_open))
    for place in np.flatnonzero(is_open):
        homes = by_site.indices[by_site.indptr[place] : by_site.indptr[place + 1]]
        lost[place] = total(need.people[homes[alone[homes]]])
    return lost


def best_swap(question: Question, is_open: Mask, place: int) -> tuple[Swap | None, bool]:
    """Return the best exchange of one station that every constraint allows, and whether any was looked for.

    The best by the objective, then by people covered, then by the order of ids.
    """
    problem = question.problem
    without = is_open & (np.arange(len(is_open)) != place)
    closed = problem.order_of_ids[(~is_open & ~problem.excluded)[problem.order_of_ids]]
    if isinstance(question.objective, MaxCoverage):
        order = np.argsort(-np.round(_covered_with(question, without)[closed], 6), kind="stable")
        for other in closed[order]:
            if question.is_allowed(exchanged := _opened(without, other)):
                return _swap(question, is_open, exchanged, int(other)), True
        return None, True
    walks = sum(need.walk.nnz for need in problem.needs)
    if len(closed) * (walks + _LOOKS_AT_LEAST) > _MOST_LOOKS:
        return None, False
    allowed = [other for other in closed if question.is_allowed(_opened(without, other))]
    swaps = [_swap(question, is_open, _opened(without, other), int(other)) for other in allowed]
    return min(swaps, key=lambda swap: (swap.loss, sum(swap.people_lost)), default=None), True


def _covered_with(question: Question, is_open: Mask) -> Array:
    """Return the people, by weight, whom each site would add to some open stations; shape (sites,)."""
    gained = np.zeros(len(is_open))
    for need in question.problem.needs:
        gained += need.weight * (need.within_reach.T @ np.where(need.covered(is_open), 0.0, need.people))
    return gained


def _opened(is_open: Mask, place: int) -> Mask:
    return is_open | (np.arange(len(is_open)) == place)


def _swap(question: Question, is_open: Mask, exchanged: Mask, other: int) -> Swap:
    loss = question.worse(question.amount(exchanged), question.amount(is_open))
    pairs = zip(question.people(is_open), question.people(exchanged), strict=True)
    site = native(question.problem.site_ids[other])
    return Swap(site, loss, tuple(total(np.array([ours, -theirs])) for ours, theirs in pairs))


def _loss_without(question: Question, solution: Solution, site: Any, clock: Clock) -> float | None:
    """Return by how much the best plan without a site is worse than the one found; infinite where there is none."""
    try:
        other = question.asked([*question.constraints, DoesWithout((site,))], clock)
    except NotExamined:
        return None
    return np.inf if other is None else question.worse(other.objective, solution.objective)
