"""How much a person counts at each walk, and which plan that makes best."""

import itertools
import math

import numpy as np
import pytest
from scipy import optimize, sparse

from planner.errors import PlanFileError
from planner.siting import SitingProblem, objective_from, solve

ONE = [{"name": "station_count", "stations": 1}]


def shares(walks, limit=10, **given):
    problem = SitingProblem.from_costs(np.array(walks)[:, np.newaxis], np.ones(len(walks)), max_walk=limit)
    wish = objective_from({"name": "gradual_coverage", **given})
    (need,) = problem.needs
    return wish.share(need, np.array(walks)).tolist()


def test_a_person_counts_whole_up_to_the_first_limit_and_nothing_beyond_the_second():
    assert shares([0, 5, 10, 15, 15.01, math.inf]) == [1, 1, 0.5, 0, 0, 0]


def test_steps_are_equal_and_begin_beyond_their_limits():
    assert shares([5, 5.1, 7.5, 7.6, 10, 10.1], shape="steps", steps=1, nothing_beyond=1) == [1, 0.5, 0.5, 0.5, 0.5, 0]
    assert shares([5, 7.5, 7.6, 10, 10.1], shape="steps", steps=2, nothing_beyond=1) == pytest.approx(
        [1, 2 / 3, 1 / 3, 1 / 3, 0], abs=1e-6
    )


@pytest.mark.parametrize("shape", ["linear", "steps", "exponential", "logistic"])
def test_a_longer_walk_is_never_worth_more(shape):
    share = shares(np.linspace(0, 25, 400), shape=shape, nothing_beyond=2)
    assert share[0] == 1
    assert share[-1] == 0
    assert all(near >= far >= 0 for near, far in itertools.pairwise(share))


def test_curves_meet_both_ends_and_the_logistic_one_its_middle():
    walks = [5.000001, 10, 15]
    assert shares(walks, shape="logistic") == pytest.approx([1, 0.5, 0], abs=1e-5)
    first, middle, last = shares(walks, shape="exponential", steepness=2)
    assert (first, last) == (pytest.approx(1, abs=1e-5), 0)
    assert middle == pytest.approx((math.exp(-1) - math.exp(-2)) / (1 - math.exp(-2)), abs=1e-6)


def test_equal_limits_are_plain_coverage():
    assert shares([9, 10, 10.1], full_within=1, nothing_beyond=1) == [1, 1, 0]


def test_people_a_little_beyond_the_standard_count_too():
    problem = SitingProblem.from_costs([[9, 12], [30, 12]], [10, 10], max_walk=10)
    solution = solve(problem, {"name": "gradual_coverage", "full_within": 1, "nothing_beyond": 2}, ONE)
    assert (solution.opened, solution.objective) == ((1,), pytest.approx(16))


def test_only_the_nearest_station_counts():
    problem = SitingProblem.from_costs([[6, 7]], [10], max_walk=10, existing=[0, 1])
    assert solve(problem, "gradual_coverage").objective == pytest.approx(9)


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"full_within": 2, "nothing_beyond": 1}, "nothing_beyond"),
        ({"nothing_beyond": 21}, "nothing_beyond"),
        ({"full_within": -1}, "full_within"),
        ({"full_within": 0, "nothing_beyond": 0}, "nothing_beyond"),
        ({"shape": "round"}, "shape"),
        ({"shape": ["linear"]}, "shape"),
        ({"steps": 0}, "steps"),
        ({"steps": True}, "steps"),
        ({"steepness": 0}, "steepness"),
        ({"steepness": math.nan}, "steepness"),
    ],
)
def test_parameters_out_of_range_are_refused(given, column):
    with pytest.raises(PlanFileError) as refused:
        objective_from({"name": "gradual_coverage", **given})
    assert [fault.column for fault in refused.value.faults] == [column]


@pytest.mark.parametrize("shape", ["linear", "steps", "logistic"])
def test_an_independent_model_finds_the_same(shape):
    rng = np.random.default_rng(4)
    homes, sites, stations = 200, 30, 5
    walk = np.hypot(*(rng.random((homes, 2, 1)) - rng.random((2, sites))[np.newaxis]).swapaxes(0, 1))
    people = rng.integers(0, 500, homes)
    given = {"name": "gradual_coverage", "shape": shape}
    problem = SitingProblem.from_costs(walk, people, max_walk=0.2)
    solution = solve(problem, given, [{"name": "station_count", "stations": stations}])
    assert solution.status == "optimal"
    worth = people[:, np.newaxis] * objective_from(given).share(problem.needs[0], walk)
    assert solution.objective == pytest.approx(assigned_model(worth, stations))


def assigned_model(worth, stations):
    """Everybody goes to one open station, x_ij <= y_j: no sets and no prefixes."""
    homes, sites = worth.shape
    y = sparse.vstack([sparse.eye_array(sites)] * homes)
    links = sparse.hstack([sparse.eye_array(homes * sites), -y])
    one_each = sparse.hstack(
        [sparse.kron(sparse.eye_array(homes), np.ones((1, sites))), sparse.csr_array((homes, sites))]
    )
    count = np.append(np.zeros(homes * sites), np.ones(sites))[np.newaxis]
    found = optimize.milp(
        np.append(-worth.ravel(), np.zeros(sites)),
        constraints=[
            optimize.LinearConstraint(links, ub=0),
            optimize.LinearConstraint(one_each, ub=1),
            optimize.LinearConstraint(count, stations, stations),
        ],
        integrality=np.append(np.zeros(homes * sites), np.ones(sites)),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return -found.fun
