"""How points get onto the network, and which of them do not."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planner.catchments.points import Points
from planner.catchments.search import Ground
from planner.model import Gates, Note
from planner.network.snapping import Access, snap


@dataclass(frozen=True, eq=False)
class Entry:
    """Points on the network: their ids, their accesses and what was noticed."""

    ids: pd.Index
    access: Access
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return len(self.ids)


def enter(ground: Ground, points: Points, max_off_path_m: float, gates: Gates | None, role: str) -> Entry:
    """Bring points onto the paths that the walker can pass."""
    access = snap(ground.network, points.xy, open_edges=ground.open_edges, max_off_path_m=max_off_path_m)
    return Entry(points.ids, access, ())
