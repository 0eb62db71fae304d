"""Shifted systems are exact, and every layer says which system it is in."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod

from planner.errors import CrsError
from planner.loading.coordinates import (
    bd09_to_wgs84,
    declared_crs,
    gcj02_to_wgs84,
    parse_crs,
    same_system,
    to_study_crs,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from planner.loading.raw import RawTable

ELLIPSOID = Geod(ellps="WGS84")
CGCS_114 = CRS.from_epsg(4547)
chinese = st.tuples(st.floats(74, 134), st.floats(18, 53))
foreign = st.one_of(
    st.tuples(st.floats(-180, 71), st.floats(-90, 90)), st.tuples(st.floats(74, 134), st.floats(-90, 0))
)


@given(chinese)
def test_gcj02_and_back_is_less_than_a_millimetre_off(place):
    back = gcj02_to_wgs84(*wgs84_to_gcj02(*place))
    assert ELLIPSOID.inv(*place, *map(float, back))[2] < 1e-3


@given(chinese)
def test_bd09_and_back_is_less_than_a_millimetre_off(place):
    back = bd09_to_wgs84(*wgs84_to_bd09(*place))
    assert ELLIPSOID.inv(*place, *map(float, back))[2] < 1e-3


@given(chinese)
def test_undoing_the_shift_and_shifting_again_is_exact_too(place):
    again = wgs84_to_gcj02(*gcj02_to_wgs84(*place))
    assert ELLIPSOID.inv(*place, *map(float, again))[2] < 1e-3


@given(foreign)
def test_nothing_is_shifted_abroad(place):
    for shift in (wgs84_to_gcj02, gcj02_to_wgs84, wgs84_to_bd09, bd09_to_wgs84):
        assert tuple(map(float, shift(*place))) == place


@pytest.mark.parametrize(
    ("lon", "lat", "gcj_m", "bd_m"),
    [(114.33, 29.85, 590, 1216), (115.09, 30.20, 588, 1225), (119.38, 25.72, 578, 1206), (117.28, 31.75, 566, 1217)],
)
def test_the_shift_is_as_long_as_other_implementations_say(lon, lat, gcj_m, bd_m):
    """Xianning, Huangshi, Fuqing, Hefei; lengths from eviltransform at approximate centres."""
    assert ELLIPSOID.inv(lon, lat, *map(float, wgs84_to_gcj02(lon, lat)))[2] == pytest.approx(gcj_m, abs=2)
    assert ELLIPSOID.inv(lon, lat, *map(float, wgs84_to_bd09(lon, lat)))[2] == pytest.approx(bd_m, abs=5)


def test_the_shift_goes_east_south_east_at_huangshi():
    """Longitude comes first: a mixed-up order would point somewhere else."""
    lon, lat = wgs84_to_gcj02(115.09, 30.20)
    assert ELLIPSOID.inv(115.09, 30.20, float(lon), float(lat))[0] == pytest.approx(116, abs=1)


def test_arrays_are_shifted_as_single_points_are():
    lon, lat = np.array([115.0, 2.0, 119.5]), np.array([30.0, 48.0, 26.0])
    east, north = wgs84_to_gcj02(lon, lat)
    singly = [wgs84_to_gcj02(*place) for place in zip(lon, lat, strict=True)]
    assert [(float(x), float(y)) for x, y in singly] == list(zip(east, north, strict=True))


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(115.07, 30.21),
        shapely.MultiPoint([(115.07, 30.21), (115.08, 30.22)]),
        shapely.LineString([(115.07, 30.21), (115.08, 30.22)]),
        shapely.box(115.07, 30.21, 115.08, 30.22),
        shapely.box(115.0, 30.0, 116.0, 31.0).difference(shapely.box(115.4, 30.4, 115.6, 30.6)),
        shapely.GeometryCollection([shapely.Point(115.07, 30.21), shapely.LineString([(115, 30), (116, 31)])]),
        shapely.Point(115.07, 30.21, 25.0),
    ],
)
def test_geometry_of_every_type_is_moved_as_its_points_are(shape):
    moved = to_study_crs(gpd.GeoSeries([shape]), "GCJ-02", CGCS_114)[0]
    assert moved.geom_type == shape.geom_type
    assert not moved.has_z
    first = shapely.get_coordinates(shape)[:1]
    lon, lat = gcj02_to_wgs84(first[:, 0], first[:, 1])
    expected = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(CGCS_114)[0]
    assert shapely.get_coordinates(moved)[0] == pytest.approx((expected.x, expected.y), abs=1e-6)


def test_eastings_come_first_although_the_system_declares_northings_first():
    moved = to_study_crs(gpd.GeoSeries([shapely.Point(115.07, 30.2)]), CRS.from_epsg(4490), CGCS_114)[0]
    assert moved.x == pytest.approx(603_000, abs=2000)
    assert moved.y == pytest.approx(3_342_000, abs=2000)


@pytest.mark.parametrize("words", ["GCJ-02", "gcj02", "GCJ_02", "火星坐标系", "高德"])
def test_gcj02_may_be_written_as_people_write_it(words):
    assert parse_crs(words, "plan.toml", "demand.crs") == "GCJ-02"


@pytest.mark.parametrize(("words", "code"), [("4547", 4547), ("EPSG:4490", 4490), ("WGS-84", 4326), ("CGCS2000", 4490)])
def test_systems_with_a_code_are_known_by_code_or_name(words, code):
    assert parse_crs(words, "plan.toml", "crs").to_epsg() == code


def test_an_unknown_system_is_refused_with_what_is_possible():
    with pytest.raises(CrsError, match="GCJ-02"):
        parse_crs("西安坐标", "plan.toml", "demand.crs")


def _raw(declared, *places, by_default=False):
    shapes = gpd.GeoSeries([shapely.Point(place) for place in places or [(115.07, 30.21)]])
    return RawTable("homes.geojson", shapes.to_frame("shape").drop(columns="shape"), shapes, declared, by_default)


def test_a_layer_without_a_system_is_refused_with_the_key_to_add():
    with pytest.raises(CrsError, match=r"\[sites\]") as refused:
        declared_crs(_raw(None), None, "sites")
    assert 'crs = "GCJ-02"' in refused.value.in_language("zh")


def test_the_plan_wins_over_a_file_that_only_calls_itself_wgs84():
    declared, notes = declared_crs(_raw(CRS.from_epsg(4326)), "GCJ-02", "demand")
    assert declared == "GCJ-02"
    assert [note.code for note in notes] == ["crs.plan_over_file"]


def test_any_other_contradiction_is_refused():
    for file, planned in ((4547, "GCJ-02"), (4547, "EPSG:4548"), (4326, "EPSG:4547")):
        with pytest.raises(CrsError, match="contradict"):
            declared_crs(_raw(CRS.from_epsg(file)), planned, "demand")


def test_a_geojson_in_metres_that_declares_nothing_may_be_declared_in_the_plan():
    raw = _raw(CRS.from_epsg(4326), (603_000, 3_343_000), by_default=True)
    declared, _ = declared_crs(raw, "EPSG:4547", "demand")
    assert declared.to_epsg() == 4547


def test_wgs84_and_cgcs2000_do_not_contradict_each_other():
    assert same_system(CRS.from_epsg(4326), CRS.from_epsg(4490))
    assert not same_system(CRS.from_epsg(4547), CRS.from_epsg(4526))
    assert declared_crs(_raw(CRS.from_epsg(4326)), "EPSG:4490", "demand")[1] == ()


def test_an_old_datum_is_used_with_a_warning():
    _, notes = declared_crs(_raw(CRS.from_epsg(2435), (603_000, 3_343_000)), None, "demand")
    assert [note.code for note in notes] == ["crs.old_datum"]
