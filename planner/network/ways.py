"""What every kind of street file is turned into before it becomes a network."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from planner.network.tags import WayClass


def _no_ids() -> npt.NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Ways:
    """Lines over shared vertices: two ways meet where they hold the same vertex id, and nowhere else.

    Parameters
    ----------
    first : array of int64, shape (ways + 1,)
        Vertices of way w: `first[w]:first[w + 1]`.
    vertex_id : array of int64, shape (vertices,)
    lon, lat : arrays of float64, shape (vertices,)
        WGS 84 degrees; NaN where the file does not say.
    way_class : array of int, shape (ways,)
        Position in `classes`.
    classes : tuple of WayClass
    barrier_id, crossing_id, signal_id, closed_id : arrays of int64
        Vertices with a gate or the like, with a plain crossing, with a signalled one, with a barrier nobody passes.
    """

    first: npt.NDArray[np.int64]
    vertex_id: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    way_class: npt.NDArray[np.int64]
    classes: tuple[WayClass, ...]
    barrier_id: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    crossing_id: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    signal_id: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    closed_id: npt.NDArray[np.int64] = field(default_factory=_no_ids)

    def __len__(self) -> int:
        return len(self.way_class)
