"""Plans with room in the stations: against all plans, an independent solver, and OR-Library."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from planner.errors import InfeasibleError
from planner.siting import SitingProblem, solve
from planner.siting.solvers.capacitated import equals, first
from planner.siting.solvers.capacitated.payments import Knapsacks, Market, ascend
from tests.benchmarks.classics import capacitated
from tests.siting.assigning import best_assignment
from tests.siting.samples import OBJECTIVE_SAMPLES
from tests.siting.test_random_problems import problems
from tests.siting.town import reversed_rows, small_town

WISHES = ["max_coverage", "fewest_sites", "total_walk", "longest_walk"]
WAYS = ["nearest", "with_room"]
COUNTS = {
    "stations": lambda count, asked: count == asked,
    "at_most": lambda count, asked: count <= asked,
    "at_least": lambda count, asked: count >= asked,
}


def goes_by_id(problem, solution):
    """Where everybody goes, demand points in order of id; nowhere comes last."""
    return tuple(
        tuple((0, assigned[point]) if point in assigned else (1, "") for point in sorted(problem.demand_ids))
        for assigned in solution.assigned
        if assigned is not None
    )


def is_the_best(problem, wish, rules, *, way, takes, allowed):
    """Whether the planner finds what trying everything finds, down to the last tie."""
    best = best_assignment(problem, wish, way=way, takes=takes, allowed=allowed)
    rules = [*rules, {"name": "capacity", "assigned": way}]
    if best is None:
        with pytest.raises(InfeasibleError):
            solve(problem, wish, rules)
        return
    solution = solve(problem, wish, rules)
    worth = -best[0] if wish == "max_coverage" else best[0]
    unit = 60_000 if problem.needs[0].need is not None and wish.endswith("walk") else 1
    assert (solution.status, solution.objective) == ("optimal", worth / unit)
    assert (tuple(sorted(solution.open_sites)), goes_by_id(problem, solution)) == best[4:]


@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wish", WISHES)
def test_in_the_small_town_the_plan_is_the_best_of_all(wish, way, turned):
    problem = reversed_rows(small_town()) if turned else small_town()
    takes = (True, False)
    is_the_best(problem, wish, [], way=way, takes=takes, allowed=lambda is_open, covered: True)
    rules = [{"name": "station_count", "stations": 3}]
    is_the_best(problem, wish, rules, way=way, takes=takes, allowed=lambda is_open, covered: is_open.sum() == 3)


@pytest.mark.parametrize(
    ("fewest", "listed"), [(300, 200), (0, 200), (0, 0)], ids=["solver alone", "by halves", "by halves, ties by solver"]
)
@given(
    problem=problems(most_points=5, most_sites=4),
    capacity=st.lists(st.integers(0, 6), min_size=4, max_size=4),
    wish=st.sampled_from(WISHES),
    way=st.sampled_from(WAYS),
    count=st.none() | st.tuples(st.sampled_from(sorted(COUNTS)), st.integers(0, 3)),
    everybody=st.booleans(),
)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_plan_is_the_best_of_all(fewest, listed, problem, capacity, wish, way, count, everybody):
    problem = replace(problem, capacity=np.array(capacity[: len(problem.site_ids)], dtype=float))
    takes = (True, False)[: len(problem.needs)]
    rules = [{"name": "station_count", count[0]: count[1]}] if count else []
    rules += [{"name": "cover_everyone"}] if everybody else []

    def allowed(is_open, covered):
        is_counted = count is None or COUNTS[count[0]](is_open.sum(), count[1])
        served = zip(problem.needs, covered, strict=True)
        return is_counted and (not everybody or all(here[need.people > 0].all() for need, here in served))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first, "FEWEST_COLUMNS", fewest)
        patch.setattr(equals, "_MOST", listed)
        is_the_best(problem, wish, rules, way=way, takes=takes, allowed=allowed)


@pytest.mark.parametrize("room", [4, 7, 11])
def test_the_bound_from_knapsacks_is_never_above_the_best_plan(room):
    """By every way to send five parties to two of four sites; so are the prices of single columns."""
    rng = np.random.default_rng(room)
    cost, size = rng.integers(0, 20, (5, 4)).astype(float), rng.integers(1, 5, 5).astype(float)
    everyone, nobody = np.ones(5, dtype=bool), np.zeros(4, dtype=bool)
    market = Market(cost, np.array([3.0, 0, 1, 2]), size, np.full(4, float(room)), everyone, nobody, 1, 2)
    paid = ascend(market, Knapsacks(market), cost.min(axis=1), np.inf, 500)
    for goes in itertools.product(range(4), repeat=5):
        sites = sorted(set(goes))
        fits = all(sum(size[i] for i in range(5) if goes[i] == site) <= room for site in sites)
        if len(sites) <= 2 and fits:
            worth = sum(cost[i, goes[i]] for i in range(5)) + market.opening[sites].sum()
            assert paid.bound <= worth + 1e-9
            assert paid.of_site[sites].max() <= worth + 1e-9
            assert np.delete(paid.without_site, sites).max() <= worth + 1e-9
            assert max(paid.of_walk[i, goes[i]] for i in range(5)) <= worth + 1e-9


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wish", ["max_coverage", "total_walk"])
def test_an_independent_solver_finds_the_same(wish, way):
    rng = np.random.default_rng(7)
    homes, sites, stations = 30, 10, 4
    walk = np.round(100 * np.hypot(*(rng.random((homes, 2, 1)) - rng.random((2, sites))[np.newaxis]).swapaxes(0, 1)))
    people, capacity = rng.integers(1, 50, homes), rng.integers(250, 400, sites)
    problem = SitingProblem.from_costs(walk, people, max_walk=45, capacity=capacity)
    rules = [{"name": "station_count", "stations": stations}, {"name": "capacity", "assigned": way}]
    solution = solve(problem, wish, rules)
    assert solution.status == "optimal"
    assert solution.objective == scipy_worth(walk, people, capacity, stations, wish, is_nearest=way == "nearest")


def scipy_worth(walk, people, capacity, stations, wish, *, is_nearest):
    """The assignment written down once more for scipy's interface, y first; nearest by big numbers, row by row."""
    homes, sites = walk.shape
    usable = walk <= 45 if wish == "max_coverage" else np.ones_like(walk, dtype=bool)
    cost = np.where(usable, -people[:, np.newaxis] if wish == "max_coverage" else people[:, np.newaxis] * walk, 0.0)
    x = sparse.eye_array(homes * sites)
    each_home = sparse.kron(sparse.eye_array(homes), np.ones((1, sites)))
    each_site = sparse.kron(np.ones((homes, 1)), sparse.eye_array(sites))
    load = sparse.kron(people[np.newaxis], sparse.eye_array(sites))
    none = sparse.csr_array((homes, sites))
    rows = [
        (sparse.hstack([-each_site, x]), -np.inf, 0.0),
        (sparse.hstack([none, each_home]), 0.0 if wish == "max_coverage" else 1.0, 1.0),
        (sparse.hstack([-sparse.diags_array(capacity.astype(float)), load]), -np.inf, 0.0),
        (sparse.hstack([np.ones((1, sites)), sparse.csr_array((1, homes * sites))]), stations, stations),
    ]
    if is_nearest:
        for home in range(homes):
            for site in np.flatnonzero(usable[home]):
                row = np.zeros(sites + homes * sites)
                row[site] = -1
                nearer = (walk[home] < walk[home, site]) | (
                    (walk[home] == walk[home, site]) & (np.arange(sites) <= site)
                )
                row[sites + home * sites + np.flatnonzero(nearer)] = 1
                rows.append((sparse.csr_array(row[np.newaxis]), 0.0, np.inf))
    found = optimize.milp(
        np.concatenate([np.zeros(sites), cost.ravel()]),
        constraints=[optimize.LinearConstraint(*row) for row in rows],
        integrality=np.ones(sites + homes * sites),
        bounds=optimize.Bounds(0, np.concatenate([np.ones(sites), usable.ravel().astype(float)])),
        options={"mip_rel_gap": 0},
    )
    return abs(round(found.fun))


@pytest.mark.parametrize("seed", range(2))
def test_more_room_never_covers_fewer_people(seed):
    rng = np.random.default_rng(seed)
    walk, people = rng.integers(0, 20, (12, 6)), rng.integers(1, 30, 12)
    rules = [{"name": "station_count", "at_most": 3}, {"name": "capacity", "assigned": "with_room"}]
    covered = [
        solve(
            SitingProblem.from_costs(walk, people, max_walk=9, capacity=np.full(6, room)), constraints=rules
        ).objective
        for room in (0, 40, 80)
    ]
    assert covered == sorted(covered)


@pytest.mark.parametrize("wish", ["total_walk", "max_coverage"])
def test_with_a_gap_the_best_plan_lies_between_the_plan_and_the_bound(wish):
    rng = np.random.default_rng(5)
    x, load = rng.integers(1, 101, (2, 24)), rng.integers(1, 21, 24)
    walk = np.floor(np.hypot(*(x[:, :, np.newaxis] - x[:, np.newaxis, :])))
    room = np.full(24, np.ceil(load.sum() / 3 / 0.97))
    problem = SitingProblem.from_costs(walk, load, max_walk=30, capacity=room)
    rules = [{"name": "station_count", "stations": 3}, {"name": "capacity", "assigned": "with_room"}]
    best = solve(problem, wish, rules)
    assert best.status == "optimal"
    rough = solve(problem, wish, rules, gap=0.2)
    low, high = sorted([rough.bound, rough.objective])
    assert low <= best.objective <= high
    assert rough.gap <= 0.2


def test_a_hundred_points_get_a_plan_and_the_gap_to_a_bound():
    """OR-Library's 11 to 20 have 100 points and 10 stations; this is made the same way."""
    rng = np.random.default_rng(11)
    x, load = rng.integers(1, 101, (2, 100)), rng.integers(1, 21, 100)
    walk = np.floor(np.hypot(*(x[:, :, np.newaxis] - x[:, np.newaxis, :])))
    problem = SitingProblem.from_costs(walk, np.ones(100), load=load, max_walk=142, capacity=np.full(100, 120))
    rules = [{"name": "station_count", "stations": 10}, {"name": "capacity", "assigned": "with_room"}]
    solution = solve(problem, "total_walk", rules, gap=0.05)
    assert solution.bound <= solution.objective
    assert solution.gap == pytest.approx(1 - solution.bound / solution.objective)
    assert solution.gap <= 0.05


def test_bounds_are_the_same_whatever_order_parties_come_in():
    rng = np.random.default_rng(3)
    cost, size = rng.integers(0, 90, (20, 8)).astype(float), rng.integers(1, 9, 20).astype(float)
    everyone, nobody = np.ones(20, dtype=bool), np.zeros(8, dtype=bool)
    market = Market(cost, np.zeros(8), size, np.full(8, 40.0), everyone, nobody, 3, 3)
    turned = replace(market, cost=cost[::-1].copy(), size=size[::-1].copy())
    bounds = [ascend(each, Knapsacks(each), each.cost.min(axis=1), 900.0, 400).bound for each in (market, turned)]
    assert bounds[0] == pytest.approx(bounds[1], rel=1e-3)


@pytest.mark.parametrize("number", [3, 8])
def test_the_published_optimum_is_found_and_proven(number):
    best, problem, rules = capacitated(number)
    solution = solve(problem, "total_walk", rules)
    assert (solution.status, solution.objective) == ("optimal", best)


def test_every_objective_is_tried():
    assert set(WISHES) <= set(OBJECTIVE_SAMPLES)
