"""Sums over demand points as sums over sets of sites, beyond plain coverage and plain walks.

What the nearest open station is worth to a demand point, if a longer walk is never worth more: with the distinct worths
v1 > v2 > ... > vK of its walks and the set S_k of the sites worth v_k or more, the worth of the nearest open one is the
sum over k of (v_k - v_k+1) [S_k is open], v_K+1 = 0. And what several open stations within the standard add: one set a
demand point, that is served only from so many open members on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.siting.problem import Mask, NeedWalks

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


class Prefixes(NamedTuple):
    """Sets of sites as slices `columns[start : end + 1]`, and what each adds to each expression once it is served."""

    columns: Positions
    start: Positions
    end: Positions
    amounts: Array  # shape (expressions, prefixes)
    must: Mask
    constants: Array  # shape (expressions,)
    is_possible: bool
    times: Positions | None = None  # how many open members serve each set; None: one


def by_worth(need: NeedWalks, worth: Array, column_of: Positions, is_open: Mask) -> Prefixes:
    """Return the sets of the nearest sites where the worth falls.

    Parameters
    ----------
    need : NeedWalks
    worth : array of float, shape (expressions, stored walks)
        Never more for a longer walk of the same demand point; 0 or more.
    column_of : array of int, shape (sites,)
        Columns of the free sites, -1 elsewhere.
    is_open : array of bool, shape (sites,)
        Sites that are open for certain.
    """
    row = np.repeat(np.arange(need.walk.shape[0]), np.diff(need.walk.indptr))
    opened = is_open[need.walk.indices]
    surely = np.zeros((len(worth), need.walk.shape[0]))
    for each, amounts in zip(surely, worth, strict=True):
        np.maximum.at(each, row[opened], amounts[opened])
    kept = (column_of[need.walk.indices] >= 0) & np.any(worth > surely[:, row], axis=0)
    row, column, walk = row[kept], column_of[need.walk.indices[kept]], need.walk.data[kept]
    order = np.lexsort((column, walk, row))
    row, column, value = row[order], column[order], worth[:, kept][:, order]
    value = np.maximum(value, surely[:, row])
    is_last = np.append(row[1:] != row[:-1], True)[: len(row)]
    falls = np.append(np.any(value[:, 1:] != value[:, :-1], axis=0), True)[: len(row)]
    end = np.flatnonzero(is_last | falls)
    of_row = row[end]
    next_value = np.append(value[:, 1:], np.zeros((len(worth), 1)), axis=1)[:, end] if len(row) else value[:, end]
    amounts = value[:, end] - np.where(is_last[end], surely[:, of_row], next_value)
    return Prefixes(
        column,
        np.searchsorted(row, of_row),
        end,
        amounts,
        np.zeros(len(end), dtype=bool),
        surely.sum(axis=1),
        is_possible=True,
    )


def by_number(need: NeedWalks, amounts: Array, number: int, column_of: Positions, is_open: Mask) -> Prefixes:
    """Return for each demand point the set of its sites within the standard, served from so many open ones on.

    Parameters
    ----------
    need : NeedWalks
    amounts : array of float, shape (expressions, demand points)
    number : int
        How many open stations it takes, those open for certain included.
    column_of, is_open
        As in `by_worth`.
    """
    within = need.covers(need.walk.data)
    row = np.repeat(np.arange(need.walk.shape[0]), np.diff(need.walk.indptr))[within]
    site = need.walk.indices[within]
    missing = number - np.bincount(row[is_open[site]], minlength=need.walk.shape[0])
    is_free = column_of[site] >= 0
    size = np.bincount(row[is_free], minlength=need.walk.shape[0])
    counts = (missing > 0) & (size >= missing) & np.any(amounts != 0, axis=0)
    kept = is_free & counts[row]
    row, column = row[kept], column_of[site[kept]]
    point = np.flatnonzero(counts)
    end = np.cumsum(size[point]) - 1
    return Prefixes(
        column,
        end - size[point] + 1,
        end,
        amounts[:, point],
        np.zeros(len(point), dtype=bool),
        amounts[:, missing <= 0].sum(axis=1),
        is_possible=True,
        times=missing[point],
    )
