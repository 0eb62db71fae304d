"""Walking costs: who can walk where, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from planner.model.notes import Note
from planner.model.walking import MS_PER_MIN


@dataclass(frozen=True, eq=False)
class WalkingCosts:
    """Origin × destination walks within a cutoff. Only reachable pairs are stored: absent means out of reach.

    Parameters
    ----------
    origins, destinations : Index
        Ids of the rows and columns. In a plan the origins are demand points and the destinations are sites.
    walk : csr_array of int32, shape (origins, destinations)
        Whole milliseconds (millimetres in the standard-distance mode), sorted column indices.
        A stored zero is a walk of no length; never call `eliminate_zeros`.
    limit : int
        The cutoff in the same unit; walks of exactly the limit are stored.
    notes : tuple of Note
        What was found on the way: points too far from any path, pieces of network cut off from the rest.
    """

    origins: pd.Index
    destinations: pd.Index
    walk: sparse.csr_array
    limit: int
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        assert self.walk.shape == (len(self.origins), len(self.destinations))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a reachable pair: index (`origin`, `destination`) by the inputs' ids, column `walk_min`."""
        row = np.repeat(np.arange(len(self.origins)), np.diff(self.walk.indptr))
        index = pd.MultiIndex.from_arrays(
            [self.origins[row], self.destinations[self.walk.indices]], names=["origin", "destination"]
        )
        return pd.DataFrame({"walk_min": self.walk.data / MS_PER_MIN}, index=index)


@dataclass(frozen=True, eq=False)
class NearestWalks:
    """For every origin the nearest of some stations, however far, and the walk to it.

    Parameters
    ----------
    origins : Index
        Ids of the demand points.
    stations : Index
        Ids of the stations searched.
    reached : array of bool, shape (origins,)
        False where no station can be reached on foot at all.
    station : array of intp, shape (origins,)
        Position in `stations`; the smaller id where two are equally near. Meaningless where not reached.
    walk : array of int64, shape (origins,)
        Whole milliseconds (or millimetres). Meaningless where not reached.
    """

    origins: pd.Index
    stations: pd.Index
    reached: npt.NDArray[np.bool_]
    station: npt.NDArray[np.intp]
    walk: npt.NDArray[np.int64]
