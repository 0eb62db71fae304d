"""What the cards of homes, stations and grids tell is what Python counts, for the moment, need and standard shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import planner
from planner.mapping import map_page
from planner.plan import Plan
from tests.browser import OpenedPage
from tests.mapping.page_data import THE_MAP, blocks
from tests.town_files import write_town

pytestmark = pytest.mark.browser

CARD = ".leaflet-popup-content"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return planner.make_plan(planner.read_plan(write_town(tmp_path_factory.mktemp("cards") / "town")))


@pytest.fixture(scope="module")
def page(browser: Any, study: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedPage]:
    """One page for all tests; each puts the state it needs."""
    file: Path = tmp_path_factory.mktemp("page") / "map.html"
    file.write_text(map_page(study), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    opened = OpenedPage(context.new_page())
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto(file.as_uri())
    opened.page.wait_for_function(f"() => {THE_MAP}.planWhatIf")
    yield opened
    assert opened.complaints == []
    context.close()


def put(page: Any, view: str = "after", need: int = 0, standard: int | None = None, **what: str) -> str:
    """Put the state, open the card of a thing, and return its words."""
    page.evaluate(f"state => {THE_MAP}.planState.set(state)", {"view": view, "need": need, "standard": standard})
    page.evaluate(f"what => {{ {THE_MAP}.closePopup(); planMap.show({THE_MAP}, what); }}", what)
    return str(page.locator(CARD).last.inner_text())


def nearest(study: Plan, moment: str, need: int, home: str) -> list[str]:
    """Return the names and minutes of the three nearest open stations that offer the function."""
    costs = study.far_walks[need] if study.far_walks else study.costs[need]
    offering = set(study.sites.table.index[study.sites.offering(study.needs[need].function)])
    walk = costs.walk.tocsr()[[costs.origins.get_loc(home)]]
    sites = costs.destinations[walk.indices]
    usable = [(ms, site) for ms, site in zip(walk.data, sites, strict=True) if site in study.moments[moment].open_sites]
    told = sorted((int(ms), str(site)) for ms, site in usable if site in offering)[:3]
    return [f"{study.site_name(site)} {round(ms / 60_000 + 1e-9, 1):g}" for ms, site in told]


@pytest.mark.parametrize("need", [0, 1])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_home_lists_the_nearest_open_stations(page: OpenedPage, study: Plan, moment: str, need: int) -> None:
    for home in ("h1", "h4", "h5"):
        put(page.page, moment, need, home=home)
        rows = page.page.locator(CARD).last.locator("ol.pm-card-list li").all_inner_texts()
        shown = [" ".join(row.replace(" 分钟", "").split("\n")) for row in rows]
        assert shown == nearest(study, moment, need, home)
        assert shown


def test_an_uncovered_home_tells_how_much_too_far_it_is_under_the_standard_shown(page: OpenedPage, study: Plan) -> None:
    minutes = study.before.needs[0].table.loc["h5", "walk_min"]
    assert f"超出标准 {minutes - 15:.1f} 分钟" in put(page.page, "before", home="h5")
    assert f"超出标准 {minutes - 10:.1f} 分钟" in put(page.page, "before", standard=10, home="h5")
    assert "未达标准\uff1a" not in put(page.page, "after", home="h5")


def test_a_what_if_changes_the_nearest_stations_of_a_home(page: OpenedPage, study: Plan) -> None:
    put(page.page, home="h3")
    was = page.page.locator(CARD).last.locator("ol.pm-card-list li").count()
    page.page.evaluate(f"{THE_MAP}.planWhatIf.toggle(2)")
    names = page.page.locator(CARD).last.locator("ol.pm-card-list button").all_inner_texts()
    assert names[0] == study.site_name("s3")
    assert len(names) == min(3, was + 1)
    page.page.evaluate(f"{THE_MAP}.planWhatIf.back()")


def test_each_need_has_the_ways_to_its_own_nearest_stations(study: Plan) -> None:
    data = blocks(map_page(study))["routes"]
    assert len(data["needs"]) == len(study.needs) == 1 + len(study.further_routes)
    for need, routes in enumerate((study.routes, *study.further_routes)):
        for moment, measured in (("before", study.before), ("after", study.after)):
            table = measured.needs[need].table
            taken = routes[routes[f"nearest_{moment}"]]
            assert taken["walk_min"].to_dict() == table["walk_min"].to_dict()
            for home, line in zip(sorted(study.demand.table.index), data["needs"][need][moment], strict=True):
                assert sum(data["tenths"][line]) == np.floor(10 * round(table.loc[home, "walk_min"], 2) + 0.5)


def test_further_needs_have_ways_as_far_as_the_limit_allows(study: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    for most, further in ((9, 0), (10, 1)):
        monkeypatch.setattr("planner.pipeline.ROUTES_UP_TO", most)
        assert len(planner.audit(study.config).further_routes) == further


def test_a_station_tells_the_people_of_each_need_and_its_catchment_stands_out(page: OpenedPage, study: Plan) -> None:
    put(page.page, station="s4")
    rows = page.page.locator(CARD).last.locator(".pm-card-table tbody tr").all_inner_texts()
    for row, measured in zip(rows, study.after.needs, strict=True):
        people = measured.table.loc[measured.table["station"] == "s4", "people"].sum()
        assert row.split("\t")[1] == f"{people:,.0f}"
    assert page.page.evaluate(f"{THE_MAP}.planLayers.catchments.site") == "s4"
    put(page.page, station="s1")
    assert page.page.evaluate(f"{THE_MAP}.planLayers.catchments.site") == "s1"
    page.page.evaluate(f"{THE_MAP}.closePopup()")
    assert page.page.evaluate(f"{THE_MAP}.planLayers.catchments.site") is None


def test_a_grid_tells_its_shares_its_stations_and_who_is_not_reached(page: OpenedPage, study: Plan) -> None:
    put(page.page, "before", grid="g4")
    rows = page.page.locator(CARD).last.locator(".pm-card-table tbody tr").all_inner_texts()
    for row, before, after in zip(rows, study.before.needs, study.after.needs, strict=True):
        shares = [measured.by_area("grid").loc["g4", "share_covered"] for measured in (before, after)]
        assert row.split("\t")[1:] == [f"{share:.1%}" for share in shares]
    page.page.locator(CARD).last.get_by_role("button", name="南湖里").click()
    assert "南湖里" in page.page.locator(".pm-card-title").last.inner_text()
    assert "驿站 s4" in put(page.page, "after", grid="g4")
    assert "未达标准的" not in put(page.page, "after", grid="g4")


def test_the_table_of_stations_tells_the_figures_of_the_what_if(page: OpenedPage) -> None:
    page.page.evaluate(f"{THE_MAP}.planWhatIf.toggle(2)")
    page.page.evaluate("document.querySelector('[data-tables]').click()")
    page.page.click('[data-table="stations"]')
    assert page.page.locator(".pm-of-plan").first.is_visible()
    row = page.page.locator(".pm-table-box tbody tr", has_text="s3").inner_text().split("\t")
    loss = page.page.evaluate(f"{THE_MAP}.planWhatIf.lossOf(2)")
    nearest = page.page.evaluate(f"{THE_MAP}.planStations.data.nearest[0].whatif[2]")
    assert row[2].strip() == "如果\uff1a启用"
    assert row[-2:] == [f"{nearest:,.0f}", f"{loss:,.0f}"]
    page.page.evaluate(f"document.querySelector('[data-close]').click(); {THE_MAP}.planWhatIf.back()")
    assert not page.page.locator(".pm-of-plan").first.is_visible()
