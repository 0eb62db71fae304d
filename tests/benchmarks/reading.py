"""From a file of streets to a network: ours against OSMnx and pyrosm, and from the cache."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import osmium

import planner
from tests.benchmarks.timing import Measured, alone, compare, installed
from tests.real_data import real_data

WORK = "Porto `.osm.pbf` to a network"


def afresh() -> object:
    """Read Porto without the cache."""
    return planner.load_network(real_data("porto/porto.osm.pbf"), "auto", cache=False)


_TWICE = """
import sys, time
{imports}
for _ in range(2):
    started = time.perf_counter()
    {read}
    print(time.perf_counter() - started)
"""
_OURS = _TWICE.format(
    imports="from planner.network import load_network", read="load_network(sys.argv[1], 'auto', cache=False)"
)
_PYROSM = _TWICE.format(imports="import pyrosm", read="pyrosm.OSM(sys.argv[1]).get_network('walking', nodes=True)")


def porto_pyrosm() -> Measured:
    """Read for the first time in a fresh process, imports not counted.

    Pyrosm reads the edges and nodes of its walking network; it makes no graph of them yet.
    """
    peer = "pyrosm `get_network('walking', nodes=True)`"
    if not installed("pyrosm"):
        return alone(WORK, afresh, peer, "3×")
    runs = [(_first_and_second(_OURS), _first_and_second(_PYROSM)) for _ in range(3)]
    (ours_s, ours_again_s), (peer_s, peer_again_s) = np.median(runs, axis=0).tolist()
    ratio, again = np.median([[theirs[k] / ours[k] for ours, theirs in runs] for k in (0, 1)], axis=1).tolist()
    remark = f"first read in a fresh process; again: {ours_again_s:.3g} s and {peer_again_s:.3g} s, {again:.3g}×"
    return Measured(WORK, ours_s, peer, peer_s, ratio, "3×", remark)


def _first_and_second(script: str) -> tuple[float, float]:
    """Return the seconds of two reads of Porto, one after the other, in a process of their own."""
    path = str(real_data("porto/porto.osm.pbf"))
    done = subprocess.run([sys.executable, "-c", script, path], check=True, capture_output=True, text=True)
    first_s, second_s = map(float, done.stdout.split()[-2:])
    return first_s, second_s


def porto_osmnx() -> Measured:
    """OSMnx reads XML only, so it is given the highways as XML, and cutting them out is not counted."""
    import osmnx

    with tempfile.TemporaryDirectory() as folder:
        highways = Path(folder) / "highways.osm"
        source = str(real_data("porto/porto.osm.pbf"))
        with osmium.BackReferenceWriter(str(highways), source) as writer:
            for way in osmium.FileProcessor(source).with_filter(osmium.filter.KeyFilter("highway")):
                if way.is_way():
                    writer.add(way)
        afresh()
        peer = "OSMnx `graph_from_xml`, highways only"
        return compare(WORK, afresh, peer, lambda: osmnx.graph_from_xml(highways, retain_all=True), "25×", runs=1)


def porto_cached() -> Measured:
    """The second run of a plan."""
    streets = real_data("porto/porto.osm.pbf")
    cached = compare(WORK, lambda: planner.load_network(streets, "auto"), "ours, afresh", afresh, "0.3 s")
    return replace(cached, work="Porto from the cache")


MEASURES = (porto_pyrosm, porto_osmnx, porto_cached)
