"""What an OpenStreetMap file says of barriers."""

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from planner.errors import CrsError, NetworkError, TableError
from planner.model import Barriers
from planner.network import osm_barriers
from tests.network.osm_xml import write_osm
from tests.real_data import real_data

METRIC = CRS.from_epsg(4547)
SQUARE = {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (0, 10)}


def read(folder, tags, refs=(1, 2), within=None):
    """The kinds of barriers that one way makes."""
    file = write_osm(folder / "town.osm", SQUARE, [(1, refs, tags)])
    return osm_barriers(file, METRIC, within).table["kind"].tolist()


@pytest.mark.parametrize(
    ("kind", "tags"),
    [
        ("water", {"waterway": "river"}),
        ("water", {"waterway": "canal"}),
        ("water", {"waterway": "river", "layer": "-1"}),
        ("water", {"natural": "coastline"}),
        ("railway", {"railway": "rail"}),
        ("railway", {"railway": "light_rail", "tunnel": "no", "level": "0"}),
        ("railway", {"railway": "subway"}),
        ("wall", {"barrier": "wall"}),
        ("wall", {"barrier": "fence"}),
        ("wall", {"barrier": "city_wall"}),
    ],
)
def test_lines_that_bar(tmp_path, kind, tags):
    assert read(tmp_path, tags) == [kind]


@pytest.mark.parametrize(
    "tags",
    [
        {"waterway": "stream"},
        {"waterway": "drain"},
        {"waterway": "ditch"},
        {"waterway": "river", "tunnel": "culvert"},
        {"waterway": "canal", "bridge": "aqueduct"},
        {"railway": "subway", "tunnel": "yes"},
        {"railway": "subway", "level": "-1"},
        {"railway": "subway", "location": "underground"},
        {"railway": "rail", "bridge": "viaduct"},
        {"railway": "rail", "covered": "yes"},
        {"railway": "tram"},
        {"railway": "abandoned"},
        {"barrier": "kerb"},
        {"barrier": "gate"},
        {"highway": "footway"},
    ],
)
def test_lines_that_do_not(tmp_path, tags):
    assert read(tmp_path, tags) == []


def test_a_lake_is_one_area_and_a_closed_wall_one_line(tmp_path):
    assert read(tmp_path, {"natural": "water"}, (1, 2, 3, 4, 1)) == ["water"]
    assert read(tmp_path, {"barrier": "wall"}, (1, 2, 3, 4, 1)) == ["wall"]
    assert read(tmp_path, {"natural": "water", "tunnel": "yes"}, (1, 2, 3, 4, 1)) == []


def test_only_what_touches_the_box_is_read(tmp_path):
    assert read(tmp_path, {"barrier": "wall"}, within=(0, 0, 1, 1)) == []


def test_files_of_another_kind_have_no_barriers(tmp_path):
    assert len(osm_barriers(tmp_path / "streets.gpkg", METRIC)) == 0


def test_a_broken_file_is_refused(tmp_path):
    (tmp_path / "bad.osm").write_text("<osm", encoding="utf-8")
    with pytest.raises(NetworkError):
        osm_barriers(tmp_path / "bad.osm", METRIC)


def test_helsinki_has_all_kinds_and_no_underground(tmp_path):
    table = osm_barriers(real_data("helsinki/helsinki.osm.pbf"), CRS.from_epsg(32635)).table
    counts = table["kind"].value_counts()
    assert counts["railway"] > 100
    assert counts["wall"] > 200
    assert counts["water"] > 5


def test_barriers_need_a_metric_system_and_known_kinds():
    line = shapely.LineString([(0, 0), (1, 1)])
    with pytest.raises(CrsError):
        Barriers(gpd.GeoDataFrame({"kind": ["wall"]}, geometry=[line], crs=4326))
    with pytest.raises(TableError) as refused:
        Barriers(gpd.GeoDataFrame({"kind": ["wall", "hill", "dyke"]}, geometry=[line] * 3, crs=METRIC))
    assert [fault.row for fault in refused.value.faults] == [3, 4]
