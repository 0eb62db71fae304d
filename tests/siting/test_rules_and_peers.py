"""The rules of siting against brute force on problems nobody thought of, and against plain models by scipy."""

import itertools
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
from tests.siting.test_random_problems import problems
from tests.siting.town import best_plan

SHARES = [0, 0.25, 1 / 3, 0.5, 0.7, 0.9, 1]
WISHES = ["max_coverage", "fewest_sites", "total_walk", "longest_walk"]


@st.composite
def placed(draw):
    """A problem with places, areas and scores, and up to four rules over them."""
    problem = draw(problems())
    points, sites = len(problem.demand_ids), len(problem.site_ids)

    def some(values, count):
        return draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))

    problem = replace(
        problem,
        site_xy_m=np.array(some([0.0, 3.0, 4.0, 8.0], 2 * sites)).reshape(sites, 2),
        site_areas={"grid": np.array([*some(["a", "b", None], sites), None], dtype=object)[:sites]},
        demand_areas={"grid": np.array(["a", *some(["a", "b", None], points)], dtype=object)[:points]},
        site_scores={"score": np.array(some([1.0, 2.0, 3.0], sites))},
    )
    ids = st.lists(st.integers(0, sites - 1), min_size=1, max_size=3, unique=True)
    kinds = [
        st.fixed_dictionaries(
            {
                "name": st.just("coverage_target"),
                "share": st.sampled_from(SHARES),
                "of": st.sampled_from(["all", "grid"]),
                "except_out_of_reach": st.booleans(),
            }
        ),
        st.fixed_dictionaries({"name": st.just("spacing"), "min_m": st.sampled_from([3, 4, 5, 6])}),
        st.fixed_dictionaries(
            {"name": st.just("per_area"), "at_least": st.integers(0, 1), "at_most": st.integers(1, 3)}
        ),
        st.fixed_dictionaries({"name": st.just("keep_closed"), "sites": ids}),
        st.fixed_dictionaries(
            {"name": st.just("at_most_changes"), "changes": st.integers(0, 3), "opened": st.just([])}
        ),
        st.fixed_dictionaries(
            {"name": st.just("suitability"), "column": st.just("score"), "at_least": st.integers(1, 3)}
        ),
    ]
    if sites > 1:
        pair = st.lists(st.integers(0, sites - 1), min_size=2, max_size=3, unique=True)
        kinds.append(st.fixed_dictionaries({"name": st.just("together"), "sites": pair}))
        kinds.append(st.fixed_dictionaries({"name": st.just("either_or"), "sites": pair, "exactly_one": st.booleans()}))
    return problem, draw(st.lists(st.one_of(kinds), min_size=1, max_size=4))


@pytest.mark.parametrize("smallest", [30, 0], ids=["solver alone", "with bounds and narrowing"])
@given(case=placed(), wish=st.sampled_from(WISHES))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_plan_is_the_best_of_all(smallest, case, wish):
    problem, given_rules = case
    objective, constraints = objective_from(wish), constraints_from(given_rules)
    best = best_plan(
        problem,
        lambda is_open: objective.evaluate(problem, is_open),
        objective.sense,
        lambda is_open: (
            math.isfinite(objective.evaluate(problem, is_open))
            and all(rule.allows(problem, is_open) for rule in constraints)
        ),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settle, "_SMALL", smallest)
        if best is None:
            with pytest.raises(InfeasibleError):
                solve(problem, wish, given_rules)
            return
        solution = solve(problem, wish, given_rules)
    assert (solution.status, solution.objective) == ("optimal", best[0])
    assert tuple(sorted(solution.open_sites)) == best[-1]


def a_district(seed, homes=200, sites=40):
    rng = np.random.default_rng(seed)
    home, site = rng.random((homes, 2)) * 2000, rng.random((sites, 2)) * 2000
    walk = np.hypot(*(home[:, np.newaxis] - site[np.newaxis]).T).T
    return home, site, walk, rng.integers(0, 500, homes)


@pytest.mark.parametrize("seed", range(3))
def test_plain_highs_needs_as_many_stations_for_a_share_in_every_grid(seed):
    home, site, walk, people = a_district(seed)
    grid = (home[:, 0] // 1000 * 2 + home[:, 1] // 1000).astype(int)
    problem = SitingProblem.from_costs(walk, people, max_walk=500, demand_areas={"grid": grid}, site_xy_m=site)
    rules = [{"name": "coverage_target", "share": 0.8, "of": "grid"}]
    ours = solve(problem, "fewest_sites", rules)
    within = (walk <= 500).astype(float)
    floors = [(np.where(grid == area, people, 0), math.ceil(0.8 * people[grid == area].sum())) for area in range(4)]
    theirs = plain(within, np.concatenate([np.ones(40), np.zeros(200)]), floors, [])
    assert (ours.status, ours.objective) == ("optimal", round(theirs))


@pytest.mark.parametrize("seed", range(3))
def test_plain_highs_covers_as_many_people_with_stations_so_far_apart(seed):
    _, site, walk, people = a_district(seed)
    problem = SitingProblem.from_costs(walk, people, max_walk=400, site_xy_m=site)
    ours = solve(problem, constraints=[{"name": "spacing", "min_m": 600}, {"name": "station_count", "at_most": 6}])
    close = [pair for pair in itertools.combinations(range(40), 2) if np.hypot(*(site[pair[0]] - site[pair[1]])) < 600]
    theirs = plain((walk <= 400).astype(float), np.concatenate([np.zeros(40), -people]), [], close, most=6)
    assert (ours.status, ours.objective) == ("optimal", -round(theirs))


def plain(within, cost, floors, close, most=np.inf):
    """Sites x, homes z, z <= sum of x in reach; floors on z, pairs of x at most one, written down once more."""
    homes, sites = within.shape
    rows = [optimize.LinearConstraint(sparse.hstack([-sparse.csr_array(within), sparse.eye_array(homes)]), ub=0)]
    for amount, least in floors:
        rows.append(optimize.LinearConstraint(np.concatenate([np.zeros(sites), amount]), lb=least))
    for one, other in close:
        rows.append(optimize.LinearConstraint(np.isin(np.arange(sites + homes), [one, other]).astype(float), ub=1))
    rows.append(optimize.LinearConstraint((np.arange(sites + homes) < sites).astype(float), ub=most))
    found = optimize.milp(
        cost,
        constraints=rows,
        integrality=np.ones(sites + homes),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return found.fun
