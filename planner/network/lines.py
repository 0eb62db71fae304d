"""Ways, cleaned: every line has at least two vertices, all of them located, no two in a row the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.network.tags import CARRIAGEWAYS, Crossing, WayClass
from planner.network.ways import Ways


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines over numbered vertices; the arrays of one line stand together.

    Parameters
    ----------
    vertex, line : arrays of int64, shape (places,)
        Vertex and line at each place. Vertices are numbered in the order of their ids.
    lon, lat : arrays of float64, shape (places,)
    vertex_id : array of int64, shape (vertices,)
    key : array of int64, shape (lines,)
        Position in `classes`.
    classes : tuple of WayClass
        Sorted; steps and slopes lead up or do not say: those that lead down were turned round.
    """

    vertex: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    vertex_id: npt.NDArray[np.int64]
    key: npt.NDArray[np.int64]
    classes: tuple[WayClass, ...]

    def of_class(self, holds: list[bool]) -> npt.NDArray[np.bool_]:
        """Whether each line belongs to a class for which `holds` is true."""
        return np.array(holds, dtype=bool)[self.key]

    def are(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether each vertex has one of these ids; there are few of them, and the vertices are sorted."""
        found = np.zeros(len(self.vertex_id), dtype=bool)
        place = np.searchsorted(self.vertex_id, ids)
        there = place < len(found)
        there[there] = self.vertex_id[place[there]] == ids[there]
        found[place[there]] = True
        return found

    @property
    def crossing(self) -> npt.NDArray[np.int64]:
        """How each line crosses a street: the value of a `Crossing`."""
        return np.array([each.crossing for each in self.classes], dtype=np.int64)[self.key]

    @property
    def on_carriageway(self) -> npt.NDArray[np.bool_]:
        """Whether each line is a street with vehicles on it."""
        return self.of_class(
            [each.kind in CARRIAGEWAYS and each.crossing == Crossing.NONE.value for each in self.classes]
        )

    @property
    def led_up(self) -> npt.NDArray[np.bool_]:
        """Whether each line is said to lead up."""
        return self.of_class([each.leads_up for each in self.classes])


def lines_of(ways: Ways) -> Lines:
    """Clean the ways: cut them where a vertex has no position, drop repeated vertices and what is then too short."""
    way = np.repeat(np.arange(len(ways)), np.diff(ways.first))
    located = np.isfinite(ways.lon) & np.isfinite(ways.lat)
    gap = np.cumsum(~located, dtype=np.int64)
    place = np.flatnonzero(located)
    line = _numbered(way[place], gap[place])
    repeated = np.zeros(len(place), dtype=bool)
    repeated[1:] = (line[1:] == line[:-1]) & (ways.vertex_id[place[1:]] == ways.vertex_id[place[:-1]])
    place, line = place[~repeated], line[~repeated]
    long_enough = np.bincount(line, minlength=1)[line] > 1 if len(line) else np.empty(0, dtype=bool)
    place = _upward(ways, place[long_enough], line[long_enough])
    line = _numbered(line[long_enough])
    ids, vertex = np.unique(ways.vertex_id[place], return_inverse=True)
    classes, key = _turned_classes(ways.classes)
    of_line = way[place[np.diff(line, prepend=-1) != 0]]
    return Lines(vertex, line, ways.lon[place], ways.lat[place], ids, key[ways.way_class[of_line]], classes)


def _numbered(*keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the number of the run of equal keys that each place is in, from 0."""
    changes = np.zeros(len(keys[0]), dtype=bool)
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.cumsum(changes)


def _upward(ways: Ways, place: npt.NDArray[np.int64], line: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the places with the vertices of ways that lead down in reverse order."""
    down = np.array([each.leads_down for each in ways.classes], dtype=bool)
    if not down.any():
        return place
    way = np.searchsorted(ways.first, place, side="right") - 1
    within = np.arange(len(place))
    turned = down[ways.way_class[way]]
    return place[np.lexsort((np.where(turned, -within, within), line))]


def _turned_classes(classes: tuple[WayClass, ...]) -> tuple[tuple[WayClass, ...], npt.NDArray[np.int64]]:
    """Return the classes sorted, those that lead down among those that lead up, and where each old one stands there."""
    turned = [each.upward for each in classes]
    ordered = tuple(sorted(set(turned), key=_by_name_and_slope))
    place = {each: number for number, each in enumerate(ordered)}
    return ordered, np.array([place[each] for each in turned], dtype=np.int64)


def _by_name_and_slope(way: WayClass) -> tuple[object, ...]:
    """Return what sorts classes: no slope comes before every slope."""
    return (*way._replace(incline=way.incline or 0.0), way.incline is not None)
