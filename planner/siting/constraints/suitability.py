"""Sites that are good enough by a score of the sites' table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Note
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Array, Rows
from planner.siting.parameters import choice_fault, missing_fault, nearest, number_fault, require, unknown
from planner.siting.problem import Mask, SitingProblem

_MISSING = ("refuse", "not_opened")


@dataclass(frozen=True)
class Suitability(Constraint):
    """Candidates with a lower score are not opened. Stations of today and required sites are not judged.

    Parameters
    ----------
    column : str
        A column of numbers of the sites' table.
    at_least : float
        A score of exactly this is enough.
    missing : str
        What becomes of candidates without a score: `refuse` names them as a fault, `not_opened` leaves them out.

    Raises
    ------
    PlanFileError
        If a parameter is missing or of another kind.
    """

    column: str | None = None
    at_least: float | None = None
    missing: str = "refuse"

    name: ClassVar[str] = "suitability"
    label: ClassVar[Text] = Text("适宜性", "suitability")

    def __post_init__(self) -> None:
        faults = [missing_fault(key, getattr(self, key)) for key in ("column", "at_least")]
        column: object = self.column
        if column is not None and not isinstance(column, str):
            faults.append(Fault("", same(repr(column)), Text("列名", "the name of a column"), column="column"))
        faults.append(number_fault("at_least", self.at_least))
        require(f"constraints.{self.name}", [*faults, choice_fault("missing", self.missing, _MISSING)])

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the column if no site has it, and the candidates without a score."""
        if self.column not in problem.site_scores:
            place = f"constraints.{self.name}"
            yield Fault(place, unknown(self.column), nearest(self.column, problem.site_scores), column="column")
        elif self.missing == "refuse":
            for site in problem.ids(self._judged(problem) & np.isnan(self._scores(problem))):
                expected = Text('数字；或写 missing = "not_opened"', 'a number; or write missing = "not_opened"')
                yield Fault(str(site), Text("没有分值", "no score"), expected, column=self.column)

    def _scores(self, problem: SitingProblem) -> Array:
        return problem.site_scores[str(self.column)]

    def _judged(self, problem: SitingProblem) -> Mask:
        judged: Mask = problem.status == "candidate"
        return judged

    def _too_low(self, problem: SitingProblem) -> Mask:
        too_low: Mask = self._judged(problem) & ~(self._scores(problem) >= float(self.at_least or 0.0))
        return too_low

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether every candidate that is opened scores high enough."""
        return not np.any(is_open & self._too_low(problem))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row for each candidate that scores too low: it is closed."""
        return Rows.closing(problem, self._too_low(problem))

    def asks(self, problem: SitingProblem) -> Text:
        """Say how many candidates score too low."""
        return Text(
            "suitability 排除 {column} 低于 {score} 的 {n} 个候选点",
            "suitability leaves out {n} candidates with {column} below {score}",
        ).format(column=str(self.column), score=f"{self.at_least:g}", n=np.count_nonzero(self._too_low(problem)))

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Return which candidates are left out for want of a score."""
        unscored = problem.ids(self._judged(problem) & np.isnan(self._scores(problem)))
        if not unscored:
            return ()
        text = Text(
            "{n} 个候选点没有 {column}，按 suitability 不予启用。",
            "{n} candidates have no {column}; suitability leaves them out.",
        ).format(n=len(unscored), column=str(self.column))
        return (Note("siting.no_score", "assumption", text, tuple(map(str, unscored[:20]))),)
