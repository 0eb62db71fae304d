"""The worst-served first: the lexicographic max-min of Ogryczak & Sliwinski (2003) and Rawls.

Ogryczak & Sliwinski (2003), On solving linear programs with the ordered weighted averaging objective, European Journal
of Operational Research 148(1); for discrete plans Ogryczak (1997), European Journal of Operational Research 100(1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal
from weakref import WeakKeyDictionary

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Need, Note, ShareCovered
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.own_places import LEVELS
from planner.siting.parameters import choice_fault, require
from planner.siting.problem import Mask, SitingProblem
from planner.siting.shares import Shares

_NAMED = 20

_LEVELS = {
    "need": Text("各项需求", "needs"),
    "grid": Text("各网格", "grids"),
    "community": Text("各社区", "communities"),
}


@dataclass(frozen=True)
class Fairest(Objective):
    """The smallest share covered made large; among such plans the second smallest; and so on.

    Its figure is the smallest share, 0..1. Nobody's share counts who lives where no site can reach anybody; those are
    told in a note. In areas the needs are added up by weight.

    Parameters
    ----------
    of : str
        Whose shares are compared: those of each `need`, `community` or `grid`.

    Raises
    ------
    PlanFileError
        If `of` is anything else.
    """

    of: str = "need"

    name: ClassVar[str] = "fairest"
    label: ClassVar[Text] = Text("优先改善覆盖最差者", "the worst-served first")
    sense: ClassVar[Literal["max", "min"]] = "max"
    allows_room: ClassVar[bool] = False
    only_last: ClassVar[bool] = True
    shown_parts: ClassVar[int] = 10_000
    better: ClassVar[Text] = Text("能先使覆盖更差者得到更多", "would serve the worst-served better")
    better_by: ClassVar[Text] = Text(
        "能使最低覆盖率再提高 {amount}以上", "would raise the smallest share by more than {amount}"
    )

    def __post_init__(self) -> None:
        require(f"objective.{self.name}", [choice_fault("of", self.of, ("need", *LEVELS))])

    def counted(self, problem: SitingProblem) -> Shares:
        """Return whose shares are compared; counted once for each problem."""
        kept = _COUNTED.setdefault(problem, {})
        if self.of not in kept:
            kept[self.of] = Shares.of(problem, self.of)
        return kept[self.of]

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Return the smallest share; 1 where nobody counts."""
        return float(min(self.counted(problem).under(problem, is_open), default=Fraction(1)))

    def order(self, problem: SitingProblem, is_open: Mask) -> tuple[float | Fraction, ...]:
        """Return every share from the smallest on, exactly, with the sign turned."""
        return tuple(-share for share in sorted(self.counted(problem).under(problem, is_open)))

    def expression(self, problem: SitingProblem) -> Expression:
        """Return nothing: an order of shares is no sum. The solver asks for one share after another."""
        return Expression.of(problem)

    def shares(self, problem: SitingProblem, is_open: Mask) -> tuple[ShareCovered, ...]:
        """Return the shares today and in the plan, the smallest of the plan first."""
        counted = self.counted(problem)
        rows = zip(
            counted.counted, counted.under(problem, problem.existing), counted.under(problem, is_open), strict=True
        )
        told = [ShareCovered(each.name, float(now), float(today)) for each, today, now in rows]
        return tuple(sorted(told, key=lambda each: (each.share, each.name.en)))

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Tell percent."""
        shown = f"{math.ceil(round(amount * 10_000, 6)) / 100:g}%"
        return Text(shown, shown)

    @property
    def in_detail(self) -> Text:
        """Say whose shares are compared."""
        return Text("比较{whose}的覆盖率，最低者优先", "shares of {whose}, the smallest first").format(
            whose=_LEVELS[self.of]
        )

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the level if the problem knows no such areas."""
        if self.of == "need" or self.of in problem.demand_areas:
            return
        found = Text("需求点没有{level}", "the demand points have no {level}").format(level=same(self.of))
        expected = Text(
            "网格图层 [grids]，社区须有 community 列", "a layer [grids], with a column community for communities"
        )
        yield Fault(f"objective.{self.name}", found, expected, column="of")

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Name those whose share is nothing whatever is opened."""
        stranded = [each.name for each in self.counted(problem).served if not each.is_counted]
        if not stranded:
            return ()
        text = Text(
            "{whose}中有 {n} 处的居民，标准内没有任何站点：其覆盖率无论如何都是 0，未参与比较。",
            "{n} of the {whose} have no site within the standard of anybody: their share is 0 in every plan, and they "
            "are left out of the comparison.",
        ).format(whose=_LEVELS[self.of], n=len(stranded))
        return (Note("siting.share_not_counted", "warning", text, tuple(name.en for name in stranded[:_NAMED])),)


_COUNTED: WeakKeyDictionary[SitingProblem, dict[str, Shares]] = WeakKeyDictionary()
