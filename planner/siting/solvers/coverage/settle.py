"""A plan and a bound for the largest coverage: kicks and exchanges on one side, cuts on the other."""

from __future__ import annotations

import numpy as np

from planner.bilingual import Text
from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound
from planner.siting.solvers.coverage.exchange import exchanged
from planner.siting.solvers.coverage.relaxation import sharpened
from planner.siting.solvers.program import Program
from planner.siting.solvers.search import Terrain, climb
from planner.siting.solvers.settle import rounded
from planner.siting.solvers.stage import Stage, step, upwards

#: Kicks, and members of sets that a search looks at: about a second for a city.
_KICKS, _WORK = 3_000, 1_000_000_000


def bounded(stage: Stage, program: Program, start: Mask) -> tuple[Bound | None, Mask]:
    """Return the bound of the sharpened relaxation and the best plan found; no bound if time was up.

    Parameters
    ----------
    stage : Stage
    program : Program
        With a goal as `sharpened` takes it.
    start : array of bool, shape (sites,)
        A plan that is allowed.
    """
    goal = program.goals[-1]
    terrain = Terrain.of(program, [upwards(goal, stage.sense)])
    best = exchanged(terrain, start[program.free], np.inf, _KICKS, _WORK, stage.task.seed)

    def tell(bound: float) -> None:
        stage.task.tell(_progress(stage, program, best, bound))

    least = max(step(goal), 1e-9 * max(1.0, abs(stage.worth(start))))
    sharp = sharpened(program, float(terrain.worth(best)[0]), least, lambda: stage.task.seconds_left, tell)
    if sharp is None:
        return None, _opened(stage, program, best, start)
    bound, leaning = sharp
    if bound.value - terrain.worth(best)[0] >= least:
        for seed, first in enumerate((climb(terrain, rounded(terrain, leaning)), best), stage.task.seed + 1):
            again = exchanged(terrain, first, bound.value - step(goal), _KICKS, _WORK, seed)
            best = max(filter(terrain.allows, [best, again]), key=lambda choice: float(terrain.worth(choice)[0]))
        tell(bound.value)
    return bound, _opened(stage, program, best, start)


def _opened(stage: Stage, program: Program, chosen: Mask, start: Mask) -> Mask:
    is_open = stage.decided.opened(program, chosen)
    return is_open if stage.is_allowed(is_open) and stage.worth(is_open) >= stage.worth(start) else start


def _progress(stage: Stage, program: Program, chosen: Mask, bound: float) -> Text:
    """Say how good the plan is and how much better one could be."""
    unit = stage.goals[-1].unit(stage.task.problem)
    worth = stage.worth(stage.decided.opened(program, chosen))
    limit = bound + program.goals[-1].constant
    said = Text(
        "方案 {worth}，上界 {bound}，差距 {gap}",
        "plan {worth}, upper bound {bound}, gap {gap}",
    )
    return said.format(
        worth=f"{worth / unit:.10g}",
        bound=f"{limit / unit:.10g}",
        gap=f"{max(limit - worth, 0.0) / (abs(worth) or 1.0):.2%}",
    )
