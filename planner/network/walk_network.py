"""The paths people walk on, as arrays made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from scipy import sparse
from scipy.sparse import csgraph

from planner.model import Note, Walker


class Adjacency(NamedTuple):
    """Edges leaving each node: those of node n stand at `first[n]:first[n + 1]`."""

    first: npt.NDArray[np.int64]
    neighbour: npt.NDArray[np.int32]
    edge: npt.NDArray[np.int32]
    forward: npt.NDArray[np.bool_]


_UNLESS_SAID = ("steepest", "steepest_back", "slope_from", "wheels")


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Junctions and the paths between them. Every edge is walked in both directions and has one kind from end to end.

    Nodes where only two pieces of the same kind meet are contracted into the shape of one edge, so positions along an
    edge stay exact. Loops and parallel edges are allowed.

    Parameters
    ----------
    crs : CRS
        The metric system of the coordinates.
    node_xy : array of float64, shape (nodes, 2)
    start, end : arrays of int32, shape (edges,)
        Node positions.
    length_m : array of float64, shape (edges,)
        Geodesic length on the ellipsoid, metres, not the length on the map plane.
    stairs : array of int8, shape (edges,)
        +1 steps up from start to end, -1 down, 2 steps of unknown direction, 0 none.
    signal_halves, crossing_halves : arrays of uint8, shape (edges,)
        Half crossings on the edge, signalled and plain: see `Walker.walk_ms`.
    private_area : array of int32, shape (edges,)
        0 public; otherwise the number of the connected piece of private ways (`access=private` and the like) to which
        the edge belongs. Private ways serve what lies on them; nobody passes through.
    kind : array of uint8, shape (edges,)
        Position in `kinds`: for drawing.
    shape_first : array of int64, shape (edges + 1,)
    shape_xy : array of float64, shape (vertices, 2)
        Vertices of edge e from start to end, ends included: `shape_xy[shape_first[e]:shape_first[e + 1]]`.
    kinds : tuple of str
        Values of OpenStreetMap's `highway` that occur.
    barrier_node : array of int32
        Nodes with a gate, a bollard or another barrier on the path.
    level_m, level_back_m : arrays of float64, shape (edges,)
        Metres on the level that take as long as the edge, from start to end and back; `length_m` where not given.
    steepest, steepest_back : arrays of float64, shape (edges,)
        Steepest rise on the way from start to end and back, as a share of the length; 0 where nothing is known.
    slope_from : array of uint8, shape (edges,)
        0 nothing is known about slopes, 1 `incline` says it, 2 a height model does.
    wheels : array of int8, shape (edges,)
        -1 closed to wheelchairs; 1 steps with a ramp for prams, 2 for wheelchairs too; 0 nothing is said.
    residents_only : array of bool, shape (nodes,), or empty for none
        Passages of the private areas that touch here which only their own residents may use. Who sets out in an area
        goes out of it and back in wherever its paths lead; visitors of what lies in it enter it at other nodes only.
    own_areas : tuple of (str, int)
        Compounds that were enclosed, each with the private area of its paths; 0 where it has none that a gate leads to.
        Nobody else gets onto these paths but through a gate. See `planner.network.enclosures`.
    lanes_inside : tuple of (str, tuple of int)
        Edges within the boundary of a compound that a change opens to everybody: its own people get onto them as well.
        Numbers of edges are those of this network: compounds are enclosed last.
    """

    crs: CRS
    node_xy: npt.NDArray[np.float64]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    length_m: npt.NDArray[np.float64]
    stairs: npt.NDArray[np.int8]
    signal_halves: npt.NDArray[np.uint8]
    crossing_halves: npt.NDArray[np.uint8]
    private_area: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    shape_first: npt.NDArray[np.int64]
    shape_xy: npt.NDArray[np.float64]
    kinds: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    attribution: tuple[str, ...] = field(default=())
    barrier_node: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    level_m: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    level_back_m: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    steepest: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    steepest_back: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    slope_from: npt.NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, dtype=np.uint8))
    wheels: npt.NDArray[np.int8] = field(default_factory=lambda: np.empty(0, dtype=np.int8))
    residents_only: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    own_areas: tuple[tuple[str, int], ...] = ()
    lanes_inside: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Make what nobody gave: paths on the level, about which nothing more is said."""
        level = {"level_m": self.length_m, "level_back_m": self.length_m}
        nothing = {name: np.zeros(len(self.start), getattr(self, name).dtype) for name in _UNLESS_SAID}
        for name, values in (level | nothing).items():
            if len(getattr(self, name)) != len(values):
                object.__setattr__(self, name, values)

    @property
    def node_count(self) -> int:
        """Number of junctions, dead ends and changes of kind."""
        return len(self.node_xy)

    @property
    def edge_count(self) -> int:
        """Number of paths between them."""
        return len(self.start)

    @cached_property
    def lines(self) -> npt.NDArray[np.object_]:
        """The edges as shapely lines, shape (edges,)."""
        owner = np.repeat(np.arange(self.edge_count), np.diff(self.shape_first))
        return shapely.linestrings(self.shape_xy, indices=owner)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index over `lines`."""
        return shapely.STRtree(self.lines)

    @cached_property
    def adjacency(self) -> Adjacency:
        """Edges by node, both directions."""
        tail = np.concatenate([self.start, self.end])
        head = np.concatenate([self.end, self.start])
        edge = np.concatenate([np.arange(self.edge_count, dtype=np.int32)] * 2)
        forward = np.repeat([True, False], self.edge_count)
        order = np.lexsort((edge, tail))
        first = np.zeros(self.node_count + 1, dtype=np.int64)
        np.cumsum(np.bincount(tail, minlength=self.node_count), out=first[1:])
        return Adjacency(first, head[order].astype(np.int32), edge[order], forward[order])

    @cached_property
    def component(self) -> npt.NDArray[np.int32]:
        """Number of the connected piece of network each node belongs to, 0 the largest, shape (nodes,)."""
        links = sparse.coo_array(
            (np.ones(self.edge_count, dtype=np.int8), (self.start, self.end)), shape=(self.node_count,) * 2
        )
        _, label = csgraph.connected_components(links, directed=False)
        by_size = np.argsort(-np.bincount(label), kind="stable")
        rank = np.empty_like(by_size)
        rank[by_size] = np.arange(len(by_size))
        return rank[label].astype(np.int32)

    def walk_ms(self, walker: Walker) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return each edge's time forward and backward, whole milliseconds; -1 where the walker cannot pass."""
        backward_stairs = np.where(np.abs(self.stairs) == 1, -self.stairs, self.stairs).astype(np.int8)
        halves = self.signal_halves, self.crossing_halves
        ahead = walker.walk_ms(
            self.length_m, self.stairs, *halves, level_m=self.level_m, steepest=self.steepest, wheels=self.wheels
        )
        back = walker.walk_ms(
            self.length_m,
            backward_stairs,
            *halves,
            level_m=self.level_back_m,
            steepest=self.steepest_back,
            wheels=self.wheels,
        )
        return ahead, back

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the edges as a table: `start`, `end`, `length_m`, `stairs`, `private_area`, `kind`, geometry."""
        return gpd.GeoDataFrame(
            {
                "start": self.start,
                "end": self.end,
                "length_m": self.length_m,
                "stairs": self.stairs,
                "private_area": self.private_area,
                "kind": np.array(self.kinds or ("",), dtype=object)[self.kind],
            },
            geometry=self.lines,
            crs=self.crs,
        )
