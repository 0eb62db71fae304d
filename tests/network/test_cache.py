"""A network is kept between runs, and a cache that fails is as good as none."""

from pathlib import Path

import numpy as np
import pytest

from planner.network import WalkNetwork, load_network
from planner.network import load as load_module
from tests.network.conftest import edge_table
from tests.network.osm_xml import write_osm

CRS = "EPSG:4547"
NODES = {1: (0, 0), 2: (10, 0, {"barrier": "gate"}), 3: (20, 0)}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_osm(tmp_path / "town.osm", NODES, [(1, [1, 2, 3], {"highway": "footway", "access": "private"})])


@pytest.fixture
def assembled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often a network was really made."""
    made: list[int] = []
    whole = load_module.assemble

    def counting(*args, **options) -> WalkNetwork:
        made.append(1)
        return whole(*args, **options)

    monkeypatch.setattr(load_module, "assemble", counting)
    return made


def test_the_second_run_reads_the_same_network_from_the_cache(town: Path, assembled: list[int]) -> None:
    first, second = load_network(town, CRS), load_network(town, CRS)
    assert len(assembled) == 1
    assert edge_table(first) == edge_table(second)
    assert (second.crs, second.kinds, second.notes, second.attribution) == (
        first.crs,
        first.kinds,
        first.notes,
        first.attribution,
    )
    for name in ("node_xy", "start", "private_area", "kind", "barrier_node", "shape_first"):
        one, other = getattr(first, name), getattr(second, name)
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype


def test_notes_survive_the_cache(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    lines = [shapely.LineString([(114.3, 30), (114.301, 30)])]
    table = gpd.GeoDataFrame({"length": [500.0]}, geometry=lines, crs=4326)
    table.to_parquet(tmp_path / "streets.parquet")
    first, second = (load_network(tmp_path / "streets.parquet", CRS) for _ in range(2))
    assert [note.code for note in first.notes] == ["network.length_differs"]
    assert second.notes == first.notes


def test_another_content_system_or_column_is_another_network(town: Path, assembled: list[int]) -> None:
    load_network(town, CRS)
    load_network(town, "EPSG:4548")
    town.write_text(town.read_text().replace("private", "yes"))
    load_network(town, CRS)
    assert len(assembled) == 3


def test_the_same_content_elsewhere_is_the_same_network(town: Path, assembled: list[int]) -> None:
    load_network(town, CRS)
    other = town.with_name("copy.osm")
    other.write_bytes(town.read_bytes())
    load_network(other, CRS)
    assert len(assembled) == 1


def test_no_cache_reads_afresh_and_keeps_nothing(town: Path, assembled: list[int], own_cache: Path) -> None:
    for _ in range(2):
        load_network(town, CRS, cache=False)
    assert len(assembled) == 2
    assert list(own_cache.rglob("*.npz")) == []


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_broken_cache_is_made_again(town: Path, assembled: list[int], own_cache: Path, damage: bytes | None) -> None:
    whole = load_network(town, CRS)
    (kept,) = own_cache.rglob("*.npz")
    content = kept.read_bytes()
    kept.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert edge_table(load_network(town, CRS)) == edge_table(whole)
    assert len(assembled) == 2
    load_network(town, CRS)
    assert len(assembled) == 2


def test_a_folder_that_cannot_be_made_is_no_trouble(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PLANNER_CACHE_DIR", str(tmp_path / "file"))
    assert load_network(town, CRS).edge_count == 2


def test_nothing_half_written_is_left(town: Path, own_cache: Path) -> None:
    load_network(town, CRS)
    assert [file.suffix for file in own_cache.rglob("*") if file.is_file()] == [".npz"]
