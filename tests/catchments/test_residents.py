"""Passages that only residents use, in a town to be checked by hand.

y = 100   north street  ──────────────────   x from 0 to 200, joined to the south street at x = 0
                               │
                    compound   │             a private path at x = 100
                               │
y =   0   south street  ──────────────────
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, find_routes, walking_costs, walks_to_nearest
from planner.catchments.ground import Ground
from planner.catchments.search import find_pairs
from planner.model import WALKERS, Walker
from planner.network.snapping import snap
from tests.catchments.brute_force import brute_force_walks
from tests.catchments.random_streets import CORNER, build, random_network
from tests.catchments.test_costs import PLAIN, as_dict, points, some_points

SOUTH_GATE, NORTH_GATE = 1, 4
INSIDE = points([(100, 20)], ids=["inside"])
SOUTH_STREET = points([(150, 0)], ids=["south"])
NORTH_STREET = points([(150, 100)], ids=["north"])


def town(*barred):
    nodes = [(0, 0), (100, 0), (200, 0), (0, 100), (100, 100), (200, 100)]
    return build(
        nodes,
        [0, 1, 3, 4, 0, 1],
        [1, 2, 4, 5, 3, 4],
        private=[0, 0, 0, 0, 0, 7],
        residents_only=np.isin(np.arange(len(nodes)), barred),
    )


def walk_m(network, origin, destination):
    costs = walking_costs(network, origin, destination, PLAIN, 60)
    nearest = walks_to_nearest(network, origin, destination, PLAIN)
    route = find_routes(network, origin, destination, PLAIN).iloc[0]
    walks = [walk / 1000 for walk in costs.walk.data.tolist()]
    assert walks == [walk / 1000 for walk in nearest.walk[nearest.reached].tolist()]
    assert walks == ([] if np.isnan(route["walk_min"]) else [round(route["walk_min"] * 60, 3)])
    assert draw_catchments(network, destination, PLAIN, 10).contains(origin.iloc[0]).item() or not walks
    return walks[0] if walks else None


def test_visitors_enter_where_they_are_admitted():
    open_town, gated_town = town(), town(SOUTH_GATE)
    assert walk_m(open_town, SOUTH_STREET, INSIDE) == 50 + 20
    assert walk_m(gated_town, SOUTH_STREET, INSIDE) == 150 + 100 + 100 + 80


def test_whom_only_barred_passages_keep_from_every_station_is_told_so():
    shut = town(SOUTH_GATE, NORTH_GATE)
    homes = points([(100, 20), (150, 0)], ids=["inside", "south"])
    for direction in ("to_station", "from_station", "round_trip"):
        costs = walking_costs(shut, homes, INSIDE, PLAIN, 60, direction=direction)
        (note,) = costs.notes
        assert (note.code, note.level, note.examples) == ("walks.barred.origins", "warning", ("south",))
        assert not walking_costs(town(SOUTH_GATE), homes, INSIDE, PLAIN, 60, direction=direction).notes
        assert not walking_costs(shut, homes.iloc[:1], SOUTH_STREET, PLAIN, 0.01, direction=direction).notes


def test_residents_leave_wherever_their_paths_lead():
    assert walk_m(town(SOUTH_GATE, NORTH_GATE), INSIDE, SOUTH_STREET) == 20 + 50
    assert walk_m(town(SOUTH_GATE, NORTH_GATE), INSIDE, NORTH_STREET) == 80 + 50


def test_residents_go_out_and_back_in():
    """From one end of the compound to the other where its path is broken by a long detour."""
    parted = build(
        [(0, 0), (0, 100), (100, 100), (100, 0), (50, 0)],
        [0, 0, 2, 3, 4],
        [1, 4, 3, 4, 3],
        private=[3, 0, 3, 0, 0],
        residents_only=[True] * 5,
    )
    west, east = points([(0, 50)], ["west"]), points([(100, 50)], ["east"])
    assert walk_m(parted, west, east) == 50 + 100 + 50
    assert walk_m(parted, points([(50, 0)]), east) is None


def test_nobody_else_comes_in_where_all_passages_are_for_residents():
    assert walk_m(town(SOUTH_GATE, NORTH_GATE), SOUTH_STREET, INSIDE) is None
    assert walk_m(town(SOUTH_GATE, NORTH_GATE), points([(100, 90)]), INSIDE) == 70


def test_a_passage_says_nothing_about_public_ways():
    everywhere = town(*range(6))
    assert walk_m(everywhere, SOUTH_STREET, NORTH_STREET) == 150 + 100 + 150


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_both_senses_of_searching_agree_with_networkx_where_all_passages_are_for_residents(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    network = replace(network, residents_only=rng.random(network.node_count) < rng.choice([0.5, 1.0]))
    walker = Walker(str(rng.choice(list(WALKERS))))
    ground = Ground.of(network, walker)
    xy = [some_points(network, rng, 6) + CORNER for _ in range(2)]
    leaving, arriving = (snap(network, side, open_edges=ground.open_edges, scraps=ground.scraps) for side in xy)
    expected = brute_force_walks(network, *xy, walker)
    for toward in (False, True):
        pairs = find_pairs(ground, leaving, arriving, 10**9, toward=toward)
        keys = zip(pairs.origin.tolist(), pairs.destination.tolist(), strict=True)
        assert dict(zip(keys, pairs.walk.tolist(), strict=True)) == expected


@pytest.mark.parametrize("seed", range(30))
def test_a_passage_closed_to_visitors_gains_nobody_anything(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    places = [points(some_points(network, rng, 12)) for _ in range(2)]
    barred = network.residents_only.copy()
    barred[rng.integers(0, network.node_count)] = True
    before = as_dict(walking_costs(network, *places, "adult", 1000))
    after = as_dict(walking_costs(replace(network, residents_only=barred), *places, "adult", 1000))
    assert all(pair in before and before[pair] <= walk for pair, walk in after.items())
