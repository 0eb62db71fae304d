"""Random lattices of streets with two walled compounds, and the walks on them by networkx.

Streets every 800 m, so that no piece is a scrap; some are missing. Walls run half-way between the streets. Homes and
stations stand a quarter of the way along a street, gates where a street crosses a wall.
"""

import itertools

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from planner.model import Compounds, Gates
from tests.catchments.random_streets import CORNER, METRES, build

STEP_M, SIDE = 800.0, 5


class Lattice:
    """A town that is small enough for brute force. `doors` is compound -> {edge: (open, admits)}, of known gates."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        nodes = list(itertools.product(range(SIDE), range(SIDE)))
        links = [(a, b) for a, b in itertools.combinations(nodes, 2) if abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1]
        self.edges = [link for link in links if rng.random() > 0.25]
        top, right = int(rng.integers(1, SIDE)), int(rng.integers(3, SIDE))
        self.boxes = {"A": (0, 1, 1, top), "B": (3, int(rng.integers(0, 2)), right, 3)}
        self.doors = {}
        for name in self.boxes:
            crossings = [e for e in range(len(self.edges)) if name in self.labels(e) and len(set(self.labels(e))) == 2]
            if rng.random() < 0.75:
                self.doors[name] = {e: (bool(rng.random() < 0.7), bool(rng.random() < 0.5)) for e in crossings[::2]}
                self.doors = {key: doors for key, doors in self.doors.items() if doors}
        place = {node: k for k, node in enumerate(nodes)}
        start, end = ([place[link[side]] for link in self.edges] for side in (0, 1))
        self.network = build(np.array(nodes) * STEP_M, start, end)
        number = min(12, 2 * len(self.edges))
        spots = rng.choice(2 * len(self.edges), number, replace=False)
        self.spots = {f"p{k}": (int(spot) // 2, int(spot) % 2) for k, spot in enumerate(spots)}

    def label(self, node):
        """The compound that a node lies in."""
        for name, (west, south, east, north) in self.boxes.items():
            if west <= node[0] <= east and south <= node[1] <= north:
                return name
        return None

    def labels(self, edge):
        return [self.label(node) for node in self.edges[edge]]

    def compounds(self) -> Compounds:
        shapes = [
            shapely.box(*(CORNER + STEP_M * (np.array(box[:2]) - 0.5)), *(CORNER + STEP_M * (np.array(box[2:]) + 0.5)))
            for box in self.boxes.values()
        ]
        return Compounds(gpd.GeoDataFrame(index=list(self.boxes), geometry=shapes, crs=METRES))

    def gates(self) -> Gates | None:
        rows = [(name, e, *facts) for name, doors in self.doors.items() for e, facts in doors.items()]
        if not rows:
            return None
        table = pd.DataFrame(rows, columns=["compound", "edge", "open", "admits_outsiders"])
        middle = [CORNER + STEP_M * np.mean(self.edges[e], axis=0) for e in table["edge"]]
        table["name"] = table["compound"]
        table.index = [f"g{name}{e}" for name, e, *_ in rows]
        return Gates(gpd.GeoDataFrame(table, geometry=[shapely.Point(xy) for xy in middle], crs=METRES))

    def points(self) -> gpd.GeoDataFrame:
        """The spots, with the compound that each lies in."""
        xy, names = [], []
        for edge, side in self.spots.values():
            ends = np.array(self.edges[edge], dtype=float)
            xy.append(CORNER + STEP_M * (0.75 * ends[side] + 0.25 * ends[1 - side]))
            names.append(self.label(self.edges[edge][side]))
        return gpd.GeoDataFrame(
            {"compound": names}, index=list(self.spots), geometry=list(map(shapely.Point, xy)), crs=METRES
        )

    def passes(self, name, edge, *, visitor):
        """Whether one gets through the wall of a compound on an edge."""
        if name not in self.doors:
            return True
        is_open, admits = self.doors[name].get(edge, (False, False))
        return is_open and (admits or not visitor)

    def walks_m(self) -> dict:
        """Every walk by Dijkstra: public streets and the own compound, then into the destination's, never out again."""
        found = {}
        places = self.spots.items()
        graphs = {pair: self._graph(*pair) for pair in itertools.product([None, *self.boxes], repeat=2)}
        for (o, (edge_o, side_o)), (d, (edge_d, side_d)) in itertools.product(places, places):
            own, last = self.labels(edge_o)[side_o], self.labels(edge_d)[side_d]
            graph = graphs[own, last]
            goal = ("own" if last in (None, own) else "last", edge_d, side_d, "home")
            try:
                found[o, d] = nx.dijkstra_path_length(graph, ("own", edge_o, side_o, "home"), goal)
            except nx.NetworkXNoPath:
                continue
        return found

    def _graph(self, own, last):
        graph = nx.DiGraph()
        for e, ends in enumerate(self.edges):
            labels = self.labels(e)
            for side in (0, 1):
                layers = ["own"] * (labels[side] in (None, own)) + ["last"] * (labels[side] == last not in (None, own))
                for layer in layers:
                    home, middle = (layer, e, side, "home"), (layer, e, side, "middle")
                    _both_ways(graph, (layer, ends[side]), home, STEP_M / 4)
                    _both_ways(graph, home, middle, STEP_M / 4)
            self._across(graph, e, labels, own, last)
        graph.add_nodes_from(
            (layer, e, s, "home") for layer in ("own", "last") for e in range(len(self.edges)) for s in (0, 1)
        )
        return graph

    def _across(self, graph, e, labels, own, last):
        if labels[0] == labels[1]:
            for layer in ("own", "last"):
                _both_ways(graph, (layer, e, 0, "middle"), (layer, e, 1, "middle"), 0)
            return
        inside = 0 if labels[0] is not None else 1
        name = labels[inside]
        if name == own and self.passes(name, e, visitor=False):
            _both_ways(graph, ("own", e, 0, "middle"), ("own", e, 1, "middle"), 0)
        if name == last != own and self.passes(name, e, visitor=True):
            graph.add_edge(("own", e, 1 - inside, "middle"), ("last", e, inside, "middle"), weight=0)


def _both_ways(graph, one, other, weight):
    graph.add_edge(one, other, weight=weight)
    graph.add_edge(other, one, weight=weight)
