"""Crossings as half waits on the edges that lead to the middle of the street.

Every crossing is one full wait: half of it on the way to the middle of the street, half on the way from there to the
other kerb. Whoever walks along the carriageway through the same node waits for nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.contraction import Pieces
from planner.network.lines import Lines
from planner.network.tags import CARRIAGEWAYS, Crossing
from planner.network.ways import Ways

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class CrossingVertices(NamedTuple):
    """What every vertex is to somebody who crosses: shape (vertices,)."""

    signalled: Flags
    tagged: Flags
    on_carriageway: Flags

    def __len__(self) -> int:
        return len(self.tagged)


class Halves(NamedTuple):
    """Half crossings on each piece."""

    signalled: Counts
    plain: Counts


def crossing_vertices(lines: Lines, ways: Ways) -> CrossingVertices:
    """Return where the streets are crossed."""
    signalled = lines.are(ways.signal_id)
    on_carriageway = np.zeros(len(lines.vertex_id), dtype=bool)
    on_carriageway[lines.vertex[lines.on_carriageway[lines.line]]] = True
    return CrossingVertices(signalled, signalled | lines.are(ways.crossing_id), on_carriageway)


def cut_by_crossings(lines: Lines, at: CrossingVertices) -> Flags:
    """Whether a crossing has its middle at each vertex: there the edges must end."""
    crossed = np.zeros(len(at), dtype=bool)
    crossed[lines.vertex[lines.crossing[lines.line] > 0]] = True
    return at.tagged & crossed


def half_crossings(lines: Lines, pieces: Pieces, at: CrossingVertices) -> Halves:
    """Count the half crossings on each piece.

    A piece of a crossing way has a half at each of its ends that is the middle of a crossing: a node that is tagged as
    one or, where the way has none, a node it shares with a carriageway. A crossing way with neither has both halves on
    itself. A footway that is not tagged as a crossing but meets a carriageway at a tagged node crosses there too.
    """
    line = lines.line[pieces.tail]
    by_way = lines.crossing[line]
    has_tagged = _any_on_line(lines, at.tagged)
    has_junction = _any_on_line(lines, at.on_carriageway)
    middle = np.where(has_tagged[lines.line], at.tagged[lines.vertex], at.on_carriageway[lines.vertex])
    footway = lines.of_class([each.kind not in CARRIAGEWAYS for each in lines.classes])[line]
    meets = at.tagged & at.on_carriageway
    signalled, plain = np.zeros(len(line), dtype=np.int64), np.zeros(len(line), dtype=np.int64)
    for place in (pieces.tail, pieces.head):
        vertex = lines.vertex[place]
        waits = np.where(by_way > 0, middle[place], footway & meets[vertex])
        lights = (by_way == Crossing.SIGNALLED.value) | at.signalled[vertex]
        signalled += waits & lights
        plain += waits & ~lights
    alone = (by_way > 0) & ~(has_tagged | has_junction)[line]
    outer = (np.diff(line, prepend=-1) != 0).astype(np.int64) + (np.diff(line, append=-1) != 0)
    signalled += outer * (alone & (by_way == Crossing.SIGNALLED.value))
    plain += outer * (alone & (by_way == Crossing.PLAIN.value))
    return Halves(signalled, plain)


def _any_on_line(lines: Lines, at_vertex: Flags) -> Flags:
    return np.bincount(lines.line, weights=at_vertex[lines.vertex], minlength=len(lines.key)) > 0
