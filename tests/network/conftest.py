"""Networks made from a few nodes and ways."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.network import WalkNetwork, load_network
from tests.network.osm_xml import Nodes, Ways, write_osm

CRS = "EPSG:4547"


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("PLANNER_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def network_of(tmp_path: Path) -> Callable[..., WalkNetwork]:
    """Load the network of a few nodes and ways."""

    def load(nodes: Nodes, ways: Ways, **options: str) -> WalkNetwork:
        return load_network(write_osm(tmp_path / "town.osm", nodes, ways, **options), CRS, cache=False)

    return load


def edge_table(network: WalkNetwork) -> list[tuple]:
    """Everything about every edge, as rows that can be compared."""
    return [
        (
            *network.node_xy[network.start[edge]].round(3),
            *network.node_xy[network.end[edge]].round(3),
            round(float(network.length_m[edge]), 6),
            int(network.stairs[edge]),
            int(network.signal_halves[edge]),
            int(network.crossing_halves[edge]),
            bool(network.private_area[edge]),
            network.kinds[network.kind[edge]],
            network.shape_xy[network.shape_first[edge] : network.shape_first[edge + 1]].round(3).tolist(),
        )
        for edge in np.arange(network.edge_count)
    ]
