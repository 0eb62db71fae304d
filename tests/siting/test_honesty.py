"""What a solution says about itself, and what stops the search."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputError, PlanFileError, SolverError
from planner.siting import SitingProblem, solve
from planner.siting.solvers import settle
from tests.siting.town import small_town


def a_hard_problem(homes=1500, sites=150, seed=1):
    """Every site covers a tenth of the homes, without any geography: nothing near the bound exists."""
    rng = np.random.default_rng(seed)
    walk = np.where(rng.random((homes, sites)) < 0.1, 1.0, np.inf)
    return SitingProblem.from_costs(walk, rng.integers(1, 500, homes), max_walk=1)


TWELVE = [{"name": "station_count", "stations": 12}]


def test_out_of_time_gives_the_best_plan_so_far_with_its_bound_and_gap():
    problem = a_hard_problem()
    solution = solve(problem, constraints=TWELVE, time_limit_s=1.5)
    assert (solution.status, solution.stopped) == ("feasible", "time_limit")
    assert len(solution.opened) == 12
    assert solution.objective < solution.bound <= problem.needs[0].people.sum()
    assert solution.gap == (solution.bound - solution.objective) / solution.objective


def test_the_gap_asked_for_is_enough():
    solution = solve(a_hard_problem(), constraints=TWELVE, gap=0.2)
    assert (solution.status, solution.stopped) == ("feasible", "gap")
    assert 0 < solution.gap <= 0.2


def test_a_gap_that_is_zero_anyway_is_a_proof():
    solution = solve(small_town(), constraints=[{"name": "station_count", "stations": 3}], gap=0.5)
    assert solution.gap <= 0.5
    assert (solution.status == "optimal") == (solution.stopped == "proven")


def test_out_of_time_without_any_plan_is_a_solver_error(monkeypatch):
    monkeypatch.setattr(settle, "_start", lambda stage, program: None)
    with pytest.raises(SolverError) as refusal:
        solve(a_hard_problem(), constraints=TWELVE, time_limit_s=0.01)
    assert refusal.value.exit_code == 3


INTERRUPTED = """
import os, signal, sys, threading
from planner.siting.solving import uninterrupted
from planner.siting import solve
from tests.siting.test_honesty import TWELVE, a_hard_problem
problem = a_hard_problem()
begun = []

def tell(text):
    if not begun:
        threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun.append(text)

solution = solve(problem, constraints=TWELVE, time_limit_s=100, progress=tell)
walk = problem.needs[0]
is_open = problem.site_ids.isin(solution.opened)
assert solution.objective == walk.people[walk.covered(is_open)].sum() <= solution.bound
assert solution.runtime_s < 60
print(solution.status, solution.stopped, len(solution.opened))
try:
    uninterrupted(solution)
except KeyboardInterrupt:
    print("and no more")
"""


def test_ctrl_c_keeps_the_best_plan_so_far_and_stops_what_would_ask_on():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["feasible interrupted 12", "and no more"]


def test_ctrl_c_before_any_plan_is_not_swallowed(monkeypatch):
    def interrupted(stage, program):
        raise KeyboardInterrupt

    monkeypatch.setattr(settle, "_start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        solve(a_hard_problem(), constraints=TWELVE, time_limit_s=60)


def test_the_same_problem_gives_the_same_solution():
    problem = a_hard_problem(homes=200, sites=40)
    one, two = (solve(problem, constraints=[{"name": "station_count", "stations": 3}]) for _ in range(2))
    assert replace(one, runtime_s=0) == replace(two, runtime_s=0)
    assert one.status == "optimal"


def test_reversed_rows_give_the_same_solution_through_every_stage():
    rng = np.random.default_rng(5)
    walk, people = rng.integers(0, 30, (90, 35)), rng.integers(0, 9, 90)
    rules = [{"name": "station_count", "stations": 4}]
    one = solve(SitingProblem.from_costs(walk, people, max_walk=5), constraints=rules)
    two = solve(SitingProblem.from_costs(walk[::-1], people[::-1], max_walk=5), constraints=rules)
    assert replace(one, runtime_s=0) == replace(two, runtime_s=0)
    assert (one.status, one.notes) == ("optimal", ())


def test_each_stage_is_told():
    told = []
    solve(small_town(), constraints=[{"name": "keep_open"}], progress=told.append)
    assert told
    assert all(text.zh != text.en for text in told)


@pytest.mark.parametrize("limits", [{"time_limit_s": 0}, {"gap": 1}, {"gap": -0.1}, {"time_limit_s": np.nan}], ids=str)
def test_unusable_limits_are_refused(limits):
    with pytest.raises(InputError):
        solve(small_town(), **limits)


def test_an_unknown_objective_is_refused_with_the_nearest_known_one():
    with pytest.raises(PlanFileError, match=r"unknown: 'max_covrage'; expected: max_coverage"):
        solve(small_town(), "max_covrage")
    with pytest.raises(PlanFileError, match=r"no parameters"):
        solve(small_town(), {"name": "max_coverage", "stations": 3})


def test_faults_of_objective_and_constraints_come_together():
    with pytest.raises(PlanFileError) as refusal:
        solve(small_town(), "p_median", [{"name": "budgt"}, {"name": "station_count"}])
    assert len(refusal.value.faults) == 3


def test_kept_stations_cost_nothing_and_are_no_new_ones():
    rules = [{"name": "keep_open"}, {"name": "budget", "max_cost_cny": 0}]
    solution = solve(small_town(), constraints=rules)
    assert (solution.opened, solution.kept, solution.closed) == ((), ("s2", "s4", "s6"), ())
    assert solution.open_sites == ("s2", "s4", "s6")
