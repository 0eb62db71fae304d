"""From files to a plan and back: the whole way on the town, with figures checked by hand."""

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import planner
from planner.coverage import judge, street_sentences
from planner.errors import InfeasibleError, InputError
from tests.town_files import write_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("study") / "town")


@pytest.fixture(scope="module")
def plan(town: Path) -> planner.Plan:
    return planner.make_plan(planner.read_plan(town))


def without_runtime(plan: planner.Plan, folder: Path) -> dict[str, object]:
    planner.write_outputs(plan, folder)
    content = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    content["solution"].pop("runtime_s")
    return content


def test_the_figures_before_are_those_counted_by_hand(plan: planner.Plan) -> None:
    residents, elderly = plan.before.needs
    assert (residents.people, residents.covered, residents.unreachable) == (1000, 550, 0)
    assert (elderly.people, elderly.covered) == (250, 90 + 20 + 0)
    assert residents.table.loc["h5", "walk_min"] == pytest.approx(1600 / 60, rel=1e-3)


def test_the_plan_opens_the_best_two_stations_by_hand(plan: planner.Plan) -> None:
    # With s1 kept, one more may open: s4 adds h5 (250 people and 80 elderly twice), s2 and s3 add h3 (200 and 10).
    assert (plan.solution.kept, plan.solution.opened) == (("s1",), ("s4",))
    assert (plan.solution.status, plan.solution.gap) == ("optimal", 0.0)
    assert plan.after.needs[0].covered == 800
    assert plan.after.unserved_grids == ("g2",)


def test_the_objective_is_the_weighted_people_of_every_need(plan: planner.Plan) -> None:
    assert plan.solution.objective == plan.after.needs[0].covered + 2 * plan.after.needs[1].covered


def test_catchments_are_drawn_once_for_needs_that_walk_alike(plan: planner.Plan, town: Path) -> None:
    """The town's two needs walk 900 m and 600 m; what is covered for each lies in its own catchments."""
    drawn = plan.catchments.groupby("need").groups
    assert {number: sorted(sites) for number, sites in drawn.items()} == {1: ["s1", "s4"], 2: ["s1", "s4"]}
    for number, measured in enumerate(plan.after.needs, start=1):
        ground = plan.catchments.geometry[plan.catchments["need"] == number].union_all()
        homes = plan.demand.table.geometry[measured.table["covered"]]
        assert homes.within(ground).all()
    groups = ("resident_population", "elderly_population")
    same = [{"group": group, "walker": "adult", "max_walk_min": 15} for group in groups]
    config = planner.read_plan(town)
    alike = config.model_copy(update={"needs": tuple(type(config.needs[0])(**need) for need in same)})
    assert planner.make_plan(alike).catchments["need"].tolist() == [1, 1]


def test_every_home_has_a_route_as_long_as_its_walk(plan: planner.Plan) -> None:
    for moment, measured in (("nearest_before", plan.before), ("nearest_after", plan.after)):
        routes = plan.routes[plan.routes[moment]]
        table = measured.needs[0].table
        assert routes["walk_min"].to_dict() == table["walk_min"].to_dict()
        assert routes["site_id"].to_dict() == table["station"].to_dict()
    assert plan.routes.loc["h5", "nearest_before"].tolist() == [True, False]
    assert plan.routes.loc["h1", "nearest_after"]


def test_metres_have_routes_too(town: Path) -> None:
    path = town / "routes_in_metres.toml"
    text = (town / "plan.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("max_walk_min = 15", "max_walk_m = 900"), encoding="utf-8")
    metres = planner.audit(planner.read_plan(path))
    assert metres.routes["walk_min"].to_dict() == metres.after.needs[0].table["walk_min"].to_dict()


def test_large_studies_have_no_routes(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = planner.read_plan(town)
    for most, expected in ((5, True), (4, False)):
        monkeypatch.setattr(planner.pipeline, "ROUTES_UP_TO", most)
        assert (planner.audit(config).routes is not None) == expected


def test_a_town_without_stations_has_no_routes(town: Path, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    sites = (folder / "sites.csv").read_text(encoding="gb18030")
    (folder / "sites.csv").write_text(sites.replace("existing", "candidate"), encoding="gb18030")
    audit = planner.audit(planner.read_plan(folder))
    assert audit.routes is not None
    assert len(audit.routes) == 0
    planner.write_outputs(audit, tmp_path / "out")
    assert len(gpd.read_file(tmp_path / "out" / "plan.gpkg", layer="routes")) == 0


def test_an_audit_opens_nothing(town: Path) -> None:
    audit = planner.audit(planner.read_plan(town))
    assert (audit.solution.opened, audit.solution.kept) == ((), ("s1",))
    assert audit.after.needs[0].covered == audit.before.needs[0].covered == 550


def test_reversing_every_input_changes_no_figure(plan: planner.Plan, tmp_path: Path) -> None:
    reversed_plan = planner.make_plan(planner.read_plan(write_town(tmp_path / "town", reverse=True)))
    forward, backward = without_runtime(plan, tmp_path / "a"), without_runtime(reversed_plan, tmp_path / "b")
    for content in (forward, backward):
        content["provenance"].pop("inputs")
    assert forward == backward


def test_the_same_inputs_give_the_same_bytes(town: Path, tmp_path: Path) -> None:
    config = planner.read_plan(town)
    for name in ("a", "b"):
        planner.write_outputs(planner.make_plan(config), tmp_path / name)
    for file in ("map.html", "brief.html"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_every_output_tells_the_same_figures(plan: planner.Plan, tmp_path: Path) -> None:
    files = planner.write_outputs(plan, tmp_path)
    assert sorted(file.name for file in files) == ["brief.html", "map.html", "plan.gpkg", "plan.json", "plan.xlsx"]
    residents = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["needs"][0]
    assert (residents["people"], residents["covered"], residents["share_covered_before"]) == (1000, 800, 0.55)
    assert plan.headline.en in (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert len(gpd.read_file(tmp_path / "plan.gpkg", layer="demand")) == 5
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames


def test_what_cannot_be_met_is_refused_by_name(town: Path) -> None:
    config = planner.read_plan(town, {"constraints.station_count.stations": 9})
    with pytest.raises(InfeasibleError, match="station_count"):
        planner.make_plan(config)


def test_a_group_nobody_counted_is_refused(town: Path) -> None:
    with pytest.raises(InputError, match="dragons"):
        planner.make_plan(planner.read_plan(town, {"needs.0.group": "dragons"}))


def test_faults_of_several_files_come_at_once(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    for name, wrong in (("homes.csv", "300"), ("sites.csv", "200000")):
        encoding = "utf-8-sig" if name == "homes.csv" else "gb18030"
        text = (folder / name).read_text(encoding=encoding)
        assert wrong in text
        (folder / name).write_text(text.replace(wrong, "-7"), encoding=encoding)
    with pytest.raises(InputError) as caught:
        planner.load_study(planner.read_plan(folder))
    assert {Path(fault.file).name for fault in caught.value.faults} == {"homes.csv", "sites.csv"}
    assert all(fault.row == 3 for fault in caught.value.faults)


def test_a_need_for_a_function_counts_only_stations_that_offer_it(town: Path) -> None:
    plan = planner.make_plan(planner.read_plan(town, {"needs.0.function": "home_care", "needs.1.function": "culture"}))
    assert plan.before.needs[0].covered == 0
    assert plan.before.needs[1].covered == 110


def test_a_wall_of_the_background_keeps_a_home_from_the_street(tmp_path: Path) -> None:
    """h3 is moved 60 m north of its street, and a wall drawn between them: it is left unserved, and named."""
    folder = write_town(tmp_path / "town")
    homes = pd.read_csv(folder / "homes.csv", dtype={"编号": str}).set_index("编号")
    homes.loc["h3", "纬度"] += 60 / 110_860
    homes.to_csv(folder / "homes.csv", encoding="utf-8-sig")
    east, north = homes.loc["h3", ["经度", "纬度"]]
    wall = shapely.LineString([(east - 0.01, north - 0.0003), (east + 0.01, north - 0.0003)])
    gpd.GeoDataFrame({"类别": ["围墙"]}, geometry=[wall], crs=4326).to_file(folder / "land.geojson", driver="GeoJSON")
    open_ground = planner.make_plan(planner.read_plan(folder))
    with (folder / "plan.toml").open("a", encoding="utf-8") as file:
        file.write('\n[background]\npath = "land.geojson"\n')
    walled = planner.make_plan(planner.read_plan(folder))
    assert (open_ground.before.needs[0].unreachable, walled.before.needs[0].unreachable) == (0, 200)
    (note,) = [note for note in walled.notes if note.code == "walks.walled_in.origins"]
    assert note.examples == ("h3",)
    assert "h3" not in walled.routes.index


def test_metres_measure_the_same_town(town: Path) -> None:
    path = town / "metres.toml"
    path.write_text(
        (town / "plan.toml").read_text(encoding="utf-8").replace("max_walk_min = 15", "max_walk_m = 900"),
        encoding="utf-8",
    )
    metres = planner.make_plan(planner.read_plan(path))
    assert metres.before.needs[0].covered == 550
    assert metres.after.needs[0].covered == 800


def test_an_estimate_says_so_on_every_output(town: Path, tmp_path: Path) -> None:
    """A walk is the straight line times the factor, on no street."""
    estimate = planner.make_plan(planner.read_plan(town, {"network.detour_factor": 1.3}))
    homes, sites = estimate.demand.table.geometry, estimate.sites.table.geometry
    straight_m = homes["h1"].distance(sites["s1"])
    assert estimate.before.needs[0].table.loc["h1", "walk_min"] == pytest.approx(1.3 * straight_m / 60, rel=1e-6)
    assert "walks.estimated" in {note.code for note in estimate.notes}
    assert "network.detour_factor" in {one.code for one in estimate.parameters}
    content = without_runtime(estimate, tmp_path)
    assert [need["estimated"] for need in content["needs"]] == [True, True]
    assert content["provenance"]["estimated"] is True
    assert "按直线距离 × 1.3 估算" in content["headline"]["zh"]
    for page in ("map.html", "brief.html"):
        assert "按直线距离 × 1.3 估算" in (tmp_path / page).read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx").worksheets[0]
    assert any("估算" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    routes = gpd.read_file(tmp_path / "plan.gpkg", layer="routes")
    assert all(len(shape.coords) == 2 for shape in routes.geometry)


def test_a_measured_plan_is_no_estimate(plan: planner.Plan, tmp_path: Path) -> None:
    content = without_runtime(plan, tmp_path)
    assert [need["estimated"] for need in content["needs"]] == [False, False]
    assert "估算" not in content["headline"]["zh"]


def test_walks_beyond_the_standard_count_where_the_objective_asks_for_them(town: Path) -> None:
    for name, figure in (("total_walk", "sum"), ("longest_walk", "max")):
        plan = planner.make_plan(planner.read_plan(town, {"objective.name": name}))
        walks = [measured.table for measured in plan.after.needs]  # from another search, however far
        assert not all(table["covered"].all() for table in walks)
        if figure == "sum":
            counted = sum(
                need.weight * (table["people"] @ table["walk_min"])
                for need, table in zip(plan.needs, walks, strict=True)
            )
        else:
            counted = max(table["walk_min"].max() for table in walks)
        assert plan.solution.objective == pytest.approx(counted)
        assert plan.solution.bound == plan.solution.objective


def test_the_shares_that_were_compared_stand_in_the_outputs(town: Path, tmp_path: Path) -> None:
    steps = [{"name": "max_coverage"}, {"name": "fairest"}]
    plan = planner.make_plan(planner.read_plan(town, {"objective.name": "in_order", "objective.steps": steps}))
    told = {need["group"]: need["share_covered"] for need in without_runtime(plan, tmp_path)["needs"]}
    shares = without_runtime(plan, tmp_path / "again")["solution"]["shares"]
    assert sorted(each["share"] for each in shares) == pytest.approx(sorted(told.values()))
    brief = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "覆盖最差者优先" in brief
    assert "按权重合计" in brief


def test_a_reach_in_which_not_everybody_can_be_reached_is_refused(town: Path) -> None:
    near = {"objective.name": "total_walk", "objective.reach_times_standard": 1}
    with pytest.raises(InfeasibleError, match="at least 3 are needed"):
        planner.make_plan(planner.read_plan(town, near))


def test_the_verdict_on_the_streets_stands_on_every_output(plan: planner.Plan, tmp_path: Path) -> None:
    verdict = street_sentences(plan.streets)[0].zh
    content = without_runtime(plan, tmp_path)
    assert content["streets"]["grade"] == judge(plan.streets).grade
    assert verdict in (tmp_path / "brief.html").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["假设与参数"]
    assert any(cell.value == verdict for row in sheet.iter_rows() for cell in row)
