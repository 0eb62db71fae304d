"""Homes find their grid by name or by place, and are never put into one by guessing."""

import geopandas as gpd
import pytest
import shapely

from planner.errors import TableError
from planner.loading import assign_grids, load_background, load_barriers, load_grids, study_crs
from planner.model import Areas, Demand
from tests.loading.plans import plan, write_geojson

CRS = "EPSG:4547"
EAST, NORTH = 603_000, 3_343_000


def square(column, width=100):
    return shapely.box(EAST + column * 100, NORTH, EAST + column * 100 + width, NORTH + 100)


def areas(*squares, names=None):
    table = gpd.GeoDataFrame(
        {"name": names or [f"第{n}网格" for n in range(1, len(squares) + 1)]}, geometry=list(squares), crs=CRS
    )
    return Areas("grid", table.set_axis([f"g{n}" for n in range(1, len(squares) + 1)], axis=0))


def homes(*offsets, **columns):
    points = gpd.points_from_xy([EAST + offset for offset in offsets], [NORTH + 50] * len(offsets))
    table = gpd.GeoDataFrame({"resident_population": [1.0] * len(offsets), **columns}, geometry=points, crs=CRS)
    return Demand(table.set_axis([f"h{n}" for n in range(1, len(offsets) + 1)], axis=0), ("resident_population",))


def assigned(demand, grids):
    found = assign_grids(demand, grids)
    return found.table["grid"].tolist(), {note.code for note in found.notes}


def test_without_grids_the_demand_stays_as_it_is():
    demand = homes(50)
    assert assign_grids(demand, None) is demand


def test_a_home_belongs_to_the_grid_it_lies_in():
    assert assigned(homes(50, 150), areas(square(0), square(1))) == (["g1", "g2"], set())


def test_a_home_in_no_grid_or_in_two_gets_none_and_is_named():
    grids = areas(square(0), square(0, width=60), square(3))
    found, codes = assigned(homes(30, 80, 950), grids)
    assert found == [None, "g1", None]
    assert codes == {"grids.overlap", "grids.outside"}


def test_a_home_on_the_line_between_two_grids_is_in_both():
    assert assigned(homes(100), areas(square(0), square(1))) == ([None], {"grids.overlap"})


def test_homes_may_name_their_grid_by_id_or_by_name():
    grids = areas(square(0), square(1))
    assert assigned(homes(50, 50, grid=["g2", "第1网格"]), grids) == (["g2", "g1"], set())


def test_a_name_that_two_grids_share_names_none():
    grids = areas(square(0), square(1), names=["网格", "网格"])
    assert assigned(homes(50, grid=["网格"]), grids) == ([None], {"grids.unknown"})


def test_grids_that_the_layer_does_not_know_are_named():
    demand = assign_grids(homes(50, 50, grid=["第9网格", None]), areas(square(0)))
    codes = {note.code: note for note in demand.notes}
    assert demand.table["grid"].tolist() == [None, None]
    assert codes["grids.unknown"].examples == ("第9网格",)
    assert codes["grids.not_stated"].examples == ("h2",)


def test_reversed_homes_and_grids_find_the_same():
    demand, grids = homes(30, 80, 950), areas(square(0), square(0, width=60), square(3))
    backward = Demand(demand.table.iloc[::-1], demand.groups)
    reversed_grids = Areas("grid", grids.table.iloc[::-1])
    assert assign_grids(backward, reversed_grids).table["grid"].sort_index().tolist() == [None, "g1", None]


def write_grids(folder, *shapes):
    degrees = gpd.GeoSeries(list(shapes), crs=CRS).to_crs(4326)
    write_geojson(
        folder,
        [
            (shape, {"网格编号": f"WG{n}", "网格名称": f"第{n}网格", "所属社区": "一社区"})
            for n, shape in enumerate(degrees, 1)
        ],
        "grids.geojson",
    )
    return plan(folder, grids={"path": "grids.geojson"})


def test_grids_are_read_with_ids_names_and_communities(tmp_path):
    config = write_grids(tmp_path, square(0), square(1))
    grids = load_grids(config, study_crs(config))
    assert grids.table.index.tolist() == ["WG1", "WG2"]
    assert grids.table["name"].tolist() == ["第1网格", "第2网格"]
    assert grids.table.area.tolist() == pytest.approx([10_000, 10_000], rel=1e-3)


def test_grids_that_are_points_are_refused(tmp_path):
    config = write_grids(tmp_path, square(0), square(1).centroid)
    with pytest.raises(TableError) as refused:
        load_grids(config, study_crs(config))
    assert [fault.row for fault in refused.value.faults] == [2]


def test_a_background_is_sorted_by_its_kinds(tmp_path):
    degrees = gpd.GeoSeries([square(0), square(1), shapely.LineString(square(2).exterior)], crs=CRS).to_crs(4326)
    write_geojson(
        tmp_path, zip(degrees, [{"类别": "湖泊"}, {"类别": "公园"}, {"类别": "围墙"}], strict=True), "land.geojson"
    )
    config = plan(tmp_path, background={"path": "land.geojson"})
    land = load_background(config, study_crs(config))
    assert [len(part) for part in (land.water, land.green, land.buildings, land.walls)] == [1, 1, 0, 1]


def test_water_railways_and_walls_of_a_background_bar(tmp_path):
    degrees = gpd.GeoSeries([square(0), square(1), shapely.LineString(square(2).exterior)], crs=CRS).to_crs(4326)
    write_geojson(
        tmp_path, zip(degrees, [{"类别": "湖泊"}, {"类别": "公园"}, {"类别": "铁路"}], strict=True), "land.geojson"
    )
    config = plan(tmp_path, background={"path": "land.geojson"})
    assert load_barriers(config, study_crs(config)).table["kind"].tolist() == ["water", "railway"]
    assert len(load_background(config, study_crs(config)).walls) == 0
    assert load_barriers(plan(tmp_path), study_crs(config)) is None


def test_an_unknown_kind_of_background_is_a_fault(tmp_path):
    write_geojson(tmp_path, [(shapely.box(115, 30, 115.1, 30.1), {"类别": "沙漠"})], "land.geojson")
    config = plan(tmp_path, background={"path": "land.geojson"})
    with pytest.raises(TableError, match="沙漠"):
        load_background(config, study_crs(config))
