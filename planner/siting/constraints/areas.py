"""Areas that a rule speaks of: grids and communities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.own_places import LEVELS
from planner.siting.parameters import choice_fault, nearest, unknown
from planner.siting.problem import SitingProblem


def level_fault(key: str, value: Any, also: tuple[str, ...] = ()) -> Fault | None:
    """Return what is wrong with the level of areas."""
    return choice_fault(key, value, (*also, *LEVELS))


def area_faults(problem: SitingProblem, place: str, level: str, named: Iterable[Any] | None = None) -> Iterable[Fault]:
    """Return the level if the problem knows no such areas, and the areas of a list that nobody knows."""
    known = problem.areas(level)
    if not known:
        found = Text("数据没有{level}", "the data has no {level}").format(level=same(level))
        yield Fault(
            place,
            found,
            Text("网格图层 [grids]，社区须有 community 列", "a layer [grids], with a column community for communities"),
            column="of",
        )
        return
    for area in named or ():
        if str(area) not in known:
            yield Fault(place, unknown(area), nearest(area, known), column="areas")
