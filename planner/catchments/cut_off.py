"""Points that get onto the paths, and yet cannot walk to any of the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.bilingual import Text
from planner.catchments.directions import only_points, walks_however_far
from planner.catchments.entry import ROLES, Entry, named
from planner.catchments.ground import Ground
from planner.model import Direction, Note

_CUT_OFF = Text(
    "{count} 个{role}所在的一段路网与所有{others}都不连通，按无法到达计。",
    "{count} {role} stand on a piece of network that is not connected with any of the {others}; they count as out of "
    "reach.",
)
_BARRED = Text(
    "{count} 个{role}与{others}之间，只能经由仅供本小区居民通行的出入口、不对外开放的内"
    "部道路或只能单向行走的坡道相通，按无法到达计；请核对出入口与道路属性。",
    "{count} {role} are connected with the {others} only by passages for residents, private ways or slopes that can be "
    "walked in one direction only; they count as out of reach. Check gates and the tags of paths there.",
)


def notes_of(
    ground: Ground, leaving: Entry, arriving: Entry, walk: sparse.csr_array, direction: Direction
) -> tuple[Note, ...]:
    """Return what was found about both sides of walks, and between them.

    Parameters
    ----------
    walk : csr_array, shape (origins, destinations)
        The walks within the standard.
    """
    apart, alone = _cut_off(ground, leaving, arriving), _cut_off(ground, arriving, leaving)
    barred = _barred(ground, leaving, arriving, np.diff(walk.indptr) == 0, direction)
    barred = np.setdiff1d(barred, apart)
    return (
        *leaving.notes,
        *arriving.notes,
        *_note("walks.cut_off", _CUT_OFF, leaving, arriving, apart),
        *_note("walks.cut_off", _CUT_OFF, arriving, leaving, alone),
        *_note("walks.barred", _BARRED, leaving, arriving, barred),
    )


def _note(code: str, text: Text, entry: Entry, others: Entry, lost: npt.NDArray[Any]) -> tuple[Note, ...]:
    return named(f"{code}.{entry.role}", text, entry.ids[lost], entry.role, others=ROLES[others.role])


def _cut_off(ground: Ground, entry: Entry, others: Entry) -> npt.NDArray[Any]:
    """Return the points on pieces of network where none of the others stands."""
    if not len(others.access.edge):
        return np.empty(0, np.intp)
    piece = ground.piece[ground.network.start]
    together = np.isin(piece[entry.access.edge], piece[others.access.edge])
    return np.setdiff1d(entry.access.point, entry.access.point[together])


def _barred(
    ground: Ground, leaving: Entry, arriving: Entry, unserved: npt.NDArray[np.bool_], direction: Direction
) -> npt.NDArray[Any]:
    """Return who has no walk at all, however far, among those without one within the standard."""
    asked = np.unique(leaving.access.point)
    asked = asked[unserved[asked]]
    all_open = not ground.network.private_area.any() and np.array_equal(ground.ms < 0, ground.ms_back < 0)
    if all_open or not len(asked) or not len(arriving.access.edge):
        return asked[:0]
    those, rank = only_points(leaving, asked), np.arange(len(arriving))
    legs: tuple[Direction, ...] = ("to_station", "from_station") if direction == "round_trip" else (direction,)
    reached = [walks_however_far(ground, those, arriving, rank, leg).origin for leg in legs]
    return asked[~np.logical_and.reduce([np.isin(asked, origin) for origin in reached])]
