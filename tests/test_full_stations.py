"""Room in the stations from files to outputs: on the town, with figures checked by hand.

s1 has room for 420: of the 550 people within 15 minutes h1 and h2 (400) find a place there, h4 (150) none. s4 has room
for 260: h5 (250) and no more. The other sites are too small for anybody.
"""

import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pyogrio
import pytest

import planner
from planner.errors import InfeasibleError, InputError
from tests.town_files import write_town

ROOM = {"s1": 420, "s2": 50, "s3": 50, "s4": 260, "s5": None}


def write_full_town(folder: Path, assigned: str, reverse: bool = False, more: str = "") -> Path:
    town = write_town(folder, reverse)
    sites = pd.read_csv(town / "sites.csv", encoding="gb18030")
    sites["容量"] = sites["编号"].map(ROOM)
    sites.to_csv(town / "sites.csv", index=False, encoding="gb18030")
    rule = f'\n[[constraints]]\nname = "capacity"\nassigned = "{assigned}"\n{more}'
    plan = town / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + rule, encoding="utf-8")
    return town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_full_town(tmp_path_factory.mktemp("study") / "town", "with_room")


@pytest.fixture(scope="module")
def plan(town: Path) -> planner.Plan:
    return planner.make_plan(planner.read_plan(town))


def codes(plan: planner.Plan) -> list[str]:
    return [note.code for note in plan.notes]


def test_covered_are_those_who_have_a_place_and_reach_stands_beside_it(plan: planner.Plan) -> None:
    before, after = plan.before.needs[0], plan.after.needs[0]
    assert (before.covered, before.in_reach, before.no_room) == (400, 550, 150)
    assert (plan.solution.opened, after.covered, after.in_reach, after.no_room) == (("s4",), 650, 800, 150)
    assert list(after.table.index[after.table["no_room"]]) == ["h4"]
    assert after.table.loc["h2", "station"] == "s1"


def test_people_who_take_no_room_are_covered_by_the_nearest_station_and_a_note_says_so(plan: planner.Plan) -> None:
    assert plan.after.needs[1].in_reach is None
    assert "capacity.who_takes_room" in codes(plan)


def test_the_objective_is_the_weighted_people_who_have_a_place(plan: planner.Plan) -> None:
    assert plan.solution.objective == plan.after.needs[0].covered + 2 * plan.after.needs[1].covered


def test_grids_count_places_too(plan: planner.Plan) -> None:
    assert plan.after.grids.loc["g3", "covered"] == 0
    assert "g3" in plan.after.unserved_grids


def test_every_output_tells_people_capacity_and_share(plan: planner.Plan, tmp_path: Path) -> None:
    planner.write_outputs(plan, tmp_path)
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    (s1,) = [station for station in content["stations"] if station["id"] == "s1"]
    assert (s1["capacity"], s1["people_assigned_before"], s1["people_assigned_after"]) == (420, 400, 400)
    assert s1["share_used_after"] == pytest.approx(400 / 420, abs=1e-6)
    need = content["needs"][0]
    assert (need["covered"], need["in_reach"], need["no_room"], need["unreachable"]) == (650, 800, 150, 0)
    assert "in_reach" not in content["needs"][1]
    stations = pyogrio.read_dataframe(tmp_path / "plan.gpkg", layer="stations").set_index("site_id")
    assert stations.loc["s4", ["capacity", "people_assigned_after"]].tolist() == [260, 250]
    brief = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "400 / 420 (95.2%)" in brief
    assert "150 人标准内有驿站但没有位置" in brief
    assert "并有位置" in brief
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    headers = {str(cell.value) for sheet in book for cell in next(sheet.iter_rows(max_row=1))}
    assert any("容量使用率" in header for header in headers)
    assert "范围内驿站已满" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_the_columns_are_explained_in_both_languages(plan: planner.Plan) -> None:
    from planner.report.columns import describe_column

    for name in ("capacity", "people_assigned_after", "share_used_before", "is_in_reach_after_1"):
        assert describe_column(name, plan.needs).meaning.zh


def test_reversing_the_rows_changes_no_figure(plan: planner.Plan, tmp_path: Path) -> None:
    turned = planner.make_plan(planner.read_plan(write_full_town(tmp_path / "town", "with_room", reverse=True)))
    assert turned.solution.assigned == plan.solution.assigned
    assert turned.rooms.table.equals(plan.rooms.table)


def test_an_audit_names_the_station_that_is_overfull_today(tmp_path: Path) -> None:
    audit = planner.audit(planner.read_plan(write_full_town(tmp_path / "town", "nearest")))
    (note,) = [note for note in audit.notes if note.code == "capacity.overfull_today"]
    assert note.level == "warning"
    assert re.search("550 of 420", note.text.en)
    assert audit.after.needs[0].covered == 550


def test_an_audit_with_room_counts_places(tmp_path: Path) -> None:
    audit = planner.audit(planner.read_plan(write_full_town(tmp_path / "town", "with_room")))
    assert audit.after.needs[0].covered == 400
    assert "capacity.no_room" in codes(audit)


def test_no_plan_exists_where_the_nearest_station_is_too_small(tmp_path: Path) -> None:
    with pytest.raises(InfeasibleError, match="capacity"):
        planner.make_plan(planner.read_plan(write_full_town(tmp_path / "town", "nearest")))


def test_a_station_without_a_capacity_is_refused_unless_its_floor_area_may_stand_in(tmp_path: Path) -> None:
    town = write_full_town(tmp_path / "town", "with_room")
    sites = pd.read_csv(town / "sites.csv", encoding="gb18030")
    sites.drop(columns="容量").to_csv(town / "sites.csv", index=False, encoding="gb18030")
    with pytest.raises(InputError) as refused:
        planner.make_plan(planner.read_plan(town))
    assert {fault.column for fault in refused.value.faults} == {"capacity"}
    area = planner.read_plan(town, {"constraints.capacity.m2_per_person": 0.3})
    plan = planner.make_plan(area)
    assert plan.rooms.table.loc["s1", "capacity"] == 400
    assert "capacity.from_floor_area" in codes(plan)
