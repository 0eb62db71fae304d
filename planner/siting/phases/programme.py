"""What a programme is, phase by phase, and what it is compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from planner.bilingual import Text
from planner.model import Action, Solution
from planner.siting.phases.phase import Phase


@dataclass(frozen=True)
class Alone:
    """The best plan of one phase by itself, with all the money and stations that the programme has until then.

    Parameters
    ----------
    objective, bound : float
        What it is worth, and what no plan can better.
    is_proven : bool
    opened : tuple of ids
    """

    objective: float
    bound: float
    is_proven: bool
    opened: tuple[Any, ...]


@dataclass(frozen=True)
class PhasePlan:
    """One phase of a programme.

    Parameters
    ----------
    phase : Phase
    opened, closed : tuples of ids
        What opens in this phase, stations under construction included, and what an action closes in it.
    open_sites : tuple of ids
        What is open after it.
    actions : tuple of Action
    cost_cny : float or None
        What this phase spends.
    objective : float
        The objective for the state after this phase, not weighted by years.
    people, covered : tuples of float, one for each need
    alone : Alone or None
        None where not asked for, or where no plan exists.
    """

    phase: Phase
    opened: tuple[Any, ...]
    closed: tuple[Any, ...]
    open_sites: tuple[Any, ...]
    actions: tuple[Action, ...]
    cost_cny: float | None
    objective: float
    people: tuple[float, ...]
    covered: tuple[float, ...]
    alone: Alone | None = None

    @property
    def price_of_nesting(self) -> float | None:
        """How much better this phase could be by itself: exactly where proven, else at most so much."""
        if self.alone is None:
            return None
        best = self.alone.objective if self.alone.is_proven else self.alone.bound
        return abs(best - self.objective)


@dataclass(frozen=True)
class Programme:
    """A programme over several phases.

    Parameters
    ----------
    solution : Solution
        The whole way: its objective is the sum over phases of years × the phase's (`longest_walk`: the longest), its
        stations are those after the last phase.
    phases : tuple of PhasePlan
    sense : str
        `max` or `min`.
    greedy : float or None
        The objective of the way that plans one phase after the other; None where it leads nowhere, or was not asked.
    end_only : float or None
        The objective of the best way to the plan that is best at the end; None where the phases do not lead there.
    over_phases : str
        What the objective counts: `sum` over the years, the `worst` phase, or the state at the `end`.
    """

    solution: Solution
    phases: tuple[PhasePlan, ...]
    sense: Literal["max", "min"]
    greedy: float | None = None
    end_only: float | None = None
    over_phases: Literal["sum", "worst", "end", "none"] = "sum"

    @property
    def certificate(self) -> Text:
        """How sure the programme is to be the best, in words."""
        counted = _COUNTED[self.over_phases]
        if self.solution.status == "optimal":
            return Text(
                "已证明：在给定的候选点、各期限额与约束下，没有其他分期方案使目标（{counted}）更好。",
                "Proven: with the given sites, limits and constraints no other programme is better {counted}.",
            ).format(counted=counted)
        gap = self.solution.gap
        shown = f"{math.ceil(round(gap * 1000, 6)) / 10:.1f}%" if math.isfinite(gap) else "—"
        return Text(
            "分期方案可用，尚未证明最优：其他分期方案的目标（{counted}）至多再好 {gap}。",
            "The programme is usable and not proven to be the best: another is better {counted} by {gap} at most.",
        ).format(gap=shown, counted=counted)


_COUNTED = {
    "sum": Text("各期按年数合计", "over its years"),
    "worst": Text("取各期中最差者", "in its worst phase"),
    "end": Text("以终期计", "at its end"),
}
