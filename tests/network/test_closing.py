"""Gates that nobody passes."""

import numpy as np
import pytest

from planner.network import WalkNetwork

LOCKED = {"barrier": "gate", "locked": "yes"}
PATH = {"highway": "footway"}


def pieces(network: WalkNetwork) -> int:
    return int(network.component.max()) + 1


def test_a_path_ends_on_either_side_of_a_closed_gate(network_of) -> None:
    ways = [(1, [1, 2, 3], PATH)]
    open_path = network_of({1: (0, 0), 2: (10, 0), 3: (20, 0)}, ways)
    closed = network_of({1: (0, 0), 2: (10, 0, LOCKED), 3: (20, 0)}, ways)
    assert (pieces(open_path), pieces(closed)) == (1, 2)
    assert closed.length_m.sum() == pytest.approx(open_path.length_m.sum())
    at_gate = closed.node_xy[closed.barrier_node]
    assert len(at_gate) == 2
    assert np.ptp(at_gate, axis=0).max() == 0


def test_nobody_turns_off_at_a_closed_gate_where_ways_meet(network_of) -> None:
    nodes = {1: (0, 0), 2: (10, 0, LOCKED), 3: (20, 0), 4: (10, 10)}
    assert pieces(network_of(nodes, [(1, [1, 2, 3], PATH), (2, [2, 4], PATH)])) == 3


def test_a_ring_is_opened_by_a_closed_gate_where_it_begins(network_of) -> None:
    nodes = {1: (0, 0, LOCKED), 2: (10, 0), 3: (10, 10)}
    ring = network_of(nodes, [(1, [1, 2, 3, 1], PATH)])
    assert (ring.node_count, ring.edge_count) == (2, 1)


def test_a_gate_closed_to_strangers_stays_open(network_of) -> None:
    nodes = {1: (0, 0), 2: (10, 0, {"barrier": "gate", "access": "private"}), 3: (20, 0)}
    assert pieces(network_of(nodes, [(1, [1, 2, 3], PATH)])) == 1


def test_the_ways_behind_a_closed_gate_keep_their_kind(network_of) -> None:
    nodes = {1: (0, 0), 2: (10, 0, LOCKED), 3: (20, 0), 4: (30, 0), 5: (40, 0)}
    steps = {"highway": "steps"}
    network = network_of(nodes, [(1, [1, 2, 3], PATH), (2, [3, 4, 5], steps)])
    kind = np.array(network.kinds)[network.kind]
    assert sorted(zip(kind, network.length_m.round(-1), strict=True)) == sorted(
        [
            ("footway", pytest.approx(10 * 9.65, abs=6)),
            ("footway", pytest.approx(96.5, abs=6)),
            ("steps", pytest.approx(193, abs=6)),
        ]
    )
