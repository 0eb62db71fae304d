"""The first goal: good plans and what knapsacks prove about them, then halves, then the MILP solver where those end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.siting.problem import Array, Mask, Positions
from planner.siting.solvers.capacitated.ground import Choice
from planner.siting.solvers.capacitated.halves import Halving, Proof, likeliest
from planner.siting.solvers.capacitated.head_start import FEWEST_COLUMNS, MOST_CELLS, Start, choice_of, market_of
from planner.siting.solvers.capacitated.model import weighed
from planner.siting.solvers.capacitated.payments import Knapsacks, Market, ascend
from planner.siting.solvers.capacitated.search import Search, Settled
from planner.siting.solvers.capacitated.sending import good_plan, sites_by_turns
from planner.siting.solvers.stage import SAME, step

#: Payments move so often at the most before anything is split.
_ROUNDS = 800

#: The bound is looked for so much above what people cost at their nearest of some sites.
_ABOVE = 0.05


def settle_first(search: Search) -> tuple[Search, Settled]:
    """Return the best plan by the first goal, and the search with what was proven on the way."""
    search = begin(search)
    if search.start is None or not search.start.tells_all:
        return search, search.settle()
    best = _Best(search, search.start.market, search.start.choice, search.start.worth)
    proof = _halved(best, search.start)
    assert best.choice is not None
    if proof.end == "node_limit":
        start = search.start
        paid = replace(start.paid, bound=max(start.paid.bound, proof.bound))
        search = replace(search, given=best.choice, start=replace(start, paid=paid))
        return search, search.settle()
    worth = search.worth(best.choice)
    if proof.end == "proven" and best.worth - proof.bound <= _unit(best) * (1 + 1e-9):
        return search, Settled(best.choice, worth, "proven")
    bound = best.sign * proof.bound + search.constant
    return search, Settled(best.choice, bound, "gap" if proof.end == "proven" else "time_limit")


def begin(search: Search) -> Search:
    """Return the search with a good plan and what knapsacks prove about it, where that is worth while."""
    ground, goal = search.ground, search.goals[-1]
    amounts = ground.amounts(goal.expression(ground.problem))
    few = ground.columns < FEWEST_COLUMNS or not ground.parties or not len(ground.sites)
    if ground.room.is_nearest or not ground.is_possible or few or not amounts.any():
        return search
    market = market_of(ground, search.rules, amounts if goal.sense == "min" else -amounts)
    bags = Knapsacks(market)
    if market.cost.size * bags.width > MOST_CELLS:
        return search
    best = _Best(search, market)
    by_turns = sites_by_turns(market, _finite(market))
    best.look(by_turns)
    pay = market.cost.min(axis=1, initial=np.inf)
    pay = np.where(np.isfinite(pay), pay, 0.0)
    likely = ascend(market, bags, pay, _hoped(market, by_turns), _ROUNDS)
    best.look(likeliest(market, likely))
    if best.choice is None:
        return search
    paid = ascend(market, bags, likely.pay, best.worth, _ROUNDS)
    paid = paid if paid.bound > likely.bound else likely
    return replace(search, given=best.choice, start=Start(best.choice, best.worth, paid, ground, market, bags))


@dataclass(eq=False)
class _Best:
    """The best plan so far; amounts are to be small, constants left out."""

    search: Search
    market: Market
    choice: Choice | None = None
    worth: float = np.inf

    @property
    def sign(self) -> float:
        """What turns amounts to be small into amounts of the goal."""
        return 1.0 if self.search.goals[-1].sense == "min" else -1.0

    def look(self, is_open: Mask) -> float:
        """Look for a plan with some sites, and keep it if it is better."""
        found = good_plan(self.market, is_open)
        return self.worth if found is None else self.told(found[1], found[2])

    def told(self, is_open: Mask, goes: Positions) -> float:
        """Keep a plan if it is allowed and better."""
        choice = choice_of(self.search.ground, is_open, goes)
        if self.search.is_allowed(choice):
            worth = self.sign * (self.search.worth(choice) - self.search.constant)
            if worth < self.worth:
                self.choice, self.worth = choice, worth
        return self.worth


def _unit(best: _Best) -> float:
    """Return a difference that does not matter."""
    search = best.search
    amounts = search.ground.amounts(search.goals[0].expression(search.ground.problem))
    return max(step(weighed(amounts)), SAME * max(1.0, abs(best.worth), abs(best.sign * best.worth + search.constant)))


def _halved(best: _Best, start: Start) -> Proof:
    search = best.search
    room = max(_unit(best), (search.task.gap - 1e-12) * abs(best.sign * best.worth + search.constant))
    return Halving(
        start.market, start.bags, best.worth, room, best.look, best.told, lambda: search.task.seconds_left <= 0
    ).prove(start.paid)


def _finite(market: Market) -> Array:
    """Return costs with a large number where a party cannot go."""
    finite = np.isfinite(market.cost)
    return np.where(finite, market.cost, 2.0 * np.where(finite, market.cost, 0.0).max(initial=0.0) + 1.0)


def _hoped(market: Market, is_open: Mask) -> float:
    """Return a little more than some sites cost where room is not looked at."""
    cost = _finite(market)[:, is_open].min(axis=1, initial=np.inf)
    total = float(cost[np.isfinite(cost)].sum() + market.opening[is_open].sum())
    return total + _ABOVE * abs(total)
