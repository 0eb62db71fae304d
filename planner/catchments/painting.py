"""Write into the cells how long the walk from each takes.

Imported only when a catchment is drawn, for it brings Numba with it.
"""

from __future__ import annotations

from planner.catchments.arrays import Integers, Positions, Records
from planner.machine_code import compiled, part
from planner.network.segments import Whole

#: More milliseconds than any walk to an edge.
FAR = 2**40


@compiled
def paint(
    first: Integers,
    way: Records,
    target: Positions,
    walk: Integers,
    labels: Integers,
    own: Records,
    edges: Records,
    corner: Integers,
    walks: Positions,
) -> None:
    """Write the shortest walk from the centre of each cell to a station.

    Parameters
    ----------
    first, way : arrays
        Those of `Cells`.
    target, walk : arrays, shape (found,)
        The walks to the station from the ends of the edges: twice the edge, and one more for its end.
    labels : array of int64, shape (2 * edges,)
        `FAR` everywhere, and again when this is done.
    own : array of records
        Where the station stands.
    edges : array of records, shape (edges,)
        As the search walks them.
    corner : array of int64, shape (2,)
        Column and row of the first cell of the canvas.
    walks : array of int32, shape (rows, columns)
        Milliseconds: takes what is shorter than what it holds.
    """
    for found in range(len(target)):
        labels[target[found]] = walk[found]
    for found in range(len(target)):
        edge, is_end = target[found] >> 1, target[found] & 1
        if is_end and labels[2 * edge] < FAR:
            continue
        on_from_start, on_from_end = labels[2 * edge], labels[2 * edge + 1]
        for place in range(first[edge], first[edge + 1]):
            _keep(way, place, min(way[place].to_start + on_from_start, way[place].to_end + on_from_end), corner, walks)
    for access in range(len(own)):
        edge = own[access].edge
        for place in range(first[edge], first[edge + 1]):
            forward = way[place].to_start + own[access].to_end - edges[edge].ms
            backward = way[place].to_end + own[access].to_start - edges[edge].ms_back
            _keep(way, place, max(forward, backward), corner, walks)
    for found in range(len(target)):
        labels[target[found]] = FAR


@part
def _keep(way: Records, place: Whole, walk: Whole, corner: Integers, walks: Positions) -> None:
    """Keep the walk of a cell if it is the shortest so far; cells outside of the canvas are too far."""
    column, row = way[place].column - corner[0], way[place].row - corner[1]
    inside = row >= 1 and column >= 1 and row + 1 < walks.shape[0] and column + 1 < walks.shape[1]
    if inside and walk < walks[row, column]:
        walks[row, column] = walk
