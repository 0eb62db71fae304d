import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import sparse
from shapely import Point

from planner.model import CandidateSites, Demand, Need, ServiceStandard, Walker, WalkingCosts
from planner.siting import SitingProblem, solve

WALKER = Walker("plain", speed_m_s=1.0)
TEN = ServiceStandard(max_walk_min=10)
MINUTES = {("a", "s1"): 10, ("a", "s2"): 0, ("b", "s1"): 3, ("c", "s3"): 10}


def a_plan(demand_order, site_order, costs_order):
    demand = Demand(
        gpd.GeoDataFrame(
            {"residents": [{"a": 5, "b": 7, "c": 11}[name] for name in demand_order], "children": 1},
            index=list(demand_order),
            geometry=[Point(0, 0)] * 3,
            crs="EPSG:4547",
        ),
        ("residents", "children"),
    )
    functions = {"s1": "any;children", "s2": "any", "s3": "children"}
    sites = CandidateSites(
        gpd.GeoDataFrame(
            {
                "name": site_order,
                "status": [{"s3": "existing"}.get(site, "candidate") for site in site_order],
                "cost_cny": [{"s1": 100.0, "s2": 200.0, "s3": 0.0}[site] for site in site_order],
                "functions": [functions[site] for site in site_order],
            },
            index=list(site_order),
            geometry=[Point(0, 0)] * 3,
            crs="EPSG:4547",
        )
    )
    row = [costs_order[0].index(home) for home, _ in MINUTES]
    column = [costs_order[1].index(site) for _, site in MINUTES]
    walk = sparse.csr_array(sparse.coo_array(([60_000 * m for m in MINUTES.values()], (row, column)), shape=(3, 3)))
    costs = WalkingCosts(pd.Index(list(costs_order[0])), pd.Index(list(costs_order[1])), walk, 600_000)
    needs = (Need("residents", WALKER, TEN), Need("children", WALKER, TEN, "children"))
    return SitingProblem.from_plan(demand, sites, needs, (costs, costs))


def covered_by(problem, need, site):
    return set(problem.demand_ids[problem.needs[need].covered(problem.site_ids == site)])


def test_walks_are_matched_by_id_whatever_the_order_of_the_tables():
    as_given = ("abc", ["s1", "s2", "s3"], ("abc", ["s1", "s2", "s3"]))
    mixed = ("cab", ["s3", "s1", "s2"], ("bca", ["s2", "s3", "s1"]))
    for orders in (as_given, mixed):
        problem = a_plan(*orders)
        assert [covered_by(problem, 0, site) for site in ("s1", "s2", "s3")] == [{"a", "b"}, {"a"}, {"c"}]
        assert problem.cost_cny[problem.site_ids.get_loc("s2")] == 200


def test_a_site_that_does_not_offer_the_function_serves_nobody_of_that_need():
    problem = a_plan("abc", ["s1", "s2", "s3"], ("abc", ["s1", "s2", "s3"]))
    assert [covered_by(problem, 1, site) for site in ("s1", "s2", "s3")] == [{"a", "b"}, set(), {"c"}]


def test_what_the_costs_do_not_know_is_out_of_reach():
    problem = a_plan("abc", ["s1", "s2", "s3"], ("abc", ["s1", "s2", "s3"]))
    assert problem.needs[0].nearest(np.array([False, True, False])).tolist() == [0, np.inf, np.inf]


def test_each_need_counts_by_its_own_people():
    problem = a_plan("abc", ["s1", "s2", "s3"], ("abc", ["s1", "s2", "s3"]))
    solution = solve(problem, constraints=[{"name": "keep_open"}, {"name": "station_count", "new_stations": 1}])
    assert (solution.opened, solution.kept, solution.objective) == (("s1",), ("s3",), 5 + 7 + 11 + 3)
