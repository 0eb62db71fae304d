"""Who can be reached at all: objectives that count every walk leave the others out, and say so."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Need, Note
from planner.model.walking import MM_PER_M, MS_PER_MIN
from planner.siting.problem import Mask, NeedWalks, SitingProblem

#: So many of those left out are named; the rest are counted.
_NAMED = 20


def reachable(problem: SitingProblem, need: NeedWalks) -> Mask:
    """Whether each demand point has people of this need and a walk to a site that may be open.

    Returns
    -------
    array of bool, shape (demand points,)
    """
    found: Mask = (need.people > 0) & np.isfinite(need.free.nearest(~problem.excluded))
    return found


def left_out(problem: SitingProblem) -> tuple[Note, ...]:
    """Return a note that counts the people whom no site can reach, none if there are none."""
    points = np.zeros(len(problem.demand_ids), dtype=bool)
    people: list[Text] = []
    for need in problem.needs:
        stranded = (need.people > 0) & ~reachable(problem, need)
        points |= stranded
        if stranded.any():
            count = f"{math.fsum(need.people[stranded]):,.6g}"
            people.append(Text("{need} {n} 人", "{need}: {n} people").format(need=need.label, n=count))
    if not points.any():
        return ()
    text = Text(
        "{points} 个需求点没有可步行到达的站点（{people}），未计入步行量。",
        "{points} demand points have no walk to any site ({people}); they are left out of the walks that are counted.",
    ).format(
        points=np.count_nonzero(points),
        people=Text("、".join(one.zh for one in people), ", ".join(one.en for one in people)),
    )
    examples = sorted(str(identity) for identity in problem.demand_ids[points])[:_NAMED]
    return (Note("siting.not_counted", "warning", text, tuple(examples)),)


def mixed_units(problem: SitingProblem, place: str) -> list[Fault]:
    """Return a fault if some needs walk in minutes and others in metres: their walks cannot be compared."""
    units = {need.need.standard.in_minutes for need in problem.needs if need.need is not None}
    if len(units) < 2:
        return []
    found = Text("步行标准既有分钟又有米", "standards in minutes and in metres")
    return [Fault(place, found, Text("全部用分钟或全部用米", "all in minutes, or all in metres"), column="name")]


def walk_unit(problem: SitingProblem) -> float:
    """Return how many of the engine's whole units make a minute or a metre; 1 for a matrix of the user's own."""
    for need in problem.needs:
        if need.need is not None:
            return MS_PER_MIN if need.need.standard.in_minutes else MM_PER_M
    return 1.0


def walk_in_words(amount: float, needs: Sequence[Need | None]) -> Text:
    """Return an amount of walking with the unit of the needs, rounded up to a tenth; no unit for the user's own."""
    shown = f"{math.ceil(round(amount * 10, 6)) / 10:,.1f}".removesuffix(".0")
    for need in needs:
        if need is not None:
            unit = Text("分钟", "min") if need.standard.in_minutes else Text("米", "m")
            return Text("{n} {unit}", "{n} {unit}").format(n=shown, unit=unit)
    return same(shown)


def reach_fault(value: object) -> Fault | None:
    """Return what is wrong with how far walks are measured, as a multiple of the standard."""
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if is_number and 1 <= float(value) <= 20:  # type: ignore[arg-type]
        return None
    return Fault("", same(repr(value)), Text("1 到 20", "1 to 20"), column="reach_times_standard")
