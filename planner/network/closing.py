"""Barriers that nobody passes: the ways end on either side of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.network.ways import Ways


def closed_off(ways: Ways) -> Ways:
    """Return the ways taken apart at closed barriers: each that leads up to one ends there, and meets no other."""
    closed = np.isin(ways.vertex_id, ways.closed_id)
    if not closed.any():
        return ways
    way = np.repeat(np.arange(len(ways)), np.diff(ways.first))
    inner = closed.copy()
    inner[ways.first[:-1][np.diff(ways.first) > 0]] = False
    inner[ways.first[1:][np.diff(ways.first) > 0] - 1] = False
    place = np.repeat(np.arange(len(closed)), 1 + inner)
    shift = np.concatenate([[0], np.cumsum(inner)])
    behind = np.flatnonzero(inner) + shift[:-1][inner] + 1
    ends = closed[place]
    own_id = ways.vertex_id.max() + 1 + np.arange(np.count_nonzero(ends))
    vertex_id = ways.vertex_id[place]
    vertex_id[ends] = own_id
    return replace(
        ways,
        first=np.sort(np.concatenate([ways.first + shift[ways.first], behind])),
        vertex_id=vertex_id,
        lon=ways.lon[place],
        lat=ways.lat[place],
        way_class=np.repeat(ways.way_class, 1 + np.bincount(way[inner], minlength=len(ways))),
        barrier_id=np.concatenate([ways.barrier_id, own_id]),
    )
