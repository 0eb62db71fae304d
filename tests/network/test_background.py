"""What a map is drawn on."""

from pathlib import Path

import pytest
from pyproj import CRS

from planner.errors import NetworkError
from planner.network import osm_background
from tests.network.osm_xml import write_osm

METRIC = CRS.from_epsg(4547)
SQUARE = {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (0, 10)}
HOLE = {5: (2, 2), 6: (8, 2), 7: (8, 8), 8: (2, 8)}


def _read(folder: Path, nodes: dict, ways: list, relations: str = "", within=None):
    return osm_background(write_osm(folder / "town.osm", nodes, ways, relations=relations), METRIC, within)


@pytest.mark.parametrize(
    ("layer", "tags"),
    [
        ("water", {"natural": "water"}),
        ("water", {"waterway": "riverbank"}),
        ("green", {"leisure": "park"}),
        ("green", {"landuse": "recreation_ground"}),
        ("buildings", {"building": "apartments"}),
    ],
)
def test_areas_go_to_their_layer_at_their_true_size(tmp_path: Path, layer: str, tags: dict[str, str]) -> None:
    found = _read(tmp_path, SQUARE, [(1, [1, 2, 3, 4, 1], tags)])
    sizes = {name: len(getattr(found, name)) for name in ("water", "green", "buildings", "walls")}
    assert sizes == {**dict.fromkeys(sizes, 0), layer: 1}
    shape = getattr(found, layer)
    assert shape.crs == METRIC
    assert shape.area.iloc[0] == pytest.approx(96.49 * 110.86, rel=1e-3)


def test_an_island_is_no_water(tmp_path: Path) -> None:
    ways = [(1, [1, 2, 3, 4, 1], {}), (2, [5, 6, 7, 8, 5], {})]
    relation = (
        '<relation id="1" version="1"><member type="way" ref="1" role="outer"/>'
        '<member type="way" ref="2" role="inner"/>'
        '<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>'
    )
    found = _read(tmp_path, SQUARE | HOLE, ways, relation)
    assert found.water.area.sum() == pytest.approx(96.49 * 110.86 * (1 - 0.36), rel=1e-3)


def test_rivers_have_a_width_and_culverts_are_not_seen(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0)}
    ways = [
        (1, [1, 2], {"waterway": "river", "width": "40"}),
        (2, [2, 3], {"waterway": "stream", "tunnel": "culvert"}),
    ]
    found = _read(tmp_path, nodes, ways)
    assert found.water.area.sum() == pytest.approx(96.49 * 40 + 3.14 * 20**2, rel=0.01)


def test_walls_are_lines(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (10, 0), 3: (20, 0, {"barrier": "gate"})}
    ways = [(1, [1, 2], {"barrier": "wall"}), (2, [2, 3], {"barrier": "kerb"})]
    found = _read(tmp_path, nodes, ways)
    assert found.walls.length.tolist() == pytest.approx([96.49], rel=1e-3)


def test_only_what_touches_the_box_is_kept(tmp_path: Path) -> None:
    far = {10: (100, 0), 11: (110, 0), 12: (110, 10)}
    ways = [(1, [1, 2, 3, 1], {"building": "yes"}), (2, [10, 11, 12, 10], {"building": "yes"})]
    everything = _read(tmp_path, SQUARE | far, ways)
    assert len(everything.buildings) == 2
    near = _read(tmp_path, SQUARE | far, ways, within=tuple(everything.buildings.iloc[[0]].total_bounds))
    assert len(near.buildings) == 1


def test_credit_is_given_where_it_is_due(tmp_path: Path) -> None:
    assert _read(tmp_path, SQUARE, []).attribution == ("© OpenStreetMap contributors, ODbL",)
    made_up = write_osm(tmp_path / "made_up.osm", SQUARE, [], generator="Synthetic town")
    assert osm_background(made_up, METRIC).attribution == ()


def test_other_files_have_no_background(tmp_path: Path) -> None:
    found = osm_background(tmp_path / "streets.gpkg", METRIC)
    assert len(found.water) == len(found.walls) == 0
    assert found.water.crs == METRIC


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.osm").write_text("<osm")
    with pytest.raises(NetworkError):
        osm_background(tmp_path / "bad.osm", METRIC)


@pytest.mark.parametrize(
    ("tags", "drawn"),
    [
        ({"railway": "rail"}, 1),
        ({"railway": "tram", "bridge": "yes"}, 1),
        ({"railway": "subway", "tunnel": "yes"}, 0),
        ({"railway": "abandoned"}, 0),
    ],
)
def test_railways_above_the_ground_are_drawn(tmp_path: Path, tags: dict[str, str], drawn: int) -> None:
    found = _read(tmp_path, SQUARE, [(1, [1, 2], tags)])
    assert (len(found.railways), len(found.walls), len(found.water)) == (drawn, 0, 0)
