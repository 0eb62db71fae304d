"""Two capabilities at a time, all the way from files: each figure is checked against another way of knowing it."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

import planner
from planner.coverage import MOMENTS
from tests.town import CRS, ORIGIN
from tests.town_files import write_town

#: What may be switched on, by name; the walk of h4 over the bridge is at stake in most of them.
FEATURES: dict[str, dict[str, Any]] = {
    "gates": {"gates.path": "gates.csv", "gates.crs": CRS, "gates.time": "20:30"},
    "compounds": {"compounds.path": "compounds.geojson"},
    "changes": {"changes.path": "changes.geojson", "changes.on": ["c1"]},
    "heights": {"network.elevation": "heights.tif"},
    "round_trip": {"needs.0.direction": "round_trip", "needs.1.direction": "from_station"},
    "wheelchair": {"needs.0.walker": "wheelchair", "walkers.wheelchair.max_slope": 0.02},
    "estimate": {"network.detour_factor": 1.3},
}
PAIRS = [(one, other) for one in FEATURES for other in FEATURES if one < other]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("pairs") / "town", 1)


@pytest.fixture(scope="module")
def reversed_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("pairs") / "town", -1)


def _write(folder: Path, step: int) -> Path:
    """Write the town with a compound around the bridge and one around h2, their gates, two changes and a slope."""
    write_town(folder, reverse=step < 0)
    walls = {"桥苑": (-50, -300, 50, -100), "江景苑": (550, -60, 650, 60)}
    shapes = [_moved(shapely.box(*box)) for box in walls.values()]
    _save(folder / "compounds.geojson", {"小区": list(walls)}, shapes, step)
    gates = ["k1,江景苑,西门,是,06:00-22:00,否,550,0", "k2,江景苑,东门,是,22:00-06:00,是,650,0"]
    rows = [row.rsplit(",", 2) for row in gates]
    lines = [f"{head},{ORIGIN[0] + float(x)},{ORIGIN[1] + float(y)}" for head, x, y in rows[::step]]
    text = "\n".join(["编号,小区,出入口,行人通行,开放时间,对外开放,x,y", *lines])
    (folder / "gates.csv").write_text(text + "\n", encoding="utf-8")
    links = [shapely.LineString([(600, 0), (600, -400)]), shapely.LineString([(300, -2), (300, -400)])]
    columns = {"编号": ["c1", "c2"], "类型": ["打通", "新增"], "造价(万元)": [30, 20]}
    _save(folder / "changes.geojson", columns, [_moved(line) for line in links], step)
    _heights(folder / "heights.tif")
    return folder


def _moved(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: xy + ORIGIN)


def _save(file: Path, columns: dict[str, list[Any]], shapes: list[shapely.Geometry], step: int) -> None:
    table = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).iloc[::step]
    table.to_crs(4326).to_file(file, driver="GeoJSON")


def _heights(file: Path) -> None:
    """Write ground that rises by 3 m in 100 m towards the east."""
    rise = np.tile(0.03 * 20.0 * np.arange(150, dtype=np.float32), (100, 1))
    corner = from_origin(ORIGIN[0] - 800, ORIGIN[1] + 800, 20, 20)
    with rasterio.open(
        file, "w", driver="GTiff", width=150, height=100, count=1, dtype="float32", crs=CRS, transform=corner
    ) as raster:
        raster.write(rise, 1)


def _settings(*features: str, **more: Any) -> dict[str, Any]:
    return {key: value for feature in features for key, value in FEATURES[feature].items()} | more


def _document(plan: planner.Plan, folder: Path) -> dict[str, Any]:
    planner.write_outputs(plan, folder)
    content: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    content["solution"].pop("runtime_s")
    content.pop("provenance")
    return content


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_figures_routes_and_catchments_agree_with_the_walks(pair: tuple[str, str], town: Path) -> None:
    """Covered people are those whose walks in the matrix end at an open station; all else tells the same walks."""
    plan = planner.audit(planner.read_plan(town, _settings(*pair)))
    for need, costs, measured in zip(plan.needs, plan.costs, plan.after.needs, strict=True):
        walks = costs.to_frame().reset_index()
        reached = walks[walks.iloc[:, 1].isin(plan.solution.open_sites)].iloc[:, 0].unique()
        assert measured.covered == plan.demand.table[need.group][list(reached)].sum()
        assert (walks["walk_min"] <= need.standard.max_walk_min).all()
    table = plan.after.needs[0].table
    assert plan.routes["walk_min"].dropna().to_dict() == table["walk_min"].dropna().to_dict()
    walked = plan.routes[plan.routes["walk_min"].notna()]
    parts = walked[[name for name in walked if name.endswith("_min") and name != "walk_min"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(walked["walk_min"].to_numpy(), abs=1e-4)
    homes = plan.demand.table.geometry[table.index[table["covered"]]]
    assert homes.within(plan.catchments.union_all().buffer(0.01)).all()


@pytest.mark.parametrize("walks", [("heights", "round_trip"), ("estimate",)], ids="+".join)
def test_a_longer_standard_loses_nobody(walks: tuple[str, ...], town: Path) -> None:
    before: set[str] = set()
    for minutes in (5, 12, 15, 40):
        settings = _settings("gates", "compounds", "changes", *walks) | {"needs.0.max_walk_min": minutes}
        table = planner.audit(planner.read_plan(town, settings)).after.needs[0].table
        covered = set(table.index[table["covered"]])
        assert before <= covered
        before = covered


def test_everything_at_once_is_the_same_with_every_row_reversed(
    town: Path, reversed_town: Path, tmp_path: Path
) -> None:
    settings = _settings("gates", "compounds", "changes", "heights", "round_trip")
    plans = [planner.make_plan(planner.read_plan(folder, settings)) for folder in (town, reversed_town)]
    one, other = (_document(plan, tmp_path / str(place)) for place, plan in enumerate(plans))
    assert one == other


@pytest.mark.parametrize("walks", [("heights", "round_trip"), ("estimate",)], ids="+".join)
def test_a_gate_that_closes_never_shortens_a_walk(walks: tuple[str, ...], town: Path) -> None:
    settings = _settings("gates", "compounds", *walks)
    settings.pop("gates.time")
    always = planner.audit(planner.read_plan(town, settings)).after.needs[0].table["walk_min"].fillna(np.inf)
    for time in ("03:00", "20:30", "22:00"):
        timed = planner.audit(planner.read_plan(town, settings | {"gates.time": time}))
        assert (timed.after.needs[0].table["walk_min"].fillna(np.inf) >= always - 1e-6).all()


def test_the_interval_holds_the_share_where_gates_and_changes_meet(town: Path) -> None:
    plan = planner.audit(planner.read_plan(town, _settings("compounds", "changes", "round_trip")))
    for place, measured in enumerate(plan.after.needs):
        interval = plan.interval(place)
        assert interval.low <= measured.covered <= interval.high


def test_each_change_compared_is_what_switching_it_on_brings(town: Path) -> None:
    settings = _settings("compounds", "changes", "round_trip") | {"changes.on": []}
    plan = planner.audit(planner.read_plan(town, settings))
    compared = plan.alternatives.table
    assert MOMENTS == ("today", "plan")
    for change in ("c1", "c2"):
        made = planner.audit(planner.read_plan(town, settings | {"changes.on": [change]}))
        row = compared[(compared["what"] == "change") & (compared.index == change)]
        gained = made.after.needs[0].covered - plan.after.needs[0].covered
        assert row["people_today_1"].tolist() == [gained]


def test_two_needs_of_one_group_are_told_apart_on_every_page(town: Path, tmp_path: Path) -> None:
    """The same people with a pram, there and back, are another need: label, standard and direction are printed."""
    more = {
        "needs": [
            {"group": "resident_population", "max_walk_min": 15},
            {"group": "resident_population", "max_walk_min": 12, "walker": "pram", "direction": "round_trip"},
        ]
    }
    plan = planner.audit(planner.read_plan(town, more))
    assert {one.value for one in plan.parameters if one.code.endswith(".standard")} == {"15 min", "12 min"}
    planner.write_outputs(plan, tmp_path)
    brief, page = ((tmp_path / name).read_text(encoding="utf-8") for name in ("brief.html", "map.html"))
    for words in ("12 分钟，推婴儿车的成人，往返平均", "12 min, adult with a pram, there and back, half of both"):
        assert words in brief
    assert "推婴儿车的成人，往返平均" in page
    assert "round_trip" not in brief


def test_an_estimate_says_nothing_of_slopes_and_lets_only_gates_change(town: Path) -> None:
    plan = planner.audit(planner.read_plan(town, _settings("estimate", "changes", "heights")))
    codes = {note.code for note in plan.notes}
    assert "changes.without_effect" in codes
    assert not codes & {"network.slopes", "network.heights_missing", "changes.made"}
