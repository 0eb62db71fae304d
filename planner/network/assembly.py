"""Ways -> WalkNetwork."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyproj import CRS
from scipy import sparse
from scipy.sparse import csgraph

from planner.model import Note
from planner.network.closing import closed_off
from planner.network.contraction import Edges, contract, cut_into_pieces, numbered
from planner.network.crossings import crossing_vertices, cut_by_crossings, half_crossings
from planner.network.degrees import from_degrees
from planner.network.heights import heights_on
from planner.network.lengths import segment_length_m
from planner.network.lines import Lines, lines_of
from planner.network.slope_pieces import EdgeClasses
from planner.network.slopes import slope_notes, slopes_of
from planner.network.walk_network import WalkNetwork
from planner.network.ways import Ways


def assemble(
    ways: Ways,
    crs: CRS,
    *,
    elevation: Path | None = None,
    notes: tuple[Note, ...] = (),
    attribution: tuple[str, ...] = (),
) -> WalkNetwork:
    """Make the network of the ways, in the study's metric system, and with the slopes of a height model if given."""
    ways = closed_off(ways if elevation is not None else _all_on_ground(ways))
    lines = lines_of(ways)
    at = crossing_vertices(lines, ways)
    barrier = lines.are(ways.barrier_id)
    cut = barrier | cut_by_crossings(lines, at) | junctions(lines)
    pieces = cut_into_pieces(lines, cut)
    edges = contract(lines, pieces, cut)
    node, ends = numbered(len(cut), edges.start, edges.end)
    start, end = (each.astype(np.int32) for each in ends)
    vertex_xy = _in_metres(lines, crs)
    halves = half_crossings(lines, pieces, at)
    of_class = lines.key[edges.line]
    private = lines.of_class([each.private for each in lines.classes])[edges.line]
    kinds = tuple(sorted({lines.classes[key].kind for key in np.flatnonzero(np.bincount(of_class))}))
    place_of_kind = {kind: place for place, kind in enumerate(kinds)}
    segment_m = _segment_lengths(lines, edges)
    length_m = np.add.reduceat(segment_m, edges.first[:-1])
    for_slopes = EdgeClasses.of(lines, edges)
    heights = None if elevation is None else heights_on(elevation, lines, edges, for_slopes, length_m)
    slopes = slopes_of(edges, for_slopes, segment_m, length_m, heights)
    stairs = _stairs(lines, edges)
    if heights is not None:
        stairs = heights.stairs(edges, stairs, for_slopes.unknown_steps)
    return WalkNetwork(
        crs=crs,
        node_xy=vertex_xy[node],
        start=start,
        end=end,
        length_m=length_m,
        stairs=stairs,
        signal_halves=_sum_by_edge(halves.signalled, edges),
        crossing_halves=_sum_by_edge(halves.plain, edges),
        private_area=_private_areas(start, end, private, len(node)),
        kind=np.array([place_of_kind.get(each.kind, 0) for each in lines.classes], dtype=np.uint8)[of_class],
        shape_first=edges.first,
        shape_xy=vertex_xy[lines.vertex[edges.position]],
        kinds=kinds,
        notes=notes + slope_notes(slopes, for_slopes, length_m, heights),
        attribution=attribution,
        barrier_node=np.flatnonzero(barrier[node]).astype(np.int32),
        level_m=slopes.level_m,
        level_back_m=slopes.level_back_m,
        steepest=slopes.steepest,
        steepest_back=slopes.steepest_back,
        slope_from=slopes.slope_from,
        wheels=np.array([each.wheels for each in lines.classes], dtype=np.int8)[of_class],
    )


def _all_on_ground(ways: Ways) -> Ways:
    """Return the ways without a word about bridges and tunnels: without a height model they are paths like others."""
    return replace(ways, classes=tuple(each._replace(off_ground=False) for each in ways.classes))


def junctions(lines: Lines) -> npt.NDArray[np.bool_]:
    """Whether anything but the middle of one path is at each vertex: a dead end, a junction, a change of class."""
    count = len(lines.vertex_id)
    along = np.flatnonzero(lines.line[:-1] == lines.line[1:])
    tail, head, key = lines.vertex[along], lines.vertex[along + 1], lines.key[lines.line[along]]
    arrivals = np.bincount(head, minlength=count)
    degree = arrivals + np.bincount(tail, minlength=count)
    key_sum = np.bincount(head, weights=key, minlength=count) + np.bincount(tail, weights=key, minlength=count)
    one_of = np.zeros(count, dtype=np.int64)
    one_of[tail] = key
    one_of[head] = key
    led_up = np.array([each.leads_up for each in lines.classes], dtype=bool)[one_of]
    return (degree != 2) | (key_sum != 2 * one_of) | (led_up & (arrivals != 1))


def _in_metres(lines: Lines, crs: CRS) -> npt.NDArray[np.float64]:
    """Return the position of every vertex in the study's metric system, shape (vertices, 2)."""
    lon, lat = np.empty(len(lines.vertex_id)), np.empty(len(lines.vertex_id))
    lon[lines.vertex], lat[lines.vertex] = lines.lon, lines.lat
    return np.column_stack(from_degrees(crs).transform(lon, lat))


def _segment_lengths(lines: Lines, edges: Edges) -> npt.NDArray[np.float64]:
    """Return the metres from each place of the edges to the next; 0 from the last place of an edge."""
    lon, lat = lines.lon[edges.position], lines.lat[edges.position]
    segment_m = np.append(segment_length_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    segment_m[edges.first[1:] - 1] = 0.0
    return segment_m


def _stairs(lines: Lines, edges: Edges) -> npt.NDArray[np.int8]:
    stairs = np.array([each.stairs for each in lines.classes], dtype=np.int8)[lines.key[edges.line]]
    return np.where((stairs == 1) & ~edges.forward, np.int8(-1), stairs)


def _sum_by_edge(halves: npt.NDArray[np.int64], edges: Edges) -> npt.NDArray[np.uint8]:
    total = np.bincount(edges.piece_edge, weights=halves[edges.piece], minlength=len(edges.start))
    return np.minimum(total, 255).astype(np.uint8)


def _private_areas(
    start: npt.NDArray[np.int32], end: npt.NDArray[np.int32], private: npt.NDArray[np.bool_], nodes: int
) -> npt.NDArray[np.int32]:
    """Return the connected piece of private edges each edge is in, counted from 1 in their order; 0 is public."""
    area = np.zeros(len(start), dtype=np.int32)
    links = sparse.coo_array(
        (np.ones(private.sum(), dtype=np.int8), (start[private], end[private])), shape=(nodes,) * 2
    )
    _, component = csgraph.connected_components(links, directed=False)
    found, first, place = np.unique(component[start[private]], return_index=True, return_inverse=True)
    number = np.empty(len(found), dtype=np.int32)
    number[np.argsort(first)] = np.arange(1, len(found) + 1)
    area[private] = number[place]
    return area
