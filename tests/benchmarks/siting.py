"""Siting against a plain model given to SciPy's `milp`, which runs HiGHS too. Model building is counted for both."""

from __future__ import annotations

import numpy as np
from scipy import optimize, sparse

import planner
from tests.benchmarks.timing import Measured, compare


def clustered_city(points: int, sites: int, side_m: float, seed: int) -> tuple[sparse.csr_array, np.ndarray]:
    """Return straight-line distances within 2 km between clustered points and sites, and people."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, side_m, (12, 2))
    homes = centres[rng.integers(12, size=points)] + rng.normal(0, side_m / 12, (points, 2))
    places = homes[rng.choice(points, size=sites, replace=False)]
    from scipy.spatial import cKDTree

    near = cKDTree(homes).sparse_distance_matrix(cKDTree(places), 2000.0, output_type="coo_matrix")
    return sparse.csr_array(near), rng.integers(1, 200, points)


def mclp(points: int, sites: int, stations: int) -> Measured:
    """Most people within 1 km with so many stations."""
    walk, people = clustered_city(points, sites, 10_000.0, 3)

    def ours() -> planner.Solution:
        problem = planner.SitingProblem.from_costs(walk, people, max_walk=1000)
        return planner.solve(problem, "max_coverage", [{"name": "station_count", "stations": stations}])

    def theirs() -> object:
        return _plain_model(walk, people, stations)

    work = f"max_coverage, {points:,} × {sites:,}, {stations} stations"
    solution = ours()
    remark = f"{solution.status}, gap {solution.gap:.2%}"
    return compare(work, ours, "the plain model, SciPy `milp` (60 s at most)", theirs, runs=1, remark=remark)


def _plain_model(walk: sparse.csr_array, people: np.ndarray, stations: int) -> object:
    reach = sparse.csr_array((walk.data <= 1000, walk.indices, walk.indptr), shape=walk.shape).astype(float)
    points, sites = reach.shape
    cost = np.concatenate([np.zeros(sites), -people.astype(float)])
    covered = optimize.LinearConstraint(sparse.hstack([reach, -sparse.eye_array(points)]), lb=0)
    count = optimize.LinearConstraint(np.concatenate([np.ones(sites), np.zeros(points)])[None, :], stations, stations)
    whole = np.concatenate([np.ones(sites), np.zeros(points)])
    return optimize.milp(
        cost, integrality=whole, bounds=optimize.Bounds(0, 1), constraints=[covered, count], options={"time_limit": 60}
    )


def mclp_small() -> Measured:
    """A district."""
    return mclp(1000, 100, 10)


def mclp_large() -> Measured:
    """A dense city: the plan is found, the proof not yet (time limit 60 s)."""
    return mclp(5000, 500, 40)


MEASURES = (mclp_small, mclp_large)
