"""A problem over sets of sites is worth what the problem is worth, for every choice."""

import numpy as np
import pytest

from planner.siting.linear import Rows
from planner.siting.objectives import MaxCoverage
from planner.siting.solvers.bounds import bound_from
from planner.siting.solvers.highs import model_of, relax
from planner.siting.solvers.least_change import LeastChange
from planner.siting.solvers.least_walk import LeastWalk
from planner.siting.solvers.program import build_program
from planner.siting.solvers.tighten import tightened
from tests.siting.town import counted, every_plan, reversed_rows, small_town

GOALS = (MaxCoverage(), LeastWalk(), LeastChange())


def the_program(town, opened=(), rules=()):
    is_open = town.always_open | town.site_ids.isin(opened)
    return build_program(town, [goal.expression(town) for goal in GOALS], rules, is_open, town.excluded)


@pytest.mark.parametrize("opened", [(), ("s3",), ("s2", "s5")])
def test_every_goal_of_every_choice_is_what_counting_one_by_one_gives(opened):
    town = small_town()
    program = the_program(town, opened)
    for plan in every_plan(town):
        if not plan[town.site_ids.isin(opened)].all():
            continue
        covered, walk, change = (program.value(goal, plan[program.free]) for goal in program.goals)
        assert (covered, walk) == counted(town, plan)
        assert change == LeastChange().evaluate(town, plan)
        assert walk == LeastWalk().evaluate(town, plan)


def test_the_order_of_the_rows_changes_nothing():
    one, two = the_program(small_town()), the_program(reversed_rows(small_town()))
    assert (one.sets != two.sets).nnz == 0
    for first, second in zip(one.goals, two.goals, strict=True):
        assert first.of_set.tolist() == second.of_set.tolist()


def test_points_with_the_same_sites_are_one_set():
    town = small_town()
    program = build_program(town, [MaxCoverage().expression(town)], [], town.always_open, town.excluded)
    assert len({tuple(row) for row in program.sets.toarray()}) == program.sets.shape[0]
    assert program.sets.shape[0] < len(town.demand_ids)


@pytest.mark.parametrize("seed", range(4))
def test_a_tightened_program_is_worth_the_same_for_the_choices_it_is_made_for(seed):
    rng = np.random.default_rng(seed)
    town = small_town()
    must = tuple((need.people > 0) & (rng.random(len(need.people)) < 0.3) for need in town.needs)
    program = the_program(town, rules=[Rows.covering(town, must), Rows.counting(town, np.ones(7), 2, 5)])
    sites = len(program.free)
    is_open, is_closed = rng.random(sites) < 0.25, np.zeros(sites, dtype=bool)
    is_closed[~is_open] = rng.random(np.count_nonzero(~is_open)) < 0.25
    is_certain = rng.random(program.sets.shape[0]) < 0.3
    rest = tightened(program, is_open, is_closed, is_certain)
    for plan in every_plan(town):
        chosen = plan[program.free]
        served = program.sets @ chosen.astype(float) > 0
        if not chosen[is_open].all() or chosen[is_closed].any() or not served[is_certain].all():
            continue
        if not np.all(program.required @ chosen.astype(float) > 0):
            continue
        kept = chosen[~is_open & ~is_closed]
        for whole, part in zip(program.goals, rest.goals, strict=True):
            assert program.value(whole, chosen) == rest.value(part, kept)
        assert np.all(rest.required @ kept.astype(float) > 0)
        assert np.array_equal(program.rows @ chosen - program.lower, rest.rows @ kept - rest.lower)


def test_a_bound_holds_for_any_duals_and_what_it_decides_is_so_in_every_better_plan():
    town = small_town()
    three = Rows.counting(town, np.ones(7), 3, 3)
    program = build_program(town, [MaxCoverage().expression(town)], [three], town.always_open, town.excluded)
    goal = program.goals[0]
    model = model_of(program, goal, "max")
    solved, _ = relax(model, 10)
    rng = np.random.default_rng(0)
    plans = [plan[program.free] for plan in every_plan(town) if plan.sum() == 3]
    for duals in (solved, *(solved + rng.normal(0, 30, len(solved)) for _ in range(20))):
        bound = bound_from(model, duals)
        for plan in plans:
            worth = program.value(goal, plan) - goal.constant
            served = np.concatenate([plan, program.sets @ plan.astype(float) > 0])
            assert worth <= bound.value + 1e-9
            ones, zeros = bound.decides(worth)
            assert served[ones].all()
            assert not served[zeros].any()
