"""Zones keep candidates out, refuse required sites, and leave stations of today alone."""

import geopandas as gpd
import pytest
import shapely

from planner.errors import TableError
from planner.loading import keep_out_of_zones, load_zones, study_crs
from planner.model import Areas, CandidateSites
from tests.loading.plans import plan, write_geojson

CRS = "EPSG:4547"
EAST, NORTH = 603_000, 3_343_000


def square(column, width=100):
    return shapely.box(EAST + column * 100, NORTH, EAST + column * 100 + width, NORTH + 100)


def zones(*squares):
    names = [f"第{n}区" for n in range(1, len(squares) + 1)]
    table = gpd.GeoDataFrame({"name": names, "kind": "exclusion"}, geometry=list(squares), crs=CRS)
    return Areas("zone", table.set_axis([f"z{n}" for n in range(1, len(squares) + 1)], axis=0))


def sites(**where):
    """Sites by id: (status, metres east)."""
    rows = {"name": list(where), "status": [status for status, _ in where.values()], "cost_cny": 0.0}
    rows |= {"functions": "any", "floor_area_m2": 0.0, "acquisition": None}
    points = gpd.points_from_xy([EAST + offset for _, offset in where.values()], [NORTH + 50] * len(where))
    return CandidateSites(gpd.GeoDataFrame(rows, geometry=points, crs=CRS).set_axis(list(where), axis=0))


def told(found):
    return {note.code: note.examples for note in found.notes}


def test_candidates_inside_are_excluded_and_named_with_their_zone():
    found = keep_out_of_zones(sites(S1=("candidate", 50), S2=("candidate", 150)), zones(square(0)))
    assert found.table["status"].to_dict() == {"S1": "excluded", "S2": "candidate"}
    assert told(found) == {"zones.excluded": ("S1",)}
    assert "S1" in found.notes[0].text.en
    assert "第1区" in found.notes[0].text.en


def test_a_site_on_the_border_is_inside():
    assert keep_out_of_zones(sites(S1=("candidate", 100)), zones(square(0))).table["status"].item() == "excluded"


def test_stations_inside_are_told_and_stay():
    given = sites(S1=("existing", 50), S2=("under_construction", 60), S3=("excluded", 70))
    found = keep_out_of_zones(given, zones(square(0)))
    assert found.table["status"].tolist() == ["existing", "under_construction", "excluded"]
    assert told(found) == {"zones.stations_inside": ("S1", "S2")}


def test_every_required_site_inside_is_refused_at_once():
    given = sites(S1=("required", 50), S2=("required", 150), S3=("required", 250), S4=("candidate", 50))
    with pytest.raises(TableError) as refused:
        keep_out_of_zones(given, zones(square(0), square(1)))
    assert [(fault.found.en, fault.column) for fault in refused.value.faults] == [
        ("S1 is required, inside 第1区", "status"),
        ("S2 is required, inside 第2区", "status"),
    ]


def test_zones_that_overlap_are_both_named_and_no_zone_changes_nothing():
    given = sites(S1=("candidate", 50))
    (note,) = keep_out_of_zones(given, zones(square(0), square(0, width=60))).notes
    assert "第1区、第2区" in note.text.zh
    assert keep_out_of_zones(given, None) is given


def test_reversed_rows_exclude_the_same():
    given = sites(S1=("candidate", 50), S2=("candidate", 150), S3=("existing", 60))
    backward = CandidateSites(given.table.iloc[::-1])
    one = keep_out_of_zones(given, zones(square(0), square(3)))
    other = keep_out_of_zones(backward, zones(square(0), square(3)))
    assert one.table["status"].to_dict() == other.table["status"].sort_index().to_dict()
    assert [note.text for note in one.notes] == [note.text for note in other.notes]


def loaded(folder, rows):
    write_geojson(folder, rows, "zones.geojson", crs="EPSG:4547")
    config = plan(folder, zones={"path": "zones.geojson", "crs": "EPSG:4547"})
    return load_zones(config, study_crs(config))


def test_every_fault_of_a_file_of_zones_comes_at_once(tmp_path):
    rows = [
        (square(0), {"名称": "河岸", "类别": "禁建"}),
        (square(1), {"名称": "公园", "类别": "绿地"}),
        (shapely.Point(EAST, NORTH), {"名称": "点", "类别": "exclusion"}),
        (square(2), {"名称": "空", "类别": None}),
    ]
    with pytest.raises(TableError) as refused:
        loaded(tmp_path, rows)
    assert len(refused.value.faults) == 3


def test_kinds_are_read_in_both_languages_and_assumed_where_the_file_has_none(tmp_path):
    rows = [(square(0), {"name": "河岸", "kind": "禁建"}), (square(1), {"name": "厂区", "kind": "Exclusion"})]
    found = loaded(tmp_path, rows)
    assert found is not None
    assert found.table["kind"].tolist() == ["exclusion", "exclusion"]
    assert "zones.kind_assumed" not in {note.code for note in found.notes}
    found = loaded(tmp_path, [(square(0), {"name": "河岸"})])
    assert found is not None
    assert found.table["kind"].tolist() == ["exclusion"]
    assert "zones.kind_assumed" in {note.code for note in found.notes}
