"""The walking engine against SciPy's bounded Dijkstra and pandana on the same streets of Porto."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

import planner
from planner.catchments.ground import Ground
from planner.catchments.reaching import nodes_reached, vertices_between
from tests.benchmarks.timing import Measured, alone, compare, installed
from tests.real_data import real_data

WALKER = planner.Walker("plain", speed_m_s=1.0)
REACH = "every vertex within 1,200 m of 20,000 junctions, Porto"
#: SciPy gets every twentieth origin: all of them take it about a minute.
SHARE = 1 / 20


@cache
def porto() -> planner.WalkNetwork:
    """Return Porto's streets."""
    return planner.load_network(real_data("porto/porto.osm.pbf"), "auto")


@cache
def origins() -> np.ndarray:
    """Return 20,000 junctions."""
    return np.random.default_rng(1).choice(porto().node_count, size=20_000, replace=False)


@cache
def links() -> sparse.csr_array:
    """Return the public paths between junctions in metres, both ways, the shortest where several are parallel."""
    network = porto()
    public = network.private_area == 0
    ends = np.stack([network.start[public], network.end[public]])
    return _undirected(ends, np.rint(network.length_m[public] * 1000) / 1000, network.node_count)


@cache
def every_vertex() -> sparse.csr_array:
    """Return the graph with all vertices of the public paths, those between junctions numbered after them."""
    network, between = porto(), vertices_between(Ground.of(porto(), WALKER), wanted=True)
    edges = np.arange(network.edge_count)
    edge = np.repeat(edges, np.diff(between.first))
    number = np.concatenate([network.start, network.node_count + np.arange(len(edge)), network.end])
    from_start = np.concatenate([0 * edges, between.vertex["from_start"], np.rint(network.length_m * 1000)])
    owner, rank = np.concatenate([edges, edge, edges]), np.repeat([0, 1, 2], [len(edges), len(edge), len(edges)])
    order = np.lexsort((np.arange(len(owner)), rank, owner))
    number, from_start, owner = number[order], from_start[order], owner[order]
    along = (owner[1:] == owner[:-1]) & (network.private_area[owner[1:]] == 0)
    ends = np.stack([number[:-1], number[1:]])[:, along]
    return _undirected(ends, np.diff(from_start)[along] / 1000, network.node_count + len(between.vertex))


def _undirected(ends: np.ndarray, length_m: np.ndarray, count: int) -> sparse.csr_array:
    rows = pd.DataFrame({"a": ends.min(axis=0), "b": ends.max(axis=0), "m": np.maximum(length_m, 1e-6)})
    rows = rows[rows["a"] != rows["b"]].groupby(["a", "b"], as_index=False)["m"].min()
    half = sparse.coo_array((rows["m"], (rows["a"], rows["b"])), shape=(count, count)).tocsr()
    return sparse.csr_array(half + half.T)


def reach_ours() -> int:
    """Find the nodes and the walks, and return how many."""
    found = nodes_reached(Ground.of(porto(), WALKER), origins(), 1_200_000, every_vertex=True)
    return sum(len(piece.reached) for piece in found)


def reach_scipy() -> Measured:
    """SciPy searches the graph of all vertices; ours contracts it and reads the vertices between off the edges."""
    some = origins()[:: round(1 / SHARE)]
    parts = np.array_split(some, 20)  # its answer is dense

    def theirs() -> int:
        return sum(np.isfinite(csgraph.dijkstra(every_vertex(), indices=part, limit=1200.0)).sum() for part in parts)

    remark = f"{reach_ours():,} vertices reached; SciPy was given 1 in 20 junctions ({theirs():,}), its time × 20"

    return compare(REACH, reach_ours, "SciPy `dijkstra(limit=)`", theirs, "70×", remark=remark, share=SHARE)


def reach_pandana() -> Measured:
    """Pandana's set-up is not counted. Its distances are compared with ours."""
    peer = "pandana `nodes_in_range`"
    if not installed("pandana"):
        return alone(REACH, reach_ours, peer, "30×")
    import pandana

    rows = every_vertex().tocoo()
    x = y = pd.Series(np.zeros(rows.shape[0]))  # where its nodes stand does not matter to the search
    half = rows.row < rows.col
    edges = pd.DataFrame({"m": rows.data[half]})
    theirs = pandana.Network(x, y, pd.Series(rows.row[half]), pd.Series(rows.col[half]), edges)
    remark = f"{reach_ours():,} vertices reached, by pandana {len(theirs.nodes_in_range(origins(), 1200.0)):,}; "
    remark += _apart(theirs)
    return compare(REACH, reach_ours, peer, lambda: theirs.nodes_in_range(origins(), 1200.0), "30×", 1, remark)


def _apart(theirs: object) -> str:
    """Say how far pandana's distances are from ours, from 500 junctions to all within 1,200 m."""
    found = nodes_reached(Ground.of(porto(), WALKER), origins()[:500], 1_200_000)
    start = np.concatenate([np.repeat(piece.origin, piece.found) for piece in found])
    reached = np.concatenate([piece.reached for piece in found])
    other_m = np.array(theirs.shortest_path_lengths(start.tolist(), reached["node"].tolist()))  # type: ignore[attr-defined]
    return f"{len(start):,} distances at most {np.abs(other_m - reached['walk'] / 1000).max() * 1000:.1f} mm apart"


def many_to_many() -> Measured:
    """2,000 homes to 500 sites within 15 minutes."""
    return _homes_to_sites(2000, 500, 1.0, "")


def very_many_to_many() -> Measured:
    """100,000 demand points and 2,000 sites: one search for each site, the smaller side."""
    return _homes_to_sites(100_000, 2000, 0.1, "SciPy was given 1 in 10 sites, its time × 10")


def _homes_to_sites(homes: int, sites: int, share: float, remark: str) -> Measured:
    network = porto()
    rng = np.random.default_rng(1)
    chosen = rng.choice(network.node_count, size=homes + sites, replace=homes + sites > network.node_count)
    xy = network.node_xy[chosen] + rng.normal(0, 5, (len(chosen), 2))
    points = gpd.GeoSeries(shapely.points(xy), index=[str(k) for k in range(len(xy))], crs=network.crs)

    def ours() -> planner.WalkingCosts:
        return planner.walking_costs(network, points.iloc[:homes], points.iloc[homes:], WALKER, 15)

    def theirs() -> object:
        return csgraph.dijkstra(links(), indices=chosen[homes:][: round(sites * share)], limit=900.0)

    remark = f"{ours().walk.nnz:,} walks; points snapped and checked; {remark}".removesuffix("; ")
    work = f"{homes:,} homes × {sites:,} sites within 15 min, Porto"
    peer = "SciPy `dijkstra(limit=)` from the sites, junctions only"
    return compare(work, ours, peer, theirs, remark=remark, share=share)


MEASURES = (reach_pandana, reach_scipy, many_to_many, very_many_to_many)
