"""Most coverage in cities too large for a proof: a plan by neighbourhoods, and a bound by larger and larger regions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound, bound_from
from planner.siting.solvers.coverage.exchange import exchanged
from planner.siting.solvers.coverage.neighbourhoods import improved
from planner.siting.solvers.coverage.regions import Ground, Prices, Region
from planner.siting.solvers.coverage.sharing import Sharing
from planner.siting.solvers.highs import relax
from planner.siting.solvers.program import Array, Program
from planner.siting.solvers.search import Terrain, climb, greedy
from planner.siting.solvers.settle import rounded
from planner.siting.solvers.stage import Found, Stage, step

Whole = npt.NDArray[np.intp]

#: Kicks, and members of sets that a search looks at.
_KICKS, _WORK = 3_000, 1_000_000_000

#: Stations that are placed anew together.
_TOGETHER = 7

#: Sites of a region, in one round after the other.
_SIZES = (110, 160, 240, 360)


def bounded_roughly(stage: Stage, program: Program, start: Mask) -> tuple[Bound | None, Mask]:
    """Return the bound of the linear relaxation, solved roughly, and a good plan; no bound if time was up.

    Parameters
    ----------
    stage : Stage
    program : Program
        With one goal, to be made large, and no rule but rows on the sites.
    start : array of bool, shape (sites,)
        A plan that is allowed.
    """
    model = stage.model(program)
    relaxed = relax(model, stage.task.seconds_left, roughly=True)
    if relaxed is None:
        return None, start
    duals, leaning = relaxed
    bound = bound_from(model, duals)
    terrain = Terrain.of(program, list(program.goals))
    best = start[program.free]
    for first in (start[program.free], climb(terrain, rounded(terrain, leaning))):
        found = exchanged(terrain, first, bound.value - step(program.goals[-1]), _KICKS, _WORK, stage.task.seed)
        best = max(filter(terrain.allows, [best, found]), key=lambda choice: float(terrain.worth(choice)[0]))
    is_open = stage.decided.opened(program, best)
    return bound, is_open if stage.is_allowed(is_open) else start


def settle_large(stage: Stage, program: Program, bound: Bound, start: Mask) -> Found:
    """Return a plan and a bound, brought together as far as time allows.

    Parameters
    ----------
    stage : Stage
    program : Program
        As for `bounded_roughly`.
    bound : Bound
        Of the linear relaxation.
    start : array of bool, shape (sites,)
        A plan that is allowed.
    """
    search = _Search(stage, program, bound, Terrain.of(program, list(program.goals)))
    chosen, limit = search.improved(start[program.free]), bound.value
    ground = Ground(program, Prices.of(program, bound.duals))
    group = search.sharing.around(np.flatnonzero(chosen))
    regions: list[Region] = []
    for size in _SIZES:
        if search.is_over(chosen, limit):
            break
        group = ground.merged(group, size)
        regions = _solved(stage, ground, group, regions)
        limit = min(limit, ground.base(group) + sum(region.most for region in regions))
        chosen = search.mended(chosen, np.concatenate([region.chosen for region in regions]))
    is_open = stage.decided.opened(program, chosen)
    if not stage.is_allowed(is_open):
        is_open = start
    return _concluded(stage, program, is_open, limit)


@dataclass(frozen=True, eq=False)
class _Search:
    """What the search for a better plan needs."""

    stage: Stage
    program: Program
    bound: Bound
    terrain: Terrain

    @cached_property
    def sharing(self) -> Sharing:
        """Return what sites share."""
        return Sharing.of(self.terrain)

    def worth(self, chosen: Mask) -> float:
        """Return what a choice is worth, without the goal's constant."""
        return float(self.terrain.worth(chosen)[0])

    def is_over(self, chosen: Mask, limit: float) -> bool:
        """Whether time is up or the plan is as close to the limit as asked for."""
        constant = self.program.goals[-1].constant
        room = limit - self.worth(chosen)
        asked = max(step(self.program.goals[-1]), self.stage.task.gap * max(1.0, abs(self.worth(chosen) + constant)))
        return self.stage.task.seconds_left <= 0 or room < asked

    def improved(self, chosen: Mask) -> Mask:
        """Place neighbourhoods anew, in half of the time that is left."""
        task = self.stage.task
        half = replace(task, deadline=task.deadline - task.seconds_left / 2)
        return improved(half, self.program, self.terrain, self.bound, chosen, self.sharing, _TOGETHER)

    def mended(self, chosen: Mask, others: Whole) -> Mask:
        """Make a plan of the sites that regions choose for themselves; the given one unless that is better."""
        terrain, hint = self.terrain, np.zeros(len(chosen), dtype=bool)
        for site in others[np.argsort(-self._alone(others), kind="stable")]:
            hint[site] = bool(np.all(terrain.rows @ hint + terrain.rows[:, site] <= terrain.upper))
        mended = climb(terrain, greedy(terrain, hint))
        if not terrain.allows(mended) or self.worth(mended) <= self.worth(chosen):
            return chosen
        return self.improved(mended)

    def _alone(self, sites: Whole) -> Array:
        """Return how many people each of some sites serves that no other of them does."""
        among = sparse.csr_array(self.terrain.sets[:, sites])
        alone = np.where(np.diff(among.indptr) == 1, self.terrain.of_set[0], 0.0)
        served: Array = among.T @ alone
        return served


def _solved(stage: Stage, ground: Ground, group: Whole, before: list[Region]) -> list[Region]:
    """Solve every region that is not solved yet, the smallest first."""
    known = {region.sites.tobytes(): region for region in before}
    masks = sorted((group == number for number in range(int(group.max()) + 1)), key=np.count_nonzero)
    regions = []
    for place, sites in enumerate(masks):
        same = known.get(sites.tobytes())
        parts = [region for region in before if sites[np.argmax(region.sites)]]
        seconds = min(stage.task.seconds_left, max(2.0, 2 * stage.task.seconds_left / (len(masks) - place)))
        regions.append(ground.region(sites, parts, seconds, stage.task.seed) if same is None else same)
    return regions


def _concluded(stage: Stage, program: Program, is_open: Mask, limit: float) -> Found:
    goal, worth = program.goals[-1], stage.worth(is_open)
    limit += goal.constant
    if limit - worth < max(step(goal), 1e-9 * max(1.0, abs(worth))):
        return Found(is_open, worth, "proven", stage.decided)
    if step(goal) > 0 and goal.constant == round(goal.constant):
        limit = float(np.floor(limit + 1e-6))
    is_near = limit - worth <= stage.task.gap * max(1.0, abs(worth))
    return Found(is_open, limit, "gap" if is_near else "time_limit", stage.decided)
