"""Which sites serve the same people: neighbours of a station, and regions that share little with one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from planner.siting.problem import Mask
from planner.siting.solvers.search import Terrain

Whole = npt.NDArray[np.intp]

#: Steps from neighbour to neighbour by which stations around a station are told.
_STEPS = 6


@dataclass(frozen=True, eq=False)
class Sharing:
    """What pairs of sites serve in common.

    Parameters
    ----------
    amounts : csr_array, shape (sites, sites)
        People whom both sites could serve; on the diagonal what a site could serve.
    """

    amounts: sparse.csr_array

    @classmethod
    def of(cls, terrain: Terrain) -> Sharing:
        """Count what the sites of a terrain with one goal share."""
        weight = sparse.diags_array(np.maximum(terrain.of_set[0], 0.0))
        return cls(sparse.csr_array(terrain.by_site @ weight @ terrain.sets))

    def neighbours(self, stations: Whole, centre: int, count: int) -> Whole:
        """Return so many stations around one of them, fewer where no more hang together with it."""
        size = np.asarray(self.amounts.sum(axis=1)).ravel() + 1.0
        here = np.zeros(len(size))
        here[centre] = 1.0
        near = here.copy()
        for _ in range(_STEPS):
            here = self.amounts @ (here / size)
            near += here
        order = stations[np.argsort(-near[stations], kind="stable")][:count]
        return order[near[order] > 0]

    def beside(self, stations: Whole) -> Mask:
        """Whether each site shares anything with some of these, shape (sites,)."""
        shares: Mask = np.asarray(self.amounts[stations].sum(axis=0) > 0).ravel()
        return shares

    def around(self, stations: Whole) -> Whole:
        """Give each site the station it shares most with, or that of its neighbours; number what hangs together else.

        Returns
        -------
        array of int, shape (sites,)
            Numbers from 0.
        """
        sites = self.amounts.shape[0]
        group = np.full(sites, -1, dtype=np.intp)
        group[stations] = stations
        fresh = stations
        while len(fresh):
            shared = sparse.csr_array(self.amounts[:, fresh])
            reached = np.flatnonzero((group < 0) & (np.diff(shared.indptr) > 0))
            if len(reached):
                group[reached] = group[fresh[np.asarray(shared[reached].argmax(axis=1)).ravel()]]
            fresh = reached
        rest = np.flatnonzero(group < 0)
        if len(rest):
            group[rest] = sites + csgraph.connected_components(self.amounts[rest][:, rest], directed=False)[1]
        return np.unique(group, return_inverse=True)[1].astype(np.intp)
