"""Graphs that OSMnx saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.loading.coordinates import to_wgs84
from planner.network.edge_table import node_tags
from planner.network.edge_ways import ways_of_edges
from planner.network.osm_file import OSM_ATTRIBUTION, unreadable
from planner.network.reading import Reading
from planner.network.tags import WAY_KEYS

_EDGE_COLUMNS = (*sorted(WAY_KEYS), "length", "reversed")


def read_graphml(source: Path, **_: Any) -> Reading:
    """Read a graph; an edge and its own way back become one path.

    Raises
    ------
    NetworkError
        If OSMnx cannot read the file.
    """
    import osmnx

    try:
        graph = osmnx.load_graphml(source)
        nodes = dict(graph.nodes(data=True))
        place = {name: (float(tags["x"]), float(tags["y"])) for name, tags in nodes.items()}
        points = gpd.GeoSeries.from_xy(*np.array(list(place.values())).reshape(-1, 2).T)
        crs = CRS.from_user_input(graph.graph.get("crs", "EPSG:4326"))
    except Exception as error:  # whatever is wrong with the file
        raise unreadable(source, error) from None
    rows = [(u, v, tags) for u, v, tags in graph.edges(data=True)]
    lines = [tags.get("geometry") or shapely.LineString([place[u], place[v]]) for u, v, tags in rows]
    columns: dict[str, Any] = {"u": [row[0] for row in rows], "v": [row[1] for row in rows]}
    for key in _EDGE_COLUMNS:
        if any(key in tags for *_, tags in rows):
            columns[key] = np.fromiter((tags.get(key) for *_, tags in rows), dtype=object, count=len(rows))
    edges = gpd.GeoDataFrame(columns, geometry=to_wgs84(gpd.GeoSeries(lines), crs))
    lonlat = to_wgs84(points, crs).get_coordinates().to_numpy()
    marked = node_tags(lonlat, list(nodes.values()))
    ways, notes = ways_of_edges(edges, marked)
    made_up = str(graph.graph.get("created_with", "")).lower().startswith("synthetic")
    return Reading(ways, () if made_up else (OSM_ATTRIBUTION,), notes)
