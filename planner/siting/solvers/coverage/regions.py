"""A bound by regions: each is solved exactly, and only what lies across their borders is counted twice.

A set with sites in several regions is served at most once. That is given up at a price: such a set is worth its whole
amount less the price without any site, and every region that serves it earns the price. Likewise what a rule counts
has a price. Whatever the prices are, the regions' best and the rest are together no less than the best plan's worth
(Lagrangian relaxation: Geoffrion 1974, Mathematical Programming Study 2; for coverage Galvao & ReVelle 1996, European
Journal of Operational Research 88(1)). With the prices of the linear relaxation the bound starts at that one's, and
every region solved in whole numbers brings it down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.highs import Limits, model_of, solve_model
from planner.siting.solvers.program import Array, Goal, Program
from planner.siting.solvers.tighten import tightened

Whole = npt.NDArray[np.intp]

#: A region is given up after so many nodes: its bound by then counts.
_NODES = 3_000

#: What is added to the solver's bound, as a share: its sums are rounded.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Prices:
    """What serving a set that lies across a border earns, and what each site costs by the rules.

    Parameters
    ----------
    of_set : array of float, shape (sets,)
        From 0 to the worth of the set.
    of_site : array of float, shape (sites,)
        Worth of the site itself less what the rules charge for it.
    base : float
        What the limits of the rules amount to at their prices.
    """

    of_set: Array
    of_site: Array
    base: float

    @classmethod
    def of(cls, program: Program, duals: Array) -> Prices:
        """Take the row duals of the linear relaxation, as far as they can be prices."""
        (goal,) = program.goals
        sets = program.sets.shape[0]
        charged = duals[sets:]
        charged = np.where(np.isposinf(program.upper), np.minimum(charged, 0.0), charged)
        charged = np.where(np.isneginf(program.lower), np.maximum(charged, 0.0), charged)
        limit = np.where(charged > 0, program.upper, np.where(charged < 0, program.lower, 0.0))
        of_site = goal.of_site - program.rows.T @ charged
        return cls(np.clip(duals[:sets], 0.0, goal.of_set), of_site, float(charged @ limit))


@dataclass(frozen=True, eq=False)
class Region:
    """Some sites, the most they can earn, and the sites that earn it."""

    sites: Mask
    most: float
    chosen: Whole


@dataclass(frozen=True, eq=False)
class Ground:
    """A program to be made large, with one goal whose amounts on sets are 0 or more, and prices."""

    program: Program
    prices: Prices

    def merged(self, group: Whole, most: int) -> Whole:
        """Merge groups whose common sets are dear, as long as no group has more sites than that; numbers from 0."""
        count, sets = int(group.max(initial=-1)) + 1, self.program.sets
        member = sparse.csr_array((np.ones(len(group)), (np.arange(len(group)), group)), shape=(len(group), count))
        touched = sparse.csr_array(sets @ member)
        touched.data[:] = 1.0
        shared: Array = (touched.T @ sparse.diags_array(self.prices.of_set) @ touched).toarray()
        np.fill_diagonal(shared, 0.0)
        size = np.bincount(group, minlength=count).astype(np.float64)
        into = np.arange(count)
        while count:
            worth = shared / np.sqrt(np.minimum(size[:, np.newaxis], size))
            worth[size[:, np.newaxis] + size > most] = 0.0
            one, other = divmod(int(np.argmax(worth)), count)
            if worth[one, other] <= 0:
                break
            into[into == other] = one
            size[one] += size[other]
            size[other] = np.inf
            shared[one] += shared[other]
            shared[:, one] += shared[:, other]
            shared[other], shared[:, other], shared[one, one] = 0.0, 0.0, 0.0
        return np.unique(into[group], return_inverse=True)[1].astype(np.intp)

    def across(self, group: Whole) -> Mask:
        """Whether each set has sites in several regions, shape (sets,)."""
        indptr, of_pair = self.program.sets.indptr, group[self.program.sets.indices]
        return np.maximum.reduceat(of_pair, indptr[:-1]) != np.minimum.reduceat(of_pair, indptr[:-1])

    def base(self, group: Whole) -> float:
        """Return what no region earns, so that this and what they earn is a bound, without the goal's constant."""
        (goal,) = self.program.goals
        return self.prices.base + float((goal.of_set - self.prices.of_set)[self.across(group)].sum())

    def region(self, sites: Mask, parts: list[Region], seconds: float, seed: int) -> Region:
        """Solve a region as far as time allows.

        Parameters
        ----------
        sites : array of bool, shape (sites,)
        parts : list of Region
            Regions that make it up together; none if nothing is known of it. What they say counts where time is up.
        seconds : float
        seed : int
        """
        (goal,) = self.program.goals
        within = self.program.sets @ sites.astype(np.float64)
        is_across = (within > 0) & (within < np.diff(self.program.sets.indptr))
        amounts = np.where(is_across, self.prices.of_set, goal.of_set)
        known, own = self._known(sites, within, parts), np.flatnonzero(sites)
        if seconds <= 0:
            return Region(sites, known, np.concatenate([own[:0], *(part.chosen for part in parts)]))
        nothing = np.zeros(len(sites), dtype=bool)
        alone = replace(
            self.program,
            goals=(Goal(self.prices.of_site, amounts, 0.0),),
            rows=sparse.csr_array((0, len(sites))),
            lower=np.empty(0),
            upper=np.empty(0),
        )
        part = tightened(alone, nothing, ~sites, np.zeros(len(amounts), dtype=bool))
        model = model_of(part, part.goals[0], "max")
        limits = Limits(seconds, absolute=1e-6 * known, nodes=_NODES, seed=seed)
        answer = solve_model(model, part, limits, np.zeros(len(part.free), dtype=bool))
        most = answer.bound + part.goals[0].constant
        most = most + _ROUNDING * abs(most) if np.isfinite(most) else np.inf
        return Region(sites, min(known, most), own[:0] if answer.chosen is None else own[answer.chosen])

    def _known(self, sites: Mask, within: Array, parts: list[Region]) -> float:
        """Return what a region earns at most by its parts, or else by the prices alone."""
        (goal,) = self.program.goals
        size = np.diff(self.program.sets.indptr)
        is_inside = within == size
        if parts:
            inside_parts = [self.program.sets @ part.sites.astype(np.float64) == size for part in parts]
            newly = is_inside & ~np.any(inside_parts, axis=0)
            return float((goal.of_set - self.prices.of_set)[newly].sum()) + sum(part.most for part in parts)
        earned = self.prices.of_site + self.program.sets.T @ self.prices.of_set
        return float((goal.of_set - self.prices.of_set)[is_inside].sum() + np.maximum(earned[sites], 0.0).sum())
