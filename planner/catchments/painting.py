"""Colour in the cells from which a station is reached within the limit.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

from planner.catchments.arrays import Integers, Positions, Records
from planner.machine_code import compiled, part
from planner.network.segments import Bools, Whole

#: More milliseconds than any limit.
FAR = 2**40


@compiled
def paint(
    first: Integers,
    by_edge: Positions,
    way: Records,
    target: Positions,
    walk: Integers,
    labels: Integers,
    own: Records,
    edges: Records,
    limit: Whole,
    corner: Integers,
    corners: Bools,
) -> None:
    """Mark the corners of the cells from which a station is reached within the limit.

    Parameters
    ----------
    first, by_edge, way : arrays
        Those of `Cells`.
    target, walk : arrays, shape (found,)
        The walks to the station from the ends of the edges: twice the edge, and one more for its end.
    labels : array of int64, shape (2 * edges,)
        `FAR` everywhere, and again when this is done.
    own : array of records
        Where the station stands.
    edges : array of records, shape (edges,)
        As the search walks them.
    limit : int
    corner : array of int64, shape (2,)
        Column and row of the lattice's first corner.
    corners : array of bool, shape (rows, columns)
        Takes what is found.
    """
    for found in range(len(target)):
        labels[target[found]] = walk[found]
    for found in range(len(target)):
        edge, is_end = target[found] >> 1, target[found] & 1
        if is_end and labels[2 * edge] < FAR:
            continue
        on_from_start, on_from_end = labels[2 * edge], labels[2 * edge + 1]
        for place in range(first[edge], first[edge + 1]):
            out = way[by_edge[place]]
            if min(out.to_start + on_from_start, out.to_end + on_from_end) <= limit:
                _mark(out.column - corner[0], out.row - corner[1], corners)
    for access in range(len(own)):
        edge = own[access].edge
        for place in range(first[edge], first[edge + 1]):
            out = way[by_edge[place]]
            forward = out.to_start + own[access].to_end - edges[edge].ms
            backward = out.to_end + own[access].to_start - edges[edge].ms_back
            if max(forward, backward) <= limit:
                _mark(out.column - corner[0], out.row - corner[1], corners)
    for found in range(len(target)):
        labels[target[found]] = FAR


@part
def _mark(column: Whole, row: Whole, corners: Bools) -> None:
    if column < 1 or row < 1 or column + 2 >= corners.shape[1] or row + 2 >= corners.shape[0]:
        return  # nothing is ever that far; but machine code that follows the border must be able to rely on it
    corners[row, column] = True
    corners[row, column + 1] = True
    corners[row + 1, column] = True
    corners[row + 1, column + 1] = True
