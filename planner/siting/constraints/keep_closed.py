"""Sites that are not open in the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.named_sites import list_fault, listed, named, unknown_sites, words
from planner.siting.linear import Rows
from planner.siting.parameters import missing_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class KeepClosed(Constraint):
    """These sites are not open in the plan: candidates are left out, existing stations are closed.

    Parameters
    ----------
    sites : sequence of ids

    Raises
    ------
    PlanFileError
        If `sites` is no list of ids.
    """

    sites: tuple[Any, ...] | None = None

    name: ClassVar[str] = "keep_closed"
    label: ClassVar[Text] = Text("不启用的站点", "sites that are not open")

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", listed(self.sites))
        require(f"constraints.{self.name}", [missing_fault("sites", self.sites), list_fault("sites", self.sites)])

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the ids that no site has."""
        return unknown_sites(problem, self.sites or (), f"constraints.{self.name}")

    def _closed(self, problem: SitingProblem) -> Mask:
        return named(problem, self.sites or ())

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether none of them is open."""
        return not np.any(is_open & self._closed(problem))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row a site: it is closed."""
        return Rows.closing(problem, self._closed(problem))

    def asks(self, problem: SitingProblem) -> Text:
        """Say which sites stay closed."""
        ids = words(problem.ids(self._closed(problem)))
        return Text("keep_closed 要求不启用 {ids}", "keep_closed keeps {ids} closed").format(ids=ids)

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return those whose status opens them in every plan."""
        for site in problem.ids(self._closed(problem) & problem.always_open):
            (status,) = problem.status[named(problem, [site])]
            yield Fault(
                str(site), same(status), Text("可以不启用的站点", "a site that may stay closed"), column="status"
            )
