"""The ground beside the paths as a raster: for every cell the edges over which a home in it could set out.

That depends on the paths, the walker and the barriers, but on no station. It is therefore found once for all stations,
and kept for the next draw, unless it is too much to keep.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from planner.catchments.arrays import Records, records
from planner.catchments.behind import turned_from_barriers
from planner.catchments.ground import Ground
from planner.catchments.setting_out import BESIDE, BLOCK, CELL, WAY_OUT, Beside, scratch, set_out
from planner.model import Barriers
from planner.network import WalkNetwork
from planner.network.obstacles import obstacles_of
from planner.network.segments import Positions, segments_of

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

#: Ways out of a cell, mostly: room for more is made where it is needed.
_WAYS_A_CELL = 4

#: Blocks that are kept at most for one walker: 80 km², some 50 MB. And for how many walkers.
_KEPT_BLOCKS, _KEPT_WALKERS = 20_000, 4


class Cells(NamedTuple):
    """The ways out of the cells of some blocks.

    Parameters
    ----------
    known : array of bool, shape (columns, rows)
        The blocks that were looked at.
    first : array of int64, shape (edges + 1,)
    by_edge : array of int32, shape (ways,)
        The cells beside edge e are those of the ways `by_edge[first[e]:first[e + 1]]`.
    way : array of records, shape (ways,)
    """

    known: Bools
    first: Integers
    by_edge: Positions
    way: Records


class Surroundings:
    """The cells beside the paths that one walker uses, found where they are asked for."""

    def __init__(
        self, ground: Ground, usable: Bools, max_off_path_m: float, barriers: Barriers | None, cell_m: float
    ) -> None:
        self.segments, self.barriers, self.block_m = segments_of(ground.network), barriers, cell_m * BLOCK
        self.obstacles = None if barriers is None else obstacles_of(barriers, ground.network.crs)
        edge = records(BESIDE, ms=ground.ms, ms_back=ground.ms_back, length_m=shapely.length(ground.network.lines))
        self.bounds = shapely.bounds(ground.network.lines) - np.tile(self.segments.corner[:2], 2)
        ms_a_metre = 1000.0 / ground.walker.speed_m_s
        self.beside = Beside(usable, edge, ms_a_metre, float(max_off_path_m), cell_m)
        self._kept: Cells | None = None

    def cells(self, blocks: Bools, threads: int) -> Cells:
        """Return the cells of some blocks, and maybe more; keep them if they are few enough."""
        kept = self._kept
        if kept is not None and not (blocks & ~kept.known).any():
            return kept
        if kept is not None and np.count_nonzero(blocks | kept.known) <= _KEPT_BLOCKS:
            more = self._gather(blocks & ~kept.known, threads)
            found = self._sorted(blocks | kept.known, [kept.way, more])
        else:
            found = self._sorted(blocks, [self._gather(blocks, threads)])
        if np.count_nonzero(found.known) <= _KEPT_BLOCKS:
            self._kept = found
        return found

    def canvas(self, edges: Integers, left_ms: Integers) -> tuple[Integers, Bools]:
        """Return an empty lattice for the corners of the cells from which some edges can be reached in some time.

        Returns
        -------
        tuple
            Column and row of the first corner, and the lattice: nothing is ever marked at its border.
        """
        beside = self.beside
        reach_m = np.minimum(beside.max_off_path_m, (left_ms + 3) / beside.ms_a_metre)[:, None] + 3 * beside.cell_m
        low = np.floor((self.bounds[edges, :2] - reach_m).min(axis=0) / beside.cell_m).astype(np.int64)
        high = np.floor((self.bounds[edges, 2:] + reach_m).max(axis=0) / beside.cell_m).astype(np.int64)
        return low, np.zeros((high - low + 3)[::-1], np.bool_)

    def few(self, blocks: Bools) -> bool:
        """Return whether the cells of some blocks are few enough to be kept."""
        return bool(np.count_nonzero(blocks) <= _KEPT_BLOCKS)

    def blocks(self, least_ms: Integers, limit: int) -> Bools:
        """Return the blocks that a reached edge's surroundings touch, as far as the limit lets one walk.

        Parameters
        ----------
        least_ms : array of int64, shape (edges,)
            The shortest walk from either end of each edge.
        """
        beside, segments = self.beside, self.segments
        beyond = beside.max_off_path_m + beside.cell_m
        corner = np.floor(-beyond / self.block_m).astype(np.int64)
        size = np.floor((segments.size * segments.corner[2] + beyond) / self.block_m).astype(np.int64) - corner + 1
        left_ms = limit - least_ms
        reached = np.flatnonzero((beside.usable & (left_ms >= 0))[segments.edge])
        left_m = (left_ms[segments.edge[reached]] + 3) / beside.ms_a_metre
        reach_m = (np.minimum(beside.max_off_path_m, left_m) + beside.cell_m)[:, None]
        ends = segments.ends[reached]
        low = np.floor((np.minimum(ends[:, :2], ends[:, 2:]) - reach_m) / self.block_m).astype(np.int64)
        high = np.floor((np.maximum(ends[:, :2], ends[:, 2:]) + reach_m) / self.block_m).astype(np.int64)
        return _covered(low - corner, high - corner, size)

    def _gather(self, blocks: Bools, threads: int) -> Records:
        """Return the ways out of the cells of some blocks, found on some threads."""
        corner = int(np.floor(-(self.beside.max_off_path_m + self.beside.cell_m) / self.block_m))
        places = (np.argwhere(blocks) + corner) * BLOCK
        parts = np.array_split(np.ascontiguousarray(places), max(1, min(threads, len(places) // 64)))
        with ThreadPoolExecutor(len(parts)) as pool:
            found = list(pool.map(self._set_out, parts))
        ways = _joined([ways for _, ways in found])
        if self.obstacles is None:
            return ways
        cells = _joined([cells for cells, _ in found])
        return turned_from_barriers(self.segments, self.beside, self.obstacles, cells, ways)

    def _set_out(self, blocks: Integers) -> tuple[Records, Records]:
        """Go through the blocks; where there is no room left for what is found, there is made some."""
        work = scratch(self.segments)
        done: int | np.integer[Any] = 0
        cells, ways = np.empty(len(blocks) * BLOCK**2, CELL), np.empty(len(blocks) * BLOCK**2 * _WAYS_A_CELL, WAY_OUT)
        found: list[tuple[Records, Records]] = []
        while done < len(blocks) or not found:
            now = np.int64(done)
            done, cell_count, way_count = set_out(self.segments, self.beside, blocks, now, work, cells, ways)
            found.append((cells[:cell_count], ways[:way_count]))
            cells, ways = cells[cell_count:], ways[way_count:]
            if done < len(blocks):
                ways = np.empty(2 * len(ways) + BLOCK**2 * _WAYS_A_CELL, WAY_OUT)
        return _joined([cells for cells, _ in found]), _joined([ways for _, ways in found])

    def _sorted(self, known: Bools, parts: list[Records]) -> Cells:
        way = _joined(parts)
        count = np.arange(len(way) + 1, dtype=np.int32)
        by_way = sparse.csr_array((count[:-1], way["edge"], count), shape=(len(way), len(self.beside.usable)))
        by_edge = by_way.tocsc()
        return Cells(known, by_edge.indptr.astype(np.int64), by_edge.data, way)


def _joined(parts: list[Records]) -> Records:
    """Return records as one array; a single part as it is, for copying takes longer than finding it."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


_known: WeakKeyDictionary[WalkNetwork, dict[tuple[object, ...], Surroundings]] = WeakKeyDictionary()


def surroundings_of(
    ground: Ground, usable: Bools, max_off_path_m: float, barriers: Barriers | None, cell_m: float
) -> Surroundings:
    """Return the cells beside the paths that a walker uses, as far as they are known; those of few walkers are kept."""
    kept = _known.setdefault(ground.network, {})
    content = hashlib.sha256(ground.ms.tobytes() + ground.ms_back.tobytes() + usable.tobytes()).digest()
    barriers = barriers if barriers is not None and len(barriers) else None
    key = (content, ground.walker.speed_m_s, max_off_path_m, id(barriers), cell_m)
    if key not in kept:
        if len(kept) >= _KEPT_WALKERS:
            del kept[next(iter(kept))]
        kept[key] = Surroundings(ground, usable, max_off_path_m, barriers, cell_m)
    return kept[key]


def _covered(low: Integers, high: Integers, size: Integers) -> Bools:
    """Return which squares lie in any of some boxes, both corners included: entrances less exits, summed up."""
    change = np.zeros(size + 1, np.int32)
    for x, y, sign in ((low, low, 1), (low, high + 1, -1), (high + 1, low, -1), (high + 1, high + 1, 1)):
        np.add.at(change, (x[:, 0], y[:, 1]), sign)
    return change.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
