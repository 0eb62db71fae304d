"""The promises hold on the streets of a real city, of which every random network is only a sketch."""

import geopandas as gpd
import numpy as np
import pytest

from planner.catchments import draw_catchments, walking_costs, walks_to_nearest
from planner.network import load_network
from tests.real_data import real_data


@pytest.fixture(scope="module")
def helsinki():
    return load_network(real_data("helsinki/helsinki.osm.pbf"), crs="EPSG:3879", cache=False)


def places(network, count, seed):
    rng = np.random.default_rng(seed)
    xy = network.shape_xy[rng.integers(0, len(network.shape_xy), count)] + rng.normal(0, 60, (count, 2))
    return gpd.GeoSeries.from_xy(*xy.T, index=[f"{seed}-{k}" for k in range(count)], crs=network.crs)


@pytest.mark.parametrize("walker", ["adult", "wheelchair"])
def test_every_covered_home_of_a_city_lies_inside(helsinki, walker):
    homes, stations = places(helsinki, 4000, 1), places(helsinki, 12, 2)
    costs = walking_costs(helsinki, homes, stations, walker, 8)
    areas = draw_catchments(helsinki, stations, walker, 8)
    assert areas.is_valid.all()
    for station, area in areas.geometry.items():
        served = costs.walk[:, [costs.destinations.get_loc(station)]].tocoo().coords[0]
        assert homes.iloc[served].within(area).all()


def test_the_nearest_station_is_the_least_of_all_walks(helsinki):
    homes, stations = places(helsinki, 1000, 3), places(helsinki, 12, 4)
    walks = walking_costs(helsinki, homes, stations, "elderly", 10_000).to_frame()["walk_min"]
    nearest = walks_to_nearest(helsinki, homes, stations, "elderly")
    least = walks.groupby(level="origin").min().reindex(homes.index)
    assert (least.notna().to_numpy() == nearest.reached).all()
    assert (least.to_numpy()[nearest.reached] == nearest.walk[nearest.reached] / 60_000).all()
