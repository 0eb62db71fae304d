"""What every constraint can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from planner.bilingual import Text
from planner.errors import Fault
from planner.model import Note
from planner.siting.linear import Rows
from planner.siting.problem import Mask, SitingProblem


class Constraint(ABC):
    """What is allowed. A subclass is a frozen dataclass whose fields are the parameters of the plan file."""

    name: ClassVar[str]
    label: ClassVar[Text]

    @abstractmethod
    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether a set of open stations (shape (sites,), kept and new) meets the constraint; no solver is asked."""

    @abstractmethod
    def rows(self, problem: SitingProblem) -> Rows:
        """Return the constraint as data for a solver."""

    @abstractmethod
    def asks(self, problem: SitingProblem) -> Text:
        """Say what is asked, in words that stand alone: the sentence an official reads when it cannot be met."""

    def under(self, *, reaches_everyone: bool) -> Constraint:  # noqa: ARG002
        """Return the constraint as it reads beside an objective that counts every walk, or only people covered."""
        return self

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:  # noqa: ARG002
        """Return what the parameters name that the problem does not have."""
        return ()

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:  # noqa: ARG002
        """Return what the reader of the plan must know about how this constraint was met."""
        return ()

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say what stands against this constraint, given what the others in conflict with it leave possible.

        Parameters
        ----------
        problem : SitingProblem
        least, most : float
            The range of this constraint's one row that the other constraints leave; infinite where unknown.
        """
        return None

    def left(self, problem: SitingProblem, is_open: Mask) -> Text | None:  # noqa: ARG002
        """Say what a plan that keeps the constraint leaves unused, where it limits an amount from above."""
        return None

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:  # noqa: ARG002
        """Return the rows of the input that stand against this constraint where it cannot be met."""
        return ()
