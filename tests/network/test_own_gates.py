"""A lane through a compound brings its own gates; on the town of `test_enclosures`."""

import geopandas as gpd
import pytest
import shapely

from planner.model import NetworkChanges
from planner.network import apply_changes, bring_gates, enclose, lanes_opened
from tests.catchments.random_streets import CORNER, METRES
from tests.catchments.test_costs import points
from tests.catchments.test_gated import gates, homes
from tests.network.test_enclosures import HOME, NORTH, ROUND, SOUTH, A, N, boundary, codes, town, walks_m


def lanes(*lines, kind="add", **columns):
    shapes = [shapely.transform(shapely.LineString(line), lambda xy: xy + CORNER) for line in lines]
    told = {"kind": kind, "cost_cny": 0.0, "name": "lane", **columns}
    return NetworkChanges(
        gpd.GeoDataFrame(told, index=[f"L{k}" for k in range(len(lines))], geometry=shapes, crs=METRES)
    )


def made(changes, doors=None, network=None, on=("L0",)):
    streets, compounds = network or town(), boundary(A)
    now = bring_gates(streets, doors, compounds, changes, on)
    return enclose(apply_changes(streets, changes, on), compounds, now, None, lanes_opened(streets, changes, on))


def own_gates(found):
    return found.gates.table[found.gates.table["from_change"].notna()]


def test_a_lane_through_a_compound_is_open_to_everybody_and_brings_a_gate_at_either_wall():
    found = made(lanes([(60, 0), (60, 200)]), gates([N], "A"))
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): 40 + 200 + 40}
    places = shapely.get_coordinates(own_gates(found).geometry.to_numpy()) - CORNER
    assert places.tolist() == [[60, 20], [60, 180]]
    assert own_gates(found)["admits_outsiders"].all()


def test_a_lane_that_exists_inside_can_be_opened_to_the_public():
    opened = lanes([(100, 0), (100, 200)], kind="improve", opens_to_public=True)
    assert walks_m(made(opened, gates([N], "A"), on=()), SOUTH, NORTH) == {("south", "north"): ROUND}
    found = made(opened, gates([N], "A"))
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): 200}
    assert walks_m(found, HOME, SOUTH) == {("home", "south"): 60}
    assert len(own_gates(found)) == 1


def test_a_short_lane_to_the_paths_inside_is_a_gate():
    """From the north street to the path inside at (150, 100)."""
    yard = homes([(150, 60)], ["A"], ["yard"])
    before = made(lanes([(150, 200), (150, 100)]), gates([N], "A"), on=())
    assert walks_m(before, yard, points([(150, 200)], ["there"])) == {("yard", "there"): 40 + 50 + 100 + 50}
    found = made(lanes([(150, 200), (150, 100)]), gates([N], "A"))
    assert walks_m(found, yard, points([(150, 200)], ["there"])) == {("yard", "there"): 140}
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): ROUND}


def test_a_lane_for_residents_lets_no_outsider_through():
    found = made(lanes([(60, 0), (60, 200)], open_to_outsiders=False), gates([N], "A"))
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): ROUND}
    assert not own_gates(found)["admits_outsiders"].any()
    on_lane = homes([(60, 100)], ["A"], ["home"])
    assert walks_m(found, on_lane, points([(60, 0)], ["there"])) == {("home", "there"): 100}


def test_gates_stay_assumed_beside_those_that_a_change_brings():
    without, found = made(lanes([(60, 0), (60, 200)]), on=()), made(lanes([(60, 0), (60, 200)]))
    assert found.assumed == without.assumed == ("A",)
    assert found.gates.assumed.sum() == without.gates.assumed.sum() == 3
    assert walks_m(found.all_sides_open, SOUTH, NORTH) == {("south", "north"): 200}
    assert not len(found.all_sides_open.gates)


@pytest.mark.parametrize("outsiders", [True, False])
def test_no_second_gate_stands_beside_one_that_serves(outsiders):
    doors = gates([(62, 20)], "A", admits_outsiders=[outsiders])
    assert len(own_gates(made(lanes([(60, 0), (60, 200)]), doors))) == (1 if outsiders else 2)


def test_a_footbridge_over_a_compound_brings_no_gate():
    found = made(lanes([(60, 0), (60, 200)], joins=False), gates([N], "A"))
    assert "from_change" not in found.gates.table
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): 280}
    assert "gates.no_passage" in codes(found)
