"""What a solver found, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planner.bilingual import Text
from planner.model.actions import Action
from planner.model.notes import Note

SolutionStatus = Literal["optimal", "feasible", "infeasible"]
Stopped = Literal["proven", "gap", "time_limit", "interrupted", "given"]


@dataclass(frozen=True)
class SolvedStep:
    """One of several objectives in order: as `Solution` tells its figures, for the plan that was chosen in the end.

    `bound` is what was proven while the earlier objectives were held; where later ones were allowed to give up some of
    it, `objective` is worse than that by no more than this slack. None, and `stopped` is `skipped`, where time was up
    before.
    """

    name: str
    objective: float
    bound: float | None
    stopped: Literal["proven", "gap", "time_limit", "interrupted", "skipped", "given"]
    objective_today: float | None = None


@dataclass(frozen=True)
class ShareCovered:
    """The share of the people of a need or of an area within the standard, 0..1: in the plan and today."""

    name: Text
    share: float
    share_today: float


@dataclass(frozen=True)
class Solution:
    """A set of open stations with its status, bound and gap.

    Parameters
    ----------
    status : str
        `optimal`: proven; `feasible`: usable, with the gap stated; `infeasible` only in an audit of nothing.
    stopped : str
        `proven`, `gap` (the asked-for gap was reached), `time_limit`, `interrupted` (by Ctrl-C) or `given`: the
        stations were given, not chosen.
    opened : tuple
        Ids of the sites that are newly opened, in order of id; rows that expand, merge or move stations are among them.
    kept : tuple
        Ids of existing stations (and those under construction) that stay open.
    closed : tuple
        Ids of existing stations that the plan closes, those that an action replaces included.
    objective : float
        Our own count of the objective for the open sites, not the solver's claim.
    bound : float
        No plan can be better than this.
    gap : float
        |bound - objective| / |objective|: 0 is a proof. With several objectives in order, all proven, 0: what slack
        gave up of the first is the difference between its figures.
    runtime_s : float
        Seconds of wall time, model building included.
    cost_cny : float or None
        What the plan costs: all it opens, and what closing costs; None where a cost is not known.
    actions : tuple of Action
        What the plan does, in order of id: each site that it opens, and each station that it closes for nothing.
    assigned : tuple
        For each need a mapping from demand id to the id of the station that its people go to, where stations have
        limited room and these people take it; people who go nowhere are absent. None for a need that takes no room.
        Empty where room does not matter.
    objective_today : float or None
        The objective with the stations of today alone; None where somebody who could be reached is not, or where it was
        not counted.
    steps : tuple of SolvedStep
        With several objectives in order, each of them; the figures above are those of the first, but `status` and
        `stopped`, which speak of all.
    shares : tuple of ShareCovered
        With `fairest`, the shares that were compared, the smallest of the plan first.
    """

    status: SolutionStatus
    stopped: Stopped
    opened: tuple[Any, ...]
    kept: tuple[Any, ...]
    closed: tuple[Any, ...]
    objective: float
    bound: float
    gap: float
    runtime_s: float
    notes: tuple[Note, ...] = ()
    cost_cny: float | None = 0.0
    actions: tuple[Action, ...] = ()
    assigned: tuple[Mapping[Any, Any] | None, ...] = ()
    objective_today: float | None = None
    steps: tuple[SolvedStep, ...] = ()
    shares: tuple[ShareCovered, ...] = ()

    @property
    def open_sites(self) -> tuple[Any, ...]:
        """Every station that is open in the plan, new ones and kept ones."""
        return self.kept + self.opened
