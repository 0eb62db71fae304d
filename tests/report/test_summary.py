"""The short answer for a terminal."""

import dataclasses
from pathlib import Path

import pytest

from planner.config import ObjectiveConfig
from planner.report import summary_text
from planner.report.width import display_width
from planner.report.words import status_sentence


def test_the_answer_names_coverage_stations_cost_grids_and_warnings(plan):
    text = summary_text(plan, "zh", (Path("maps/town/map.html"), Path("maps/town/plan.json")))
    for words in (
        "两岸小镇",
        "55.0% → 75.0%",
        "44.0% → 48.0%",
        "驿站 s3",
        "15 万元",
        "第4网格",
        "路网稀疏",
        "plan.json",
    ):
        assert words in text
    assert len(text.splitlines()) <= 25


def test_a_warning_names_whom_it_concerns(plan):
    assert "the streets are sparse (h5)" in summary_text(plan, "en")
    assert "路网稀疏（h5）" in summary_text(plan, "zh")


def test_a_count_of_sites_is_not_called_weighted(plan):
    config = plan.config.model_copy(update={"objective": ObjectiveConfig(name="fewest_sites")})
    assert "weight" in status_sentence(plan).en
    assert "weight" not in status_sentence(dataclasses.replace(plan, config=config)).en


def test_english_has_the_same_figures(plan):
    text = summary_text(plan, "en")
    for words in ("55.0% → 75.0%", "CNY 150,000", "the streets are sparse", "Proven"):
        assert words in text


def test_the_columns_stand_under_each_other(plan):
    lines = [line for line in summary_text(plan, "zh").splitlines() if "覆盖 " in line]
    places = [display_width(line[: line.index("平均")]) for line in lines]
    assert len(lines) == 2
    assert len(set(places)) == 1


def test_an_audit_opens_nothing(audit):
    text = summary_text(audit, "zh")
    assert "→" not in text
    assert "新增" not in text


@pytest.mark.parametrize(("status", "stopped"), [("feasible", "time_limit"), ("feasible", "gap")])
def test_proven_is_said_only_of_an_optimal_plan(plan, status, stopped):
    assert status_sentence(plan).zh.startswith("已证明")
    unproven = dataclasses.replace(plan.solution, status=status, stopped=stopped, gap=0.02301)
    sentence = status_sentence(dataclasses.replace(plan, solution=unproven))
    assert "已证明" not in sentence.zh
    assert "Proven" not in sentence.en
    assert "2.4%" in sentence.zh  # rounded up: no better promise than was proven


def test_a_name_cannot_steer_the_terminal(plan):
    sites = plan.sites.table.assign(name="\x1b[31mred\nline")
    text = summary_text(dataclasses.replace(plan, sites=dataclasses.replace(plan.sites, table=sites)), "en")
    assert "\x1b" not in text
