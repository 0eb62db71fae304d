"""The classic problems with published answers: OR-Library's p-medians and p-centers, TSPLIB's p-medians, random points.

Every time runs from arrays to a solution that was counted again, the building of the model included.
"""

from __future__ import annotations

import csv
from time import perf_counter
from typing import Any

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


def orlib_capacitated() -> Measured:
    """pmedcap1 1 to 10: 50 points, 5 stations with room for 120; how many are proven at the published value."""
    proven, seconds, slowest = 0, 0.0, 0.0
    for number in range(1, 11):
        started = perf_counter()
        best, problem, rules = capacitated(number)
        solution = planner.solve(problem, "total_walk", rules, time_limit_s=60)
        took = perf_counter() - started
        proven += solution.status == "optimal" and solution.objective == best
        seconds, slowest = seconds + took, max(slowest, took)
    remark = f"{proven} of 10 proven at the published value, the slowest in {slowest:.1f} s"
    return _row("OR-Library pmedcap1, 1 to 10", seconds, "10 proven, 60 s each", remark)


def capacitated(number: int) -> tuple[int, planner.SitingProblem, list[dict[str, Any]]]:
    """Return the published value of a capacitated p-median of OR-Library, the problem and its constraints."""
    text = real_data(f"benchmarks/orlib_pmedcap/pmedcap1_{number}.txt").read_text()
    _, best, points, stations, room, *rest = map(int, text.split())
    _, x, y, load = np.array(rest[: 4 * points]).reshape(points, 4).T
    walk = np.floor(np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y)))
    problem = planner.SitingProblem.from_costs(
        walk, np.ones(points), load=load, max_walk=float(walk.max()), capacity=np.full(points, room)
    )
    rules = [{"name": "station_count", "stations": stations}, {"name": "capacity", "assigned": "with_room"}]
    return best, problem, rules


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
