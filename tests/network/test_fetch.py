"""Downloads, from a server of the tests' own that really evaluates the query it is sent."""

import copy
import socket
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest

from planner.errors import FetchError
from planner.network import fetch_streets, load_network
from planner.network import overpass as overpass_module
from tests.network.osm_xml import LAT, LON, STEP, write_osm
from tests.network.overpass_server import OsmData, OverpassServer
from tests.real_data import real_data

BOX = (LON - 100 * STEP, LAT - 100 * STEP, LON + 100 * STEP, LAT + 100 * STEP)
CRS = "EPSG:4547"

NODES = {
    1: (-20, 0),
    2: (0, 0, {"highway": "crossing", "crossing": "traffic_signals"}),
    3: (20, 0),
    4: (0, -5),
    5: (0, 5),
    6: (0, 10, {"barrier": "gate"}),
    7: (0, 20),
    8: (10, 30),
    9: (-20, 10),
    10: (-20, 30),
    11: (20, 30),
    12: (20, 10),
    13: (5, 20, {"amenity": "library", "name": "图书馆"}),
    14: (30, 0),
    15: (40, 0),
}
WAYS = [
    (1, [1, 2, 3, 14], {"highway": "secondary"}),
    (2, [4, 2, 5], {"highway": "footway", "footway": "crossing"}),
    (3, [5, 6], {"highway": "footway"}),
    (4, [6, 7], {"highway": "service", "access": "private"}),
    (5, [8, 7], {"highway": "steps", "incline": "down"}),
    (6, [14, 15], {"highway": "motorway"}),
    (7, [3, 15], {"highway": "footway", "foot": "no"}),
    (8, [7, 11], {"highway": "service", "service": "private"}),
    (9, [9, 10, 11, 12, 6, 9], {"landuse": "residential", "name": "试验小区"}),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_osm(tmp_path_factory.mktemp("town") / "town.osm", NODES, WAYS)


@pytest.fixture
def server(town: Path) -> Iterator[OverpassServer]:
    with OverpassServer(OsmData.read(town)) as running:
        yield running


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overpass_module, "PAUSE_S", 0.0)


@pytest.mark.parametrize("suffix", [".graphml", ".gpkg"])
def test_what_was_fetched_is_what_the_file_itself_gives(
    server: OverpassServer, town: Path, tmp_path: Path, suffix: str
) -> None:
    """Private ways, signals, the gate and the direction of the steps all arrive."""
    out = tmp_path / f"streets{suffix}"
    assert fetch_streets(None, BOX, out, server.url) == [out]
    fetched, direct = load_network(out, CRS, cache=False), load_network(town, CRS, cache=False)
    assert _facts(fetched) == _facts(direct)
    assert fetched.notes == ()
    assert fetched.attribution == direct.attribution
    assert len(fetched.barrier_node) == 1
    assert (fetched.private_area > 0).sum() == 2


def _facts(network) -> list[tuple]:
    rows = zip(
        network.kind, network.length_m, network.stairs, network.signal_halves, network.private_area > 0, strict=True
    )
    return sorted(
        (network.kinds[kind], round(length, 2), abs(int(stairs)), int(signal), bool(private))
        for kind, length, stairs, signal, private in rows
    )


def test_steps_lead_the_same_way_up(server: OverpassServer, tmp_path: Path) -> None:
    fetch_streets(None, BOX, tmp_path / "streets.graphml", server.url)
    network = load_network(tmp_path / "streets.graphml", CRS, cache=False)
    edge = network.stairs.tolist().index(next(each for each in network.stairs if each))
    lower, upper = network.node_xy[network.start[edge]], network.node_xy[network.end[edge]]
    if network.stairs[edge] == -1:
        lower, upper = upper, lower
    assert upper[0] > lower[0]  # node 8, east, is the top


def test_compounds_gates_and_venues_stand_beside(server: OverpassServer, tmp_path: Path) -> None:
    files = fetch_streets(None, BOX, tmp_path / "streets.graphml", server.url, compounds=True, venues=True)
    assert [file.name for file in files] == ["streets.graphml", "streets_compounds.gpkg", "streets_venues.gpkg"]
    compounds, gates = (gpd.read_file(files[1], layer=layer) for layer in ("compounds", "gates"))
    assert compounds["name"].tolist() == ["试验小区"]
    assert gates["compound"].tolist() == compounds["osm_id"].tolist() == ["way/9"]
    assert gpd.read_file(files[2])["name"].tolist() == ["图书馆"]


def test_a_town_without_compounds_gives_an_empty_layer(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "bare.osm", NODES, WAYS[:3])
    with OverpassServer(OsmData.read(source)) as server:
        files = fetch_streets(None, BOX, tmp_path / "streets.gpkg", server.url, compounds=True)
    assert len(gpd.read_file(files[1], layer="compounds")) == 0


def test_a_busy_server_is_asked_again(server: OverpassServer, tmp_path: Path) -> None:
    server.first = [(429, "Too Many Requests"), (504, "Gateway Timeout")]
    fetch_streets(None, BOX, tmp_path / "streets.graphml", server.url)
    assert len(server.queries) == 3


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([(429, "Too Many Requests")] * 9, "busy"),
        ([(504, "Gateway Timeout")] * 9, "busy"),
        ([(400, "parse error")], "400"),
        ([(200, "<html>Dienst gestört</html>")], "Dienst gestört"),
        ([(200, "")], "empty"),
        ([(200, "[]")], "no usable answer"),
        ([(200, '{"remark": "runtime error: Query timed out", "elements": []}')], "timed out"),
        ([(200, '{"elements": []}')], "no streets"),
    ],
)
def test_a_useless_answer_is_refused_and_nothing_is_written(
    server: OverpassServer, tmp_path: Path, answers: list[tuple[int, str]], words: str
) -> None:
    server.first = list(answers)
    out = tmp_path / "streets.graphml"
    out.write_text("the streets of last time")
    with pytest.raises(FetchError, match=words):
        fetch_streets(None, BOX, out, server.url)
    assert out.read_text() == "the streets of last time"
    assert [file.name for file in tmp_path.iterdir()] == ["streets.graphml"]


def test_nothing_is_written_where_the_second_download_fails(server: OverpassServer, tmp_path: Path) -> None:
    with OverpassServer(server.data) as other:
        answer = other.data.answer
        other.data = copy.copy(other.data)
        other.data.answer = lambda query: answer(query) if "highway" in query else 1 / 0  # type: ignore[method-assign]
        with pytest.raises(FetchError):
            fetch_streets(None, BOX, tmp_path / "streets.graphml", other.url, venues=True)
    assert list(tmp_path.iterdir()) == []


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch_streets(None, BOX, tmp_path / "streets.graphml", closed)


def test_every_fault_of_the_request_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(FetchError) as refused:
        fetch_streets("here", (10, 0, 5, 1), tmp_path / "nowhere" / "streets.shp", None)
    assert len(refused.value.faults) == 4


def test_the_settings_of_osmnx_are_put_back(server: OverpassServer, tmp_path: Path) -> None:
    import osmnx

    def settings() -> dict[str, object]:
        return {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings) if name[0].islower()}

    before, resolve = settings(), socket.getaddrinfo
    fetch_streets(None, BOX, tmp_path / "streets.graphml", server.url)
    assert settings() == before
    assert socket.getaddrinfo is resolve
    assert not Path("cache").exists()


def _place(name: str, west: float, south: float, east: float, north: float) -> dict:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "display_name": name,
        "class": "boundary",
        "type": "administrative",
        "importance": 0.4,
        "place_rank": 18,
        "osm_type": "relation",
        "osm_id": 1,
        "name": name,
        "lat": str((south + north) / 2),
        "lon": str((west + east) / 2),
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "geojson": {"type": "Polygon", "coordinates": [corners]},
    }


def test_a_place_is_found_by_its_name(server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_NOMINATIM_URL", server.url)
    server.places = [_place("试验街道", *BOX)]
    out = tmp_path / "streets.graphml"
    assert fetch_streets("试验街道", None, out, f"{server.url}/api/interpreter") == [out]


def test_a_name_of_two_places_is_refused_with_both(
    server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_NOMINATIM_URL", server.url)
    server.places = [_place("温泉街道, 甲市", *BOX), _place("温泉街道, 乙市", 119, 26, 119.1, 26.1)]
    with pytest.raises(FetchError, match="more than one place") as refused:
        fetch_streets("温泉街道", None, tmp_path / "streets.graphml", server.url)
    assert [fault.found.zh for fault in refused.value.faults] == ["温泉街道, 甲市", "温泉街道, 乙市"]


def test_an_unknown_place_is_refused(server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_NOMINATIM_URL", server.url)
    with pytest.raises(FetchError, match="No outline"):
        fetch_streets("无此地", None, tmp_path / "streets.graphml", server.url)


def test_ninghua_fetched_is_ninghua_read(tmp_path: Path) -> None:
    source = real_data("ninghua/ninghua.osm")
    direct = load_network(source, CRS, cache=False)
    with OverpassServer(OsmData.read(source)) as server:
        fetch_streets(None, (116.5, 26.1, 116.8, 26.4), tmp_path / "streets.graphml", server.url)
    fetched = load_network(tmp_path / "streets.graphml", CRS, cache=False)
    assert fetched.length_m.sum() == pytest.approx(direct.length_m.sum(), rel=1e-6)
    assert (fetched.edge_count, fetched.node_count) == (direct.edge_count, direct.node_count)
