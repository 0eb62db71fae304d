"""A programme of two years from the plan file to every output, with figures checked by hand."""

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import planner
from planner.errors import InputError
from planner.mapping import map_page
from planner.report import brief_page
from tests.mapping.page_data import blocks
from tests.town_files import write_town

PHASES = """
[[phases]]
name = "2026"
max_cost_10k_cny = 18

[[phases]]
name = "2027"
max_cost_10k_cny = 15
years = 2.5
"""


def write_study(folder: Path, turned: bool = False, phases: str = PHASES, later: dict[str, str] | None = None) -> Path:
    """Write the town with two years; `later` says from which phase on sites are available."""
    write_town(folder, turned)
    plan_file = folder / "plan.toml"
    text = plan_file.read_text(encoding="utf-8")
    text = text.replace('[[constraints]]\nname = "station_count"\nstations = 2\n', "")
    plan_file.write_text(text + phases, encoding="utf-8")
    if later:
        file = folder / "sites.csv"
        table = pd.read_csv(file, encoding="gb18030", dtype=object)
        table["可选阶段"] = table["编号"].map(later)
        table.to_csv(file, index=False, encoding="gb18030")
    return folder


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> planner.Plan:
    return planner.make_plan(planner.read_plan(write_study(tmp_path_factory.mktemp("study") / "town")))


@pytest.fixture(scope="module")
def written(plan: planner.Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    planner.write_outputs(plan, folder)
    return folder


def test_each_year_opens_what_is_best_for_the_way_by_hand(plan: planner.Plan) -> None:
    # 180,000 CNY are enough for s4 (250 people at h5) or s3 (200 at h3); 150,000 CNY then only for s3
    first, second = plan.programme.phases
    assert [each.opened for each in (first, second)] == [("s4",), ("s3",)]
    assert [each.cost_cny for each in (first, second)] == [180_000, 150_000]
    assert [each.covered[0] for each in (first, second)] == [800, 1000]
    weighted = [each.covered[0] + 2 * each.covered[1] for each in (first, second)]
    assert plan.solution.objective == pytest.approx(weighted[0] + 2.5 * weighted[1])
    assert (plan.solution.status, plan.solution.opened) == ("optimal", ("s3", "s4"))


def test_the_last_phase_is_the_plan(plan: planner.Plan) -> None:
    last = plan.programme.phases[-1]
    assert set(last.open_sites) == set(plan.after.open_sites)
    assert list(last.covered) == [need.covered for need in plan.after.needs]


def test_plan_json_has_the_phases(written: Path) -> None:
    told = json.loads((written / "plan.json").read_text(encoding="utf-8"))
    assert [phase["name"] for phase in told["phases"]] == ["2026", "2027"]
    first = told["phases"][0]
    assert (first["opened"], first["cost_cny"], first["open"]) == (["s4"], 180_000, ["s1", "s4"])
    assert first["needs"][0] == {"people": 1000, "covered": 800, "share_covered": 0.8}
    assert (first["price_of_nesting"], first["price_is_proven"]) == (0, True)
    assert told["programme"]["phase_after_phase"] == told["solution"]["objective"]


def test_brief_workbook_geopackage_and_map_tell_the_phase(plan: planner.Plan, written: Path) -> None:
    brief = brief_page(plan)
    assert "分期实施" in brief
    assert "no other programme is better" in brief
    assert "Planning phase after phase would be as good" in brief
    rows = list(openpyxl.load_workbook(written / "plan.xlsx")["分期"].values)
    assert [row[0] for row in rows[1:]] == ["2026", "2027"]
    assert rows[1][rows[0].index("本期开放")] == "驿站 s4"
    stations = gpd.read_file(written / "plan.gpkg", layer="stations").set_index("site_id")
    assert stations.at["s4", "phase"] == "2026"
    data = blocks(map_page(plan))["stations"]
    assert dict(zip(data["id"], data["phase"], strict=True))["s4"] == ["2026", "2026"]


def test_rows_reversed_make_the_same_programme(plan: planner.Plan, tmp_path: Path) -> None:
    turned = planner.make_plan(planner.read_plan(write_study(tmp_path / "town", turned=True)))
    assert turned.programme.phases == plan.programme.phases


def test_sites_may_wait_for_a_phase_by_name_or_number(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "town", later={"s4": "2027", "s2": "2"}, phases=PHASES.replace("15", "18"))
    waiting = planner.make_plan(planner.read_plan(folder))
    assert [each.opened for each in waiting.programme.phases] == [("s3",), ("s4",)]


def test_unknown_phases_of_sites_are_refused_with_their_rows(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "town", later={"s4": "2031", "s2": "0"})
    with pytest.raises(InputError) as refused:
        planner.make_plan(planner.read_plan(folder))
    assert sorted(fault.found.en for fault in refused.value.faults) == ["0", "2031"]
    assert {fault.column for fault in refused.value.faults} == {"可选阶段"}


@pytest.mark.parametrize(
    "wrong", ["years = 0", "max_cost_cny = 3\nmax_cost_10k_cny = 1", "money = 3", "new_stations = -1"]
)
def test_unusable_phases_are_refused(tmp_path: Path, wrong: str) -> None:
    folder = write_study(tmp_path / "town", phases=f'\n[[phases]]\nname = "1"\n{wrong}\n')
    with pytest.raises(InputError):
        planner.make_plan(planner.read_plan(folder))


def test_homes_uncovered_at_the_end_are_told_with_their_remedies(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "town", phases=PHASES.replace("15", "1"))
    made = planner.make_plan(planner.read_plan(folder))
    planner.write_outputs(made, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert [(home["need"], home["id"], home["remedy_id"]) for home in told["uncovered"]] == [
        (1, "h3", "s3"),
        (2, "h3", "s3"),
    ]
