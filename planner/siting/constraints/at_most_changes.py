"""A plan that stays close to one that was approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.named_sites import list_fault, listed, named, unknown_sites
from planner.siting.linear import Rows
from planner.siting.parameters import count_fault, missing_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class AtMostChanges(Constraint):
    """At most so many decisions differ from an approved plan.

    A decision is a site that opens (or expands, merges, moves a station) or a station of today that closes without a
    site that replaces it: replacing a station is one change, not two. The approved plan opens `opened`, closes
    `closed`, and keeps every other station of today.

    Parameters
    ----------
    changes : int
    opened : sequence of ids
        New sites of the approved plan; may be empty.
    closed : sequence of ids
        Stations of today that it closes; those that `opened` replace may be among them.
    plan : str, optional
        Only in a plan file: the plan.json that `opened` and `closed` were read from. No file is read here.

    Raises
    ------
    PlanFileError
        If `changes` is no whole number, or the lists are no lists of ids.
    """

    changes: int | None = None
    opened: tuple[Any, ...] | None = None
    closed: tuple[Any, ...] = ()
    plan: str | None = None

    name: ClassVar[str] = "at_most_changes"
    label: ClassVar[Text] = Text("与已批准方案的差异", "changes to the approved plan")

    def __post_init__(self) -> None:
        faults = [missing_fault("changes", self.changes), count_fault("changes", self.changes)]
        faults.append(missing_fault("opened", self.opened if self.plan is None else ()))
        for key in ("opened", "closed"):
            object.__setattr__(self, key, listed(getattr(self, key)))
            faults.append(list_fault(key, getattr(self, key), least=0))
        require(f"constraints.{self.name}", faults)

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the ids that no site has, and a plan that nobody has read."""
        if self.opened is None:
            found = Text("尚未读取 {plan}", "{plan} was not read").format(plan=str(self.plan))
            yield Fault(f"constraints.{self.name}", found, same("opened, closed"), column="plan")
        for key in ("opened", "closed"):
            place = f"constraints.{self.name}" if self.plan is None else self.plan
            yield from unknown_sites(problem, getattr(self, key) or (), place, key)

    def _approved(self, problem: SitingProblem) -> Mask:
        """Whether each site, or one that replaces it, is open in the approved plan."""
        today = problem.existing | problem.under_construction
        is_open: Mask = (today | named(problem, self.opened or ())) & ~named(problem, self.closed)
        return problem.served_on(is_open)

    def _made(self, problem: SitingProblem, is_open: Mask) -> int:
        """How many decisions a plan changes."""
        decided = np.where(problem.existing, problem.served_on(is_open), is_open)
        return int(np.count_nonzero(decided != self._approved(problem)))

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no more is decided otherwise."""
        return self._made(problem, is_open) <= int(self.changes or 0)

    def left(self, problem: SitingProblem, is_open: Mask) -> Text:
        """Say how much may still change."""
        left = int(self.changes or 0) - self._made(problem, is_open)
        return Text("还可改动 {n} 处", "{n} changes left" if left != 1 else "{n} change left").format(n=left)

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: decided beside the approved plan, less what is decided as there.

        A station of today counts as open where a site that replaces it is, for one of them is open at most.
        """
        approved = self._approved(problem)
        weight = np.where(approved, -1.0, 1.0)
        weight += problem.replaced_by.T @ np.where(problem.existing, weight, 0.0)
        return Rows.counting(problem, weight, upper=float(self.changes or 0) - np.count_nonzero(approved))

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
