"""Round a barrier: the nearest place on a path that no water, railway or wall hides from a point.

Paths are looked at in straight pieces of at most `PIECE_M`. What counts is the nearest place of each piece: where that
is hidden, the piece is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from planner.network.obstacles import Bools, Floats, Ints, Obstacles
from planner.network.segments import segments_of
from planner.network.walk_network import WalkNetwork

#: Longest piece of a path that is hidden or seen as a whole: shorter than the front of a house.
PIECE_M = 10.0

#: First look this much further than the nearest path.
_FURTHER_M = 20.0

#: Nearest pieces of a point that are looked at first.
_AT_ONCE = 4

#: Barriers this near to a point are looked at first.
_AT_HAND_M = 40.0

#: Points looked at together: bounds the memory.
_TOGETHER = 1024

#: Bins are looked at this much further, for they round.
_DOUBT_M = 0.01


class Places(NamedTuple):
    """For each point a place on a path: edge (-1 where there is none), fraction along it and distance."""

    edge: npt.NDArray[np.integer]
    fraction: Floats
    off_path_m: Floats


def places_in_sight(
    network: WalkNetwork, xy: Floats, wanted: Bools, max_m: float, obstacles: Obstacles, doorway_m: float, near: Places
) -> Places:
    """Replace the nearest places that are hidden by the nearest ones that are not.

    Parameters
    ----------
    network : WalkNetwork
    xy : array of float64, shape (points, 2)
    wanted : array of bool, shape (edges,)
    max_m : float
        The limit itself counts.
    obstacles : Obstacles
    doorway_m : float
        Walls crossed this near to a point do not bar.
    near : Places
        The nearest place of each point, hidden or not.
    """
    hidden = _hidden(network, xy, obstacles, doorway_m, near)
    edge, fraction, off_path_m = near.edge.copy(), near.fraction.copy(), near.off_path_m.copy()
    for part in np.array_split(hidden, -(-len(hidden) // _TOGETHER) or 1):
        search = _Search(network, xy[part], wanted, obstacles, doorway_m)
        edge[part], fraction[part], off_path_m[part] = search.nearest(near.off_path_m[part], max_m)
    return Places(edge, fraction, off_path_m)


def _hidden(network: WalkNetwork, xy: Floats, obstacles: Obstacles, doorway_m: float, near: Places) -> Ints:
    """Return the positions of the points whose place is hidden."""
    snapped = np.flatnonzero(near.edge >= 0)
    close = snapped[obstacles.around(xy[snapped], near.off_path_m[snapped])]
    places = xy_of(network, Places(near.edge[close], near.fraction[close], near.off_path_m[close]))
    standing = obstacles.waters_around(xy[close])
    return close[_any(obstacles.kinds_between(xy[close], places, standing, doorway_m))]


def _any(between: Bools) -> Bools:
    return np.logical_or.reduce(between, axis=1)


def xy_of(network: WalkNetwork, places: Places) -> Floats:
    """Return where places on paths lie."""
    return shapely.get_coordinates(
        shapely.line_interpolate_point(network.lines[places.edge], places.fraction, normalized=True)
    )


class _Candidates(NamedTuple):
    """Nearest places of pieces, sorted by point and distance: point, segment, where on it, squared distance."""

    point: Ints
    segment: Ints
    along: Floats
    square: Floats

    def only(self, chosen: npt.NDArray[Any]) -> _Candidates:
        """Return some of them, chosen by a mask or by position."""
        return _Candidates(*(values[chosen] for values in self))


class _Search:
    """Looks around some points, further and further."""

    def __init__(self, network: WalkNetwork, xy: Floats, wanted: Bools, obstacles: Obstacles, doorway_m: float) -> None:
        self.segments = segments_of(network)
        self.xy, self.wanted, self.obstacles, self.doorway_m = xy, wanted, obstacles, doorway_m
        self.local = xy - self.segments.corner[:2]
        self.standing = obstacles.waters_around(xy)

    def nearest(self, nearest_m: Floats, max_m: float) -> Places:
        """Return for each point the nearest place in sight; edge -1 where there is none up to `max_m`."""
        found = Places(np.full(len(self.xy), -1), np.zeros(len(self.xy)), np.zeros(len(self.xy)))
        left, searched_m = np.arange(len(self.xy)), np.full(len(self.xy), -1.0)
        reach_m = np.minimum(1.5 * nearest_m + _FURTHER_M, max_m)
        while len(left):
            seen = self._first_in_sight(self._candidates(left, searched_m[left], reach_m[left]))
            share = self.segments.before[seen.segment] + seen.along * self.segments.length[seen.segment]
            found.edge[seen.point] = self.segments.edge[seen.segment]
            found.fraction[seen.point] = np.minimum(share, 1.0)
            found.off_path_m[seen.point] = np.minimum(np.sqrt(seen.square), max_m)
            left = left[(found.edge[left] < 0) & (reach_m[left] < max_m)]
            searched_m, reach_m = reach_m, np.minimum(2 * reach_m, max_m)
        return found

    def _candidates(self, points: Ints, searched_m: Floats, reach_m: Floats) -> _Candidates:
        """Return the pieces of wanted paths further than searched, and no further than reach."""
        at, segment = self._segments_around(points, reach_m)
        near = self._beside(segment, self.local[points[at]])[0] <= reach_m[at] ** 2
        at, segment = at[near], segment[near]
        ends = self.segments.ends[segment]
        parts = np.maximum(np.ceil(np.hypot(*(ends[:, 2:] - ends[:, :2]).T) / PIECE_M), 1).astype(np.intp)
        whole, number = _each(parts)
        at, segment, parts = at[whole], segment[whole], parts[whole]
        square, along = self._beside(segment, self.local[points[at]], number / parts, (number + 1) / parts)
        further = (searched_m[at] < 0) | (square > searched_m[at] ** 2)
        found = _Candidates(points[at], segment, along, square).only(further & (square <= reach_m[at] ** 2))
        return found.only(np.lexsort((found.along, found.segment, found.square, found.point)))

    def _segments_around(self, points: Ints, reach_m: Floats) -> tuple[Ints, Ints]:
        """Return the segments of wanted edges in the bins around each point, once: position of the point, segment."""
        side, last = self.segments.corner[2], self.segments.size - 1
        low, high = (
            np.clip(np.floor((self.local[points] + step[:, None]) / side).astype(np.intp), 0, last)
            for step in (-reach_m - _DOUBT_M, reach_m + _DOUBT_M)
        )
        columns, rows = (high - low + 1).T
        at, place = _each(columns * rows)
        place = (low[at, 1] + place // columns[at]) * self.segments.size[0] + low[at, 0] + place % columns[at]
        in_bin, number = _each(np.diff(self.segments.first)[place])
        segment = self.segments.inside[self.segments.first[place[in_bin]] + number].astype(np.intp)
        wanted = self.wanted[self.segments.edge[segment]]
        count = len(self.segments.edge)
        at, segment = np.divmod(np.unique(at[in_bin][wanted] * count + segment[wanted]), count)
        return at, segment

    def _beside(
        self, segment: Ints, xy: Floats, low: Floats | float = 0.0, high: Floats | float = 1.0
    ) -> tuple[Floats, Floats]:
        """Return the squared distances to parts of segments, and where on the segments the nearest places are."""
        ends = self.segments.ends[segment]
        begin, way = ends[:, :2], ends[:, 2:] - ends[:, :2]
        length = (way**2).sum(axis=1)
        along = np.divide(((xy - begin) * way).sum(axis=1), length, out=np.zeros_like(length), where=length > 0)
        along = np.clip(along, low, high)
        return ((begin + along[:, None] * way - xy) ** 2).sum(axis=1), along

    def _first_in_sight(self, candidates: _Candidates) -> _Candidates:
        """Return the nearest candidate of each point that is not hidden: few are looked at, more where all are."""
        seen = [candidates.only(np.zeros(0, np.intp))]
        at_once = _AT_ONCE
        while len(candidates.point):
            nearer = np.arange(len(candidates.point)) - np.searchsorted(candidates.point, candidates.point)
            now = candidates.only(nearer < at_once)
            free = now.only(~self._hides(now))
            seen.append(free.only(np.unique(free.point, return_index=True)[1]))
            candidates = candidates.only((nearer >= at_once) & ~np.isin(candidates.point, free.point))
            at_once *= 4
        return _Candidates(*(np.concatenate(values) for values in zip(*seen, strict=True)))

    def _hides(self, candidates: _Candidates) -> Bools:
        """Whether barriers hide candidates; what hides one mostly stands near the point, so that is looked at first."""
        ends = self.segments.ends[candidates.segment]
        places = ends[:, :2] + candidates.along[:, None] * (ends[:, 2:] - ends[:, :2]) + self.segments.corner[:2]
        begin, distance = self.xy[candidates.point], np.sqrt(candidates.square)
        hides = distance > _AT_HAND_M
        share = _AT_HAND_M / distance[hides]
        far = np.flatnonzero(hides)
        hides[far] = self._barred(candidates.point[far], begin[far] + share[:, None] * (places - begin)[far])
        rest = np.flatnonzero(~hides)
        hides[rest] = self._barred(candidates.point[rest], places[rest])
        return hides

    def _barred(self, point: Ints, places: Floats) -> Bools:
        return _any(self.obstacles.kinds_between(self.xy[point], places, self.standing[point], self.doorway_m))


def _each(counts: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
    """Return for `counts[k]` things of each k: k, and the thing's number."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
