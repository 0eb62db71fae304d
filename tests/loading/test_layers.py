"""GeoPackage, GeoJSON, Shapefile, Parquet, rasters, and buildings."""

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from planner.errors import CrsError, InputError, TableError
from planner.loading import load_demand, study_crs
from tests.loading.plans import HEADER, ROWS, need, plan, write_csv, write_geojson
from tests.real_data import real_data

HOMES = gpd.GeoDataFrame(
    {"小区名称": ["东苑", "西苑"], "常住人口": [260, 120]},
    geometry=gpd.points_from_xy([115.070, 115.072], [30.210, 30.212]),
    crs=4326,
)


def load(config):
    return load_demand(config, study_crs(config))


def codes(noun):
    return {note.code for note in noun.notes}


def expected():
    return HOMES.to_crs(4547).geometry


@pytest.mark.parametrize("name", ["homes.gpkg", "homes.geojson", "homes.shp", "homes.parquet", "metres.gpkg"])
def test_every_format_gives_the_same_homes(tmp_path, name):
    homes = HOMES.to_crs(4547) if name.startswith("metres") else HOMES
    if name.endswith(".parquet"):
        homes.to_parquet(tmp_path / name)
    else:
        homes.to_file(tmp_path / name, **({"encoding": "gb18030"} if name.endswith("shp") else {}))
    demand = load(plan(tmp_path, {"path": name}))
    assert demand.people("resident_population").tolist() == [260, 120]
    assert demand.table.index.tolist() == ["东苑", "西苑"]
    assert demand.table.geometry.geom_equals_exact(expected().set_axis(demand.table.index), 1e-3).all()


def test_a_shapefile_in_gbk_without_a_cpg_is_read_and_the_guess_told(tmp_path):
    HOMES.to_file(tmp_path / "homes.shp", encoding="gb18030")
    (tmp_path / "homes.cpg").unlink()
    demand = load(plan(tmp_path, {"path": "homes.shp"}))
    assert demand.table["compound"].tolist() == ["东苑", "西苑"]
    assert "table.encoding_guessed" in codes(demand)


def test_a_zipped_shapefile_is_read(tmp_path):
    HOMES.to_file(tmp_path / "homes.shp", encoding="gb18030")
    with zipfile.ZipFile(tmp_path / "homes.zip", "w") as parts:
        for part in tmp_path.glob("homes.*"):
            if part.suffix not in (".zip", ".cpg"):
                parts.write(part, part.name)
    assert load(plan(tmp_path, {"path": "homes.zip"})).table["compound"].tolist() == ["东苑", "西苑"]


def test_a_shapefile_in_a_folder_of_a_zip_is_read(tmp_path):
    HOMES.to_file(tmp_path / "homes.shp", encoding="gb18030")
    with zipfile.ZipFile(tmp_path / "homes.zip", "w") as parts:
        for part in sorted(tmp_path.glob("homes.*")):
            if part.suffix != ".zip":
                parts.write(part, f"小区数据/{part.name}")
    assert load(plan(tmp_path, {"path": "homes.zip"})).table["compound"].tolist() == ["东苑", "西苑"]


def test_a_broken_zip_and_one_without_a_shapefile_are_refused(tmp_path):
    (tmp_path / "homes.zip").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(TableError, match="not a zip file"):
        load(plan(tmp_path, {"path": "homes.zip"}))
    with zipfile.ZipFile(tmp_path / "homes.zip", "w") as parts:
        parts.writestr("readme.txt", "nothing")
    with pytest.raises(TableError, match=r"no \.shp"):
        load(plan(tmp_path, {"path": "homes.zip"}))


def test_a_shapefile_without_a_prj_must_be_declared(tmp_path):
    HOMES.to_file(tmp_path / "homes.shp", encoding="gb18030")
    (tmp_path / "homes.prj").unlink()
    with pytest.raises(CrsError, match=r"\[demand\]"):
        load(plan(tmp_path, {"path": "homes.shp"}))
    assert len(load(plan(tmp_path, {"path": "homes.shp", "crs": "EPSG:4490"}))) == 2


def test_plain_parquet_with_coordinate_columns_is_a_table(tmp_path):
    pd.DataFrame({"id": [1, 2], "population": [5, 6], "lon": [115.07, 115.08], "lat": [30.21, 30.22]}).to_parquet(
        tmp_path / "homes.parquet"
    )
    demand = load(plan(tmp_path, {"path": "homes.parquet", "crs": "GCJ-02"}))
    assert demand.table.index.tolist() == ["1", "2"]


def test_geojson_that_is_really_gcj02_is_moved_as_the_plan_says(tmp_path):
    HOMES.to_file(tmp_path / "homes.geojson")
    demand = load(plan(tmp_path, {"path": "homes.geojson", "crs": "GCJ-02"}))
    moved_m = demand.table.geometry.reset_index(drop=True).distance(expected())
    assert moved_m.between(570, 610).all()
    assert "crs.plan_over_file" in codes(demand)


def test_outlines_give_a_point_inside_and_are_kept_to_draw(tmp_path):
    ring = shapely.box(115.0700, 30.2100, 115.0720, 30.2120).difference(
        shapely.box(115.0705, 30.2105, 115.0715, 30.2115)
    )
    write_geojson(
        tmp_path,
        [(ring, {"id": "a", "人口": 9}), (shapely.Point(115.07, 30.21), {"id": "b", "人口": 1})],
        "homes.geojson",
    )
    demand = load(plan(tmp_path, {"path": "homes.geojson"}))
    assert demand.shapes is not None
    assert demand.shapes["a"].contains(demand.table.geometry["a"])
    assert demand.shapes["b"] is None


def test_a_crossed_outline_is_repaired_and_told(tmp_path):
    bow_tie = shapely.Polygon([(115.07, 30.21), (115.072, 30.212), (115.072, 30.21), (115.07, 30.212)])
    write_geojson(tmp_path, [(bow_tie, {"id": "a", "人口": 9})], "homes.geojson")
    demand = load(plan(tmp_path, {"path": "homes.geojson"}))
    assert demand.shapes["a"].is_valid
    assert "geometry.made_valid" in codes(demand)


def test_lines_and_missing_geometry_are_faults_with_the_features_number(tmp_path):
    line = shapely.LineString([(115.07, 30.21), (115.08, 30.21)])
    write_geojson(
        tmp_path,
        [
            (shapely.Point(115.07, 30.21), {"id": "a", "人口": 9}),
            (line, {"id": "b", "人口": 9}),
            (None, {"id": "c", "人口": 9}),
        ],
        "homes.geojson",
    )
    with pytest.raises(TableError) as refused:
        load(plan(tmp_path, {"path": "homes.geojson"}))
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(2, "geometry"), (3, "geometry")]


def test_an_empty_layer_is_refused(tmp_path):
    HOMES.iloc[:0].to_file(tmp_path / "homes.gpkg")
    with pytest.raises(TableError, match="no features"):
        load(plan(tmp_path, {"path": "homes.gpkg"}))


def test_only_what_lies_within_the_box_is_demand(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    demand = load(plan(tmp_path, {"path": "homes.csv", "crs": "EPSG:4326", "within": [115.071, 30.2, 115.08, 30.3]}))
    assert demand.table.index.tolist() == ["西苑"]
    assert "demand.outside_left_out" in codes(demand)


def test_a_box_without_homes_is_refused(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    with pytest.raises(InputError, match="within"):
        load(plan(tmp_path, {"path": "homes.csv", "crs": "EPSG:4326", "within": [100, 30.2, 101, 30.3]}))


# Rasters


def write_raster(folder, name, people, west=115.0, north=30.5, cell=0.01, crs="EPSG:4326", nodata=-1.0, bands=1):
    values = np.asarray(people, dtype="float32")
    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": bands,
        "dtype": "float32",
    }
    with rasterio.open(
        folder / name, "w", crs=crs, transform=from_origin(west, north, cell, cell), nodata=nodata, **profile
    ) as raster:
        for band in range(bands):
            raster.write(values, band + 1)


def rasters(folder, within=None, **files):
    return plan(folder, {"rasters": files, "within": within}, needs=need(next(iter(files))))


def test_every_cell_with_people_is_a_point_at_its_centre(tmp_path):
    write_raster(tmp_path, "all.tif", [[-1, 2.5], [0, 4]])
    demand = load(rasters(tmp_path, resident_population="all.tif"))
    assert sorted(demand.people("resident_population")) == [2.5, 4]
    centre = demand.table.to_crs(4326).geometry["r0c1"]
    assert (centre.x, centre.y) == (pytest.approx(115.015), pytest.approx(30.495))


def test_rasters_are_joined_cell_by_cell_also_where_one_is_cut_smaller(tmp_path):
    write_raster(tmp_path, "all.tif", [[1, 2, 0], [3, 0, 0]])
    write_raster(tmp_path, "old.tif", [[0.5], [7]], west=115.01)
    demand = load(rasters(tmp_path, resident_population="all.tif", elderly_population="old.tif"))
    table = demand.table.sort_index()
    assert table.index.tolist() == ["r0c0", "r0c1", "r1c0", "r1c1"]
    assert table["resident_population"].tolist() == [1, 2, 3, 0]
    assert table["elderly_population"].tolist() == [0, 0.5, 0, 7]


@pytest.mark.parametrize("other", [{"west": 115.003}, {"cell": 0.02}, {"crs": "EPSG:4490"}])
def test_rasters_on_different_grids_are_refused(tmp_path, other):
    write_raster(tmp_path, "all.tif", [[1, 2], [3, 4]])
    write_raster(tmp_path, "old.tif", [[1, 2], [3, 4]], **other)
    with pytest.raises(TableError, match="grid"):
        load(rasters(tmp_path, resident_population="all.tif", elderly_population="old.tif"))


def test_a_box_keeps_the_cells_whose_centre_lies_inside(tmp_path):
    write_raster(tmp_path, "all.tif", [[1, 2], [3, 4]])
    demand = load(rasters(tmp_path, within=[115.0, 30.49, 115.011, 30.5], resident_population="all.tif"))
    assert demand.people("resident_population").tolist() == [1]


def test_negative_people_and_several_bands_are_refused(tmp_path):
    write_raster(tmp_path, "all.tif", [[1, -2]], nodata=None)
    with pytest.raises(TableError, match="below zero"):
        load(rasters(tmp_path, resident_population="all.tif"))
    write_raster(tmp_path, "two.tif", [[1, 2]], bands=2)
    with pytest.raises(TableError, match="bands"):
        load(rasters(tmp_path, resident_population="two.tif"))


def test_the_people_of_wuhan_are_all_there():
    """Sums by rasterio itself are the peer."""
    paths = {
        group: str(real_data(f"wuhan/population_{part}.tif"))
        for group, part in (("adult_population", "20_to_59"), ("elderly_population", "60_to_79"))
    }
    demand = load(plan(real_data("wuhan"), {"rasters": paths}, crs="auto", needs=need("adult_population")))
    for group, path in paths.items():
        with rasterio.open(path) as raster:
            assert demand.people(group).sum() == pytest.approx(
                float(raster.read(1, masked=True).astype("float64").sum())
            )


# Buildings

SQUARE = shapely.box(115.0700, 30.2100, 115.0702, 30.2102)
ESTIMATE = {"floor_area_m2_per_person": 40, "default_storeys": 2}


def write_buildings(folder):
    write_geojson(
        folder,
        [
            (SQUARE, {"id": 1, "building": "apartments", "building:levels": "6"}),
            (SQUARE, {"id": 2, "building": "house", "building:levels": None}),
            (SQUARE, {"id": 3, "building": "school", "building:levels": "4"}),
            (SQUARE, {"id": 4, "building": "yes", "building:levels": None}),
        ],
        "homes.geojson",
    )


def test_people_of_buildings_are_footprint_times_storeys_over_floor_area_each(tmp_path):
    write_buildings(tmp_path)
    demand = load(plan(tmp_path, {"path": "homes.geojson", "estimate": ESTIMATE}))
    area_m2 = gpd.GeoSeries([SQUARE], crs=4326).to_crs(4547).area[0]
    assert demand.people("resident_population").tolist() == pytest.approx([area_m2 * 6 / 40, area_m2 * 2 / 40])
    (note,) = [note for note in demand.notes if note.code == "demand.estimated"]
    assert note.level == "assumption"
    assert "estimate" in note.text.en


def test_buildings_without_an_estimate_are_refused_with_the_key(tmp_path):
    write_buildings(tmp_path)
    with pytest.raises(TableError, match=r"demand\.estimate"):
        load(plan(tmp_path, {"path": "homes.geojson"}))


def test_an_estimate_for_people_who_are_counted_is_refused(tmp_path):
    write_csv(tmp_path, [HEADER, *ROWS])
    with pytest.raises(TableError, match="count people already"):
        load(plan(tmp_path, {"path": "homes.csv", "crs": "EPSG:4326", "estimate": ESTIMATE}))


def test_buildings_of_an_openstreetmap_file_are_demand(tmp_path):
    demand = load(
        plan(tmp_path, {"path": str(real_data("beijing_haidian/haidian_2017.osm")), "estimate": ESTIMATE}, crs="auto")
    )
    assert set(demand.table["building"]) <= {
        "apartments",
        "residential",
        "house",
        "dormitory",
        "bungalow",
        "terrace",
        "detached",
    }
    assert demand.table.index.str.match(r"^(way|relation)/\d+$").all()
    assert (demand.people("resident_population") > 0).all()


def test_the_residential_buildings_of_haidian_are_counted(tmp_path):
    path = real_data("beijing_haidian/buildings_2025.geojson")
    demand = load(plan(tmp_path, {"path": str(path), "estimate": ESTIMATE}, crs="auto"))
    kinds = gpd.read_file(path)["building"]
    assert len(demand) == kinds.isin(["residential", "dormitory", "bungalow"]).sum()


def test_a_raster_keeps_the_name_its_plan_gives_it(tmp_path):
    write_raster(tmp_path, "old.tif", [[1, 2]])
    demand = load(rasters(tmp_path, population_60_plus="old.tif"))
    assert demand.groups == ("population_60_plus",)
    assert sorted(demand.people("population_60_plus")) == [1, 2]


def test_a_raster_may_be_named_as_the_path_of_the_demand(tmp_path):
    write_raster(tmp_path, "all.tif", [[1, 2]])
    assert sorted(load(plan(tmp_path, {"path": "all.tif"})).people("resident_population")) == [1, 2]
