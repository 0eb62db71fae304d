"""A plan that stays close to one that was approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from planner.bilingual import Text
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.named_sites import list_fault, listed, named, unknown_sites
from planner.siting.linear import Rows
from planner.siting.parameters import count_fault, missing_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class AtMostChanges(Constraint):
    """At most so many sites are decided otherwise than in an approved plan: opened or not, closed or not.

    The approved plan opens `opened`, closes `closed`, and keeps every other station of today.

    Parameters
    ----------
    changes : int
    opened : sequence of ids
        New sites of the approved plan; may be empty.
    closed : sequence of ids
        Stations of today that it closes.

    Raises
    ------
    PlanFileError
        If `changes` is no whole number, or the lists are no lists of ids.
    """

    changes: int | None = None
    opened: tuple[Any, ...] | None = None
    closed: tuple[Any, ...] = ()

    name: ClassVar[str] = "at_most_changes"
    label: ClassVar[Text] = Text("与已批准方案的差异", "changes to the approved plan")

    def __post_init__(self) -> None:
        faults = [missing_fault("changes", self.changes), count_fault("changes", self.changes)]
        faults.append(missing_fault("opened", self.opened))
        for key in ("opened", "closed"):
            object.__setattr__(self, key, listed(getattr(self, key)))
            faults.append(list_fault(key, getattr(self, key), least=0))
        require(f"constraints.{self.name}", faults)

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the ids that no site has."""
        for key in ("opened", "closed"):
            yield from unknown_sites(problem, getattr(self, key) or (), f"constraints.{self.name}", key)

    def _approved(self, problem: SitingProblem) -> Mask:
        """Whether each site is open in the approved plan."""
        today = problem.existing | problem.under_construction
        approved: Mask = (today | named(problem, self.opened or ())) & ~named(problem, self.closed)
        return approved

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no more sites are decided otherwise."""
        return int(np.count_nonzero(is_open != self._approved(problem))) <= int(self.changes or 0)

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: opened beside the approved ones, less those of them that are open."""
        approved = self._approved(problem)
        most = float(self.changes or 0) - np.count_nonzero(approved)
        return Rows.counting(problem, np.where(approved, -1.0, 1.0), upper=most)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how much may change."""
        return Text(
            "at_most_changes 限于改动 {n} 处", "at_most_changes allows {n} changes to the approved plan"
        ).format(n=self.changes)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say how many changes are needed."""
        needed = least + np.count_nonzero(self._approved(problem))
        if not float(self.changes or 0) < needed < np.inf:
            return None
        return Text("至少须改动 {n} 处", "at least {n} changes are needed").format(n=f"{needed:.0f}")
