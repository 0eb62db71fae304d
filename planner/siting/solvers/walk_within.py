"""What the objectives that count every walk demand in silence: everyone who can be reached is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.bilingual import Text
from planner.siting.constraints import Constraint
from planner.siting.linear import Rows
from planner.siting.problem import Mask, SitingProblem
from planner.siting.reach import reachable


@dataclass(frozen=True)
class WalkWithin(Constraint):
    """Everyone who has a walk to a site that may be open reaches an open one, at most so far away."""

    longest: float = math.inf

    name: ClassVar[str] = "walk_within"
    label: ClassVar[Text] = Text("人人可达", "everyone is reached")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether everyone's nearest open station is in reach."""
        return all(self._reaches(need.nearest(is_open)[reachable(problem, need)]) for need in problem.needs)

    def _reaches(self, walk: np.ndarray) -> bool:
        return bool(np.all(np.isfinite(walk) & (walk <= self.longest)))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return the longest walk of everyone."""
        limits = [np.where(reachable(problem, need), self.longest, np.nan) for need in problem.needs]
        return Rows.reaching(problem, tuple(limits))

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say who must be reached."""
        return Text(
            "目标要求凡有站点可步行到达的居民都能到达一座驿站",
            "the objective asks that everyone who can walk to some site reaches a station",
        )
