"""A better plan by solving a neighbourhood at a time: a few stations next to each other are placed anew, the rest stay.

Large neighbourhood search (Shaw 1998, CP98) with the MILP solver in the place of luck. Sites that the linear relaxation
holds to be poor are left out. Work is counted, not timed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.siting.problem import Mask
from planner.siting.solvers.bounds import Bound
from planner.siting.solvers.coverage.sharing import Sharing
from planner.siting.solvers.highs import Limits, model_of, solve_model
from planner.siting.solvers.program import Program
from planner.siting.solvers.search import Terrain
from planner.siting.solvers.stage import Task
from planner.siting.solvers.tighten import tightened

Whole = npt.NDArray[np.intp]

#: Nodes for a neighbourhood, and sweeps over the whole city.
_NODES, _SWEEPS = 50, 6

#: Sites by whose opening more than this share of the gap would be lost are left out.
_POOR = 0.15


def improved(
    task: Task, program: Program, terrain: Terrain, bound: Bound, chosen: Mask, sharing: Sharing, count: int
) -> Mask:
    """Return a plan that no neighbourhood of so many stations makes better, or what is found in time.

    Parameters
    ----------
    task : Task
    program : Program
        With one goal, to be made large.
    terrain : Terrain
    bound : Bound
        Of the linear relaxation.
    chosen : array of bool, shape (free sites,)
    sharing : Sharing
    count : int
        Stations that are placed anew together.
    """
    for _ in range(_SWEEPS):
        before = chosen
        waiting = chosen.copy()
        while waiting.any() and task.seconds_left > 0:
            stations = np.flatnonzero(chosen)
            centre = int(np.argmax(waiting))
            moved = sharing.neighbours(stations, centre, count)
            waiting[moved] = waiting[centre] = False
            chosen = _placed_anew(task, program, terrain, bound, chosen, sharing, moved)
            waiting &= chosen
        if np.array_equal(before, chosen) or task.seconds_left <= 0:
            break
    return chosen


def _placed_anew(
    task: Task, program: Program, terrain: Terrain, bound: Bound, chosen: Mask, sharing: Sharing, moved: Whole
) -> Mask:
    """Return the best plan that keeps all other stations, as far as the solver gets."""
    worth = float(terrain.worth(chosen)[0])
    kept = chosen.copy()
    kept[moved] = False
    is_poor = bound.loss[: len(chosen)] > _POOR * (bound.value - worth)
    free = sharing.beside(moved) & ~kept & ~is_poor
    free[moved] = True
    rest = tightened(program, kept, ~kept & ~free, np.zeros(program.sets.shape[0], dtype=bool))
    limits = Limits(task.seconds_left, nodes=_NODES, seed=task.seed)
    answer = solve_model(model_of(rest, rest.goals[0], "max"), rest, limits, chosen[free])
    if answer.chosen is None:
        return chosen
    better = kept.copy()
    better[np.flatnonzero(free)[answer.chosen]] = True
    gained = float(terrain.worth(better)[0]) - worth
    return better if gained > 1e-9 * max(1.0, abs(worth)) and terrain.allows(better) else chosen
