"""The same walks counted again with networkx, one layered graph for each pair of areas."""

import networkx as nx
import numpy as np

from planner.network.scraps import scrap_edges
from planner.network.snapping import snap


def brute_force_walks(network, origins_xy, destinations_xy, walker, max_off_path_m=200.0):
    """Return {(origin, destination): ms} for every pair that can be walked at all."""
    ms, ms_back = network.walk_ms(walker)
    open_edges = (ms >= 0) & (ms_back >= 0)
    leave = _places(network, origins_xy, walker, open_edges, max_off_path_m)
    arrive = _places(network, destinations_xy, walker, open_edges, max_off_path_m)
    graphs = {}
    walks = {}
    for o, edge_o, fraction_o, off_o in leave:
        for d, edge_d, fraction_d, off_d in arrive:
            own, last = network.private_area[edge_o], network.private_area[edge_d]
            if (own, last) not in graphs:
                graphs[own, last] = layered(network, ms, ms_back, own, last)
            final = "last" if last not in (0, own) else "own"
            part_o, back_o = round_part(fraction_o, ms[edge_o]), round_part(fraction_o, ms_back[edge_o])
            part_d, back_d = round_part(fraction_d, ms[edge_d]), round_part(fraction_d, ms_back[edge_d])
            ways = []
            for first_node, leaving in (
                (network.start[edge_o], back_o),
                (network.end[edge_o], ms[edge_o] - part_o),
            ):
                reach = nx.single_source_dijkstra_path_length(graphs[own, last], ("own", first_node))
                for last_node, arriving in (
                    (network.start[edge_d], part_d),
                    (network.end[edge_d], ms_back[edge_d] - back_d),
                ):
                    if (final, last_node) in reach:
                        ways.append(leaving + reach[final, last_node] + arriving)
            if edge_o == edge_d:
                ways.append(part_d - part_o if fraction_d >= fraction_o else back_o - back_d)
            if ways:
                walks[o, d] = min(walks.get((o, d), 2**62), int(min(ways)) + off_o + off_d)
    return walks


def layered(network, ms, ms_back, own, last):
    """Public ways and the origin's own area; down into the destination's area where all may enter, never out again."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(("own", node) for node in range(network.node_count))
    for e in range(network.edge_count):
        a, b, area = network.start[e], network.end[e], network.private_area[e]
        layers = ["own"] * int(area in (0, own)) + ["last"] * int(area == last and last not in (0, own))
        for layer in layers:
            if ms[e] >= 0:
                graph.add_edge((layer, a), (layer, b), weight=int(ms[e]))
            if ms_back[e] >= 0:
                graph.add_edge((layer, b), (layer, a), weight=int(ms_back[e]))
    barred = network.residents_only.tolist() or [False] * network.node_count
    for node in range(network.node_count):
        if not barred[node]:
            graph.add_edge(("own", node), ("last", node), weight=0)
    return graph


def round_part(fraction, ms):
    return int(np.rint(fraction * ms))


def _places(network, xy, walker, open_edges, max_off_path_m):
    """Return (point, edge, fraction, ms) for each way onto the paths; beside a scrap there are two."""
    scraps = scrap_edges(network)
    access = snap(network, xy, open_edges=open_edges, max_off_path_m=max_off_path_m, scraps=scraps)
    off = walker.walk_ms(access.off_path_m)
    return [
        (int(point), int(edge), float(fraction), int(off_ms))
        for point, edge, fraction, off_ms in zip(access.point, access.edge, access.fraction, off, strict=True)
    ]
