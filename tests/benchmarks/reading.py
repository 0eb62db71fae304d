"""From a file of streets to a network: ours against OSMnx and pyrosm, and from the cache."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import osmium

import planner
from tests.benchmarks.timing import Measured, alone, compare, installed
from tests.real_data import real_data

WORK = "Porto `.osm.pbf` to a network"


def afresh() -> object:
    """Read Porto without the cache."""
    return planner.load_network(real_data("porto/porto.osm.pbf"), "auto", cache=False)


def porto_pyrosm() -> Measured:
    """Pyrosm reads the edges and nodes of its walking network; it makes no graph of them yet."""
    peer = "pyrosm `get_network('walking', nodes=True)`"
    if not installed("pyrosm"):
        return alone(WORK, afresh, peer, "3×")
    import pyrosm

    path = str(real_data("porto/porto.osm.pbf"))
    return compare(WORK, afresh, peer, lambda: pyrosm.OSM(path).get_network("walking", nodes=True), "3×")


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
