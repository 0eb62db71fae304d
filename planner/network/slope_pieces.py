"""The pieces of paths that have a slope each, and what decides where their slope comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.network.contraction import Edges
from planner.network.lines import Lines

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class EdgeClasses:
    """What slopes want to know about the class of each edge, shape (edges,).

    Parameters
    ----------
    incline : array of float64
        As tagged, in the direction of the edge; NaN where no number says.
    off_ground : array of bool
        Bridges and tunnels.
    without_slope : array of bool
        Steps and lifts.
    unknown_steps : array of bool
        Steps that nobody says whether they lead up or down.
    """

    incline: Floats
    off_ground: Flags
    without_slope: Flags
    unknown_steps: Flags

    @classmethod
    def of(cls, lines: Lines, edges: Edges) -> EdgeClasses:
        """Look at the class of every edge."""
        key = lines.key[edges.line]
        tagged = [np.nan if each.incline is None else each.incline for each in lines.classes]
        incline = np.array(tagged, dtype=np.float64)[key]

        def whether(holds: list[bool]) -> Flags:
            return np.array(holds, dtype=bool)[key]

        return cls(
            np.where(edges.forward, incline, -incline),
            whether([each.off_ground for each in lines.classes]),
            whether([each.stairs != 0 or each.kind == "elevator" for each in lines.classes]),
            whether([each.stairs == 2 for each in lines.classes]),
        )


class SlopePieces(NamedTuple):
    """Pieces of segments with a slope each; the pieces of one segment are equally long.

    Parameters
    ----------
    edge, place : arrays of int64, shape (pieces,)
        The edge, and the place in `Edges.position` where the segment begins.
    slope : array of float64, shape (pieces,)
        In the direction of the edge; NaN where the heights have a gap.
    """

    edge: Integers
    place: Integers
    slope: Floats

    def and_also(self, other: SlopePieces) -> SlopePieces:
        """Return the pieces of both."""
        return SlopePieces(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))

    def known(self, edges: int) -> Flags:
        """Whether each edge has pieces, and a slope for all of them."""
        gaps = np.bincount(self.edge[np.isnan(self.slope)], minlength=edges)
        return np.asarray((np.bincount(self.edge, minlength=edges) > 0) & (gaps == 0))


def even_pieces(edges: Edges, slope: Floats) -> SlopePieces:
    """Return the segments of the edges that have one slope from end to end."""
    edge, place = segments_on(edges, np.isfinite(slope))
    return SlopePieces(edge, place, slope[edge])


def segments_on(edges: Edges, chosen: Flags) -> tuple[Integers, Integers]:
    """Return the segments of some edges: the edge of each, and the place where it begins."""
    edge = np.repeat(np.arange(len(edges.first) - 1), np.diff(edges.first))
    last = np.zeros(len(edge), dtype=bool)
    last[edges.first[1:] - 1] = True
    place = np.flatnonzero(chosen[edge] & ~last)
    return edge[place], place
