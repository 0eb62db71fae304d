"""Streets of another place are refused; homes that are merely far away are not."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.errors import NetworkError
from planner.network import refuse_streets_elsewhere
from tests.town import CRS, ORIGIN, town_network


def homes(*east_m: float) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(ORIGIN + np.array([east, 0.0])) for east in east_m], crs=CRS)


@pytest.mark.parametrize("east_m", [(0.0, 90_000.0), (21_199.0,), (-20_000.0,)])
def test_one_home_within_20_km_is_enough(east_m: tuple[float, ...]) -> None:
    refuse_streets_elsewhere(town_network(), homes(*east_m), "streets.osm")


@pytest.mark.parametrize(("east_m", "km"), [((31_200.0, 90_000.0), "30 km"), ((-500_000.0,), "500 km")])
def test_homes_that_are_all_further_are_refused_with_the_distance(east_m: tuple[float, ...], km: str) -> None:
    with pytest.raises(NetworkError, match=f"streets.osm: {km}"):
        refuse_streets_elsewhere(town_network(), homes(*east_m), "streets.osm")


def test_streets_at_no_finite_place_are_refused() -> None:
    network = town_network()
    network.node_xy[:] = np.inf
    with pytest.raises(NetworkError):
        refuse_streets_elsewhere(network, homes(0.0), "streets.osm")
