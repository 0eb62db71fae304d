"""A base map from outside: asked for only where the plan says so, in its place, and missed by nobody."""

import base64
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.config import MapConfig, read_plan
from planner.errors import InputError
from planner.loading.coordinates import wgs84_to_gcj02
from planner.mapping import map_page
from planner.mapping.tiles import SERVICES
from planner.plan import Plan
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP
from tests.town_files import write_town

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
KEY = "0a1b2c3d"
POLICY = re.compile(r"img-src ([^;]*);")
#: Of each picture its column, row and zoom, and where its upper left corner is drawn, in pixels from the view's centre.
DRAWN = f"""() => {{
  const map = {THE_MAP};
  const box = map.getContainer().getBoundingClientRect();
  const centre = map.getCenter();
  const tiles = [];
  map.planLayers.tiles.eachLayer((layer) => Object.values(layer._tiles).forEach((tile) => {{
    const at = tile.el.getBoundingClientRect();
    tiles.push([tile.coords.x, tile.coords.y, tile.coords.z,
      at.left - box.left - box.width / 2, at.top - box.top - box.height / 2, at.width]);
  }}));
  return {{ centre: [centre.lng, centre.lat], zoom: map.getZoom(), tiles }};
}}"""


def with_tiles(plan: Plan, tiles: str) -> Plan:
    chosen = MapConfig(tiles=tiles, key=KEY if tiles == "tianditu" else None)  # type: ignore[arg-type]
    return replace(plan, config=plan.config.model_copy(update={"map": chosen}))


def answered(opened: OpenedPage, host: str) -> None:
    """Open the page once more, with a network that has pictures."""
    opened.page.route(f"{host}/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    opened.page.reload()
    opened.page.wait_for_function(f"() => {THE_MAP}.planLayers.tiles.came")
    opened.page.wait_for_timeout(400)


def boxes(opened: OpenedPage) -> dict[str, bool]:
    found: dict[str, bool] = opened.page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('[data-layer]')]"
        ".map((one) => [one.dataset.layer, one.checked]))"
    )
    return found


def test_no_host_is_in_a_page_whose_plan_asks_for_none(town_page: str) -> None:
    for service in SERVICES.values():
        assert service.host.removeprefix("https://") not in town_page
    assert re.findall(r"autonavi|tianditu|openstreetmap\.org", town_page) == []
    assert POLICY.findall(town_page) == ["img-src data:".removeprefix("img-src ")]


@pytest.mark.parametrize("name", SERVICES)
def test_the_policy_opens_one_host_for_pictures_and_nothing_else(town: Plan, name: str) -> None:
    page = map_page(with_tiles(town, name))
    assert POLICY.findall(page) == [f"data: {SERVICES[name].host}"]
    assert "connect-src 'none'" in page
    for other in set(SERVICES) - {name}:
        assert SERVICES[other].host.removeprefix("https://") not in page
    assert SERVICES[name].credit.zh in page
    assert (KEY in page) == (name == "tianditu")


@pytest.mark.browser
@pytest.mark.parametrize("name", SERVICES)
def test_the_page_asks_that_host_only_and_is_whole_without_it(open_offline: OpenOffline, town: Plan, name: str) -> None:
    opened = open_offline(map_page(with_tiles(town, name)))
    opened.page.wait_for_function("() => document.querySelector('.pm-tiles-failed').textContent")
    assert opened.requests
    assert all(one.startswith(SERVICES[name].host + "/") for one in opened.requests)
    assert not any("{" in one or "undefined" in one for one in opened.requests)
    assert boxes(opened)["background"]
    assert boxes(opened)["tiles"]
    assert all("Failed to load resource" in said for said in opened.complaints)


@pytest.mark.browser
def test_our_background_makes_room_and_comes_back(open_offline: OpenOffline, town: Plan) -> None:
    opened = open_offline(map_page(with_tiles(town, "osm")))
    answered(opened, SERVICES["osm"].host)
    shown = f"() => {THE_MAP}.hasLayer({THE_MAP}.planLayers.background)"
    assert not boxes(opened)["background"]
    assert not opened.page.evaluate(shown)
    opened.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert opened.page.evaluate(shown)
    opened.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert not opened.page.evaluate(shown)
    opened.page.click('[data-layer="tiles"]')
    assert boxes(opened)["background"]
    assert opened.page.evaluate(shown)
    opened.page.click('[data-layer="tiles"]')
    assert not boxes(opened)["background"]


@pytest.mark.browser
def test_the_shift_in_the_page_is_that_of_the_loader(open_offline: OpenOffline, town: Plan) -> None:
    opened = open_offline(map_page(with_tiles(town, "amap")))
    draw = random.Random(7)
    places = [(draw.uniform(60, 145), draw.uniform(-5, 60)) for _ in range(300)]
    found = opened.page.evaluate(
        "(places) => places.map(([lng, lat]) => { const to = planMap.toGcj02([lat, lng]); return [to.lng, to.lat]; })",
        places,
    )
    lon, lat = wgs84_to_gcj02(*np.array(places).T)
    assert np.abs(np.array(found) - np.column_stack([lon, lat])).max() < 1e-10


@pytest.mark.browser
@pytest.mark.parametrize(("name", "shifted"), [("amap", True), ("osm", False)])
def test_the_place_in_the_middle_of_the_view_lies_under_its_picture(
    open_offline: OpenOffline, town: Plan, name: str, shifted: bool
) -> None:
    opened = open_offline(map_page(with_tiles(town, name)))
    answered(opened, SERVICES[name].host)
    opened.page.evaluate(f"() => {THE_MAP}.setMaxBounds(null)")
    for move in (
        "map.setZoom(16, { animate: false })",
        "map.panBy([900, -700], { animate: false })",
        "map.panBy([160, 90], { animate: false })",
        "map.panTo([map.getCenter().lat + 0.004, map.getCenter().lng], { animate: true, duration: 0.1 })",
        "map.setZoom(17.25, { animate: false })",
        "map.setView([30.6, 114.5], 16, { animate: false })",
    ):
        opened.page.evaluate(f"() => {{ const map = {THE_MAP}; {move}; }}")
        opened.page.wait_for_timeout(500)
        assert farthest_m(opened.page.evaluate(DRAWN), shifted) < 5.0


def farthest_m(drawn: dict[str, Any], shifted: bool) -> float:
    """Return how far the pictures are from where the middle of the view must be in them, in metres on the ground."""
    lon, lat = drawn["centre"]
    seen_lon, seen_lat = map(float, wgs84_to_gcj02(lon, lat)) if shifted else (lon, lat)
    assert not shifted or abs(seen_lon - lon) > 0.003
    errors = []
    newest = max(tile[2] for tile in drawn["tiles"])
    for x, y, zoom, left, top, width in drawn["tiles"]:
        if zoom != newest:
            continue
        column = (seen_lon + 180) / 360 * 2**zoom
        row = (1 - np.arcsinh(np.tan(np.radians(seen_lat))) / np.pi) / 2 * 2**zoom
        metres = 40_075_016.7 * np.cos(np.radians(lat)) / 2**zoom / width
        errors.append(metres * np.hypot(left + (column - x) * width, top + (row - y) * width))
    assert errors
    return float(max(errors))


@pytest.mark.parametrize("given", ['tiles = "tianditu"', 'tiles = "osm"\nkey = "abc"', 'tiles = "google"'])
def test_a_base_map_that_cannot_be_is_refused(tmp_path: Path, given: str) -> None:
    file = write_town(tmp_path / "town")
    file = file / "plan.toml" if file.is_dir() else file
    file.write_text(file.read_text(encoding="utf-8") + f"\n[map]\n{given}\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_plan(file)
