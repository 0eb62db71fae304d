"""What every objective can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.siting.linear import Expression
from planner.siting.problem import Mask, SitingProblem


class Objective(ABC):
    """What is better. A subclass is a frozen dataclass whose fields are the parameters of the plan file."""

    name: ClassVar[str]
    label: ClassVar[Text]
    sense: ClassVar[Literal["max", "min"]]

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
