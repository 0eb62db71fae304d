"""The nearest open station from a table of walking costs, for problems that have no streets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from planner.bilingual import Text, same
from planner.errors import Fault, InputError
from planner.model import NearestWalks, WalkingCosts


def nearest_open(costs: WalkingCosts, open_sites: Iterable[Any]) -> NearestWalks:
    """Return for every origin the nearest of some stations within the cutoff of the costs.

    Parameters
    ----------
    costs : WalkingCosts
        Beyond its cutoff nothing is known: what is absent counts as not reached.
    open_sites : iterable of ids

    Returns
    -------
    NearestWalks
        The smaller id where two are equally near.

    Raises
    ------
    InputError
        If a station is none of the destinations.
    """
    stations = pd.Index(sorted(set(open_sites)), dtype=costs.destinations.dtype)
    column = costs.destinations.get_indexer(stations)
    if np.any(column < 0):
        raise InputError(
            Text("有的驿站不在步行结果中。", "Some stations are not among the walks."),
            [Fault("open_sites", same(name), Text("已有的编号", "a known id")) for name in stations[column < 0]],
        )
    rank = np.full(len(costs.destinations), -1, dtype=np.intp)
    rank[column] = np.arange(len(stations))
    row = np.repeat(np.arange(len(costs.origins)), np.diff(costs.walk.indptr))
    station, walk = rank[costs.walk.indices], costs.walk.data.astype(np.int64)
    usable = station >= 0
    row, station, walk = row[usable], station[usable], walk[usable]
    order = np.lexsort((station, walk, row))
    first = order[np.append(True, row[order][1:] != row[order][:-1])[: len(order)]]
    reached = np.zeros(len(costs.origins), dtype=bool)
    nearest = np.zeros(len(costs.origins), dtype=np.intp)
    least = np.zeros(len(costs.origins), dtype=np.int64)
    reached[row[first]], nearest[row[first]], least[row[first]] = True, station[first], walk[first]
    return NearestWalks(costs.origins, stations, reached, nearest, least)
