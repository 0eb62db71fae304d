"""A network under a walker's feet.

Where a point stands on an edge at a fraction f, the part of the edge before it takes `rint(f * ms)` and the part
behind it the rest, for each direction of walking. Parts of one edge therefore always add up to the edge, two points
on one edge are apart by the difference of their parts, and a search gives the same milliseconds from either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

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
    """A network as one walker walks it: milliseconds from start to end of each edge, and back; -1 is no way.

    Searches go from homes to stations. On the ground of the opposite direction (`backward`) they measure the way home.
    """

    network: WalkNetwork
    walker: Walker
    ms: Integers
    ms_back: Integers
    backward: bool = False

    @classmethod
    def of(cls, network: WalkNetwork, walker: Walker) -> Ground:
        """Return the ground under a walker's feet: the same one each time, for much is prepared only once."""
        return _ground(network, walker, counts_metres(walker))

    @cached_property
    def reversed(self) -> Ground:
        """The ground for walks in the opposite direction: what leads up leads down."""
        return Ground(self.network, self.walker, self.ms_back, self.ms, not self.backward)

    @cached_property
    def same_both_ways(self) -> bool:
        """Whether every edge takes as long in one direction as in the other."""
        return np.array_equal(self.ms, self.ms_back)

    def longest_leg(self, limit: int) -> int:
        """Return how long one leg of a round trip may be whose half is no longer than a limit.

        Let r be the largest ratio of the two times of an edge. Who walks back over P may also walk there over P
        reversed, at each edge in at most r times its time. At both ends only part of an edge is walked, whose times
        are rounded by at most half a millisecond each way; so `there <= r * (back + 1) + 1`. With
        `there + back <= 2 * limit` that gives `there <= 2 * limit * r / (1 + r) + 1`, and the same for the way back.
        Where an edge can be passed in one direction only, or takes no time in one, r is infinite. One millisecond
        more covers what division rounds.
        """
        longer, shorter = np.maximum(self.ms, self.ms_back), np.minimum(self.ms, self.ms_back)
        open_somehow = longer > 0
        longer, shorter = longer[open_somehow], np.maximum(shorter[open_somehow], 0)
        if not len(longer):
            return limit + 2
        steepest = int(np.argmax(longer / (longer + shorter)))
        up, down = int(longer[steepest]), int(shorter[steepest])
        return 2 * limit * up // (up + down) + 2

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
        """Number of the piece that each node belongs to, shape (nodes,): edges passed in one direction connect too."""
        passed = (self.ms >= 0) | (self.ms_back >= 0)
        start, end = self.network.start[passed], self.network.end[passed]
        links = sparse.coo_array(
            (np.ones(len(start), dtype=np.int8), (start, end)), shape=(self.network.node_count,) * 2
        )
        return csgraph.connected_components(links, directed=False)[1]


@lru_cache(maxsize=6)
def _ground(network: WalkNetwork, walker: Walker, in_metres: bool) -> Ground:
    del in_metres  # Walkers are equal whatever their source, which tells who counts metres.
    return Ground(network, walker, *network.walk_ms(walker))


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
