"""What the first study promises: the article's totals, a quarter that holds together, and the same files every time."""

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point

import planner
from planner.loading.coordinates import gcj02_to_wgs84
from tests.data.quarter import Quarter

DATA = Path(__file__).resolve().parents[2] / "data"
STUDY = DATA / "huangshigang"
EPSG = 4547


@pytest.fixture(scope="module")
def quarter():
    return Quarter(STUDY / "streets.osm.pbf", EPSG)


@pytest.fixture(scope="module")
def homes():
    """The buildings of the workbook at their places in metres, rows below the title, the remark and the header."""
    table = pd.read_excel(STUDY / "compounds.xlsx", sheet_name="居民楼", header=2)
    table[["所属社区", "所属网格"]] = table[["所属社区", "所属网格"]].ffill()
    table = table[table["编号"].notna()].set_index("编号")
    lon, lat = gcj02_to_wgs84(table["经度"].to_numpy(float), table["纬度"].to_numpy(float))
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs=4326).to_crs(EPSG)


@pytest.fixture(scope="module")
def gates():
    return gpd.read_file(STUDY / "gates.geojson").to_crs(EPSG)


@pytest.fixture(scope="module")
def sites():
    return pd.read_csv(STUDY / "sites.csv", encoding="gb18030").set_index("编号")


def test_households_residents_and_buildings_are_those_of_the_article(homes):
    assert (len(homes), homes["户数"].sum(), homes["常住人口"].sum()) == (60, 3668, 11223)


def test_no_building_has_more_old_and_young_people_than_residents(homes):
    assert (homes["60岁以上人口"] + homes["14岁以下人口"] <= homes["常住人口"]).all()


def test_the_total_below_the_table_is_the_sum_of_its_rows(homes):
    last = [cell.value for cell in openpyxl.load_workbook(STUDY / "compounds.xlsx")["居民楼"][64]]
    counts = ["户数", "常住人口", "60岁以上人口", "14岁以下人口"]
    assert last[0] == "合计"
    assert last[7:11] == homes[counts].sum().tolist()


def test_fourteen_lanes_five_of_them_named_by_the_article(quarter):
    lanes = {line.tags["name"] for line in quarter.having("highway", "living_street")}
    assert len(lanes) == 14
    assert {"团结巷", "朝阳路", "纺织一路", "纺织二路", "人民街"} <= lanes


def test_sixteen_organisations_and_six_studios_have_a_room(sites):
    venues = gpd.read_file(STUDY / "venues.geojson")
    assert sites["入驻社会组织（个）"].sum() + venues["入驻社会组织（个）"].sum() == 16
    assert sites["志愿服务工作室（个）"].sum() + venues["志愿服务工作室（个）"].sum() == 6


def test_every_home_lies_in_the_grid_its_row_names(homes):
    grids = gpd.read_file(STUDY / "grids.gpkg")
    assert len(grids) == 10
    found = homes.sjoin(grids, predicate="within")
    assert len(found) == len(homes)
    assert (found["网格名称"] == found["所属网格"]).all()


def test_grids_do_not_overlap():
    grids = gpd.read_file(STUDY / "grids.gpkg").geometry
    assert grids.area.sum() == pytest.approx(grids.union_all().area, abs=1.0)


def test_every_gate_is_a_gate_in_a_wall_on_a_way(quarter, gates):
    in_walls = {node for line in quarter.having("barrier", "wall") for node in line.nodes}
    on_ways = {node for line in quarter.lines if line.walkable for node in line.nodes}
    marked = [node for node, tags in quarter.node_tags.items() if tags.get("barrier") == "gate"]
    assert set(marked) <= in_walls & on_ways
    places = shapely.points([quarter.place[node] for node in marked])
    assert len(marked) == len(gates)
    assert all(shapely.distance(places, gate).min() < 0.05 for gate in gates.geometry)


def test_private_ways_meet_the_street_at_gates_alone(quarter):
    private = {node for line in quarter.lines if line.private for node in line.nodes}
    public = {node for line in quarter.lines if line.walkable and not line.private for node in line.nodes}
    assert {quarter.node_tags[node].get("barrier") for node in private & public} == {"gate"}


def test_nobody_walks_through_a_wall(quarter):
    gate_ids = [node for node, tags in quarter.node_tags.items() if tags.get("barrier") == "gate"]
    openings = shapely.union_all([Point(quarter.place[node]).buffer(0.5) for node in gate_ids])
    walls = shapely.union_all([line.shape for line in quarter.having("barrier", "wall")]).difference(openings)
    assert [line.tags for line in quarter.lines if line.walkable and line.shape.intersects(walls)] == []


def test_buildings_keep_off_water_streets_and_each_other(quarter):
    buildings = quarter.outlines("building")
    water = shapely.union_all(quarter.outlines("natural", "water"))
    ways = shapely.union_all([line.shape for line in quarter.having("highway")])
    tree = shapely.STRtree(buildings)
    overlapping = [(a, b) for a, b in tree.query(buildings, predicate="overlaps").T if a < b]
    assert overlapping == []
    assert [building for building in buildings if building.intersects(water) or building.intersects(ways)] == []


def test_only_bridges_cross_the_water(quarter):
    water = shapely.union_all(quarter.outlines("natural", "water"))
    wet = [line for line in quarter.lines if line.walkable and line.shape.intersection(water).length > 0.1]
    assert {line.tags.get("name") for line in wet if line.tags.get("bridge") != "yes"} <= {"亲水平台", None}
    assert {line.tags["name"] for line in wet if line.tags.get("bridge") == "yes"} == {"湖湾步行桥"}


def test_everybody_can_walk_to_everybody(quarter):
    assert nx.is_connected(quarter.walks())


def test_every_home_stands_in_its_building_beside_a_way_of_its_own_compound(quarter, homes):
    gated = set(gpd.read_file(STUDY / "gates.geojson")["小区"])
    apartments = shapely.union_all(quarter.outlines("building", "apartments"))
    ways = [line for line in quarter.lines if line.walkable]
    for home in homes.itertuples():
        nearest = min(ways, key=lambda line: line.shape.distance(home.geometry))
        assert apartments.contains(home.geometry), home.Index
        assert nearest.shape.distance(home.geometry) < 35, home.Index
        assert nearest.private == (home.小区 in gated), home.Index


def test_some_neighbours_across_the_lake_walk_twice_as_far_as_a_bird_flies(quarter, homes):
    water = shapely.union_all(quarter.outlines("natural", "water"))
    walks = quarter.walks()
    ids = list(walks)
    places = shapely.points([quarter.place[node] for node in ids])
    one_a_grid = homes.groupby("所属网格").first().geometry
    nearest = [ids[int(np.argmin(shapely.distance(places, home)))] for home in one_a_grid]
    detours = [
        nx.shortest_path_length(walks, nearest[a], nearest[b], "length")
        / one_a_grid.iloc[a].distance(one_a_grid.iloc[b])
        for a, b in combinations(range(len(nearest)), 2)
        if LineString([one_a_grid.iloc[a], one_a_grid.iloc[b]]).intersection(water).length > 100
    ]
    assert max(detours) > 2


def test_main_road_is_crossed_at_crossings_and_the_footbridge_alone(quarter):
    main = next(line for line in quarter.having("name", "港城大道"))
    over = [line for line in quarter.lines if line.walkable and line.shape.intersects(main.shape)]
    kinds = [line.tags.get("footway") or line.tags.get("bridge") for line in over]
    assert sorted(set(kinds)) == ["crossing", "yes"]
    signals = [node for node in main.nodes if quarter.node_tags[node].get("crossing") == "traffic_signals"]
    assert len(signals) == kinds.count("crossing") - 1


def test_two_stations_eighteen_candidates_and_one_excluded(sites):
    assert sites["状态"].value_counts().to_dict() == {"现有": 2, "候选": 18, "排除": 1}


def test_rooms_cost_what_the_articles_rooms_cost(sites):
    candidates = sites[sites["状态"] == "候选"]
    rate_cny_m2 = candidates["造价（万元）"] * 10_000 / candidates["建筑面积（㎡）"]
    new = candidates["取得方式"].isin(["新建", "购买"])
    assert rate_cny_m2[new].tolist() == [2000] * new.sum()
    assert rate_cny_m2[~new].between(535, 835).all()


def test_every_file_says_that_it_is_synthetic(quarter, sites):
    config = planner.read_plan(STUDY)
    remarks = openpyxl.load_workbook(STUDY / "compounds.xlsx")["说明"]
    assert "合成" in config.synthetic
    assert "synthetic" in config.synthetic_en
    assert "synthetic" in quarter.generator
    assert "合成" in remarks["B1"].value
    assert set(sites["数据性质"]) == {"合成"}
    assert set(gpd.read_file(STUDY / "grids.gpkg")["synthetic"]) == {"合成 synthetic"}
    for name in ("gates", "venues"):
        assert "合成" in json.loads((STUDY / f"{name}.geojson").read_text(encoding="utf-8"))["synthetic"]


def test_no_military_office_is_put_on_a_map(quarter, sites):
    venues = gpd.read_file(STUDY / "venues.geojson")
    names = [*sites["名称"], *venues["名称"], *venues["单位"], *(line.tags.get("name", "") for line in quarter.lines)]
    assert not [name for name in names if "军" in name]


def test_today_is_incomplete_and_three_stations_make_most_of_it_good():
    plan = planner.make_plan(planner.read_plan(STUDY))
    before, after = plan.before.needs[0], plan.after.needs[0]
    assert 0.50 <= before.share_covered <= 0.75
    assert after.share_covered >= 0.90
    assert len(plan.solution.opened) == 3
    assert plan.solution.status == "optimal"


def test_the_generator_makes_the_same_study_again(tmp_path):
    subprocess.run(
        [sys.executable, str(DATA / "make_studies.py"), "huangshigang", "--out", str(tmp_path)], check=True, timeout=120
    )
    again = tmp_path / "huangshigang"
    assert sorted(file.name for file in again.iterdir()) == sorted(file.name for file in STUDY.iterdir())
    for name in ("plan.toml", "sites.csv", "gates.geojson", "venues.geojson"):
        assert (again / name).read_bytes() == (STUDY / name).read_bytes(), name
    assert _streets(again) == _streets(STUDY)
    assert _cells(again) == _cells(STUDY)
    assert gpd.read_file(again / "grids.gpkg").equals(gpd.read_file(STUDY / "grids.gpkg"))


def _streets(folder):
    read = Quarter(folder / "streets.osm.pbf", EPSG)
    return read.place, read.node_tags, [(line.nodes, line.tags) for line in read.lines]


def _cells(folder):
    book = openpyxl.load_workbook(folder / "compounds.xlsx")
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
