"""Boundaries of compounds, and who lives inside."""

import geopandas as gpd
import shapely

from planner.loading import compounds_of_homes, load_compounds, place_in_compounds
from planner.model import Compounds, Demand
from tests.catchments.random_streets import CORNER, METRES
from tests.catchments.test_gated import gates
from tests.loading.plans import plan, write_geojson


def box(*bounds):
    return shapely.transform(shapely.box(*bounds), lambda xy: xy + CORNER)


def homes(xy, compounds, shapes=None):
    points = [shapely.Point(CORNER + place) for place in xy]
    table = gpd.GeoDataFrame({"compound": compounds, "residents": 1.0}, geometry=points, crs=METRES)
    table.index = [f"h{k}" for k in range(len(points))]
    outlines = None if shapes is None else gpd.GeoSeries(shapes, index=table.index, crs=METRES)
    return Demand(table, ("residents",), outlines)


def test_compounds_that_overlap_by_more_than_a_sliver_are_named(tmp_path):
    shapes = [box(0, 0, 100, 100), box(99, 0, 200, 100), box(150, 0, 300, 100)]
    rows = [(shape, {"小区": name}) for shape, name in zip(shapes, "ABC", strict=True)]
    write_geojson(tmp_path, rows, "compounds.geojson", crs="EPSG:4547")
    config = plan(tmp_path, compounds={"path": "compounds.geojson", "crs": "EPSG:4547"})
    found = load_compounds(config, METRES)
    (note,) = [note for note in found.notes if note.code == "compounds.overlap"]
    assert note.examples == ("B/C",)
    assert found.walled.index.tolist() == ["A", "B", "C"]


def test_who_names_no_compound_belongs_to_the_smaller_one_around():
    compounds = Compounds(
        gpd.GeoDataFrame(index=["large", "small"], geometry=[box(0, 0, 100, 100), box(0, 0, 50, 50)], crs=METRES)
    )
    placed = place_in_compounds(homes([(10, 10), (80, 80), (200, 0), (10, 10)], [None, None, None, "large"]), compounds)
    assert placed.table["compound"].tolist() == ["small", "large", None, "large"]
    assert [note.code for note in placed.notes] == ["compounds.placed"]
    outside = place_in_compounds(homes([(200, 0)], ["small"]), compounds)
    assert [(note.code, note.examples) for note in outside.notes] == [("compounds.elsewhere", ("h0",))]


def test_a_home_s_own_polygon_is_a_boundary_only_with_a_gate_at_it():
    shapes = [box(0, 0, 50, 50), box(100, 0, 150, 50), box(200, 0, 210, 10), box(220, 0, 230, 10)]
    demand = homes([(25, 25), (125, 25), (205, 5), (225, 5)], ["A", "B", "C", "C"], shapes)
    found = compounds_of_homes(demand, gates([(25, -5), (125, 100), (205, 0)], "ABC"))
    assert found.names.tolist() == ["A"]
    assert compounds_of_homes(demand, None) is None
