"""Most people with a second station to go to: Hogan & ReVelle (1986), Management Science 32(11)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Need
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.parameters import amount_fault, require
from planner.siting.problem import Mask, NeedWalks, SitingProblem


@dataclass(frozen=True)
class BackupCoverage(Objective):
    """Weighted people who have so many open stations or more within the standard.

    Parameters
    ----------
    stations : int
        How many stations a person must be able to choose from, 2 to 10.
    primary_weight : float
        What a person counts in addition who has one station at least; 0 to 1000.

    Raises
    ------
    PlanFileError
        If a parameter is out of its range.
    """

    stations: int = 2
    primary_weight: float = 0.0

    name: ClassVar[str] = "backup_coverage"
    label: ClassVar[Text] = Text("多站可选的人数最多", "the most people with a choice of stations")
    sense: ClassVar[Literal["max", "min"]] = "max"
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "sum"
    adds_up_needs: ClassVar[bool] = True
    allows_room: ClassVar[bool] = False
    better: ClassVar[Text] = Text("能使更多人有多站可选", "would give more people a choice of stations")
    better_by: ClassVar[Text] = Text(
        "能使多站可选的人再多 {amount}以上", "would give a choice of stations to more than {amount} more"
    )

    def __post_init__(self) -> None:
        stations: object = self.stations
        is_count = isinstance(stations, (int, np.integer)) and not isinstance(stations, bool)
        usable = is_count and 2 <= self.stations <= 10
        expected = Text("2 到 10 的整数", "a whole number from 2 to 10")
        weight = amount_fault("primary_weight", self.primary_weight)
        if weight is None and self.primary_weight > 1000:
            weight = Fault("", same(self.primary_weight), Text("0 到 1000", "0 to 1000"), column="primary_weight")
        require(
            f"objective.{self.name}",
            [None if usable else Fault("", same(repr(stations)), expected, column="stations"), weight],
        )

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the people with enough stations, and by `primary_weight` those with one."""
        return math.fsum(need.weight * self._counted(need, is_open) for need in problem.needs)

    def _counted(self, need: NeedWalks, is_open: Mask) -> float:
        stations = need.within_reach @ is_open.astype(np.float64)
        several = math.fsum(need.people[stations >= self.stations])
        return several + self.primary_weight * math.fsum(need.people[stations >= 1])

    def expression(self, problem: SitingProblem) -> Expression:
        """Return people by weight on what several stations cover, and on what one covers."""
        people = tuple(need.weight * need.people for need in problem.needs)
        primary = tuple(self.primary_weight * each for each in people)
        return Expression.of(problem, of_covered=primary, of_several=people, several=int(self.stations))

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Tell people."""
        shown = f"{math.ceil(round(amount * 10, 6)) / 10:,.1f}".removesuffix(".0")
        return Text("{n} 人", "{n} people").format(n=shown)

    @property
    def in_detail(self) -> Text:
        """Say how many stations a person must be able to choose from."""
        detail = Text("标准内至少 {n} 座驿站", "{n} stations or more within the standard").format(n=self.stations)
        if not self.primary_weight:
            return detail
        return Text("{detail}；另有至少 1 座者按 {weight} 计", "{detail}; one or more counts {weight} besides").format(
            detail=detail, weight=f"{self.primary_weight:g}"
        )
