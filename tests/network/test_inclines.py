"""What `incline` says in numbers, and what it makes of a path."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from planner.model import Walker, tobler_level_metres
from planner.network import WalkNetwork
from planner.network.inclines import slope_of
from planner.network.tags import NO_RAMP, NO_WHEELCHAIRS, PRAM_RAMP, WHEELCHAIR_RAMP, classify, wheels_of_way

Load = Callable[..., WalkNetwork]
TOBLER = Walker("plain", speed_m_s=1.0, slope="tobler")
PATH = {"highway": "footway"}


@pytest.mark.parametrize(
    ("incline", "slope"),
    [
        ("10%", 0.10),
        ("10 %", 0.10),
        ("+8.5%", 0.085),
        ("-12", -0.12),
        ("−12%", -0.12),
        ("3,5%", 0.035),
        ("10％", 0.10),
        ("0", 0.0),
        ("-0%", 0.0),
        ("100%", 1.0),
        ("5°", math.tan(math.radians(5))),
        ("-5 deg", -math.tan(math.radians(5))),
        ("1:12", 1 / 12),
        ("-1/10", -0.1),
        ("1 : 20", 0.05),
        ("up", None),
        ("down", None),
        ("yes", None),
        ("", None),
        ("10-15%", None),
        ("<10%", None),
        ("1:0", None),
        ("120%", None),
        ("60°", None),
        ("10%;5%", None),
        ("ten", None),
    ],
)
def test_inclines_are_read_as_people_write_them(incline: str, slope: float | None) -> None:
    assert slope_of(incline) == (slope if slope is None else pytest.approx(slope))


@pytest.mark.parametrize("tags", [{"highway": "steps"}, {"highway": "elevator"}])
def test_steps_and_lifts_have_no_slope(tags: dict[str, str]) -> None:
    found = classify(tags | {"incline": "30%"})
    assert found is not None
    assert found.incline is None


@pytest.mark.parametrize("incline", ["up", "down", "steep"])
def test_a_word_gives_a_path_no_slope(network_of: Load, incline: str) -> None:
    network = network_of({1: (0, 0), 2: (10, 0)}, [(1, [1, 2], PATH | {"incline": incline})])
    assert network.slope_from.tolist() == [0]
    assert network.level_m.tolist() == network.level_back_m.tolist() == network.length_m.tolist()


def test_up_a_hill_of_ten_percent_takes_as_long_as_the_formula_says_and_down_less(network_of: Load) -> None:
    network = network_of({1: (0, 0), 2: (10, 0)}, [(1, [1, 2], PATH | {"incline": "10%"})])
    up, down = network.walk_ms(TOBLER)
    level, _ = network.walk_ms(Walker("plain", speed_m_s=1.0))
    assert up[0] == pytest.approx(level[0] * math.exp(3.5 * 0.10), abs=1)
    assert down[0] == pytest.approx(level[0] * math.exp(3.5 * (0.05 - 0.05)), abs=1)
    gentle = network_of({1: (0, 0), 2: (10, 0)}, [(1, [1, 2], PATH | {"incline": "-5%"})])
    assert min(*gentle.walk_ms(TOBLER)) == pytest.approx(level[0] * math.exp(-3.5 * 0.05), abs=1)


def test_a_slope_leads_up_however_the_way_is_drawn(network_of: Load) -> None:
    """Two pieces of one hill, the second drawn from the top: one edge, up from west to east."""
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0)}
    ways = [(1, [1, 2], PATH | {"incline": "10%"}), (2, [3, 2], PATH | {"incline": "-10%"})]
    network = network_of(nodes, ways)
    assert network.edge_count == 1
    up, down = network.walk_ms(TOBLER)
    assert up[0] > down[0]
    assert network.node_xy[network.start[0], 0] < network.node_xy[network.end[0], 0]


def test_a_hilltop_and_a_change_of_slope_cut_a_path(network_of: Load) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0), 4: (30, 0)}
    ways = [
        (1, [1, 2], PATH | {"incline": "10%"}),
        (2, [3, 2], PATH | {"incline": "10%"}),
        (3, [3, 4], PATH | {"incline": "5%"}),
    ]
    network = network_of(nodes, ways)
    assert sorted(np.round(network.level_m / network.length_m, 4)) == sorted(
        np.round([math.exp(0.35), math.exp(0.0), math.exp(3.5 * 0.05)], 4)
    )


def test_metres_and_walkers_without_slopes_do_not_notice_them(network_of: Load) -> None:
    nodes = {1: (0, 0), 2: (10, 0)}
    flat = network_of(nodes, [(1, [1, 2], PATH)])
    hill = network_of(nodes, [(1, [1, 2], PATH | {"incline": "10%"})])
    plain = Walker("plain", speed_m_s=0.83)
    assert hill.walk_ms(plain)[0].tolist() == flat.walk_ms(plain)[0].tolist()


def test_what_is_steeper_than_anybody_walks_is_cut_down_and_told(network_of: Load) -> None:
    network = network_of({1: (0, 0), 2: (10, 0)}, [(1, [1, 2], PATH | {"incline": "60%"})])
    assert network.level_m[0] / network.length_m[0] == pytest.approx(math.exp(3.5 * 0.4))
    assert [note.code for note in network.notes] == ["network.slope_capped"]


def test_a_limit_closes_the_way_up_and_not_the_way_down(network_of: Load) -> None:
    """A ramp of 1:12 is passed by those whose limit is written as 0.083; one of 9 % is not."""
    network = network_of(
        {1: (0, 0), 2: (10, 0), 3: (10, 10)},
        [(1, [1, 2], PATH | {"incline": "1:12"}), (2, [2, 3], PATH | {"incline": "9%"})],
    )
    walker = Walker("own", speed_m_s=1.0, max_slope=0.083)
    up, down = network.walk_ms(walker)
    assert sorted(zip((up >= 0).tolist(), (down >= 0).tolist(), strict=True)) == [(False, True), (True, True)]
    assert network.steepest.tolist() == pytest.approx(sorted([1 / 12, 0.09]))


@pytest.mark.parametrize(
    ("tags", "wheels"),
    [
        ({"highway": "steps"}, NO_RAMP),
        ({"highway": "steps", "ramp": "yes"}, NO_RAMP),
        ({"highway": "steps", "ramp:wheelchair": "yes"}, WHEELCHAIR_RAMP),
        ({"highway": "steps", "wheelchair": "yes"}, WHEELCHAIR_RAMP),
        ({"highway": "steps", "ramp:stroller": "yes"}, PRAM_RAMP),
        ({"highway": "steps", "wheelchair": "no"}, NO_RAMP),
        ({"highway": "footway", "wheelchair": "no"}, NO_WHEELCHAIRS),
        ({"highway": "footway", "wheelchair": "limited"}, NO_RAMP),
        ({"highway": "elevator", "wheelchair": "yes"}, NO_RAMP),
    ],
)
def test_what_tags_say_to_those_on_wheels(tags: dict[str, str], wheels: int) -> None:
    assert wheels_of_way(tags) == wheels


def test_ramps_lifts_and_narrow_ways_decide_who_passes(network_of: Load) -> None:
    nodes = {place: (10 * place, 0) for place in range(1, 8)}
    tags = [
        {"highway": "steps"},
        {"highway": "steps", "ramp:stroller": "yes"},
        {"highway": "steps", "wheelchair": "yes"},
        {"highway": "elevator"},
        {"highway": "footway", "wheelchair": "no"},
        {"highway": "footway"},
    ]
    network = network_of(nodes, [(way + 1, [way + 1, way + 2], each) for way, each in enumerate(tags)])
    order = np.argsort(network.node_xy[network.start, 0] + network.node_xy[network.end, 0])
    passes = {name: (network.walk_ms(Walker(name))[0][order] >= 0).tolist() for name in ("adult", "pram", "wheelchair")}
    assert passes == {
        "adult": [True] * 6,
        "pram": [False, True, True, True, True, True],
        "wheelchair": [False, False, True, True, False, True],
    }


def test_a_table_of_edges_turns_the_incline_of_reversed_rows(tmp_path) -> None:
    import geopandas as gpd
    import shapely

    from planner.network import load_network

    line = shapely.LineString([(114.3, 30.0), (114.301, 30.0)])
    table = {"u": [1, 2], "v": [2, 1], "highway": ["footway"] * 2, "incline": ["10%"] * 2, "reversed": [False, True]}
    gpd.GeoDataFrame(table, geometry=[line, line.reverse()], crs=4326).to_parquet(tmp_path / "edges.parquet")
    network = load_network(tmp_path / "edges.parquet", "EPSG:4547", cache=False)
    assert network.edge_count == 1
    west_to_east = network.node_xy[network.start[0], 0] < network.node_xy[network.end[0], 0]
    up = network.level_m if west_to_east else network.level_back_m
    assert up[0] / network.length_m[0] == pytest.approx(tobler_level_metres(0.1))
