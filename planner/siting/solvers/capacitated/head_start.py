"""Before the MILP solver is asked: a good plan, a bound from knapsacks, and the columns that no better plan uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planner.siting.linear import Rows
from planner.siting.problem import Array, Mask, Positions
from planner.siting.solvers.capacitated.ground import Choice, Ground
from planner.siting.solvers.capacitated.payments import Knapsacks, Market, Paid

#: Larger knapsacks, parties × sites × steps of room, are not filled; below so few columns nothing is gained.
MOST_CELLS, FEWEST_COLUMNS = 40_000_000, 300


@dataclass(frozen=True, eq=False)
class Start:
    """A plan, a bound, and what columns cost at the least; amounts are to be small, constants left out."""

    choice: Choice
    worth: float
    paid: Paid
    ground: Ground
    market: Market
    bags: Knapsacks

    @property
    def tells_all(self) -> bool:
        """Whether the market is the whole question, to the last person."""
        return self.market.is_whole and self.bags.are_exact(self.market)

    def dearer_than(self, limit: float) -> Mask:
        """Return the columns that only plans dearer than a limit use."""
        return np.concatenate(
            [self.paid.of_site > limit, self.paid.of_walk[self.ground.party, self.ground.site] > limit]
        )


def market_of(ground: Ground, rules: Sequence[Rows], amounts: Array) -> Market:
    """Return who goes where at which cost: what is asked of sites beside their number is left out."""
    sites = len(ground.sites)
    cost = np.full((ground.parties, sites), np.inf)
    usable = ground.is_within | ~ground.must_be_covered[ground.party]
    cost[ground.party[usable], ground.site[usable]] = amounts[sites:][usable]
    forced, least, most, is_whole = _counts(ground, rules)
    return Market(
        cost,
        amounts[:sites],
        ground.size,
        ground.room.capacity[ground.sites],
        ground.must_go | ground.must_be_covered,
        forced,
        least,
        most,
        is_whole,
    )


def _counts(ground: Ground, rules: Sequence[Rows]) -> tuple[Mask, int, int, bool]:
    """Return the sites that are open in every plan, how many may be open, and whether that is all that is asked."""
    sites = len(ground.sites)
    forced = ground.problem.always_open[ground.sites].copy()
    least, most, is_whole = 0.0, float(sites), True
    for rule in rules:
        is_whole &= not rule.floors
        rows = sparse.csr_array(rule.of_open[:, ground.sites]).toarray()
        for row, low, high in zip(rows, rule.lower, rule.upper, strict=True):
            if np.all(row == 1.0):
                least, most = max(least, low), min(most, high)
            elif np.count_nonzero(row) == 1 and low > 0:
                forced |= row > 0
                is_whole &= bool(low <= row.max() <= high)
            else:
                is_whole = False
    count = np.count_nonzero(forced)
    least, most = max(np.ceil(least - 1e-6), count), np.floor(most + 1e-6)
    return forced, int(least), int(max(most, least)), is_whole and least <= most


def choice_of(ground: Ground, is_open: Mask, goes: Positions) -> Choice:
    """Return a plan from the columns of the sites and the column each party goes to."""
    walks = goes[ground.party] == ground.site
    return ground.choice(np.concatenate([is_open, walks]))
