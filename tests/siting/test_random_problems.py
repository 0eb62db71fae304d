"""Problems nobody thought of, with many ties: by trying every set of stations, and by an independent solver."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from planner.errors import InfeasibleError
from planner.siting import SitingProblem, constraints_from, objective_from, solve
from planner.siting.solvers import settle
from planner.siting.solvers.median import settle as median_settle
from tests.siting.samples import OBJECTIVE_SAMPLES
from tests.siting.town import best_plan

STATUSES = ["candidate", "candidate", "candidate", "existing", "under_construction", "required", "excluded"]
COUNTS = st.sampled_from(["stations", "at_most", "at_least", "new_stations"])


@st.composite
def problems(draw, most_points=8, most_sites=7):
    points, sites = draw(st.integers(1, most_points)), draw(st.integers(1, most_sites))
    walk = np.array(
        draw(st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, np.nan]), min_size=points * sites, max_size=points * sites))
    )
    people = draw(st.lists(st.integers(0, 3), min_size=points, max_size=points))
    cost = draw(st.lists(st.integers(0, 3), min_size=sites, max_size=sites))
    problem = SitingProblem.from_costs(walk.reshape(points, sites), people, max_walk=3, cost_cny=cost)
    status = draw(st.lists(st.sampled_from(STATUSES), min_size=sites, max_size=sites))
    closing = draw(st.lists(st.sampled_from([0, 0, 1, 2, -1, np.nan]), min_size=sites, max_size=sites))
    problem = replace(problem, status=np.array(status, dtype=object), closing_cost_cny=np.array(closing, dtype=float))
    if draw(st.booleans()):
        (need,) = problem.needs
        problem = replace(problem, needs=(need, replace(need, people=need.people[::-1], limit=1, weight=2.0)))
    return problem


@st.composite
def rules(draw):
    given = []
    if draw(st.booleans()):
        given.append({"name": "station_count", draw(COUNTS): draw(st.integers(0, 5))})
    if draw(st.booleans()):
        given.append({"name": "keep_open"})
    if draw(st.booleans()):
        given.append({"name": "budget", "max_cost_cny": draw(st.integers(0, 6))})
    if draw(st.booleans()):
        given.append({"name": "cover_everyone", "except_out_of_reach": draw(st.booleans())})
    return given


@pytest.mark.parametrize("smallest", [30, 0], ids=["solver alone", "with bounds and narrowing"])
@given(
    problem=problems(),
    given_rules=rules(),
    wish=st.sampled_from([{"name": name, **given[0]} for name, given in OBJECTIVE_SAMPLES.items()]),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_the_plan_is_the_best_of_all(smallest, problem, given_rules, wish):
    objective, constraints = objective_from(wish), constraints_from(given_rules)
    best = best_plan(
        problem,
        lambda is_open: objective.order(problem, is_open),
        "min",
        lambda is_open: (
            math.isfinite(objective.evaluate(problem, is_open))
            and all(rule.allows(problem, is_open) for rule in constraints)
        ),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settle, "_SMALL", smallest)
        patch.setattr(median_settle, "_SMALL", 0 if smallest == 0 else 400)
        if best is None:
            with pytest.raises(InfeasibleError):
                solve(problem, wish, given_rules)
            return
        solution = solve(problem, wish, given_rules)
    assert (solution.status, solution.objective) == (
        "optimal",
        objective.evaluate(problem, np.isin(problem.site_ids, best[-1])) / objective.unit(problem),
    )
    assert tuple(sorted(solution.open_sites)) == best[-1]


@pytest.mark.parametrize("seed", range(3))
def test_an_independent_solver_finds_the_same_coverage(seed):
    rng = np.random.default_rng(seed)
    homes, sites, stations = 300, 40, 6
    walk = np.hypot(*(rng.random((homes, 2, 1)) - rng.random((2, sites))[np.newaxis]).swapaxes(0, 1))
    people = rng.integers(0, 500, homes)
    solution = solve(
        SitingProblem.from_costs(walk, people, max_walk=0.2),
        constraints=[{"name": "station_count", "stations": stations}],
    )
    assert solution.status == "optimal"
    assert solution.objective == -scipy_coverage(walk <= 0.2, people, stations)


def scipy_coverage(within, people, stations):
    """MCLP written down once more, for scipy's interface: x sites, z homes, z <= sum of x within reach."""
    homes, sites = within.shape
    links = sparse.hstack([-sparse.csr_array(within.astype(float)), sparse.eye_array(homes)])
    count = np.concatenate([np.ones(sites), np.zeros(homes)])[np.newaxis]
    found = optimize.milp(
        np.concatenate([np.zeros(sites), -people]),
        constraints=[
            optimize.LinearConstraint(links, ub=np.zeros(homes)),
            optimize.LinearConstraint(count, stations, stations),
        ],
        integrality=np.concatenate([np.ones(sites), np.zeros(homes)]),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return round(found.fun)
