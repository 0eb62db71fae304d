"""More paths, or fewer: a network in, another network out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from planner.network.fields import COPIED, HALVES, SHARED, held, of_nodes
from planner.network.lengths import segment_length_m
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


#: About new edges nothing is said beyond what `add_edges` is told.
_NOTHING_SAID = ("steepest", "steepest_back", "slope_from", "wheels")


def add_nodes(network: WalkNetwork, xy: Floats) -> WalkNetwork:
    """Return the network with more nodes, numbered from `network.node_count` on."""
    more = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    return replace(
        network, node_xy=np.concatenate([network.node_xy, more]), **of_nodes(network, np.full(len(more), -1))
    )


def add_edges(
    network: WalkNetwork,
    lines: npt.ArrayLike,
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    kind: str = "footway",
    stairs: npt.ArrayLike = 0,
    signal_halves: npt.ArrayLike = 0,
    crossing_halves: npt.ArrayLike = 0,
    private_area: npt.ArrayLike = 0,
) -> WalkNetwork:
    """Return the network with more edges, numbered from `network.edge_count` on; lengths are geodesic.

    Parameters
    ----------
    network : WalkNetwork
    lines : array of LineString, shape (edges,)
        In the network's system, from node to node; they are level.
    start, end : arrays of int, shape (edges,)
        Nodes of the network.
    kind : str
        Value of OpenStreetMap's `highway`.
    stairs, signal_halves, crossing_halves, private_area : int or arrays of int, shape (edges,)
        As in `WalkNetwork`.
    """
    shapes = np.asarray(lines, dtype=object)
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    length_m = lengths_m(network, xy, owner, len(shapes))
    kinds = network.kinds if kind in network.kinds else (*network.kinds, kind)
    told = {
        **dict.fromkeys(SHARED, length_m),
        "stairs": stairs,
        "signal_halves": signal_halves,
        "crossing_halves": crossing_halves,
        "private_area": private_area,
        "kind": kinds.index(kind),
        **dict.fromkeys(_NOTHING_SAID, 0),
        "start": start,
        "end": end,
    }
    longer: dict[str, Any] = {
        name: np.concatenate([values, np.broadcast_to(np.asarray(told[name], values.dtype), len(shapes))])
        for name, values in _of_edges(network).items()
    }
    vertices = np.bincount(owner, minlength=len(shapes))
    return replace(
        network,
        kinds=kinds,
        shape_first=np.concatenate([network.shape_first, network.shape_first[-1] + np.cumsum(vertices)]),
        shape_xy=np.concatenate([network.shape_xy, xy]),
        **longer,
    )


def drop_edges(network: WalkNetwork, dropped: Bools) -> WalkNetwork:
    """Return the network without some edges. Nodes stay, and private areas keep their numbers.

    Parameters
    ----------
    network : WalkNetwork
    dropped : array of bool, shape (edges,)
    """
    vertices = np.diff(network.shape_first)
    return replace(
        network,
        shape_first=np.concatenate([[0], np.cumsum(vertices[~dropped])]),
        shape_xy=network.shape_xy[np.repeat(~dropped, vertices)],
        **{name: values[~dropped] for name, values in _of_edges(network).items()},
    )


def lengths_m(network: WalkNetwork, xy: Floats, owner: Ints, count: int) -> Floats:
    """Return the geodesic lengths of lines given by all their vertices, in the network's system.

    Parameters
    ----------
    network : WalkNetwork
    xy : array of float64, shape (vertices, 2)
    owner : array of int, shape (vertices,)
        The line of each vertex, sorted.
    count : int
        Number of lines.
    """
    to_degrees = Transformer.from_crs(network.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*xy.T)
    segment_m = segment_length_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    along = owner[:-1] == owner[1:]
    summed = np.bincount(owner[:-1][along], weights=segment_m[along], minlength=count)
    return summed.astype(np.float64)


def _of_edges(network: WalkNetwork) -> dict[str, Any]:
    return held(network, (*SHARED, *COPIED, *HALVES)) | {"start": network.start, "end": network.end}
