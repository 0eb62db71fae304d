"""plan.xlsx."""

import dataclasses

import openpyxl
import pytest

from planner.coverage.walk_classes import classes_of
from planner.model import Demand
from planner.report import write_workbook
from planner.report.columns import describe_column
from planner.report.width import display_width
from tests.report.conftest import FORMULA, SCRIPT


@pytest.fixture
def opened(tmp_path):
    def write_and_open(plan, language="zh"):
        write_workbook(plan, tmp_path / "plan.xlsx", language)
        return openpyxl.load_workbook(tmp_path / "plan.xlsx")

    return write_and_open


def rows_of(sheet) -> list[dict]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_sheets_are_those_promised(plan, opened):
    assert opened(plan).sheetnames == [
        *("摘要", "站点", "分网格", "分社区", "未覆盖名单", "分小区", "需求点", "出入口", "假设与参数", "列说明")
    ]
    assert opened(plan, "en").sheetnames == [
        *("summary", "stations", "by grid", "by community", "not covered", "by compound", "demand"),
        *("gates", "assumptions", "columns"),
    ]


def test_the_figures_are_those_of_the_plan(plan, opened):
    workbook = opened(plan, "en")
    homes = {row["demand id"]: row for row in rows_of(workbook["demand"])}
    for name, row in plan.after.needs[0].table.iterrows():
        assert homes[name]["walk after · need 1 (min)"] == pytest.approx(row["walk_min"])
        assert homes[name]["met after · need 1"] == ("yes" if row["covered"] else "no")
    rows = workbook["summary"].iter_rows(values_only=True)
    summary = {row[0]: tuple(one for one in row[1:] if one is not None) for row in rows}
    assert summary["covered after"] == tuple(need.covered for need in plan.after.needs)
    assert summary["coverage before"] == tuple(need.share_covered for need in plan.before.needs)
    for level in ("grid", "community", "compound"):
        after = plan.after.needs[0].by_area(level)
        told = {row.get("area id", row["name"]): row for row in rows_of(workbook[f"by {level}"])}
        assert {name: row["covered after · need 1"] for name, row in told.items()} == after["covered"].to_dict()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_of_the_summary_wrap_in_rows_that_hold_them(plan, opened, language):
    sheet = opened(plan, language)[{"zh": "摘要", "en": "summary"}[language]]
    wide = {str(one).split(":")[0]: one for one in sheet.merged_cells.ranges}
    long = [cell for row in sheet for cell in row if cell.row > 1 and display_width(str(cell.value or "")) > 30]
    assert long
    for cell in long:
        assert cell.alignment.wrap_text
        columns = wide[cell.coordinate].size["columns"]
        lines = display_width(cell.value) / (14 * columns + (12 if cell.column == 1 else 0))
        assert (sheet.row_dimensions[cell.row].height or 15) >= 15 * lines


def test_costs_are_in_units_of_ten_thousand(plan, opened):
    costs = {row["站点编号"]: row["一次性投入（万元）"] for row in rows_of(opened(plan)["站点"])}
    assert costs == {"s1": 0, "s2": 20, "s3": 15, "s4": 18, "s5": 10}
    exact = {row["站点编号"]: row["一次性投入（元）"] for row in rows_of(opened(plan)["站点"])}
    assert exact == {site: 10_000 * cost for site, cost in costs.items()}


def test_who_is_left_out_is_listed_with_how_far(plan, opened):
    left = [(row["demand id"], row["need"], row["people"]) for row in rows_of(opened(plan, "en")["not covered"])]
    assert left == [("h5", 1, 250), ("h5", 2, 80), ("h4", 2, 50)]
    beyond = [row["beyond the standard (min)"] for row in rows_of(opened(plan, "en")["not covered"])]
    assert beyond == pytest.approx([1600 / 60 - 15, 1600 / 60 - 10, 700 / 60 - 10])


def test_an_unreachable_home_has_no_minutes_and_stands_first(cut_off, opened):
    first = rows_of(opened(cut_off, "en")["not covered"])[0]
    assert (first["demand id"], first["walk after (min)"], first["nearest station"]) == ("h5", None, None)


def test_nothing_in_the_data_becomes_a_formula_or_a_link(hostile, opened):
    for sheet in opened(hostile):
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert {row["名称"] for row in rows_of(opened(hostile)["站点"])} == {FORMULA}
    assert {row["名称"] for row in rows_of(opened(hostile)["需求点"])} == {SCRIPT, FORMULA, "+1", "-1", "@SUM(1)"}


def test_headers_are_frozen_and_filtered(plan, opened):
    for title in ("站点", "需求点", "分网格", "未覆盖名单", "列说明"):
        sheet = opened(plan)[title]
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref.startswith("A1:")


def test_each_column_is_explained_in_both_languages(plan, opened):
    workbook = opened(plan)
    told = {(row["工作表"], row["列标题"]): row for row in rows_of(workbook["列说明"])}
    for title in ("站点", "需求点", "分小区", "分网格", "分社区", "未覆盖名单"):
        for cell in workbook[title][1]:
            row = told[title, cell.value]
            column = describe_column(row["机器名"], plan.needs)
            assert (row["含义（中文）"], row["meaning (English)"]) == (column.meaning.zh, column.meaning.en)


def test_no_two_columns_of_a_sheet_share_a_header(plan, metres, opened):
    for one in (plan, metres):
        for language in ("zh", "en"):
            workbook = opened(one, language)
            for title in workbook.sheetnames[1:7]:
                headers = [cell.value for cell in workbook[title][1]]
                assert len(set(headers)) == len(headers)


def test_the_same_plan_gives_the_same_bytes(plan, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(plan, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_plan_without_areas_or_names_can_be_written(bare, audit, opened):
    assert len(rows_of(opened(bare)["分网格"])) == 0
    assert len(rows_of(opened(audit)["需求点"])) == 5


def test_metres_stand_beside_minutes_in_the_distance_mode(metres, opened):
    homes = {row["demand id"]: row for row in rows_of(opened(metres, "en")["demand"])}
    assert homes["h4"]["walked metres after (m)"] == 700
    assert homes["h4"]["walk after (min)"] == pytest.approx(700 / 1.2 / 60)


def test_every_sheet_prints_with_its_headers_what_it_is_for_and_its_pages(plan, opened):
    named = dataclasses.replace(plan, config=plan.config.model_copy(update={"name": "A&B" * 200}))
    for language, use, pages in (("zh", "不作为公开出版用", "第 &P 页"), ("en", "not for publication", "page &P of")):
        workbook = opened(named, language)
        for sheet in workbook:
            assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
            assert sheet.page_setup.fitToHeight == 0
            assert use in sheet.oddFooter.left.text
            assert pages in sheet.oddFooter.right.text
            assert (
                sum(len(part.text) for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right))
                < 240
            )
            if sheet.auto_filter.ref:
                assert sheet.print_title_rows == "$1:$1"


def test_the_document_names_nobody(plan, opened):
    about = opened(plan).properties
    assert (about.creator, about.lastModifiedBy) == (None, None)
    assert about.title == plan.config.name


def test_shares_and_minutes_are_coloured_and_the_colours_explained(plan, opened):
    workbook = opened(plan)
    for title, header in (("分网格", "方案覆盖率 · 需求1"), ("需求点", "方案步行时间 · 需求1（分钟）")):
        sheet = workbook[title]
        place = next(cell.column_letter for cell in sheet[1] if cell.value == header)
        area = f"{place}2:{place}{sheet.max_row}"
        assert area in {str(coloured.sqref) for coloured in sheet.conditional_formatting}
    told = [row for row in workbook["列说明"].iter_rows() if row[0].fill.fgColor.rgb not in ("00000000", "FF14466B")]
    words = [row[1].value for row in told]
    assert words[:3] == ["覆盖率不足 50%", "覆盖率 50%，越高颜色越深", "覆盖率 100%"]
    assert len(words) == 3 + sum(len(classes_of(measured)) for measured in plan.after.needs)


def test_zeros_that_lead_stay_and_no_number_is_shown_with_an_exponent(plan, opened):
    homes = plan.demand.table.assign(name="007")
    workbook = opened(dataclasses.replace(plan, demand=Demand(homes, plan.demand.groups)))
    found = [cell for row in workbook["需求点"].iter_rows() for cell in row if cell.value == "007"]
    assert {cell.data_type for cell in found} == {"s"}
    formats = {cell.number_format for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert not [one for one in formats if "E" in one.replace("General", "") or one.endswith(("#.##", "0.##"))]
