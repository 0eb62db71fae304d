"""The p-median's own way, against an independent model and against what a bound promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from planner.siting import SitingProblem, solve
from planner.siting.solvers.median import large
from planner.siting.solvers.median import settle as median_settle
from planner.siting.solvers.median.branching import branch
from planner.siting.solvers.median.ground import ground_of
from planner.siting.solvers.median.narrowing import Narrowing
from tests.real_data import real_data


def count(stations):
    return [{"name": "station_count", "stations": stations}]


def scipy_total_walk(walk, people, stations):
    """The assignment model written down once more: x sites, y who walks where."""
    homes, sites = walk.shape
    cost = np.concatenate([np.zeros(sites), (people[:, np.newaxis] * walk).ravel()])
    each_once = sparse.hstack([sparse.csr_array((homes, sites)), sparse.kron(sparse.eye_array(homes), np.ones(sites))])
    only_open = sparse.hstack([-sparse.vstack([sparse.eye_array(sites)] * homes), sparse.eye_array(homes * sites)])
    opened = np.concatenate([np.ones(sites), np.zeros(homes * sites)])[np.newaxis]
    found = optimize.milp(
        cost,
        constraints=[
            optimize.LinearConstraint(each_once, 1, 1),
            optimize.LinearConstraint(only_open, ub=0),
            optimize.LinearConstraint(opened, stations, stations),
        ],
        integrality=np.concatenate([np.ones(sites), np.zeros(homes * sites)]),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return found.fun


def a_city(homes, sites, seed):
    rng = np.random.default_rng(seed)
    walk = np.rint(1000 * np.hypot(*(rng.random((homes, 2, 1)) - rng.random((2, sites))[np.newaxis]).swapaxes(0, 1)))
    return walk, rng.integers(1, 50, homes)


@pytest.mark.parametrize(("stations", "seed"), [(2, 1), (5, 2), (9, 3)])
def test_an_independent_solver_finds_the_same_total_walk(stations, seed):
    walk, people = a_city(60, 25, seed)
    solution = solve(SitingProblem.from_costs(walk, people, max_walk=300), "total_walk", count(stations))
    assert (solution.status, solution.gap) == ("optimal", 0)
    assert solution.objective == pytest.approx(scipy_total_walk(walk, people, stations), rel=1e-9)


@given(
    walk=st.lists(st.integers(0, 9), min_size=24, max_size=24),
    stations=st.integers(1, 5),
    seed=st.integers(0, 3),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_bound_lies_above_the_best_plan_and_every_equal_is_listed(walk, stations, seed):
    cost = np.array(walk, dtype=float).reshape(4, 6)
    plans = [[k for k in range(6) if bits >> k & 1] for bits in range(64) if bits.bit_count() == stations]
    worth = [cost[:, plan].min(axis=1).sum() for plan in plans]
    ground = ground_of(np.arange(0, 25, 6), np.tile(np.arange(6, dtype=np.int32), 4), cost.ravel(), np.full(4, 99.0), 6)
    rest = Narrowing(ground, stations, True, 0.999, seed)
    rest.start()
    for _ in range(4):
        rest.ascend(25)
        assert rest.bound <= min(worth) + 1e-9
        rest.decide()
        rest.kick()
    better = branch(rest, 10_000, lambda: False)
    assert (better.is_done, better.worth) == (True, min(worth))
    rest.accept(better.chosen)
    equals = branch(rest, 10_000, lambda: False, equals=99)
    listed = sorted(tuple(plan.tolist()) for plan in equals.plans)
    assert listed == sorted(tuple(plan) for plan, each in zip(plans, worth, strict=True) if each == min(worth))


@pytest.mark.parametrize(("name", "stations", "best"), [("pmed1", 5, 5819), ("pmed6", 5, 7824), ("pmed10", 67, 1255)])
def test_published_optima_are_proven(name, stations, best):
    solution = solve(
        SitingProblem.from_costs(shortest_paths(name), np.ones(len(shortest_paths(name))), max_walk=99),
        "total_walk",
        count(stations),
    )
    assert (solution.objective, solution.bound, solution.status) == (best, best, "optimal")


@pytest.mark.parametrize(("name", "stations", "best"), [("pmed1", 5, 127), ("pmed10", 67, 20)])
def test_published_longest_walks_are_proven(name, stations, best):
    walk = shortest_paths(name)
    problem = SitingProblem.from_costs(walk, np.ones(len(walk)), max_walk=99)
    solution = solve(problem, "longest_walk", count(stations))
    assert (solution.objective, solution.bound, solution.status) == (best, best, "optimal")


def shortest_paths(name):
    """OR-Library: where an edge repeats the last cost wins."""
    from scipy.sparse import csgraph

    numbers = list(map(int, real_data(f"benchmarks/orlib_pmed/{name}.txt").read_text().split()))
    cost = np.full((numbers[0], numbers[0]), np.inf)
    for a, b, length in zip(numbers[3::3], numbers[4::3], numbers[5::3], strict=True):
        cost[a - 1, b - 1] = cost[b - 1, a - 1] = length
    return csgraph.floyd_warshall(cost)


def test_rows_in_another_order_give_the_same_solution():
    walk, people = a_city(80, 30, 7)
    solutions = [
        solve(SitingProblem.from_costs(walk[order], people[order], max_walk=300), "total_walk", count(4))
        for order in (slice(None), slice(None, None, -1))
    ]
    assert solutions[0].opened == solutions[1].opened
    assert solutions[0].objective == solutions[1].objective


def test_out_of_time_gives_the_best_plan_so_far_with_its_bound():
    walk, people = a_city(400, 200, 5)
    solution = solve(
        SitingProblem.from_costs(walk + 500.0, people, max_walk=300), "total_walk", count(8), time_limit_s=0.3
    )
    assert len(solution.opened) == 8
    assert 0 < solution.bound <= solution.objective
    assert solution.gap == pytest.approx((solution.objective - solution.bound) / solution.objective)


def test_too_many_walks_for_one_program_give_a_plan_with_an_honest_bound(monkeypatch):
    walk, people = a_city(60, 25, 4)
    cost = np.random.default_rng(4).integers(5, 20, 25)
    problem = SitingProblem.from_costs(walk, people, max_walk=300, cost_cny=cost)
    rules = [{"name": "budget", "max_cost_cny": 40}]
    best = solve(problem, "total_walk", rules)
    assert best.status == "optimal"
    monkeypatch.setattr(median_settle, "MOST_MEMBERS", 100)
    monkeypatch.setattr(large, "MOST_MEMBERS", 100)
    usable = solve(problem, "total_walk", rules, time_limit_s=20)
    assert usable.bound <= best.objective <= usable.objective
    assert cost[list(usable.opened)].sum() <= 40
