"""The town of `tests.town`: two streets, a river between them. A circle would reach across; nobody walks so."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

import planner
from planner.errors import InputError, PlanFileError
from planner.proposals import Proposed, propose_sites, proposing
from planner.proposals.places import possible_places
from planner.study import load_study
from tests.town import CRS, ORIGIN
from tests.town_files import write_town


def plan_with(folder: Path, proposals: str, *, sites: bool = True, **keys: Any) -> planner.PlanConfig:
    """Return the town's plan with a section of proposals, and without its sites if asked."""
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    if not sites:
        text = text.replace('[sites]\npath = "sites.csv"\ncrs = "EPSG:4326"\n', "")
    (folder / "plan.toml").write_text(f"{text}\n[proposals]\n{proposals}\n", encoding="utf-8")
    return planner.read_plan(folder, keys)


def place_of(found: Proposed, site: str) -> tuple[float, float]:
    x, y = shapely.get_coordinates(found.table.geometry[site])[0] - ORIGIN
    return float(x), float(y)


def codes(found: Proposed) -> list[str]:
    return [note.code for note in found.notes]


def shape(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([ORIGIN + corner for corner in corners])


def write_layer(file: Path, rows: dict[str, list[Any]], shapes: list[shapely.Geometry]) -> None:
    gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS).to_crs(4326).to_file(file, driver="GeoJSON")


def test_the_first_proposal_stands_on_the_bank_where_more_people_can_walk_to_it(tmp_path: Path) -> None:
    # s1 reaches all but h3 (N4, 200 people) and h5 (S4, 250): 400 m apart, 2,800 m to walk; a circle holds both.
    found = propose_sites(plan_with(write_town(tmp_path), 'number = 1\nat = "paths"'))
    assert list(found.table.index) == ["P1"]
    x, y = place_of(found, "P1")
    assert y == pytest.approx(-400, abs=0.01)
    assert 600 <= x <= 900  # within 10 minutes of the elderly of both h4 and h5, who count twice
    assert found.table["proposed_people"].tolist() == [250 + 2 * (50 + 80)]
    assert codes(found) == ["proposals.made", "proposals.no_cost"]


def test_the_second_proposal_stands_on_the_other_bank(tmp_path: Path) -> None:
    found = propose_sites(plan_with(write_town(tmp_path), "number = 2"))
    assert [round(place_of(found, site)[1]) for site in ("P1", "P2")] == [-400, 0]
    assert found.table["proposed_people"].tolist() == [510, 200 + 2 * 10]
    assert found.table["proposed"].all()
    assert set(found.table["status"]) == {"candidate"}


@pytest.mark.parametrize("all_up_to", [300_000_000, 3])
def test_the_order_of_the_rows_and_a_second_run_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, all_up_to: int
) -> None:
    monkeypatch.setattr(proposing, "ALL_UP_TO", all_up_to)
    monkeypatch.setattr(proposing, "_NEIGHBOURS", 2)
    settings = "number = 4\nmin_apart_m = 100"
    folders = (write_town(tmp_path / "a"), write_town(tmp_path / "b", reverse=True))
    first, other = (propose_sites(plan_with(folder, settings, sites=False)) for folder in folders)
    again = propose_sites(planner.read_plan(tmp_path / "a"))
    assert len(first.table) > 1
    for found in (other, again):
        assert found.notes == first.notes
        assert found.table.index.equals(first.table.index)
        assert found.table["proposed_people"].equals(first.table["proposed_people"])
        xy, same = (shapely.get_coordinates(one.table.geometry) for one in (found, first))
        assert np.abs(xy - same).max() < 1e-6


def test_a_proposal_for_so_many_uncovered_people(tmp_path: Path) -> None:
    config = plan_with(write_town(tmp_path), "per_uncovered_people = 300")  # 450 residents are uncovered
    assert len(propose_sites(config).table) == 2
    config = planner.read_plan(tmp_path, {"proposals.per_uncovered_people": 450})
    assert len(propose_sites(config).table) == 1


def test_fewer_are_proposed_where_no_other_place_adds_enough_people(tmp_path: Path) -> None:
    found = propose_sites(plan_with(write_town(tmp_path), "number = 5\nmin_people = 300"))
    assert list(found.table.index) == ["P1"]
    assert "proposals.fewer" in codes(found)


def test_nothing_is_proposed_where_everybody_is_covered_and_the_outputs_say_so(tmp_path: Path) -> None:
    config = plan_with(write_town(tmp_path), "number = 3", needs=[{"group": "resident_population", "max_walk_min": 60}])
    found = propose_sites(config)
    assert len(found.table) == 0
    assert codes(found) == ["proposals.none_needed"]
    plan = planner.make_plan(config)
    assert not plan.sites.proposed.any()
    assert "proposals.none_needed" in [note.code for note in plan.notes]


def test_ids_that_are_taken_are_left_out_and_proposals_keep_away_from_every_given_site(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    sites = (folder / "sites.csv").read_text(encoding="gb18030").replace("s2", "P1")
    (folder / "sites.csv").write_text(sites, encoding="gb18030")
    found = propose_sites(plan_with(folder, "number = 2\nmin_apart_m = 250"))
    assert list(found.table.index) == ["P2", "P3"]
    given = load_study(planner.read_plan(folder)).sites.table.geometry
    assert min(given.distance(point).min() for point in found.table.geometry) >= 250


def test_proposals_stand_beside_sites_that_replace_stations(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    sites = pd.read_csv(folder / "sites.csv", encoding="gb18030")
    sites["replaces"] = np.where(sites["编号"] == "s2", "s1", "")
    sites["action"] = np.where(sites["编号"] == "s2", "move", "open")
    sites.to_csv(folder / "sites.csv", index=False, encoding="gb18030")
    text = (
        (folder / "plan.toml")
        .read_text(encoding="utf-8")
        .replace('name = "keep_open"', 'name = "station_count"\nstations = 2')
    )
    text = text.rpartition("[[constraints]]")[0] + text[text.index("\n[grids]") :]
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    plan = planner.make_plan(plan_with(folder, "number = 2"))
    assert set(plan.solution.opened) <= {"s2", "s3", "s4", "P1", "P2"}
    assert plan.sites.table["action"][["P1", "P2"]].tolist() == ["open", "open"]
    assert plan.sites.table["replaces"][["P1", "P2"]].isna().all()


def test_no_proposal_stands_in_water_on_steps_or_on_a_bridge(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    streets = (folder / "streets.osm").read_text(encoding="utf-8")
    bridge = '<tag k="highway" v="footway" />'
    assert streets.count(bridge) == 1
    (folder / "streets.osm").write_text(
        streets.replace(bridge, bridge + '<tag k="bridge" v="yes" />'), encoding="utf-8"
    )
    lake = shape((1000, 100), (1300, 100), (1300, -100), (1000, -100))
    write_layer(folder / "ground.geojson", {"kind": ["water"]}, [lake])
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(f'{text}\n[background]\npath = "ground.geojson"\n', encoding="utf-8")
    study = load_study(plan_with(folder, "number = 2"))
    places = possible_places(study, shapely.get_coordinates(study.demand.table.geometry), 900.0)
    x, y = (shapely.get_coordinates(places.geometry) - ORIGIN).T
    assert len(places) > 20
    assert not ((x > 1000) & (y > -100)).any()
    assert ((y > -1) | (y < -399)).all()
    assert places["rank"].eq(2).all()


def closed_quarter(folder: Path, gates: dict[str, list[Any]] | None) -> planner.PlanConfig:
    """Put a wall around S4 with a building inside, and gates where the street crosses the wall."""
    wall = shape((1000, -300), (1300, -300), (1300, -500), (1000, -500))
    write_layer(folder / "compounds.geojson", {"compound": ["南湖里"]}, [wall])
    houses = [shape((x, -380), (x + 20, -380), (x + 20, -360), (x, -360)) for x in (1150, 850)]
    write_layer(folder / "ground.geojson", {"kind": ["building", "building"]}, houses)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text += '\n[compounds]\npath = "compounds.geojson"\n[background]\npath = "ground.geojson"\n'
    if gates is not None:
        write_layer(folder / "gates.geojson", gates, [shapely.Point(ORIGIN + np.array([1000, -400]))])
        text += '[gates]\npath = "gates.geojson"\n'
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return plan_with(folder, 'number = 1\nmin_apart_m = 10\nat = "buildings"')


def test_a_closed_compound_whose_gates_nobody_knows_is_left_out(tmp_path: Path) -> None:
    found = propose_sites(closed_quarter(write_town(tmp_path), None))
    assert place_of(found, "P1")[0] == pytest.approx(860)


def test_a_place_in_a_compound_that_outsiders_cannot_enter_serves_its_own_people_only(tmp_path: Path) -> None:
    gates = {"compound": ["南湖里"], "对外开放": ["否"]}
    config = closed_quarter(write_town(tmp_path), gates)
    study = load_study(config)
    xy = shapely.get_coordinates(study.demand.table.geometry)
    places = possible_places(study, xy, 900.0)
    inside = places[places["compound"].notna()]
    assert len(inside) == 1
    costs = study.walks.costs(study.demand.table, inside, study.needs[0])
    served = costs.origins[np.diff(costs.walk.tocsr().indptr) > 0]
    assert list(served) == ["h5"]


def test_a_budget_over_proposals_without_a_cost_is_refused(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(
        text + '\n[[constraints]]\nname = "budget"\nmax_cost_10k_cny = 30\n', encoding="utf-8"
    )
    with pytest.raises(PlanFileError, match="cost_cny"):
        plan_with(folder, "number = 2")
    plan = planner.make_plan(planner.read_plan(folder, {"proposals.cost_cny": 250_000}))
    assert "proposals.cost_assumed" in [note.code for note in plan.notes]
    assert plan.solution.cost_cny == sum(plan.sites.table["cost_cny"][list(plan.solution.opened)]) <= 300_000


@pytest.mark.parametrize(
    "settings", ["", "number = 2\nper_uncovered_people = 5", "number = 0", 'number = 1\nat = "roofs"']
)
def test_a_section_that_cannot_be_used_is_refused(tmp_path: Path, settings: str) -> None:
    with pytest.raises(PlanFileError):
        plan_with(write_town(tmp_path), settings)


def test_a_study_without_sites_is_planned_with_proposals_and_every_output_marks_them(tmp_path: Path) -> None:
    config = plan_with(write_town(tmp_path / "town"), "number = 3", sites=False)
    plan = planner.make_plan(config)
    assert len(plan.solution.opened) == 2
    assert plan.sites.proposed.all()
    planner.write_outputs(plan, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in told["proposed"]] == ["P1", "P2", "P3"]
    assert {one["decision"] for one in told["proposed"]} == {"opened", "not_chosen"}
    assert "proposals.made" in [note["code"] for note in told["notes"]]
    assert "scikit-learn" in told["provenance"]["packages"]
    stations = gpd.read_file(tmp_path / "out" / "plan.gpkg", layer="stations")
    assert stations["proposed"].astype(bool).all()
    assert stations["cost_cny"].isna().all()
    book = openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx")
    assert any("建议点" in str(cell.value) for sheet in book for cell in sheet[1])
    brief = (tmp_path / "out" / "brief.html").read_text(encoding="utf-8")
    assert "新增（建议点，未核实）" in brief
    assert "不含 2 个没有造价的建议点" in brief
    assert 'class="station opened proposed"' in brief
    page = (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    assert '"proposed":[1,1,1]' in page
    assert '"role":["opened","opened","proposal"]' in page or '"proposal"' in page


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".gpkg", ".geojson"])
def test_written_proposals_are_read_as_sites_and_keep_their_mark_until_it_is_cleared(
    tmp_path: Path, suffix: str
) -> None:
    from planner.report import write_proposals

    folder = write_town(tmp_path)
    found = propose_sites(plan_with(folder, "number = 2", sites=False))
    write_proposals(found.table, folder / f"edited{suffix}")
    text = (folder / "plan.toml").read_text(encoding="utf-8").partition("[proposals]")[0]
    text += f'\n[sites]\npath = "edited{suffix}"\ncrs = "EPSG:4326"\n'
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    sites = load_study(planner.read_plan(folder)).sites
    assert list(sites.table.index) == ["P1", "P2"]
    assert sites.proposed.all()
    assert "sites.proposed" in [note.code for note in sites.notes]
    apart = sites.table.geometry.distance(found.table.geometry)
    assert apart.max() < 0.05
    if suffix == ".csv":
        table = pd.read_csv(folder / "edited.csv")
        table["建议点"] = ["", "否"]
        table.to_csv(folder / "edited.csv", index=False)
        assert not load_study(planner.read_plan(folder)).sites.proposed.any()


def test_an_unknown_kind_of_file_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    from planner.report import writer_for

    with pytest.raises(InputError, match="one of"):
        writer_for(tmp_path / "proposals.pdf")


def propose(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner", "propose", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_writes_a_table_and_says_what_to_do_with_it(tmp_path: Path) -> None:
    plan_with(write_town(tmp_path / "town"), "number = 2")
    done = propose(str(tmp_path / "town"), "--out", str(tmp_path / "proposed.xlsx"), "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "P1  adds 510 people" in done.stdout
    assert "whether they can be had needs a visit" in done.stdout
    assert (tmp_path / "proposed.xlsx").exists()


def test_the_command_refuses_a_plan_that_asks_for_no_proposals(tmp_path: Path) -> None:
    done = propose(str(write_town(tmp_path / "town")), "--out", str(tmp_path / "proposed.csv"))
    assert done.returncode == 2
    assert "[proposals]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "proposed.csv").exists()


def test_nothing_is_proposed_where_no_station_may_stand_and_the_outputs_show_the_zone(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    bank = shape((-500, -450), (3_000, -450), (3_000, -350), (-500, -350))
    write_layer(folder / "zones.geojson", {"名称": ["南岸 <b>"], "类别": ["禁建"]}, [bank])
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text + '\n[zones]\npath = "zones.geojson"\ncrs = "EPSG:4326"\n', encoding="utf-8")
    config = plan_with(folder, "number = 2")
    found = propose_sites(config)
    assert not found.table.geometry.intersects(bank).any()
    made = planner.make_plan(config)
    inside = made.sites.table.geometry.intersects(bank)
    assert set(made.sites.table["status"][inside]) <= {"excluded", "existing"}
    outputs = {file.name: file for file in planner.write_outputs(made, tmp_path / "out")}
    page, brief = (outputs[name].read_text(encoding="utf-8") for name in ("map.html", "brief.html"))
    assert "planMap.zones" in page
    assert "南岸 <b>" not in brief
    assert "南岸 &lt;b&gt;" in brief
    assert 'class="zone"' in brief
