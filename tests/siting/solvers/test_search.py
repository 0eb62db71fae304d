"""The quick searches: they never leave what is allowed, and what they claim is what is there."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from planner.siting.solvers.coverage.exchange import exchanged
from planner.siting.solvers.program import Goal, Program
from planner.siting.solvers.search import Terrain, climb, greedy, search
from planner.siting.solvers.weighting import weighted_search


def a_program(seed, limit=4, sites=25, sets=60, required=3):
    rng = np.random.default_rng(seed)
    members = sparse.csr_array((rng.random((sets + required, sites)) < 0.12).astype(float))
    goal = Goal(np.zeros(sites), rng.integers(1, 50, sets).astype(float), 0.0)
    return Program(
        np.arange(sites),
        sparse.csr_array(members[:sets]),
        sparse.csr_array(members[sets:]),
        sparse.csr_array(np.ones((1, sites))),
        np.array([float(limit)]),
        np.array([float(limit)]),
        (goal,),
        True,
    )


def a_start(terrain):
    return climb(terrain, greedy(terrain, np.zeros(terrain.sets.shape[1], dtype=bool)))


@pytest.mark.parametrize("seed", range(5))
def test_no_single_exchange_is_better_after_a_climb(seed):
    program = a_program(seed)
    terrain = Terrain.of(program, program.goals)
    chosen = a_start(terrain)
    worth = terrain.worth(chosen)[0]
    for out in np.flatnonzero(chosen):
        for into in np.flatnonzero(~chosen):
            other = chosen.copy()
            other[out], other[into] = False, True
            assert terrain.worth(other)[0] <= worth


@pytest.mark.parametrize("seed", range(5))
def test_searches_only_ever_improve_and_keep_the_rows(seed):
    program = a_program(seed)
    terrain = Terrain.of(program, program.goals)
    start = a_start(terrain)
    for better in (
        search(terrain, start, np.ones(25) / 25, np.inf, 50, seed),
        weighted_search(terrain, start, np.inf, 500, seed),
        exchanged(terrain, start, np.inf, 200, 10**7, seed),
    ):
        assert terrain.worth(better)[0] >= terrain.worth(start)[0]
        assert np.count_nonzero(better) == 4
        assert not terrain.allows(start) or terrain.allows(better)


def test_a_covering_that_swaps_cannot_reach_is_found_by_weights():
    rng = np.random.default_rng(4)
    order = rng.permutation(40)
    members = np.zeros((80, 40))
    for place in range(80):
        members[place, order[[place % 8, 8 + rng.integers(32), 8 + rng.integers(32)]]] = 1.0  # eight sites serve all
    empty = sparse.csr_array((0, 40))
    count = sparse.csr_array(np.ones((1, 40)))
    program = Program(
        np.arange(40), sparse.csr_array(members), empty, count, np.array([8.0]), np.array([8.0]),
        (Goal(np.zeros(40), np.ones(80), 0.0),), True,
    )  # fmt: skip
    terrain = Terrain.of(program, program.goals)
    found = weighted_search(terrain, np.arange(40) < 8, 80.0, 20_000, 0)
    assert terrain.worth(found)[0] == 80


@pytest.mark.parametrize("seed", range(8))
def test_kicks_and_exchanges_find_the_best_plan_of_a_small_town(seed):
    program = a_program(seed, required=0)
    terrain = Terrain.of(program, program.goals)
    best = max(terrain.worth(np.isin(np.arange(25), four))[0] for four in combinations(range(25), 4))
    found = exchanged(terrain, a_start(terrain), np.inf, 2_000, 10**8, 0)
    assert terrain.worth(found)[0] == best


def test_kicks_keep_a_budget():
    program = a_program(1, required=0)
    cost = np.random.default_rng(2).integers(1, 9, (1, 25)).astype(float)
    program = replace(program, rows=sparse.csr_array(cost), lower=np.array([-np.inf]), upper=np.array([17.0]))
    terrain = Terrain.of(program, program.goals)
    found = exchanged(terrain, a_start(terrain), np.inf, 500, 10**7, 0)
    assert cost[0, found].sum() <= 17
    assert terrain.worth(found)[0] >= terrain.worth(a_start(terrain))[0]
