"""How points get onto the network, and which of them do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text
from planner.catchments.gated import enter_through_gates
from planner.catchments.ground import Ground
from planner.catchments.points import Points
from planner.model import Gates, Note
from planner.network.snapping import Access, snap

ROLES = {
    "origins": Text("出发点", "origins"),
    "destinations": Text("目的地", "destinations"),
    "stations": Text("驿站", "stations"),
    "points": Text("点", "points"),
}

_OFF_PATH = Text(
    "{count} 个{role}距任何可走的路超过 {metres} 米,未移动,按无法到达计。",
    "{count} {role} lie more than {metres} m from any path that can be walked; they are not moved and count as out of "
    "reach.",
)
_CUT_OFF = Text(
    "{count} 个{role}所在的一段路网与所有{others}都不连通,按无法到达计。",
    "{count} {role} stand on a piece of network that is not connected with any of the {others}; they count as out of "
    "reach.",
)

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


def enter(ground: Ground, points: Points, max_off_path_m: float, gates: Gates | None, role: str) -> Entry:
    """Bring points onto the paths that the walker can pass: through the gates of their compound, or straight."""
    through = enter_through_gates(ground, points, gates, max_off_path_m, ROLES[role])
    free = np.flatnonzero(~through.gated)
    nearest = snap(ground.network, points.xy[free], open_edges=ground.open_edges, max_off_path_m=max_off_path_m)
    access = Access.joined([nearest.of(free), through.access])
    lost = np.setdiff1d(np.arange(len(points)), access.point)
    off_path = _named(f"walks.off_path.{role}", _OFF_PATH, points.ids[lost], role, metres=f"{max_off_path_m:g}")
    straight = points.compound.copy()
    straight[~through.straight] = None
    return Entry(points, access, straight, through.notes + off_path, role)


def cut_off(ground: Ground, entry: Entry, others: Entry) -> tuple[Note, ...]:
    """Return a warning about points on pieces of network where none of the others stands."""
    if not len(others.access.edge):
        return ()
    piece = ground.piece[ground.network.start]
    together = np.isin(piece[entry.access.edge], piece[others.access.edge])
    lost = np.setdiff1d(entry.access.point, entry.access.point[together])
    return _named(f"walks.cut_off.{entry.role}", _CUT_OFF, entry.ids[lost], entry.role, others=ROLES[others.role])


def _named(code: str, text: Text, ids: pd.Index, role: str, **values: object) -> tuple[Note, ...]:
    if not len(ids):
        return ()
    names = tuple(sorted(str(name) for name in ids))[:_NAMED]
    return (Note(code, "warning", text.format(count=len(ids), role=ROLES[role], **values), names),)
