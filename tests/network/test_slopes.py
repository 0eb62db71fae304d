"""Slopes from a height model."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from rasterio.transform import Affine, from_origin

from planner.errors import NetworkError
from planner.model import WALKERS, Walker, tobler_level_metres
from planner.network import WalkNetwork, load_network, slope_note
from planner.network.off_ground import bridged_heights
from planner.network.terrain import read_terrain
from tests.network.osm_xml import LAT, LON, STEP, Nodes, Ways, write_osm

METRIC = "EPSG:4547"
TOBLER = Walker("plain", speed_m_s=1.0, slope="tobler")
PATH = {"highway": "footway"}
#: Metres of a ten-thousandth of a degree to the east at 30 N, and the place where test nodes begin.
EAST_M = 9.649
ORIGIN = np.array(Transformer.from_crs(4326, METRIC, always_xy=True).transform(LON, LAT))

Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


def write_heights(path: Path, height: Height, *, cell_m: float = 30.0, side_m: float = 3000.0, **profile) -> Path:
    """Write a height model around the town: `height` of metres east and north of node (0, 0)."""
    count = round(side_m / cell_m)
    west, north = ORIGIN[0] - side_m / 2, ORIGIN[1] + side_m / 2
    column, row = np.meshgrid(np.arange(count), np.arange(count))
    east_m, north_m = (column + 0.5) * cell_m - side_m / 2, side_m / 2 - (row + 0.5) * cell_m
    heights = np.broadcast_to(height(east_m, north_m), (count, count)).astype(profile.pop("dtype", "float64"))
    options = {"crs": METRIC, "transform": from_origin(west, north, cell_m, cell_m), "nodata": -9999.0} | profile
    with rasterio.open(
        path, "w", driver="GTiff", height=count, width=count, count=1, dtype=heights.dtype, **options
    ) as raster:
        raster.write(heights, 1)
    return path


@pytest.fixture
def on_hills(tmp_path: Path) -> Callable[..., WalkNetwork]:
    def load(nodes: Nodes, ways: Ways, height: Height | None, **profile) -> WalkNetwork:
        streets = write_osm(tmp_path / "town.osm", nodes, ways)
        heights = None if height is None else write_heights(tmp_path / "dem.tif", height, **profile)
        return load_network(streets, METRIC, elevation=heights, cache=False)

    return load


def plane(east: float = 0.0, north: float = 0.0) -> Height:
    return lambda x, y: 100 + east * x + north * y


NODES = {1: (0, 0), 2: (20, 0), 3: (20, 30), 4: (50, 30, {"barrier": "gate"}), 5: (70, 10)}
TOWN = [(1, [1, 2, 3, 4], PATH), (2, [4, 5, 2], {"highway": "residential"}), (3, [3, 5], {"highway": "steps"})]


def test_a_plane_gives_its_slope_to_every_path(on_hills) -> None:
    network = on_hills({1: (0, 0), 2: (40, 0)}, [(1, [1, 2], PATH)], plane(east=0.08))
    assert network.level_m[0] / network.length_m[0] == pytest.approx(math.exp(3.5 * 0.08), rel=1e-3)
    assert network.level_back_m[0] / network.length_m[0] == pytest.approx(math.exp(-3.5 * 0.02), rel=1e-3)
    assert network.steepest[0] == pytest.approx(0.08, rel=1e-3)
    assert network.steepest_back[0] == 0
    assert network.slope_from.tolist() == [2]


@pytest.mark.parametrize("level", [0.0, 12.345678, 3000.1])
@pytest.mark.parametrize("name", ["adult", "wheelchair"])
def test_level_ground_costs_exactly_what_no_heights_cost(on_hills, level: float, name: str) -> None:
    without = on_hills(NODES, TOWN, None)
    flat = on_hills(NODES, TOWN, lambda x, y: np.full_like(x, level), cell_m=7.0)
    assert flat.length_m.tolist() == flat.level_m.tolist() == flat.level_back_m.tolist()
    for one, other in zip(flat.walk_ms(Walker(name)), without.walk_ms(Walker(name)), strict=True):
        assert one.tolist() == other.tolist()


def test_around_a_cone_nothing_is_gained_and_to_its_top_the_way_is_longest(on_hills) -> None:
    """A cone of 10 %: its circle is level, its radius is not."""
    ring = {place: tuple(40 * np.array([np.cos(a), np.sin(a) * 0.87])) for place, a in enumerate(np.arange(36) / 5.73)}
    nodes = {place + 1: xy for place, xy in ring.items()} | {99: (0, 0), 98: (4, 0)}
    ways = [(1, [*range(1, 37)], PATH), (2, [1, 98], {"highway": "path"})]
    network = on_hills(nodes, ways, lambda x, y: 200 - 0.10 * np.hypot(x, y), cell_m=10.0)
    around, radial = np.argmax(network.length_m), np.argmin(network.length_m)
    assert network.level_m[around] / network.length_m[around] == pytest.approx(1.0, abs=0.01)
    both = network.level_m[radial], network.level_back_m[radial]
    assert max(both) / network.length_m[radial] == pytest.approx(math.exp(0.35), rel=0.02)


def test_noise_does_not_add_up_to_climbs(on_hills) -> None:
    """Cells of 30 m with errors of a metre: draped as they stand they would make a level path 5 % longer."""
    noise = np.random.default_rng(7).normal(0, 1.0, (100, 100))
    nodes = {place: (place * 3, place % 2) for place in range(1, 34)}
    network = on_hills(nodes, [(1, list(nodes), PATH)], lambda x, y: 100 + noise)
    both = (network.level_m + network.level_back_m).sum() / (2 * network.length_m.sum())
    assert both == pytest.approx(1.0, abs=0.005)
    assert max(network.steepest.max(), network.steepest_back.max()) < 0.04


def test_fine_cells_with_errors_are_averaged_over_some_thirty_metres(on_hills) -> None:
    noise = np.random.default_rng(8).normal(0, 0.3, (600, 600))
    nodes = {place: (place / 2, 0) for place in range(1, 100)}
    network = on_hills(nodes, [(1, list(nodes), PATH)], lambda x, y: 50 + 0.05 * x + noise, cell_m=2.0, side_m=1200.0)
    assert network.level_m.sum() / network.length_m.sum() == pytest.approx(math.exp(3.5 * 0.05), abs=0.01)


def test_tags_win_over_heights(on_hills) -> None:
    network = on_hills({1: (0, 0), 2: (40, 0)}, [(1, [1, 2], PATH | {"incline": "-2%"})], plane(east=0.08))
    assert network.level_m[0] / network.length_m[0] == pytest.approx(tobler_level_metres(-0.02))
    assert network.slope_from.tolist() == [1]


@pytest.mark.parametrize("tag", [{"bridge": "yes"}, {"tunnel": "yes"}, {"bridge": "viaduct"}])
def test_a_bridge_runs_straight_from_one_end_to_the_other(on_hills, tag: dict[str, str]) -> None:
    """A valley 20 m deep in the middle of 240 m; a bridge of two ways over it, both ends at one height."""

    def valley(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.minimum(100.0, 80 + np.abs(x - 241.2) / 4)

    nodes = {1: (0, 0), 2: (10, 0), 3: (25, 0), 4: (40, 0), 5: (50, 0), 6: (25, 10)}
    ways = [(1, [1, 2], PATH), (2, [2, 3], PATH | tag), (3, [3, 4], PATH | tag), (4, [4, 5], PATH)]
    over = on_hills(nodes, [*ways, (5, [3, 6], PATH | tag)], valley)
    assert (over.level_m / over.length_m).tolist() == pytest.approx([1.0] * over.edge_count, abs=0.03)
    through = on_hills(nodes, [(1, [1, 2, 3, 4, 5], PATH)], valley)
    assert through.level_m[0] / through.length_m[0] > 1.1


def test_a_passage_through_a_building_lies_on_the_ground(on_hills) -> None:
    tags = PATH | {"tunnel": "building_passage"}
    network = on_hills({1: (0, 0), 2: (40, 0)}, [(1, [1, 2], tags)], plane(east=0.08))
    assert network.steepest[0] == pytest.approx(0.08, rel=1e-3)


@pytest.mark.parametrize(("east", "stairs"), [(0.2, 1), (-0.2, -1), (0.0, 2)])
def test_heights_tell_where_steps_lead(on_hills, east: float, stairs: int) -> None:
    network = on_hills({1: (0, 0), 2: (5, 0)}, [(1, [1, 2], {"highway": "steps"})], plane(east=east))
    assert network.stairs.tolist() == [stairs]
    assert network.level_m.tolist() == network.length_m.tolist()


def test_what_is_said_about_steps_wins_and_steps_to_a_bridge_stay_unknown(on_hills) -> None:
    said = on_hills({1: (0, 0), 2: (5, 0)}, [(1, [1, 2], {"highway": "steps", "incline": "down"})], plane(east=0.2))
    assert np.abs(said.stairs).tolist() == [1]
    assert (said.node_xy[said.end[0], 0] > said.node_xy[said.start[0], 0]) == (said.stairs[0] == -1)
    nodes = {1: (0, 0), 2: (5, 0), 3: (20, 0)}
    ways = [(1, [1, 2], {"highway": "steps"}), (2, [2, 3], PATH | {"bridge": "yes"})]
    assert 2 in on_hills(nodes, ways, plane(east=0.2)).stairs


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32649", "EPSG:3857"])
def test_heights_may_be_in_any_system(tmp_path: Path, crs: str) -> None:
    """A plane that rises 8 % to the east on the ground, in the raster's own cells."""
    to_metric = Transformer.from_crs(crs, METRIC, always_xy=True)
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(LON, LAT)
    cell = 0.0003 if crs == "EPSG:4326" else 30.0
    column, row = np.meshgrid(np.arange(120) - 59.5, np.arange(120) - 59.5)
    east_m = np.array(to_metric.transform(x + column * cell, y - row * cell))[0] - ORIGIN[0]
    transform = from_origin(x - 60 * cell, y + 60 * cell, cell, cell)
    heights = write_heights(
        tmp_path / "dem.tif", lambda *_: 0.08 * east_m, cell_m=30.0, side_m=3600.0, crs=crs, transform=transform
    )
    streets = write_osm(tmp_path / "town.osm", {1: (0, 0), 2: (40, 0)}, [(1, [1, 2], PATH)])
    network = load_network(streets, METRIC, elevation=heights, cache=False)
    assert network.steepest[0] == pytest.approx(0.08, rel=5e-3)


def test_a_rotated_raster_and_feet_are_understood(tmp_path: Path) -> None:
    heights = tmp_path / "dem.tif"
    turned = Affine.translation(*ORIGIN) @ Affine.rotation(30) @ Affine.scale(30, -30) @ Affine.translation(-50, -50)
    column, row = np.meshgrid(np.arange(100) + 0.5, np.arange(100) + 0.5)
    east_m = (turned.a * column + turned.b * row + turned.c) - ORIGIN[0]
    shape = {"height": 100, "width": 100, "count": 1, "dtype": "float64", "crs": METRIC, "transform": turned}
    with rasterio.open(heights, "w", driver="GTiff", **shape) as raster:
        raster.write(0.08 * east_m / 0.3048, 1)
        raster.units = ("ft",)
    streets = write_osm(tmp_path / "town.osm", {1: (0, 0), 2: (40, 0)}, [(1, [1, 2], PATH)])
    network = load_network(streets, METRIC, elevation=heights, cache=False)
    assert network.steepest[0] == pytest.approx(0.08, rel=5e-3)


def test_gaps_are_level_counted_and_told(on_hills) -> None:
    """No heights in the east: of two paths one is level, and the note says how much of the length that is."""
    nodes = {1: (-40, 0), 2: (-10, 0), 3: (30, 0), 4: (60, 0)}
    network = on_hills(nodes, [(1, [1, 2], PATH), (2, [3, 4], PATH)], lambda x, y: np.where(x < 0, 0.08 * x, -9999.0))
    assert sorted(network.slope_from.tolist()) == [0, 2]
    gap = network.slope_from == 0
    assert network.level_m[gap].tolist() == network.length_m[gap].tolist()
    assert [note.code for note in network.notes] == ["network.heights_missing"]
    assert "50.0%" in network.notes[0].text.en
    assert "50.0%" in slope_note(network).text.zh


@pytest.mark.parametrize(
    ("profile", "height", "says"),
    [
        ({"crs": None}, plane(), "no coordinate system"),
        ({"nodata": None}, lambda x, y: np.where(x < 0, -32768.0, 5.0), "-32768"),
        ({}, lambda x, y: np.full_like(x, -9999.0), "no heights where the streets are"),
        ({"crs": "EPSG:4548"}, plane(), "no heights where the streets are"),
    ],
)
def test_heights_that_cannot_be_used_are_refused(on_hills, profile, height, says: str) -> None:
    with pytest.raises(NetworkError) as refused:
        on_hills(NODES, TOWN, height, **profile)
    assert says in refused.value.faults[0].found.en


def test_missing_broken_and_many_banded_files_are_refused(tmp_path: Path) -> None:
    streets = write_osm(tmp_path / "town.osm", NODES, TOWN)
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"no raster")
    bands = tmp_path / "bands.tif"
    with rasterio.open(bands, "w", driver="GTiff", height=2, width=2, count=3, dtype="uint8", crs=METRIC) as raster:
        raster.write(np.zeros((3, 2, 2), dtype="uint8"))
    for file in (tmp_path / "none.tif", broken, bands):
        with pytest.raises(NetworkError) as refused:
            load_network(streets, METRIC, elevation=file, cache=False)
        assert refused.value.faults[0].file == str(file)


def test_other_heights_are_another_network_in_the_cache(tmp_path: Path) -> None:
    streets = write_osm(tmp_path / "town.osm", {1: (0, 0), 2: (40, 0)}, [(1, [1, 2], PATH)])
    heights = tmp_path / "dem.tif"
    level = [load_network(streets, METRIC).level_m[0]]
    for east in (0.05, 0.10):
        write_heights(heights, plane(east=east))
        level.append(load_network(streets, METRIC, elevation=heights).level_m[0])
    again = load_network(streets, METRIC, elevation=heights)
    assert level[0] < level[1] < level[2] == again.level_m[0]
    assert again.slope_from.tolist() == [2]


def test_a_plane_is_read_as_it_stands_between_the_cells(tmp_path: Path) -> None:
    file = write_heights(tmp_path / "dem.tif", plane(east=0.03, north=-0.02), cell_m=25.0)
    rng = np.random.default_rng(3)
    lon, lat = LON + rng.uniform(-50, 50, 200) * STEP, LAT + rng.uniform(-50, 50, 200) * STEP
    x, y = Transformer.from_crs(CRS(4326), METRIC, always_xy=True).transform(lon, lat)
    expected = 100 + 0.03 * (x - ORIGIN[0]) - 0.02 * (y - ORIGIN[1])
    assert read_terrain(file, lon, lat).height_m(lon, lat) == pytest.approx(expected, abs=2e-3)


def test_bridges_that_meet_in_the_air_hang_between_their_ends() -> None:
    """A cross of four bridges of 10, 10, 10 and 20 m; three ends at 0 m, the far one at 7 m: the middle is at 1 m."""
    heights = np.array([50.0, 0.0, 0.0, 0.0, 7.0, 33.0, 44.0])
    start, end = np.array([0, 0, 0, 0, 5]), np.array([1, 2, 3, 4, 6])
    grounded = np.array([False, True, True, True, True, False, False])
    length = np.array([10.0, 10.0, 10.0, 20.0, 5.0])
    found = bridged_heights(heights, (start, end), length, np.ones(5, dtype=bool), grounded)
    assert found[:5].tolist() == pytest.approx([1.0, 0.0, 0.0, 0.0, 7.0])
    assert np.isnan(found[5:]).all()


@settings(deadline=None, max_examples=200)
@given(st.floats(-0.05, 1), st.floats(0, 1))
def test_steeper_up_is_never_faster(slope: float, more: float) -> None:
    one, other = tobler_level_metres([slope, slope + more])
    assert one <= other
    assert tobler_level_metres(slope) >= tobler_level_metres(-slope) or slope < 0


@settings(deadline=None, max_examples=8)
@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.sampled_from(sorted(WALKERS)))
def test_the_mirrored_town_swaps_to_and_back(tmp_path_factory, east: float, north: float, name: str) -> None:
    """Every way drawn from its other end: the same walks, to and back exchanged with the ends."""
    folder = tmp_path_factory.mktemp("mirror")
    heights = write_heights(folder / "dem.tif", plane(east, north), side_m=1500.0)
    walks = []
    for ways in (TOWN, [(way, refs[::-1], tags) for way, refs, tags in TOWN]):
        network = load_network(write_osm(folder / "town.osm", NODES, ways), METRIC, elevation=heights, cache=False)
        ahead, back = network.walk_ms(Walker(name))
        ends = [network.node_xy[side].round(2).tolist() for side in (network.start, network.end)]
        rows = zip(*ends, ahead.tolist(), back.tolist(), strict=True)
        walks.append(sorted(max((a, b, to, fro), (b, a, fro, to)) for a, b, to, fro in rows))
    for one, other in zip(*walks, strict=True):
        assert one[:2] == other[:2]
        assert np.abs(np.subtract(one[2:], other[2:])).max() <= 1
