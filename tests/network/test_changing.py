import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner import Walker, walking_costs
from planner.errors import InputError, NetworkError, TableError
from planner.model import Gates, NetworkChanges
from planner.network.changing import apply_changes, change_gates
from tests.catchments.random_streets import CORNER, METRES, build

WALKER = Walker("plain", speed_m_s=1.0)


def changes_of(*rows) -> NetworkChanges:
    """Make changes of dicts; `line` is given in metres from the town's corner."""
    lines = [shapely.LineString(np.array(row["line"], dtype=float) + CORNER) if "line" in row else None for row in rows]
    table = gpd.GeoDataFrame(
        [{"cost_cny": 0.0} | {key: value for key, value in row.items() if key != "line"} for row in rows],
        geometry=lines,
        crs=METRES,
    )
    return NetworkChanges(table.set_index("id"))


def two_streets():
    """Return two streets of 100 m to the east, 40 m apart, joined at their western ends."""
    return build([(0, 0), (100, 0), (0, 40), (100, 40)], [0, 2, 0], [1, 3, 2])


def walk_s(network, origin, destination, **options):
    points = [gpd.GeoSeries.from_xy(*np.array([xy]).T + CORNER[:, None], crs=METRES) for xy in (origin, destination)]
    walk = walking_costs(network, *points, WALKER, max_walk_min=60, **options).walk
    return walk[0, 0] / 1000 if walk.nnz else None


def test_a_lane_joins_the_paths_at_its_ends():
    lane = changes_of({"id": "lane", "kind": "add", "line": [(70, 3), (70, 38)]})
    network = two_streets()
    assert walk_s(network, (100, 0), (100, 40)) == 240
    opened = apply_changes(network, lane, ["lane"])
    assert walk_s(opened, (100, 0), (100, 40)) == pytest.approx(100, abs=0.1)
    assert opened.edge_count == 6
    assert opened.length_m[-1] == pytest.approx(40, abs=0.02)
    assert opened.length_m.sum() == pytest.approx(280, abs=0.02)


def test_nothing_switched_on_changes_nothing():
    network = two_streets()
    assert apply_changes(network, changes_of({"id": "lane", "kind": "add", "line": [(70, 0), (70, 40)]}), []) is network


def test_a_lane_meets_what_it_crosses_unless_it_passes_over_it():
    street = build([(0, 0), (100, 0), (0, 40), (100, 40), (0, 20), (100, 20)], [0, 2, 4], [1, 3, 5])
    across = {"kind": "add", "line": [(50, 0), (50, 40)]}
    lanes = changes_of({"id": "level", **across}, {"id": "bridge", "joins": False, **across})
    assert walk_s(apply_changes(street, lanes, ["level"]), (50, 0), (100, 20)) == pytest.approx(70, abs=0.1)
    over = apply_changes(street, lanes, ["bridge"])
    assert walk_s(over, (50, 0), (50, 40)) == pytest.approx(40, abs=0.1)
    assert over.edge_count == 3 + 2 + 1
    assert walk_s(over, (0, 0), (100, 20)) is None


def test_two_lanes_that_cross_meet_each_other():
    street = build([(0, 0), (100, 0), (0, 40), (100, 40)], [0, 2], [1, 3])
    lanes = changes_of(
        {"id": "a", "kind": "add", "line": [(20, 0), (60, 40)]},
        {"id": "b", "kind": "add", "line": [(60, 0), (20, 40)]},
    )
    both = apply_changes(street, lanes, ["b", "a"])
    crossing = np.bincount(np.concatenate([both.start, both.end]))
    assert (crossing == 4).sum() == 1


def test_the_order_of_the_rows_changes_nothing():
    rows = [
        {"id": "a", "kind": "add", "line": [(20, 0), (60, 40)]},
        {"id": "b", "kind": "add", "line": [(60, 0), (20, 40)]},
        {"id": "c", "kind": "close", "line": [(10, 0), (30, 0)]},
    ]
    one, other = (apply_changes(two_streets(), changes_of(*order), ["a", "b", "c"]) for order in (rows, rows[::-1]))
    for name in ("start", "end", "length_m", "shape_xy"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_an_added_path_may_have_steps_and_a_crossing():
    row = {"id": "lane", "kind": "add", "line": [(70, 0), (70, 40)], "stairs": True, "crossing": "signals"}
    opened = apply_changes(two_streets(), changes_of({**row, "highway": "steps"}), ["lane"])
    frame = opened.to_frame().iloc[-1]
    assert (frame["kind"], frame["stairs"]) == ("steps", 2)
    assert opened.signal_halves.tolist() == [0, 0, 0, 0, 0, 2]


def test_every_end_that_reaches_no_path_is_told():
    lanes = changes_of(
        {"id": "a", "kind": "add", "line": [(70, 0), (70, 400)], "row": 7},
        {"id": "b", "kind": "add", "line": [(500, 0), (500, 40)], "row": 8},
        {"id": "c", "kind": "close", "line": [(50, 20), (60, 20)], "row": 9},
        {"id": "d", "kind": "add", "line": [(50, 3), (50, 5)], "row": 10},
    )
    with pytest.raises(NetworkError) as refusal:
        apply_changes(two_streets(), lanes, ["a", "b", "c", "d"])
    assert [fault.row for fault in refusal.value.faults] == [7, 8, 8, 9, 10]


def test_an_end_joins_at_ten_metres_and_not_beyond():
    rows = ({"id": f"{far}", "kind": "add", "line": [(70, far), (70, 40)]} for far in (10.0, 10.01))
    lanes = changes_of(*rows)
    apply_changes(two_streets(), lanes, ["10.0"])
    with pytest.raises(NetworkError):
        apply_changes(two_streets(), lanes, ["10.01"])


def test_closing_takes_away_the_part_along_the_line_only():
    network = build([(0, 0), (100, 0), (50, 0), (50, 50)], [0, 2, 2], [2, 1, 3])
    shut = apply_changes(network, changes_of({"id": "x", "kind": "close", "line": [(60, 2), (80, 2)]}), ["x"])
    assert shut.length_m.sum() == pytest.approx(130)
    assert walk_s(shut, (0, 0), (59, 0)) == pytest.approx(59)
    assert walk_s(shut, (0, 0), (95, 0)) is None


def test_closing_a_street_leaves_the_streets_that_it_meets():
    network = build([(0, 0), (100, 0), (50, 0), (50, 3), (50, 50)], [0, 2, 2, 3], [2, 1, 3, 4])
    shut = apply_changes(network, changes_of({"id": "x", "kind": "close", "line": [(0, 0), (100, 0)]}), ["x"])
    assert shut.length_m.tolist() == [3, 47]


def test_improving_takes_steps_waits_and_private_signs_away():
    network = build([(0, 0), (100, 0), (200, 0)], [0, 1], [1, 2], stairs=[1, 1], private=[1, 1], signal=[2, 0])
    row = {"kind": "improve", "line": [(0, 0), (100, 0)]}
    flags = {"removes_steps": "stairs", "removes_waits": "signal_halves", "opens_to_public": "private_area"}
    better = changes_of(*({"id": flag, flag: True, **row} for flag in flags))
    for flag, name in flags.items():
        improved = apply_changes(network, better, [flag])
        assert getattr(improved, name)[0] == 0
        assert getattr(improved, name)[1] == getattr(network, name)[1]
        others = [other for other in flags.values() if other != name]
        assert all((getattr(improved, other) == getattr(network, other)).all() for other in others)


def test_what_cannot_be_is_refused_all_at_once():
    with pytest.raises(TableError) as refusal:
        changes_of(
            {"id": "a", "kind": "widen", "line": [(0, 0), (1, 1)]},
            {"id": "b", "kind": "add", "line": [(0, 0), (1, 1)], "cost_cny": -1.0},
            {"id": "c", "kind": "open_gate"},
            {"id": "d", "kind": "close"},
            {"id": "e", "kind": "improve", "line": [(0, 0), (1, 1)]},
            {"id": "e", "kind": "add", "line": [(0, 0), (1, 1)], "crossing": "tunnel"},
        )
    told = [(fault.row, fault.column) for fault in refusal.value.faults]
    assert told == [
        (6, "id"),
        (7, "id"),
        (2, "kind"),
        (3, "cost_cny"),
        (4, "gate"),
        (5, "geometry"),
        (6, "kind"),
        (7, "crossing"),
    ]


def test_an_unknown_change_cannot_be_switched_on():
    with pytest.raises(InputError) as refusal:
        apply_changes(two_streets(), changes_of({"id": "a", "kind": "open_gate", "gate": "g"}), ["a", "b", "c"])
    assert [fault.found.en for fault in refusal.value.faults] == ["b", "c"]


def gates_of(**is_open) -> Gates:
    table = gpd.GeoDataFrame(
        {"compound": "court", "open": list(is_open.values())},
        index=list(is_open),
        geometry=[shapely.Point(CORNER)] * len(is_open),
        crs=METRES,
    )
    return Gates(table)


def test_gates_are_opened_to_everybody_and_closed_to_everybody():
    gates = gates_of(north=False, south=True)
    rows = [
        {"id": "o", "kind": "open_gate", "gate": "north"},
        {"id": "c", "kind": "close_gate", "gate": "south"},
    ]
    changed = change_gates(gates, changes_of(*rows), ["o", "c"])
    assert changed.table[["open", "admits_outsiders"]].to_numpy().tolist() == [[True, True], [False, False]]
    assert change_gates(gates, changes_of(*rows), []) is gates


def test_a_gate_that_there_is_not_is_refused():
    changes = changes_of({"id": "o", "kind": "open_gate", "gate": "west", "row": 5})
    for gates in (None, gates_of(north=True)):
        with pytest.raises(TableError) as refusal:
            change_gates(gates, changes, ["o"])
        assert refusal.value.faults[0].row == 5
