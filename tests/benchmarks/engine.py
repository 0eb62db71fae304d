"""The walking engine against SciPy's bounded Dijkstra on the same network."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

import planner
from tests.benchmarks.timing import Measured, compare
from tests.real_data import real_data

WALKER = planner.Walker("plain", speed_m_s=1.0)


def porto_many_to_many() -> Measured:
    """2,000 homes to 500 sites within 15 minutes on Porto's streets."""
    network = planner.load_network(real_data("porto/porto.osm.pbf"), "auto")
    chosen = np.random.default_rng(1).choice(network.node_count, size=2500, replace=False)
    points = gpd.GeoSeries(shapely.points(network.node_xy[chosen]), index=[str(k) for k in chosen], crs=network.crs)
    homes, sites = points.iloc[:2000], points.iloc[2000:]
    forward, _ = network.walk_ms(WALKER)
    count = network.node_count
    links = sparse.coo_array((forward, (network.start, network.end)), shape=(count, count)).tocsr()

    def theirs() -> object:
        return csgraph.dijkstra(links, directed=False, indices=chosen[2000:], limit=900_000.0)

    def ours() -> object:
        return planner.walking_costs(network, homes, sites, WALKER, 15)

    return compare(
        "2,000 homes × 500 sites within 15 min, Porto", ours, "SciPy `dijkstra(limit=)`, junctions only", theirs
    )


def porto_reading() -> Measured:
    """Porto's streets from the file to a network, and from the cache."""
    streets = real_data("porto/porto.osm.pbf")
    return compare(
        "Porto `.osm.pbf` from the cache",
        lambda: planner.load_network(streets, "auto"),
        "ours, afresh",
        lambda: planner.load_network(streets, "auto", cache=False),
    )


MEASURES = (porto_reading, porto_many_to_many)
