"""Shorter walks by exchanges: each move is weighed as it would be counted, and what is held stays."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.siting import SitingProblem, constraints_from, objective_from, solve
from planner.siting.solvers import staged
from planner.siting.solvers.least_walk import LeastWalk
from planner.siting.solvers.shorter import _Walks, members_of_walks, with_shorter_walks
from planner.siting.solvers.stage import Decided, Stage, Task

STATIONS = [{"name": "station_count", "stations": 4}]


def town(seed, points=70, sites=14):
    rng = np.random.default_rng(seed)
    homes, places = rng.random((points, 2)), rng.random((sites, 2))
    walk = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1)).round(3)
    return walk, rng.integers(1, 9, points)


def a_stage(problem, given):
    task = Task(problem, objective_from("max_coverage"), constraints_from(STATIONS), np.inf)
    nothing = np.zeros(len(problem.site_ids), dtype=bool)
    rows = tuple(rule.rows(problem) for rule in task.constraints)
    return Stage(task, rows, (task.objective,), Decided(nothing, nothing.copy()), given)


@pytest.mark.parametrize("seed", range(6))
def test_every_move_saves_what_counting_before_and_after_says(seed):
    walk, people = town(seed)
    problem = SitingProblem.from_costs(walk, people, max_walk=0.3)
    is_open = np.isin(np.arange(14), np.random.default_rng(seed).choice(14, 5, replace=False))
    closed_for_good, fixed = 0, int(np.flatnonzero(is_open)[0])
    free = np.delete(np.arange(14), [fixed] if fixed == closed_for_good else [closed_for_good, fixed])
    inside = np.flatnonzero(is_open[free])
    gain = _Walks.of(problem.needs[0], np.arange(70)).saved(is_open, free, inside)
    before = LeastWalk().evaluate(problem, is_open)
    for into in range(len(free) + 1):
        for out in range(len(inside) + 1):
            after = is_open.copy()
            if into < len(free) and is_open[free[into]]:
                continue
            if out < len(inside):
                after[free[inside[out]]] = False
            if into < len(free):
                after[free[into]] = True
            assert gain[into, out] == pytest.approx(before - LeastWalk().evaluate(problem, after), abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_as_many_are_covered_and_no_single_exchange_is_shorter(seed):
    walk, _ = town(seed, points=40)
    problem = SitingProblem.from_costs(walk, np.ones(40), max_walk=0.9)
    given = np.arange(14) < 4
    stage = a_stage(problem, given)
    covers, walks = stage.goals[0], LeastWalk()
    shorter = with_shorter_walks(stage, given)
    assert covers.evaluate(problem, shorter) == covers.evaluate(problem, given)
    assert shorter.sum() == 4
    for out in np.flatnonzero(shorter):
        for into in np.flatnonzero(~shorter):
            other = shorter.copy()
            other[[out, into]] = False, True
            if covers.evaluate(problem, other) == covers.evaluate(problem, shorter):
                assert walks.evaluate(problem, other) >= walks.evaluate(problem, shorter) - 1e-9


def test_no_time_leaves_the_plan_as_it_is():
    walk, people = town(0)
    problem = SitingProblem.from_costs(walk, people, max_walk=0.9)
    stage, given = a_stage(problem, np.arange(14) < 4), np.arange(14) < 4
    late = replace(stage, task=replace(stage.task, deadline=0.0))
    assert with_shorter_walks(late, given).tolist() == given.tolist()


def test_members_are_those_of_the_walks_sorted_by_length():
    problem = SitingProblem.from_costs([[1, 2, 3], [1, 9, 9], [9, 9, 9]], [1, 1, 1], max_walk=3)
    assert members_of_walks(problem) == 1 + 2 + 3 + 1


@pytest.mark.parametrize("seed", range(4))
def test_order_of_rows_changes_nothing_where_walks_are_too_many_to_rank(seed, monkeypatch):
    monkeypatch.setattr(staged, "_MEMBERS_TO_WALK", 0)
    monkeypatch.setattr(staged, "few_equals", lambda *_: None)
    walk, people = town(seed, points=120, sites=40)
    table = pd.DataFrame(walk, index=[f"h{k:03}" for k in range(120)], columns=[f"s{k:02}" for k in range(40)])
    people = pd.Series(people, table.index)

    def opened(rows, columns):
        problem = SitingProblem.from_costs(table.iloc[rows, columns], people.iloc[rows], max_walk=0.6)
        solution = solve(problem, "max_coverage", STATIONS)
        assert [note.code for note in solution.notes] == ["siting.tie_unproven"]
        return solution.opened

    forth, back = slice(None), slice(None, None, -1)
    assert opened(forth, forth) == opened(back, forth) == opened(forth, back)
