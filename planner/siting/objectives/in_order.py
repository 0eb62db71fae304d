"""Several objectives, the first before the second, the second before the third: the lexicographic approach.

Each is proven before the next is asked for, and held at what it reached, or a little below if it has slack; see
Ehrgott (2005), Multicriteria Optimization, chapter 5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from planner.bilingual import Text, same
from planner.errors import Fault, PlanFileError
from planner.model import Need, Note, ShareCovered
from planner.siting.linear import Expression
from planner.siting.objectives.objective import Objective
from planner.siting.parameters import chosen, require
from planner.siting.problem import Mask, SitingProblem
from planner.siting.reach import mixed_units

_MOST = 6

#: With slack another plan may well be better in an earlier step: it is what may be given up that bounds the later ones.
_BETTER_WITH_SLACK = Text(
    "能在各步允许让出的范围内按此顺序更好", "would be better in this order, given what each step may give up"
)


@dataclass(frozen=True)
class InOrder(Objective):
    """The first objective of a list; among plans that are as good the second; and so on.

    Its own figure is that of the first step; `Solution.steps` tells those of all.

    Parameters
    ----------
    steps : sequence of mappings
        Each with the `name` of an objective, its parameters, and `slack`: what later steps may give up of it, as a
        share from 0 (the default) to 1.

    Raises
    ------
    PlanFileError
        If there are fewer than two steps or more than six, if one comes twice, or with the faults of each step.
    """

    steps: tuple[Any, ...] = ()

    name: ClassVar[str] = "in_order"
    label: ClassVar[Text] = Text("依次优化", "several aims in order")
    allows_room: ClassVar[bool] = False
    better: ClassVar[Text] = Text("按此顺序更好", "would be better in this order")

    def __post_init__(self) -> None:
        given: object = self.steps
        place = f"objective.{self.name}"
        listed = list(given) if isinstance(given, (list, tuple)) else []
        if not 2 <= len(listed) <= _MOST:
            expected = Text("2 到 {n} 个目标的列表", "a list of 2 to {n} objectives").format(n=_MOST)
            require(place, [Fault("", same(repr(given)[:80]), expected, column="steps")])
        made = [_step(each) for each in listed]
        faults = [fault for _, _, found in made for fault in found]
        wishes = [wish for wish, _, _ in made if wish is not None]
        names = [wish.name for wish in wishes]
        twice = sorted({name for name in names if names.count(name) > 1})
        faults += [Fault("", same(name), Text("每个目标一次", "each objective once"), column="steps") for name in twice]
        last = Text("{name} 不在最后", "{name} before others")
        expected = Text(
            "放在最后：它达到的结果无法在后面的步骤中保持", "it comes last: later steps could not hold what it reached"
        )
        faults += [
            Fault("", last.format(name=wish.name), expected, column="steps")
            for wish, _, _ in made[:-1]
            if wish is not None and wish.only_last
        ]
        require(place, faults)
        settings: dict[str, Any] = {
            "steps": tuple(wishes),
            "slacks": tuple(slack for _, slack, _ in made),
            "sense": wishes[0].sense,
            "reaches_everyone": any(wish.reaches_everyone for wish in wishes),
            "adds_up_needs": any(wish.adds_up_needs for wish in wishes),
        }
        if any(settings["slacks"]):
            settings["better"] = _BETTER_WITH_SLACK
        for key, value in settings.items():
            object.__setattr__(self, key, value)

    slacks: ClassVar[tuple[float, ...]]

    @property
    def first(self) -> Objective:
        """The objective that comes before all others."""
        wish: Objective = self.steps[0]
        return wish

    def evaluate(self, problem: SitingProblem, is_open: Mask) -> float:
        """Count the first step; infinite if a later step leaves somebody out who could be reached."""
        worth = [wish.evaluate(problem, is_open) for wish in self.steps]
        if all(math.isfinite(each) for each in worth):
            return worth[0]
        return math.inf if self.first.sense == "min" else -math.inf

    def order(self, problem: SitingProblem, is_open: Mask) -> tuple[float | Fraction, ...]:
        """Return every step's figure; slack is not part of it."""
        return tuple(each for wish in self.steps for each in wish.order(problem, is_open))

    def shares(self, problem: SitingProblem, is_open: Mask) -> tuple[ShareCovered, ...]:
        """Return the shares that a step compares."""
        return tuple(each for wish in self.steps for each in wish.shares(problem, is_open))

    def expression(self, problem: SitingProblem) -> Expression:
        """Return the first step."""
        return self.first.expression(problem)

    @property
    def reach(self) -> float:
        """Walks are needed as far as any step needs them."""
        return max(wish.reach for wish in self.steps)

    def unit(self, problem: SitingProblem) -> float:
        """Tell what the first step tells."""
        return self.first.unit(problem)

    def in_words(self, amount: float, needs: Sequence[Need | None] = ()) -> Text:
        """Tell what the first step tells."""
        return self.first.in_words(amount, needs)

    def figure_in_words(self, figure: float, needs: Sequence[Need | None] = ()) -> Text:
        """Tell what the first step tells."""
        return self.first.figure_in_words(figure, needs)

    @property
    def in_detail(self) -> Text:
        """Name the steps in their order, with what may be given up of each."""
        parts = [_in_words(wish, slack) for wish, slack in zip(self.steps, self.slacks, strict=True)]
        return Text("；其次".join(part.zh for part in parts), "; then ".join(part.en for part in parts))

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return what any step lacks, each fault once."""
        found = {fault: None for wish in self.steps for fault in wish.faults(problem)}
        return [*found, *([] if found or not self.reaches_everyone else mixed_units(problem, f"objective.{self.name}"))]

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Return the notes of every step, each once."""
        found = {note.text: note for wish in self.steps for note in wish.notes(problem)}
        return tuple(found.values())


def _step(given: Any) -> tuple[Objective | None, float, list[Fault]]:
    """Return one step with its slack, and its faults."""
    from planner.siting.objectives import OBJECTIVES

    parameters = {"name": given} if isinstance(given, str) else given
    if isinstance(parameters, InOrder) or (isinstance(parameters, Mapping) and parameters.get("name") == InOrder.name):
        return None, 0.0, [Fault("", same(InOrder.name), Text("其他目标", "another objective"), column="steps")]
    slack: Any = parameters.get("slack", 0.0) if isinstance(parameters, Mapping) else 0.0
    if isinstance(parameters, Mapping):
        parameters = {key: value for key, value in parameters.items() if key != "slack"}
    faults: list[Fault] = []
    usable = isinstance(slack, (int, float)) and not isinstance(slack, bool) and 0 <= slack < 1
    if not usable:
        faults.append(Fault("", same(repr(slack)), Text("0 到 1 之间的数", "from 0 to below 1"), column="slack"))
        slack = 0.0
    try:
        wish: Objective = chosen("objective.in_order", [each for each in OBJECTIVES if each is not InOrder], parameters)
    except PlanFileError as error:
        return None, 0.0, [*faults, *error.faults]
    return wish, float(slack), faults


def _in_words(wish: Objective, slack: float) -> Text:
    named = wish.label
    if wish.in_detail is not None:
        named = Text("{label}（{detail}）", "{label} ({detail})").format(label=named, detail=wish.in_detail)
    if not slack:
        return named
    return Text("{named}，可让出 {slack}", "{named}, giving up {slack} at most").format(
        named=named, slack=f"{slack:.3g}" if slack < 1e-4 else f"{slack:.2%}"
    )
