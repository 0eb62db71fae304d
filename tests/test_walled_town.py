"""Walls and gates all the way from files to outputs: a compound around the only bridge of the town."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.test_cli import planner
from tests.town import CRS, ORIGIN
from tests.town_files import write_town


@pytest.fixture
def walled(tmp_path: Path) -> Path:
    """The town with a walled compound around the middle of the bridge, of which no gate is known."""
    town = write_town(tmp_path / "town")
    wall = shapely.transform(shapely.box(-50, -300, 50, -100), lambda xy: xy + ORIGIN)
    table = gpd.GeoDataFrame({"小区": ["桥苑"]}, geometry=[wall], crs=CRS).to_crs(4326)
    table.to_file(town / "compounds.geojson", driver="GeoJSON")
    _add(town, '\n[compounds]\npath = "compounds.geojson"\n')
    return town


def _add(town: Path, words: str) -> None:
    plan = town / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + words, encoding="utf-8")


def _with_gates(town: Path, *rows: str) -> None:
    header = "编号,小区,出入口,行人通行,开放时间,对外开放,应急关闭,x,y"
    (town / "gates.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    _add(town, '\n[gates]\npath = "gates.csv"\ncrs = "EPSG:4547"\ntime = "20:30"\n')


def _needs(folder: Path) -> list[dict]:
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))["needs"]


def test_assumed_gates_make_the_headline_an_interval(walled: Path, tmp_path: Path) -> None:
    """h4 walks 700 m over the bridge to s1; through the compound nobody does."""
    done = planner("audit", walled, "--lang", "en", "--out", tmp_path)
    assert "40.0% (between 40.0% and 55.0%, as gates are assumed) of 1,000 residents" in done.stdout
    residents = _needs(tmp_path)[0]
    assert [residents[f"share_covered{end}"] for end in ("_low", "", "_high")] == [0.4, 0.4, 0.55]
    for page in ("brief.html", "map.html"):
        assert "55.0%" in (tmp_path / page).read_text(encoding="utf-8")


def test_gates_that_are_known_leave_a_point_and_refuse_the_way_through(walled: Path, tmp_path: Path) -> None:
    x, y = ORIGIN[0], ORIGIN[1] - 100
    _with_gates(walled, f"k1,桥苑,北门,是,06:00-22:00,是,否,{x},{y}")
    done = planner("audit", walled, "--lang", "en", "--out", tmp_path)
    assert "40.0% of 1,000 residents" in done.stdout
    residents = _needs(tmp_path)[0]
    assert residents["share_covered_low"] == residents["share_covered_high"] == 0.4
    codes = {note["code"] for note in json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["notes"]}
    assert "gates.no_passage" in codes


def test_the_faults_of_gates_compounds_and_plan_are_told_at_once(walled: Path, tmp_path: Path) -> None:
    point = gpd.GeoDataFrame({"小区": ["桥苑", "桥苑"]}, geometry=[shapely.Point(115, 30)] * 2, crs=4326)
    point.to_file(walled / "compounds.geojson", driver="GeoJSON")
    _with_gates(walled, "k1,桥苑,北门,也许,早上,是,否,603000,3342900", "k2,,南门,是,全天,是,否,603000,3342700")
    done = planner("audit", walled, "--lang", "en", "--out", tmp_path)
    assert done.returncode == 2
    for words in ("gates.csv, row 2, column “行人通行”", "gates.csv, row 2, column “开放时间”", "row 3, column “小区”"):
        assert words in done.stderr
    assert done.stderr.count("compounds.geojson") >= 4
    refused = planner("audit", walled, "--lang", "en", "--set", "gates.time=tonight")
    assert refused.returncode == 2
    assert "gates.time" in refused.stderr


def test_a_compound_within_another_changes_no_figure_and_both_are_named(walled: Path, tmp_path: Path) -> None:
    outer = gpd.read_file(walled / "compounds.geojson").to_crs(CRS)
    inner = gpd.GeoDataFrame({"小区": ["内苑"]}, geometry=[outer.geometry[0].buffer(-20)], crs=CRS)
    both = gpd.GeoDataFrame({"小区": ["桥苑", "内苑"]}, geometry=[outer.geometry[0], inner.geometry[0]], crs=CRS)
    both.to_crs(4326).to_file(walled / "compounds.geojson", driver="GeoJSON")
    done = planner("audit", walled, "--lang", "en", "--out", tmp_path)
    assert "40.0% (between 40.0% and 55.0%, as gates are assumed) of 1,000 residents" in done.stdout
    assert "内苑 in 桥苑" in done.stdout + (tmp_path / "plan.json").read_text(encoding="utf-8")
