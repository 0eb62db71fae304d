"""Who counts as having a choice of stations, and which plan gives it to most."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, sparse

from planner.errors import PlanFileError
from planner.siting import SitingProblem, objective_from, solve


def test_two_stations_within_the_standard_are_a_choice():
    problem = SitingProblem.from_costs([[1, 5, 9], [9, 1, 1], [9, 9, 1]], [10, 20, 40], max_walk=5)
    solution = solve(problem, "backup_coverage", [{"name": "station_count", "stations": 2}])
    assert (solution.opened, solution.objective) == ((1, 2), 20.0)


def test_people_with_one_station_count_by_the_weight_of_theirs():
    problem = SitingProblem.from_costs([[1, 1, 9], [9, 9, 1]], [10, 8], max_walk=5)
    two = [{"name": "station_count", "stations": 2}]
    assert solve(problem, {"name": "backup_coverage", "primary_weight": 0.5}, two).opened == (0, 1)
    solution = solve(problem, {"name": "backup_coverage", "primary_weight": 2}, two)
    assert (solution.objective, solution.opened) == (36.0, (0, 2))


def test_a_station_of_today_is_one_of_the_two():
    problem = SitingProblem.from_costs([[1, 1, 9], [9, 1, 1]], [10, 20], max_walk=5, existing=[0])
    rules = [{"name": "keep_open"}, {"name": "station_count", "new_stations": 1}]
    solution = solve(problem, "backup_coverage", rules)
    assert (solution.opened, solution.objective, solution.objective_today) == ((1,), 10.0, 0.0)


def test_nobody_has_three_of_two_stations():
    problem = SitingProblem.from_costs([[1, 1]], [10], max_walk=5)
    assert solve(problem, {"name": "backup_coverage", "stations": 3}).objective == 0.0


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"stations": 1}, "stations"),
        ({"stations": 11}, "stations"),
        ({"stations": 2.5}, "stations"),
        ({"primary_weight": -1}, "primary_weight"),
        ({"primary_weight": 1001}, "primary_weight"),
    ],
)
def test_parameters_out_of_range_are_refused(given, column):
    with pytest.raises(PlanFileError) as refused:
        objective_from({"name": "backup_coverage", **given})
    assert [fault.column for fault in refused.value.faults] == [column]


@pytest.mark.parametrize("stations", [2, 3])
def test_an_independent_model_finds_the_same(stations):
    rng = np.random.default_rng(6)
    homes, sites, opened = 200, 30, 8
    walk = np.hypot(*(rng.random((homes, 2, 1)) - rng.random((2, sites))[np.newaxis]).swapaxes(0, 1))
    people = rng.integers(0, 500, homes)
    problem = SitingProblem.from_costs(walk, people, max_walk=0.25, existing=[3, 17])
    problem = replace(problem, status=np.where(np.arange(sites) == 5, "excluded", problem.status))
    rules = [{"name": "station_count", "stations": opened}, {"name": "keep_open"}]
    solution = solve(problem, {"name": "backup_coverage", "stations": stations}, rules)
    assert solution.status == "optimal"
    assert solution.objective == counting_model(walk <= 0.25, people, opened, stations, [3, 17], 5)


def counting_model(within, people, opened, stations, kept, excluded):
    """As many layers of coverage as stations are asked for, one upon the other; only the last one counts."""
    homes, sites = within.shape
    layers = stations
    near = sparse.csr_array(within.astype(float))
    links = sparse.hstack([-near, *[sparse.eye_array(homes)] * layers])
    order = [
        sparse.hstack(
            [sparse.csr_array((homes, sites))]
            + [
                sparse.eye_array(homes) * (1.0 if layer == k + 1 else -1.0 if layer == k else 0.0)
                for layer in range(layers)
            ]
        )
        for k in range(layers - 1)
    ]
    count = np.append(np.ones(sites), np.zeros(homes * layers))[np.newaxis]
    lower = np.isin(np.arange(sites + homes * layers), kept).astype(float)
    upper = np.ones(sites + homes * layers)
    upper[excluded] = 0
    cost = np.concatenate([np.zeros(sites + homes * (layers - 1)), -people])
    found = optimize.milp(
        cost,
        constraints=[
            optimize.LinearConstraint(links, ub=0),
            *[optimize.LinearConstraint(each, ub=0) for each in order],
            optimize.LinearConstraint(count, opened, opened),
        ],
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(lower, upper),
        options={"mip_rel_gap": 0},
    )
    return round(-found.fun)
