"""All nodes within reach of many nodes: the search alone, with nobody to find.

The answer is handed over in pieces and never copied together, so that the memory it takes is the answer and, for every
thread, a workspace as large as the network.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.catchments.arrays import LISTED, NO, YES, Integers, Positions, Records, Slots, Workspace, workspace
from planner.catchments.ground import Ground
from planner.catchments.search import LONGEST_WALK, along_curve, cores, sources_of, targets_of, ways
from planner.catchments.spreading import clear, offer, spread
from planner.machine_code import compiled
from planner.network.segments import Whole
from planner.network.snapping import Access

#: A node reached, and the walk to it.
REACHED = np.dtype([("walk", "i4"), ("node", "i4")])

#: Nodes reached before they are handed over.
_ROOM = 2**20


class Reached(NamedTuple):
    """What some nodes reach: `found[k]` nodes and walks for `origin[k]`, one origin after the other, nearest first."""

    origin: Positions
    found: Integers
    reached: Records


def nodes_reached(
    ground: Ground, nodes: npt.NDArray[np.integer], limit: int, *, threads: int | None = None
) -> list[Reached]:
    """Find all nodes within the limit of each of some nodes, over public ways.

    Parameters
    ----------
    nodes : array of int
        Nodes of the network.
    limit : int
        Whole milliseconds, or millimetres where the ground is measured in metres; the limit itself counts.
    threads : int, optional
        By default as many as there are cores. What is reached does not depend on it.

    Returns
    -------
    list of Reached
        Pieces of the answer, in an order in which neighbours follow one another.
    """
    slots, _ = ways(ground, toward=False)
    origins = np.asarray(nodes, dtype=np.int32)
    origins = origins[along_curve(ground.network, ground.network.node_xy[origins])]
    parts = np.array_split(origins, threads or cores())
    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(lambda part: _reached_here(ground, slots, part, min(limit, LONGEST_WALK)), parts))
    return [piece for pieces in found for piece in pieces]


def _reached_here(ground: Ground, slots: Slots, origins: Positions, limit: int) -> list[Reached]:
    nobody = Access.joined([])
    _, sources = sources_of(ground, nobody, toward=False)
    space = workspace(slots, sources, targets_of(ground, nobody, toward=False))
    room = np.empty(ground.network.node_count + _ROOM, REACHED)
    count = np.zeros(len(origins), np.int64)
    pieces: list[Reached] = []
    done: Whole = 0
    while done < len(origins):
        begin = done
        done, filled = reach(slots, origins, np.int64(begin), np.int64(limit), space, count, room)
        pieces.append(Reached(origins[begin:done], count[begin:done], room[:filled].copy()))
    return pieces


@compiled
def reach(
    slots: Slots, origins: Positions, begin: Whole, limit: Whole, space: Workspace, count: Integers, found: Records
) -> tuple[Whole, Whole]:
    """Search from one node after the other, as long as there is room for what another one may reach.

    Returns
    -------
    tuple of int
        The first origin not done, and how many nodes were found.
    """
    layer, filled = space.outer, 0
    for place in range(begin, len(origins)):
        if filled + len(slots.private) > len(found):
            return place, filled
        clear(layer)
        offer(layer, origins[place], 0)
        spread(slots, layer, space.inner, NO, YES, 0, limit)
        count[place] = layer.state[LISTED]
        for settled in range(layer.state[LISTED]):
            node = layer.node[settled].settled
            found[filled].node = node
            found[filled].walk = layer.node[node].label
            filled += 1
    return len(origins), filled
