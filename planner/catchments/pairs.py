"""Walks found, as the nouns that hold them: a matrix of all, or the nearest of each origin."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from planner.catchments.search import Pairs
from planner.model import NearestWalks


def shortest_walks(pairs: Pairs, shape: tuple[int, int]) -> sparse.csr_array:
    """Return the shortest walk of every pair as a matrix with sorted columns; walks of no length are stored."""
    return matrix(shortest(pairs), shape)


def shortest(pairs: Pairs) -> Pairs:
    """Return the shortest walk of every pair, sorted by origin and destination."""
    pairs = pairs.only(np.lexsort((pairs.walk, pairs.destination, pairs.origin)))
    return pairs.only((np.diff(pairs.origin, prepend=-1) != 0) | (np.diff(pairs.destination, prepend=-1) != 0))


def matrix(pairs: Pairs, shape: tuple[int, int]) -> sparse.csr_array:
    """Return pairs that occur once as a matrix with sorted columns; walks of no length are stored."""
    walk = sparse.coo_array((pairs.walk.astype(np.int32), (pairs.origin, pairs.destination)), shape=shape).tocsr()
    walk.sort_indices()
    return walk


def rank_by_id(ids: pd.Index) -> npt.NDArray[np.int64]:
    """Return the rank of each id as text, which settles ties."""
    rank = np.empty(len(ids), dtype=np.int64)
    rank[np.argsort(ids.astype(str).to_numpy(dtype=object), kind="stable")] = np.arange(len(ids))
    return rank


def nearest_walks(pairs: Pairs, origins: pd.Index, stations: pd.Index) -> NearestWalks:
    """Return the shortest walk of each origin; the station whose id comes first where two are equally near."""
    rank = rank_by_id(stations)
    pairs = pairs.only(np.lexsort((rank[pairs.destination], pairs.walk, pairs.origin)))
    pairs = pairs.only(np.unique(pairs.origin, return_index=True)[1])
    reached = np.zeros(len(origins), dtype=np.bool_)
    station = np.zeros(len(origins), dtype=np.intp)
    walk = np.zeros(len(origins), dtype=np.int64)
    reached[pairs.origin] = True
    station[pairs.origin] = pairs.destination
    walk[pairs.origin] = pairs.walk
    return NearestWalks(origins, stations, reached, station, walk)
