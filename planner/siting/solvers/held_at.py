"""An objective that has been proven, as a constraint on those that come after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from planner.bilingual import Text
from planner.siting.constraints import Constraint
from planner.siting.linear import Expression, Floor, Rows
from planner.siting.objectives import LongestWalk, Objective
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solvers.walk_within import WalkWithin

#: Two amounts are the same when they differ by less than this share.
_SAME = 1e-9

#: What the solver is given to round with, as a share; what it finds is counted again without it.
_ROOM = 1e-6


@dataclass(frozen=True, eq=False)
class HeldAt(Constraint):
    """An objective is no worse than a limit."""

    objective: Objective
    limit: float

    name: ClassVar[str] = "held_at"
    label: ClassVar[Text] = Text("已达到的目标", "an aim that was reached")

    @property
    def _sign(self) -> float:
        return 1.0 if self.objective.sense == "max" else -1.0

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether the objective is as good as the limit, but for rounding."""
        worth = self.objective.evaluate(problem, is_open)
        return bool(self._sign * (worth - self.limit) >= -_SAME * max(1.0, abs(self.limit)))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return the floor under the objective; a longest walk is one for everybody."""
        if isinstance(self.objective, LongestWalk):
            return WalkWithin(self.limit).rows(problem)
        expression, lower = self.objective.expression(problem), self._sign * self.limit
        if _is_whole(expression):
            return Rows.above(problem, [Floor(_times(expression, self._sign), np.ceil(lower - _ROOM) - 0.5)])
        return Rows.above(problem, [Floor(_times(expression, self._sign), lower - _ROOM * max(1.0, abs(lower)))])

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Name the objective."""
        return Text("已达到的目标：{label}", "an aim already reached: {label}").format(label=self.objective.label)


def _parts(expression: Expression) -> list[np.ndarray]:
    further = [each for each in (expression.of_nearest, expression.of_several) if each is not None]
    walks = [expression.of_covered, expression.of_walk, expression.of_any_walk, *further]
    return [np.array([expression.constant]), expression.of_open, *(array for group in walks for array in group)]


def _is_whole(expression: Expression) -> bool:
    """Whether every amount is a whole number, and none depends on the length of a walk."""
    has_walks = any(array.any() for array in (*expression.of_walk, *expression.of_any_walk))
    return not has_walks and all(bool(np.all(array == np.rint(array))) for array in _parts(expression))


def _times(expression: Expression, sign: float) -> Expression:
    def scaled(group: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        return tuple(sign * array for array in group)

    return replace(
        expression,
        of_open=sign * expression.of_open,
        of_covered=scaled(expression.of_covered),
        of_walk=scaled(expression.of_walk),
        of_any_walk=scaled(expression.of_any_walk),
        constant=sign * expression.constant,
        of_nearest=None if expression.of_nearest is None else scaled(expression.of_nearest),
        of_several=None if expression.of_several is None else scaled(expression.of_several),
    )
