"""What every objective can do."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.errors import Fault
from planner.model import Need, Note, ShareCovered
from planner.siting.linear import Expression
from planner.siting.problem import Mask, SitingProblem


class Objective(ABC):
    """What is better. A subclass is a frozen dataclass whose fields are the parameters of the plan file."""

    name: ClassVar[str]
    label: ClassVar[Text]
    sense: ClassVar[Literal["max", "min"]]
    #: Whether it can be counted where people are assigned to stations with limited room.
    allows_room: ClassVar[bool] = True
    #: Whether a figure of today says something beside that of a plan.
    has_today: ClassVar[bool] = True
    #: Whether everyone who has a site in the matrix must reach a station, however far.
    reaches_everyone: ClassVar[bool] = False
    #: Whether needs are added up by their weights.
    adds_up_needs: ClassVar[bool] = False
    #: What a programme over phases counts: the years times each phase, the worst phase, the state at the end; or that
    #: it has none of them.
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "none"
    #: Whether it can only be the last of several in order: what it reached cannot be held as a sum.
    only_last: ClassVar[bool] = False
    #: What no other plan does, where that is proven, and where it is proven up to an amount.
    better: ClassVar[Text] = Text("更好", "would be better")
    better_by: ClassVar[Text] = Text("能再好 {amount}以上", "would be better by more than {amount}")

    #: A figure is shown in so many parts of its unit.
    shown_parts: ClassVar[int] = 10

    @abstractmethod
    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the objective for a set of open stations, without a solver.

        Parameters
        ----------
        problem : SitingProblem
        is_open : array of bool, shape (sites,)
            Every station open in the plan, kept and new.
        """

    @abstractmethod
    def expression(self, problem: SitingProblem) -> Expression:
        """Return the objective as data for a solver."""

    def order(self, problem: SitingProblem, is_open: Mask) -> tuple[float | Fraction, ...]:
        """Return what makes one set of open stations better than another: the smaller of two tuples is better."""
        worth = self.evaluate(problem, is_open)
        return (-worth if self.sense == "max" else worth,)

    def shares(self, problem: SitingProblem, is_open: Mask) -> tuple[ShareCovered, ...]:  # noqa: ARG002
        """Return the shares that are compared, where it compares shares."""
        return ()

    @property
    def reach(self) -> float:
        """Up to how many times the standard a plan must measure walks."""
        return 1.0

    def unit(self, problem: SitingProblem) -> float:  # noqa: ARG002
        """Return what a solution's figures are divided by, for people to read."""
        return 1.0

    @property
    def in_detail(self) -> Text | None:
        """Say how it is counted, where the name does not say it all."""
        return None

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:  # noqa: ARG002
        """Return an amount of the objective, as a solution tells it, with its unit; never rounded down."""
        shown = f"{math.ceil(round(amount * 10, 6)) / 10:,.1f}".removesuffix(".0")
        return Text(shown, shown)

    def figure_in_words(self, figure: float, needs: Sequence[Need | None] = ()) -> Text:
        """Return a figure of a solution with its unit, never better than it is."""
        if not math.isfinite(figure):
            return Text("—", "—")
        if self.sense == "max" and math.isfinite(figure):
            figure = math.floor(round(figure * self.shown_parts, 6)) / self.shown_parts
        return self.in_words(figure, needs)

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:  # noqa: ARG002
        """Return what the problem lacks for this objective."""
        return ()

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:  # noqa: ARG002
        """Return what the reader of the plan must know about how this objective was counted."""
        return ()
