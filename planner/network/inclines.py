"""What `incline` says: a slope as a share of the length, up in the direction of the way."""

from __future__ import annotations

import math
import re
import unicodedata

#: Nobody walks a path that rises more than it is long; such a number is a slip.
MOST_INCLINE = 1.0

_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)"
_PERCENT = re.compile(rf"(?P<sign>[+-]?){_NUMBER}%?")
_DEGREES = re.compile(rf"(?P<sign>[+-]?){_NUMBER}(?:°|deg|degrees)")
_RATIO = re.compile(rf"(?P<sign>[+-]?){_NUMBER}[:/](?P<run>\d+(?:[.,]\d+)?)")


def slope_of(incline: str) -> float | None:
    """Return the slope that a tag gives in numbers; None for `up`, `down`, and what cannot be read.

    A number alone is a percentage, as with a percent sign.

    Examples
    --------
    >>> slope_of("10%"), slope_of("-5"), slope_of("1:12"), slope_of("3,5 %"), slope_of("-45°")
    (0.1, -0.05, 0.08333333333333333, 0.035, -1.0)
    >>> slope_of("up"), slope_of("steep"), slope_of("5-8%"), slope_of("300%")
    (None, None, None, None)
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", incline)).casefold().replace("−", "-")
    if match := _PERCENT.fullmatch(plain):
        slope = _number(match["number"]) / 100
    elif match := _DEGREES.fullmatch(plain):
        slope = round(math.tan(math.radians(min(_number(match["number"]), 89.0))), 12)
    elif (match := _RATIO.fullmatch(plain)) and _number(match["run"]) > 0:
        slope = _number(match["number"]) / _number(match["run"])
    else:
        return None
    if slope > MOST_INCLINE:
        return None
    return -slope if match["sign"] == "-" and slope else slope


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))
