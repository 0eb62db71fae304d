"""Sites that make sense only together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from planner.bilingual import Text
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.named_sites import list_fault, listed, named, unknown_sites, words
from planner.siting.linear import Rows
from planner.siting.parameters import missing_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class Together(Constraint):
    """All of these sites are open, or none of them.

    Parameters
    ----------
    sites : sequence of two ids or more

    Raises
    ------
    PlanFileError
        If `sites` is no list of two ids or more.
    """

    sites: tuple[Any, ...] | None = None

    name: ClassVar[str] = "together"
    label: ClassVar[Text] = Text("同进同退", "all or none")

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", listed(self.sites))
        require(
            f"constraints.{self.name}", [missing_fault("sites", self.sites), list_fault("sites", self.sites, least=2)]
        )

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the ids that no site has."""
        return unknown_sites(problem, self.sites or (), f"constraints.{self.name}")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether all or none of them are open."""
        opened = is_open[named(problem, self.sites or ())]
        return bool(opened.all() or not opened.any())

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row for each but the first: it is open as the first is."""
        first, *others = np.flatnonzero(named(problem, self.sites or ())).tolist()
        rows = np.repeat(np.arange(len(others)), 2)
        columns = np.column_stack([np.full(len(others), first), others]).ravel()
        signs = np.tile([1.0, -1.0], len(others))
        shape = (len(others), len(problem.site_ids))
        return Rows.stacked(problem, sparse.csr_array((signs, (rows, columns)), shape=shape), 0.0, 0.0)

    def asks(self, problem: SitingProblem) -> Text:
        """Say which sites belong together."""
        ids = words(problem.ids(named(problem, self.sites or ())))
        return Text("together 要求 {ids} 同时启用或都不启用", "together opens all of {ids} or none").format(ids=ids)
