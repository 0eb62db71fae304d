"""The rest of a p-median by branch and bound: a site is open or closed, and each half is narrowed by itself.

Small where few stations are opened: there the relaxation leaves a gap that the MILP solver closes slowly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.siting.solvers.median.ground import Small
from planner.siting.solvers.median.narrowing import Narrowing

#: The payments of a half are moved so often at a time, and so many times at most.
_ROUNDS, _TIMES = 40, 6


@dataclass(eq=False)
class Branching:
    """What came of it.

    Parameters
    ----------
    chosen : array of int32, shape (stations,)
    worth : float
    bound : float
        No plan costs less.
    plans : list of arrays of int32
        Every plan as good as the given one, where these were asked for.
    is_done : bool
        Whether everything was looked at.
    """

    chosen: Small
    worth: float
    bound: float
    plans: list[Small]
    is_done: bool = False


def branch(rest: Narrowing, nodes: int, is_late: Callable[[], bool], equals: int = 0) -> Branching:
    """Look at the rest half by half.

    Parameters
    ----------
    rest : Narrowing
    nodes : int
        So many halves at most: a count of work.
    is_late : function
        Whether time is up.
    equals : int
        Look for up to so many plans that are as good as the given one; 0: only for better ones.
    """
    found = Branching(rest.chosen, rest.worth, rest.bound, [])
    waiting = [rest.fork(only_better=not equals)]
    for _ in range(nodes):
        if not waiting or is_late() or len(found.plans) > equals:
            break
        half = waiting.pop()
        half.chosen, half.worth = found.chosen, found.worth
        _move(half)
        if half.is_over:
            continue
        if half.still in (0, len(half.left)):
            _take(half, found, equals)
            continue
        if not equals:
            half.look()
            found.chosen, found.worth = half.chosen, half.worth
        site = half.doubtful()
        waiting += [half.child(site, is_open=False), half.child(site, is_open=True)]
    found.is_done = not waiting
    found.bound = min([found.worth, *(half.bound for half in waiting)])
    return found


def _move(half: Narrowing) -> None:
    """Move the payments until the half is over, decided, or nothing moves."""
    for _ in range(_TIMES):
        before = half.bound
        half.ascend(_ROUNDS)
        if half.is_over:
            return
        is_smaller = half.decide()
        is_stuck = half.bound - before < 0.1 * (half.worth - half.bound)
        if half.still in (0, len(half.left)) or (is_stuck and not is_smaller):
            return


def _take(half: Narrowing, found: Branching, equals: int) -> None:
    """Keep the one plan that is left of a half."""
    chosen = half.only_plan()
    worth = half.cost_of(chosen)
    if equals and worth <= half.target:
        found.plans.append(chosen)
    elif worth < found.worth:
        found.chosen, found.worth = chosen, worth
