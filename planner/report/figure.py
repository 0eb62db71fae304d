"""A number as plan.json writes it."""

from __future__ import annotations

import math

#: Every number in plan.json is rounded to this many decimals; people who are whole are written as whole numbers.
DECIMALS = 6


def number(value: float) -> float | int | None:
    """Return a number as plan.json writes it: rounded, whole where it is whole, None where there is none.

    Examples
    --------
    >>> number(0.1 + 0.2), number(250.0), number(float("nan")), number(-0.0)
    (0.3, 250, None, 0)
    """
    value = float(value)
    if not math.isfinite(value):
        return None
    rounded = round(value, DECIMALS)
    return int(rounded) if rounded.is_integer() else rounded
