"""Actions from the workbook to every output: the town merges its two stations and opens one across the river."""

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import planner
from planner.mapping import map_page
from planner.report import brief_page, summary_text
from tests.mapping.page_data import blocks
from tests.town_files import write_town

MORE = [
    # id, place, status, cost, floor area, functions, action, replaces
    ("s6", "N1", "existing", "", 60, "meals", "", ""),
    ("m1", "N2", "candidate", 50_000, 400, "", "合并", "s1；s6"),
    ("e1", "", "candidate", 30_000, 500, "", "扩建", "s6"),
    ("v1", "N1", "candidate", 1_000, 90, "any", "共享场所", ""),
]


def write_study(folder: Path, turned: bool = False) -> Path:
    """Write the town with more sites: with s1 and s6 open, two stations may stay or open in all."""
    write_town(folder, turned)
    file = folder / "sites.csv"
    sites = pd.read_csv(file, encoding="gb18030", dtype=object)
    degrees = sites.set_index("编号")[["经度", "纬度"]]
    west, east = degrees.loc["s1"].astype(float), degrees.loc["s2"].astype(float)
    rows = []
    for ident, place, status, cost, area, functions, action, replaces in MORE:
        at = west + (east - west) * int(place[1]) / 3 if place else [None, None]
        rows.append([ident, f"驿站 {ident}", status, cost, area, functions, *at, action, replaces])
    columns = ["编号", "名称", "状态", "造价(元)", "建筑面积(㎡)", "功能", "经度", "纬度", "行动", "替代站点"]
    everything = pd.concat([sites, pd.DataFrame(rows, columns=columns)])
    everything["关停费用(元)"] = everything["编号"].map({"s1": "5000"})
    everything.iloc[:: -1 if turned else 1].to_csv(file, index=False, encoding="gb18030")
    return folder


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> planner.Plan:
    return planner.make_plan(planner.read_plan(write_study(tmp_path_factory.mktemp("study") / "town")))


@pytest.fixture(scope="module")
def written(plan: planner.Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    planner.write_outputs(plan, folder)
    return folder


def test_merging_makes_room_for_a_station_across_the_river(plan: planner.Plan) -> None:
    # m1 at N2 reaches h1, h2 and h3, s4 at S3 reaches h4 and h5: everybody; no other two do
    assert (plan.solution.opened, plan.solution.kept, plan.solution.closed) == (("m1", "s4"), (), ("s1", "s6"))
    assert (plan.before.needs[0].covered, plan.after.needs[0].covered) == (750, 1000)
    assert plan.solution.cost_cny == 50_000 + 5_000 + 180_000


def test_the_audit_is_that_of_the_stations_of_today(plan: planner.Plan, tmp_path: Path) -> None:
    audit = planner.audit(planner.read_plan(write_study(tmp_path / "town")))
    assert audit.before.open_sites == audit.after.open_sites == ("s1", "s6")
    assert audit.solution.actions == ()
    assert audit.after.needs[0].covered == plan.before.needs[0].covered


def test_rows_reversed_make_the_same_plan(plan: planner.Plan, tmp_path: Path) -> None:
    turned = planner.make_plan(planner.read_plan(write_study(tmp_path / "town", turned=True)))
    assert turned.solution.actions == plan.solution.actions
    assert turned.after.needs[0].covered == plan.after.needs[0].covered


def test_plan_json_tells_the_actions(written: Path) -> None:
    solution = json.loads((written / "plan.json").read_text(encoding="utf-8"))["solution"]
    assert solution["actions"] == [
        {"action": "merge", "id": "m1", "replaces": ["s1", "s6"], "cost_cny": 55_000},
        {"action": "open", "id": "s4", "replaces": [], "cost_cny": 180_000},
    ]
    assert solution["cost_cny"] == 235_000


def test_the_workbook_has_a_sheet_of_actions(written: Path) -> None:
    rows = list(openpyxl.load_workbook(written / "plan.xlsx")["站点行动"].values)
    table = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    merged = table[0]
    assert [merged[key] for key in ("行动", "站点编号", "替代站点")] == ["合并", "m1", "驿站 s1、驿站 s6"]
    assert (merged["原建筑面积（平方米）"], merged["现建筑面积（平方米）"]) == (180, 400)
    assert merged["原功能"] == merged["现功能"] == "综合文化服务、助餐"
    assert not table[1]["原功能"]


def test_the_geopackage_tells_the_action_of_each_station(written: Path) -> None:
    stations = gpd.read_file(written / "plan.gpkg", layer="stations").set_index("site_id")
    assert stations.loc[["m1", "s1", "s6", "s4"], "action"].tolist() == ["merge", "merge", "merge", "open"]
    assert stations.at["m1", "replaces"] == "s1;s6"
    assert stations["action"].isna().sum() == len(stations) - 4


def test_brief_and_summary_say_it_in_words(plan: planner.Plan) -> None:
    brief = brief_page(plan)
    assert "新增 1 座，2 座合并为 1 座，保留 0 座；一次性投入合计 23.5 万元。" in brief
    assert "合并「驿站 s1」「驿站 s6」" in brief
    assert "Merged into “驿站 m1”" in brief
    assert "2 座合并为 1 座" in summary_text(plan, "zh")
    assert "merged: 2 into 1" in summary_text(plan, "en")


def test_the_map_draws_each_action(plan: planner.Plan) -> None:
    data = blocks(map_page(plan))["stations"]
    by_id = dict(zip(data["id"], data["symbol"], strict=True))
    assert (by_id["m1"], by_id["s1"], by_id["s4"], by_id["e1"]) == ("merge", "merge", None, None)
    words = dict(zip(data["id"], data["action"], strict=True))
    assert words["s6"] == ["并入「驿站 m1」", "merged into “驿站 m1”"]
    assert sum(data["rebuilt"]) == 0


def test_an_expanded_station_takes_the_place_of_the_old_one_on_the_map(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "town")
    rest = '\n[[constraints]]\nname = "keep_open"\nat_the_same_place = true\n'
    plan_file = folder / "plan.toml"
    text = plan_file.read_text(encoding="utf-8").replace('[[constraints]]\nname = "keep_open"\n', rest)
    text = text.replace('group = "elderly_population"', 'function = "home_care"\ngroup = "elderly_population"')
    plan_file.write_text(text, encoding="utf-8")
    sites = (folder / "sites.csv").read_text(encoding="gb18030")
    sites = sites.replace("驿站 e1,candidate,30000,500,", "驿站 e1,candidate,30000,500,home_care")
    (folder / "sites.csv").write_text(sites, encoding="gb18030")
    plan = planner.make_plan(planner.read_plan(folder))
    assert (plan.solution.opened, plan.solution.closed) == (("e1",), ("s6",))
    data = blocks(map_page(plan))["stations"]
    assert [site for site, flag in zip(data["id"], data["rebuilt"], strict=True) if flag] == ["s6"]


def test_a_plan_without_actions_has_none_of_this(tmp_path: Path) -> None:
    plan = planner.make_plan(planner.read_plan(write_town(tmp_path / "town")))
    planner.write_outputs(plan, tmp_path / "out")
    assert "站点行动" not in openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx").sheetnames
    assert "action" not in gpd.read_file(tmp_path / "out" / "plan.gpkg", layer="stations")
    assert "symbol" not in blocks(map_page(plan))["stations"]


def test_shared_venues_and_proposals_stand_in_one_study(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "town")
    plan_file = folder / "plan.toml"
    more = "\n[proposals]\nnumber = 3\ncost_cny = 40000\nmin_apart_m = 50\n"
    plan_file.write_text(plan_file.read_text(encoding="utf-8") + more, encoding="utf-8")
    both = planner.make_plan(planner.read_plan(folder))
    table = both.sites.table
    assert table["proposed"].any()
    assert set(table.loc[table["proposed"], "action"]) == {"open"}
    assert table.loc["v1", "action"] == "share"
    assert [action.action for action in both.solution.actions] == ["merge", "open"]
    assert len(planner.write_outputs(both, tmp_path / "out")) == 5
    drawn = blocks(map_page(both))["stations"]
    assert "proposal" in drawn["role"]
    assert "merge" in drawn["symbol"]
