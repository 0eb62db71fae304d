"""The ground beside the paths as a raster: how a home at the centre of each cell gets onto the paths.

A cell is brought onto the paths by the very rule that homes are, so that its walk is theirs. That depends on the paths,
the walker, the barriers and the compounds, but on no station. It is therefore found once for all stations, and kept for
the next draw, unless it is too much to keep.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse

from planner.catchments.arrays import WAY_OUT, Records, records
from planner.catchments.entry import onto_paths
from planner.catchments.gated import ThroughGates
from planner.catchments.ground import Ground
from planner.catchments.points import Points
from planner.model import Barriers, Compounds, Gates
from planner.network import WalkNetwork
from planner.network.obstacles import obstacles_of
from planner.network.passages import GATE_REACH_M
from planner.network.segments import segments_of
from planner.network.snapping import Access

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Side of a cell: finer than a map of a catchment shows.
CELL_M = 8.0

#: Cells around what may be covered: for the outline, and for rims.
BORDER = 4

#: Cells are looked at in square blocks of this many a side; blocks with no path near are passed over.
BLOCK = 8

#: Blocks that are kept at most for one walker: 80 km², some 20 MB. And for how many walkers.
_KEPT_BLOCKS, _KEPT_WALKERS = 20_000, 4

#: Blocks that are looked at together: bounds the memory.
_TOGETHER = 1024

#: Longer walks are of no interest: it is the longest that a way can hold.
LONGEST_MS = 2**31 - 1


class Surrounded(NamedTuple):
    """What surrounds the paths.

    Parameters
    ----------
    max_off_path_m : float
    gates : Gates or None
    barriers : Barriers or None
    compounds : Compounds or None
        Cells within the boundary of a walled one leave it as its homes do.
    """

    max_off_path_m: float
    gates: Gates | None
    barriers: Barriers | None
    compounds: Compounds | None


class Cells(NamedTuple):
    """The ways out of the cells of some blocks.

    Parameters
    ----------
    known : array of bool, shape (columns, rows)
        The blocks that were looked at.
    first : array of int64, shape (edges + 1,)
    way : array of records, shape (ways,)
        Those over edge e are `way[first[e]:first[e + 1]]`.
    """

    known: Bools
    first: Integers
    way: Records


class Surroundings:
    """The cells beside the paths that one walker uses, found where they are asked for."""

    def __init__(self, ground: Ground, around: Surrounded) -> None:
        self.ground, self.around = ground, around
        self.segments, self.block_m = segments_of(ground.network), CELL_M * BLOCK
        self.corner_m = self.segments.corner[:2]
        self.obstacles = None if around.barriers is None else obstacles_of(around.barriers, ground.network.crs)
        self.bounds = shapely.bounds(ground.network.lines) - np.tile(self.corner_m, 2)
        self.names, self.walled = _walled(around.compounds, ground.network)
        reach = np.array([-GATE_REACH_M, -GATE_REACH_M, GATE_REACH_M, GATE_REACH_M])
        self.boxes = shapely.bounds(self.walled).reshape(-1, 4) - np.tile(self.corner_m, 2) + reach
        self.ms_a_metre = 1000.0 / ground.walker.speed_m_s
        self._kept: Cells | None = None

    def cells(self, blocks: Bools, threads: int) -> Cells:
        """Return the cells of some blocks, and maybe more; keep them if they are few enough."""
        kept = self._kept
        if kept is not None and not (blocks & ~kept.known).any():
            return kept
        if kept is not None and np.count_nonzero(blocks | kept.known) <= _KEPT_BLOCKS:
            more = self._gather(blocks & ~kept.known, threads)
            edge = np.repeat(np.arange(len(kept.first) - 1, dtype=np.int32), np.diff(kept.first))
            found = self._sorted(blocks | kept.known, [(edge, kept.way), *more])
        else:
            found = self._sorted(blocks, self._gather(blocks, threads))
        if np.count_nonzero(found.known) <= _KEPT_BLOCKS:
            self._kept = found
        return found

    def canvas(self, edges: Integers, left_ms: Integers) -> tuple[Integers, Integers]:
        """Return the first cell (column, row) and the size (rows, columns) of what some edges can be reached from.

        Parameters
        ----------
        edges : array of int64
        left_ms : array of int64
            The time left for the way to each.
        """
        reach_m = np.minimum(self.around.max_off_path_m, (left_ms + 3) / self.ms_a_metre)[:, None]
        low_m = (self.bounds[edges, :2] - reach_m).min(axis=0)
        high_m = (self.bounds[edges, 2:] + reach_m).max(axis=0)
        touched = (self.boxes[:, 2:] >= low_m).all(axis=1) & (self.boxes[:, :2] <= high_m).all(axis=1)
        low_m = np.minimum(low_m, self.boxes[touched, :2].min(axis=0, initial=np.inf))
        high_m = np.maximum(high_m, self.boxes[touched, 2:].max(axis=0, initial=-np.inf))
        low = np.floor(low_m / CELL_M).astype(np.int64) - BORDER
        high = np.floor(high_m / CELL_M).astype(np.int64) + BORDER
        return low, (high - low + 1)[::-1]

    def with_rims(self, covered: Bools, corner: Integers, rims: int) -> Bools:
        """Return covered cells with those around them, so many times; see `_with_a_rim`."""
        for _ in range(rims):
            covered = self._with_a_rim(covered, corner)
        return covered

    def _with_a_rim(self, covered: Bools, corner: Integers) -> Bools:
        """Return covered cells with the cells around them: a home there may be covered though the centre is not.

        None of them lies in water, and none beyond a barrier from every covered cell beside it.

        Parameters
        ----------
        covered : array of bool, shape (rows, columns)
            None at the border.
        corner : array of int64, shape (2,)
            Column and row of the first.
        """
        grown = _grown(covered)
        if self.obstacles is None:
            return grown
        rim = np.argwhere(grown & ~covered)
        xy = self.corner_m + (rim[:, ::-1] + corner + 0.5) * CELL_M
        rim = rim[self._from_a_neighbour(covered, rim, xy)]
        with_rim = covered.copy()
        with_rim[tuple(rim.T)] = True
        return with_rim

    def _from_a_neighbour(self, covered: Bools, rim: Integers, xy: Floats) -> Bools:
        """Return which cells are dry and have no barrier between them and some covered cell beside them."""
        assert self.obstacles is not None
        free = np.ones(len(rim), dtype=np.bool_)
        near = self.obstacles.around(xy, np.full(len(rim), 2 * CELL_M))
        free[near] = False
        near = near[self.obstacles.waters_around(xy[near]) < 0]
        for step in _AROUND:
            beside = near[covered[tuple((rim[near] + step).T)]]
            ends = xy[beside] + step[::-1] * CELL_M
            barred = self.obstacles.kinds_between(xy[beside], ends, np.full(len(beside), -1)).any(axis=1)
            free[beside[~barred]] = True
        return free

    def few(self, blocks: Bools) -> bool:
        """Return whether the cells of some blocks are few enough to be kept."""
        return bool(np.count_nonzero(blocks) <= _KEPT_BLOCKS)

    def blocks(self, least_ms: Integers, limit: int) -> Bools:
        """Return the blocks that a reached edge's surroundings touch, as far as the limit lets one walk.

        Compounds that are touched are looked at as a whole, for the way to a gate may be a long one.

        Parameters
        ----------
        least_ms : array of int64, shape (edges,)
            The shortest walk from either end of each edge.
        """
        segments, beyond = self.segments, self.around.max_off_path_m + CELL_M
        corner = self._first_block()
        size = np.floor((segments.size * segments.corner[2] + beyond) / self.block_m).astype(np.int64) - corner + 1
        left_ms = limit - least_ms
        reached = np.flatnonzero((self.ground.open_edges & (left_ms >= 0))[segments.edge])
        left_m = (left_ms[segments.edge[reached]] + 3) / self.ms_a_metre
        reach_m = (np.minimum(self.around.max_off_path_m, left_m) + CELL_M)[:, None]
        ends = segments.ends[reached]
        low = np.floor((np.minimum(ends[:, :2], ends[:, 2:]) - reach_m) / self.block_m).astype(np.int64)
        high = np.floor((np.maximum(ends[:, :2], ends[:, 2:]) + reach_m) / self.block_m).astype(np.int64)
        blocks = _covered(low - corner, high - corner, size)
        boxes = np.floor(self.boxes / self.block_m).astype(np.int64) - corner
        for west, south, east, north in np.clip(boxes, 0, np.tile(size - 1, 2)):
            inside = blocks[west : east + 1, south : north + 1]
            inside |= inside.any()
        return blocks

    def compounds_at(self, xy: Floats) -> npt.NDArray[np.object_]:
        """Return the name of the smallest walled compound that each place lies in, None outside of them."""
        found = np.full(len(xy), None, dtype=object)
        if len(self.walled):
            compound, point = shapely.STRtree(shapely.points(xy)).query(self.walled, predicate="intersects")
            order = np.argsort(-compound, kind="stable")
            found[point[order]] = self.names[compound[order]]
        return found

    def stepping_out(self, place: Integers) -> tuple[Integers, Points, Access, ThroughGates]:
        """Return those of some cells that are dry, homes at their centres, and how these get onto the paths.

        Parameters
        ----------
        place : array of int64, shape (cells, 2)
            Column and row.
        """
        xy = self.corner_m + (place + 0.5) * CELL_M
        if self.obstacles is not None:
            dry = self.obstacles.waters_around(xy) < 0
            place, xy = place[dry], xy[dry]
        count = len(place)
        homes = Points(pd.RangeIndex(count), xy, self.compounds_at(xy), np.zeros(count, np.int64))
        max_off_path_m, gates, barriers, _ = self.around
        return place, homes, *onto_paths(self.ground, homes, max_off_path_m, gates, "origins", barriers)

    def _first_block(self) -> int:
        return int(np.floor(-(self.around.max_off_path_m + CELL_M) / self.block_m))

    def _gather(self, blocks: Bools, threads: int) -> list[tuple[npt.NDArray[np.int32], Records]]:
        """Return the ways out of the cells of some blocks, with their edges, found on some threads."""
        first = (np.argwhere(blocks) + self._first_block()) * BLOCK
        parts = np.array_split(first, max(1, min(threads, len(first) // 64), -(-len(first) // _TOGETHER)))
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self._ways_out, parts))

    def _ways_out(self, blocks: Integers) -> tuple[npt.NDArray[np.int32], Records]:
        within = np.stack(np.meshgrid(np.arange(BLOCK), np.arange(BLOCK), indexing="ij"), axis=-1).reshape(-1, 2)
        place, _, access, _ = self.stepping_out((blocks[:, None, :] + within).reshape(-1, 2))
        to_start, to_end = (np.minimum(walk, LONGEST_MS) for walk in self.ground.leaving(access))
        column, row = place[access.point].T
        return access.edge.astype(np.int32), records(WAY_OUT, column=column, row=row, to_start=to_start, to_end=to_end)

    def _sorted(self, known: Bools, parts: list[tuple[npt.NDArray[np.int32], Records]]) -> Cells:
        edge = np.concatenate([edge for edge, _ in parts])
        way = np.concatenate([way for _, way in parts])
        count = np.arange(len(way) + 1, dtype=np.int32)
        by_edge = sparse.csr_array((count[:-1], edge, count), shape=(len(way), len(self.ground.ms))).tocsc()
        return Cells(known, by_edge.indptr.astype(np.int64), way[by_edge.data])


def _walled(compounds: Compounds | None, network: WalkNetwork) -> tuple[npt.NDArray[np.object_], ...]:
    """Return the names and the polygons of the walled compounds, the smallest first."""
    if compounds is None or not len(compounds.enclosing):
        return np.empty(0, dtype=object), np.empty(0, dtype=object)
    walled = compounds.enclosing.to_crs(network.crs)
    walled = walled.iloc[np.argsort(walled.area, kind="stable")]
    return walled.index.to_numpy(dtype=object), walled.to_numpy()


_known: WeakKeyDictionary[WalkNetwork, dict[tuple[object, ...], Surroundings]] = WeakKeyDictionary()


def surroundings_of(ground: Ground, around: Surrounded) -> Surroundings:
    """Return the cells beside the paths that a walker uses, as far as they are known; those of few walkers are kept."""
    if around.barriers is not None and not len(around.barriers):
        around = around._replace(barriers=None)
    kept = _known.setdefault(ground.network, {})
    content = hashlib.sha256(ground.ms.tobytes() + ground.ms_back.tobytes()).digest()
    key = (content, ground.walker.speed_m_s, around.max_off_path_m, *map(id, around[1:]))
    if key not in kept:
        if len(kept) >= _KEPT_WALKERS:
            del kept[next(iter(kept))]
        kept[key] = Surroundings(ground, around)
    return kept[key]


#: Steps to the cells around one.
_AROUND = np.array([(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if row or column])


def _grown(covered: Bools) -> Bools:
    """Return the cells that are covered, or have a covered one around them."""
    along = covered.copy()
    along[1:] |= covered[:-1]
    along[:-1] |= covered[1:]
    grown = along.copy()
    grown[:, 1:] |= along[:, :-1]
    grown[:, :-1] |= along[:, 1:]
    return grown


def _covered(low: Integers, high: Integers, size: Integers) -> Bools:
    """Return which squares lie in any of some boxes, both corners included: entrances less exits, summed up."""
    change = np.zeros(size + 1, np.int32)
    for x, y, sign in ((low, low, 1), (low, high + 1, -1), (high + 1, low, -1), (high + 1, high + 1, 1)):
        np.add.at(change, (x[:, 0], y[:, 1]), sign)
    return change.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0
