"""Listing the equally good plans and searching among them by stages give the same plan."""

import numpy as np
import pytest

from planner.siting import SitingProblem, solve
from planner.siting.solvers import staged


def a_problem(seed):
    rng = np.random.default_rng(seed)
    walk = np.where(rng.random((25, 12)) < 0.35, rng.integers(0, 9, (25, 12)), 99)
    existing = rng.random(12) < 0.2
    return SitingProblem.from_costs(walk, rng.integers(0, 4, 25), max_walk=8, existing=existing)


@pytest.mark.parametrize("rule", [{"stations": 4}, {"at_most": 5}, {"at_least": 2, "at_most": 4}], ids=str)
def test_both_ways_agree(monkeypatch, rule):
    asked, listed = [], []
    honest = staged.few_equals
    for seed in range(12):
        monkeypatch.setattr(
            staged, "few_equals", lambda stage, found: listed.append(honest(stage, found)) or listed[-1]
        )
        by_list = solve(a_problem(seed), constraints=[{"name": "station_count", **rule}])
        monkeypatch.setattr(staged, "few_equals", lambda stage, found: asked.append(None))
        by_stages = solve(a_problem(seed), constraints=[{"name": "station_count", **rule}])
        assert by_list.open_sites == by_stages.open_sites
        assert by_list.objective == by_stages.objective
    assert len(asked) == 12
    assert "stations" not in rule or any(plans is not None for plans in listed)
