"""Small random networks with everything that can go wrong: loops, parallel paths, steps, private areas,
residents' passages, islands."""

import numpy as np
from pyproj import CRS
from scipy import sparse
from scipy.sparse import csgraph

from planner.network import WalkNetwork

METRES = CRS.from_epsg(4547)
WEST, SOUTH = 500_000.0, 3_300_000.0
CORNER = np.array([WEST, SOUTH])


def build(
    node_xy,
    start,
    end,
    *,
    stairs=None,
    private=None,
    length_m=None,
    signal=None,
    crossing=None,
    bends=None,
    residents_only=(),
) -> WalkNetwork:
    """Make a network from nodes (metres from the town's corner) and edges; straight unless `bends` gives vertices."""
    node_xy = np.asarray(node_xy, dtype=float).reshape(-1, 2) + CORNER
    start, end = np.asarray(start, dtype=np.int32), np.asarray(end, dtype=np.int32)
    count = len(start)
    bends = bends or {}
    shapes = [
        np.vstack([node_xy[a], *(np.asarray(v, dtype=float) + CORNER for v in bends.get(e, [])), node_xy[b]])
        for e, (a, b) in enumerate(zip(start, end, strict=True))
    ]
    if length_m is None:
        length_m = [np.hypot(*np.diff(shape, axis=0).T).sum() for shape in shapes]
    zeros = np.zeros(count)
    return WalkNetwork(
        crs=METRES,
        node_xy=node_xy,
        start=start,
        end=end,
        length_m=np.asarray(length_m, dtype=float),
        stairs=np.asarray(zeros if stairs is None else stairs, dtype=np.int8),
        signal_halves=np.asarray(zeros if signal is None else signal, dtype=np.uint8),
        crossing_halves=np.asarray(zeros if crossing is None else crossing, dtype=np.uint8),
        private_area=np.asarray(zeros if private is None else private, dtype=np.int32),
        kind=np.zeros(count, dtype=np.uint8),
        shape_first=np.cumsum([0] + [len(shape) for shape in shapes]),
        shape_xy=np.vstack(shapes) if shapes else np.empty((0, 2)),
        kinds=("footway",),
        residents_only=np.asarray(residents_only, dtype=np.bool_),
    )


def random_network(seed: int) -> WalkNetwork:
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(2, 25))
    count = int(rng.integers(1, 3 * nodes))
    xy = np.round(rng.uniform(0, 400, (nodes, 2)), 1)
    start, end = rng.integers(0, nodes, (2, count))
    bends = {}
    for e in range(count):
        if start[e] == end[e] or rng.random() < 0.2:
            bends[e] = np.round(xy[start[e]] + rng.uniform(-60, 60, (2, 2)), 1)
    stairs = rng.choice([0, 0, 0, 0, 1, -1, 2], count)
    signal, crossing = rng.choice([0, 0, 0, 1, 2], (2, count))
    length = np.round(rng.uniform(0, 200, count), int(rng.integers(0, 3)))
    private = _areas(start, end, rng.random(count) < rng.choice([0.0, 0.2, 0.5]), nodes)
    residents_only = rng.random(nodes) < rng.choice([0.0, 0.3, 0.8])
    return build(
        xy,
        start,
        end,
        stairs=stairs,
        private=private,
        signal=signal,
        crossing=crossing,
        bends=bends,
        length_m=None if rng.random() < 0.5 else length,
        residents_only=residents_only,
    )


def _areas(start, end, private, nodes):
    """Number the pieces of private edges that hang together at nodes; now and then split one, for areas may touch."""
    links = sparse.coo_array((np.ones(private.sum()), (start[private], end[private])), shape=(nodes, nodes))
    piece = csgraph.connected_components(links, directed=False)[1]
    half = np.arange(len(start)) % 2
    return np.where(private, 1 + 2 * piece[start] + half, 0)
