"""Heights along the paths: on the ground, and on bridges and in tunnels straight between their ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planner.network.contraction import Edges
from planner.network.lines import Lines
from planner.network.off_ground import bridged_heights
from planner.network.slope_pieces import EdgeClasses, SlopePieces, segments_on
from planner.network.terrain import Terrain, read_terrain

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Steps whose ends differ by less than this in a height model may lead either way.
STEPS_RISE_M = 0.5


@dataclass(frozen=True, eq=False)
class Heights:
    """Heights along the edges, from a model of the ground.

    Parameters
    ----------
    terrain : Terrain
    lon, lat : arrays of float64, shape (places,)
        Of the places of the edges.
    vertex_m : array of float64, shape (vertices,)
        Height of every vertex where an edge ends, NaN where it is not known: the ground's, and between the ends of a
        bridge or tunnel the bridge's own.
    on_ground : array of bool, shape (vertices,)
        Whether a vertex touches no bridge and no tunnel.
    """

    terrain: Terrain
    lon: Floats
    lat: Floats
    vertex_m: Floats
    on_ground: Flags

    def rise_m(self, edges: Edges) -> Floats:
        """Return how much higher each edge ends than it starts."""
        return np.asarray(self.vertex_m[edges.end] - self.vertex_m[edges.start], dtype=np.float64)

    def stairs(self, edges: Edges, stairs: npt.NDArray[np.int8], unknown: Flags) -> npt.NDArray[np.int8]:
        """Return the direction of steps, where it was unknown as the ground has it."""
        rise_m = self.rise_m(edges)
        told = unknown & (np.abs(rise_m) >= STEPS_RISE_M) & self.on_ground[edges.start] & self.on_ground[edges.end]
        return np.where(told, np.sign(np.nan_to_num(rise_m)), stairs).astype(np.int8)

    def draped_pieces(self, edges: Edges, chosen: Flags, segment_m: Floats) -> SlopePieces:
        """Lay some edges on the ground: segments longer than a cell are cut into equal pieces."""
        edge, place = segments_on(edges, chosen)
        length_m = segment_m[place]
        count = np.maximum(np.ceil(length_m / self.terrain.step_m), 1).astype(np.int64)
        segment = np.repeat(np.arange(len(place)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        begin_m, end_m = (self._at(place[segment], (within + side) / count[segment]) for side in (0, 1))
        run_m = length_m[segment] / count[segment]
        slope = np.divide(end_m - begin_m, run_m, out=np.zeros(len(segment)), where=run_m > 0)
        return SlopePieces(edge[segment], place[segment], slope)

    def _at(self, place: Integers, share: Floats) -> Floats:
        """Return the height of the ground at a share of the segments that begin at some places."""
        lon = self.lon[place] + share * (self.lon[place + 1] - self.lon[place])
        lat = self.lat[place] + share * (self.lat[place + 1] - self.lat[place])
        return self.terrain.height_m(lon, lat)


def heights_on(elevation: Path, lines: Lines, edges: Edges, classes: EdgeClasses, length_m: Floats) -> Heights:
    """Read the heights of all edges.

    Raises
    ------
    NetworkError
        If the file cannot be used.
    """
    lon, lat = lines.lon[edges.position], lines.lat[edges.position]
    terrain = read_terrain(elevation, lon, lat)
    place = lines.vertex[edges.position]
    vertex_m = np.full(len(lines.vertex_id), np.nan)
    vertex_m[place] = terrain.height_m(lon, lat)
    ends = (edges.start, edges.end)
    on_ground, grounded = np.ones(len(vertex_m), dtype=bool), np.zeros(len(vertex_m), dtype=bool)
    for side in ends:
        on_ground[side[classes.off_ground]] = False
        grounded[side[~classes.off_ground & ~classes.without_slope]] = True
    bridges = classes.off_ground & ~classes.without_slope
    vertex_m = bridged_heights(vertex_m, ends, length_m, bridges, grounded)
    return Heights(terrain, lon, lat, vertex_m, on_ground)
