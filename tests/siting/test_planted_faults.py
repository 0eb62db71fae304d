"""Faults planted on purpose: either the count after the solver refuses the plan, or trying every set exposes it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from planner.errors import SolverError
from planner.siting import NeedWalks, SitingProblem, solve
from planner.siting.constraints import Budget, StationCount
from planner.siting.linear import Expression, Rows
from planner.siting.objectives import MaxCoverage
from planner.siting.solvers import highs
from planner.siting.solvers import staged as find_plan_of
from planner.siting.solvers.capacitated import staged
from tests.siting.town import best_plan, counted, every_plan, small_town

THREE = [{"name": "station_count", "stations": 3}]


def best_of_all(problem):
    covered = {plan.tobytes(): counted(problem, plan)[0] for plan in every_plan(problem) if plan.sum() == 3}
    return max(covered.values())


def people_swapped(self, problem):
    return Expression.of(problem, of_covered=tuple(need.weight * need.people[::-1] for need in problem.needs))


def one_need_forgotten(self, problem):
    first, *others = problem.needs
    return Expression.of(problem, of_covered=(first.people, *[0 * need.people for need in others]))


def weight_forgotten(self, problem):
    return Expression.of(problem, of_covered=tuple(need.people for need in problem.needs))


@pytest.mark.parametrize("fault", [people_swapped, one_need_forgotten, weight_forgotten])
def test_an_objective_that_tells_the_solver_something_else_is_caught_when_counting_again(monkeypatch, fault):
    monkeypatch.setattr(MaxCoverage, "expression", fault)
    with pytest.raises(SolverError, match="counting again"):
        solve(small_town(), constraints=THREE)


def test_rows_swapped_between_the_count_and_the_program_are_caught(monkeypatch):
    def swapped(problem):
        return replace(problem, needs=tuple(replace(need, people=need.people[::-1]) for need in problem.needs))

    honest = MaxCoverage.evaluate
    monkeypatch.setattr(MaxCoverage, "evaluate", lambda self, problem, is_open: honest(self, swapped(problem), is_open))
    with pytest.raises(SolverError, match="counting again"):
        solve(small_town(), constraints=THREE)


def test_a_limit_that_does_not_count_is_exposed_by_trying_every_set(monkeypatch):
    monkeypatch.setattr(NeedWalks, "covers", lambda self, walk: np.asarray(walk) < self.limit)
    assert solve(small_town(), constraints=THREE).objective < best_of_all(small_town())


def test_a_limit_that_counts_in_the_program_only_is_caught_when_counting_again(monkeypatch):
    def strictly(self):
        return sparse.csr_array((self.walk.toarray() < self.limit) * (self.walk.toarray() > 0) * 1.0)

    monkeypatch.setattr(NeedWalks, "within_reach", property(strictly))
    with pytest.raises(SolverError, match="counting again"):
        solve(small_town(), constraints=THREE)


def test_minutes_taken_for_seconds_are_exposed_by_trying_every_set():
    town = small_town()
    wrong = replace(town, needs=tuple(replace(need, walk=need.walk * 60) for need in town.needs))
    assert solve(wrong, constraints=THREE).objective < best_of_all(town)


def test_a_constraint_that_tells_the_solver_too_little_is_caught_by_its_own_check(monkeypatch):
    honest = StationCount.rows
    monkeypatch.setattr(StationCount, "rows", lambda self, problem: honest(StationCount(stations=4), problem))
    with pytest.raises(SolverError, match=r"breaks: station_count"):
        solve(small_town(), constraints=THREE)


def test_a_constraint_that_forgets_some_costs_is_caught_by_its_own_check(monkeypatch):
    def forgetful(self, problem):
        cost = np.where(problem.site_ids == "s3", 0.0, problem.cost_of_opening_cny)
        return Rows.counting(problem, cost, upper=self.limit_cny)

    monkeypatch.setattr(Budget, "rows", forgetful)
    with pytest.raises(SolverError, match=r"breaks: budget"):
        solve(small_town(), constraints=[{"name": "budget", "max_cost_10k_cny": 19}])


def test_a_solver_that_returns_another_plan_than_it_counted_is_caught(monkeypatch):
    honest = highs._answer

    def crossed(*given):
        answer = honest(*given)
        return answer if answer.chosen is None else replace(answer, chosen=answer.chosen[::-1])

    monkeypatch.setattr(highs, "_answer", crossed)
    with pytest.raises(SolverError):
        solve(small_town(), constraints=[{"name": "station_count", "stations": 2}])


def test_a_solver_that_stops_early_and_calls_it_proven_is_exposed_by_trying_every_set(monkeypatch):
    """The one fault no count can see: a claim of proof. Hence the peer solver and the random problems."""
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [1, 2], max_walk=5)
    worse = np.array([True, False])

    def premature(model, program, limits, start=None):
        return highs.Answer("proven", worse, 1.0)

    monkeypatch.setattr(highs, "solve_model", premature)
    monkeypatch.setattr("planner.siting.solvers.staged._tie_broken", lambda stage, found: found)
    found = solve(problem, constraints=[{"name": "station_count", "stations": 1}])
    best = best_plan(problem, lambda is_open: counted(problem, is_open)[0], "max", lambda is_open: is_open.sum() == 1)
    assert found.objective != best[0]


ROOM = [*THREE, {"name": "capacity", "assigned": "with_room"}]


def full_town():
    """Nobody needs to stay at home but for room: three stations are taken for four homes of 40 people."""
    walk = np.array([[1, 5, 9, 9], [2, 1, 5, 9], [3, 9, 1, 5], [4, 9, 9, 1]])
    return SitingProblem.from_costs(walk, [40, 40, 40, 40], max_walk=9, capacity=[80, 40, 40, 40])


@pytest.mark.parametrize("wish", ["total_walk", "max_coverage"])
def test_a_station_given_more_people_than_it_has_room_for_is_caught(monkeypatch, wish):
    honest = staged.find_assigned

    def overfull(task, rules):
        found = honest(task, rules)
        place = int(np.flatnonzero(found.is_open)[-1])
        return replace(found, assigned=(np.full(4, place),))

    monkeypatch.setattr(find_plan_of, "find_assigned", overfull)
    with pytest.raises(SolverError, match="breaks: capacity"):
        solve(full_town(), wish, ROOM)


def test_people_given_to_a_station_that_is_closed_are_caught(monkeypatch):
    honest = staged.find_assigned

    def closed(task, rules):
        found = honest(task, rules)
        goes = found.assigned[0].copy()
        goes[0] = np.flatnonzero(~found.is_open)[0]
        return replace(found, assigned=(goes,))

    monkeypatch.setattr(find_plan_of, "find_assigned", closed)
    with pytest.raises(SolverError, match="breaks: capacity"):
        solve(full_town(), "total_walk", ROOM)


def test_a_value_claimed_for_an_assignment_that_is_better_than_its_bound_is_caught(monkeypatch):
    honest = staged.find_assigned
    monkeypatch.setattr(
        find_plan_of,
        "find_assigned",
        lambda task, rules: replace(honest(task, rules), bound=honest(task, rules).bound + 40),
    )
    with pytest.raises(SolverError, match="beats the bound"):
        solve(full_town(), "total_walk", ROOM)
