"""Passages: where the paths of a compound meet all others, and the gate that each of them is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import spatial

from planner.network.splitting import detach
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]

#: Private paths this near to a gate are those of its compound, paths that cross the boundary this near to it lead
#: through it, and walls crossed this near to it are those it opens.
GATE_REACH_M = 12.0


class Passages(NamedTuple):
    """Nodes where private areas with gates meet other paths.

    Parameters
    ----------
    node : array of int, shape (passages,)
    area : array of int, shape (passages,)
    gate : array of int, shape (passages,)
        Position of the gate; -1 where there is none, so nobody passes.
    """

    node: Ints
    area: Ints
    gate: Ints


def gates_at_nodes(xy: Floats, area: Ints, gate_xy: Floats, gate_area: Ints) -> npt.NDArray[np.intp]:
    """Return for each node the nearest gate of its area within reach; -1 where there is none.

    Parameters
    ----------
    xy : array of float64, shape (nodes, 2)
    area : array of int, shape (nodes,)
    gate_xy : array of float64, shape (gates, 2)
        Sorted so that the first of two gates that are equally near is the one meant.
    gate_area : array of int, shape (gates,)
        -1 for gates that are none of these areas'.
    """
    found = np.full(len(xy), -1, dtype=np.intp)
    for number in np.intersect1d(area, gate_area):
        here, own = np.flatnonzero(area == number), np.flatnonzero(gate_area == number)
        apart_m = spatial.distance.cdist(xy[here], gate_xy[own])
        nearest = apart_m.argmin(axis=1)
        near = apart_m[np.arange(len(here)), nearest] <= GATE_REACH_M
        found[here[near]] = own[nearest[near]]
    return found


def pseudo_gates(xy: Floats) -> Floats:
    """Return places such that each of some passages is within reach of one: taken from west to east.

    A driveway and the pavement beside it pass one gate.
    """
    places: list[Floats] = []
    for place in xy[np.lexsort((xy[:, 1], xy[:, 0]))]:
        if all(np.hypot(*(place - other)) > GATE_REACH_M for other in places):
            places.append(place)
    return np.array(places).reshape(-1, 2)


def passed_as(network: WalkNetwork, passages: Passages, is_open: Bools, admits: Bools) -> WalkNetwork:
    """Return the network with closed passages taken apart, and those for residents marked.

    Parameters
    ----------
    network : WalkNetwork
    passages : Passages
    is_open, admits : arrays of bool, shape (gates,)
    """
    known = passages.gate >= 0
    passes = known & np.append(is_open, False)[passages.gate]
    outsiders = known & np.append(admits, False)[passages.gate]
    residents = np.zeros(network.node_count, dtype=np.bool_)
    residents[passages.node[passes & ~outsiders]] = True
    if residents.any():
        network = replace(network, residents_only=residents)
    return _taken_apart(network, passages.node[~passes], passages.area[~passes])


def _taken_apart(network: WalkNetwork, node: Ints, area: Ints) -> WalkNetwork:
    """Detach the edges of each area at its node; areas that meet at one node do so one after the other."""
    apart = network
    while len(node):
        _, first = np.unique(node, return_index=True)
        closed = np.full(network.node_count, -1, dtype=np.int64)
        closed[node[first]] = area[first]
        ends = [np.flatnonzero(closed[ends] == network.private_area) for ends in (network.start, network.end)]
        edges = np.concatenate(ends)
        nodes = np.concatenate([network.start[ends[0]], network.end[ends[1]]])
        apart, _ = detach(apart, nodes, edges)
        rest = np.setdiff1d(np.arange(len(node)), first)
        node, area = node[rest], area[rest]
    return apart
