"""What the answer is worth, in every output."""

import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import planner
from planner.model.actions import Action
from planner.report import brief_page, plan_json, summary_text, write_workbook
from planner.report.chart import frontier_chart
from planner.report.worth_rows import worth_rows
from planner.siting.worth.words import fairness_in_words
from tests.town_files import write_town

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> planner.Plan:
    return planner.make_plan(planner.read_plan(write_town(tmp_path_factory.mktemp("worth") / "town")))


def keys_in(value):
    if isinstance(value, dict):
        for key, inside in value.items():
            yield key
            if key != "standing":
                yield from keys_in(inside)
    if isinstance(value, list):
        for inside in value:
            yield from keys_in(inside)


def test_every_key_of_the_worth_is_in_the_reference(made):
    document = json.loads(plan_json(made))
    reference = REFERENCE.read_text(encoding="utf-8").split("## What the answer is worth")[1].split("\n## ")[0]
    known = set(re.findall(r"`([a-z_]+)`", reference)) | {"zh", "en"}
    assert set(keys_in([document["worth"], document["uncovered"]])) - known == set()


def test_the_certificate_is_on_every_output(made):
    sentence = made.worth.certificate
    assert sentence == made.certificate
    assert json.loads(plan_json(made))["worth"]["certificate"]["en"] == sentence.en
    assert sentence.en in summary_text(made, "en")
    assert sentence.zh in brief_page(made)


def test_the_brief_tells_stations_steps_and_frontiers(made):
    page = brief_page(made)
    for words in ("每座驿站值多少", "多一步、少一步", "座数、投入、公平与覆盖", "花费最少的补救"):
        assert words in page
    assert page.count('<svg class="chart"') == 2


def test_the_brief_tells_what_fairness_costs(made):
    (fairness,) = [one for one in made.worth.frontiers if one.against == "fairness"]
    assert fairness.points
    assert fairness_in_words(fairness).zh in brief_page(made)
    apart = replace(
        fairness, points=(replace(fairness.points[0], objective=fairness.points[0].objective + 7), *fairness.points)
    )
    assert "for 7 people fewer covered in all" in fairness_in_words(apart).en
    page = brief_page(replace(made, worth=replace(made.worth, frontiers=(apart,))))
    assert page.count('<svg class="chart"') == 1
    stopped = replace(apart, end="not_examined")
    assert "已证明" not in fairness_in_words(stopped).zh
    assert "时限内未全部检验" in brief_page(replace(made, worth=replace(made.worth, frontiers=(stopped,))))


def test_the_brief_calls_no_point_the_cheapest_that_is_not_proven_to_be(made):
    assert "同样好的方案也不会更省" in brief_page(made)
    unproven = tuple(replace(one, is_cheapest=False) for one in made.worth.frontiers)
    page = brief_page(replace(made, worth=replace(made.worth, frontiers=unproven)))
    assert "同样好的方案也不会更省" not in page
    assert "最少投入" not in page
    assert "同样好的方案是否更省，未检验" in page


def test_a_station_that_is_moved_adds_none_on_the_frontier_of_stations(made):
    moved = Action("move", made.solution.opened[0], made.solution.kept[:1], None)
    plan = replace(made, solution=replace(made.solution, actions=(moved,)))
    assert worth_rows(plan)["here"]["stations"] == worth_rows(made)["here"]["stations"] - 1


def test_the_brief_says_where_frontiers_count_people_and_not_the_aim_of_the_plan(made):
    assert "而不是本方案的目标" not in brief_page(made)
    other = replace(made.worth, objective=planner.siting.objective_from("total_walk"))
    assert "而不是本方案的目标" in brief_page(replace(made, worth=other))


def test_an_audit_tells_remedies_and_no_worth(made):
    audit = planner.audit(made.config)
    document = json.loads(plan_json(audit))
    assert document["worth"] is None
    assert {row["id"] for row in document["uncovered"] if row["need"] == 1} == {"h3", "h5"}
    assert "每座驿站值多少" not in brief_page(audit)


def test_uncovered_homes_are_told_with_their_minutes_and_what_would_cover_them(made):
    told = {(row["need"], row["id"]): row for row in json.loads(plan_json(made))["uncovered"]}
    for (number, home), row in told.items():
        walks = made.after.needs[number - 1].table.loc[home]
        assert not walks["covered"]
        limit = made.needs[number - 1].standard.max_walk_min
        assert row["over_min"] == pytest.approx(walks["walk_min"] - limit, abs=1e-6)
    left = [
        (number, home)
        for number, measured in enumerate(made.after.needs, start=1)
        for home, row in measured.table.iterrows()
        if row["people"] > 0 and not row["covered"]
    ]
    assert sorted(told) == sorted(left)


def test_a_home_that_nothing_helps_is_told_as_such(made, tmp_path):
    config = planner.read_plan(made.config.folder, {"needs.0.max_walk_min": 1, "needs.1.max_walk_min": 1})
    audit = planner.audit(config)
    rows = [row for row in json.loads(plan_json(audit))["uncovered"] if row["remedy"] == "none"]
    assert rows
    assert all((row["remedy_id"], row["remedy_cost_cny"]) == (None, None) for row in rows)
    assert "没有候选点或路网变更能使其达标" in brief_page(audit)
    write_workbook(audit, tmp_path / "plan.xlsx")


def test_the_workbook_explains_every_column_of_the_worth(made, tmp_path):
    write_workbook(made, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert {"驿站价值", "增减一步", "投入与覆盖"} <= set(book.sheetnames)
    explained = {(row[0].value, row[2].value) for row in book["列说明"].iter_rows(min_row=2)}
    assert ("驿站价值", "people_lost_1") in explained
    meanings = [
        row[5].value for row in book["列说明"].iter_rows(min_row=2) if row[0].value in ("驿站价值", "投入与覆盖")
    ]
    assert all("people of this group in the input" not in meaning for meaning in meanings)


def test_two_runs_give_the_same_worth(made):
    again = planner.make_plan(made.config)
    documents = [json.loads(plan_json(plan)) for plan in (made, again)]
    assert documents[0]["worth"] == documents[1]["worth"]
    assert documents[0]["uncovered"] == documents[1]["uncovered"]


def test_no_time_leaves_the_quick_part(made, tmp_path):
    config = planner.read_plan(made.config.folder, {"worth.time_limit_s": 0})
    worth = json.loads(plan_json(planner.make_plan(config)))["worth"]
    assert worth["skipped"] is not None
    assert (worth["steps"], worth["different"], worth["frontiers"]) == ([], None, [])
    assert worth["stations"]


@pytest.mark.parametrize("step", [0, 1e-308, 1e99])
def test_a_step_that_is_a_slip_is_refused_with_its_key(made, step):
    with pytest.raises(planner.InputError, match="step_10k_cny"):
        planner.read_plan(made.config.folder, {"worth.step_10k_cny": step})


def test_a_chart_steps_up_only_where_a_limit_is_proven():
    rows = [{"x": x, "shares": [share], "tick": str(x)} for x, share in ((0, 0.0), (1, 0.5), (3, 1.0))]
    chart = str(frontier_chart(rows, 1, "<b>"))
    (path,) = re.findall(r'd="(M[^"]+)"', chart)
    assert path.count("H") == path.count("V") == 2
    assert "<b>" not in chart


def test_a_chart_of_fairness_steps_down_for_what_holds_at_a_point_holds_below_it():
    rows = [{"x": x, "shares": [share], "tick": str(x)} for x, share in ((0.2, 0.9), (0.5, 0.6))]
    (path,) = re.findall(r'd="(M[^"]+)"', str(frontier_chart(rows, 0.2, "", is_floor=True)))
    heights = [float(height) for height in re.findall(r"V([\d.]+)", path)]
    assert heights == sorted(heights)
    assert path.endswith("H203.0")
