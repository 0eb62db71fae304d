"""Every crossing is one wait in two halves; walking along the carriageway costs nothing."""

from collections.abc import Callable

from planner.model import Walker
from planner.network import WalkNetwork

Load = Callable[..., WalkNetwork]
ROAD = {"highway": "secondary"}
CROSSING = {"highway": "footway", "footway": "crossing"}
FOOTWAY = {"highway": "footway"}

# A road from west (1) over the middle (2) to east (3); kerbs south (4) and north (5); pavements to 6 and 7.
NODES = {1: (-20, 0), 2: (0, 0), 3: (20, 0), 4: (0, -2), 5: (0, 2), 6: (-20, -2), 7: (-20, 2)}
WAYS = [(1, [1, 2, 3], ROAD), (3, [6, 4], FOOTWAY), (4, [5, 7], FOOTWAY)]


def _waits(network: WalkNetwork) -> dict[str, list[int]]:
    halves = zip(network.kind, network.signal_halves.tolist(), network.crossing_halves.tolist(), strict=True)
    found: dict[str, list[int]] = {}
    for kind, signal, plain in halves:
        found.setdefault(network.kinds[kind], []).append(10 * signal + plain)
    return {kind: sorted(waits) for kind, waits in found.items()}


def _with(node_tags: dict[str, str]) -> dict[int, tuple]:
    return NODES | {2: (0, 0, node_tags)}


def test_each_side_of_a_tagged_node_takes_half(network_of: Load) -> None:
    network = network_of(_with({"highway": "crossing"}), [*WAYS, (2, [4, 2, 5], CROSSING)])
    assert _waits(network) == {"footway": [0, 0, 1, 1], "secondary": [0, 0]}


def test_the_whole_crossing_is_one_wait(network_of: Load) -> None:
    network = network_of(_with({"highway": "traffic_signals"}), [*WAYS, (2, [4, 2, 5], CROSSING)])
    walker = Walker("test", speed_m_s=1.0, signal_wait_s=30.0, crossing_wait_s=5.0)
    plain = Walker("plain", speed_m_s=1.0)
    delay = network.walk_ms(walker)[0] - network.walk_ms(plain)[0]
    assert delay.sum() == 30_000
    assert sorted(delay.tolist()) == [0, 0, 0, 0, 15_000, 15_000]


def test_signals_of_the_way_count_as_those_of_the_node(network_of: Load) -> None:
    signalled = CROSSING | {"crossing": "traffic_signals"}
    network = network_of(_with({"highway": "crossing"}), [*WAYS, (2, [4, 2, 5], signalled)])
    assert _waits(network)["footway"] == [0, 0, 10, 10]


def test_without_a_tagged_node_the_carriageway_is_the_middle(network_of: Load) -> None:
    network = network_of(NODES, [*WAYS, (2, [4, 2, 5], CROSSING)])
    assert _waits(network) == {"footway": [0, 0, 1, 1], "secondary": [0, 0]}


def test_a_crossing_that_meets_no_carriageway_waits_on_itself(network_of: Load) -> None:
    network = network_of(NODES, [*WAYS, (2, [4, 5], CROSSING)])
    assert _waits(network) == {"footway": [0, 0, 2], "secondary": [0]}


def test_a_crossing_drawn_in_two_ways_is_one_wait(network_of: Load) -> None:
    network = network_of(_with({"highway": "crossing"}), [*WAYS, (2, [4, 2], CROSSING), (5, [2, 5], CROSSING)])
    assert _waits(network)["footway"] == [0, 0, 1, 1]


def test_two_carriageways_are_two_waits(network_of: Load) -> None:
    nodes = _with({"highway": "crossing"}) | {8: (-20, 1), 9: (0, 1, {"crossing": "zebra"}), 10: (20, 1)}
    network = network_of(nodes, [*WAYS, (5, [8, 9, 10], ROAD), (2, [4, 2, 9, 5], CROSSING)])
    assert _waits(network)["footway"] == [0, 0, 1, 1, 2]


def test_a_refuge_in_a_crossing_without_nodes_keeps_one_wait(network_of: Load) -> None:
    """A crossing over a road that is not walked itself, with a branch on its refuge."""
    nodes = NODES | {8: (0, 0.5), 9: (3, 0.5)}
    network = network_of(nodes, [*WAYS[1:], (2, [4, 8, 5], CROSSING), (5, [8, 9], FOOTWAY)])
    assert _waits(network)["footway"] == [0, 0, 0, 1, 1]


def test_a_tagged_node_counts_where_the_street_itself_is_not_walked(network_of: Load) -> None:
    trunk = (1, [1, 2, 3], {"highway": "trunk", "foot": "no"})
    network = network_of(_with({"highway": "crossing"}), [trunk, *WAYS[1:], (2, [4, 2, 5], CROSSING)])
    assert _waits(network) == {"footway": [0, 0, 1, 1]}


def test_crossing_no_is_no_wait(network_of: Load) -> None:
    network = network_of(NODES, [*WAYS, (2, [4, 2, 5], CROSSING | {"crossing": "no"})])
    assert _waits(network) == {"footway": [0, 0], "secondary": [0, 0]}


def test_an_ordinary_footway_crosses_at_a_tagged_node(network_of: Load) -> None:
    network = network_of(_with({"highway": "crossing"}), [*WAYS, (2, [4, 2, 5], FOOTWAY)])
    assert _waits(network) == {"footway": [1, 1], "secondary": [0, 0]}


def test_a_tagged_node_on_a_carriageway_alone_is_no_node_at_all(network_of: Load) -> None:
    network = network_of(_with({"highway": "crossing"}), WAYS)
    assert _waits(network) == {"footway": [0, 0], "secondary": [0]}
