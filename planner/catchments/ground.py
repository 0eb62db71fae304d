"""A network under a walker's feet.

Where a point stands on an edge at a fraction f, the part of the edge before it takes `rint(f * ms)` and the part
behind it the rest, for each direction of walking. Parts of one edge therefore always add up to the edge, two points
on one edge are apart by the difference of their parts, and a search gives the same milliseconds from either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from planner.bilingual import Text
from planner.model import Walker
from planner.network import WalkNetwork
from planner.network.scraps import scrap_edges
from planner.network.snapping import Access

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ground:
    """A network as one walker walks it: milliseconds from start to end of each edge, and back; -1 is no way."""

    network: WalkNetwork
    walker: Walker
    ms: Integers
    ms_back: Integers

    @classmethod
    def of(cls, network: WalkNetwork, walker: Walker) -> Ground:
        """Return the ground under a walker's feet."""
        return cls(network, walker, *network.walk_ms(walker))

    @cached_property
    def open_edges(self) -> npt.NDArray[np.bool_]:
        """Edges that can be passed in both directions, the only ones where a walk may begin or end."""
        return (self.ms >= 0) & (self.ms_back >= 0)

    @cached_property
    def scraps(self) -> npt.NDArray[np.bool_]:
        """Edges of pieces of path so short that they lead nowhere, shape (edges,)."""
        return scrap_edges(self.network)

    def leaving(self, access: Access) -> tuple[Integers, Integers]:
        """Return the walk from each access's point to the start and to the end of its edge."""
        off_path, part, part_back = self._parts(access)
        return off_path + part_back, off_path + self.ms[access.edge] - part

    def arriving(self, access: Access) -> tuple[Integers, Integers]:
        """Return the walk from the start and from the end of each access's edge to its point."""
        off_path, part, part_back = self._parts(access)
        return off_path + part, off_path + self.ms_back[access.edge] - part_back

    def _parts(self, access: Access) -> tuple[Integers, Integers, Integers]:
        part = np.rint(access.fraction * self.ms[access.edge]).astype(np.int64)
        part_back = np.rint(access.fraction * self.ms_back[access.edge]).astype(np.int64)
        return self.off_path_ms(access), part, part_back

    def off_path_ms(self, access: Access) -> Integers:
        """Return what passes between a point and its path: inside the building, and on the straight line."""
        return self.walker.walk_ms(access.off_path_m) + access.before_ms

    @cached_property
    def piece(self) -> npt.NDArray[np.int32]:
        """Number of the connected piece of open edges that each node belongs to, shape (nodes,)."""
        start, end = self.network.start[self.open_edges], self.network.end[self.open_edges]
        links = sparse.coo_array(
            (np.ones(len(start), dtype=np.int8), (start, end)), shape=(self.network.node_count,) * 2
        )
        return csgraph.connected_components(links, directed=False)[1]


def measuring(walker: Walker | str, metres: bool) -> Walker:
    """Return the walker whose milliseconds are counted: in metres everybody walks 1 m/s without delays and slopes.

    What is closed to a walker stays closed.
    """
    own = Walker(walker) if isinstance(walker, str) else walker
    if not metres:
        return own
    return Walker(
        "metres",
        speed_m_s=1.0,
        takes_stairs=own.takes_stairs,
        max_slope=own.max_slope,
        in_wheelchair=own.in_wheelchair,
        source=STANDARD_DISTANCE,
    )


#: What the walker who counts metres says about itself.
STANDARD_DISTANCE = Text("标准距离模式", "standard-distance mode")


def counts_metres(walker: Walker) -> bool:
    """Whether a walker's milliseconds are metres: then nothing but metres counts."""
    return walker.source == STANDARD_DISTANCE
