"""Which of the possible places to propose: those from which walks reach the most people whom nobody reaches yet."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]

#: Every proposal is tried elsewhere at most this many times.
_MOST_ROUNDS = 10

#: Gains nearer to each other than this are equal.
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Walked:
    """Possible places and whom they reach, by walking.

    Parameters
    ----------
    xy : array of float64, shape (places, 2)
    rank : array of int, shape (places,)
        The smaller one is preferred where two places are equally good.
    reach : csc_array, shape (people's rows, places)
        Ones where a walk meets the standard.
    people : array of float64, shape (people's rows,)
    walk : csc_array, shape (people's rows, places)
        The walks themselves, in the same pattern.
    """

    xy: Floats
    rank: npt.NDArray[np.int64]
    reach: sparse.csc_array
    people: Floats
    walk: sparse.csc_array

    def only(self, places: Ints) -> Walked:
        """Return some of the places."""
        return Walked(self.xy[places], self.rank[places], self.reach[:, places], self.people, self.walk[:, places])


def choose(walked: Walked, count: int, min_apart_m: float, min_people: float) -> Ints:
    """Return the places to propose, those that add the most people first: positions in `walked`.

    One after the other is chosen, each time the place that adds most; then each is moved to wherever it adds more, the
    others standing still, until none is. Moving is good for all of them together and may be bad for the first few, who
    are all that a plan opens: of the places before and after it, those are taken of which the first, the first two, ...
    reach more people, added up. The result is measured against a proven bound in docs/benchmarks.md.

    Parameters
    ----------
    walked : Walked
    count : int
        At most so many.
    min_apart_m : float
    min_people : float
        Fewer are proposed where none adds so many people.
    """
    chosen: list[int] = []
    while len(chosen) < count:
        place = _best(walked, chosen, min_apart_m, min_people)
        if place is None:
            break
        chosen.append(place)
    one_by_one = _in_order(walked, chosen, min_people)
    for _ in range(_MOST_ROUNDS):
        if not _moved(walked, chosen, min_apart_m):
            break
    together = _in_order(walked, chosen, min_people)
    return max(together, one_by_one, key=lambda order: _first_ones(walked, order, count))


def _first_ones(walked: Walked, order: Ints, count: int) -> float:
    """Return the people whom the first place reaches, the first two, ... and all `count`, added up."""
    added = (float(gains(walked, order[:k])[place]) for k, place in enumerate(order))
    return math.fsum((count - k) * people for k, people in enumerate(added))


def gains(walked: Walked, chosen: list[int] | Ints) -> Floats:
    """Return the people whom each place reaches and none of those chosen does, shape (places,)."""
    left = walked.people * ~_reached(walked, chosen)
    added: Floats = walked.reach.T @ left
    return added


def _reached(walked: Walked, chosen: list[int] | Ints) -> Bools:
    reached: Bools = np.asarray(walked.reach[:, np.asarray(chosen, dtype=np.intp)].sum(axis=1)).ravel() > 0
    return reached


def _best(walked: Walked, chosen: list[int], min_apart_m: float, at_least: float) -> int | None:
    added = gains(walked, chosen)
    added[~_apart(walked, chosen, min_apart_m)] = -1.0
    most = added.max(initial=-1.0)
    if most < at_least:
        return None
    equal = np.flatnonzero(added >= most - _SAME * max(1.0, most))
    left = walked.people * ~_reached(walked, chosen)
    walks = walked.walk[:, equal].T @ left
    return int(equal[np.lexsort((equal, walks, walked.rank[equal]))[0]])


def _apart(walked: Walked, chosen: list[int], min_apart_m: float) -> Bools:
    if not chosen or not len(walked.xy):
        return np.ones(len(walked.xy), dtype=bool)
    apart: Bools = cKDTree(walked.xy[chosen]).query(walked.xy)[0] >= min_apart_m
    apart[chosen] = False
    return apart


def _moved(walked: Walked, chosen: list[int], min_apart_m: float) -> bool:
    """Move each place to where it adds more than it does, and say whether any was moved."""
    any_moved = False
    for position, place in enumerate(chosen):
        others = chosen[:position] + chosen[position + 1 :]
        here = float(gains(walked, others)[place])
        better = _best(walked, others, min_apart_m, here + _SAME * max(1.0, here))
        if better is not None and better != place and gains(walked, others)[better] > here:
            chosen[position], any_moved = better, True
    return any_moved


def _in_order(walked: Walked, chosen: list[int], min_people: float) -> Ints:
    """Return those chosen, the one that adds most first, without any that then adds fewer than asked for."""
    ordered: list[int] = []
    while len(ordered) < len(chosen):
        left = np.array([place for place in chosen if place not in ordered], dtype=np.intp)
        added = gains(walked, ordered)[left]
        if added.max() < min_people:
            break
        ordered.append(int(left[np.lexsort((left, -added))[0]]))
    return np.array(ordered, dtype=np.intp)
