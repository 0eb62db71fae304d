"""The sharpened relaxation of the largest coverage: no bound and no cut ever rules out a plan that exists."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import optimize, sparse

from planner import SitingProblem, solve
from planner.siting.solvers import equals, settle
from planner.siting.solvers.coverage import relaxation as relaxation_of_sets
from planner.siting.solvers.coverage.branching import Aims, branch
from planner.siting.solvers.coverage.odd_groups import odd_groups
from planner.siting.solvers.coverage.relaxation import Relaxation, sharpened
from planner.siting.solvers.highs import model_of, relax
from planner.siting.solvers.program import Goal, Program

#: Only better plans are looked for.
BETTER = Aims(0.999, 1e-6, 0)


def a_program(seed, sites=12, sets=60, stations=3):
    rng = np.random.default_rng(seed)
    members = sparse.csr_array((rng.random((sets, sites)) < 0.25).astype(float))
    members = sparse.csr_array(members[np.flatnonzero(np.diff(members.indptr) > 1)])
    goal = Goal(rng.integers(0, 9, sites).astype(float), rng.integers(1, 50, members.shape[0]).astype(float), 7.0)
    count = sparse.csr_array(np.ones((1, sites)))
    most = np.array([float(stations)])
    return Program(np.arange(sites), members, sparse.csr_array((0, sites)), count, most, most, (goal,), True)


def every_plan(program):
    stations = int(program.upper[0])
    return [np.isin(np.arange(len(program.free)), each) for each in combinations(range(len(program.free)), stations)]


def best_of(program):
    goal = program.goals[0]
    return max(program.value(goal, plan) for plan in every_plan(program)) - goal.constant


@pytest.mark.parametrize("seed", range(12))
def test_no_bound_on_the_way_is_below_the_best_plan(seed):
    program, bounds = a_program(seed), []
    best = best_of(program)
    sharpened(Relaxation(program), 0.0, 0.0, lambda: 60.0, bounds.append)
    assert bounds
    assert min(bounds) >= best - 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_cuts_only_sharpen_the_plain_relaxation(seed):
    program = a_program(seed)
    model = model_of(program, program.goals[0], "max")
    duals, _ = relax(model, 60.0)
    plain = float(np.maximum(model.cost - model.matrix.T @ duals, 0).sum() + duals[-1] * program.upper[0])
    found = sharpened(Relaxation(program), 0.0, 0.0, lambda: 60.0, lambda _: None)
    assert found[0].value <= plain + 1e-6


def test_three_sets_that_share_sites_in_a_ring_need_two_sites():
    members = sparse.csr_array(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]]))
    (group,) = odd_groups(members, np.full(3, 0.5), np.zeros(3))[:1]
    assert group.tolist() == [0, 1, 2]
    one = np.array([1.0])
    count = sparse.csr_array(np.array([[1.0, 1, 1]]))
    goal = Goal(np.zeros(3), np.full(3, 10.0), 0.0)
    program = Program(np.arange(3), members, sparse.csr_array((0, 3)), count, one, one, (goal,), True)
    assert sharpened(Relaxation(program), 0.0, 0.0, lambda: 60.0, lambda _: None)[0].value == pytest.approx(20.0)


@pytest.mark.parametrize("seed", range(12))
def test_what_a_bound_decides_holds_in_every_plan_as_good(seed):
    program = a_program(seed)
    goal, best = program.goals[0], best_of(program)
    bound, _ = sharpened(Relaxation(program), best, 0.0, lambda: 60.0, lambda _: None)
    ones, zeros = bound.decides(best - 1e-6)
    for plan in every_plan(program):
        if program.value(goal, plan) - goal.constant >= best:
            decided = np.concatenate([plan, program.sets @ plan.astype(float) > 0])
            assert decided[ones].all()
            assert not decided[zeros].any()


def a_city(seed, points=1500, sites=60):
    rng = np.random.default_rng(seed)
    homes, places = rng.uniform(0, 1000, (points, 2)), rng.uniform(0, 1000, (sites, 2))
    walk = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1)).round()
    return SitingProblem.from_costs(walk, rng.integers(1, 200, points), max_walk=150)


def stations(number):
    return [{"name": "station_count", "stations": number}]


def plainly(problem, number):
    reach, people = problem.needs[0].within_reach, problem.needs[0].people
    points, sites = reach.shape
    covered = optimize.LinearConstraint(sparse.hstack([reach, -sparse.eye_array(points)]), lb=0)
    whole = np.concatenate([np.ones(sites), np.zeros(points)])
    count = optimize.LinearConstraint(whole[None, :], number, number)
    cost = np.concatenate([np.zeros(sites), -people])
    found = optimize.milp(cost, integrality=whole, bounds=optimize.Bounds(0, 1), constraints=[covered, count])
    return -found.fun


@pytest.fixture
def small_towns_too(monkeypatch):
    monkeypatch.setattr(settle, "_MANY_SETS", 1)
    monkeypatch.setattr(equals, "_MANY_SETS", 1)


@pytest.mark.usefixtures("small_towns_too")
@pytest.mark.parametrize("seed", range(4))
def test_an_independent_solver_finds_the_same_coverage_whatever_it_began_with(seed):
    problem, before = a_city(seed), None
    for number in (6, 7, 6):
        solution = solve(problem, constraints=stations(number), start=before)
        assert solution.status == "optimal"
        assert solution.objective == pytest.approx(plainly(problem, number))
        assert solution.opened == solve(a_city(seed), constraints=stations(number)).opened
        before = solution


@pytest.mark.usefixtures("small_towns_too")
def test_a_start_from_another_problem_counts_only_where_its_sites_are_known():
    problem = a_city(0)
    before = solve(problem, constraints=stations(6))
    fewer = SitingProblem.from_costs(problem.needs[0].walk[:, :40], problem.needs[0].people, max_walk=150)
    assert solve(fewer, constraints=stations(5), start=before).opened == solve(fewer, constraints=stations(5)).opened


@pytest.mark.parametrize("seed", range(12))
def test_halves_prove_the_best_plan_from_the_worst_one(seed):
    program = a_program(seed)
    relaxation = Relaxation(program)
    relaxation.solve(60.0)
    worst = min(every_plan(program), key=lambda plan: program.value(program.goals[0], plan))
    found = branch(relaxation, worst, BETTER, 10_000, lambda: 60.0, lambda _: None)
    assert found.is_done
    assert found.worth == found.bound == pytest.approx(best_of(program))


@pytest.mark.parametrize("seed", range(12))
def test_halves_that_are_left_bound_the_best_plan(seed):
    program = a_program(seed, sites=14, stations=4)
    relaxation = Relaxation(program)
    relaxation.solve(60.0)
    worst = min(every_plan(program), key=lambda plan: program.value(program.goals[0], plan))
    for halves in range(1, 8):
        found = branch(relaxation, worst, BETTER, halves, lambda: 60.0, lambda _: None)
        assert found.bound >= best_of(program) - 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_a_choice_that_is_ruled_out_leaves_all_others(seed):
    program = a_program(seed)
    goal, relaxation = program.goals[0], Relaxation(program)
    plans = sorted(every_plan(program), key=lambda plan: -program.value(goal, plan))
    for plan in plans[:3]:
        relaxation.rule_out(plan)
    for plan in plans:
        relaxation.free_sites(plan.astype(float), plan.astype(float))
        found = relaxation.solve(60.0)
        if any(plan is out for out in plans[:3]):
            assert found is None
            assert relaxation.is_impossible
        else:
            bound = relaxation.proven(plan.astype(float), plan.astype(float)).value
            assert bound == pytest.approx(program.value(goal, plan) - goal.constant)
    relaxation.rule_nothing_out()
    relaxation.free_sites(np.zeros(12), np.ones(12))
    assert relaxation.solve(60.0) is not None
    assert relaxation.proven().value >= best_of(program) - 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_ruling_out_a_choice_that_has_room_left_keeps_the_larger_ones(seed):
    program = replace(a_program(seed), lower=np.array([0.0]), upper=np.array([4.0]))
    relaxation, few = Relaxation(program), np.arange(12) < 3
    relaxation.rule_out(few)
    for more in range(3, 12):
        plan = few | (np.arange(12) == more)
        relaxation.free_sites(plan.astype(float), plan.astype(float))
        assert relaxation.solve(60.0) is not None


@pytest.mark.parametrize("seed", range(12))
def test_a_trial_proves_no_less_than_the_best_plan_it_leaves(seed, monkeypatch):
    program = a_program(seed)
    goal, best = program.goals[0], best_of(program)
    monkeypatch.setattr(relaxation_of_sets, "_TRIAL", seed % 3)
    relaxation = Relaxation(program)
    relaxation.solve(60.0)
    basis = relaxation.basis
    for site in range(12):
        for value in (0.0, 1.0):
            low, high = np.zeros(12), np.ones(12)
            low[site] = high[site] = value
            left = [program.value(goal, plan) - goal.constant for plan in every_plan(program) if plan[site] == value]
            assert relaxation.tried(basis, low, high, 60.0) >= max(left) - 1e-6
    assert max(left) <= best


@pytest.mark.parametrize("seed", range(12))
def test_a_bound_that_is_enough_holds_though_sets_are_left_out(seed, monkeypatch):
    monkeypatch.setattr(relaxation_of_sets, "_FIRST", 5)
    monkeypatch.setattr(relaxation_of_sets, "_MORE", 3)
    program = a_program(seed)
    relaxation = Relaxation(program)
    total = program.goals[0].of_set.sum() + program.goals[0].of_site.sum()
    relaxation.solve(60.0, enough=0.8 * total)
    left_out = np.count_nonzero(relaxation.column < 0)
    assert relaxation.proven().value >= best_of(program) - 1e-6
    relaxation.solve(60.0)
    assert left_out >= np.count_nonzero(relaxation.column < 0)


@pytest.mark.parametrize("seed", range(12))
def test_halves_list_every_plan_that_is_as_good(seed):
    program = a_program(seed)
    program = replace(program, goals=(Goal(np.zeros(12), np.ones(program.sets.shape[0]), 0.0),))
    relaxation = Relaxation(program)
    relaxation.solve(60.0)
    goal, best = program.goals[0], best_of(program)
    equal = [plan for plan in every_plan(program) if program.value(goal, plan) == best]
    worst = min(every_plan(program), key=lambda plan: program.value(goal, plan))
    for begin in (equal[-1], worst):
        found = branch(relaxation, begin, Aims(0.999, 1e-6, 1_000), 10_000, lambda: 60.0, lambda _: None)
        assert found.is_done
        assert not found.has_many
        assert sorted(map(tuple, found.plans)) == sorted(map(tuple, equal))


@pytest.mark.parametrize("seed", range(12))
def test_too_many_equals_are_told_and_the_best_is_found_all_the_same(seed):
    program = a_program(seed)
    program = replace(program, goals=(Goal(np.zeros(12), np.ones(program.sets.shape[0]), 0.0),))
    relaxation = Relaxation(program)
    relaxation.solve(60.0)
    goal, best = program.goals[0], best_of(program)
    equal = sum(program.value(goal, plan) == best for plan in every_plan(program))
    worst = min(every_plan(program), key=lambda plan: program.value(goal, plan))
    found = branch(relaxation, worst, Aims(0.999, 1e-6, 1), 10_000, lambda: 60.0, lambda _: None)
    assert found.worth == best
    assert found.has_many == (equal > 1)


@pytest.mark.usefixtures("small_towns_too")
@pytest.mark.parametrize("seed", range(8))
def test_ties_are_broken_as_one_combination_after_the_other_would(seed):
    rng = np.random.default_rng(seed)
    walk = rng.integers(1, 30, (60, 34)).astype(float)
    people = rng.integers(0, 4, 60)
    problem = SitingProblem.from_costs(walk, people, max_walk=6)
    solution = solve(problem, constraints=stations(2))

    def rank(plan):
        nearest = walk[:, list(plan)].min(axis=1)
        is_covered = nearest <= 6
        return (-people[is_covered].sum(), people[is_covered] @ nearest[is_covered], plan)

    assert solution.status == "optimal"
    assert not solution.notes
    assert solution.opened == min(combinations(range(34), 2), key=rank)
