"""One phase of a programme: its money, its number of stations, and how long people live with its state."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.parameters import amount_fault, count_fault, flag_fault, refused, require, unknown

_CNY_PER_10K = 10_000


@dataclass(frozen=True)
class Phase:
    """What may be done in one phase.

    Parameters
    ----------
    name : str
    max_cost_10k_cny, max_cost_cny : float, optional
        What this phase may spend, in units of 10,000 CNY or in CNY; no limit where neither is given.
    new_stations : int, optional
        Exactly so many more stations in this phase.
    max_new_stations : int, optional
        No more than so many.
    years : float
        How long people live with the state after this phase: its weight.
    carries_over : bool
        What this phase leaves unspent may be spent in the next one.

    Raises
    ------
    PlanFileError
        With all faults at once.
    """

    name: str
    max_cost_10k_cny: float | None = None
    max_cost_cny: float | None = None
    new_stations: int | None = None
    max_new_stations: int | None = None
    years: float = 1.0
    carries_over: bool = False

    def __post_init__(self) -> None:
        faults = [
            amount_fault("max_cost_10k_cny", self.max_cost_10k_cny),
            amount_fault("max_cost_cny", self.max_cost_cny),
            count_fault("new_stations", self.new_stations),
            count_fault("max_new_stations", self.max_new_stations),
            flag_fault("carries_over", self.carries_over),
            amount_fault("years", self.years),
        ]
        if not isinstance(self.name, str) or not self.name.strip():
            faults.append(Fault("", same(repr(self.name)), Text("阶段名称", "the name of a phase"), column="name"))
        if faults[5] is None and not self.years > 0:
            faults.append(Fault("", same(self.years), Text("大于 0 的年数", "years above 0"), column="years"))
        for one, other in (("max_cost_10k_cny", "max_cost_cny"), ("new_stations", "max_new_stations")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                expected = Text("{one} 或 {other} 之一", "{one} or {other}").format(one=one, other=other)
                faults.append(Fault("", same(f"{one}, {other}"), expected))
        require("phases", faults)

    @property
    def limit_cny(self) -> float:
        """What this phase may spend by itself, CNY; infinite without a limit."""
        if self.max_cost_cny is not None:
            return self.max_cost_cny
        return math.inf if self.max_cost_10k_cny is None else self.max_cost_10k_cny * _CNY_PER_10K

    @property
    def count(self) -> tuple[float, float]:
        """The fewest and the most stations that this phase adds."""
        if self.new_stations is not None:
            return self.new_stations, self.new_stations
        return 0, math.inf if self.max_new_stations is None else self.max_new_stations


def phases_from(given: Iterable[Phase | Mapping[str, Any]]) -> tuple[Phase, ...]:
    """Return the phases of a programme, with the faults of all of them at once.

    Raises
    ------
    PlanFileError
        If there is none, a name is repeated, or a phase has faults.
    """
    phases: list[Phase] = []
    faults: list[Fault] = []
    known = [field.name for field in dataclasses.fields(Phase)]
    for place, one in enumerate(given):
        if isinstance(one, Phase):
            phases.append(one)
            continue
        where = f"phases[{place}]"
        faults += [Fault(where, unknown(key), same(" | ".join(known)), column=key) for key in one if key not in known]
        try:
            phases.append(Phase(**{"name": "", **{key: value for key, value in one.items() if key in known}}))
        except refused([]).__class__ as error:
            faults += [dataclasses.replace(fault, file=where) for fault in error.faults]
    names = [phase.name for phase in phases]
    repeated = sorted({name for name in names if names.count(name) > 1})
    faults += [
        Fault("phases", same(name), Text("每个阶段一个名称", "each name once"), column="name") for name in repeated
    ]
    if not phases and not faults:
        faults.append(Fault("phases", same("[]"), Text("至少一个阶段", "one phase at least")))
    if faults:
        raise refused(faults)
    return tuple(phases)


def merged(phases: Iterable[Phase]) -> Phase:
    """Return all the money and all the stations of some phases as one phase."""
    together = tuple(phases)
    least = sum(phase.count[0] for phase in together)
    most = sum(phase.count[1] for phase in together)
    limit = math.fsum(phase.limit_cny for phase in together)
    return _Merged(
        name=together[-1].name,
        max_cost_cny=None if math.isinf(limit) else limit,
        least=least,
        most=most,
    )


@dataclass(frozen=True)
class _Merged(Phase):
    """Several phases as one: their counts may be a range."""

    least: float = 0.0
    most: float = math.inf

    @property
    def count(self) -> tuple[float, float]:
        """The fewest and the most stations that these phases add together."""
        return self.least, self.most
