"""Nobody walks through a compound, and its people leave through its gates.

Metres. A street south (y = 0) and one north (y = 200), joined far west (x = -400). The compound lies between them, and
a path leads through it from street to street at x = 100; a second one comes in from the south at x = 150 and meets it.

    y = 200  ────┬──────────────────────
                 │ N (100, 180)
        ┌────────┼──────────┐
        │        │          │   compound A: x 50 to 180, y 20 to 180
        │        ├──────┐   │   y = 100
        └────────┼──────┼───┘
                 │ S    │ E (150, 20)
    y = 0    ────┴──────┴───────────────
"""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.catchments import walking_costs
from planner.model import Barriers, Compounds, Gates
from planner.network.additions import add_edges, add_nodes
from planner.network.enclosures import enclose
from tests.catchments.random_streets import CORNER, METRES, build
from tests.catchments.test_costs import PLAIN, points
from tests.catchments.test_gated import gates, homes

A = (50, 20, 180, 180)
NODES = [(-400, 0), (100, 0), (150, 0), (400, 0), (-400, 200), (100, 200), (400, 200), (100, 100), (150, 100)]
EDGES = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (0, 4), (1, 7), (7, 5), (2, 8), (8, 7)]
S, N, E = (100, 20), (100, 180), (150, 20)


def town(**options):
    return build(NODES, *zip(*EDGES, strict=True), **options)


def boundary(*boxes, names="ABC", **columns):
    shapes = [shapely.transform(shapely.box(*box), lambda xy: xy + CORNER) for box in boxes]
    return Compounds(gpd.GeoDataFrame(columns, index=list(names[: len(boxes)]), geometry=shapes, crs=METRES))


def walks_m(enclosed, origins, destinations, **options):
    """Walks in metres by pair of ids, along the enclosed network, across no wall."""
    walls = Barriers.of({"wall": enclosed.walls}, METRES)
    options = {"gates": enclosed.gates, "barriers": walls, **options}
    frame = walking_costs(enclosed.network, origins, destinations, PLAIN, 120, **options).to_frame()
    return {pair: round(minutes * 60, 3) for pair, minutes in frame["walk_min"].items()}


def codes(found):
    return [note.code for note in found.notes]


SOUTH, NORTH = points([(100, 0)], ["south"]), points([(100, 200)], ["north"])
HOME = homes([(100, 60)], ["A"], ["home"])
ROUND = 500 + 200 + 500


def test_the_short_cut_through_a_compound_is_refused():
    open_town = enclose(town(), None, None)
    assert walks_m(open_town, SOUTH, NORTH) == {("south", "north"): 200}
    for doors in (None, gates([S, N, E], "AAA"), gates([S], "A")):
        assert walks_m(enclose(town(), boundary(A), doors), SOUTH, NORTH) == {("south", "north"): ROUND}


def test_a_path_straight_through_is_refused_though_no_corner_of_it_lies_inside():
    straight = build([(0, 0), (0, 400)], [0], [1])
    found = enclose(straight, boundary((-50, 100, 50, 300)), None)
    assert walks_m(found, points([(0, 0)], ["a"]), points([(0, 400)], ["b"])) == {}


def test_residents_leave_through_their_gates_only():
    both = enclose(town(), boundary(A), gates([S, N], "AA"))
    assert walks_m(both, HOME, SOUTH) == {("home", "south"): 60}
    assert walks_m(both, HOME, NORTH) == {("home", "north"): 140}
    south = enclose(town(), boundary(A), gates([S], "A"))
    assert walks_m(south, HOME, NORTH) == {("home", "north"): 60 + ROUND}
    assert "gates.no_passage" in codes(south)


def test_a_gate_stands_where_it_is_drawn_not_where_a_path_is():
    """Gate E alone is known: the way out is round by (150, 100)."""
    east = enclose(town(), boundary(A), gates([E], "A"))
    assert walks_m(east, HOME, SOUTH) == {("home", "south"): 40 + 50 + 100 + 50}


def test_a_closed_gate_is_closed_in_the_network_too():
    shut = enclose(town(), boundary(A), gates([S, N], "AA", open=[False, True]))
    assert walks_m(shut, HOME, SOUTH) == {("home", "south"): 140 + ROUND}


def test_all_gates_closed_cut_the_compound_off():
    shut = enclose(town(), boundary(A), gates([S, N, E], "AAA", open=[False] * 3))
    inside = homes([(110, 90)], ["A"], ["inside"])
    assert walks_m(shut, HOME, SOUTH) == {}
    assert walks_m(shut, SOUTH, HOME) == {}
    assert walks_m(shut, HOME, inside) == {("home", "inside"): 30 + 10}


def test_outsiders_come_to_a_station_inside_only_through_the_gate_that_admits_them():
    doors = gates([S, N], "AA", admits_outsiders=[False, True])
    station = homes([(100, 60)], ["A"], ["station"])
    found = enclose(town(), boundary(A), doors)
    assert walks_m(found, SOUTH, station) == {("south", "station"): ROUND + 140}
    assert walks_m(found, NORTH, station) == {("north", "station"): 140}
    assert walks_m(found, homes([(100, 90)], ["A"], ["home"]), station) == {("home", "station"): 30}
    assert walks_m(found, HOME, SOUTH) == {("home", "south"): 60}


def test_without_known_gates_every_crossing_is_one_and_flagged():
    found = enclose(town(), boundary(A), None)
    assert found.assumed == ("A",)
    assert found.gates.assumed.tolist() == [True] * 3
    places = shapely.get_coordinates(found.gates.table.geometry.to_numpy()) - CORNER
    assert {tuple(place) for place in np.round(places, 6)} == {S, N, E}
    assert walks_m(found, HOME, SOUTH) == {("home", "south"): 60}
    assert codes(found) == ["gates.assumed"]


def test_crossings_near_to_each_other_are_one_pseudo_gate():
    nodes = [*NODES[:2], (106, 0), *NODES[3:8], (106, 100)]
    found = enclose(build(nodes, *zip(*EDGES, strict=True)), boundary(A), None)
    assert len(found.gates) == 2


def test_the_network_can_be_had_with_other_gates_open():
    found = enclose(town(), boundary(A), None)
    table = found.gates.table.copy()
    table["open"] = table.index == "assumed A 1"
    only = found.under(Gates(table))
    costs = walking_costs(only, HOME, NORTH, PLAIN, 120, gates=found.gates).to_frame()
    west_most = shapely.get_coordinates(table.geometry["assumed A 1"]) - CORNER
    assert west_most.tolist() == [list(S)]
    assert costs["walk_min"].tolist() == [(60 + ROUND) / 60]


def test_a_street_through_a_boundary_stays_public_and_is_named():
    network = town()
    network.kind[[6, 7]] = 1
    network = type(network)(**{**vars_of(network), "kinds": ("footway", "residential")})
    found = enclose(network, boundary(A), None)
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): 200}
    assert "compounds.through_street" in codes(found)
    closed = enclose(network, boundary(A), gates([S, N], "AA"))
    assert walks_m(closed, SOUTH, NORTH) == {("south", "north"): ROUND}


def vars_of(network):
    return {name: getattr(network, name) for name in network.__dataclass_fields__}


def test_a_path_along_the_wall_is_no_path_inside():
    nodes = [(0, 0), (40, 0), (60, 22), (100, 22), (120, 0), (300, 0)]
    network = build(nodes, range(5), range(1, 6))
    found = enclose(network, boundary(A), gates([(50, 100)], "A"))
    assert walks_m(found, points([(0, 0)], ["west"]), points([(300, 0)], ["east"]))


def test_a_home_outside_does_not_step_onto_the_paths_inside():
    found = enclose(town(), boundary(A), gates([N], "A"))
    outside = points([(100, 15)], ["outside"])
    assert walks_m(found, outside, SOUTH) == {("outside", "south"): 15}
    assert walks_m(found, outside, SOUTH, barriers=None) == {("outside", "south"): 15}


def test_private_ways_before_a_gate_do_not_shut_its_people_in():
    """The path through is private on both sides of the wall: what lies outside becomes the way to the gate."""
    private = np.zeros(len(EDGES))
    private[[6, 7]] = 1
    found = enclose(town(private=private), boundary(A), gates([S, N], "AA"))
    assert walks_m(found, HOME, SOUTH) == {("home", "south"): 60}
    assert "compounds.approaches" in codes(found)


def test_a_private_area_without_a_boundary_opens_at_its_gates_only():
    private = np.zeros(len(EDGES))
    private[[6, 7, 8, 9]] = 1
    network = town(private=private)
    assert walks_m(enclose(network, None, gates([(100, 5)], "A")), HOME, NORTH) == {("home", "north"): 60 + ROUND}
    off = enclose(network, None, gates([(110, 60)], "A"))
    assert walks_m(off, HOME, NORTH) == {("home", "north"): 140}
    assert codes(off) == ["gates.off_paths"]


def test_a_compound_without_paths_is_left_in_straight_lines_through_its_wall():
    box = (200, 10, 300, 90)
    found = enclose(town(), boundary(box, names="B"), gates([(250, 10)], "B"))
    home = homes([(250, 50)], ["B"], ["home"])
    assert walks_m(found, home, points([(250, 0)], ["gate"])) == {("home", "gate"): 1.3 * 40 + 10}


def test_a_boundary_that_no_path_crosses_has_a_gate_where_a_public_path_runs_closest():
    found = enclose(town(), boundary((210, 10, 290, 90), names="B"), None)
    assert codes(found) == ["gates.beside_paths", "gates.assumed"]
    assert places_of(found) == {(250, 10)}
    assert found.assumed == ("B",)
    home = homes([(250, 50)], ["B"], ["home"])
    assert walks_m(found, home, points([(250, 0)], ["gate"])) == {("home", "gate"): 1.3 * 40 + 10}
    free = found.all_sides_open
    assert walks_m(free, home, points([(250, 0)], ["gate"])) == {("home", "gate"): 50}


def places_of(found):
    places = shapely.get_coordinates(found.gates.table.geometry.to_numpy()) - CORNER
    return {tuple(place) for place in np.round(places, 6)}


def test_each_side_with_a_street_has_a_gate_of_its_own():
    """Streets south and north; the one in the west is 400 m away, the compound's east side has none."""
    found = enclose(town(), boundary((210, 10, 290, 180), names="B"), None)
    assert places_of(found) == {(250, 10), (250, 180)}
    assert found.assumed == ("B",)


def test_no_gate_is_assumed_towards_a_path_behind_water():
    river = Barriers.of({"water": gpd.GeoSeries([shapely.transform(shapely.box(-450, 2, 450, 6), moved)])}, METRES)
    found = enclose(town(), boundary((210, 10, 290, 180), names="B"), None, river)
    assert places_of(found) == {(250, 180)}


def moved(xy):
    return xy + CORNER


def test_a_boundary_far_from_every_path_changes_nothing_and_says_so():
    found = enclose(town(), boundary((210, 60, 290, 140), names="B"), None)
    assert codes(found) == ["compounds.open_sides"]
    assert not len(found.walls)


def test_a_gate_at_no_crossing_is_linked_to_the_paths_on_both_sides():
    """W stands in the west wall, 50 m from the path inside and 20 m from one outside, which meets the south street."""
    nodes, edges = [*NODES, (30, 0), (30, 100)], [*EDGES, (9, 10), (9, 1)]
    network = build(nodes, *zip(*edges, strict=True))
    found = enclose(network, boundary(A), gates([(50, 90)], "A"))
    assert "gates.linked" in codes(found)
    assert walks_m(found, HOME, SOUTH) == {("home", "south"): 30 + 50 + 20 + 90 + 70}
    shut = enclose(network, boundary(A), gates([(50, 90)], "A", open=[False]))
    assert walks_m(shut, HOME, SOUTH) == {}


def test_a_linked_gate_for_residents_admits_no_visitor():
    nodes, edges = [*NODES, (30, 0), (30, 100)], [*EDGES, (9, 10), (9, 1)]
    network = build(nodes, *zip(*edges, strict=True))
    doors = gates([(50, 90), N], "AA", admits_outsiders=[False, True])
    found = enclose(network, boundary(A), doors)
    assert walks_m(found, HOME, SOUTH) == {("home", "south"): 30 + 50 + 20 + 90 + 70}
    assert walks_m(found, SOUTH, homes([(100, 60)], ["A"], ["station"])) == {("south", "station"): ROUND + 140}


def test_a_gate_without_paths_on_both_sides_is_told():
    found = enclose(town(), boundary(A), gates([(180, 100), N], "AA"))
    assert "gates.unused" in codes(found)
    assert walks_m(found, HOME, NORTH) == {("home", "north"): 140}


def test_gates_away_from_the_wall_are_told():
    found = enclose(town(), boundary(A), gates([(300, 300), N], "AA"))
    assert "gates.off_wall" in codes(found)
    assert walks_m(found, HOME, NORTH) == {("home", "north"): 140}
    lost = enclose(town(), boundary(A), gates([(300, 300)], "A"))
    assert "compounds.not_enclosed" in codes(lost)
    assert walks_m(lost, SOUTH, NORTH) == {("south", "north"): 200}


@pytest.mark.parametrize("walled", [True, False])
def test_a_compound_that_is_not_walled_is_walked_through(walled):
    found = enclose(town(), boundary(A, walled=[walled]), None)
    assert walks_m(found, SOUTH, NORTH) == {("south", "north"): ROUND if walled else 200}


def test_a_path_without_length_inside_a_boundary_is_no_stumbling_block():
    """An added path may join two nodes at the same place, as on either side of a barrier."""
    network = town()
    paths = enclose(network, boundary((-50, -50, 50, 50)), None).network
    inside = network.node_xy[:1]
    doubled = add_edges(add_nodes(network, inside), [shapely.LineString([inside[0]] * 2)], [0], [network.node_count])
    box = boundary(tuple(np.concatenate([inside[0] - CORNER - 50, inside[0] - CORNER + 50])))
    assert enclose(doubled, box, None).network.edge_count >= paths.edge_count


def test_people_of_a_compound_within_another_use_the_paths_and_gates_of_the_outer_one():
    """Inner B has a wall of its own in the file, and a gate that leads into A only."""
    both = boundary(A, (80, 50, 120, 110))
    assert both.outer_of == {"B": "A"}
    for doors in (gates([S, N], "AA"), gates([S, N, (100, 50)], "AAB"), None):
        found = enclose(town(), both, doors)
        place = homes([(100, 60)], ["B"], ["home"])
        place["walled_in"] = both.passing(place["compound"])
        assert walks_m(found, place, SOUTH) == walks_m(found, HOME, SOUTH) == {("home", "south"): 60}
        assert walks_m(found, SOUTH, NORTH) == {("south", "north"): ROUND}
        assert found.walls.index.tolist() == ["A"]
        assert found.all_sides_open.walls.index.tolist() == ([] if doors is None else ["A"])
