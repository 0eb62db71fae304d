"""People count less the further they walk: the gradual cover of Berman, Krass & Drezner (2003).

Church & Roberts (1983), Papers of the Regional Science Association 53, let the benefit fall by steps; Berman, Krass &
Drezner (2003), European Journal of Operational Research 151(3), let it fall along any curve between two distances.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Need
from planner.siting.linear import Array, Expression
from planner.siting.objectives.objective import Objective
from planner.siting.parameters import amount_fault, require
from planner.siting.problem import Mask, NeedWalks, SitingProblem

_SHAPES = ("linear", "steps", "exponential", "logistic")

#: Shares are whole millionths: two machines whose exponentials differ in the last bit agree, and what rounding makes of
#: a third and two thirds is no difference between plans that `solve` takes for a tie.
_DECIMALS = 6

#: Walks are whole milliseconds or millimetres in a plan; limits are compared to a millionth of any unit.
_LIMIT_DECIMALS = 6


@dataclass(frozen=True)
class GradualCoverage(Objective):
    """Weight × people × a share that falls with the walk to the nearest open station.

    Parameters
    ----------
    full_within : float
        Up to so many times the standard a person counts whole: 0.5 is half the standard.
    nothing_beyond : float
        Beyond so many times the standard a person counts nothing; from `full_within` to 20.
    shape : str
        How the share falls in between: `linear`; `steps`, in equal steps; `exponential`, quickly at first; `logistic`,
        slowly at both ends.
    steps : int
        Number of values between whole and nothing, with `shape = "steps"`.
    steepness : float
        With `exponential` and `logistic`: how sharply the share falls, above 0 to 20.

    Raises
    ------
    PlanFileError
        If a parameter is out of its range.
    """

    full_within: float = 0.5
    nothing_beyond: float = 1.5
    shape: str = "linear"
    steps: int = 3
    steepness: float = 4.0

    name: ClassVar[str] = "gradual_coverage"
    label: ClassVar[Text] = Text(
        "按步行远近折算的覆盖人数最多", "the most people covered, counted by how near they are"
    )
    sense: ClassVar[Literal["max", "min"]] = "max"
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "sum"
    adds_up_needs: ClassVar[bool] = True
    allows_room: ClassVar[bool] = False
    better: ClassVar[Text] = Text("能使折算后的覆盖人数更多", "would cover more people counted this way")
    better_by: ClassVar[Text] = Text(
        "能使折算后的覆盖人数再多 {amount}以上", "would cover more than {amount} more, counted this way"
    )

    def __post_init__(self) -> None:
        limits = (self.full_within, self.nothing_beyond)
        faults = [
            amount_fault("full_within", self.full_within),
            amount_fault("nothing_beyond", self.nothing_beyond),
            amount_fault("steepness", self.steepness),
        ]
        if not any(faults):
            if not (limits[0] <= limits[1] and 0 < limits[1] <= 20):
                found = Text("{low} 至 {high} 倍标准", "{low} to {high} times the standard").format(
                    low=f"{limits[0]:g}", high=f"{limits[1]:g}"
                )
                expected = Text(
                    "full_within 不大于 nothing_beyond，后者大于 0 且不超过 20",
                    "full_within no more than nothing_beyond, which is above 0 and at most 20",
                )
                faults.append(Fault("", found, expected, column="nothing_beyond"))
            if not 0 < self.steepness <= 20:
                expected = Text("大于 0，不超过 20", "above 0, at most 20")
                faults.append(Fault("", same(self.steepness), expected, column="steepness"))
        if self.shape not in _SHAPES:
            faults.append(Fault("", same(repr(self.shape)), same(" | ".join(_SHAPES)), column="shape"))
        if not isinstance(self.steps, (int, np.integer)) or isinstance(self.steps, bool) or not 1 <= self.steps <= 100:
            faults.append(
                Fault(
                    "", same(repr(self.steps)), Text("1 到 100 的整数", "a whole number from 1 to 100"), column="steps"
                )
            )
        require(f"objective.{self.name}", faults)

    def share(self, need: NeedWalks, walk: npt.ArrayLike) -> Array:
        """Return what a person counts at each walk, from 1 to 0 and never more for a longer one."""
        walks = np.asarray(walk, dtype=np.float64)
        full = round(self.full_within * need.limit, _LIMIT_DECIMALS)
        nothing = round(self.nothing_beyond * need.limit, _LIMIT_DECIMALS)
        between = (walks > full) & (walks <= nothing)
        share: Array = np.where(walks <= full, 1.0, 0.0)
        share[between] = self._falling((walks[between] - full) / (nothing - full))
        return share.round(_DECIMALS)

    def _falling(self, way: Array) -> Array:
        """Return the share at each part of the way from whole (0) to nothing (1)."""
        if self.shape == "linear":
            return 1.0 - way
        if self.shape == "steps":
            return 1.0 - np.ceil(np.round(way * self.steps, _DECIMALS)) / (self.steps + 1)
        if self.shape == "exponential":
            return (np.exp(-self.steepness * way) - math.exp(-self.steepness)) / (1.0 - math.exp(-self.steepness))
        curve, start = 1.0 / (1.0 + np.exp(self.steepness * (2.0 * way - 1.0))), 1.0 / (1.0 + math.exp(-self.steepness))
        return (curve - (1.0 - start)) / (2.0 * start - 1.0)

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Add up the people, each by the share that the nearest open station gives."""
        return math.fsum(
            need.weight * math.fsum(need.people * self.share(need, need.nearest(is_open))) for need in problem.needs
        )

    def expression(self, problem: SitingProblem) -> Expression:
        """Return what each walk is worth to its demand point."""
        return Expression.of(problem, of_nearest=tuple(self._worth(need) for need in problem.needs))

    def _worth(self, need: NeedWalks) -> Array:
        people = np.repeat(need.weight * need.people, np.diff(need.walk.indptr))
        return people * self.share(need, need.walk.data)

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Tell people, as many as their shares add up to."""
        shown = f"{math.ceil(round(amount * 10, 6)) / 10:,.1f}".removesuffix(".0")
        return Text("折合 {n} 人", "{n} people counted this way").format(n=shown)

    @property
    def reach(self) -> float:
        """Walks are needed as far as anybody counts."""
        return max(1.0, float(self.nothing_beyond))

    @property
    def in_detail(self) -> Text:
        """Say from where to where a person counts less, and along which curve."""
        return Text(
            "步行不超过标准的 {full} 倍按 1 人计，超过 {nothing} 倍不计，其间{shape}",
            "whole up to {full} times the standard, nothing beyond {nothing} times, in between {shape}",
        ).format(
            full=f"{self.full_within:g}",
            nothing=f"{self.nothing_beyond:g}",
            shape={
                "linear": Text("按直线递减", "along a straight line"),
                "steps": Text("分 {n} 级递减", "by {n} steps").format(n=self.steps),
                "exponential": Text("先快后慢递减", "quickly at first (exponential)"),
                "logistic": Text("按 S 形曲线递减", "along an S-shaped curve (logistic)"),
            }[self.shape],
        )
