"""Measures counted by hand on six demand points and two stations."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from shapely import Point, box

from planner.coverage import measure_coverage, measure_need, nearest_open
from planner.coverage.measures import weighted_quantile
from planner.errors import InputError, TableError
from planner.model import Areas, CandidateSites, Demand, Need, ServiceStandard, Walker, WalkingCosts

NEED = Need("residents", Walker("plain", speed_m_s=1.0), ServiceStandard(max_walk_min=15))
#: people, elderly, grid, community, compound, minutes to s1 and to s2 (None: out of reach)
ROWS = {
    "a": (100, 0, "g1", "east", "A", 4, 9),
    "b": (300, 0, "g1", "east", "A", 15, 20),  # exactly at the limit
    "c": (50, 0, "g2", "east", "B", 16, None),
    "d": (50, 0, "g2", "west", "B", None, None),
    "e": (0, 0, "g2", "west", "B", 60, 1),
    "f": (500, 0, None, "west", None, None, 10),
}


def a_demand(order="abcdef"):
    table = gpd.GeoDataFrame(
        [ROWS[name][:5] for name in order],
        columns=["residents", "elderly", "grid", "community", "compound"],
        index=list(order),
        geometry=[Point(100 * "abcdef".index(name), 0) for name in order],
        crs="EPSG:4547",
    )
    return Demand(table, ("residents", "elderly"))


def a_nearest(*stations, order="abcdef"):
    minutes = [ROWS[name][5:] for name in order]
    pairs = [(row, column, 60_000 * walk) for row, walks in enumerate(minutes) for column, walk in enumerate(walks)
             if walk is not None]  # fmt: skip
    row, column, walk = map(np.array, zip(*pairs, strict=True))
    first = np.append(0, np.cumsum(np.bincount(row, minlength=len(order))))
    matrix = sparse.csr_array((walk.astype(np.int32), column, first), shape=(len(order), 2))
    costs = WalkingCosts(pd.Index(list(order)), pd.Index(["s1", "s2"]), matrix, 10**9)
    return nearest_open(costs, stations)


def test_people_are_counted_and_not_points():
    measured = measure_need(a_demand(), NEED, a_nearest("s1"))
    assert (measured.people, measured.covered) == (1000, 400)  # two points of six hold four tenths of the people
    assert measured.share_covered == 0.4


def test_a_walk_of_exactly_the_limit_is_covered_and_the_next_millisecond_is_not():
    nearest = a_nearest("s1")
    assert measure_need(a_demand(), NEED, nearest).table.loc["b", "covered"]
    nearest.walk[1] += 1
    assert not measure_need(a_demand(), NEED, nearest).table.loc["b", "covered"]


def test_those_who_reach_no_station_are_counted_apart_and_not_averaged_in():
    measured = measure_need(a_demand(), NEED, a_nearest("s1"))
    assert measured.unreachable == 550  # d and f
    assert measured.mean_walk_min == (100 * 4 + 300 * 15 + 50 * 16) / 450
    assert measured.table.loc[["d", "f"], "walk_min"].isna().all()
    assert measured.table.loc[["d", "f"], "station"].isna().all()


def test_median_p95_and_longest_walk_are_those_of_people():
    measured = measure_need(a_demand(), NEED, a_nearest("s1"))  # 100 walk 4, 300 walk 15, 50 walk 16, nobody walks 60
    assert (measured.median_walk_min, measured.p95_walk_min, measured.longest_walk_min) == (15, 16, 16)


def test_everybody_goes_to_the_nearest_of_several_stations():
    measured = measure_need(a_demand(), NEED, a_nearest("s1", "s2"))
    assert measured.table["station"].fillna("—").tolist() == ["s1", "s1", "s1", "—", "s2", "s2"]
    assert measured.covered == 900


def test_areas_are_measured_by_their_people():
    measured = measure_need(a_demand(), NEED, a_nearest("s1"))
    grids = measured.by_area("grid")
    assert grids.index.tolist() == ["g1", "g2"]
    assert grids["people"].tolist() == [400, 100]
    assert grids["covered"].tolist() == [400, 0]
    assert grids["unreachable"].tolist() == [0, 50]
    assert grids["served"].tolist() == [True, False]
    assert grids["longest_walk_min"].tolist() == [15, 16]
    communities = measured.by_area("community")
    assert communities["share_covered"].tolist() == [400 / 450, 0]
    assert math.isnan(communities.loc["west", "mean_walk_min"])
    assert measured.by_area("compound")["demand_points"].tolist() == [2, 3]


def test_half_of_the_people_are_enough_for_an_area_to_be_served():
    table = a_demand().table.assign(residents=[100, 100, 100, 0, 0, 0], grid=["g1", "g2", "g1", "g2", "g2", "g2"])
    served = measure_need(Demand(table, ("residents",)), NEED, a_nearest("s1")).by_area("grid")["served"]
    assert served.tolist() == [True, True]
    table = table.assign(residents=[100, 100, 101, 0, 0, 0])
    served = measure_need(Demand(table, ("residents",)), NEED, a_nearest("s1")).by_area("grid")["served"]
    assert served.tolist() == [False, True]


def test_an_unknown_level_is_an_empty_table_with_the_same_columns():
    demand = Demand(a_demand().table.drop(columns=["grid"]), ("residents",))
    measured = measure_need(demand, NEED, a_nearest("s1"))
    assert measured.by_area("grid").empty
    assert measured.by_area("grid").columns.tolist() == measured.by_area("community").columns.tolist()


def test_an_empty_group_has_no_share_and_does_not_fail():
    need = Need("elderly", NEED.walker, NEED.standard)
    measured = measure_need(a_demand(), need, a_nearest("s1"))
    assert (measured.people, measured.covered, measured.unreachable) == (0, 0, 0)
    for value in (measured.share_covered, measured.mean_walk_min, measured.median_walk_min, measured.p95_walk_min,
                  measured.longest_walk_min):  # fmt: skip
        assert math.isnan(value)


def test_without_any_open_station_everybody_is_unreachable():
    measured = measure_need(a_demand(), NEED, a_nearest())
    assert (measured.covered, measured.unreachable, measured.share_covered) == (0, 1000, 0)
    assert math.isnan(measured.mean_walk_min)
    assert measured.table["station"].isna().all()


def test_rows_are_matched_by_id_and_their_order_changes_nothing():
    one = measure_need(a_demand(), NEED, a_nearest("s1", "s2"))
    other = measure_need(a_demand("fedcba"), NEED, a_nearest("s1", "s2", order="cafebd"))
    pd.testing.assert_frame_equal(one.table, other.table.loc[list("abcdef")])
    pd.testing.assert_frame_equal(one.by_area("grid"), other.by_area("grid"))
    for field in ("people", "covered", "mean_walk_min", "median_walk_min", "p95_walk_min", "longest_walk_min"):
        assert getattr(one, field) == getattr(other, field)


def test_a_demand_point_without_a_row_of_walks_is_refused_by_name():
    with pytest.raises(TableError, match=r"demand: f; expected"):
        measure_need(a_demand(), NEED, a_nearest("s1", order="abcde"))


def test_in_the_distance_mode_metres_are_shown_as_minutes_of_the_groups_own_speed():
    need = Need("residents", Walker("slow", speed_m_s=0.5), ServiceStandard(max_walk_m=900))
    measured = measure_need(a_demand(), need, a_nearest("s1"))  # 15 min of milliseconds are 900 m of millimetres
    assert measured.covered == 400
    assert measured.table.loc["b", "walk_min"] == 30


def test_grids_know_their_stations_people_and_whether_they_are_served():
    sites = CandidateSites(
        gpd.GeoDataFrame(
            {"name": ["one", "two"], "status": "existing", "cost_cny": 0.0, "functions": "any"},
            index=["s1", "s2"],
            geometry=[Point(50, 0), Point(450, 0)],
            crs="EPSG:4547",
        )
    )
    grids = Areas(
        "grid",
        gpd.GeoDataFrame(
            {"name": ["first", "second", "empty"]},
            index=["g1", "g2", "g3"],
            geometry=[box(-50, -50, 150, 50), box(150, -50, 420, 50), box(420, -50, 900, 50)],
            crs="EPSG:4547",
        ),
    )
    coverage = measure_coverage(a_demand(), (NEED,), (a_nearest("s1", "s2"),), sites, ("s1", "s2"), grids)
    assert coverage.grids["stations"].to_dict() == {"g1": 1, "g2": 0, "g3": 1}
    assert coverage.grids["people"].to_dict() == {"g1": 400, "g2": 100, "g3": 0}
    assert coverage.grids["served"].to_dict() == {"g1": True, "g2": False, "g3": False}
    assert coverage.unserved_grids == ("g2",)  # nobody lives in g3


@pytest.mark.parametrize(("share", "value"), [(0.1, 1), (0.25, 1), (0.26, 2), (0.95, 4), (1.0, 4)])
def test_a_quantile_is_the_smallest_value_that_the_share_does_not_exceed(share, value):
    assert weighted_quantile(np.array([4.0, 1.0, 2.0, 9.0]), np.array([2.0, 1.0, 1.0, 0.0]), share) == value


def test_of_two_stations_equally_near_the_smaller_id_is_taken():
    matrix = sparse.csr_array(np.array([[7, 7]], dtype=np.int32))
    costs = WalkingCosts(pd.Index(["a"]), pd.Index(["s2", "s1"]), matrix, 10)
    nearest = nearest_open(costs, ["s2", "s1"])
    assert nearest.stations[nearest.station[0]] == "s1"


def test_a_stored_zero_is_a_walk_of_no_length():
    matrix = sparse.csr_array((np.array([0, 5], dtype=np.int32), np.array([0, 1]), np.array([0, 2])), shape=(1, 2))
    nearest = nearest_open(WalkingCosts(pd.Index(["a"]), pd.Index(["s1", "s2"]), matrix, 10), ["s1", "s2"])
    assert (nearest.reached[0], nearest.walk[0]) == (True, 0)


def test_a_station_nobody_knows_is_refused():
    with pytest.raises(InputError, match="s9"):
        a_nearest("s1", "s9")
