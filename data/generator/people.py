"""Whole people and households that add up to a published total."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def share_out(total: int, weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return whole numbers in proportion to the weights that sum to the total exactly (largest remainders).

    >>> share_out(10, [1, 1, 1]).tolist()
    [4, 3, 3]
    """
    exact = total * np.asarray(weights, dtype=float) / np.sum(weights)
    whole = np.floor(exact).astype(np.int64)
    most_left_over = np.argsort(-(exact - whole), kind="stable")[: total - whole.sum()]
    whole[most_left_over] += 1
    return whole
