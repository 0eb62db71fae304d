"""What a walk is made of: legs along edges, and the walk off the path at both ends, in whole milliseconds by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from planner.catchments.gated import DETOUR_FACTOR
from planner.catchments.ground import Ground, Integers
from planner.network import WalkNetwork
from planner.network.snapping import Access

Floats = npt.NDArray[np.float64]


class Leg(NamedTuple):
    """A walk along an edge from one share of it to another; the larger share first where it leads backward."""

    edge: int
    begin: float
    end: float
    ms: int
    forward: bool


class Legs(NamedTuple):
    """The legs of several walks as columns."""

    walk: npt.NDArray[np.intp]
    edge: npt.NDArray[np.intp]
    share: Floats
    ms: Integers
    forward: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, walks: Sequence[Sequence[Leg]]) -> Legs:
        """Return the legs of each walk, one walk after the other."""
        legs = [leg for walk in walks for leg in walk]
        return cls(
            np.repeat(np.arange(len(walks)), [len(walk) for walk in walks]),
            np.array([leg.edge for leg in legs], dtype=np.intp),
            np.array([abs(leg.end - leg.begin) for leg in legs], dtype=np.float64),
            np.array([leg.ms for leg in legs], dtype=np.int64),
            np.array([leg.forward for leg in legs], dtype=np.bool_),
        )

    def length_m(self, network: WalkNetwork, count: int) -> Floats:
        """Return the metres of each walk."""
        metres = self.share * network.length_m[self.edge]
        return np.bincount(self.walk, metres, minlength=count).astype(np.float64)

    def by_kind(self, ground: Ground, count: int) -> tuple[Integers, Integers, Integers]:
        """Return the milliseconds of each walk on level paths, on steps and waiting at crossings.

        Waiting is what an edge takes beyond the walk along it; part of an edge takes its share of that.
        """
        network = ground.network
        stairs = network.stairs[self.edge]
        ahead, back = network.walk_ms(replace(ground.walker, signal_wait_s=0.0, crossing_wait_s=0.0))
        ahead, back = (back, ahead) if ground.backward else (ahead, back)
        dry = np.where(self.forward, ahead[self.edge], back[self.edge])
        whole = np.where(self.forward, ground.ms[self.edge], ground.ms_back[self.edge])
        waiting = np.rint(self.ms * ((whole - dry) / np.maximum(whole, 1))).astype(np.int64)
        walking = self.ms - waiting
        on_steps = stairs != 0
        return (
            self._sums(np.where(on_steps, 0, walking), count),
            self._sums(np.where(on_steps, walking, 0), count),
            self._sums(waiting, count),
        )

    def _sums(self, ms: Integers, count: int) -> Integers:
        return np.bincount(self.walk, ms, minlength=count).astype(np.int64)


class Doorway(NamedTuple):
    """One end of each of some walks: a point, perhaps a gate, and the walk from there to the paths.

    Parameters
    ----------
    xy, gate_xy : arrays of float64, shape (walks, 2)
        NaN where no gate is passed.
    ms, length_m : arrays, shape (walks,)
    inside_ms : array of int64, shape (walks,)
        The part of it between the point and the gate.
    """

    xy: Floats
    gate_xy: Floats
    ms: Integers
    inside_ms: Integers
    length_m: Floats

    @classmethod
    def of(cls, ground: Ground, xy: Floats, access: Access, chosen: npt.NDArray[np.intp], gate_xy: Floats) -> Doorway:
        """Return the ends of walks that go by the accesses chosen; -1 for walks that need none."""
        passed = np.append(access.gate, -1)[chosen]
        through = np.vstack([gate_xy, [np.nan, np.nan]])[passed]
        length_m = np.append(access.off_path_m, 0.0)[chosen]
        inside_m = np.where(passed < 0, 0.0, DETOUR_FACTOR * np.linalg.norm(xy - through, axis=1))
        walk_ms = ground.walker.walk_ms
        return cls(xy, through, walk_ms(length_m), walk_ms(np.minimum(inside_m, length_m)), length_m)

    def gate(self, walk: int) -> Floats:
        """Return the gate that a walk passes, shape (1, 2), or none, shape (0, 2)."""
        return self.gate_xy[[walk]] if np.isfinite(self.gate_xy[walk, 0]) else self.gate_xy[:0]


def line_through(places: list[Floats]) -> shapely.LineString:
    """Return a line through places; a walk of no length is a line between two equal points."""
    xy = np.concatenate(places)
    kept = np.append(True, (xy[1:] != xy[:-1]).any(axis=1))
    return shapely.LineString(xy[kept] if kept.sum() > 1 else xy[[0, 0]])


def shape_of(network: WalkNetwork, leg: Leg) -> Floats:
    """Return the vertices of a leg in the order in which they are walked, shape (vertices, 2)."""
    shape = network.shape_xy[network.shape_first[leg.edge] : network.shape_first[leg.edge + 1]]
    if (leg.begin, leg.end) == (0.0, 1.0):
        return shape
    if (leg.begin, leg.end) == (1.0, 0.0):
        return shape[::-1]
    return shapely.get_coordinates(substring(shapely.LineString(shape), leg.begin, leg.end, normalized=True))
