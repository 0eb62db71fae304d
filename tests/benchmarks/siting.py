"""Siting against a plain model given to SciPy's `milp`, which runs HiGHS too. Model building is counted for both."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import optimize, sparse

import planner
from tests.benchmarks.timing import Measured, alone, compare, installed


def clustered_city(points: int, sites: int, side_m: float, seed: int) -> tuple[sparse.csr_array, np.ndarray]:
    """Return straight-line distances within 2 km between clustered points and sites, and people."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, side_m, (12, 2))
    homes = centres[rng.integers(12, size=points)] + rng.normal(0, side_m / 12, (points, 2))
    places = homes[rng.choice(points, size=sites, replace=False)]
    return _within(homes, places), rng.integers(1, 200, points)


def dense_city(centres: int, points: int, sites: int, side_m: float, seed: int) -> tuple[sparse.csr_array, np.ndarray]:
    """Return such distances where homes and sites are drawn alike and what falls outside stands on the border.

    One centre is the middle of the city, and homes lie around it with a standard deviation of a sixth of its side;
    around several, which may be anywhere but in the outermost tenth, it is a tenth.
    """
    rng = np.random.default_rng(seed)
    middle, spread = np.full((1, 2), side_m / 2), side_m / (6 if centres == 1 else 10)
    around = middle if centres == 1 else rng.uniform(0.1 * side_m, 0.9 * side_m, (centres, 2))

    def drawn(count: int) -> np.ndarray:
        places = around[rng.integers(centres, size=count)] + rng.normal(0, spread, (count, 2))
        return np.clip(places, 0, side_m)

    homes, places = drawn(points), drawn(sites)
    return _within(homes, places), rng.integers(1, 101, points)


def _within(homes: np.ndarray, places: np.ndarray) -> sparse.csr_array:
    from scipy.spatial import cKDTree

    near = cKDTree(homes).sparse_distance_matrix(cKDTree(places), 2000.0, output_type="coo_matrix")
    return sparse.csr_array(near)


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


def mclp_known() -> Measured:
    """The same city with a standard of 500 m, where cuts close the gap."""
    return _against_spopt("", clustered_city(5000, 500, 10_000.0, 3), 40, 500.0)


def mclp_one_centre() -> Measured:
    """One dense clustered city: a single centre, nearly everybody covered."""
    return _against_spopt("one centre, ", dense_city(1, 10_000, 1000, 10_000.0, 3), 50, 1000.0, "20 s")


def mclp_five_centres() -> Measured:
    """One dense clustered city: five centres."""
    return _against_spopt("five centres, ", dense_city(5, 10_000, 1000, 10_000.0, 3), 50, 1000.0, "20 s")


def mclp_dense() -> Measured:
    """Twelve centres with gaps between them: the plan is found, the proof not yet."""
    return _against_spopt("twelve centres (hard), ", clustered_city(10_000, 1000, 10_000.0, 3), 50, 1000.0)


def _against_spopt(
    named: str, city: tuple[sparse.csr_array, np.ndarray], stations: int, radius_m: float, floor: str = ""
) -> Measured:
    walk, people = city

    def ours() -> planner.Solution:
        problem = planner.SitingProblem.from_costs(walk, people, max_walk=radius_m)
        return planner.solve(problem, "max_coverage", [{"name": "station_count", "stations": stations}])

    solution = ours()
    points, sites = walk.shape
    work = f"max_coverage, {named}{points:,} × {sites:,}, {stations} stations, {radius_m:.0f} m"
    remark = f"{solution.status}, gap {solution.gap:.2%}"
    if not (installed("spopt") and installed("pulp")):
        return alone(work, ours, "spopt with CBC", floor, runs=1, remark=f"{remark}; no peer here")
    remark += "; CBC is stopped after 120 s"
    theirs = partial(_spopt, walk, people, radius_m, stations)
    return compare(work, ours, "spopt with CBC", theirs, floor, runs=1, remark=remark)


def _spopt(walk: sparse.csr_array, people: np.ndarray, radius: float, stations: int) -> object:
    import pulp
    from spopt.locate import MCLP

    dense = np.full(walk.shape, 1e9)
    pairs = walk.tocoo()
    dense[pairs.row, pairs.col] = pairs.data
    model = MCLP.from_cost_matrix(dense, people, radius, p_facilities=stations)
    return model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=120))


def mclp_again() -> Measured:
    """One station more, on the same problem, after an answer."""
    walk, people = clustered_city(3000, 500, 10_000.0, 5)
    problem = planner.SitingProblem.from_costs(walk, people, max_walk=500)

    def with_stations(number: int, start: planner.Solution | None = None) -> planner.Solution:
        rules = [{"name": "station_count", "stations": number}]
        return planner.solve(problem, "max_coverage", rules, start=start)

    before = with_stations(40)
    return compare(
        "max_coverage, 3,000 × 500, 41 stations after 40",
        lambda: with_stations(41, before),
        "the same from nothing",
        lambda: with_stations(41),
        runs=1,
        remark=with_stations(41, before).status,
    )


MEASURES = (mclp_small, mclp_large, mclp_known, mclp_one_centre, mclp_five_centres, mclp_dense, mclp_again)
