"""plan.gpkg."""

import dataclasses
import math
import sqlite3

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from planner.config import read_plan
from planner.pipeline import make_plan
from planner.report import write_geopackage
from planner.report.columns import COLUMNS, describe_column
from tests.report.conftest import FORMULA
from tests.town_files import write_town

LAYERS = ["stations", "demand", "catchments", "grids", "network", "gates"]


def read(file, layer):
    return pyogrio.read_dataframe(file, layer=layer)


def test_every_layer_is_there_in_the_study_s_system(plan, tmp_path):
    write_geopackage(plan, tmp_path / "plan.gpkg")
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "plan.gpkg")] == LAYERS
    assert {read(tmp_path / "plan.gpkg", layer).crs.to_epsg() for layer in LAYERS} == {4547}


def test_the_figures_are_those_of_the_plan(plan, tmp_path):
    write_geopackage(plan, tmp_path / "plan.gpkg")
    homes = read(tmp_path / "plan.gpkg", "demand").set_index("demand_id")
    for number, (before, after) in enumerate(zip(plan.before.needs, plan.after.needs, strict=True), start=1):
        for when, measured in (("before", before), ("after", after)):
            assert homes[f"walk_min_{when}_{number}"].to_dict() == measured.table["walk_min"].to_dict()
            assert homes[f"is_covered_{when}_{number}"].to_dict() == measured.table["covered"].to_dict()
            assert homes[f"station_{when}_{number}"].to_dict() == measured.table["station"].to_dict()
    grids = read(tmp_path / "plan.gpkg", "grids").set_index("area_id")
    assert grids["share_covered_after_1"].to_dict() == plan.after.grids["share_covered"].to_dict()
    assert grids["stations_after"].to_dict() == plan.after.grids["stations"].to_dict()
    stations = read(tmp_path / "plan.gpkg", "stations").set_index("site_id")
    assert stations.index[stations["open_after"]].tolist() == list(plan.after.open_sites)
    assert stations.index[stations["decision"] == "opened"].tolist() == ["s3"]


def test_empty_layers_keep_their_columns(plan, bare, tmp_path):
    write_geopackage(plan, tmp_path / "full.gpkg")
    write_geopackage(bare, tmp_path / "bare.gpkg")
    for layer in ("catchments", "grids"):
        empty = read(tmp_path / "bare.gpkg", layer)
        assert len(empty) == 0
        assert list(empty.columns) == list(read(tmp_path / "full.gpkg", layer).columns)
        assert empty.crs.to_epsg() == 4547


def test_routes_are_a_layer_where_the_plan_has_them(tmp_path):
    """A pair that cannot be walked is left out."""
    plan = make_plan(read_plan(write_town(tmp_path / "town")))
    assert len(plan.routes) == 7
    lost = plan.routes.iloc[[0]].assign(geometry=None, walk_min=math.nan)
    with_lost = gpd.GeoDataFrame(pd.concat([plan.routes, lost]), crs=plan.routes.crs)
    write_geopackage(dataclasses.replace(plan, routes=with_lost), tmp_path / "plan.gpkg")
    written = read(tmp_path / "plan.gpkg", "routes").set_index("demand_id")
    assert written[plan.routes.columns].equals(plan.routes)
    with sqlite3.connect(tmp_path / "plan.gpkg") as database:
        told = database.execute("SELECT column_name, description FROM gpkg_data_columns WHERE table_name = 'routes'")
        meanings = dict(told.fetchall())
    assert set(meanings) == {"demand_id", *written.columns.drop("geometry")}
    assert meanings == {name: COLUMNS[name].meaning.zh for name in meanings}


def test_the_same_plan_gives_the_same_bytes(plan, tmp_path):
    for name in ("a.gpkg", "b.gpkg"):
        write_geopackage(plan, tmp_path / name)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_is_explained_in_the_file(plan, tmp_path, language):
    write_geopackage(plan, tmp_path / "plan.gpkg", language)
    with sqlite3.connect(tmp_path / "plan.gpkg") as database:
        told = {
            (table, name): text
            for table, name, text in database.execute(
                "SELECT table_name, column_name, description FROM gpkg_data_columns"
            )
        }
    for layer in LAYERS:
        for name in read(tmp_path / "plan.gpkg", layer).columns.drop("geometry"):
            assert told[layer, name] == describe_column(name, plan.needs).meaning.in_language(language)


def test_names_stay_names(hostile, tmp_path):
    write_geopackage(hostile, tmp_path / "plan.gpkg")
    assert set(read(tmp_path / "plan.gpkg", "stations")["name"]) == {FORMULA}


def test_a_synthetic_study_is_marked(plan, tmp_path):
    write_geopackage(plan, tmp_path / "plan.gpkg")
    assert read(tmp_path / "plan.gpkg", "demand")["synthetic"].all()
    with sqlite3.connect(tmp_path / "plan.gpkg") as database:
        described = [row[0] for row in database.execute("SELECT description FROM gpkg_contents")]
    assert all("本例为手工虚构的小镇" in text for text in described)
