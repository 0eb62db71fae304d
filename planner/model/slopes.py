"""How a slope changes the speed of walking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text

Slope = Literal["none", "tobler"]

#: How a walker takes slopes, by the name that `Walker.slope` gives.
SLOPES: Mapping[Slope, Text] = {
    "none": Text("不计坡度", "slopes make no difference"),
    "tobler": Text("按 Tobler 函数折算", "Tobler's factor on the level speed"),
}

TOBLER_SOURCE = Text(
    "Tobler 徒步函数 W = 6·exp(−3.5·|S + 0.05|)，取 f(S)/f(0) 乘以各人群平地速度",
    "Tobler's hiking function W = 6·exp(−3.5·|S + 0.05|), as f(S)/f(0) on each group's own level speed",
)

_STEEPNESS, _FASTEST_AT = 3.5, 0.05


def tobler_level_metres(slope: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return how many metres on the level take as long as one metre on a slope: f(0)/f(S) of Tobler's function.

    Parameters
    ----------
    slope : array of float
        Rise over run, positive uphill. Exactly 0 gives exactly 1.

    Examples
    --------
    >>> tobler_level_metres([0.0, 0.10, -0.10, -0.05]).round(4).tolist()
    [1.0, 1.4191, 1.0, 0.8395]
    """
    off_fastest = np.abs(np.asarray(slope, dtype=np.float64) + _FASTEST_AT) - _FASTEST_AT
    return np.exp(_STEEPNESS * off_fastest)
