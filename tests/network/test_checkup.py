"""What the streets are worth is said in numbers."""

import itertools
from collections.abc import Callable

import pytest

from planner.network import WalkNetwork, check_network
from planner.network.checkup import hull_km2, km_per_km2, share_of_length, typical_km_per_km2

Load = Callable[..., WalkNetwork]


def _lattice(size: int, step: int = 5, west: int = 0) -> tuple[dict, list[list[int]]]:
    """Make a lattice of streets, `step` ten-thousandths of a degree apart."""
    node = {(x, y): 1 + west + x + 100 * y for x, y in itertools.product(range(size), repeat=2)}
    nodes = {number: (west + x * step, y * step) for (x, y), number in node.items()}
    rows = [[node[x, y] for x in range(size)] for y in range(size)]
    columns = [[node[x, y] for y in range(size)] for x in range(size)]
    return nodes, rows + columns


def _ways(lines: list[list[int]], **tags: str) -> list[tuple]:
    return [(line[0] * 1000 + line[-1], line, {"highway": "residential", **tags}) for line in lines]


def _codes(network: WalkNetwork) -> list[str]:
    return [note.code for note in check_network(network)]


def test_extent_is_length_over_hull(network_of: Load) -> None:
    nodes, lines = _lattice(3, step=10)
    network = network_of(nodes, _ways(lines))
    assert network.length_m.sum() == pytest.approx(6 * (96.49 + 110.86), rel=1e-3)
    assert hull_km2(network) == pytest.approx(0.193 * 0.2217, rel=1e-2)
    assert km_per_km2(network) == pytest.approx(1.2441 / (0.193 * 0.2217), rel=1e-2)


def test_paths_on_one_line_have_no_density(network_of: Load) -> None:
    network = network_of({1: (0, 0), 2: (10, 10), 3: (20, 20)}, [(1, [1, 2, 3], {"highway": "footway"})])
    (extent,) = [note for note in check_network(network) if note.code == "network.extent"]
    assert "— km per km²" in extent.text.en


def test_a_dense_town_with_footways_gets_no_warning(network_of: Load) -> None:
    nodes, lines = _lattice(12)
    ways = _ways(lines[:12]) + _ways(lines[12:], highway="footway")
    assert _codes(network_of(nodes, ways)) == ["network.extent"]


def test_few_streets_far_apart_are_called_sparse(network_of: Load) -> None:
    nodes, lines = _lattice(4, step=60)
    network = network_of(nodes, _ways(lines))
    assert typical_km_per_km2(network) < 12
    assert "network.sparse" in _codes(network)


def test_countryside_does_not_dilute_a_town(network_of: Load) -> None:
    nodes, lines = _lattice(12)
    alone = typical_km_per_km2(network_of(nodes, _ways(lines)))
    nodes |= {9000: (3000, 0), 9001: (3000, 3000)}
    road = [(9, [1, 9000, 9001], {"highway": "primary"})]
    assert typical_km_per_km2(network_of(nodes, _ways(lines) + road)) > alone / 3


def test_no_footway_at_all_is_said(network_of: Load) -> None:
    nodes, lines = _lattice(12)
    assert "network.no_footways" in _codes(network_of(nodes, _ways(lines)))


def test_pieces_that_do_not_meet_are_counted(network_of: Load) -> None:
    nodes, lines = _lattice(4, step=5)
    more, other = _lattice(2, step=5, west=40)
    network = network_of(nodes | more, _ways(lines + other))
    (note,) = [note for note in check_network(network) if note.code == "network.separate_pieces"]
    outside = share_of_length(network, network.component[network.start] > 0)
    assert outside == pytest.approx(4 / (24 + 4), rel=0.05)
    assert "2 pieces" in note.text.en
    assert f"{outside:.1%}" in note.text.zh


def test_many_private_ways_are_said(network_of: Load) -> None:
    nodes, lines = _lattice(4)
    ways = _ways(lines[:4]) + _ways(lines[4:], access="private")
    assert "network.private" in _codes(network_of(nodes, ways))


def test_a_single_path_can_be_checked(network_of: Load) -> None:
    network = network_of({1: (0, 0), 2: (10, 0)}, [(1, [1, 2], {"highway": "footway"})])
    assert hull_km2(network) == 0
    assert "network.extent" in _codes(network)
