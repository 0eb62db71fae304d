"""What each array of a network is about, so that no array is forgotten where edges or nodes come and go."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.network.walk_network import WalkNetwork

Ints = npt.NDArray[np.integer[Any]]

#: One value an edge that a piece of the edge has a share of: as much as it has of the length.
SHARED = ("length_m", "level_m", "level_back_m")

#: One value an edge that each of its pieces has as well.
COPIED = ("stairs", "private_area", "kind", "steepest", "steepest_back", "slope_from", "wheels")

#: Half crossings: they stay at the end of the edge that they belong to.
HALVES = ("signal_halves", "crossing_halves")

#: One value a node, and what it is for a node that is made where nothing was.
NODES = {"residents_only": False}

#: What is treated by itself: places, shapes, and lists of nodes.
PLACES = ("start", "end", "shape_first", "shape_xy", "node_xy", "barrier_node")

#: What belongs to the network as a whole.
WHOLE = ("crs", "kinds", "notes", "attribution", "own_areas", "lanes_inside")

KNOWN = frozenset((*SHARED, *COPIED, *HALVES, *NODES, *PLACES, *WHOLE))


def held(network: WalkNetwork, names: tuple[str, ...]) -> dict[str, Any]:
    """Return those of some arrays that the network has. An optional array that is empty stays so.

    Raises
    ------
    TypeError
        If the network has an array that this module does not know: whoever adds one says here what it is about.
    """
    forgotten = {each.name for each in fields(network)} - KNOWN
    if forgotten:
        raise TypeError(f"planner.network.fields does not say what these are about: {', '.join(sorted(forgotten))}")
    return {name: getattr(network, name) for name in names if len(getattr(network, name, ()))}


def of_nodes(network: WalkNetwork, like: Ints) -> dict[str, Any]:
    """Return the arrays of nodes with more nodes: each like one that is there, or, where `like` is -1, like none."""
    longer: dict[str, Any] = {}
    for name, values in held(network, tuple(NODES)).items():
        more = np.where(like >= 0, values[like], NODES[name])
        longer[name] = np.concatenate([values, more.astype(values.dtype)])
    return longer
