"""The way that each of some walks takes: the best of those that lead on from where its origin gets onto the paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.catchments.entry import Entry
from planner.catchments.footsteps import Leg
from planner.catchments.ground import Ground
from planner.catchments.inner import straight_ms
from planner.catchments.tree import Tree, Web
from planner.network.snapping import Access

Positions = npt.NDArray[np.intp]

#: Leaving an edge at its start and at its end, and not leaving it at all.
_START, _END, _ALONG = 0, 1, 2


class Way(NamedTuple):
    """How a walk goes: by an access, over legs and by an access; both are -1 for a straight walk in a compound."""

    ms: int
    leave: int = -1
    arrive: int = -1
    legs: tuple[Leg, ...] = ()


class _Option(NamedTuple):
    """A way that is compared with others before its legs are known; `onward` is a state, or the access for `_ALONG`."""

    ms: int
    leave: int
    side: int
    onward: int


class _Doors(NamedTuple):
    """The accesses of some points as lists, each with the nodes at both ends of its edge and the walk to them.

    The accesses of a point may lie in several areas: past a scrap that is private it also gets onto public ways.
    """

    first: list[int]
    edge: list[int]
    fraction: list[float]
    area: list[int]
    off_path: list[int]
    node: tuple[list[int], list[int]]
    walk: tuple[list[int], list[int]]

    @classmethod
    def of(cls, ground: Ground, access: Access, count: int, *, leaving: bool) -> _Doors:
        network = ground.network
        to_start, to_end = ground.leaving(access) if leaving else ground.arriving(access)
        return cls(
            np.searchsorted(access.point, np.arange(count + 1)).tolist(),
            access.edge.tolist(),
            access.fraction.tolist(),
            network.private_area[access.edge].tolist(),
            ground.off_path_ms(access).tolist(),
            (network.start[access.edge].tolist(), network.end[access.edge].tolist()),
            (to_start.tolist(), to_end.tolist()),
        )

    def by_area(self, point: int) -> list[tuple[int, list[int]]]:
        """Return the areas that a point's accesses lie in, in order, and the accesses in each."""
        found = defaultdict(list)
        for access in range(self.first[point], self.first[point + 1]):
            found[self.area[access]].append(access)
        return sorted(found.items())


class _Journey(NamedTuple):
    """A row's walks from its accesses in one area to those of its destination in one area."""

    row: int
    leaves: list[int]
    arrives: list[int]


class Pathfinder:
    """Finds ways between points on a ground."""

    def __init__(self, ground: Ground, leaving: Entry, arriving: Entry) -> None:
        self.ground, self.leaving, self.arriving = ground, leaving, arriving
        self.web = Web(ground)
        self.out = _Doors.of(ground, leaving.access, len(leaving), leaving=True)
        self.into = _Doors.of(ground, arriving.access, len(arriving), leaving=False)

    def ways(self, goal: Positions) -> list[Way | None]:
        """Return the way of each origin to the destination at a position; None where nobody can walk."""
        found: list[Way | None] = [None] * len(goal)
        for own, last, journeys in self._with_one_tree(goal.tolist()):
            tree = self._tree(journeys, own, last)
            for journey in journeys:
                best = min([*self._over_nodes(tree, journey), *self._along_edges(journey)], default=None)
                other = found[journey.row]
                if best and (other is None or best.ms < other.ms):
                    found[journey.row] = self._walked(best, tree, journey.arrives)
        for row, ms in self._straight(goal):
            other = found[row]
            if other is None or ms <= other.ms:
                found[row] = Way(ms)
        return found

    def _with_one_tree(self, goals: list[int]) -> Iterator[tuple[int, int, list[_Journey]]]:
        """Return the journeys that lead from the same area to the same place, and the areas of both, in their order."""
        into, groups = self.into, defaultdict(list)
        for row, goal in enumerate(goals):
            for (own, leaves), (last, arrives) in product(self.out.by_area(row), into.by_area(goal)):
                place = tuple((into.edge[k], into.fraction[k], into.off_path[k]) for k in arrives)
                groups[own, last, place].append(_Journey(row, leaves, arrives))
        for own, last, place in sorted(groups):
            yield own, last, groups[own, last, place]

    def _tree(self, journeys: list[_Journey], own: int, last: int) -> Tree:
        out, into, piece = self.out, self.into, self.ground.piece
        entrances = [(into.node[side][k], into.walk[side][k]) for k in journeys[0].arrives for side in (_START, _END)]
        near = {piece[node] for node, _ in entrances}
        begins = {out.node[side][k] for journey in journeys for k in journey.leaves for side in (_START, _END)}
        return self.web.tree(entrances, own, last, {node for node in begins if piece[node] in near})

    def _over_nodes(self, tree: Tree, journey: _Journey) -> Iterator[_Option]:
        for leave, side in product(journey.leaves, (_START, _END)):
            state = self.web.best_state(tree, self.out.node[side][leave])
            if state is not None:
                yield _Option(self.out.walk[side][leave] + tree[state].ms, leave, side, state)

    def _along_edges(self, journey: _Journey) -> Iterator[_Option]:
        for leave, arrive in product(journey.leaves, journey.arrives):
            if self.into.edge[arrive] == self.out.edge[leave]:
                yield _Option(self._along(leave, arrive), leave, _ALONG, arrive)

    def _along(self, leave: int, arrive: int) -> int:
        """Return the walk straight along an edge, forward or backward: whichever of the two is none is negative."""
        edge = self.out.edge[leave]
        forward = self.into.walk[_START][arrive] + self.out.walk[_END][leave] - int(self.ground.ms[edge])
        backward = self.into.walk[_END][arrive] + self.out.walk[_START][leave] - int(self.ground.ms_back[edge])
        return max(forward, backward)

    def _walked(self, option: _Option, tree: Tree, arrives: list[int]) -> Way:
        ms, leave, side, onward = option
        edge, begin = self.out.edge[leave], self.out.fraction[leave]
        if side == _ALONG:
            end = self.into.fraction[onward]
            between = ms - self.out.off_path[leave] - self.into.off_path[onward]
            return Way(ms, leave, onward, (Leg(edge, begin, end, between, end >= begin),))
        first = Leg(edge, begin, float(side), self.out.walk[side][leave] - self.out.off_path[leave], side == _END)
        between_nodes, number = self._followed(tree, onward)
        arrive, side = arrives[number // 2], number % 2
        edge, end = self.into.edge[arrive], self.into.fraction[arrive]
        last = Leg(edge, float(side), end, self.into.walk[side][arrive] - self.into.off_path[arrive], side == _START)
        return Way(ms, leave, arrive, (first, *between_nodes, last))

    def _followed(self, tree: Tree, state: int) -> tuple[list[Leg], int]:
        """Return the whole edges walked from a state on, and the number of the entrance that they lead to."""
        slots, legs = self.web.slots, []
        _, slot, onward = tree[state]
        while slot >= 0:
            edge, forward = divmod(int(slots.side[slot]), 2)
            legs.append(Leg(edge, float(not forward), float(forward), int(slots.way["ms"][slot]), bool(forward)))
            _, slot, onward = tree[onward]
        return legs, onward

    def _straight(self, goal: Positions) -> Iterator[tuple[int, int]]:
        """Return the rows within one compound whose paths are unknown, and the straight walk of each."""
        inside, destined = self.leaving.straight, self.arriving.straight[goal]
        rows = np.flatnonzero([one is not None and one == other for one, other in zip(inside, destined, strict=True)])
        ms = straight_ms(self.ground, self.leaving.points.xy[rows], self.arriving.points.xy[goal[rows]])
        ms += self.leaving.points.building_ms[rows]
        return zip(rows.tolist(), ms.tolist(), strict=True)
