"""What a user's own sites replace, and what closing a station costs: checked beside the matrix of walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text, same
from planner.errors import Fault

#: The position of a site by its id or position; None where there is no such site.
Find = Callable[[Any], int | None]


def read_replaces(given: Any, existing: npt.NDArray[np.bool_], find: Find, faults: list[Fault]) -> _Replaces | None:
    """Return for each site the positions of the stations that it replaces; faults are added to those of the matrix.

    Parameters
    ----------
    given : mapping of site to list of stations, or None
    existing : array of bool, shape (sites,)
    find : callable
    faults : list of Fault
    """
    if given is None:
        return None
    if not isinstance(given, Mapping):
        expected = Text("站点到驿站列表的对应表", "a mapping of sites to lists of stations")
        faults.append(Fault("replaces", same(repr(given)[:80]), expected))
        return None
    found: list[tuple[int, ...]] = [()] * len(existing)
    for site, stations in given.items():
        new, where = find(site), f"replaces[{site!r}]"
        if new is None:
            faults.append(Fault("replaces", same(repr(site)), Text("站点编号或位置", "the id or position of a site")))
        elif existing[new]:
            faults.append(Fault(where, Text("现有驿站", "a station of today"), Text("新站点", "a new site")))
        if isinstance(stations, (str, bytes)) or not isinstance(stations, Iterable):
            expected = Text("驿站编号的列表", "a list of stations")
            faults.append(Fault(where, same(repr(stations)[:80]), expected))
            continue
        old = [(station, find(station)) for station in stations]
        known = [place for _, place in old if place is not None and existing[place]]
        if len(known) < len(old):
            wrong = [repr(station) for station, place in old if place is None or not existing[place]]
            faults.append(Fault(where, same(", ".join(wrong)), Text("现有驿站", "stations of today")))
        if len(set(known)) < len(known):
            faults.append(Fault(where, Text("重复的驿站", "a station twice"), Text("每座一次", "each once")))
        if new is not None:
            found[new] = tuple(known)
    return tuple(found)


def actions_by_count(replaces: _Replaces | None) -> npt.NDArray[np.object_] | None:
    """Return what opening each site is called: it merges several stations, moves one, or only opens."""
    if replaces is None:
        return None
    return np.array([("open", "move", "merge")[min(len(old), 2)] for old in replaces], dtype=object)


_Replaces = tuple[tuple[int, ...], ...]
