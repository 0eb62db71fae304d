"""What share of the people is covered need by need or area by area: in whole millionths, so compared exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text, same
from planner.siting.problem import Mask, SitingProblem

#: People are counted in millionths, whole.
PARTS = 1_000_000


class Served(NamedTuple):
    """Those who share one fate: the people of a need, or of an area."""

    name: Text
    amounts: tuple[npt.NDArray[np.int64], ...]  # one for each need, shape (demand points,): millionths of people
    people: int  # millionths
    within_reach: int  # millionths that some site which may be open covers

    @property
    def is_counted(self) -> bool:
        """Whether anybody lives here whom some site can reach."""
        return self.within_reach > 0

    def share(self, covered: list[Mask]) -> Fraction:
        """Return the share covered, given who is."""
        return Fraction(_covered(self.amounts, covered), self.people)


@dataclass(frozen=True, eq=False)
class Shares:
    """The needs or the areas of a problem."""

    served: tuple[Served, ...]

    @classmethod
    def of(cls, problem: SitingProblem, level: str) -> Shares:
        """Divide the people by `need`, or by the areas of a level; needs count by their weights in areas."""
        everywhere = [need.free.covered(~problem.excluded) for need in problem.needs]
        people = [need.people * (1.0 if level == "need" else need.weight) for need in problem.needs]
        whole = [np.rint(each * PARTS).astype(np.int64) for each in people]
        nobody = np.zeros(len(problem.demand_ids), dtype=np.int64)
        if level == "need":
            parts = [
                (need.label, tuple(whole[k] if k == place and need.weight else nobody for k in range(len(whole))))
                for place, need in enumerate(problem.needs)
            ]
        else:
            lying = problem.demand_areas.get(level, np.full(len(nobody), None, dtype=object))
            parts = [
                (same(area), tuple(np.where(lying == area, each, 0) for each in whole)) for area in problem.areas(level)
            ]
        found = [
            Served(name, amounts, int(sum(int(each.sum()) for each in amounts)), _covered(amounts, everywhere))
            for name, amounts in parts
        ]
        return cls(tuple(each for each in found if each.people))

    @property
    def counted(self) -> tuple[Served, ...]:
        """Those of whom somebody can be reached."""
        return tuple(each for each in self.served if each.is_counted)

    def under(self, problem: SitingProblem, is_open: Mask) -> tuple[Fraction, ...]:
        """Return the share of each that counts, for a set of open stations."""
        covered = [need.covered(is_open) for need in problem.needs]
        return tuple(each.share(covered) for each in self.counted)


def _covered(amounts: tuple[npt.NDArray[np.int64], ...], covered: list[Mask]) -> int:
    return sum(int(each[there].sum()) for each, there in zip(amounts, covered, strict=True))
