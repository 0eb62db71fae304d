"""Demand points that can walk to the same sites: for coverage they are one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.exact_sums import is_exact

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Alike:
    """Demand points by the set of sites they have within reach.

    Parameters
    ----------
    of_point : array of int, shape (demand points,)
        The set of each point.
    sites : csr_array, shape (sets, sites)
        Ones; a set may be empty.
    """

    of_point: npt.NDArray[np.integer]
    sites: sparse.csr_array

    @classmethod
    def of(cls, reach: sparse.csr_array) -> Alike:
        """Tell sets apart by the sum of two random numbers a site (128 bits)."""
        marks = np.random.default_rng(20).integers(2**64, size=(reach.shape[1], 2), dtype=np.uint64)
        sums = np.concatenate([np.zeros((1, 2), dtype=np.uint64), np.cumsum(marks[reach.indices], axis=0)])
        mark = sums[reach.indptr[1:]] - sums[reach.indptr[:-1]]
        order = np.lexsort((mark[:, 1], mark[:, 0]))
        is_new = np.append(True, np.any(np.diff(mark[order], axis=0) != 0, axis=1))[: len(order)]
        of_point = np.empty(len(order), dtype=np.intp)
        of_point[order] = np.cumsum(is_new) - 1
        return cls(of_point, sparse.csr_array(reach[order[is_new]]))

    def summed(self, amounts: Array) -> Array:
        """Add up an amount over the points of each set, shape (sets,); the order of the points changes nothing."""
        sets = self.sites.shape[0]
        if is_exact(amounts):
            return _added(self.of_point, amounts, sets)
        order = np.lexsort((amounts, self.of_point))
        return _added(self.of_point[order], amounts[order], sets)

    def any(self, points: Mask) -> Mask:
        """Whether any point of each set is one of these, shape (sets,)."""
        found = np.zeros(self.sites.shape[0], dtype=bool)
        found[self.of_point[points]] = True
        return found


def _added(number: npt.NDArray[np.integer], amounts: Array, count: int) -> Array:
    added: Array = np.bincount(number, weights=amounts, minlength=count).astype(np.float64)
    return added
