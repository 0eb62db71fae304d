"""A clicked home shows its way to the nearest station, with minutes that are those of the plan."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import read_plan
from planner.mapping import map_page
from planner.mapping.layers.routes import PARTS, tenths
from planner.pipeline import audit, make_plan
from planner.plan import Plan
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP, blocks, unpacked_parts
from tests.town_files import write_town

ROUTES = f"{THE_MAP}.planLayers.routes"
DEMAND = f"{THE_MAP}.planLayers.demand"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The town from its files; every walk takes some waiting and some steps, so that it has parts."""
    made = make_plan(read_plan(write_town(tmp_path_factory.mktemp("routes") / "town")))
    walk = made.routes["walk_min"]
    parts = {"path_min": 0.81 * walk, "stairs_min": 0.13 * walk, "waiting_min": 0.06 * walk}
    return replace(made, routes=made.routes.assign(**parts))


@pytest.fixture(scope="module")
def page_text(plan: Plan) -> str:
    return map_page(plan)


@pytest.fixture
def opened(open_offline: OpenOffline, page_text: str) -> OpenedPage:
    return open_offline(page_text)


@given(st.lists(st.integers(0, 400_000), min_size=6, max_size=6))
def test_the_tenths_shown_add_up_to_the_walk_shown(ms: list[int]) -> None:
    minutes = np.array(ms) / 60_000
    walk = sum(ms) / 60_000
    shown = tenths(pd.Series({"walk_min": walk, **dict(zip(PARTS, minutes, strict=True))}))
    assert sum(shown) == int(np.floor(10 * round(walk, 2) + 0.5))
    assert np.abs(np.array(shown) / 10 - minutes).max() <= 0.1 + 1e-9


def test_every_home_takes_the_line_of_its_route(plan: Plan, page_text: str) -> None:
    data, homes = blocks(page_text)["routes"], blocks(page_text)["demand"]["id"]
    for moment in ("before", "after"):
        taken = plan.routes[plan.routes[f"nearest_{moment}"]].to_crs(4326).geometry
        for home, route in zip(homes, data["needs"][0][moment], strict=True):
            lines = unpacked_parts(data, data["lines"][route])
            assert bool(lines) == (taken[home].length > 1e-6)
            for line in lines:
                ends = np.array(taken[home].coords)[[0, -1]]
                assert np.array([line[0], line[-1]]) == pytest.approx(ends, abs=1e-6)


def test_a_home_without_a_route_has_none(plan: Plan) -> None:
    lost = plan.routes.index == "h2"
    routes = plan.routes.assign(geometry=plan.routes.geometry.where(~lost, None))
    data = blocks(map_page(replace(plan, routes=routes)))
    home = data["demand"]["id"].index("h2")
    assert data["routes"]["needs"][0]["after"][home] == -1
    assert (np.delete(data["routes"]["needs"][0]["after"], home) >= 0).all()


@pytest.mark.browser
def test_a_click_on_a_home_tells_the_minutes_of_the_plan_and_their_parts(opened: OpenedPage, plan: Plan) -> None:
    for moment, measured in (("before", plan.before), ("after", plan.after)):
        opened.page.click(f'input[value="{moment}"]', force=True)
        for home in ("h2", "h4"):
            click(opened.page, home)
            told = opened.page.inner_text(".pm-walk-how:has(.pm-walk-parts)").replace("\u00a0", " ")
            minutes, *parts = map(float, re.findall(r"[\d.]+(?!\w)", told.partition("·")[2]))
            assert minutes == pytest.approx(measured.needs[0].table.loc[home, "walk_min"], abs=0.06)
            assert round(sum(parts), 1) == round(minutes, 1)
            assert len(parts) == 3
            assert re.search(r"分钟\uff1a道路 [\d.]+\uff0c台阶 [\d.]+\uff0c等候 [\d.]+$", told)
    assert opened.complaints == []


@pytest.mark.browser
def test_the_route_is_drawn_for_the_moment_shown_until_the_popup_closes(opened: OpenedPage, page_text: str) -> None:
    page, data = opened.page, blocks(page_text)["routes"]
    home = blocks(page_text)["demand"]["id"].index("h4")
    assert drawn(page) == []
    click(page, "h4")
    for moment in ("after", "before"):
        page.click(f'input[value="{moment}"]', force=True)
        (line,) = unpacked_parts(data, data["lines"][data["needs"][0][moment][home]])
        assert np.array(drawn(page)) == pytest.approx(np.array([line, line])[:, :, ::-1], abs=1e-9)
    page.click('input[name$="_need"][value="1"]')
    (line,) = unpacked_parts(data, data["lines"][data["needs"][1]["before"][home]])
    assert np.array(drawn(page)) == pytest.approx(np.array([line, line])[:, :, ::-1], abs=1e-9)
    page.click('input[name$="_need"][value="0"]')
    assert len(drawn(page)) == 2
    page.click(".leaflet-popup-close-button")
    assert drawn(page) == []


@pytest.mark.browser
def test_the_next_click_takes_the_route_away(opened: OpenedPage) -> None:
    page = opened.page
    click(page, "h4")
    first = drawn(page)
    click(page, "h2")
    assert len(drawn(page)) == 2
    assert drawn(page) != first
    page.evaluate(f"{THE_MAP}.fire('preclick'); {THE_MAP}.closePopup()")
    assert drawn(page) == []


@pytest.mark.browser
def test_in_english_the_parts_are_english(opened: OpenedPage) -> None:
    opened.page.click('[data-language="en"]')
    click(opened.page, "h2")
    told = opened.page.inner_text(".pm-walk-parts").replace("\u00a0", " ")
    assert re.fullmatch(r": streets [\d.]+, steps [\d.]+, waiting [\d.]+", told)


@pytest.mark.browser
def test_a_popup_does_not_lie_on_its_route(opened: OpenedPage) -> None:
    """The way of h4 leads north over the bridge today, and east along its street with the plan."""
    page = opened.page
    click(page, "h4")
    for moment in ("before", "after"):
        page.click(f'input[value="{moment}"]', force=True)
        page.wait_for_timeout(400)
        box = page.locator(".leaflet-popup-content-wrapper").bounding_box()
        places = page.evaluate(f"{ON_SCREEN}({THE_MAP})")
        covered = [0 < x - box["x"] < box["width"] and 0 < y - box["y"] < box["height"] for x, y in places]
        assert len(places) >= 2
        assert not any(covered)


@pytest.mark.browser
def test_paper_shows_no_route(opened: OpenedPage, tmp_path: Path) -> None:
    page = opened.page
    page.evaluate(COUNT_BLACK)
    for _ in range(2):
        page.pdf(path=str(tmp_path / "map.pdf"), prefer_css_page_size=True, print_background=True)
        click(page, "h4")
        assert len(drawn(page)) == 2
    page.pdf(path=str(tmp_path / "map.pdf"), prefer_css_page_size=True, print_background=True)
    assert page.evaluate("window.printed") == [0, 0, 0]


@pytest.mark.browser
def test_an_audit_tells_one_walk_and_its_route(open_offline: OpenOffline, tmp_path: Path) -> None:
    page = open_offline(map_page(audit(read_plan(write_town(tmp_path / "town"))))).page
    click(page, "h4")
    assert len(drawn(page)) == 2
    assert page.locator(".pm-walk").count() == page.locator(".pm-walk-parts").count() == 1


COUNT_BLACK = """(() => {
  window.printed = [];
  window.addEventListener('beforeprint', () => {
    const canvas = document.querySelector('.pm-flat');
    const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let black = 0;
    for (let i = 0; i < dots.length; i += 4) black += dots[i] === 17 && dots[i + 1] === 20 && dots[i + 2] === 24;
    window.printed.push(black);
  });
})()"""

WHERE_A_HOME_IS = """((map, id) => {
  const homes = map.planLayers.demand;
  map.closePopup();
  map.planGoHome(false);
  const one = homes.getLayers().find((shape) => homes.data.id[shape.place] === id);
  const point = map.latLngToContainerPoint(one.getLatLng());
  const box = map.getContainer().getBoundingClientRect();
  return [point.x + box.x, point.y + box.y];
})"""

ON_SCREEN = """((map) => {
  const box = map.getContainer().getBoundingClientRect();
  const points = map.planLayers.routes.getLayers()[0].getLatLngs().map((one) => map.latLngToContainerPoint(one));
  return points.map((point) => [point.x + box.x, point.y + box.y]);
})"""


def click(page: Any, home: str) -> None:
    """Click a home where it stands on the screen, as a hand would."""
    x, y = page.evaluate(f"{WHERE_A_HOME_IS}({THE_MAP}, '{home}')")
    page.mouse.click(x, y)
    page.wait_for_timeout(400)
    assert page.locator(".leaflet-popup-content").count() == 1


def drawn(page: Any) -> list[list[list[float]]]:
    """Return the lines drawn, as latitude and longitude."""
    lines: list[list[list[float]]] = page.evaluate(
        f"{ROUTES}.getLayers().map((line) => line.getLatLngs().map((one) => [one.lat, one.lng]))"
    )
    return lines
