"""What a column of an output is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.bilingual import Text, same

Kind = Literal[
    "text", "people", "count", "share", "minutes", "metres", "area", "money", "ten_thousands", "yes_no", "weight"
]

NO_UNIT = same("")
PEOPLE = Text("人", "people")
MINUTES = Text("分钟", "min")
METRES = Text("米", "m")
SQUARE_METRES = Text("平方米", "m²")
PERCENT = same("%")
CNY = Text("元", "CNY")
TEN_THOUSAND_CNY = Text("万元", "10,000 CNY")


@dataclass(frozen=True)
class Column:
    """One column of an output.

    Parameters
    ----------
    name : str
        Machine name. A column that exists once for each need ends in the number of the need: `walk_min_after_1`.
    header, unit, meaning : Text
    kind : str
        How its values are shown.
    """

    name: str
    header: Text
    unit: Text
    meaning: Text
    kind: Kind = "text"


def column(name: str, header: tuple[str, str], kind: Kind, meaning: tuple[str, str]) -> Column:
    """Return a column: header and meaning in Chinese and English."""
    return Column(name, Text(*header), _UNITS.get(kind, NO_UNIT), Text(*meaning), kind)


def before_and_after(name: str, header: tuple[str, str], kind: Kind, meaning: tuple[str, str]) -> tuple[Column, Column]:
    """Return a column for the stations of today and one for those of the plan."""
    return (
        column(
            f"{name}_before",
            (f"现状{header[0]}", f"{header[1]} before"),
            kind,
            (f"{meaning[0]}（现状）", f"{meaning[1]} (today)"),
        ),
        column(
            f"{name}_after",
            (f"方案{header[0]}", f"{header[1]} after"),
            kind,
            (f"{meaning[0]}（实施方案后）", f"{meaning[1]} (with the plan)"),
        ),
    )


_UNITS: dict[Kind, Text] = {
    "people": PEOPLE,
    "share": PERCENT,
    "minutes": MINUTES,
    "metres": METRES,
    "area": SQUARE_METRES,
    "money": CNY,
    "ten_thousands": TEN_THOUSAND_CNY,
}
