"""One metric system for the study, found from the demand, and doubted where the streets say otherwise."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.errors import CrsError, InputError
from planner.loading import better_fitting_system, input_paths, load_demand, study_crs
from planner.loading.coordinates import gcj02_to_wgs84, wgs84_to_gcj02
from planner.loading.study_system import system_at
from tests.loading.plans import HEADER, ROWS, plan, write_csv
from tests.real_data import real_data


@pytest.mark.parametrize(
    ("place", "lon", "lat", "code"),
    [
        ("Xianning", 114.33, 29.85, 4547),
        ("Hefei", 117.28, 31.75, 4548),
        ("Ningde", 119.55, 26.66, 4549),
        ("Urumqi", 87.6, 43.8, 4538),
        ("Porto", -8.61, 41.15, 32629),
        ("Sydney", 151.2, -33.9, 32756),
    ],
)
def test_the_zone_is_the_one_of_the_place(place, lon, lat, code):
    assert system_at(lon, lat).to_epsg() == code


@pytest.mark.parametrize("lon", np.arange(73.6, 135.0, 0.7).round(1).tolist())
def test_no_place_in_china_is_further_than_half_a_zone_from_its_meridian(lon):
    meridian = 75 + 3 * (system_at(lon, 35.0).to_epsg() - 4534)
    assert abs(lon - meridian) <= 1.5


def test_auto_looks_at_the_middle_of_the_demand_whatever_one_wrong_point_says(tmp_path):
    far = [(f"远{n}", 1, 1, 119.5 + n, 30.2) for n in range(1)]
    write_csv(tmp_path, [HEADER, *ROWS, ("中苑", 1, 1, 115.07, 30.2), *far])
    assert study_crs(plan(tmp_path, crs="auto")).to_epsg() == 4547


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "GCJ-02", "EPSG:3395", "EPSG:2225", "no system"])
def test_systems_that_cannot_measure_metres_are_refused(tmp_path, crs):
    with pytest.raises(CrsError):
        study_crs(plan(tmp_path, crs=crs))


def test_a_metric_system_is_taken_as_named(tmp_path):
    assert study_crs(plan(tmp_path, crs="EPSG:32650")).to_epsg() == 32650


def test_a_study_far_outside_its_system_is_warned_about(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    config = plan(tmp_path, crs="EPSG:4549")
    assert "crs.study_outside_area" in {note.code for note in load_demand(config, study_crs(config)).notes}


def test_missing_files_are_named_all_at_once(tmp_path):
    (tmp_path / "site.csv").write_text("x")
    config = plan(tmp_path, sites={"path": "sites.csv"}, grids={"path": "grids.gpkg"})
    with pytest.raises(InputError) as refused:
        input_paths(config)
    assert {fault.column for fault in refused.value.faults} == {
        "demand.path",
        "sites.path",
        "grids.path",
        "network.path",
    }
    assert "site.csv" in refused.value.in_language("en")


def test_every_file_of_the_plan_is_listed_with_the_parts_of_shapefiles(tmp_path):
    for name in ("homes.shp", "homes.shx", "homes.dbf", "homes.cpg", "streets.osm"):
        (tmp_path / name).write_text("x")
    listed = [path.name for path in input_paths(plan(tmp_path, {"path": "homes.shp"}))]
    assert listed == ["homes.shp", "homes.dbf", "homes.shx", "homes.cpg", "streets.osm"]


def test_a_shapefile_without_its_parts_is_refused(tmp_path):
    for name in ("homes.shp", "streets.osm"):
        (tmp_path / name).write_text("x")
    with pytest.raises(InputError, match="dbf"):
        input_paths(plan(tmp_path, {"path": "homes.shp"}))


# A town of uneven blocks, 100 to 300 m wide, at 115.07° E, 30.21° N.

SPACING = np.random.default_rng(7)
ACROSS = 600_000 + np.cumsum(SPACING.uniform(100, 300, 30))
ALONG = 3_340_000 + np.cumsum(SPACING.uniform(100, 300, 30))
STREETS = gpd.GeoSeries(
    [shapely.LineString([(ACROSS[0], y), (ACROSS[-1], y)]) for y in ALONG]
    + [shapely.LineString([(x, ALONG[0]), (x, ALONG[-1])]) for x in ACROSS],
    crs="EPSG:4547",
)
PLACES = {"houses at the street": 0.06, "compounds in the middle of their blocks": 0.5}


def town_homes(where):
    """One home in each block of the middle of the town."""
    share = PLACES[where]
    inner = slice(7, 22)
    east, north = np.meshgrid((ACROSS[:-1] + share * np.diff(ACROSS))[inner], (ALONG[:-1] + np.diff(ALONG) / 2)[inner])
    return gpd.GeoSeries(gpd.points_from_xy(east.ravel(), north.ravel()), crs="EPSG:4547").to_crs(4326)


def mistaken(homes):
    """Homes that are WGS-84, read as if they were GCJ-02."""
    return gpd.GeoSeries(gpd.points_from_xy(*gcj02_to_wgs84(homes.x, homes.y)), crs=4326)


@pytest.mark.parametrize("where", PLACES)
def test_no_other_system_fits_homes_better_that_are_read_in_the_right_one(where):
    codes = {note.code for note in better_fitting_system(town_homes(where), STREETS, "EPSG:4326")}
    assert "crs.other_system_fits_better" not in codes


@pytest.mark.parametrize("where", PLACES)
def test_homes_read_in_the_wrong_system_are_noticed_with_the_right_one(where):
    (note,) = better_fitting_system(mistaken(town_homes(where)), STREETS, "GCJ-02")
    assert note.code == "crs.other_system_fits_better"
    assert "as WGS-84 would" in note.text.en


def test_gcj02_taken_for_wgs84_is_noticed():
    homes = town_homes("houses at the street")
    shifted = gpd.GeoSeries(gpd.points_from_xy(*wgs84_to_gcj02(homes.x, homes.y)), crs=4326)
    (note,) = better_fitting_system(shifted, STREETS)
    assert "as GCJ-02 would" in note.text.en


def test_the_judgement_does_not_depend_on_the_order_of_the_homes():
    homes = mistaken(town_homes("houses at the street"))
    assert better_fitting_system(homes, STREETS, "GCJ-02") == better_fitting_system(homes[::-1], STREETS, "GCJ-02")


def test_few_homes_say_nothing():
    assert better_fitting_system(mistaken(town_homes("houses at the street")).iloc[:20], STREETS, "GCJ-02") == ()


@pytest.fixture(scope="module")
def wuhan_streets():
    return gpd.read_parquet(real_data("wuhan/streets.parquet")).geometry


def wuhan(declared):
    path = real_data("wuhan/neighbourhoods.csv")
    config = plan(
        path.parent,
        {"path": path.name, "crs": declared},
        crs="auto",
        needs=[{"group": "n_listings", "max_walk_min": 15}],
    )
    return load_demand(config, study_crs(config)).table.geometry


def test_the_neighbourhoods_of_wuhan_lie_nearer_to_the_streets_as_gcj02(wuhan_streets):
    """51 m against more than 80 m; but any short move of WGS-84 does the same, and the warning says that too."""
    (note,) = better_fitting_system(wuhan("EPSG:4326"), wuhan_streets, "EPSG:4326")
    assert note.code == "crs.other_system_nearer_streets"
    assert "as GCJ-02" in note.text.en
    assert "middle of their blocks" in note.text.en


def test_the_neighbourhoods_of_wuhan_stand_out_from_chance_only_as_wgs84(wuhan_streets):
    """As GCJ-02 they lie as far from the streets as after any move; as WGS-84 in the middle of their blocks."""
    (note,) = better_fitting_system(wuhan("GCJ-02"), wuhan_streets, "GCJ-02")
    assert note.code == "crs.other_system_fits_better"
    assert "as WGS-84 would" in note.text.en


def test_wuhan_is_read_whole():
    table = pd.read_csv(real_data("wuhan/neighbourhoods.csv"))
    homes = wuhan("EPSG:4326").to_crs(4326)
    assert sorted(homes.x.round(9)) == sorted(table["lon"].round(9))
