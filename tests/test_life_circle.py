"""The check-up of the life circle from the files of a study to all its outputs."""

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import planner
from planner.plan import Plan
from tests.town_files import write_town


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = write_town(tmp_path_factory.mktemp("study") / "town")
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    meals = '[[needs]]\ngroup = "resident_population"\nwalker = "plain"\nmax_walk_min = 7\nfunction = "meals"\n\n'
    (folder / "plan.toml").write_text(text.replace("[[constraints]]", meals + "[[constraints]]", 1), encoding="utf-8")
    return planner.make_plan(planner.read_plan(folder))


@pytest.fixture(scope="module")
def written(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    planner.write_outputs(plan, out)
    return out


def test_within_the_standard_the_check_up_and_the_coverage_are_the_same(plan: Plan) -> None:
    check = plan.life_circle
    assert check is not None
    for moment, coverage in plan.moments.items():
        assert check.shares(moment, 0)[0][2] == coverage.needs[0].share_covered  # any station within 15 minutes
        assert check.shares(moment, 1)[0][1] == coverage.needs[1].share_covered  # within 10


def test_plan_json_tells_functions_that_are_missing_and_shares_by_circle(written: Path) -> None:
    told = json.loads((written / "plan.json").read_text(encoding="utf-8"))["life_circle"]
    assert told["functions"] == ["culture", "home_care", "meals"]
    assert (told["required"], told["missing_before"], told["missing"]) == (["meals"], ["meals"], ["meals"])
    residents, elderly = told["groups"]
    assert (residents["circles"], residents["unit"], residents["people"]) == ([5, 10, 15], "min", 1000)
    reach = {row["function"]: row for row in residents["reach"]}
    assert reach["any"]["share_before"] == [0.1, 0.4, 0.55]  # h1 at the door; h2 at 10 min; h4 at 700 m
    assert reach["culture"]["stations_before"] == 1
    assert reach["meals"]["share"] == [0, 0, 0]
    assert elderly["people"] == 250


def test_the_brief_and_the_workbook_show_the_figures_of_plan_json(written: Path) -> None:
    told = json.loads((written / "plan.json").read_text(encoding="utf-8"))["life_circle"]
    brief = (written / "brief.html").read_text(encoding="utf-8")
    assert "生活圈体检" in brief
    assert "缺项：服务需求要求助餐，开放的驿站均不提供。" in brief
    sheet = openpyxl.load_workbook(written / "plan.xlsx")["生活圈体检"]
    header, *rows = sheet.iter_rows(values_only=True)
    (column,) = [place for place, name in enumerate(header) if name.startswith("方案可达人口比例")]
    shares = [row[column] for row in rows]
    assert shares == [share for group in told["groups"] for row in group["reach"] for share in row["share"]]


def test_nothing_about_functions_is_one_line_in_both_pages(plan: Plan, tmp_path: Path) -> None:
    from planner.mapping import map_page
    from planner.report import brief_page

    check = plan.life_circle
    assert check is not None
    reach = {
        moment: tuple(replace(one, nearest=one.nearest[:1], stations=one.stations[:1]) for one in parties)
        for moment, parties in check.reach.items()
    }
    plain = replace(plan, life_circle=replace(check, functions=("any",), required=frozenset({"any"}), reach=reach))
    for page in (map_page(plain), brief_page(plain)):
        assert "站点未写明功能" in page
    for page in (map_page(plan), brief_page(plan)):
        assert "站点未写明功能" not in page
