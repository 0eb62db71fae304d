"""The classic problems with published answers: OR-Library's p-medians and p-centers, TSPLIB's p-medians, random points.

Every time runs from arrays to a solution that was counted again, the building of the model included.
"""

from __future__ import annotations

import csv
from time import perf_counter

import numpy as np
from scipy.sparse import csgraph

import planner
from tests.benchmarks.timing import Measured
from tests.real_data import real_data

Matrix = np.ndarray


def random_median() -> Measured:
    """p-median, 2,000 homes and 200 sites at random, 20 stations."""
    return _random("total_walk", 2000, 200, 20, "2 s")


def random_center() -> Measured:
    """p-center, 500 homes and 100 sites at random, 10 stations."""
    return _random("longest_walk", 500, 100, 10, "0.5 s")


def orlib() -> Measured:
    """pmed1 to pmed20, each as p-median and as p-center: how many are proven at the published value."""
    optima = {row["instance"]: row for row in _rows("benchmarks/orlib_pmed/optima.csv")}
    proven, seconds = 0, 0.0
    for name, row in optima.items():
        walk, stations = shortest_paths(name)
        for objective, column in (("total_walk", "p_median"), ("longest_walk", "p_center")):
            solution, took = _solved(walk, np.ones(len(walk)), objective, stations, 60)
            proven += solution.status == "optimal" and solution.objective == int(row[column])
            seconds += took
    work = "OR-Library pmed1 to pmed20, p-median and p-center"
    return _row(work, seconds, "40 proven, 300 s", f"{proven} of 40 proven at the published value")


def tsplib() -> Measured:
    """The 28 p-medians on rl1304, fl1400 and pcb3038, two minutes each at most."""
    walks: dict[str, Matrix] = {}
    worst, equal, close, proven, slowest = 0.0, 0, 0, 0, 0.0
    rows = _rows("benchmarks/tsplib/p_median_best_known.csv")
    for row in rows:
        name, best = row["instance"], int(row["opt_or_bestknown"])
        walk = walks.setdefault(name, floored_distances(name))
        solution, took = _solved(walk, np.ones(len(walk)), "total_walk", int(row["p"]), 100)
        worst = max(worst, solution.objective / best - 1)
        equal += solution.objective <= best
        close += solution.gap <= 0.01
        proven += solution.status == "optimal"
        slowest = max(slowest, took)
    remark = f"worst {worst:.3%} off, {equal} equal, bound within 1 % in {close}, {proven} proven, of {len(rows)}"
    return _row("TSPLIB rl1304, fl1400, pcb3038: the slowest", slowest, "120 s; 0.1 %, 18 equal, 24 within 1 %", remark)


def shortest_paths(name: str) -> tuple[Matrix, int]:
    """Return all shortest paths of an OR-Library network, where the last of repeated edges counts, and its p."""
    numbers = list(map(int, real_data(f"benchmarks/orlib_pmed/{name}.txt").read_text().split()))
    cost = np.full((numbers[0], numbers[0]), np.inf)
    for a, b, length in zip(numbers[3::3], numbers[4::3], numbers[5::3], strict=True):
        cost[a - 1, b - 1] = cost[b - 1, a - 1] = length
    return csgraph.floyd_warshall(cost), numbers[2]


def floored_distances(name: str) -> Matrix:
    """Return Euclidean distances between a TSPLIB file's points, rounded down."""
    lines = real_data(f"benchmarks/tsplib/{name}.tsp").read_text().splitlines()
    first = lines.index("NODE_COORD_SECTION") + 1
    rows = [line.split() for line in lines[first:] if len(line.split()) == 3]
    points = np.array([[float(x), float(y)] for _, x, y in rows])
    apart = points[:, np.newaxis] - points[np.newaxis]
    return np.floor(np.hypot(apart[..., 0], apart[..., 1]))


def _random(objective: str, homes: int, sites: int, stations: int, floor: str) -> Measured:
    rng = np.random.default_rng(1)
    points, places = rng.random((homes, 2)) * 1000, rng.random((sites, 2)) * 1000
    apart = points[:, np.newaxis] - places[np.newaxis]
    walk, people = np.hypot(apart[..., 0], apart[..., 1]), rng.integers(1, 100, homes)
    _solved(walk, people, objective, stations, 60)  # the first run compiles
    runs = [_solved(walk, people, objective, stations, 60) for _ in range(3)]
    work = f"{objective}, {homes:,} × {sites:,} random points, {stations} stations"
    return _row(work, float(np.median([took for _, took in runs])), floor, runs[0][0].status)


def _row(work: str, seconds: float, floor: str, remark: str) -> Measured:
    return Measured(work, seconds, "–", None, None, floor, remark)


def _solved(
    walk: Matrix, people: np.ndarray, objective: str, stations: int, time_limit_s: float
) -> tuple[planner.Solution, float]:
    started = perf_counter()
    problem = planner.SitingProblem.from_costs(walk, people, max_walk=float(walk.max()))
    rules = [{"name": "station_count", "stations": stations}]
    solution = planner.solve(problem, objective, rules, time_limit_s=time_limit_s)
    return solution, perf_counter() - started


def _rows(name: str) -> list[dict[str, str]]:
    with real_data(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


MEASURES = (random_median, random_center)
LONG_MEASURES = (orlib, tsplib)
