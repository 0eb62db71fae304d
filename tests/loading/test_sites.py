"""Sites in the words of practice become sites in ours."""

import pytest

from planner.errors import TableError
from planner.loading import check_gates, load_demand, load_gates, load_sites, load_venues, study_crs
from planner.loading.sites import STATUS_WORDS, function_codes
from planner.model import STATUSES
from tests.loading.plans import HEADER as HOMES_HEADER
from tests.loading.plans import ROWS, plan, write_csv

HEADER = ("编号", "名称", "状态", "造价(万元)", "经度", "纬度")


def load(folder, rows, **rest):
    write_csv(folder, rows, "sites.csv")
    config = plan(folder, sites={"path": "sites.csv", "crs": "EPSG:4490"}, **rest)
    return load_sites(config, study_crs(config))


def codes(noun):
    return {note.code for note in noun.notes}


def site(number, status="候选", cost="10"):
    return (f"S{number}", f"站{number}", status, cost, 115.07, 30.21)


def test_a_plan_without_sites_has_an_empty_table(tmp_path):
    config = plan(tmp_path)
    sites = load_sites(config, study_crs(config))
    assert len(sites) == 0
    assert sites.offering("culture").tolist() == []


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("现有", "existing"),
        ("已建", "existing"),
        ("在建", "under_construction"),
        ("必选", "required"),
        ("候选", "candidate"),
        ("不可用", "excluded"),
        ("Existing", "existing"),
        ("under construction", "under_construction"),
    ],
)
def test_statuses_may_be_chinese(tmp_path, word, status):
    assert load(tmp_path, [HEADER, site(1, word)]).table["status"].tolist() == [status]


def test_every_word_for_a_status_means_one_we_have():
    assert set(STATUS_WORDS.values()) == set(STATUSES)


def test_closing_costs_may_be_missing_and_may_be_money_released(tmp_path):
    header = (*HEADER, "关停费用(万元)")
    sites = load(tmp_path, [header, (*site(1, "现有"), "2.5"), (*site(2, "现有"), ""), (*site(3, "现有"), "-1")])
    assert sites.table["closing_cost_cny"].fillna(0).tolist() == [25_000, 0, -10_000]
    (note,) = (note for note in sites.notes if note.code == "sites.money_released")
    assert note.examples == ("站3",)


def test_an_unknown_or_missing_status_is_a_fault(tmp_path):
    with pytest.raises(TableError) as refused:
        load(tmp_path, [HEADER, site(1, "也许"), site(2, "")])
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(2, "状态"), (3, "状态")]


def test_without_a_status_column_every_site_is_a_candidate_and_the_note_says_so(tmp_path):
    sites = load(tmp_path, [("id", "lon", "lat"), ("a", 115.07, 30.21)])
    assert sites.table["status"].tolist() == ["candidate"]
    assert sites.table["name"].tolist() == ["a"]
    assert "sites.status_assumed" in codes(sites)


def test_a_missing_cost_is_nothing_and_a_warning_only_where_money_decides(tmp_path):
    rows = [HEADER, site(1, cost=""), site(2, "现有", cost="")]
    assert load(tmp_path, rows).table["cost_cny"].tolist() == [0, 0]
    budget = [{"name": "budget", "max_cost_10k_cny": 50}]
    for constraints, level in (([], "assumption"), (budget, "warning")):
        notes = load(tmp_path, rows, constraints=constraints).notes
        (note,) = [note for note in notes if note.code == "sites.cost_missing"]
        assert (note.level, note.examples) == (level, ("站1",))


def test_costs_that_are_all_given_need_no_note(tmp_path):
    assert "sites.cost_missing" not in codes(load(tmp_path, [HEADER, site(1), site(2, "现有", cost="")]))


def test_money_without_a_unit_is_yuan_and_told(tmp_path):
    sites = load(tmp_path, [("id", "造价", "lon", "lat"), ("a", 5000, 115.07, 30.21)])
    assert sites.table["cost_cny"].tolist() == [5000]
    assert "sites.cost_unit" in codes(sites)


def test_money_in_another_currency_is_refused(tmp_path):
    with pytest.raises(TableError, match="美元"):
        load(tmp_path, [("id", "造价(美元)", "lon", "lat"), ("a", 5000, 115.07, 30.21)])


def test_an_unreadable_cost_is_told_once(tmp_path):
    with pytest.raises(TableError) as refused:
        load(tmp_path, [HEADER, site(1, cost="待定"), site(2, cost="-3")])
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(2, "造价(万元)"), (3, "造价(万元)")]


@pytest.mark.parametrize("separator", ["、", ";", ",", "/", "|", chr(0xFF0C), chr(0xFF1B), " / "])
def test_functions_may_be_separated_as_people_do(separator):
    assert function_codes(separator.join(["便民服务", "儿童之家", "便民服务站"])) == "public_service;children"


def test_a_function_that_no_site_offers_is_a_warning(tmp_path):
    sites = load(
        tmp_path, [HEADER, site(1)], needs=[{"group": "households", "max_walk_min": 15, "function": "home_care"}]
    )
    assert "sites.function_not_offered" in codes(sites)


def test_gates_name_their_compound_or_are_refused(tmp_path):
    write_csv(
        tmp_path,
        [("小区", "出入口", "经度", "纬度"), ("东苑", "南门", 115.07, 30.21), ("", "北门", 115.07, 30.21)],
        "gates.csv",
    )
    config = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02"})
    with pytest.raises(TableError) as refused:
        load_gates(config, study_crs(config))
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "小区")]
    write_csv(tmp_path, [("出入口", "经度", "纬度"), ("南门", 115.07, 30.21)], "gates.csv")
    with pytest.raises(TableError, match="compound"):
        load_gates(config, study_crs(config))


def test_gates_are_read(tmp_path):
    write_csv(tmp_path, [("小区", "出入口", "经度", "纬度"), ("东苑", "南门", 115.07, 30.21)], "gates.csv")
    config = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02"})
    gates = load_gates(config, study_crs(config))
    assert gates.table["compound"].tolist() == ["东苑"]
    assert gates.table["name"].tolist() == ["南门"]


def test_shared_venues_keep_their_hours_and_count_for_nothing(tmp_path):
    write_csv(
        tmp_path,
        [("场地名称", "单位", "开放时间", "使用面积", "经度", "纬度"), ("礼堂", "区人大", "周六", 300, 115.07, 30.21)],
        "venues.csv",
    )
    config = plan(tmp_path, venues={"path": "venues.csv", "crs": "GCJ-02"})
    venues = load_venues(config, study_crs(config))
    assert venues.table[["owner", "hours", "usable_area_m2"]].iloc[0].tolist() == ["区人大", "周六", 300]
    assert "venues.not_counted" in codes(venues)


def test_gates_of_compounds_that_nobody_lives_in_are_named(tmp_path):
    write_csv(
        tmp_path,
        [("小区", "出入口", "经度", "纬度"), ("东苑", "南门", 115.07, 30.21), ("冬苑", "北门", 115.07, 30.21)],
        "gates.csv",
    )
    write_csv(tmp_path, [HOMES_HEADER, *ROWS])
    config = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02"})
    crs = study_crs(config)
    (note,) = check_gates(load_demand(config, crs), load_gates(config, crs))
    assert note.examples == ("冬苑",)
    assert check_gates(load_demand(config, crs), None) == ()


def test_gates_without_compounds_in_the_demand_are_of_no_use(tmp_path):
    write_csv(tmp_path, [("小区", "经度", "纬度"), ("东苑", 115.07, 30.21)], "gates.csv")
    write_csv(tmp_path, [("name", "population", "lon", "lat"), ("东苑", 5, 115.07, 30.21)])
    config = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02"})
    crs = study_crs(config)
    (note,) = check_gates(load_demand(config, crs), load_gates(config, crs))
    assert note.code == "gates.no_compounds"


def test_gates_say_when_they_are_open_and_to_whom(tmp_path):
    header = ("小区", "出入口", "行人通行", "开放时间", "对外开放", "应急关闭", "经度", "纬度")
    rows = [
        ("东苑", "南门", "是", "06:00-22:00", "否", "", 115.07, 30.21),
        ("东苑", "北门", "否", "全天", "", "是", 115.07, 30.211),
    ]
    write_csv(tmp_path, [header, *rows], "gates.csv")
    config = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02", "time": "21:00"})
    gates = load_gates(config, study_crs(config))
    assert gates.open.tolist() == [True, False]
    assert gates.admits_outsiders.tolist() == [False, False]
    closed = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02", "time": "22:00"})
    assert not load_gates(closed, study_crs(closed)).open.any()


def test_every_fault_of_the_gates_is_told_at_once(tmp_path):
    header = ("小区", "出入口", "行人通行", "开放时间", "对外开放", "经度", "纬度")
    rows = [("东苑", "南门", "也许", "早上", "是", 115.07, 30.21), ("", "北门", "是", "全天", "看情况", 115.07, 30.21)]
    write_csv(tmp_path, [header, *rows], "gates.csv")
    config = plan(tmp_path, gates={"path": "gates.csv", "crs": "GCJ-02"})
    with pytest.raises(TableError) as refused:
        load_gates(config, study_crs(config))
    places = {(fault.row, fault.column) for fault in refused.value.faults}
    assert places == {(2, "行人通行"), (2, "开放时间"), (3, "小区"), (3, "对外开放")}
