"""The longest walk made short: the p-center, Hakimi (1964)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from planner.bilingual import Text
from planner.errors import Fault
from planner.model import Need, Note
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.parameters import require
from planner.siting.problem import Mask, SitingProblem
from planner.siting.reach import left_out, mixed_units, reach_fault, reachable, walk_in_words, walk_unit


@dataclass(frozen=True)
class LongestWalk(Objective):
    """The longest walk to the nearest open station, over every demand point with people, of every need.

    Everyone who has a walk to some site that may be open must reach an open one; those who have none are left out,
    counted in a note.

    Parameters
    ----------
    reach_times_standard : float
        In a plan, walks are measured up to so many times the standard of the need; with a matrix of the user's own,
        every pair of it counts.

    Raises
    ------
    PlanFileError
        If `reach_times_standard` is no number from 1 to 20.
    """

    reach_times_standard: float = 4.0

    name: ClassVar[str] = "longest_walk"
    label: ClassVar[Text] = Text("最长步行时间最短", "the shortest longest walk")
    sense: ClassVar[Literal["max", "min"]] = "min"
    over_phases: ClassVar[Literal["sum", "worst", "end", "none"]] = "worst"
    reaches_everyone: ClassVar[bool] = True
    better: ClassVar[Text] = Text("能使最长步行更短", "would make the longest walk shorter")
    better_by: ClassVar[Text] = Text(
        "能使最长步行缩短 {amount}以上", "would make the longest walk shorter by more than {amount}"
    )

    def __post_init__(self) -> None:
        require(f"objective.{self.name}", [reach_fault(self.reach_times_standard)])

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Return the longest walk, in the unit of the walks; infinite if someone who could be reached is not."""
        walks = [need.nearest(is_open)[reachable(problem, need)] for need in problem.needs]
        return float(max((walk.max(initial=0.0) for walk in walks), default=0.0))

    def expression(self, problem: SitingProblem) -> Expression:
        """Return nothing: a longest walk is no sum. The solver asks for one limit after another."""
        return Expression.of(problem)

    @property
    def reach(self) -> float:
        """Walks beyond the standard are needed too."""
        return self.reach_times_standard

    def unit(self, problem: SitingProblem) -> float:
        """Tell minutes or metres in a plan, and the user's own unit elsewhere."""
        return walk_unit(problem)

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:
        """Tell minutes, or metres."""
        return walk_in_words(amount, needs)

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Refuse to compare minutes with metres."""
        return mixed_units(problem, f"objective.{self.name}")

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Say whose walks are not counted."""
        return left_out(problem)
