"""Distances on real streets agree with those of a router that shares no code with ours."""

import geopandas as gpd
import numpy as np
import pytest

from planner.catchments import walking_costs
from planner.model import Walker
from planner.network import load_network
from tests.catchments.plain_router import GEOD, PlainRouter
from tests.real_data import real_data

FARTHEST_M = 4000.0


def far_apart(lonlat: np.ndarray, near_m: float, far_m: float) -> np.ndarray:
    """Return for each place, where there is one, the first other place that is neither too near nor too far."""
    pairs = []
    for k, place in enumerate(lonlat):
        away_m = GEOD.inv(*np.broadcast_to(place, lonlat.shape).T, *lonlat.T)[2]
        fitting = np.flatnonzero((away_m >= near_m) & (away_m <= far_m))
        pairs += [(k, fitting[k % len(fitting)])] if len(fitting) else []
    return np.array(pairs)


@pytest.mark.parametrize(
    ("name", "places"),
    [("helsinki/helsinki.osm.pbf", 500), ("porto/porto.osm.pbf", 400), ("beijing_haidian/haidian_2017.osm", 300)],
)
def test_distances_on_real_streets_are_those_of_an_independent_router(name: str, places: int) -> None:
    """Points anywhere along the public ways, 300 to 1,500 m apart: metres of path differ by less than a thousandth."""
    router = PlainRouter(real_data(name))
    segment, share, lonlat = router.random_places(places, seed=11)
    pairs = far_apart(lonlat, 300, 1500)
    theirs_m = router.walks_m(segment, share, pairs, FARTHEST_M)
    points = gpd.GeoSeries.from_xy(*lonlat.T, index=[f"p{k}" for k in range(places)], crs=4326)
    network = load_network(real_data(name), "auto", cache=False)
    costs = walking_costs(network, points, points, Walker("plain", speed_m_s=1.0), max_walk_m=FARTHEST_M)
    walk = costs.walk.tocsr()
    ours_m = np.array([walk[[i], [j]][0] / 1000 for i, j in pairs])
    within = np.isfinite(theirs_m)
    assert within.sum() > 0.8 * places
    assert np.mean((ours_m > 0) != within) < 0.005
    both = within & (ours_m > 0)
    differing = np.abs(ours_m[both] - theirs_m[both]) / theirs_m[both]
    assert np.median(differing) < 0.003
    assert np.quantile(differing, 0.95) < 0.01
