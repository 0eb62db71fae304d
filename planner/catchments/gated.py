"""Compounds with gates: who lives inside leaves through a gate, never through the wall.

Where the network has private paths at a gate, they are the compound's own and its points stand on them. Where it has
none, the walk inside is a straight line with a detour factor, to each gate and from there to the nearest public path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text
from planner.catchments.ground import Ground
from planner.catchments.points import Points
from planner.model import Barriers, Gates, Note, Parameter
from planner.network.passages import GATE_REACH_M
from planner.network.snapping import Access, snap

#: Walk inside a compound as a multiple of the straight line, where its paths are not in the network.
DETOUR_FACTOR = 1.3

DETOUR_PARAMETER = Parameter(
    "gates.detour_factor",
    Text("小区内绕行系数", "detour factor inside compounds"),
    f"{DETOUR_FACTOR:g}",
    Text("建议默认值 1.2–1.3，未核实", "suggested default 1.2 to 1.3, not verified"),
    "to_be_checked",
)

_NO_GATES = Text(
    "{count} 个{role}所在小区没有出入口数据，假定可由任意一侧走到最近的路。",
    "{count} {role} lie in compounds whose gates are not known; they are assumed to be open towards the nearest path.",
)
_STRAIGHT = Text(
    "{count} 个{role}所在小区没有内部道路数据，小区内步行按直线距离 × {factor} 到各出入口估算（系数待核）。",
    "{count} {role} lie in compounds without paths of their own; the walk inside is taken as the straight line to each "
    "gate × {factor} (factor to be checked).",
)


@dataclass(frozen=True, eq=False)
class ThroughGates:
    """The points whose compound has gates.

    Parameters
    ----------
    access : Access
    gated : array of bool, shape (points,)
        Points whose compound has gates: they have no other access than these.
    straight : array of bool, shape (points,)
        Those of them that walk in a straight line inside.
    notes : tuple of Note
    """

    access: Access
    gated: npt.NDArray[np.bool_]
    straight: npt.NDArray[np.bool_]
    notes: tuple[Note, ...]


def enter_through_gates(
    ground: Ground,
    points: Points,
    gates: Gates | None,
    max_off_path_m: float,
    role: Text,
    barriers: Barriers | None = None,
    *,
    for_outsiders: bool = False,
) -> ThroughGates:
    """Bring the points of compounds with gates onto the network.

    Straight lines lead to the gates that are open; for the points that outsiders walk to, to those that admit them.
    Two who live in one compound meet inside, so its residents need no gate to its station.
    """
    known = [] if gates is None else sorted(set(gates.compounds) - {""})
    gated = np.zeros(len(points), dtype=np.bool_)
    if known:
        gated = np.isin(points.compound.astype(str), known) & points.in_compound
    straight = gated.copy()
    access = []
    if gates is not None and gated.any():
        doors = _Doors(ground, gates, max_off_path_m, barriers, for_outsiders)
        for compound in np.unique(points.compound[gated].astype(str)):
            inside = np.flatnonzero(gated & (points.compound == compound))
            own = doors.own_paths(compound, points.xy[inside])
            straight[inside[own.point]] = False
            walkers = inside[straight[inside]]
            access += [own.of(inside), doors.straight_to_gates(compound, points.xy[walkers]).of(walkers)]
    notes = [
        Note(code, "assumption", text.format(count=int(counted.sum()), role=role, factor=DETOUR_FACTOR))
        for code, text, counted in (
            ("gates.unknown", _NO_GATES, points.in_compound & ~gated),
            ("gates.straight_line", _STRAIGHT, straight),
        )
        if counted.any()
    ]
    return ThroughGates(Access.joined(access), gated, straight, tuple(notes))


class _Doors:
    """Gates, the private areas behind them and the public paths before them."""

    def __init__(
        self,
        ground: Ground,
        gates: Gates,
        max_off_path_m: float,
        barriers: Barriers | None,
        for_outsiders: bool,
    ) -> None:
        table = gates.table.to_crs(ground.network.crs)
        self.network, self.max_off_path_m, self.barriers = ground.network, max_off_path_m, barriers
        self.open_edges, self.area = ground.open_edges, ground.network.private_area
        self.compound = gates.compounds
        self.passable = gates.admits_outsiders if for_outsiders else gates.open
        self.xy = np.column_stack([table.geometry.x, table.geometry.y])
        self.behind = snap(
            self.network, self.xy, open_edges=self.open_edges & (self.area > 0), max_off_path_m=GATE_REACH_M
        )
        self.before = snap(
            self.network,
            self.xy,
            open_edges=self.open_edges & (self.area == 0),
            max_off_path_m=max_off_path_m,
            barriers=barriers,
            doorway_m=GATE_REACH_M,
            scraps=ground.scraps,
        )

    def own_paths(self, compound: str, xy: npt.NDArray[np.float64]) -> Access:
        """Return the nearest places on the compound's own paths and the lanes opened there; none where too far.

        Lanes alone are not enough: its people walk straight to its gates, of which such a lane has some.
        """
        areas = self._own_areas(compound)
        own = np.isin(self.area, areas) if len(areas) else np.zeros_like(self.open_edges)
        if own.any():
            own[list(dict(self.network.lanes_inside).get(compound, ()))] = True
        own &= self.open_edges
        return snap(self.network, xy, open_edges=own, max_off_path_m=self.max_off_path_m, barriers=self.barriers)

    def _own_areas(self, compound: str) -> npt.NDArray[np.integer[Any]]:
        """Return the private areas of a compound: that within its boundary, else those behind its gates."""
        enclosed = dict(self.network.own_areas)
        if compound in enclosed:
            return np.array([area for area in [enclosed[compound]] if area > 0], dtype=np.int32)
        return np.unique(self.area[self.behind.edge[self.compound[self.behind.point] == compound]])

    def straight_to_gates(self, compound: str, xy: npt.NDArray[np.float64]) -> Access:
        """Return one access a gate: the straight line with its detour, and on to the nearest public path."""
        door = np.flatnonzero((self.compound == compound)[self.before.point] & self.passable[self.before.point])
        inside_m = DETOUR_FACTOR * np.linalg.norm(xy[:, None, :] - self.xy[self.before.point[door]], axis=2)
        off_path_m = inside_m + self.before.off_path_m[door]
        point = np.repeat(np.arange(len(xy)), len(door))
        return Access(
            point,
            np.tile(self.before.edge[door], len(xy)),
            np.tile(self.before.fraction[door], len(xy)),
            off_path_m.ravel(),
            np.tile(self.before.point[door], len(xy)),
        )
