"""Paths cut where they cross the boundaries of compounds, and which of the pieces lie inside."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from planner.network.splitting import cut_edges
from planner.network.tags import CARRIAGEWAYS
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]
Shapes = npt.NDArray[Any]

#: Kinds of ways that are streets wherever they run; what serves or wanders through a compound is its own.
STREETS = tuple(kind for kind in CARRIAGEWAYS if kind not in ("living_street", "service", "track"))

#: Paths that never lead further inside a boundary run along it: boundaries are not drawn more exactly than this.
ALONG_M = 5.0

#: A boundary crossed this near to the end of an edge is crossed at its end.
_AT_THE_END_M = 0.05


def cut_at_boundaries(network: WalkNetwork, polygons: Shapes) -> WalkNetwork:
    """Return the network with a node at each place where a path crosses the boundary of a polygon."""
    boundary, edge = network.tree.query(shapely.boundary(polygons), predicate="intersects")
    lines = network.lines[edge]
    met, owner = _points(shapely.intersection(lines, shapely.boundary(polygons)[boundary]))
    edge, lines = edge[owner], lines[owner]
    along_m, whole_m = shapely.line_locate_point(lines, met), shapely.length(lines)
    within = (along_m > _AT_THE_END_M) & (whole_m - along_m > _AT_THE_END_M)
    return cut_edges(network, edge[within], along_m[within] / whole_m[within]).network


def _points(met: Shapes) -> tuple[Shapes, Ints]:
    """Return the points where lines meet, with the position of their line; of a stretch in common its ends."""
    parts, owner = shapely.get_parts(met, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    ends, of_line = shapely.get_parts(shapely.boundary(parts[is_line]), return_index=True)
    return np.concatenate([parts[~is_line], ends]), np.concatenate([owner[~is_line], owner[is_line][of_line]])


def lies_in(network: WalkNetwork, polygons: Shapes) -> npt.NDArray[np.intp]:
    """Return the position of the polygon that the middle of each edge lies in, the smallest where several; else -1."""
    smallest_first = np.argsort(shapely.area(polygons), kind="stable")
    inside = np.full(network.edge_count, -1, dtype=np.intp)
    place, edge = network.tree.query(polygons[smallest_first], predicate="intersects")
    middle = shapely.line_interpolate_point(network.lines[edge], 0.5, normalized=True)
    shapely.prepare(polygons)
    held = shapely.contains_properly(polygons[smallest_first[place]], middle)
    place, edge = place[held][::-1], edge[held][::-1]
    order = np.argsort(-place, kind="stable")
    inside[edge[order]] = smallest_first[place[order]]
    return inside


def pieces_of(network: WalkNetwork, chosen: Bools, group: Ints) -> npt.NDArray[np.intp]:
    """Return the number of the connected piece that each chosen edge is in, edges of two groups apart; else -1."""
    groups = int(group.max(initial=0)) + 2
    edge = np.flatnonzero(chosen)
    start, end = (ends[edge].astype(np.int64) * groups + group[edge] + 1 for ends in (network.start, network.end))
    nodes, place = np.unique(np.concatenate([start, end]), return_inverse=True)
    links = sparse.coo_array((np.ones(len(edge)), (place[: len(edge)], place[len(edge) :])), shape=(len(nodes),) * 2)
    piece = np.full(network.edge_count, -1, dtype=np.intp)
    piece[edge] = csgraph.connected_components(links, directed=False)[1][place[: len(edge)]]
    return piece


def meeting_nodes(network: WalkNetwork, group: Ints, label: Ints) -> tuple[Ints, Ints]:
    """Return the nodes where edges of a group meet edges of another label, with that group; sorted.

    Parameters
    ----------
    network : WalkNetwork
    group : array of int, shape (edges,)
        -1 for edges of no group.
    label : array of int, shape (edges,)
        Edges with one label do not count as others.
    """
    node = np.concatenate([network.start, network.end]).astype(np.int64)
    labels = np.tile(np.asarray(label, dtype=np.int64), 2)
    lowest = np.full(network.node_count, np.iinfo(np.int64).max)
    highest = np.full(network.node_count, np.iinfo(np.int64).min)
    np.minimum.at(lowest, node, labels)
    np.maximum.at(highest, node, labels)
    groups = np.tile(np.asarray(group, dtype=np.int64), 2)
    meets = (groups >= 0) & (lowest[node] != highest[node])
    found = np.unique(np.column_stack([node[meets], groups[meets]]), axis=0)
    return found[:, 0], found[:, 1]


def along_the_boundary(network: WalkNetwork, inside: Ints, polygons: Shapes) -> Bools:
    """Return which edges are parts of pieces that lead no further than `ALONG_M` into their polygon."""
    edge = np.flatnonzero(inside >= 0)
    piece = pieces_of(network, inside >= 0, inside)
    rings = shapely.boundary(polygons)
    shapely.prepare(rings)
    paths = network.lines[edge]
    somewhere = shapely.length(paths) > 0  # an added path may lead from one node to another at the same place
    paths[somewhere] = shapely.segmentize(paths[somewhere], ALONG_M)
    places, owner = shapely.get_coordinates(paths, return_index=True)
    depth_m = np.zeros(int(piece.max(initial=-1)) + 1)
    np.maximum.at(depth_m, piece[edge[owner]], shapely.distance(shapely.points(places), rings[inside[edge[owner]]]))
    shallow = np.zeros(network.edge_count, dtype=np.bool_)
    shallow[edge] = depth_m[piece[edge]] < ALONG_M
    return shallow


def through_streets(network: WalkNetwork, inside: Ints, at_gate: Bools) -> Bools:
    """Return which edges inside are parts of a street that leads through: out of the polygon at two places or more.

    Parameters
    ----------
    network : WalkNetwork
    inside : array of int, shape (edges,)
    at_gate : array of bool, shape (nodes,)
        Nodes at a gate that is known: a street that leaves only there belongs to the compound.
    """
    is_street = np.isin(np.array(network.kinds or ("",), dtype=object)[network.kind], STREETS) & (inside >= 0)
    piece = pieces_of(network, is_street, inside)
    node, number = meeting_nodes(network, piece, inside)
    ways_out = np.bincount(number, minlength=int(piece.max(initial=-1)) + 1)
    elsewhere = np.bincount(number, weights=~at_gate[node], minlength=len(ways_out))
    through = np.append((ways_out >= 2) & (elsewhere > 0), False)
    return through[piece] & is_street
