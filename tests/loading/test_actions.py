"""Rows that expand, merge, move and share, as an office writes them; and every fault of them at once."""

import pytest

from planner.errors import TableError
from planner.loading import load_sites, load_venues, study_crs, with_shared_venues
from tests.loading.plans import plan, write_csv

HEADER = ("编号", "名称", "状态", "行动", "替代站点", "造价(万元)", "功能", "经度", "纬度")
OLD = [
    ("S1", "东苑站", "现有", "", "", "", "助餐", 115.070, 30.210),
    ("S2", "西苑站", "现有", "", "", "", "文化、助餐", 115.072, 30.210),
    ("S3", "南苑站", "现有", "", "", "", "", 115.074, 30.210),
    ("C1", "候选", "候选", "", "", "5", "", 115.080, 30.210),
    ("B1", "在建站", "在建", "", "", "5", "", 115.082, 30.210),
]


def load(folder, *rows, turned=False):
    write_csv(folder, [HEADER, *([*OLD, *rows][:: -1 if turned else 1])], "sites.csv")
    config = plan(folder, sites={"path": "sites.csv", "crs": "EPSG:4490"})
    return load_sites(config, study_crs(config))


def row(ident, action, replaces, lon=115.090, lat=30.210, status="候选", functions=""):
    return (ident, f"{ident}号", status, action, replaces, "10", functions, lon, lat)


def faults(folder, *rows):
    with pytest.raises(TableError) as refused:
        load(folder, *rows)
    return [(fault.row, fault.column, fault.found.en) for fault in refused.value.faults]


@pytest.mark.parametrize("turned", [False, True])
def test_actions_may_be_chinese_and_name_stations_by_id_or_name(tmp_path, turned):
    sites = load(
        tmp_path,
        row("A1", "扩建", "S1", "", ""),
        row("A2", "合并", "S1；西苑站", functions="健康"),
        row("A3", "迁建", "S3"),
        row("A4", "共享场所", ""),
        turned=turned,
    ).table
    assert sites.loc[["A1", "A2", "A3", "A4", "C1"], "action"].tolist() == ["expand", "merge", "move", "share", "open"]
    assert sites.loc[["A1", "A2", "A3"], "replaces"].tolist() == ["S1", "S1;S2", "S3"]
    assert sites.loc[["A4", "C1", "S1"], "replaces"].isna().all()


def test_an_expanded_station_stands_where_it_stood_and_keeps_its_functions(tmp_path):
    sites = load(
        tmp_path, row("A1", "扩建", "S2", "", ""), row("A2", "扩建", "S1", 115.0702, 30.2101, functions="健康")
    )
    assert sites.table.geometry["A1"].equals(sites.table.geometry["S2"])
    assert sites.table.geometry["A2"].equals(sites.table.geometry["S1"])
    assert sites.table["functions"][["A1", "A2"]].tolist() == ["culture;meals", "health"]
    (note,) = (note for note in sites.notes if note.code == "sites.functions_inherited")
    assert note.examples == ("A1号",)


def test_positions_of_what_is_replaced_are_found_by_id(tmp_path):
    assert load(tmp_path, row("A1", "合并", "S3、S1")).replaced_places()[-1] == (2, 0)
    assert load(tmp_path, row("A1", "合并", "S3、S1"), turned=True).replaced_places()[0] == (3, 5)


def test_a_table_without_actions_has_none(tmp_path):
    write_csv(tmp_path, [HEADER[:3] + HEADER[-2:], ("S1", "东苑站", "现有", 115.07, 30.21)], "sites.csv")
    config = plan(tmp_path, sites={"path": "sites.csv", "crs": "EPSG:4490"})
    sites = load_sites(config, study_crs(config))
    assert "action" not in sites.table
    assert sites.replaced_places() is None


def test_every_fault_comes_at_once(tmp_path):
    found = faults(
        tmp_path,
        row("A1", "拆除", "S1"),
        row("A2", "扩建", "S9"),
        row("A3", "迁建", "C1"),
        row("A4", "扩建", "S1"),
        row("A5", "合并", "S1、S1"),
        row("A6", "", "S2"),
        row("A7", "新建", "S2"),
        row("A8", "迁建", "A3", 115.095),
        row("A9", "迁建", "S1", 115.070, 30.210),
        ("S4", "北苑站", "现有", "扩建", "S1", "", "", 115.070, 30.210),
        row("A10", "迁建", "B1"),
        row("A11", "迁建", ""),
    )
    assert [(where, column) for where, column, _ in found] == [
        (7, "行动"),
        (8, "替代站点"),
        (9, "替代站点"),
        (10, "经度"),
        (11, "替代站点"),
        (12, "行动"),
        (13, "替代站点"),
        (14, "替代站点"),
        (15, "经度"),
        (16, "状态"),
        (17, "替代站点"),
        (18, "替代站点"),
    ]


def test_two_required_actions_on_one_station_are_refused(tmp_path):
    found = faults(tmp_path, row("A1", "扩建", "S1", "", "", "必选"), row("A2", "迁建", "S1", status="必选"))
    assert found == [(8, "替代站点", "“S1” is replaced by the required “A1” already")]


def test_a_name_that_two_stations_have_is_refused(tmp_path):
    twin = ("S5", "东苑站", "现有", "", "", "", "", 115.076, 30.210)
    assert faults(tmp_path, twin, row("A1", "迁建", "东苑站")) == [(8, "替代站点", "东苑站")]


VENUES = ("编号", "场地名称", "可设驿站", "造价(万元)", "功能", "建筑面积", "经度", "纬度")


def venues(folder, *rows):
    write_csv(folder, [VENUES, *rows], "venues.csv")
    config = plan(folder, venues={"path": "venues.csv", "crs": "EPSG:4490"})
    return load_venues(config, study_crs(config))


def test_a_venue_that_a_station_may_share_is_a_candidate(tmp_path):
    shared = venues(
        tmp_path,
        ("V1", "礼堂", "是", "3", "助餐", 300, 115.07, 30.21),
        ("V2", "球场", "", "", "", "", 115.07, 30.21),
        ("V3", "书屋", "是", "", "", 50, 115.07, 30.21),
    )
    sites = with_shared_venues(load(tmp_path), shared)
    assert sites.table.loc["V1", ["status", "action", "cost_cny", "functions", "floor_area_m2"]].tolist() == [
        "candidate",
        "share",
        30_000,
        "meals",
        300,
    ]
    assert sites.table.loc["V3", ["cost_cny", "functions", "acquisition"]].tolist() == [0, "any", "shared"]
    assert "V2" not in sites.table.index
    assert {note.code for note in sites.notes} >= {"venues.cost_missing"}
    assert {note.code for note in shared.notes} >= {"venues.not_counted", "venues.may_be_shared"}


def test_a_venue_with_the_id_of_a_site_is_refused(tmp_path):
    shared = venues(tmp_path, ("S1", "礼堂", "是", "3", "", "", 115.07, 30.21))
    with pytest.raises(TableError, match="ids of sites"):
        with_shared_venues(load(tmp_path), shared)
