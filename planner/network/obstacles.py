"""What hides one place from another: barriers as straight pieces in a tree.

A straight line is barred where it meets a piece, unless that is within a centimetre of its ends: a home may stand at a
wall, and a path may run along a shore. Who stands in water may leave it once.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from planner.model import BARRIER_KINDS, Barriers

if TYPE_CHECKING:
    from planner.network.seeing import Barring
    from planner.network.segments import Segments

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Shapes = npt.NDArray[np.object_]

#: Ends of a line that are not looked at: more than the rounding of coordinates, less than the width of a wall.
_TRIMMED_M = 0.01

#: Crossings of one shore nearer to each other than this are one.
_ONE_PLACE_M = 0.001

_WALL = BARRIER_KINDS.index("wall")


class Obstacles:
    """Barriers, ready to be asked what they hide."""

    def __init__(self, barriers: Barriers, crs: CRS) -> None:
        table = barriers.table if barriers.table.crs == crs else barriers.table.to_crs(crs)
        shapes = shapely.make_valid(table.geometry.to_numpy())
        kind = np.array([BARRIER_KINDS.index(name) for name in table["kind"]], dtype=np.intp)
        is_water = (kind == BARRIER_KINDS.index("water")) & (shapely.get_dimensions(shapes) == 2)
        self._waters = shapely.get_parts(shapely.union_all(shapes[is_water]))
        self._waters = self._waters[shapely.get_dimensions(self._waters) == 2]
        lines = np.concatenate([self._waters, shapes[~is_water]])
        line_kind = np.concatenate([np.zeros(len(self._waters), np.intp), kind[~is_water]])
        water = np.concatenate([np.arange(len(self._waters)), np.full((~is_water).sum(), -1)])
        self._begin, self._end, owner = _straight_pieces(lines)
        self._kind, self._water = line_kind[owner], water[owner]
        self._tree = shapely.STRtree(_lines(self._begin, self._end))

    @cached_property
    def _pieces(self) -> Segments:
        """The straight pieces of all barriers, in bins."""
        from planner.network.segments import loose_segments

        return loose_segments(self._begin, self._end)

    def __len__(self) -> int:
        return len(self._begin)

    def barring(self, doorway_m: float) -> Barring:
        """Return what hides, as `planner.network.seeing` takes it."""
        from planner.network.seeing import Barring

        return Barring(self._pieces, self._kind == _WALL, self._water.astype(np.int64), doorway_m)

    def around(self, xy: Floats, reach_m: Floats) -> Ints:
        """Return the positions of the points that have a barrier within reach, or little further."""
        boxes = shapely.box(*(xy - reach_m[:, None]).T, *(xy + reach_m[:, None]).T)
        return np.unique(self._tree.query(boxes)[0])

    def waters_around(self, xy: Floats) -> Ints:
        """Return the number of the water that each point stands in; -1 on dry land."""
        standing = np.full(len(xy), -1, dtype=np.intp)
        water, point = shapely.STRtree(shapely.points(xy)).query(self._waters, predicate="contains")
        standing[point] = water
        return standing

    def kinds_between(self, begin: Floats, end: Floats, standing: Ints, doorway_m: float = 0.0) -> Bools:
        """Return which kinds of barriers lie between places: shape (links, kinds).

        Parameters
        ----------
        begin, end : arrays of float64, shape (links, 2)
        standing : array of intp, shape (links,)
            The water that the link begins in: leaving it once is free.
        doorway_m : float
            Walls that are crossed this near to the beginning do not bar: a gate stands there.
        """
        between = np.zeros((len(begin), len(BARRIER_KINDS)), dtype=np.bool_)
        trimmed = _trimmed(begin, end)
        whole = np.hypot(*(end - begin).T) > 2 * _TRIMMED_M
        link, piece = self._tree.query(np.where(whole, _lines(*trimmed), shapely.LineString()))
        link, piece, met = self._met(*trimmed, link, piece)
        barred = ~self._leaving(link, piece, met, standing)
        if doorway_m > 0:
            barred &= (self._kind[piece] != _WALL) | (np.hypot(*(met - begin[link]).T) > doorway_m)
        between[link[barred], self._kind[piece[barred]]] = True
        return between

    def _met(self, begin: Floats, end: Floats, link: Ints, piece: Ints) -> tuple[Ints, Ints, Floats]:
        """Return those links and pieces whose boxes meet that meet themselves, and where.

        Two straight lines meet where the ends of each lie on different sides of the other, or upon it.
        """
        way, along = (end - begin)[link], (self._end - self._begin)[piece]
        to_begin, to_end = self._begin[piece] - begin[link], self._begin[piece] - end[link]
        before, after = _cross(along, to_begin), _cross(along, to_end)
        one, other = _cross(way, to_begin), _cross(way, to_begin + along)
        meets = (before * after <= 0) & (one * other <= 0)
        before, after = before[meets], after[meets]
        share = np.divide(before, before - after, out=np.zeros_like(before), where=before != after)
        return link[meets], piece[meets], begin[link[meets]] + share[:, None] * way[meets]

    def _leaving(self, link: Ints, piece: Ints, met: Floats, standing: Ints) -> Bools:
        """Whether each crossing is the only one of its link with the shore of the water that it begins in."""
        leaving = (self._water[piece] >= 0) & (self._water[piece] == standing[link])
        own = np.flatnonzero(leaving)
        if len(own):
            places = np.column_stack([link[own], np.rint(met[own] / _ONE_PLACE_M)])
            crossings = np.unique(places, axis=0)[:, 0].astype(np.intp)
            leaving[own] = np.bincount(crossings, minlength=len(standing))[link[own]] == 1
        return leaving


_known: WeakKeyDictionary[Barriers, dict[str, Obstacles]] = WeakKeyDictionary()


def obstacles_of(barriers: Barriers, crs: CRS) -> Obstacles:
    """Return the barriers as obstacles in a network's system, made once."""
    systems = _known.setdefault(barriers, {})
    name = crs.to_wkt()
    if name not in systems:
        systems[name] = Obstacles(barriers, crs)
    return systems[name]


def _straight_pieces(shapes: Shapes) -> tuple[Floats, Floats, Ints]:
    """Return both ends of the straight pieces of lines and outlines, and the position of the shape they belong to."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    rings, of_polygon = shapely.get_rings(parts, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    owner = np.concatenate([owner[of_polygon], owner[is_line]])
    xy, line = shapely.get_coordinates(np.concatenate([rings, parts[is_line]]), return_index=True)
    begin = np.flatnonzero(line[:-1] == line[1:])
    return xy[begin], xy[begin + 1], owner[line[begin]].astype(np.intp)


def _trimmed(begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the links once their very ends are cut off."""
    length = np.hypot(*(end - begin).T)
    cut = np.divide(_TRIMMED_M, length, out=np.full_like(length, 0.5), where=length > 2 * _TRIMMED_M)[:, None]
    return begin + cut * (end - begin), end - cut * (end - begin)


def _lines(begin: Floats, end: Floats) -> Shapes:
    return shapely.linestrings(np.stack([begin, end], axis=1))


def _cross(one: Floats, other: Floats) -> Floats:
    return one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
