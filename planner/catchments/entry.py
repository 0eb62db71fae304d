"""How points get onto the network, and which of them do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text
from planner.catchments.gated import ThroughGates, enter_through_gates
from planner.catchments.ground import Ground, counts_metres
from planner.catchments.points import Points
from planner.model import BARRIER_KINDS, Barriers, Gates, Note
from planner.network.obstacles import obstacles_of
from planner.network.scraps import SCRAP_M
from planner.network.snapping import Access, kinds_between, snap

ROLES = {
    "origins": Text("出发点", "origins"),
    "destinations": Text("目的地", "destinations"),
    "stations": Text("驿站", "stations"),
    "points": Text("点", "points"),
}

_OFF_PATH = Text(
    "{count} 个{role}距任何可走的路超过 {metres} 米，未移动，按无法到达计。",
    "{count} {role} lie more than {metres} m from any path that can be walked; they are not moved and count as out of "
    "reach.",
)

_BEHIND = Text(
    "{count} 个{role} {metres} 米内虽有路，但直线须穿过水面、铁路或围墙，视为走不到，按无法到达计。",
    "{count} {role} have a path within {metres} m only across water, a railway or a wall; nobody walks there, and they "
    "count as out of reach.",
)
_WALLED_IN = Text(
    "{count} 个{role} {metres} 米内的路均在围墙之外，且没有出入口或内部道路数据，按无法到达计；请补充出入口。",
    "{count} {role} have a path within {metres} m only beyond a wall, and neither a gate nor a path inside is known; "
    "they count as out of reach until their gate is given.",
)
_PAST_SCRAP = Text(
    "{count} 个{role}最近的路是与路网不相连的零星路段（短于 {scrap} 米），假定也可直接走到最近的连通道路；请核对路网。",
    "{count} {role} stand nearest to a scrap of path that meets no other (shorter than {scrap} m); they are assumed to "
    "get straight to the nearest longer path as well. Check the streets there.",
)
_IN_WATER = Text(
    "{count} 个{role}落在水面内，假定可从所在水面上岸；请核对坐标。",
    "{count} {role} stand in water; they are taken to leave it towards the shore. Check their coordinates.",
)
_WALL = BARRIER_KINDS.index("wall")

#: Ids that a note names.
_NAMED = 30


@dataclass(frozen=True, eq=False)
class Entry:
    """Points on the network.

    Parameters
    ----------
    points : Points
    access : Access
    straight : array of str or None, shape (points,)
        The compound of points that walk in straight lines inside it.
    notes : tuple of Note
    role : str
    """

    points: Points
    access: Access
    straight: npt.NDArray[np.object_]
    notes: tuple[Note, ...]
    role: str

    def __len__(self) -> int:
        return len(self.points)

    @property
    def ids(self) -> pd.Index:
        """The ids of the points."""
        return self.points.ids


def enter(
    ground: Ground,
    points: Points,
    max_off_path_m: float,
    gates: Gates | None,
    role: str,
    barriers: Barriers | None = None,
) -> Entry:
    """Bring points onto the paths that the walker can pass: through the gates of their compound, or straight.

    Straight lines do not lead across barriers. Origins spend the time inside their building first, unless metres are
    counted.
    """
    if role != "origins" or counts_metres(ground.walker):
        points = points.out_of_doors()
    access, through = onto_paths(ground, points, max_off_path_m, gates, role, barriers)
    lost = np.setdiff1d(np.arange(len(points)), access.point)
    reasons = _why_lost(ground, points, lost, through.gated[lost], max_off_path_m, role, barriers) + _in_water(
        ground, points, role, barriers
    )
    straight = points.compound.copy()
    straight[~through.straight] = None
    return Entry(points, access, straight, through.notes + _past_scraps(ground, points, access, role) + reasons, role)


def onto_paths(
    ground: Ground, points: Points, max_off_path_m: float, gates: Gates | None, role: str, barriers: Barriers | None
) -> tuple[Access, ThroughGates]:
    """Return where points get onto the paths, and who of them leaves through gates: the one rule for all points."""
    through = enter_through_gates(
        ground, points, gates, max_off_path_m, ROLES[role], barriers, for_outsiders=role != "origins"
    )
    free = np.flatnonzero(~through.gated)
    nearest = snap(
        ground.network,
        points.xy[free],
        open_edges=ground.open_edges & ~_enclosed(ground),
        max_off_path_m=max_off_path_m,
        barriers=barriers,
        scraps=ground.scraps,
    )
    ways_out = Access.joined([nearest.of(free), through.access]) if len(through.access.point) else nearest.of(free)
    return ways_out.after(points.building_ms), through


def _enclosed(ground: Ground) -> npt.NDArray[np.bool_]:
    """Return which edges lie within the walls of a compound: nobody gets onto them from elsewhere."""
    areas = [area for _, area in ground.network.own_areas if area > 0]
    return np.isin(ground.network.private_area, areas) if areas else np.zeros(len(ground.ms), dtype=np.bool_)


def _past_scraps(ground: Ground, points: Points, access: Access, role: str) -> tuple[Note, ...]:
    """Count the points that have been brought past a scrap of path to a longer one."""
    on_scrap = ground.scraps[access.edge]
    way_out = access.point * (access.gate.max(initial=0) + 2) + access.gate + 1
    twice = np.isin(way_out, way_out[on_scrap]) & ~on_scrap
    brought = np.unique(access.point[twice])
    return named(f"walks.past_scrap.{role}", _PAST_SCRAP, points.ids[brought], role, "assumption", scrap=f"{SCRAP_M:g}")


def _why_lost(
    ground: Ground,
    points: Points,
    lost: npt.NDArray[np.intp],
    gated: npt.NDArray[np.bool_],
    max_off_path_m: float,
    role: str,
    barriers: Barriers | None,
) -> tuple[Note, ...]:
    """Tell the points that are too far from every path from those that only a barrier keeps from it."""
    between = np.zeros((len(lost), len(BARRIER_KINDS)), dtype=np.bool_)
    if barriers is not None and len(barriers):
        near = snap(ground.network, points.xy[lost], open_edges=ground.open_edges, max_off_path_m=max_off_path_m)
        between[near.point] = kinds_between(ground.network, points.xy[lost], near, barriers)
    behind = between.any(axis=1)
    walled_in = between[:, _WALL] & (between.sum(axis=1) == 1) & ~gated
    return tuple(
        note
        for code, text, told in (
            ("walks.off_path", _OFF_PATH, ~behind),
            ("walks.behind_barrier", _BEHIND, behind & ~walled_in),
            ("walks.walled_in", _WALLED_IN, walled_in),
        )
        for note in named(f"{code}.{role}", text, points.ids[lost[told]], role, metres=f"{max_off_path_m:g}")
    )


def _in_water(ground: Ground, points: Points, role: str, barriers: Barriers | None) -> tuple[Note, ...]:
    if barriers is None or not len(barriers):
        return ()
    standing = obstacles_of(barriers, ground.network.crs).waters_around(points.xy) >= 0
    return named(f"walks.in_water.{role}", _IN_WATER, points.ids[standing], role)


def named(
    code: str,
    text: Text,
    ids: pd.Index,
    role: str,
    level: Literal["assumption", "warning"] = "warning",
    **values: object,
) -> tuple[Note, ...]:
    """Return a note that counts and names points; none where there are none."""
    if not len(ids):
        return ()
    names = tuple(sorted(str(name) for name in ids))[:_NAMED]
    return (Note(code, level, text.format(count=len(ids), role=ROLES[role], **values), names),)
