"""plan.json."""

import dataclasses
import json
import math

import pandas as pd
import pytest

from planner.plan import InputFile
from planner.report import plan_json, summary_json
from planner.report.machine import plan_document
from tests.town import town_demand, town_sites


def test_the_figures_are_those_of_the_plan(plan):
    written = json.loads(plan_json(plan))
    for row, before, after in zip(written["needs"], plan.before.needs, plan.after.needs, strict=True):
        assert (row["people"], row["covered"], row["covered_before"]) == (after.people, after.covered, before.covered)
        assert row["share_covered"] == pytest.approx(after.share_covered, abs=1e-6)
        assert row["share_covered_before"] == pytest.approx(before.share_covered, abs=1e-6)
        for measure in ("mean", "median", "p95", "longest"):
            assert row[f"{measure}_walk_min"] == pytest.approx(getattr(after, f"{measure}_walk_min"), abs=1e-6)
        assert row["unreachable"] == after.unreachable


def test_the_keys_of_the_interface_are_there(plan):
    written = json.loads(plan_json(plan))
    assert (written["schema"], written["name"], written["command"]) == (1, "两岸小镇", "run")
    solution = {"status", "stopped", "objective", "bound", "gap", "runtime_s", "opened", "kept", "closed"}
    assert solution <= written["solution"].keys()
    need = {"group", "walker", "max_walk_min", "function", "people", "covered", "share_covered"}
    need |= {"share_covered_before", "mean_walk_min", "p95_walk_min", "unreachable"}
    assert all(need <= row.keys() for row in written["needs"])
    assert {"planner", "plan_toml", "inputs", "packages", "crs", "seed"} <= written["provenance"].keys()
    assert written["provenance"]["plan_toml"] == plan.config.text
    assert written["provenance"]["crs"] == "EPSG:4547"


def test_only_the_runtime_may_change_the_bytes(plan):
    slower = dataclasses.replace(plan, solution=dataclasses.replace(plan.solution, runtime_s=99.0))
    first, second = (text.splitlines() for text in (plan_json(plan), plan_json(slower)))
    assert plan_json(plan) == plan_json(plan)
    assert [line for line, other in zip(first, second, strict=True) if line != other] == ['    "runtime_s": 0.01,']


def test_reversed_rows_give_the_same_bytes(plan):
    backwards = dataclasses.replace(plan, demand=town_demand(reverse=True), sites=town_sites(reverse=True))
    assert plan_json(backwards) == plan_json(plan)


def test_what_is_not_a_number_becomes_null(plan):
    need = dataclasses.replace(plan.after.needs[0], share_covered=math.nan, mean_walk_min=math.nan)
    after = dataclasses.replace(plan.after, needs=(need, plan.after.needs[1]))
    solution = dataclasses.replace(plan.solution, bound=math.inf, gap=math.inf)
    row = json.loads(plan_json(dataclasses.replace(plan, after=after, solution=solution)))
    assert row["needs"][0]["share_covered"] is None
    assert row["needs"][0]["mean_walk_min"] is None
    assert row["solution"]["bound"] is None


def test_paths_never_name_the_machine(plan):
    absolute = str(plan.config.folder / "sub" / "streets.osm")
    moved = dataclasses.replace(plan, inputs=(InputFile(absolute, "0" * 64),))
    assert plan_document(moved)["provenance"]["inputs"][0]["path"] == "sub/streets.osm"
    assert str(plan.config.folder) not in plan_json(moved)


def test_chinese_is_readable(plan):
    assert "两岸小镇" in plan_json(plan)


def test_metres_are_written_as_metres(metres):
    (row,) = json.loads(plan_json(metres))["needs"]
    assert row["max_walk_m"] == 900
    assert "max_walk_min" not in row


def test_the_summary_has_the_figures_of_plan_json(plan):
    whole, short = json.loads(plan_json(plan)), json.loads(json.dumps(summary_json(plan)))
    assert {key: whole[key] for key in short} == short
    assert "provenance" not in short


def test_a_plan_without_grids_says_so(bare):
    assert json.loads(plan_json(bare))["grids"] is None


def test_stations_are_placed_in_degrees(plan):
    stations = pd.DataFrame(json.loads(plan_json(plan))["stations"]).set_index("id")
    degrees = plan.sites.table.geometry.to_crs("EPSG:4326")
    assert stations["lon"].to_dict() == pytest.approx(degrees.x[["s1", "s3"]].to_dict(), abs=1e-6)
    assert stations["decision"].to_dict() == {"s1": "kept", "s3": "opened"}
