"""CSV and XLSX as they come from Chinese offices."""

import openpyxl
import pytest

from planner.errors import InputError, TableError
from planner.loading import load_demand, load_sites, study_crs
from tests.loading.plans import HEADER, ROWS, need, plan, write_csv, write_xlsx


def load(config):
    return load_demand(config, study_crs(config))


def codes(noun):
    return {note.code for note in noun.notes}


def test_a_csv_in_utf8_needs_no_guess(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    demand = load(plan(tmp_path))
    assert demand.people("households").tolist() == [100, 50]
    assert "table.encoding_guessed" not in codes(demand)


def test_a_csv_of_chinese_excel_is_read_and_the_guess_is_told(tmp_path):
    write_csv(tmp_path, [HEADER, ("漈头里", 5, 9, 115.07, 30.21)], encoding="gb18030")
    demand = load(plan(tmp_path))
    assert demand.table["compound"].tolist() == ["漈头里"]
    assert "table.encoding_guessed" in codes(demand)


def test_bytes_in_no_known_encoding_are_refused(tmp_path):
    (tmp_path / "homes.csv").write_bytes(b"name,lon,lat\n\xff\xff\xff\x80,1,2\n")
    with pytest.raises(TableError, match="encoding"):
        load(plan(tmp_path))


def test_rows_are_matched_by_their_content_not_their_order(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS, ("东苑", 7, 8, 115.069, 30.2)])
    forward = load(plan(tmp_path)).table.sort_index()
    write_csv(tmp_path, [HEADER, *[ROWS[1], ("东苑", 7, 8, 115.069, 30.2), ROWS[0]]])
    backward = load(plan(tmp_path)).table.sort_index()
    assert forward.index.tolist() == ["东苑#1", "东苑#2", "西苑"]
    assert forward.equals(backward)


def test_more_elderly_than_residents_is_a_warning_that_names_the_homes(tmp_path):
    header = ("小区名称", "常住人口", "老年人口", "经度", "纬度")
    write_csv(tmp_path, [header, ("东苑", 10, 11, 115.07, 30.21), ("西苑", 10, 10, 115.072, 30.212)])
    (note,) = [note for note in load(plan(tmp_path)).notes if note.code == "demand.part_exceeds_whole"]
    assert (note.level, note.examples) == ("warning", ("东苑",))


def test_more_people_than_a_city_has_are_refused(tmp_path):
    write_csv(tmp_path, [HEADER, ("东苑", 1, 10_000_000, 115.07, 30.21), ("西苑", 1, 1e12, 115.07, 30.21)])
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path))
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "常住人口")]


def test_faults_name_the_sheet_where_the_plan_does(tmp_path):
    write_xlsx(tmp_path, [HEADER, ("东苑", 100, -1, 115.07, 30.21)], title="小区")
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path, {"path": "homes.xlsx", "layer": "小区", "crs": "EPSG:4326"}))
    assert [fault.file for fault in refused.value.faults] == ["homes.xlsx[小区]"]


def test_a_sheet_that_is_a_chart_is_none(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "homes.xlsx") as book:
        book.add_worksheet("小区")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=小区!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
    with pytest.raises(TableError, match="no sheet “图”"):
        load(plan(tmp_path, {"path": "homes.xlsx", "layer": "图", "crs": "EPSG:4326"}))


@pytest.mark.parametrize("group", ["id", "x", "name", "compound"])
def test_a_group_that_counts_nobody_is_refused_with_those_that_do(tmp_path, group):
    write_csv(tmp_path, [HEADER, *ROWS])
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path, needs=need(group)))
    (fault,) = refused.value.faults
    assert (fault.column, fault.expected.en) == (group, "resident_population, households")


def test_every_fault_of_a_file_is_told_at_once_with_row_and_own_column(tmp_path):
    write_csv(
        tmp_path,
        [
            ("编号", *HEADER),
            ("a", "东苑", "-5", 260, 115.07, 30.21),
            ("a", "西苑", "many", 120, 115.07, 30.21),
            ("b", "北苑", 50, "", 115.07, ""),
        ],
    )
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path))
    places = {(fault.row, fault.column) for fault in refused.value.faults}
    assert places == {(2, "户数"), (3, "户数"), (2, "编号"), (3, "编号"), (4, "常住人口"), (4, "纬度")}


def test_faults_count_rows_as_the_workbook_does_title_included(tmp_path):
    write_xlsx(
        tmp_path, [("某街道小区台账",), ("填表日期:2024",), HEADER, ROWS[0], ("西苑", -1, 2, 115.07, 30.21)], ["A1:E1"]
    )
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02"}))
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(5, "户数")]


def test_a_nasty_workbook_is_read_as_a_person_reads_it(tmp_path):
    """Title, two header rows, merged areas, units, approximate numbers, a total, and a remark."""
    write_xlsx(
        tmp_path,
        [
            ("黄石港街道居民小区台账", *[None] * 7),
            ("所属街道", "社区", "小区名称", "人口", None, "坐标", None, "户数(户)"),
            (None, None, None, "常住(人)", "60岁以上", "经度", "纬度", None),
            ("黄石港街道", "一社区", "东苑", "3000余", 260, 115.070, 30.210, "300多户"),
            (None, None, "西苑", "约120", 20, 115.072, 30.212, "50"),
            (None, "二社区", "北苑", 90, 9, 115.074, 30.214, 30),
            ("合计", None, None, 3210, 289, None, None, 380),
            ("注:数据截至年底",),
        ],
        ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:H3", "A4:A6", "B4:B5"],
    )
    demand = load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02"}))
    table = demand.table.sort_values("y" if "y" in demand.table else "name")
    assert set(demand.groups) == {"resident_population", "elderly_population", "households"}
    assert demand.table.loc["东苑", "households"] == 300
    assert demand.table.loc["东苑", "households_qualifier"] == "approx_lower"
    assert demand.table.loc["西苑", "resident_population_qualifier"] == "approx"
    assert table.loc[["东苑", "西苑", "北苑"], "community"].tolist() == ["一社区", "一社区", "二社区"]
    assert set(demand.table["street"]) == {"黄石港街道"}
    assert len(demand) == 3
    assert {"numbers.approximate", "table.merged_filled_down", "table.totals_left_out"} <= codes(demand)


def test_a_merged_number_is_refused_because_it_may_be_a_sum(tmp_path):
    write_xlsx(tmp_path, [HEADER, ROWS[0], ("西苑", None, 120, 115.07, 30.21)], ["B2:B3"])
    with pytest.raises(TableError, match="merged"):
        load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02"}))


def test_a_merged_grid_number_is_filled_down_because_grids_are_names(tmp_path):
    write_xlsx(tmp_path, [(*HEADER, "网格"), (*ROWS[0], 7), (*ROWS[1], None)], ["F2:F3"])
    assert load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02"})).table["grid"].tolist() == ["7", "7"]


def test_money_in_10_000_yuan_and_full_width_areas_become_yuan_and_square_metres(tmp_path):
    write_xlsx(
        tmp_path,
        [
            ("站点名称", "状态", "造价(万元)", "面积(㎡)", "占地面积(亩)", "功能", "取得方式", "经度", "纬度"),
            ("甲", "现有", 12.5, "120", 3, "便民服务、居家养老", "租用", 115.07, 30.21),
            ("乙", "候选", "10余", "80㎡", None, None, None, 115.07, 30.21),
        ],
        name="sites.xlsx",
    )
    write_csv(tmp_path, [HEADER, *ROWS])
    config = plan(tmp_path, sites={"path": "sites.xlsx", "crs": "GCJ-02"})
    sites = load_sites(config, study_crs(config)).table
    assert sites["cost_cny"].tolist() == [125_000, 100_000]
    assert sites.loc["乙", "cost_cny_qualifier"] == "approx_lower"
    assert sites["floor_area_m2"].tolist() == [120, 80]
    assert sites.loc["甲", "site_area_m2"] == pytest.approx(2000)
    assert sites["functions"].tolist() == ["public_service;home_care", "any"]
    assert sites["acquisition"].tolist() == ["lease", None]


def test_the_sheet_of_the_plan_is_read_and_a_missing_one_refused_with_the_choice(tmp_path):
    path = write_xlsx(tmp_path, [HEADER, *ROWS])
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("说明", 0).append(["填写说明", "x"])
    workbook["说明"].append(["a", "b"])
    workbook.save(path)
    assert len(load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02", "layer": "台账"}))) == 2
    with pytest.raises(TableError, match="台账"):
        load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02", "layer": "小区"}))


def test_a_formula_nobody_computed_is_refused(tmp_path):
    write_xlsx(tmp_path, [HEADER, ("东苑", "=50+50", 260, 115.07, 30.21)])
    with pytest.raises(TableError, match=r"=50\+50"):
        load(plan(tmp_path, {"path": "homes.xlsx", "crs": "GCJ-02"}))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("homes.xlsx", b"\xd0\xcf\x11\xe0 protected", "password"),
        ("homes.xlsx", b"no workbook", "cannot be read"),
        ("homes.csv", b"", "empty"),
        ("homes.csv", b"\n\n", "empty"),
        ("homes.csv", "小区名称,经度,纬度\n".encode(), "no rows"),
        ("homes.docx", b"x", "format"),
        ("homes.xls", b"x", "xlsx"),
        ("homes.gpkg", b"x", "cannot be read"),
        ("homes.geojson", b"{", "cannot be read"),
        ("homes.parquet", b"x", "cannot be read"),
        ("homes.tif", b"x", "cannot be used"),
        ("homes.osm", b"<osm", "cannot be read"),
        ("homes.shp", b"x", "cannot be read"),
    ],
)
def test_unreadable_files_are_refused_in_words(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says):
        load(plan(tmp_path, {"path": name, "crs": "EPSG:4326"}))


def test_coordinates_without_a_declared_system_are_refused(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    with pytest.raises(InputError, match=r"key crs in \[demand\]"):
        load(plan(tmp_path, {"path": "homes.csv"}))


def test_a_missing_system_does_not_hide_the_other_faults(tmp_path):
    write_csv(tmp_path, [HEADER, ("东苑", -1, 260, 115.07, 30.21)])
    with pytest.raises(InputError) as refused:
        load(plan(tmp_path, {"path": "homes.csv"}))
    assert {fault.column for fault in refused.value.faults} == {"crs", "户数"}


def test_a_table_without_coordinates_is_refused(tmp_path):
    write_csv(tmp_path, [("小区名称", "常住人口"), ("东苑", 5)])
    with pytest.raises(InputError, match="lon and lat"):
        load(plan(tmp_path))


def test_unknown_columns_are_kept_and_become_a_group_where_a_need_names_them(tmp_path):
    write_csv(tmp_path, [(*HEADER, "低保人口", "物业"), (*ROWS[0], 4, "有"), (*ROWS[1], 6, "无此公司")])
    demand = load(plan(tmp_path, needs=need("低保人口")))
    assert demand.people("低保人口").tolist() == [4, 6]
    assert demand.table["物业"].tolist() == ["有", "无此公司"]
    assert "低保人口" not in load(plan(tmp_path)).groups


def test_a_need_for_a_group_that_nobody_counted_is_refused_with_the_nearest(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    with pytest.raises(TableError, match="household"):
        load(plan(tmp_path, needs=need("household")))


def test_a_group_with_gaps_is_refused_where_needed_and_set_aside_where_not(tmp_path):
    write_csv(tmp_path, [(*HEADER, "老年人口"), (*ROWS[0], 4), (*ROWS[1], "")])
    demand = load(plan(tmp_path))
    assert "elderly_population" not in demand.groups
    assert "demand.group_incomplete" in codes(demand)
    with pytest.raises(TableError, match="老年人口"):
        load(plan(tmp_path, needs=need("elderly_population")))


def test_ids_stay_text(tmp_path):
    write_csv(tmp_path, [("编号", *HEADER), ("007", *ROWS[0]), ("8", *ROWS[1])])
    assert load(plan(tmp_path)).table.index.tolist() == ["007", "8"]


def test_two_homes_on_one_spot_are_fine(tmp_path):
    write_csv(tmp_path, [HEADER, ROWS[0], ("西苑", 1, 2, *ROWS[0][3:])])
    assert len(load(plan(tmp_path))) == 2


def test_a_need_may_name_a_group_by_the_files_own_header(tmp_path):
    write_csv(tmp_path, [("name", "population_60_plus", "lon", "lat"), ("东苑", 5, 115.07, 30.21)])
    assert load(plan(tmp_path, needs=need("population_60_plus"))).people("population_60_plus").tolist() == [5]


def test_a_plan_may_give_a_column_a_name_of_its_own(tmp_path):
    write_csv(tmp_path, [(*HEADER, "低保"), (*ROWS[0], 4), (*ROWS[1], "6人")])
    section = {"path": "homes.csv", "crs": "GCJ-02", "columns": {"low_income": "低保"}}
    assert load(plan(tmp_path, section, needs=need("low_income"))).people("low_income").tolist() == [4, 6]


def test_a_file_without_coordinates_is_told_once_not_once_a_row(tmp_path):
    write_csv(
        tmp_path,
        [("小区名称", "常住人口", "经度", "lng", "纬度"), *[(f"{n}苑", n, 115.07, 115.07, 30.21) for n in range(9)]],
    )
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path))
    assert len(refused.value.faults) == 1


def test_excels_unicode_text_is_read(tmp_path):
    rows = "\n".join("\t".join(map(str, row)) for row in [HEADER, *ROWS])
    (tmp_path / "homes.tsv").write_bytes(rows.encode("utf-16"))
    assert len(load(plan(tmp_path, {"path": "homes.tsv", "crs": "GCJ-02"}))) == 2
