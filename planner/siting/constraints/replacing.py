"""Part of every problem with actions: a station and all that may replace it, at most one of them is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy import sparse

from planner.bilingual import Text
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class Replacing(Constraint):
    """An action closes the stations that it replaces, and a station has one action at most.

    It is in no plan file: `solve` adds it wherever a site replaces stations, as it heeds the status of the sites.
    """

    name: ClassVar[str] = "actions"
    label: ClassVar[Text] = Text("每座驿站至多一项行动", "one action for each station")

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the sites that replace anything but a station of today, and stations that replace others."""
        replaced = np.diff(problem.replaced_by.indptr) > 0
        for site in problem.ids(replaced & ~problem.existing):
            yield Fault(
                str(site), Text("被替代", "is replaced"), Text("现有驿站", "a station of today"), column="replaces"
            )
        for site in problem.ids((problem.stations_replaced > 0) & ~(problem.new | problem.excluded)):
            found = Text("替代其他驿站", "replaces others")
            yield Fault(str(site), found, Text("候选或必选", "a candidate or required site"), column="replaces")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether of each station and its actions one is open at most."""
        return bool(np.all(self._competing(problem) @ is_open.astype(np.float64) <= 1))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row for each station that may be replaced."""
        competing = self._competing(problem)
        count = competing.shape[0]
        nothing = Rows.counting(problem, np.zeros(len(problem.site_ids)))
        return replace(nothing, of_open=competing, lower=np.full(count, -np.inf), upper=np.ones(count))

    def _competing(self, problem: SitingProblem) -> sparse.csr_array:
        own = sparse.eye_array(len(problem.site_ids), format="csr")
        replaced = np.flatnonzero(np.diff(problem.replaced_by.indptr))
        return sparse.csr_array((own + problem.replaced_by)[replaced])

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say that actions exclude each other."""
        return Text(
            "每座现有驿站至多采取一项行动（扩建、合并、迁建等），被替代后即关停",
            "each existing station has one action at most (expand, merge, move ...) and is closed where it is replaced",
        )
