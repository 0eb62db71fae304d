"""The shortest walks to one destination as a tree: from each node the way that is walked next.

The same walks as the engine's, found once more in plain Python, for it is asked for few of them and has to remember.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import NamedTuple

from planner.catchments.ground import Ground
from planner.catchments.search import ways


class Step(NamedTuple):
    """What is left of the walk from a state, and how it goes on.

    Parameters
    ----------
    ms : int
        From here to the destination.
    slot : int
        The way walked next; -1 where the destination is entered from here.
    onward : int
        The state that it leads to; for -1 the number of the entrance.
    """

    ms: int
    slot: int
    onward: int


#: A node as it is before the walk has entered the destination's private area, and as `~node` inside of it.
Tree = dict[int, Step]


class WayOut(NamedTuple):
    """A way out of a node, followed backward."""

    head: int
    ms: int
    area: int
    slot: int


class Web:
    """The ways of a ground, followed backward; those of each node as a list once it is visited."""

    def __init__(self, ground: Ground) -> None:
        self.slots, _ = ways(ground, toward=True)
        self._out: dict[int, list[WayOut]] = {}

    def tree(self, entrances: list[tuple[int, int]], own: int, last: int, wanted: set[int]) -> Tree:
        """Return the shortest walks to a destination, up to the furthest of some nodes.

        A walk uses public ways and those of its own area; those of the destination's area it does not leave again,
        and enters them only where the node is not barred.

        Parameters
        ----------
        entrances : list of (node, ms)
            Where the destination is entered, and the walk from there.
        own, last : int
            Area where the walks begin, and that of the destination; 0 for public ways.
        wanted : set of int
            Nodes where walks begin.
        """
        inside, barred = last not in (0, own), self.slots.barred
        heap = [(ms, ~node if inside else node, -1, number) for number, (node, ms) in enumerate(entrances)]
        heapify(heap)
        missing = set(wanted)
        tree: Tree = {}
        while heap and missing:
            ms, state, slot, onward = heappop(heap)
            node = state if state >= 0 else ~state
            resident = state < 0 and barred[node]
            if state in tree or (state >= 0 and ~state in tree and not barred[node]):
                continue
            tree[state] = Step(ms, slot, onward)
            if not resident:
                missing.discard(node)
            for head, way_ms, area, way in self._out.get(node) or self._ways_out(node):
                if resident and area != last:
                    continue
                if area != 0 and area != own:
                    if state >= 0 or area != last:
                        continue
                    head = ~head
                if head not in tree:
                    heappush(heap, (ms + way_ms, head, way, state))
        return tree

    def _ways_out(self, node: int) -> list[WayOut]:
        there = slice(self.slots.first[node], self.slots.first[node + 1])
        columns = (self.slots.way[name][there] for name in ("head", "ms", "area"))
        self._out[node] = [
            WayOut(*way)
            for way in zip(*(column.tolist() for column in columns), range(there.start, there.stop), strict=True)
        ]
        return self._out[node]

    def best_state(self, tree: Tree, node: int) -> int | None:
        """Return how a walk goes on from a node: into the destination's area only where that is allowed and shorter."""
        states = (node,) if self.slots.barred[node] else (node, ~node)
        known = [state for state in states if state in tree]
        return min(known, key=lambda state: tree[state].ms, default=None)
