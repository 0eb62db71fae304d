"""Distances on real streets agree with those of a router that shares no code with ours."""

from functools import cache

import geopandas as gpd
import numpy as np
import pytest

from planner.catchments import walking_costs
from planner.model import Walker
from planner.network import load_network
from tests.catchments.plain_router import GEOD, PlainRouter
from tests.real_data import real_data

FARTHEST_M = 4000.0
EXTRACTS = [("helsinki/helsinki.osm.pbf", 500), ("porto/porto.osm.pbf", 400), ("beijing_haidian/haidian_2017.osm", 300)]


def far_apart(lonlat: np.ndarray, near_m: float, far_m: float) -> np.ndarray:
    """Return for each place, where there is one, the first other place that is neither too near nor too far."""
    pairs = []
    for k, place in enumerate(lonlat):
        away_m = GEOD.inv(*np.broadcast_to(place, lonlat.shape).T, *lonlat.T)[2]
        fitting = np.flatnonzero((away_m >= near_m) & (away_m <= far_m))
        pairs += [(k, fitting[k % len(fitting)])] if len(fitting) else []
    return np.array(pairs)


@cache
def router_on(name: str) -> PlainRouter:
    return PlainRouter(real_data(name))


def ours_m(name: str, lonlat: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Return the metres between pairs of places; infinite where there is no walk."""
    points = gpd.GeoSeries.from_xy(*lonlat.T, index=[f"p{k}" for k in range(len(lonlat))], crs=4326)
    network = load_network(real_data(name), "auto", cache=False)
    costs = walking_costs(network, points, points, Walker("plain", speed_m_s=1.0), max_walk_m=FARTHEST_M)
    walk = costs.walk.tocsr()
    found = np.array([walk[[i], [j]][0] / 1000 for i, j in pairs])
    return np.where(found > 0, found, np.inf)


def assert_agreement(ours: np.ndarray, theirs: np.ndarray) -> None:
    both = np.isfinite(theirs) & np.isfinite(ours)
    differing = np.abs(ours[both] - theirs[both]) / theirs[both]
    assert np.median(differing) < 0.003
    assert np.quantile(differing, 0.95) < 0.01


@pytest.mark.parametrize(("name", "places"), EXTRACTS)
def test_distances_on_real_streets_are_those_of_an_independent_router(name: str, places: int) -> None:
    """Points anywhere along the public ways, 300 to 1,500 m apart: metres of path differ by less than a thousandth."""
    router = router_on(name)
    segment, share, lonlat = router.random_places(places, seed=11)
    pairs = far_apart(lonlat, 300, 1500)
    theirs = router.walks_m(segment, share, pairs, FARTHEST_M)
    ours = ours_m(name, lonlat, pairs)
    assert np.isfinite(theirs).sum() > 0.8 * places
    assert np.mean(np.isfinite(ours) != np.isfinite(theirs)) < 0.005
    assert_agreement(ours, theirs)


@pytest.mark.parametrize(("name", "places"), EXTRACTS)
def test_walks_from_points_off_the_paths_are_those_of_an_independent_router(name: str, places: int) -> None:
    """As users give them: the straight line onto the nearest way of the largest piece counts; all reach the same."""
    router = router_on(name)
    segment, share, off_m, lonlat = router.beside_paths(places // 2, seed=12, within_m=100)
    pairs = far_apart(lonlat, 300, 1500)
    theirs = off_m[pairs].sum(axis=1) + router.walks_m(segment, share, pairs, FARTHEST_M)
    sure = np.abs(theirs - FARTHEST_M) > 1
    ours, theirs = ours_m(name, lonlat, pairs)[sure], np.where(theirs > FARTHEST_M, np.inf, theirs)[sure]
    assert np.isfinite(theirs).sum() > 0.3 * places
    assert (np.isfinite(ours) == np.isfinite(theirs)).all()
    assert_agreement(ours, theirs)
