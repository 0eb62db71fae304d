"""A p-median that gets smaller: a plan from above, a bound from below, and what lies between them decides sites.

Each pass looks for a better plan, moves the payments, and takes out the sites that every plan as good must open or must
not open, and the pairs that none of them uses. Work is counted, not timed; the clock is read between the parts.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from planner.machine_code import whole
from planner.siting.problem import Mask
from planner.siting.solvers.median.exchange import empty_plan, greedy, improved
from planner.siting.solvers.median.ground import Amounts, Ground, Small, narrowed
from planner.siting.solvers.median.multipliers import Payments, ascend, begin, bound_of
from planner.siting.solvers.stage import SAME

#: How much work is done between two looks at the clock, in pairs touched.
_CHUNK = 1.5e6

#: Pairs that moving the payments may touch between two looks at the clock.
_ASCENT = 200_000_000

#: Stations exchanged in one kick, at most.
_KICK = 8


@dataclass(eq=False)
class Narrowing:
    """The state: what is left of a question, the best plan and the best bound.

    Parameters
    ----------
    whole : Ground
        With every site that was free in the beginning: plans are counted here.
    stations : int
        How many of those sites are opened.
    is_exact : bool
        Whether fewer are ruled out, too.
    step : float
        Two plans never differ by less, unless they are equal.
    """

    whole: Ground
    stations: int
    is_exact: bool
    step: float
    seed: int = 0
    only_better: bool = False
    chosen: Small = field(init=False)
    worth: float = field(init=False, default=np.inf)
    bound: float = field(init=False, default=-np.inf)
    is_open: Mask = field(init=False)
    is_closed: Mask = field(init=False)
    furthest: Amounts = field(init=False)
    left: npt.NDArray[np.intp] = field(init=False)
    ground: Ground = field(init=False)
    searched: Ground | None = field(init=False)
    payments: Payments | None = field(init=False, default=None)
    idle: int = field(init=False, default=0)
    kicks: int = field(init=False, default=0)
    kicked: Small = field(init=False)
    kicked_worth: float = field(init=False, default=np.inf)
    kicked_idle: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        sites = len(self.whole.site_first) - 1
        self.is_open, self.is_closed = np.zeros(sites, dtype=bool), np.zeros(sites, dtype=bool)
        self.furthest = np.full(len(self.whole.far), np.inf)
        self.left = np.arange(sites)
        self.ground = self.searched = self.whole
        self.chosen = self.kicked = np.zeros(0, dtype=np.int32)

    @property
    def still(self) -> int:
        """How many of the sites left are opened."""
        return self.stations - int(np.count_nonzero(self.is_open))

    @property
    def least_difference(self) -> float:
        """By how much a better plan would have to be better."""
        return max(self.step, SAME * max(1.0, abs(self.worth)))

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better."""
        return self.worth - self.bound < self.least_difference

    @property
    def target(self) -> float:
        """What a plan may cost and still be in question: equals are, unless only better ones are looked for."""
        rounding = SAME * max(1.0, abs(self.worth))
        return self.worth - self.least_difference if self.only_better else self.worth + rounding

    @property
    def is_over(self) -> bool:
        """Whether no plan is left in question."""
        return self.bound > self.target

    def gap_to(self, bound: float) -> float:
        """Return how far the plan may be from the best, as a share."""
        return max(self.worth - bound, 0.0) / (abs(self.worth) or 1.0)

    def accept(self, chosen: Small) -> None:
        """Keep a plan if it is better."""
        self._keep(chosen, 0)

    @property
    def members(self) -> int:
        """How many members the sets of the rest have."""
        size = np.diff(self.ground.first)
        return int((size * (size + 1) // 2).sum())

    @property
    def is_tired(self) -> bool:
        """Whether many kicks have brought nothing."""
        return self.idle > self._patience

    def start(self) -> None:
        """Open one site after another, and climb."""
        with whole():
            begun = greedy(self.whole, self.stations)
        self.kicked, self.kicked_worth, _ = self._search(begun, 0)

    def begin_with(self, chosen: Small) -> None:
        """Begin with a plan, filled up with the sites that come first."""
        others = np.setdiff1d(np.arange(len(self.is_open), dtype=np.int32), chosen)
        full = np.concatenate([chosen, others[: self.stations - len(chosen)]])
        self.chosen, self.worth = np.sort(full), self.cost_of(full)
        self._search(full, 0)

    def kick(self) -> None:
        """Kick a plan for as much work as one chunk: the best one, or a fresh one where that brings nothing more."""
        if self.searched is None or self.still == 0 or self.still >= len(self.left):
            self.idle += 1
            return
        rounds = int(np.clip(_CHUNK * self.still / max(len(self.searched.site), 1), 2, 2000))
        begun = self._on_left(self.kicked)
        if len(begun) != self.still or self.kicked_idle > self._patience:
            begun, self.kicked_worth, self.kicked_idle = self._fresh(), np.inf, 0
        self.kicked, worth, idle = self._search(begun, rounds)
        self.kicked_idle = idle if worth < self.kicked_worth else self.kicked_idle + rounds
        self.kicked_worth = min(worth, self.kicked_worth)

    def _fresh(self) -> Small:
        """Draw sites by lot, those that the relaxation opens more often than others."""
        luck = np.random.default_rng(self.seed + self.kicks)
        likely = np.full(len(self.left), 1.0) if self.payments is None else self.payments.opened + 0.01
        drawn = luck.choice(len(self.left), size=self.still, replace=False, p=likely / likely.sum())
        return drawn.astype(np.int32)

    @property
    def _patience(self) -> int:
        return 100 + 10 * self.still

    def _on_left(self, chosen: Small) -> Small:
        """Return a plan in the numbers of the sites that are left."""
        number = np.full(len(self.is_open), -1, dtype=np.int32)
        number[self.left] = np.arange(len(self.left), dtype=np.int32)
        kept: Small = number[chosen]
        return kept[kept >= 0]

    def try_out(self) -> None:
        """Climb from the sites that the relaxation opens most."""
        if self.payments is not None and 0 < self.still < len(self.left):
            self._search(self._most_open(), 0)

    def look(self) -> None:
        """Keep the plan of the sites that the relaxation opens most, if it is better."""
        self._keep(self._completed(self._most_open()), 0)

    def only_plan(self) -> Small:
        """Return the one plan that is left where all the sites left are opened, or none."""
        return self._completed(np.arange(self.still, dtype=np.int32))

    def doubtful(self) -> int:
        """Return the place in `left` of the site that the relaxation opens by halves."""
        assert self.payments is not None
        return int(np.argmin(np.abs(self.payments.opened - 0.5)))

    def _completed(self, places: Small) -> Small:
        chosen: Small = np.sort(np.concatenate([np.flatnonzero(self.is_open), self.left[places]])).astype(np.int32)
        return chosen

    def _most_open(self) -> Small:
        assert self.payments is not None
        return np.argsort(-self.payments.opened, kind="stable")[: self.still].astype(np.int32)

    def _search(self, begun: Small, rounds: int) -> tuple[Small, float, int]:
        """Climb and kick from some of the sites left; return the plan, its worth, and how long nothing got better."""
        assert self.searched is not None
        self.kicks += 1
        tiny = 1e-11 * max(1.0, float(self.ground.far.max(initial=0.0)) if rounds == 0 else self.worth)
        plan = empty_plan(self.searched, len(begun))
        with whole():
            _, found, idle = improved(self.searched, plan, begun, rounds, _KICK, tiny, self.seed + self.kicks)
        chosen = self._completed(found)
        return chosen, self._keep(chosen, idle, rounds), idle

    def _keep(self, chosen: Small, idle: int, rounds: int = 0) -> float:
        worth = self.cost_of(chosen)
        if worth < self.worth - 1e-12 * abs(worth):
            self.chosen, self.worth, self.idle = chosen, worth, idle
        else:
            self.idle += rounds
        return worth

    def fork(self, *, only_better: bool) -> Narrowing:
        """Return a copy that is narrowed by itself, without a search of its own."""
        fork = copy(self)
        fork.only_better, fork.searched = only_better, None
        fork.is_open, fork.is_closed = self.is_open.copy(), self.is_closed.copy()
        return fork

    def child(self, site: int, *, is_open: bool) -> Narrowing:
        """Return what is left when one more site is decided; `site` is a place in `left`."""
        child = self.fork(only_better=self.only_better)
        decided = np.arange(len(self.left)) == site
        nobody = np.zeros(len(self.left), dtype=bool)
        opens, closes = (decided, nobody) if is_open else (nobody, decided)
        child.is_open[self.left[opens]] = True
        child.is_closed[self.left[closes]] = True
        child._narrow(opens, closes, np.full(len(self.whole.far), np.inf))
        return child

    def cost_of(self, chosen: Small) -> float:
        """Count what a plan costs, on the whole ground."""
        cost = self.whole.far.copy()
        for site in chosen:
            span = slice(self.whole.site_first[site], self.whole.site_first[site + 1])
            point = self.whole.site_point[span]
            cost[point] = np.minimum(cost[point], self.whole.site_cost[span])
        return float(cost.sum())

    def rounds_at_once(self, most: int) -> int:
        """Return how often the payments may move between two looks at the clock."""
        return int(np.clip(_ASCENT // max(len(self.ground.site), 1), 1, most))

    def ascend(self, rounds: int, *, afresh: bool = True) -> None:
        """Move the payments so many times; afresh: in steps that are long enough to get somewhere else."""
        if self.payments is None:
            self.payments = begin(self.ground, self._first_payments(), self.still)
        room = self.payments.rooms
        if afresh:
            room[1], room[2] = max(room[1], 0.05), max(room[2], 0.02)
        target = self.target + SAME * max(1.0, abs(self.worth))
        with whole():
            ascend(self.ground, self.payments, self.still, target, rounds)
        self.bound = max(self.bound, float(room[0]))

    def _first_payments(self) -> Amounts:
        """Let each point pay something between its nearest and its second nearest station of the plan."""
        cost, second = self.ground.far.copy(), self.ground.far.copy()
        for site in self._on_left(self.chosen):
            span = slice(self.ground.site_first[site], self.ground.site_first[site + 1])
            point, here = self.ground.site_point[span], self.ground.site_cost[span]
            second[point] = np.minimum(second[point], np.maximum(cost[point], here))
            cost[point] = np.minimum(cost[point], here)
        return np.minimum(0.5 * (cost + np.minimum(second, 3.0 * cost + 1.0)), self.ground.far)

    def decide(self) -> bool:
        """Take out what is decided; return whether anything was."""
        if self.payments is None:
            return False
        sites, still = len(self.left), self.still
        loses = np.zeros(sites)
        with whole():
            bound = bound_of(self.ground, self.payments.paid, still, loses)
        room = self.target - bound
        ranked = np.sort(loses)
        last = ranked[still - 1] if still else -np.inf
        following = ranked[still] if still < sites else np.inf if self.is_exact else 0.0
        is_best = np.zeros(sites, dtype=bool)
        is_best[np.argsort(loses, kind="stable")[:still]] = True
        opens = is_best & (following - loses > room)
        closes = ~is_best & (loses - last > room)
        most = self.payments.paid + max(room, 0.0)
        shorter = int(np.count_nonzero(self.ground.cost > np.repeat(most, np.diff(self.ground.first))))
        if not opens.any() and not closes.any() and shorter < 0.1 * len(self.ground.cost):
            return False
        self.is_open[self.left[opens]] = True
        self.is_closed[self.left[closes]] = True
        self.furthest = np.minimum(self.furthest, most)
        self._narrow(opens, closes, most)
        return True

    def _narrow(self, opens: Mask, closes: Mask, most: Amounts) -> None:
        kept = ~opens & ~closes
        number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        count = int(np.count_nonzero(kept))
        assert self.payments is not None
        self.ground = narrowed(self.ground, number, opens, most, count)
        if self.searched is not None:
            self.searched = narrowed(self.searched, number, opens, np.full(len(most), np.inf), count)
        self.left = self.left[kept]
        paid = np.minimum(self.payments.paid, self.ground.far)
        length = self.payments.rooms[1]
        self.payments = begin(self.ground, paid, self.still)
        self.payments.rooms[1] = length
