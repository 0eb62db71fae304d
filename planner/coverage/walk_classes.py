"""Walks in five classes, the same on the map, in the brief and in the workbook.

Three classes within the standard, one beyond it, one for people without any station they could walk to. Each class is
darker than the one before, so the order survives a grey print; within is blue and beyond is orange-brown, which
colour-blind readers tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from planner.bilingual import Text
from planner.coverage.measures import NeedCoverage
from planner.model import Need

WalkClassCode = Literal["near", "middle", "within", "over", "unreachable"]

_COLOURS: dict[WalkClassCode, tuple[str, str]] = {
    "near": ("#d2eaf3", "#16262e"),
    "middle": ("#8fc7e0", "#16262e"),
    "within": ("#4593c2", "#ffffff"),
    "over": ("#bd4b12", "#ffffff"),
    "unreachable": ("#45102e", "#ffffff"),
}


@dataclass(frozen=True)
class WalkClass:
    """One class of walks.

    Parameters
    ----------
    code : str
        `near`, `middle`, `within` (all within the standard), `over` or `unreachable`.
    label : Text
        For a legend, in the unit of the standard: "5 至 10 分钟".
    max_walk_min : float or None
        Longest walk of the class in minutes, itself included; None beyond the standard.
    colour, text_colour : str
        Fill, and the colour of words on it, as #rrggbb.
    """

    code: WalkClassCode
    label: Text
    max_walk_min: float | None
    colour: str
    text_colour: str


def classes_of(measured: NeedCoverage) -> tuple[WalkClass, ...]:
    """Return the five classes as a measure needs them named: some may live near a station that is full."""
    return walk_classes(measured.need, some_without_place=measured.no_room > 0)


def walk_classes(need: Need, *, some_without_place: bool = False) -> tuple[WalkClass, ...]:
    """Return the five classes for one need, nearest first.

    Parameters
    ----------
    need : Need
    some_without_place : bool
        Whether the class beyond the standard also holds people for whom no station within it has room.

    Examples
    --------
    >>> from planner.model import ServiceStandard, Walker
    >>> need = Need("resident_population", Walker("adult"), ServiceStandard(max_walk_min=15))
    >>> [str(one.label) for one in walk_classes(need)]
    ['up to 5 min', '5 to 10 min', '10 to 15 min', 'over 15 min', 'no station within reach on foot']
    """
    first, second, last = _breaks(need)
    unit = Text("分钟", "min") if need.standard.in_minutes else Text("米", "m")
    values = {"unit": unit, "first": f"{first:g}", "second": f"{second:g}", "last": f"{last:g}"}
    labels: dict[WalkClassCode, Text] = {
        "near": Text("{first} {unit}以内", "up to {first} {unit}"),
        "middle": Text("{first} 至 {second} {unit}", "{first} to {second} {unit}"),
        "within": Text("{second} 至 {last} {unit}", "{second} to {last} {unit}"),
        "over": Text("超过 {last} {unit}", "over {last} {unit}"),
        "unreachable": Text("步行无法到达任何驿站", "no station within reach on foot"),
    }
    if some_without_place:
        labels["over"] = Text(
            "超过 {last} {unit}，或范围内驿站已满", "over {last} {unit}, or no place in the stations within it"
        )
    ends = (_in_minutes(need, first), _in_minutes(need, second), _in_minutes(need, last), None, None)
    return tuple(
        WalkClass(code, label.format(**values), end, *_COLOURS[code])
        for (code, label), end in zip(labels.items(), ends, strict=True)
    )


def classify_walks(measured: NeedCoverage) -> pd.Series:
    """Return the class of every demand point as its position in `walk_classes`, index `demand_id`.

    Whether a walk is within the standard is taken from `covered`, never measured a second time.
    """
    first, second, *_ = (one.max_walk_min for one in walk_classes(measured.need))
    walk_min = measured.table["walk_min"].to_numpy()
    covered = measured.table["covered"].to_numpy()
    reached = measured.table["reached"].to_numpy()
    position = np.select([~reached, ~covered, walk_min <= first, walk_min <= second], [4, 3, 0, 1], default=2)
    return pd.Series(position, index=measured.table.index, name="walk_class")


def _breaks(need: Need) -> tuple[float, float, float]:
    """Return thirds of the standard in its own unit, rounded to numbers that people use."""
    standard = need.standard
    last = standard.max_walk_min if standard.max_walk_min is not None else standard.max_walk_m
    assert last is not None
    for step in (1, 0.5) if standard.in_minutes else (50, 10, 1):
        first, second = (round(last * third / 3 / step) * step for third in (1, 2))
        if last >= 6 * step:
            return first, second, last
    return last / 3, last * 2 / 3, last


def _in_minutes(need: Need, value: float) -> float:
    return value if need.standard.in_minutes else value / need.walker.speed_m_s / 60
