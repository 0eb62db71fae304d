"""Sums that do not depend on the order of what is added."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: Below this, whole numbers add up without rounding.
_EXACT = 2.0**53


def is_exact(amounts: Array) -> bool:
    """Whether amounts are whole and add up without rounding, in any order."""
    return bool(np.all(amounts == np.rint(amounts)) and np.abs(amounts).sum() < _EXACT)


def total(amounts: Array) -> float:
    """Add up without any rounding but the last."""
    return float(amounts.sum()) if is_exact(amounts) else math.fsum(amounts)
