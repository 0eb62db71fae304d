"""Streets of another place: a wrong file, or coordinates that were declared wrongly."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from planner.bilingual import Text
from planner.errors import Fault, NetworkError
from planner.network.walk_network import WalkNetwork

#: Homes that far from all streets are not reported one by one: the streets are those of another place.
ELSEWHERE_M = 20_000.0


def refuse_streets_elsewhere(network: WalkNetwork, homes: gpd.GeoSeries, file: str) -> None:
    """Refuse streets that are nowhere near any home.

    Parameters
    ----------
    network : WalkNetwork
    homes : GeoSeries of points
        In the network's system.
    file : str
        The file of the streets, as the plan names it.

    Raises
    ------
    NetworkError
        If every home lies further than 20 km from the box around the streets.
    """
    xy = homes.get_coordinates().to_numpy()
    low, high = network.node_xy.min(axis=0), network.node_xy.max(axis=0)
    away_m = np.hypot(*np.maximum(np.maximum(low - xy, xy - high), 0).T)
    if not len(xy) or (away_m <= ELSEWHERE_M).any():
        return
    nearest = np.nanmin(away_m, initial=np.inf)
    found = Text("离最近的需求点也有 {km} 公里", "{km} km from the nearest home")
    expected = Text(
        "研究区的路网；并请核对 [network] 与 [demand] 的 crs",
        "the streets of the study; check the crs of [network] and [demand] too",
    )
    raise NetworkError(
        Text("路网与需求点不在同一地区。", "The streets and the homes are not in the same place."),
        [Fault(file, found.format(km=f"{nearest / 1000:,.0f}"), expected)],
    )
