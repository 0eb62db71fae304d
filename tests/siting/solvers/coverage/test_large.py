"""Large cities: a bound that is never crossed, a plan that only gets better, and the same answer from any order."""

import time

import numpy as np
import pytest
from scipy import sparse

from planner.siting import SitingProblem, constraints_from, objective_from, solve
from planner.siting.solvers import settle
from planner.siting.solvers.bounds import bound_from
from planner.siting.solvers.coverage import large
from planner.siting.solvers.coverage.neighbourhoods import improved
from planner.siting.solvers.coverage.regions import Ground, Prices
from planner.siting.solvers.coverage.sharing import Sharing
from planner.siting.solvers.highs import relax
from planner.siting.solvers.search import Terrain, greedy
from planner.siting.solvers.stage import Decided, Stage, Task
from planner.siting.solvers.tighten import tightened
from tests.siting.test_random_problems import scipy_coverage

STATIONS = 6


def town(seed, homes=300, sites=45):
    """Homes in three clusters that touch, with walks and people."""
    rng = np.random.default_rng(seed)
    centres = rng.random((3, 2))
    places = [centres[rng.integers(3, size=count)] + rng.normal(0, 0.12, (count, 2)) for count in (homes, sites)]
    walk = np.hypot(*(places[0][:, np.newaxis] - places[1][np.newaxis]).transpose(2, 0, 1))
    return walk, rng.integers(1, 100, homes)


def asked(walk, people, rules=({"name": "station_count", "stations": STATIONS},)):
    problem = SitingProblem.from_costs(walk, people, max_walk=0.12)
    task = Task(problem, objective_from("max_coverage"), constraints_from(rules), time.perf_counter() + 100)
    nothing = np.zeros(walk.shape[1], dtype=bool)
    rows = tuple(rule.rows(problem) for rule in task.constraints)
    stage = Stage(task, rows, (task.objective,), Decided(nothing, nothing.copy()))
    return stage, stage.program()


def relaxed(stage, program, roughly):
    model = stage.model(program)
    return bound_from(model, relax(model, 10, roughly=roughly)[0])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("roughly", [False, True])
def test_regions_prove_no_less_than_the_best_and_no_more_than_the_linear_relaxation(seed, roughly):
    walk, people = town(seed)
    stage, program = asked(walk, people)
    bound = relaxed(stage, program, roughly)
    best = -scipy_coverage(walk <= 0.12, people, STATIONS) - program.goals[0].constant
    ground = Ground(program, Prices.of(program, bound.duals))
    group, before, limits = np.arange(len(program.free)), [], []
    for size in (1, 8, 20, 45):
        group = ground.merged(group, size)
        before = large._solved(stage, ground, group, before)
        limits.append(ground.base(group) + sum(region.most for region in before))
    assert all(limit >= best - 1e-6 for limit in limits)
    assert max(limits) <= bound.value * (1 + 1e-8)
    assert sorted(limits, reverse=True) == limits


@pytest.mark.parametrize("seed", range(3))
def test_prices_that_are_no_optimum_prove_something_too(seed):
    walk, people = town(seed)
    _, program = asked(walk, people)
    best = -scipy_coverage(walk <= 0.12, people, STATIONS) - program.goals[0].constant
    rng = np.random.default_rng(seed)
    duals = rng.normal(0, people.sum() / 20, program.sets.shape[0] + len(program.lower))
    ground = Ground(program, Prices.of(program, duals))
    group = rng.integers(0, 4, len(program.free))
    known = [ground.region(group == number, [], 0.0, 0) for number in range(4)]
    solved = [ground.region(group == number, [], 10.0, 0) for number in range(4)]
    whole = np.zeros(len(group), dtype=np.intp)
    together = ground.region(whole == 0, solved, 0.0, 0)
    limits = [
        ground.base(group) + sum(region.most for region in known),
        ground.base(group) + sum(region.most for region in solved),
        ground.base(whole) + together.most,
    ]
    assert limits[0] + 1e-6 >= limits[1] >= best - 1e-6
    assert limits[2] == pytest.approx(limits[1])


@pytest.mark.parametrize("seed", range(3))
def test_neighbourhoods_only_make_a_plan_better(seed):
    walk, people = town(seed)
    stage, program = asked(walk, people)
    terrain, bound = Terrain.of(program, list(program.goals)), relaxed(stage, program, roughly=True)
    chosen = greedy(terrain, np.zeros(len(program.free), dtype=bool))
    for count in (1, 3, STATIONS):
        better = improved(stage.task, program, terrain, bound, chosen, Sharing.of(terrain), count)
        assert terrain.allows(better)
        assert terrain.worth(better)[0] >= terrain.worth(chosen)[0]
        chosen = better


@pytest.mark.parametrize(
    "rules",
    [
        [{"name": "station_count", "stations": STATIONS}],
        [{"name": "station_count", "at_most": STATIONS}],
        [{"name": "budget", "max_cost_cny": 20}],
    ],
    ids=["exactly", "at most", "budget"],
)
def test_the_large_way_gives_the_answer_of_the_small_one_in_any_order(rules, monkeypatch):
    walk, people = town(7)
    cost = 1 + np.arange(walk.shape[1]) % 5

    def answer(order):
        homes, sites = order(np.arange(len(people))), order(np.arange(len(cost)))
        problem = SitingProblem.from_costs(walk[homes][:, sites], people[homes], max_walk=0.12, cost_cny=cost[sites])
        solution = solve(problem, "max_coverage", rules)
        return solution.objective, sorted(sites[list(solution.open_sites)].tolist()), solution.status

    expected = answer(lambda places: places)
    monkeypatch.setattr(settle, "_HUGE_SETS", 0)
    monkeypatch.setattr(settle, "_HUGE_SITES", 0)
    monkeypatch.setattr(large, "_TOGETHER", 2)
    monkeypatch.setattr(large, "_SIZES", (10, 20))
    assert answer(lambda places: places) == expected
    assert answer(lambda places: places[::-1])[0] == expected[0]


def test_what_time_leaves_open_is_told_with_a_bound():
    walk, people = town(8)
    stage, program = asked(walk, people)
    bound = relaxed(stage, program, roughly=True)
    terrain = Terrain.of(program, list(program.goals))
    chosen = greedy(terrain, np.zeros(len(program.free), dtype=bool))
    late = Stage(
        Task(*[getattr(stage.task, name) for name in ("problem", "objective", "constraints")], 0.0),
        stage.rules,
        stage.goals,
        stage.decided,
    )
    found = large.settle_large(late, program, bound, stage.decided.opened(program, chosen))
    best = -scipy_coverage(walk <= 0.12, people, STATIONS)
    assert found.stopped == "time_limit"
    assert stage.worth(found.is_open) <= best <= found.bound


def test_every_site_is_in_one_region_though_nobody_shares_with_it():
    amounts = sparse.csr_array(
        np.diag([3.0, 2.0, 1.0, 1.0]) + np.diag([1.0, 0.0, 0.5], 1) + np.diag([1.0, 0.0, 0.5], -1)
    )
    group = Sharing(amounts).around(np.array([0]))
    assert group.tolist() == [0, 0, 1, 1]


def test_rest_of_a_region_is_what_tightening_leaves():
    walk, people = town(9)
    _, program = asked(walk, people)
    nothing = np.zeros(len(program.free), dtype=bool)
    closed = np.arange(len(nothing)) % 2 == 0
    rest = tightened(program, nothing, closed, np.zeros(program.sets.shape[0], dtype=bool))
    assert rest.free.tolist() == program.free[~closed].tolist()
