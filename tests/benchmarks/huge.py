"""Siting with very many demand points: seconds and the peak of memory, each size in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from time import perf_counter

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

import planner
from tests.benchmarks.timing import Measured

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
#: After Cordeau, Furini & Ljubic (2019): a square of this side, sites and demand points anywhere in it.
SIDE, RADIUS, SITES = 30.0, 5.5, 100
STATIONS, SHARE = 15, 0.6
_AT_ONCE = 50_000


def square(points: int) -> tuple[sparse.csr_array, np.ndarray]:
    """Return the walks within the radius in single precision, and 1 to 100 people a point."""
    rng = np.random.default_rng(1)
    sites, homes = rng.uniform(0, SIDE, (SITES, 2)), rng.uniform(0, SIDE, (points, 2))
    parts = []
    for start in range(0, points, _AT_ONCE):
        part = homes[start : start + _AT_ONCE, np.newaxis] - sites
        walk = np.hypot(part[..., 0], part[..., 1]).astype(np.float32)
        row, site = np.nonzero(walk <= RADIUS)
        count = np.bincount(row, minlength=len(walk))
        parts.append((walk[row, site], site.astype(np.int32), count))
    data, site, count = (np.concatenate(each) for each in zip(*parts, strict=True))
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    return sparse.csr_array((data, site, first), shape=(points, SITES)), rng.integers(1, 101, points)


def clusters() -> tuple[sparse.csr_array, np.ndarray]:
    """Return walks up to 900 m between 100,000 homes in 40 clusters on 40 x 40 km and 2,000 sites, and people."""
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 40_000, (40, 2))
    homes = centres[rng.integers(40, size=100_000)] + rng.normal(0, 1500, (100_000, 2))
    places = homes[rng.choice(len(homes), size=2000, replace=False)] + rng.normal(0, 50, (2000, 2))
    near = cKDTree(homes).sparse_distance_matrix(cKDTree(places), 900.0, output_type="coo_matrix")
    return sparse.csr_array(near), rng.integers(1, 300, len(homes))


def measure(what: str, points: int) -> dict[str, float | str]:
    """Time one problem from arrays to the solution, and tell the most memory this process ever held."""
    walk, people = clusters() if what == "clusters" else square(points)
    limit = 900.0 if what == "clusters" else RADIUS
    stations = 100 if what == "clusters" else STATIONS
    wish, rule = "max_coverage", {"name": "station_count", "stations": stations}
    if what == "target":
        wish, rule = "fewest_sites", {"name": "coverage_target", "share": SHARE}
    started = perf_counter()
    problem = planner.SitingProblem.from_costs(walk, people, max_walk=limit)
    solution = planner.solve(problem, wish, [rule], time_limit_s=120)
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    return {
        "seconds": seconds,
        "peak_mb": peak,
        "pairs": walk.nnz,
        "status": solution.status,
        "gap": solution.gap,
        "notes": ", ".join(note.code for note in solution.notes),
    }


def table() -> str:
    """Return how time and memory grow with the demand points, as Markdown."""
    columns = f"pairs | most coverage, s | peak, MB | fewest sites for {SHARE:.0%}, s | peak, MB |"
    rows = [f"| demand points × {SITES} sites | {columns}", "|---|---|---|---|---|---|"]
    for size in SIZES:
        most, target = _told("most", size), _told("target", size)
        rows.append(
            f"| {size:,} | {most['pairs']:,} | {most['seconds']:.3g} | {most['peak_mb']:,.0f} "
            f"| {target['seconds']:.3g} | {target['peak_mb']:,.0f} |"
        )
        print(rows[-1], flush=True)
    return "\n".join(rows)


def _told(what: str, points: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.huge", what, str(points)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _measured(work: str, what: str, points: int, floor: str) -> Measured:
    told = _told(what, points)
    remark = f"{told['status']}, gap {told['gap']:.3%}, {told['peak_mb']:,.0f} MB at most with the matrix"
    return Measured(work, told["seconds"], "none holds it in memory", None, None, floor, remark)


def most_of_ten_million() -> Measured:
    """Most people with 15 of 100 sites."""
    return _measured("max_coverage, 10,000,000 × 100, 15 stations", "most", SIZES[-1], "60 s, 8 GB")


def share_of_ten_million() -> Measured:
    """Fewest of 100 sites that cover 60 of 100 people."""
    return _measured("fewest_sites, 10,000,000 × 100, 60% covered", "target", SIZES[-1], "60 s, 8 GB")


def forty_clusters() -> Measured:
    """Too large for a proof: the gap after two minutes."""
    return _measured("max_coverage, 100,000 × 2,000, 100 stations, 120 s", "clusters", 0, "gap 0.3%")


LONG_MEASURES = (most_of_ten_million, share_of_ten_million, forty_clusters)

if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
