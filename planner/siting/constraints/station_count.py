"""How many stations are open: the p of the classic problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Array, Rows
from planner.siting.parameters import count_fault, require
from planner.siting.problem import Mask, SitingProblem


@dataclass(frozen=True)
class StationCount(Constraint):
    """How many stations are open in all, existing ones included; or how many are new.

    Parameters
    ----------
    stations : int, optional
        Exactly so many open in all.
    at_most, at_least : int, optional
        No more, no fewer open in all; may be combined.
    new_stations : int, optional
        Exactly so many more than today: candidates and required sites that replace no station. Expanding, merging or
        moving a station adds none.
    new_at_most, new_at_least : int, optional
        No more, no fewer of these; may be combined.

    Raises
    ------
    PlanFileError
        If not exactly one of `stations`, `at_most`/`at_least`, `new_stations` and `new_at_most`/`new_at_least` is
        given, as whole numbers.
    """

    stations: int | None = None
    at_most: int | None = None
    at_least: int | None = None
    new_stations: int | None = None
    new_at_most: int | None = None
    new_at_least: int | None = None

    name: ClassVar[str] = "station_count"
    label: ClassVar[Text] = Text("驿站数量", "number of stations")

    def __post_init__(self) -> None:
        keys = ("stations", "at_most", "at_least", "new_stations", "new_at_most", "new_at_least")
        faults = [count_fault(key, getattr(self, key)) for key in keys]
        given = [key for key in keys if getattr(self, key) is not None]
        if len(given) != 1 and given not in (["at_most", "at_least"], ["new_at_most", "new_at_least"]):
            faults.append(
                Fault(
                    "",
                    same(", ".join(given) or "—"),
                    Text(
                        "stations、new_stations、at_most/at_least 或 new_at_most/new_at_least 之一",
                        "one of stations, new_stations, at_most and/or at_least, new_at_most and/or new_at_least",
                    ),
                )
            )
        elif not any(faults) and self._lower > self._upper:
            most, least = given
            faults.append(Fault("", same(f"{self._lower} > {self._upper}"), same(f"{least} <= {most}")))
        require(f"constraints.{self.name}", faults)

    @property
    def _lower(self) -> float:
        limits = (self._exactly, self.at_least, self.new_at_least)
        return next((least for least in limits if least is not None), 0)

    @property
    def _upper(self) -> float:
        return next((most for most in (self._exactly, self.at_most, self.new_at_most) if most is not None), np.inf)

    @property
    def range(self) -> tuple[float, float]:
        """The fewest and the most stations, infinite where there is no limit."""
        return self._lower, self._upper

    @property
    def _exactly(self) -> int | None:
        return self.stations if self.stations is not None else self.new_stations

    @property
    def counts_new(self) -> bool:
        """Whether new stations are counted, not all."""
        return any(given is not None for given in (self.new_stations, self.new_at_most, self.new_at_least))

    def _counted(self, problem: SitingProblem) -> Mask:
        return problem.added if self.counts_new else np.ones(len(problem.site_ids), dtype=bool)

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether the count lies in the range."""
        return bool(self._lower <= np.count_nonzero(is_open & self._counted(problem)) <= self._upper)

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: the count."""
        weight: Array = self._counted(problem).astype(np.float64)
        return Rows.counting(problem, weight, self._lower, self._upper)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how many stations are asked for."""
        if self.new_stations is not None:
            return Text("station_count 要求新建 {n} 座驿站", "station_count asks for {n} new stations").format(
                n=self.new_stations
            )
        if self.stations is not None:
            return Text("station_count 要求共有 {n} 座驿站", "station_count asks for {n} stations in all").format(
                n=self.stations
            )
        if self.counts_new:
            return self._asks_new()
        if self.at_least is None:
            return Text("station_count 要求至多 {n} 座驿站", "station_count allows at most {n} stations").format(
                n=self.at_most
            )
        if self.at_most is None:
            return Text("station_count 要求至少 {n} 座驿站", "station_count asks for at least {n} stations").format(
                n=self.at_least
            )
        return Text(
            "station_count 要求 {least} 至 {most} 座驿站", "station_count asks for {least} to {most} stations"
        ).format(least=self.at_least, most=self.at_most)

    def _asks_new(self) -> Text:
        if self.new_at_least is None:
            words = Text("station_count 要求至多新增 {most} 座驿站", "station_count allows at most {most} new stations")
        elif self.new_at_most is None:
            words = Text(
                "station_count 要求至少新增 {least} 座驿站", "station_count asks for at least {least} new stations"
            )
        else:
            words = Text(
                "station_count 要求新增 {least} 至 {most} 座驿站",
                "station_count asks for {least} to {most} new stations",
            )
        return words.format(least=self.new_at_least, most=self.new_at_most)

    def left(self, problem: SitingProblem, is_open: Mask) -> Text | None:
        """Say how many stations may still be added."""
        if not np.isfinite(self._upper):
            return None
        left = int(self._upper) - int(np.count_nonzero(is_open & self._counted(problem)))
        return Text("余 {n} 座", "{n} stations left" if left != 1 else "{n} station left").format(n=left)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:
        """Say how many stations are possible, and how new ones are asked for."""
        if least > self._upper and np.isfinite(least):
            kept = int(np.count_nonzero(problem.existing | problem.under_construction))
            hint = ""
            words = Text("至少须有 {n} 座", "at least {n} are needed").format(n=f"{least:.0f}")
            if self.counts_new:
                return Text("至少须新增 {n} 座", "at least {n} new ones are needed").format(n=f"{least:.0f}")
            if kept and least <= kept + np.count_nonzero(problem.required):
                hint = "new_stations"
            if hint:
                return Text(
                    "{words}；如要新增 {upper} 座，请写 new_stations = {upper}",
                    "{words}; to add {upper} new ones write new_stations = {upper}",
                ).format(words=words, upper=int(self._upper))
            return words
        if most < self._lower and self.counts_new:
            return Text("至多只能新增 {n} 座", "at most {n} new ones are possible").format(n=f"{most:.0f}")
        if most < self._lower:
            return Text("至多只能有 {n} 座", "at most {n} are possible").format(n=f"{most:.0f}")
        return None
