"""Short links for gates that no path leads through: in to the compound's nearest path, out to a public one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from planner.bilingual import Text
from planner.model import Barriers, Parameter
from planner.network.additions import add_edges, add_nodes
from planner.network.boundaries import meeting_nodes
from planner.network.passages import GATE_REACH_M, gates_at_nodes
from planner.network.snapping import Access, snap
from planner.network.splitting import cut_edges
from planner.network.walk_network import WalkNetwork

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]

#: A gate is linked to paths within this distance, inside and outside: half a wide street and its verge.
LINK_M = 50.0

LINK_PARAMETER = Parameter(
    "gates.link_m",
    Text("出入口接入道路的最大距离（内、外各计）", "furthest distance at which a gate is linked, inside and outside"),
    f"{LINK_M:g} m",
    Text("本软件取值，无标准规定", "chosen by this software; no standard names it"),
    "chosen",
)


class Linked(NamedTuple):
    """A network with links at gates.

    Parameters
    ----------
    network : WalkNetwork
    inside, around : arrays of int, shape (edges,)
        As given, of the edges as they are now; links lie inside as far as the gate.
    linked, left : arrays of int
        Positions of the gates that were linked, and of those that could not be.
    """

    network: WalkNetwork
    inside: Ints
    around: Ints
    linked: Ints
    left: Ints


def link_gates(
    network: WalkNetwork, inside: Ints, around: Ints, xy: Floats, owner: Ints, barriers: Barriers | None
) -> Linked:
    """Link the gates that stand at no crossing of their compound's paths with public ones.

    Parameters
    ----------
    network : WalkNetwork
        Cut at the boundaries.
    inside : array of int, shape (edges,)
        The compound whose own path each edge is; -1 for others.
    around : array of int, shape (edges,)
        The compound in whose boundary each edge lies, also if it is public; -1 for none.
    xy : array of float64, shape (gates, 2)
    owner : array of int, shape (gates,)
        The compound of each gate, -1 for gates that are not to be linked. Gates of compounds without paths of their own
        need no links.
    barriers : Barriers, optional
        Links do not cross them, but for walls at the gate.
    """
    node, group = meeting_nodes(network, inside, around)
    stands_at = gates_at_nodes(network.node_xy[node], group, xy, owner)
    alone = np.setdiff1d(np.flatnonzero(np.isin(owner, inside[inside >= 0])), stands_at)
    if not len(alone):
        return Linked(network, inside, around, alone, alone)
    inner = Access.joined(
        [
            _nearest(network, xy, alone[owner[alone] == number], inside == number, barriers)
            for number in set(owner[alone])
        ]
    )
    outer = _nearest(network, xy, alone, (inside < 0) & (network.private_area == 0), barriers)
    linked = np.intersect1d(inner.point, outer.point)
    inner, outer = (access.only(np.isin(access.point, linked)) for access in (inner, outer))
    cut = cut_edges(network, np.concatenate([inner.edge, outer.edge]), np.concatenate([inner.fraction, outer.fraction]))
    gate = cut.network.node_count + np.arange(len(linked))
    start, end = np.concatenate([cut.node[: len(linked)], gate]), np.concatenate([gate, cut.node[len(linked) :]])
    with_gates = add_nodes(cut.network, xy[linked])
    lines = shapely.linestrings(with_gates.node_xy[np.column_stack([start, end])])
    public = np.full(len(linked), -1)
    return Linked(
        add_edges(with_gates, lines, start, end),
        np.concatenate([inside[cut.edge], owner[linked], public]),
        np.concatenate([around[cut.edge], owner[linked], public]),
        linked,
        np.setdiff1d(alone, linked),
    )


def _nearest(
    network: WalkNetwork, xy: Floats, gates: Ints, wanted: npt.NDArray[np.bool_], barriers: Barriers | None
) -> Access:
    found = snap(
        network,
        xy[gates],
        open_edges=wanted,
        max_off_path_m=LINK_M,
        barriers=barriers,
        doorway_m=GATE_REACH_M,
    )
    return found.of(gates.astype(np.intp))
