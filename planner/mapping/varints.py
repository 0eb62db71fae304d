"""Whole numbers as text that a page decodes at once: seven bits a byte, the sign in the lowest bit, then base64."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

#: Columns of more rows than this are packed; shorter ones stay lists that a person can read.
CROWD = 1_500
_BYTES = 5


def packed(numbers: Iterable[int]) -> str:
    """Return whole numbers between -2**34 and 2**34 as text; small ones take a byte each. `unpack.js` reads it back.

    Examples
    --------
    >>> packed([0, -1, 1, -64, 64])
    'AAECf4AB'
    """
    signed = np.fromiter(numbers, dtype=np.int64)
    values = (signed << 1) ^ (signed >> 63)
    shifts = 7 * np.arange(_BYTES)
    groups = (values[:, None] >> shifts) & 127
    length = 1 + (values[:, None] >> shifts[1:] > 0).sum(axis=1)
    written = np.arange(_BYTES) < length[:, None]
    groups[np.arange(_BYTES) < length[:, None] - 1] |= 128
    return base64.b64encode(groups[written].astype(np.uint8).tobytes()).decode("ascii")


def numbers(values: Sequence[float | None], digits: int = 0) -> Any:
    """Return a column of numbers of so many digits for the page: a list, or packed if it is long."""
    if len(values) <= CROWD:
        return list(values)
    per = 10**digits
    whole = (0 if value is None else _beside_none(round(value * per)) for value in values)
    return {"packed": packed(whole), "per": per}


def words(values: Sequence[str | None] | None) -> Any:
    """Return a column of words for the page: a list, or places in a table of distinct words where that is shorter."""
    if values is None or len(values) <= CROWD:
        return values
    distinct = sorted({value for value in values if value is not None})
    if 2 * len(distinct) > len(values):
        return values
    place = {None: 0} | {value: number for number, value in enumerate(distinct, start=1)}
    return {"packed": packed(place[value] for value in values), "words": distinct}


def areas(rings: Sequence[list[list[int]] | None]) -> Any:
    """Return areas as `Packing.areas` makes them for the page: a list, or packed if there are many."""
    return list(rings) if len(rings) <= CROWD else {"packed": packed(_flat(rings)), "areas": True}


def _beside_none(number: int) -> int:
    return number + 1 if number >= 0 else number


def _flat(every: Iterable[list[list[int]] | None]) -> list[int]:
    """For each area how many rings it has, and for each ring how many points, and its steps."""
    flat: list[int] = []
    for rings in every:
        flat.append(len(rings or ()))
        for steps in rings or ():
            flat.append(len(steps) // 2)
            flat.extend(steps)
    return flat
