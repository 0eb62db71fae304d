"""How good proposed sites are: people reached by the best p of n, against a proven bound over every possible place.

`python -m tests.benchmarks.proposals` prints the table of docs/benchmarks.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

import planner
from planner.proposals import proposing
from planner.proposals.choosing import Walked
from planner.proposals.drafts import cluster_middles
from planner.proposals.places import possible_places
from planner.proposals.uncovered import Uncovered, uncovered
from planner.study import Study, load_study
from tests.real_data import SHARED_DATA

ROOT = Path(__file__).resolve().parents[2]


class Case(NamedTuple):
    """A study without sites, every possible place in it, and who reaches which."""

    name: str
    study: Study
    left: tuple[Uncovered, ...]
    homes_xy: np.ndarray
    walked: Walked

    def most(self, places: np.ndarray, stations: int) -> planner.Solution:
        """Return the best choice of so many of these places."""
        walk = sparse.csr_array(self.walked.reach[:, places])
        problem = planner.SitingProblem.from_costs(walk, self.walked.people, max_walk=1.0)
        return planner.solve(
            problem, "max_coverage", [{"name": "station_count", "stations": stations}], time_limit_s=20
        )


def tables(wanted: list[str]) -> Iterator[str]:
    """Return the lines of the table, one for each case and number of proposals."""
    yield "| study | homes × places | proposals, stations | ours | clusters only | circles | bound | seconds |"
    yield "|---|---|---|---|---|---|---|---|"
    for make in (huangshigang, porto, haidian):
        if wanted and make.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            case = make(Path(folder))
            for count, stations in ((5, 3), (5, 5), (20, 10), (20, 20)):
                yield _line(case, count, stations)


def _line(case: Case, count: int, stations: int) -> str:
    everything = np.arange(len(case.walked.xy))
    bound = min(case.most(everything, stations).bound, case.walked.people.sum())
    begun = time.process_time()
    ours = _ours(case, count, proposing.ALL_UP_TO)
    seconds = time.process_time() - begun
    drafted, circles = _ours(case, count, 0), _circles(case, count)
    shares = [_share(case, chosen, stations, bound) for chosen in (ours, drafted, circles)]
    size = f"{len(case.walked.people):,} × {len(everything):,}"
    told = " | ".join(f"{share:.1%}" for share in shares)
    return f"| {case.name} | {size} | {count}, {stations} | {told} | {bound:,.0f} people | {seconds:.1f} |"


def _share(case: Case, chosen: np.ndarray, stations: int, bound: float) -> float:
    return case.most(chosen, min(stations, len(chosen))).objective / bound if len(chosen) else 0.0


def _ours(case: Case, count: int, all_up_to: int) -> np.ndarray:
    """Return the places that `propose` chooses."""
    settings = case.study.config.proposals.model_copy(update={"number": count})
    with patch.object(proposing, "ALL_UP_TO", all_up_to):
        found = proposing.propose(case.study, settings).table
    return cKDTree(case.walked.xy).query(shapely.get_coordinates(found.geometry.to_numpy()))[1]


def _circles(case: Case, count: int) -> np.ndarray:
    """Return the places nearest to the middles of weighted k-means: what is done where nobody looks at streets."""
    weights = np.concatenate([part.weighted for part in case.left])
    middles = cluster_middles(case.homes_xy, weights, count, 0)
    return np.unique(cKDTree(case.walked.xy).query(middles)[1])


def huangshigang(_: Path) -> Case:
    """The shipped study without its sites."""
    config = planner.read_plan(ROOT / "data" / "huangshigang", {"proposals.number": 5, "proposals.cost_cny": 1.0})
    return _case("Huangshigang", load_study(config.model_copy(update={"sites": None, "constraints": ()})))


def porto(folder: Path) -> Case:
    """Made-up homes in clusters on the streets of Porto."""
    streets = SHARED_DATA / "porto" / "porto.osm.pbf"
    nodes = planner.load_network(streets).node_xy
    rng = np.random.default_rng(7)
    middles = nodes[rng.choice(len(nodes), 25, replace=False)]
    near = np.exp(-(cKDTree(middles).query(nodes)[0] / 600.0))
    chosen = np.sort(rng.choice(len(nodes), 3000, replace=False, p=near / near.sum()))
    xy = nodes[chosen] + rng.normal(0, 15, (3000, 2))
    homes = pd.DataFrame({"id": range(3000), "x": xy[:, 0], "y": xy[:, 1], "population": rng.integers(5, 200, 3000)})
    homes.to_csv(folder / "homes.csv", index=False)
    crs = planner.load_network(streets).crs.to_string()
    return _case("Porto, made-up homes", load_study(_plan(folder, "homes.csv", crs, streets)))


def haidian(folder: Path) -> Case:
    """Buildings of a part of Haidian, people estimated from their floors."""
    data = SHARED_DATA / "beijing_haidian"
    estimate = "estimate = { floor_area_m2_per_person = 40, default_storeys = 5 }"
    return _case(
        "Haidian, buildings",
        load_study(
            _plan(folder, str(data / "buildings_2025.geojson"), "EPSG:4326", data / "haidian_2017.osm", estimate)
        ),
    )


def _plan(folder: Path, demand: str, crs: str, streets: Path, more: str = "") -> planner.PlanConfig:
    (folder / "plan.toml").write_text(
        f'name = "x"\n[demand]\npath = "{demand}"\ncrs = "{crs}"\n{more}\n[network]\npath = "{streets}"\n'
        '[[needs]]\ngroup = "resident_population"\nwalker = "elderly"\nmax_walk_min = 10\n[proposals]\nnumber = 5\n',
        encoding="utf-8",
    )
    return planner.read_plan(folder)


def _case(name: str, study: Study) -> Case:
    left = uncovered(study)
    xy = shapely.get_coordinates(study.demand.table.geometry.to_numpy())
    homes_xy = np.concatenate([xy[part.position] for part in left])
    places = possible_places(study, np.unique(homes_xy, axis=0), max(map(proposing._furthest_m, study.needs)))
    walked = proposing.walk_to(study, left, places, np.arange(len(places)))
    return Case(name, study, left, homes_xy, walked)


if __name__ == "__main__":
    for line in tables(sys.argv[1:]):
        print(line, flush=True)
