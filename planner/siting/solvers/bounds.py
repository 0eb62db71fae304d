"""Bounds that are counted here: no plan can be better, whatever the solver says.

For any row duals u, `max c @ x` under `lower <= A @ x <= upper`, `0 <= x <= 1` is at most
`sum of max(u * lower, u * upper) + sum of max(0, c - A.T @ u)`: weak duality, so a bound stays a bound even where the
duals are rough. What a site costs on top of it, its reduced cost, decides many sites without any search.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.siting.problem import Mask
from planner.siting.solvers.highs import Model
from planner.siting.solvers.program import Array


class Bound(NamedTuple):
    """No plan is better than `value`, and a plan that decides site j the other way is worse by `loss[j]` at least."""

    value: float
    loss: Array  # shape (free sites,)
    is_open: Mask  # shape (free sites,): the way the bound decides each site


def bound_from(model: Model, duals: Array) -> Bound:
    """Return the bound that row duals prove, in the sense of the model, without the goal's constant."""
    sign = 1.0 if model.sense == "max" else -1.0
    usable = sign * duals
    usable = np.where(np.isposinf(model.upper), np.minimum(usable, 0.0), usable)
    usable = np.where(np.isneginf(model.lower), np.maximum(usable, 0.0), usable)
    limit = np.where(usable > 0, model.upper, np.where(usable < 0, model.lower, 0.0))
    reduced = sign * model.cost - model.matrix.T @ usable
    value = float(usable @ limit + np.maximum(reduced, 0.0).sum())
    of_sites = reduced[: model.whole]
    return Bound(sign * value, np.abs(of_sites), of_sites > 0)


def decided(bound: Bound, sense: str, target: float) -> tuple[Mask, Mask]:
    """Return the sites that are open, and those that are closed, in every plan at least as good as a target."""
    sign = 1.0 if sense == "max" else -1.0
    sure = sign * (bound.value - target) - bound.loss < 0
    return sure & bound.is_open, sure & ~bound.is_open
