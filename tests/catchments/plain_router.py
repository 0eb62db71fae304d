"""Another pedestrian router, as plain as can be: every vertex of every way is a node, SciPy finds the shortest path.

It shares no code with the planner: rules, lengths, positions along the ways and search are all its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
import shapely
from pyproj import Geod, Transformer
from scipy import sparse
from scipy.sparse import csgraph

GEOD = Geod(ellps="WGS84")
PERMITTED = {"yes", "designated", "permissive", "official"}
BELONGING = {"private", "permit", "customers", "residents", "delivery", "employees", "members", "military"}
STREETS = {f"{kind}{link}" for kind in ("trunk", "primary", "secondary", "tertiary") for link in ("", "_link")} | {
    *("unclassified", "residential", "living_street", "service", "road", "track", "footway", "path", "pedestrian"),
    *("steps", "corridor", "platform", "elevator", "bridleway"),
}


def anybody_walks(tags: dict[str, str]) -> bool:
    """Whether strangers walk on a way."""
    highway, foot, access = (tags.get(key) for key in ("highway", "foot", "access"))
    if highway not in STREETS | {"cycleway"} or tags.get("route") == "ferry":
        return False
    if foot is not None:
        if foot in PERMITTED:
            return True
        if foot in {"no", "use_sidepath", "destination"} | BELONGING:
            return False
    closed = access == "no" or access in BELONGING or tags.get("motorroad") == "yes" or tags.get("service") == "private"
    return not closed and highway != "cycleway"


def nobody_passes(tags: dict[str, str]) -> bool:
    """Whether a node is a barrier closed to everybody."""
    gaps = {"no", "kerb", "entrance", "bollard", "block", "cycle_barrier", "cattle_grid", "toll_booth"}
    if tags.get("barrier", "no") in gaps or tags.get("foot") in PERMITTED | BELONGING | {"destination"}:
        return False
    return tags.get("foot") == "no" or tags.get("access") == "no" or tags.get("locked") == "yes"


class PlainRouter:
    """The public ways of a file, segment by segment."""

    def __init__(self, path: Path) -> None:
        segments = list(_segments(path))
        ends = [[end for end, _ in pair] for pair in segments]
        self.nodes, flat = np.unique(np.array(ends, dtype=np.int64), return_inverse=True)
        self.tail, self.head = flat.reshape(-1, 2).T
        self.lonlat = np.array([[place for _, place in pair] for pair in segments])
        self.length_m = GEOD.inv(*self.lonlat[:, 0].T, *self.lonlat[:, 1].T)[2]
        links = sparse.coo_array((self.length_m, (self.tail, self.head)), shape=(len(self.nodes),) * 2)
        piece = csgraph.connected_components(links, directed=False)[1]
        self.in_largest = (piece == np.bincount(piece).argmax())[self.tail]

    def random_places(self, count: int, seed: int) -> tuple[npt.NDArray, npt.NDArray, npt.NDArray]:
        """Return places spread evenly over the largest connected piece: segment, share of its length, lon and lat."""
        rng = np.random.default_rng(seed)
        weight = self.length_m * self.in_largest
        segment = rng.choice(len(self.tail), count, p=weight / weight.sum())
        share = rng.uniform(0, 1, count)
        begin, end = self.lonlat[segment, 0], self.lonlat[segment, 1]
        return segment, share, begin + share[:, None] * (end - begin)

    def beside_paths(
        self, count: int, seed: int, within_m: float
    ) -> tuple[npt.NDArray, npt.NDArray, npt.NDArray, npt.NDArray]:
        """Return places off the paths: the nearest segment of the largest piece, where on it, how far, lon and lat."""
        west, south = self.lonlat[self.in_largest].min(axis=(0, 1))
        east, north = self.lonlat[self.in_largest].max(axis=(0, 1))
        lonlat = np.random.default_rng(seed).uniform((west, south), (east, north), (20 * count, 2))
        map_m = Transformer.from_crs(
            4326, f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2}", always_xy=True
        )
        drawn = np.flatnonzero(self.in_largest)
        ends = np.stack(map_m.transform(*self.lonlat[drawn].reshape(-1, 2).T), axis=1).reshape(-1, 2, 2)
        lines, points = shapely.linestrings(ends), shapely.points(*map_m.transform(*lonlat.T))
        nearest = shapely.STRtree(lines).query_nearest(points, max_distance=within_m, all_matches=False)
        point, line = nearest[:, :count]
        share = shapely.line_locate_point(lines[line], points[point], normalized=True)
        return drawn[line], np.nan_to_num(share), shapely.distance(lines[line], points[point]), lonlat[point]

    def walks_m(
        self, segment: npt.NDArray, share: npt.NDArray, pairs: npt.NDArray, limit_m: float
    ) -> npt.NDArray[np.float64]:
        """Return the metres from place `pairs[k, 0]` to place `pairs[k, 1]`; infinite beyond the limit."""
        place = len(self.nodes) + np.arange(len(segment))
        tail, head, length_m = self._with_places(segment, share, place)
        graph = sparse.coo_array((length_m, (tail, head)), shape=(place[-1] + 1,) * 2).tocsr()
        found = np.full(len(pairs), np.inf)
        for some in np.array_split(np.arange(len(pairs)), max(1, len(pairs) // 100)):
            walk = csgraph.dijkstra(graph, directed=False, indices=place[pairs[some, 0]], limit=limit_m)
            found[some] = walk[np.arange(len(some)), place[pairs[some, 1]]]
        return found

    def _with_places(self, segment: npt.NDArray, share: npt.NDArray, place: npt.NDArray) -> tuple[npt.NDArray, ...]:
        """Return the segments, those with places on them cut there; the shorter of two between the same nodes."""
        kept = np.ones(len(self.tail), dtype=bool)
        kept[segment] = False
        rows = list(zip(self.tail[kept], self.head[kept], self.length_m[kept], strict=True))
        order = np.lexsort((share, segment))
        for one, group in itertools.groupby(order, key=lambda k: segment[k]):
            at, passed = self.tail[one], 0.0
            for k in group:
                rows.append((at, place[k], (share[k] - passed) * self.length_m[one]))
                at, passed = place[k], share[k]
            rows.append((at, self.head[one], (1 - passed) * self.length_m[one]))
        tail, head, length_m = np.array(rows).T
        low, high = np.minimum(tail, head).astype(int), np.maximum(tail, head).astype(int)
        order = np.lexsort((length_m, high, low))
        first = np.unique(np.stack([low, high])[:, order], axis=1, return_index=True)[1]
        chosen = order[first]
        return low[chosen], high[chosen], np.maximum(length_m[chosen], 1e-9)


def _segments(path: Path) -> Iterator[tuple[tuple[int, tuple[float, float]], ...]]:
    """Yield both ends of every public segment: the node and its position. A closed node is another one each time."""
    closed: set[int] = set()
    fresh = itertools.count(10**15)
    for each in (
        osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway", "barrier"))
    ):
        if each.is_node() and nobody_passes(dict(each.tags)):
            closed.add(each.id)
        elif each.is_way() and anybody_walks(dict(each.tags)):
            nodes = [(n.ref, (n.lon, n.lat)) if n.location.valid() else None for n in each.nodes]
            for pair in itertools.pairwise(nodes):
                if None not in pair and pair[0][0] != pair[1][0]:
                    yield tuple((next(fresh) if ref in closed else ref, place) for ref, place in pair)
