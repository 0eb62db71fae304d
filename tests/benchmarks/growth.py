"""How time and memory grow with origins and with the network; each size in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from pyproj import CRS

import planner
from planner.catchments.ground import Ground
from planner.catchments.reaching import nodes_reached
from planner.catchments.search import find_matrix
from planner.network.assembly import assemble
from planner.network.snapping import snap
from planner.network.tags import WayClass
from planner.network.ways import Ways
from tests.real_data import real_data

ORIGINS = (1_000, 10_000, 100_000, 1_000_000)
NODES = (100_000, 500_000, 1_000_000, 5_000_000)
ORIGINS_IN_THE_CITY = 20_000
SITES = (500, 1_000, 2_000, 4_000)
HOMES = 100_000
LIMIT_MS = 900_000
#: Side of a block of the made-up city, degrees: about 70 m.
BLOCK_DEG = 0.0007
MEGABYTE = 2.0**20


def tables() -> str:
    """Return both tables as Markdown."""
    columns = "seconds | nodes reached | ns per node reached | answer, MB | peak above the network, MB"
    head = f"| {{what}} | {columns} |\n|---|---|---|---|---|---|"
    rows = [head.format(what="origins, 1,200 m on Porto")]
    rows += [_row(f"{count:,}", "porto", count) for count in ORIGINS]
    rows += ["", head.format(what="nodes of a made-up city of square blocks; 20,000 origins, 1,200 m")]
    rows += [_row(f"{count:,}", "city", count) for count in NODES]
    what = "nodes reached | ns per node reached | walks found | answer, MB | peak above the points, MB |"
    rows += [
        "",
        f"| sites for {HOMES:,} homes, 15 min at 1 m/s on Porto | seconds | {what}",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [_row_of_sites(count) for count in SITES]
    return "\n".join(rows)


def _row_of_sites(count: int) -> str:
    told = _told_by("sites", count)
    row = (
        f"| {count:,} | {told['seconds']:.3g} | {told['reached']:,} | {told['seconds'] / told['reached'] * 1e9:.0f} "
        f"| {told['walks']:,} | {told['answer'] / MEGABYTE:,.0f} | {told['peak'] / MEGABYTE:,.0f} |"
    )
    print(row, flush=True)
    return row


def _told_by(where: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.growth", where, str(count)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _row(size: str, where: str, count: int) -> str:
    told = _told_by(where, count)
    row = (
        f"| {size} | {told['seconds']:.3g} | {told['reached']:,} | {told['seconds'] / told['reached'] * 1e9:.0f} "
        f"| {told['answer'] / MEGABYTE:,.0f} | {told['peak'] / MEGABYTE:,.0f} |"
    )
    print(row, flush=True)
    return row


def measure(where: str, count: int) -> dict[str, float]:
    """Search from random nodes of Porto, or of a made-up city of so many nodes."""
    if where == "porto":
        network, origins = planner.load_network(real_data("porto/porto.osm.pbf"), "auto"), count
    else:
        network, origins = square_city(count), ORIGINS_IN_THE_CITY
    ground = Ground.of(network, planner.Walker("plain", speed_m_s=1.0))
    nodes_reached(ground, np.arange(2), 1_000)
    before = _from_here()
    chosen = np.random.default_rng(1).integers(network.node_count, size=origins)
    started = perf_counter()
    found = nodes_reached(ground, chosen, 1_200_000)
    seconds = perf_counter() - started
    reached = sum(len(piece.reached) for piece in found)
    answer = sum(piece.reached.nbytes + piece.found.nbytes + piece.origin.nbytes for piece in found)
    return {"seconds": seconds, "reached": reached, "answer": answer, "peak": _peak() - before}


def measure_sites(count: int) -> dict[str, float]:
    """Find the walks from many homes to so many sites, all at random places of Porto, and count what is searched."""
    network = planner.load_network(real_data("porto/porto.osm.pbf"), "auto")
    ground, rng = Ground.of(network, planner.Walker("plain", speed_m_s=1.0)), np.random.default_rng(1)
    homes, sites = (rng.integers(network.node_count, size=size) for size in (HOMES, count))
    snapped = [snap(network, network.node_xy[places] + rng.normal(0, 5, (len(places), 2))) for places in (homes, sites)]
    few = [access.only(slice(0, 2)) for access in snapped]
    find_matrix(ground, *few, 1_000, (HOMES, count))
    before, started = _from_here(), perf_counter()
    walk = find_matrix(ground, *snapped, LIMIT_MS, (HOMES, count))
    seconds, peak = perf_counter() - started, _peak() - before
    reached = sum(len(piece.reached) for piece in nodes_reached(ground, sites, LIMIT_MS))
    return {"seconds": seconds, "reached": reached, "walks": walk.nnz, "answer": walk.nnz * 8, "peak": peak}


def square_city(nodes: int) -> planner.WalkNetwork:
    """Return streets that cross at right angles, with so many crossings; nothing in it is real."""
    side = round(nodes**0.5)
    number = np.arange(side * side).reshape(side, side)
    along, across = number.ravel(), number.T.ravel()
    rng = np.random.default_rng(5)
    lat, lon = (np.indices((side, side)).reshape(2, -1) + rng.uniform(-0.2, 0.2, (2, side * side))) * BLOCK_DEG
    vertex = np.concatenate([along, across])
    first = np.arange(0, len(vertex) + 1, side)
    street = WayClass("residential", private=False, stairs=0, crossing=0)
    ways = Ways(first, vertex, 114.0 + lon[vertex], 30.0 + lat[vertex], np.zeros(2 * side, dtype=np.int64), (street,))
    return assemble(ways, CRS.from_epsg(4547))


def _from_here() -> int:
    """Forget the peak so far, and return the memory held now, bytes; where nothing forgets it, the peak itself."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak()
    return _told("VmRSS")


def _peak() -> int:
    """Return the most memory held since then, bytes."""
    if Path("/proc/self/status").exists():
        return _told("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _told(name: str) -> int:
    rows = Path("/proc/self/status").read_text().splitlines()
    return int(next(row.split()[1] for row in rows if row.startswith(f"{name}:"))) * 1024


if __name__ == "__main__":
    told = measure_sites(int(sys.argv[2])) if sys.argv[1] == "sites" else measure(sys.argv[1], int(sys.argv[2]))
    print(json.dumps({name: float(value) if name == "seconds" else int(value) for name, value in told.items()}))
