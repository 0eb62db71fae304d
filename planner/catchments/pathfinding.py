"""The way that each of some walks takes: the best of those that lead on from where its origin gets onto the paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
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

    All accesses of a point lie in one area: a point has several only where it walks through gates to public ways.
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

    def at(self, point: int) -> range:
        """Return the accesses of a point."""
        return range(self.first[point], self.first[point + 1])


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
        goals = goal.tolist()
        for rows in self._with_one_tree(goals):
            tree = self._tree(rows, goals[rows[0]])
            for row in rows:
                best = min([*self._over_nodes(tree, row), *self._along_edges(row, goals[row])], default=None)
                found[row] = best and self._walked(best, tree, goals[row])
        for row, ms in self._straight(goal):
            other = found[row]
            if other is None or ms <= other.ms:
                found[row] = Way(ms)
        return found

    def _with_one_tree(self, goals: list[int]) -> Iterable[list[int]]:
        """Return the rows that lead from the same area to the same place."""
        groups = defaultdict(list)
        for row, goal in enumerate(goals):
            doors, out = self.into.at(goal), self.out.at(row)
            if doors and out:
                place = tuple((self.into.edge[k], self.into.fraction[k], self.into.off_path[k]) for k in doors)
                groups[self.out.area[out[0]], place].append(row)
        return groups.values()

    def _tree(self, rows: list[int], goal: int) -> Tree:
        out, into, piece = self.out, self.into, self.ground.piece
        entrances = [(into.node[side][k], into.walk[side][k]) for k in into.at(goal) for side in (_START, _END)]
        near = {piece[node] for node, _ in entrances}
        begins = {out.node[side][k] for row in rows for k in out.at(row) for side in (_START, _END)}
        own, last = out.area[out.first[rows[0]]], into.area[into.first[goal]]
        return self.web.tree(entrances, own, last, {node for node in begins if piece[node] in near})

    def _over_nodes(self, tree: Tree, row: int) -> Iterator[_Option]:
        for leave in self.out.at(row):
            for side in (_START, _END):
                state = self.web.best_state(tree, self.out.node[side][leave])
                if state is not None:
                    yield _Option(self.out.walk[side][leave] + tree[state].ms, leave, side, state)

    def _along_edges(self, row: int, goal: int) -> Iterator[_Option]:
        for leave in self.out.at(row):
            for arrive in self.into.at(goal):
                if self.into.edge[arrive] == self.out.edge[leave]:
                    yield _Option(self._along(leave, arrive), leave, _ALONG, arrive)

    def _along(self, leave: int, arrive: int) -> int:
        """Return the walk straight along an edge, forward or backward: whichever of the two is none is negative."""
        edge = self.out.edge[leave]
        forward = self.into.walk[_START][arrive] + self.out.walk[_END][leave] - int(self.ground.ms[edge])
        backward = self.into.walk[_END][arrive] + self.out.walk[_START][leave] - int(self.ground.ms_back[edge])
        return max(forward, backward)

    def _walked(self, option: _Option, tree: Tree, goal: int) -> Way:
        ms, leave, side, onward = option
        edge, begin = self.out.edge[leave], self.out.fraction[leave]
        if side == _ALONG:
            end = self.into.fraction[onward]
            between = ms - self.out.off_path[leave] - self.into.off_path[onward]
            return Way(ms, leave, onward, (Leg(edge, begin, end, between, end >= begin),))
        first = Leg(edge, begin, float(side), self.out.walk[side][leave] - self.out.off_path[leave], side == _END)
        between_nodes, number = self._followed(tree, onward)
        arrive, side = self.into.first[goal] + number // 2, number % 2
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
