"""Bounds that are counted here: no plan can be better, whatever the solver says.

For any row duals u, `max c @ x` under `lower <= A @ x <= upper`, `0 <= x <= 1` is at most
`sum of max(u * lower, u * upper) + sum of max(0, c - A.T @ u)`: weak duality, so a bound stays a bound even where the
duals are rough. What a column loses against it when it is decided the other way, its reduced cost, decides many sites
and sets without any search.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.siting.problem import Mask
from planner.siting.solvers.highs import Model, Sense
from planner.siting.solvers.program import Array


class Bound(NamedTuple):
    """No plan is better than `value`; a plan that decides column j the other way is worse than that by `loss[j]`."""

    value: float
    loss: Array  # shape (columns,)
    is_open: Mask  # shape (columns,): the way the bound decides each column
    sense: Sense
    duals: Array  # shape (rows,): as far as they prove something, to be made large

    def decides(self, target: float) -> tuple[Mask, Mask]:
        """Return the columns that are 1, and those that are 0, in every plan at least as good as a target."""
        room = self.value - target if self.sense == "max" else target - self.value
        sure = self.loss > room
        return sure & self.is_open, sure & ~self.is_open


def bound_from(model: Model, duals: Array) -> Bound:
    """Return the bound that row duals prove, in the sense of the model, without the goal's constant."""
    sign = 1.0 if model.sense == "max" else -1.0
    usable = sign * duals
    usable = np.where(np.isposinf(model.upper), np.minimum(usable, 0.0), usable)
    usable = np.where(np.isneginf(model.lower), np.maximum(usable, 0.0), usable)
    limit = np.where(usable > 0, model.upper, np.where(usable < 0, model.lower, 0.0))
    reduced = sign * model.cost - model.matrix.T @ usable
    value = float(usable @ limit + np.maximum(reduced, 0.0).sum())
    return Bound(sign * value, np.abs(reduced), reduced > 0, model.sense, usable)
