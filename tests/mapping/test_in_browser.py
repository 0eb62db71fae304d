"""The page as an official opens it: in a real browser, without a network."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planner.config import PlanConfig, read_plan
from planner.coverage import measure_coverage
from planner.mapping import draw_map, map_page, sheet_for
from planner.mapping.elements import _leaflet_css, _leaflet_js
from planner.mapping.layers import draw_background, draw_demand, draw_layers
from planner.model import Areas, Background, CandidateSites, Demand, NearestWalks
from planner.pipeline import make_plan
from planner.plan import Plan
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP, blocks
from tests.test_full_stations import write_full_town

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 2">',
    "{{ 7 * 7 }}{% for x in y %}{# ",
    "\u202e里小湖南\u2028`${window.hacked = 3}`",
    "很长" * 200,
)


@pytest.fixture
def opened(open_offline: OpenOffline, town_page: str) -> OpenedPage:
    return open_offline(town_page)


def test_the_page_asks_for_nothing_and_complains_of_nothing(opened: OpenedPage) -> None:
    page = opened.page
    page.click('input[value="before"]', force=True)
    page.click('[data-language="en"]')
    page.click('[data-show="s3"]')
    page.mouse.click(800, 400)
    page.wait_for_timeout(300)
    assert opened.requests == []
    assert opened.complaints == []


def test_a_script_that_is_not_the_page_s_own_does_not_run(opened: OpenedPage) -> None:
    opened.page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.hacked = 1';
          document.body.append(script);
          const div = document.createElement('div');
          div.innerHTML = '<img src=x onerror="window.hacked = 2"><form action="https://example.invalid"></form>';
          document.body.append(div);
          document.querySelector('form').submit();
        }"""
    )
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("window.hacked") is None
    assert opened.requests == []
    assert any("Content Security Policy" in said for said in opened.complaints)


def test_the_legend_counts_the_people_of_the_plan(opened: OpenedPage, town: Plan) -> None:
    assert legend(opened.page) == [300, 300, 150, 250, 0]
    assert sum(legend(opened.page)[:3]) == town.after.needs[0].covered
    opened.page.click('input[value="before"]', force=True)
    assert sum(legend(opened.page)[:3]) == town.before.needs[0].covered


def test_each_need_has_its_own_figures(opened: OpenedPage, town: Plan) -> None:
    opened.page.click('input[name$="_need"][value="1"]')
    assert sum(legend(opened.page)[:3]) == town.after.needs[1].covered
    assert sum(legend(opened.page)) == town.after.needs[1].people
    shown = opened.page.inner_text('[data-figure="after"]')
    assert shown == f"{town.after.needs[1].share_covered:.1%}"
    gained = town.after.needs[1].covered - town.before.needs[1].covered
    assert opened.page.inner_text('[data-figure="gain"]') == f"+{gained:,.0f}"


def test_circles_take_the_colour_of_their_walk(opened: OpenedPage, town_page: str) -> None:
    demand = blocks(town_page)["demand"]
    for moment in ("before", "after"):
        opened.page.click(f'input[value="{moment}"]', force=True)
        drawn = opened.page.evaluate(
            f"{THE_MAP}.planLayers.demand.getLayers().map(one => [one.place, one.options.fillColor])"
        )
        classes = demand["needs"][0]["classes"]
        positions = demand["walks"][0][moment]["class"]
        assert sorted(drawn) == [[place, classes[position]["colour"]] for place, position in enumerate(positions)]


def test_a_station_tells_how_full_it_is_before_and_after(open_offline: OpenOffline, tmp_path: Path) -> None:
    full = make_plan(read_plan(write_full_town(tmp_path / "town", "with_room")))
    opened = open_offline(map_page(full))
    opened.page.click('[data-show="s4"]')
    assert "250 人 / 260（96.2%）" in opened.page.inner_text(".leaflet-popup-content")
    opened.page.click('[data-language="en"]')
    assert "250 of 260 (96.2%)" in opened.page.inner_text(".leaflet-popup-content")
    assert opened.complaints == []


def test_new_stations_stand_only_with_the_plan(opened: OpenedPage) -> None:
    new, old = opened.page.locator('[data-site="s3"]'), opened.page.locator('[data-site="s1"]')
    assert new.is_visible()
    assert old.is_visible()
    opened.page.click('input[value="before"]', force=True)
    assert not new.is_visible()
    assert old.is_visible()


def test_unserved_grids_are_listed_for_the_moment_shown(opened: OpenedPage, town: Plan) -> None:
    block = opened.page.locator(".pm-unserved")
    assert tuple(block.get_attribute("data-grids").split()) == town.after.unserved_grids
    opened.page.click('input[value="before"]', force=True)
    assert set(block.get_attribute("data-grids").split()) == set(town.before.unserved_grids)


def test_the_language_changes_without_a_reload(opened: OpenedPage, town: Plan) -> None:
    page = opened.page
    page.evaluate("window.kept = 1")
    assert page.inner_text(".pm-headline") == town.headline.zh
    page.click('[data-language="en"]')
    assert page.inner_text(".pm-headline") == town.headline.en
    assert page.get_attribute("html", "lang") == "en"
    assert page.get_attribute('[data-site="s3"]', "aria-label").startswith("new station")
    assert page.title() == "两岸小镇 · Siting of community stations"
    assert page.evaluate("window.kept") == 1
    assert not re.search(r"[一-鿿]", page.inner_text(".pm-classes"))


def test_a_home_tells_its_walk_before_and_after(opened: OpenedPage) -> None:
    """h5 walks 2500 m to s1 today and, over the bridge, 2800 m to s3: s1 stays the nearest."""
    text = opened.page.evaluate(
        f"{THE_MAP}.planLayers.demand.describe({THE_MAP}.planLayers.demand.data.id.indexOf('h3')).textContent"
    )
    assert "东门小区h3" in text
    assert "200 人" in text
    assert "驿站 s1 · 20 分钟" in text
    assert "超过 15 分钟" in text
    assert "驿站 s3 · 0 分钟" in text


def test_a_station_tells_cost_area_functions_and_people(opened: OpenedPage) -> None:
    opened.page.click('[data-show="s3"]')
    card = opened.page.inner_text(".leaflet-popup-content")
    for words in ("驿站 s3", "新选驿站", "15 万元", "150 m²", "任一驿站", "500 人", "200 人"):
        assert words in card
    opened.page.click('[data-language="en"]')
    assert "150,000 CNY" in opened.page.inner_text(".leaflet-popup-content")


def test_a_grid_tells_its_people_and_stations(opened: OpenedPage) -> None:
    opened.page.click(".pm-unserved summary")
    opened.page.click(".pm-unserved button")
    card = opened.page.inner_text(".leaflet-popup-content")
    for words in ("第4网格", "250 人", "0 人", "0.0%", "0 座", "空白网格"):
        assert words in card


def test_layers_are_switched_off_and_on_and_keep_their_order(opened: OpenedPage) -> None:
    page = opened.page
    for key in ("grids", "demand", "kept", "candidates", "catchments", "background", "gates", "opened"):
        box = page.locator(f'[data-layer="{key}"]')
        box.uncheck()
        assert not page.evaluate(f"{THE_MAP}.hasLayer({THE_MAP}.planLayers.{key})")
        box.check()
        assert page.evaluate(f"{THE_MAP}.hasLayer({THE_MAP}.planLayers.{key})")
    order = page.evaluate(
        f"(() => {{ const seen = []; for (let o = {THE_MAP}.planCanvas._drawFirst; o; o = o.next)"
        f" Object.entries({THE_MAP}.planLayers).forEach(([key, layer]) => layer.hasLayer && layer.hasLayer(o.layer)"
        " && !seen.includes(key) && seen.push(key)); return seen; })()"
    )
    assert order == ["grids", "demand", "gates", "candidates"]
    page.locator('[data-layer="labels"]').uncheck()
    assert page.locator(".pm-label:visible").count() == 0
    assert opened.complaints == []


def test_no_name_is_ever_code(open_offline: OpenOffline, town: Plan) -> None:
    opened = open_offline(map_page(hostile(town)))
    page = opened.page
    for view in ("before", "after"):
        page.click(f'input[value="{view}"]', force=True)
        for key in ("demand", "grids", "gates", "candidates"):
            cards = page.evaluate(
                f"{THE_MAP}.planLayers.{key}.getLayers().map(one => {{ const card = {THE_MAP}.planLayers.{key}"
                ".describe(one.place); document.body.append(card); return card.textContent; })"
            )
            assert key in ("gates", "candidates") or any("window.hacked = 1" in card for card in cards)
    for site in ("s1", "s3"):
        page.evaluate(f"document.querySelector('[data-show=\"{site}\"]').click()")
        page.wait_for_timeout(50)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert "{{ 7 * 7 }}" in page.inner_text(".pm-title")
    assert opened.requests == []
    assert opened.complaints == []


def test_a_very_long_name_does_not_widen_the_page(open_offline: OpenOffline, town: Plan) -> None:
    page = open_offline(map_page(hostile(town)), width=390, height=844).page
    page.click(".pm-handle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.pm-body').scrollWidth") <= 390


def test_every_control_is_reached_by_the_keyboard_and_shows_its_focus(opened: OpenedPage) -> None:
    page = opened.page
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached |= set(
            page.evaluate(
                "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
                " return [e.dataset.language || e.dataset.layer || e.dataset.show || e.dataset.site || e.tagName,"
                " s.outlineStyle + e.tagName] })()"
            )
        )
    assert {"zh", "en", "grids", "demand", "s1", "s3", "SUMMARY"} <= reached
    assert "noneBUTTON" not in reached
    page.focus('[data-site="s1"]')
    page.keyboard.press("Enter")
    assert "驿站 s1" in page.inner_text(".leaflet-popup-content")
    assert page.evaluate("document.activeElement.className") == "leaflet-popup-close-button"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.site") == "s1"


def test_every_control_has_a_name(opened: OpenedPage) -> None:
    nameless = opened.page.evaluate(
        "[...document.querySelectorAll('button, input, [role=button], summary')].filter(e =>"
        " !(e.getAttribute('aria-label') || e.textContent.trim() || (e.closest('label') || {}).textContent))"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert nameless == []


def test_words_stand_out_from_their_ground(opened: OpenedPage) -> None:
    """WCAG AA: 4.5 to 1 for text."""
    faint = opened.page.evaluate(CONTRAST)
    assert faint == []


def test_on_a_phone_the_panel_is_a_sheet_that_opens_and_closes(open_offline: OpenOffline, town_page: str) -> None:
    page = open_offline(town_page, width=390, height=844).page
    assert not page.locator(".pm-classes").is_visible()
    map_box = page.locator(".folium-map").bounding_box()
    sheet_box = page.locator(".pm-panel").bounding_box()
    assert map_box["height"] > 400
    assert map_box["y"] + map_box["height"] <= sheet_box["y"] + 20
    page.click(".pm-handle")
    assert page.locator(".pm-classes").is_visible()
    assert page.get_attribute(".pm-handle", "aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not page.locator(".pm-classes").is_visible()


def test_the_view_opens_on_the_whole_study_and_returns_to_it(opened: OpenedPage, town: Plan) -> None:
    page = opened.page
    (south, west), (north, east) = sheet_for(town).corners(sheet_for(town).study)
    inside = (
        f"(() => {{ const b = {THE_MAP}.getBounds(); return b.contains([[{south}, {west}], [{north}, {east}]]); }})()"
    )
    assert page.evaluate(inside)
    page.evaluate(f"{THE_MAP}.setZoom(18, {{animate: false}})")
    assert not page.evaluate(inside)
    page.click(".pm-buttons button:nth-child(3)")
    page.wait_for_timeout(500)
    assert page.evaluate(inside)


def test_it_prints_on_one_sheet_of_paper_with_everything_drawn(opened: OpenedPage, tmp_path: Path) -> None:
    pixels = (
        "window.addEventListener('beforeprint', () => { const c = document.querySelector('.pm-flat');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const seen = new Set();"
        " for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);"
        " window.printed = [0xc3dce6, 0xf5f2ea].map(colour => seen.has(colour)); })"
    )
    opened.page.locator('[data-layer="catchments"]').uncheck()
    opened.page.evaluate(pixels)
    paper = opened.page.pdf(path=str(tmp_path / "map.pdf"), prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1
    assert opened.page.evaluate("window.printed") == [True, True]
    assert opened.page.locator(".pm-flat").count() == 0
    assert opened.complaints == []


def test_the_map_works_in_the_frame_of_a_notebook(open_offline: OpenOffline, town: Plan) -> None:
    opened = open_offline(f"<!doctype html><title>notebook</title>{draw_map(town)._repr_html_()}")
    frame = opened.page.frame_locator("iframe")
    frame.locator('[data-figure="after"]').wait_for()
    assert frame.locator('[data-figure="after"]').inner_text() == "75.0%"
    frame.locator('[data-language="en"]').click()
    assert frame.locator(".pm-headline").inner_text() == town.headline.en
    assert opened.requests == []
    assert opened.complaints == []


def test_our_layers_can_be_added_to_any_folium_map(open_offline: OpenOffline, town: Plan) -> None:
    plain = folium.Map(location=[30.2, 115.07], tiles=None)
    sheet = sheet_for(town)
    for layer in draw_layers(town, sheet):
        layer.add_to(plain)
    folium.LayerControl().add_to(plain)
    opened = open_offline(without_network(plain.get_root().render()))
    assert opened.page.locator(".leaflet-control-layers-overlays label").count() == 6
    assert opened.page.locator('[data-site="s3"]').count() == 1
    assert opened.complaints == []


def test_single_layers_stand_alone(open_offline: OpenOffline, town: Plan) -> None:
    plain = folium.Map(location=[30.2, 115.07], tiles=None)
    draw_background(town, sheet_for(town)).add_to(plain)
    draw_demand(town, sheet_for(town)).add_to(plain)
    opened = open_offline(without_network(plain.get_root().render()))
    assert opened.complaints == []


@pytest.mark.parametrize("opened_sites", [(), ("s1",)])
def test_a_bare_plan_still_opens(open_offline: OpenOffline, town: Plan, opened_sites: tuple[str, ...]) -> None:
    """One home, nobody in one of its groups, at most one station at its door, no grids, gates or background."""
    opened = open_offline(map_page(bare(town, opened_sites), "en"))
    share = opened.page.inner_text('[data-figure="after"]')
    assert share == ("100.0%" if opened_sites else "0.0%")
    assert legend(opened.page)[0 if opened_sites else 4] == 100
    opened.page.click('input[name$="_need"][value="1"]')
    assert opened.page.inner_text('[data-figure="after"]') == "—"
    assert opened.complaints == []


CONTRAST = """(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  document.querySelectorAll('.pm-panel details').forEach(one => { one.open = true; });
  document.querySelectorAll('.pm-panel *, .pm-foot *').forEach(node => {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.offsetParent || node.closest('[aria-hidden]')) return;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push([node.textContent.slice(0, 30), ratio]);
  });
  return faint;
})()"""


def legend(page: Any) -> list[float]:
    return [float(row.get_attribute("data-people")) for row in page.locator(".pm-classes li").all()]


def without_network(page: str) -> str:
    """Give a plain Folium map the Leaflet it would fetch, and drop the rest."""
    page = re.sub(r'<script src="[^"]*leaflet\.js"></script>', lambda _: f"<script>{_leaflet_js()}</script>", page)
    page = re.sub(r'<link rel="stylesheet" href="[^"]*"/>', "", page)
    page = re.sub(r'<script src="[^"]*"></script>', "", page)
    return page.replace("</head>", f"<style>{_leaflet_css()}</style></head>")


def bare(plan: Plan, opened_sites: tuple[str, ...]) -> Plan:
    """Return a plan about one home and one site, both in the same place."""
    homes = plan.demand.table.loc[["h1"]].drop(columns=["name", "compound", "grid", "community"])
    demand = Demand(homes.assign(elderly_population=0), plan.demand.groups)
    sites = CandidateSites(plan.sites.table.loc[["s1"]])
    reached = np.array([bool(opened_sites)])
    nearest = NearestWalks(
        demand.table.index, pd.Index(opened_sites), reached, np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.int64)
    )
    coverage = measure_coverage(demand, plan.needs, (nearest, nearest), sites, opened_sites)
    nothing = gpd.GeoSeries([], crs=demand.table.crs)
    return replace(
        plan,
        demand=demand,
        sites=sites,
        grids=None,
        gates=None,
        background=Background(nothing, nothing, nothing, nothing),
        before=coverage,
        after=coverage,
        catchments=plan.catchments.iloc[:0],
        solution=replace(plan.solution, opened=(), kept=opened_sites),
        notes=(),
        parameters=(),
        inputs=(),
    )


def hostile(plan: Plan) -> Plan:
    """Return the plan with names that would do harm if any of them were taken for code."""
    names = list(HOSTILE)
    demand = plan.demand.table.assign(name=names, compound=names[::-1], community=names)
    sites = plan.sites.table.assign(name=names[:5])
    grids = plan.grids.table.assign(name=names[:4])
    config = PlanConfig.model_validate({**plan.config.model_dump(), "name": HOSTILE[2] + HOSTILE[0]})
    return replace(
        plan,
        config=config,
        demand=Demand(demand, plan.demand.groups),
        sites=CandidateSites(sites),
        grids=Areas("grid", grids),
    )
