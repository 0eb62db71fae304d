"""Round a barrier: the nearest place on a path that no water, railway or wall hides from a point.

Paths are looked at in straight pieces of at most `PIECE_M`. What counts is the nearest place of each piece: where that
is hidden, the piece is.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely

from planner.network.obstacles import Bools, Floats, Ints, Obstacles
from planner.network.segments import Segments, segments_of
from planner.network.walk_network import WalkNetwork

#: Longest piece of a path that is hidden or seen as a whole: shorter than the front of a house.
PIECE_M = 10.0

#: First look this much further than the nearest path.
_FURTHER_M = 20.0

#: Nearest pieces of a point that are looked at first.
_AT_ONCE = 4

#: Points looked at together: bounds the memory.
_TOGETHER = 4096

#: A tree may round; the distance that decides is computed here.
_DOUBT_M = 1e-6


class Places(NamedTuple):
    """For each point a place on a path: edge (-1 where there is none), fraction along it and distance."""

    edge: npt.NDArray[np.integer]
    fraction: Floats
    off_path_m: Floats


class _Pieces(NamedTuple):
    """Short straight pieces of paths: the segment, where on it a piece begins and ends (0 to 1), and a tree."""

    segment: Ints
    begin: Floats
    end: Floats
    tree: shapely.STRtree


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
    """Nearest places of pieces, sorted by point and distance: point, piece, where on its segment, squared distance."""

    point: Ints
    piece: Ints
    along: Floats
    square: Floats

    def only(self, chosen: npt.NDArray[Any]) -> _Candidates:
        """Return some of them, chosen by a mask or by position."""
        return _Candidates(*(values[chosen] for values in self))


class _Search:
    """Looks around some points, further and further."""

    def __init__(self, network: WalkNetwork, xy: Floats, wanted: Bools, obstacles: Obstacles, doorway_m: float) -> None:
        self.segments, self.pieces = segments_of(network), _pieces_of(network)
        self.wanted = wanted[self.segments.edge[self.pieces.segment]]
        self.xy, self.obstacles, self.doorway_m = xy, obstacles, doorway_m
        self.local = xy - self.segments.corner[:2]
        self.standing = obstacles.waters_around(xy)

    def nearest(self, nearest_m: Floats, max_m: float) -> Places:
        """Return for each point the nearest place in sight; edge -1 where there is none up to `max_m`."""
        found = Places(np.full(len(self.xy), -1), np.zeros(len(self.xy)), np.zeros(len(self.xy)))
        left, searched_m = np.arange(len(self.xy)), np.full(len(self.xy), -1.0)
        reach_m = np.minimum(1.5 * nearest_m + _FURTHER_M, max_m)
        while len(left):
            seen = self._first_in_sight(self._candidates(left, searched_m[left], reach_m[left]))
            segment = self.pieces.segment[seen.piece]
            share = self.segments.before[segment] + seen.along * self.segments.length[segment]
            found.edge[seen.point] = self.segments.edge[segment]
            found.fraction[seen.point] = np.minimum(share, 1.0)
            found.off_path_m[seen.point] = np.minimum(np.sqrt(seen.square), max_m)
            left = left[(found.edge[left] < 0) & (reach_m[left] < max_m)]
            searched_m, reach_m = reach_m, np.minimum(2 * reach_m, max_m)
        return found

    def _candidates(self, points: Ints, searched_m: Floats, reach_m: Floats) -> _Candidates:
        """Return the pieces of wanted paths further than searched, and no further than reach."""
        places = shapely.points(self.local[points])
        at, piece = self.pieces.tree.query(places, predicate="dwithin", distance=reach_m + _DOUBT_M)
        kept = self.wanted[piece]
        at, piece = at[kept], piece[kept]
        square, along = self._on_pieces(piece, self.local[points[at]])
        found = _Candidates(points[at], piece, along, square)
        within = (square > np.where(searched_m < 0, -1.0, searched_m**2)[at]) & (square <= (reach_m**2)[at])
        found = found.only(within)
        return found.only(np.lexsort((found.piece, found.square, found.point)))

    def _on_pieces(self, piece: Ints, xy: Floats) -> tuple[Floats, Floats]:
        """Return the squared distances to pieces, and where on their segments the nearest places are."""
        ends = self.segments.ends[self.pieces.segment[piece]]
        begin, way = ends[:, :2], ends[:, 2:] - ends[:, :2]
        length = (way**2).sum(axis=1)
        along = np.divide(((xy - begin) * way).sum(axis=1), length, out=np.zeros_like(length), where=length > 0)
        along = np.clip(along, self.pieces.begin[piece], self.pieces.end[piece])
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
        ends = self.segments.ends[self.pieces.segment[candidates.piece]]
        places = ends[:, :2] + candidates.along[:, None] * (ends[:, 2:] - ends[:, :2]) + self.segments.corner[:2]
        point = candidates.point
        between = self.obstacles.kinds_between(self.xy[point], places, self.standing[point], self.doorway_m)
        return _any(between)


_known: WeakKeyDictionary[WalkNetwork, _Pieces] = WeakKeyDictionary()


def _pieces_of(network: WalkNetwork) -> _Pieces:
    """Return the network's paths in short pieces, cut once."""
    if network not in _known:
        _known[network] = _cut(segments_of(network))
    return _known[network]


def _cut(segments: Segments) -> _Pieces:
    begin, end = segments.ends[:, :2], segments.ends[:, 2:]
    parts = np.maximum(np.ceil(np.hypot(*(end - begin).T) / PIECE_M), 1).astype(np.intp)
    segment = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)
    low, high = number / parts[segment], (number + 1) / parts[segment]
    way = (end - begin)[segment]
    lines = np.stack([begin[segment] + low[:, None] * way, begin[segment] + high[:, None] * way], axis=1)
    return _Pieces(segment, low, high, shapely.STRtree(shapely.linestrings(lines)))
