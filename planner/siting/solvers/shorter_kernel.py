"""What opening, closing and exchanging stations saves in walks, in one pass over the pairs within the standard.

The sums of Resende & Werneck (2004), Journal of Heuristics 10: what a new station saves everybody nearer to it, less
what closing the old one costs those it serves, plus what the new one spares them of that. Who is not covered walks
nothing. Imported only where it is used, for it brings Numba with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Amounts = npt.NDArray[np.float64]


@compiled
def saved(
    first: Whole, sites: Small, walk: Amounts, people: Amounts, is_open: npt.NDArray[np.bool_], slot: Whole, slots: int
) -> tuple[Amounts, Amounts, Amounts]:
    """Weigh all moves.

    Parameters
    ----------
    first, sites, walk : arrays
        Pairs within the standard: those of point i are `first[i] : first[i + 1]`.
    people : array of float, shape (points,)
    is_open : array of bool, shape (sites,)
    slot : array of int, shape (sites,)
        Number of an open station that may be closed, -1 elsewhere.
    slots : int

    Returns
    -------
    arrays of float, shapes (sites,), (slots,), (sites, slots)
        Saved by opening, by closing, and by doing both beyond the sum of these.
    """
    opening, closing = np.zeros(len(slot)), np.zeros(slots)
    both = np.zeros((len(slot), slots))
    for point in range(len(people)):
        nearest, second, server = np.inf, np.inf, -1
        for pair in range(first[point], first[point + 1]):
            if is_open[sites[pair]]:
                if walk[pair] < nearest:
                    nearest, second, server = walk[pair], nearest, sites[pair]
                elif walk[pair] < second:
                    second = walk[pair]
        now = nearest if server >= 0 else 0.0
        out = slot[server] if server >= 0 else -1
        then = second if second < np.inf else 0.0
        if out >= 0:
            closing[out] += people[point] * (now - then)
        for pair in range(first[point], first[point + 1]):
            site = sites[pair]
            if is_open[site]:
                continue
            opened = min(nearest, walk[pair])
            if opened != now:
                opening[site] += people[point] * (now - opened)
            if out >= 0:
                both[site, out] += people[point] * (then - now + opened - min(second, walk[pair]))
    return opening, closing, both
