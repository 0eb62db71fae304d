"""What an objective or a constraint tells a solver: linear expressions as data, so that no solver is imported here.

What can be weighed: whether a site is open, whether a demand point is covered, by one station or by several, how far
its people walk, and what the nearest open station is worth to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.problem import SitingProblem
from planner.siting.room import Room

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Expression:
    """A weighted sum.

    Parameters
    ----------
    of_open : array of float, shape (sites,)
        What each open station adds.
    of_covered : tuple of arrays of float, shape (demand points,), one for each need
        What each covered demand point adds. More coverage must never hurt: at least 0 in what is maximised.
    of_walk : tuple of arrays of float, shape (demand points,), one for each need
        What each unit of walk to the nearest open station adds, over the covered demand points; at least 0.
    of_any_walk : tuple of arrays of float, shape (demand points,), one for each need
        The same for walks beyond the standard too; at least 0. Whoever has such an amount and a site that may be open
        must be reached: see `Rows.reaching`.
    constant : float
        What is added whatever is open.
    of_nearest : tuple of arrays of float, shape (stored walks,), one for each need, optional
        What each walk adds where it leads to the nearest open station of its demand point, within the standard or
        beyond; at least 0, and never more for a longer walk of the same demand point. For what is maximised.
    of_several : tuple of arrays of float, shape (demand points,), one for each need, optional
        What each demand point adds that has `several` open stations or more within the standard; at least 0, for what
        is maximised.
    several : int
        How many that are.
    """

    of_open: Array
    of_covered: tuple[Array, ...]
    of_walk: tuple[Array, ...]
    of_any_walk: tuple[Array, ...]
    constant: float = 0.0
    of_nearest: tuple[Array, ...] | None = None
    of_several: tuple[Array, ...] | None = None
    several: int = 2

    @classmethod
    def of(
        cls,
        problem: SitingProblem,
        *,
        of_open: Array | None = None,
        of_covered: tuple[Array, ...] | None = None,
        of_walk: tuple[Array, ...] | None = None,
        of_any_walk: tuple[Array, ...] | None = None,
        constant: float = 0.0,
        of_nearest: tuple[Array, ...] | None = None,
        of_several: tuple[Array, ...] | None = None,
        several: int = 2,
    ) -> Expression:
        """Return an expression; what is not given is zero."""
        nothing = tuple(np.zeros(len(problem.demand_ids)) for _ in problem.needs)
        return cls(
            np.zeros(len(problem.site_ids)) if of_open is None else np.asarray(of_open, dtype=np.float64),
            nothing if of_covered is None else of_covered,
            nothing if of_walk is None else of_walk,
            nothing if of_any_walk is None else of_any_walk,
            constant,
            of_nearest,
            of_several,
            several,
        )

    @classmethod
    def of_cost(cls, problem: SitingProblem) -> Expression:
        """Return what a plan costs in CNY: `SitingProblem.cost_of` as data for a solver."""
        return cls.of(problem, of_open=problem.cost_of_opening_cny, constant=problem.cost_of_closing_all_cny)


@dataclass(frozen=True, eq=False)
class Floor:
    """An expression that must not be less.

    Parameters
    ----------
    expression : Expression
        More coverage must never hurt: amounts of 0 or more on covered demand points.
    lower : float
        With room for the rounding of a solver: whether a plan keeps the floor is counted again without it.
    """

    expression: Expression
    lower: float


@dataclass(frozen=True, eq=False)
class Rows:
    """What is allowed.

    Parameters
    ----------
    of_open : csr_array, shape (rows, sites)
    lower, upper : arrays of float, shape (rows,)
        `lower <= of_open @ is_open <= upper`.
    covered : tuple of arrays of bool, shape (demand points,), one for each need
        Demand points that must be covered.
    reached : tuple of arrays of float, shape (demand points,), one for each need
        The longest walk by which each demand point must reach an open station, whatever the standard; infinite where
        any walk will do, NaN where nothing is asked.
    floors : tuple of Floor
        What open sites and covered demand points must amount to at least.
    room : Room, optional
        Stations have room for so many people.
    """

    of_open: sparse.csr_array
    lower: Array
    upper: Array
    covered: tuple[npt.NDArray[np.bool_], ...]
    reached: tuple[Array, ...]
    floors: tuple[Floor, ...] = ()
    room: Room | None = None

    @classmethod
    def nothing(cls, problem: SitingProblem) -> Rows:
        """Return no row at all."""
        return cls.covering(problem, _nobody(problem))

    @classmethod
    def stacked(
        cls, problem: SitingProblem, of_open: sparse.csr_array, lower: npt.ArrayLike, upper: npt.ArrayLike
    ) -> Rows:
        """Return several rows, `lower <= of_open @ is_open <= upper`; limits of shape (rows,) or one for all."""
        rows = of_open.shape[0]
        low, high = (np.broadcast_to(np.asarray(limit, dtype=np.float64), rows) for limit in (lower, upper))
        return cls(of_open, low, high, _nobody(problem), _nothing(problem))

    @classmethod
    def above(cls, problem: SitingProblem, floors: Iterable[Floor]) -> Rows:
        """Return no row on sites, and what covered demand points must amount to."""
        return replace(cls.nothing(problem), floors=tuple(floors))

    @classmethod
    def counting(
        cls, problem: SitingProblem, weight: npt.ArrayLike, lower: float = -np.inf, upper: float = np.inf
    ) -> Rows:
        """Return one row: `lower <= sum of weight over the open sites <= upper`."""
        row = sparse.csr_array(np.asarray(weight, dtype=np.float64)[np.newaxis, :])
        return cls(row, np.array([lower]), np.array([upper]), _nobody(problem), _nothing(problem))

    @classmethod
    def opening(cls, problem: SitingProblem, sites: npt.NDArray[np.bool_]) -> Rows:
        """Return one row a site: each of these must be open."""
        of_open = sparse.csr_array(sparse.eye_array(len(problem.site_ids), format="csr")[np.flatnonzero(sites)])
        ones = np.ones(of_open.shape[0])
        return cls(of_open, ones, ones, _nobody(problem), _nothing(problem))

    @classmethod
    def closing(cls, problem: SitingProblem, sites: npt.NDArray[np.bool_]) -> Rows:
        """Return one row a site: none of these may be open."""
        every = sparse.eye_array(len(problem.site_ids), format="csr")
        return cls.stacked(problem, sparse.csr_array(every[np.flatnonzero(sites)]), -np.inf, 0.0)

    @classmethod
    def covering(cls, problem: SitingProblem, covered: tuple[npt.NDArray[np.bool_], ...]) -> Rows:
        """Return no row on sites, and the demand points that must be covered."""
        return cls(_no_rows(problem), np.empty(0), np.empty(0), covered, _nothing(problem))

    @classmethod
    def reaching(cls, problem: SitingProblem, reached: tuple[Array, ...]) -> Rows:
        """Return no row on sites, and the walk by which each demand point must reach a station."""
        return cls(_no_rows(problem), np.empty(0), np.empty(0), _nobody(problem), reached)

    @classmethod
    def making_room(cls, problem: SitingProblem, room: Room) -> Rows:
        """Return no row on sites, and the room that there is in them."""
        return replace(cls.nothing(problem), room=room)


def _no_rows(problem: SitingProblem) -> sparse.csr_array:
    return sparse.csr_array((0, len(problem.site_ids)))


def _nobody(problem: SitingProblem) -> tuple[npt.NDArray[np.bool_], ...]:
    return tuple(np.zeros(len(problem.demand_ids), dtype=bool) for _ in problem.needs)


def _nothing(problem: SitingProblem) -> tuple[Array, ...]:
    return tuple(np.full(len(problem.demand_ids), np.nan) for _ in problem.needs)
