"""Changes of the streets from a file to every output, on the town, with figures checked by hand."""

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely

import planner
from planner.errors import InputError
from tests.town import CRS, ORIGIN, PLACES
from tests.town_files import write_town

#: A bridge at the eastern end, and a street that is closed.
CHANGES = (
    ("bridge", "东桥", "打通", 10, [PLACES["N4"], PLACES["S4"]]),
    ("works", "北街施工", "封闭", 0, [PLACES["N1"], PLACES["N2"]]),
)


def write_changes(folder: Path, changes=CHANGES, on: str = "") -> Path:
    names = ["编号", "名称", "类型", "造价(万元)"]
    lines = [shapely.LineString(np.array(change[4]) + ORIGIN) for change in changes]
    table = [dict(zip(names, change, strict=False)) for change in changes]
    gpd.GeoDataFrame(table, geometry=lines, crs=CRS).to_file(folder / "changes.gpkg", driver="GPKG")
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(f'{text}\n[changes]\npath = "changes.gpkg"\non = [{on}]\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_changes(write_town(tmp_path_factory.mktemp("study") / "town"))


@pytest.fixture(scope="module")
def plan(town: Path) -> planner.Plan:
    return planner.make_plan(planner.read_plan(town))


def gains(plan: planner.Plan, name: str) -> list[float]:
    columns = ["people_today_1", "people_plan_1", "people_today_2", "people_plan_2"]
    return plan.alternatives.table.loc[name, columns].tolist()


def test_what_changes_bring_is_what_is_counted_by_hand(plan: planner.Plan) -> None:
    # Today s1 at N0; the plan opens s4 at S3. The bridge brings h3 at N4 to s4: 400 + 300 m of path, 10 elderly people
    # beyond their 600 m. The closed street cuts off h2 at N2, 300 people, 90 of them elderly.
    assert plan.solution.opened == ("s4",)
    assert gains(plan, "bridge") == [0, 200, 0, 0]
    assert gains(plan, "works") == [-300, -300, -90, -90]


def test_what_stations_bring_stands_beside(plan: planner.Plan) -> None:
    # s2 at N3 and s3 at N4 reach h3; s4 at S3, open in the plan, reaches h5, and h4's elderly in exactly 10 minutes.
    assert gains(plan, "s2") == [200, 200, 10, 10]
    assert gains(plan, "s3") == [200, 200, 10, 10]
    assert gains(plan, "s4")[::2] == [250, 80 + 50]
    assert np.isnan(gains(plan, "s4")[1::2]).all()
    assert "s5" not in plan.alternatives.table.index


def test_the_cost_of_a_hundred_people(plan: planner.Plan) -> None:
    per_100 = dict(zip(plan.alternatives.table.index, plan.alternatives.cost_per_100("plan", 1), strict=True))
    assert per_100["bridge"] == 50_000
    assert per_100["s3"] == 75_000
    assert np.isnan(per_100["works"])


def test_the_same_as_a_plan_with_the_change_made(town: Path, plan: planner.Plan) -> None:
    base = planner.audit(planner.read_plan(town))
    for change in ("bridge", "works"):
        made = planner.audit(planner.read_plan(town, {"changes.on": [change]}))
        for number, (with_it, without) in enumerate(zip(made.after.needs, base.after.needs, strict=True), start=1):
            more = with_it.covered - without.covered
            assert more == plan.alternatives.table.loc[change, f"people_today_{number}"]
            assert more == made.alternatives.table.loc[change, f"people_today_{number}"]
        assert made.alternatives.table.loc[change, "is_on"]
        assert made.before.needs[0].covered == made.after.needs[0].covered
        assert "changes.made" in {note.code for note in made.notes}
        assert "changes.join_m" in {parameter.code for parameter in made.parameters}


def test_the_outputs_tell_it(plan: planner.Plan, tmp_path: Path) -> None:
    planner.write_outputs(plan, tmp_path)
    told = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["changes"]
    assert [row["id"] for row in told] == ["bridge", "works", "s2", "s3", "s4"]
    assert told[0]["needs"][0] == {
        "people_today": 0,
        "cost_per_100_today_cny": None,
        "people_plan": 200,
        "cost_per_100_plan_cny": 50_000,
    }
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["路网变更比较"]
    assert [cell.value for cell in sheet["A"]][1:] == ["bridge", "works", "s2", "s3", "s4"]
    brief = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert brief.index("东桥") < brief.index("北街施工")
    assert "东桥" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_a_plan_without_changes_says_nothing_of_them(tmp_path: Path) -> None:
    plan = planner.audit(planner.read_plan(write_town(tmp_path / "town")))
    assert plan.alternatives is None
    planner.write_outputs(plan, tmp_path / "out")
    assert "changes" not in json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert "改路还是建站" not in (tmp_path / "out" / "brief.html").read_text(encoding="utf-8")


def test_every_change_that_does_not_meet_the_streets_is_refused(tmp_path: Path) -> None:
    wrong = (
        ("a", "断头", "打通", 1, [(1200, 0), (1200, 300)]),
        ("b", "空地", "封闭", 1, [(300, -200), (400, -200)]),
    )
    folder = write_changes(write_town(tmp_path / "town"), wrong)
    with pytest.raises(InputError) as refusal:
        planner.load_study(planner.read_plan(folder))
    assert len(refusal.value.faults) == 2
    done = subprocess.run(
        [sys.executable, "-m", "planner", "check", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("changes.gpkg") == 2
    assert "Traceback" not in done.stderr
