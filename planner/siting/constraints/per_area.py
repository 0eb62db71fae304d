"""How many stations each area has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Note
from planner.model.labels import level_label
from planner.siting.constraints.areas import area_faults, level_fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.constraints.named_sites import list_fault, listed, words
from planner.siting.linear import Array, Rows
from planner.siting.parameters import count_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class PerArea(Constraint):
    """Open stations in each area, existing ones counted. A site that lies in no area counts in none.

    Parameters
    ----------
    of : str
        `grid` or `community`.
    at_least, at_most : int, optional
        One of the two, or both.
    areas : sequence of ids, optional
        Only these areas.

    Raises
    ------
    PlanFileError
        If neither number is given, they contradict each other, or a parameter is of another kind.
    """

    of: str = "grid"
    at_least: int | None = None
    at_most: int | None = None
    areas: tuple[Any, ...] | None = None

    name: ClassVar[str] = "per_area"
    label: ClassVar[Text] = Text("各区域驿站数", "stations in each area")

    def __post_init__(self) -> None:
        object.__setattr__(self, "areas", listed(self.areas))
        faults = [level_fault("of", self.of), list_fault("areas", self.areas)]
        faults += [count_fault(key, getattr(self, key)) for key in ("at_least", "at_most")]
        if self.at_least is None and self.at_most is None:
            faults.append(Fault("", same("—"), Text("at_least 或 at_most", "at_least or at_most")))
        elif not any(faults) and self._lower > self._upper:
            faults.append(Fault("", same(f"{self.at_least} > {self.at_most}"), same("at_least <= at_most")))
        require(f"constraints.{self.name}", faults)

    @property
    def _lower(self) -> float:
        return 0 if self.at_least is None else self.at_least

    @property
    def _upper(self) -> float:
        return np.inf if self.at_most is None else self.at_most

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the level if the problem knows no such areas, and the areas that nobody knows."""
        return area_faults(problem, f"constraints.{self.name}", self.of, self.areas)

    def _counted(self, problem: SitingProblem) -> tuple[str, ...]:
        every = problem.areas(self.of)
        return every if self.areas is None else tuple(area for area in every if area in map(str, self.areas))

    def _inside(self, problem: SitingProblem) -> Array:
        """Whether each site lies in each area, shape (areas, sites)."""
        nowhere = np.full(len(problem.site_ids), None, dtype=object)
        lying = problem.site_areas.get(self.of, nowhere)
        return np.array([lying == area for area in self._counted(problem)], dtype=np.float64).reshape(-1, len(lying))

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether the count of each area lies in the range."""
        count = self._inside(problem) @ is_open
        return bool(np.all((count >= self._lower) & (count <= self._upper)))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row an area: its count."""
        return Rows.stacked(problem, sparse.csr_array(self._inside(problem)), self._lower, self._upper)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how many stations each area must have."""
        least = Text("至少 {n} 座", "at least {n}").format(n=self.at_least)
        most = Text("至多 {n} 座", "at most {n}").format(n=self.at_most)
        both = Text("{least}、{most}", "{least} and {most}").format(least=least, most=most)
        count = most if self.at_least is None else least if self.at_most is None else both
        place = Text("每个{level}", "each {level}").format(level=level_label(self.of))
        if self.areas is not None:
            place = Text("{level} {areas}", "{level} {areas}").format(
                level=level_label(self.of), areas=words(self.areas)
            )
        return Text("per_area 要求{place}{count}驿站", "per_area asks for {count} stations in {place}").format(
            place=place, count=count
        )

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the areas that have too few sites, or too many that every plan opens."""
        inside = self._inside(problem)
        possible, certain = inside @ ~problem.excluded, inside @ problem.always_open
        for area, most, least in zip(self._counted(problem), possible, certain, strict=True):
            if most < self._lower:
                found = Text("只有 {n} 个站点可用", "{n} usable sites only").format(n=f"{most:.0f}")
                yield Fault(area, found, same(f">= {self.at_least}"), column=self.of)
            if least > self._upper:
                found = Text("必开 {n} 座", "{n} open in every plan").format(n=f"{least:.0f}")
                yield Fault(area, found, same(f"<= {self.at_most}"), column=self.of)

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Return which sites count in no area."""
        lying = problem.site_areas.get(self.of)
        nowhere = () if lying is None else problem.ids(np.array([area is None for area in lying]))
        if not nowhere:
            return ()
        text = Text(
            "{n} 个站点不在任何{level}中，per_area 不计入。",
            "{n} sites lie in no {level}; per_area does not count them.",
        ).format(n=len(nowhere), level=level_label(self.of))
        return (Note("siting.site_in_no_area", "warning", text, tuple(map(str, nowhere[:20]))),)
