"""brief.html."""

import dataclasses
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.bilingual import Text
from planner.coverage import measure_coverage
from planner.model import CandidateSites, Demand
from planner.model.figures import percent
from planner.report import brief_page
from planner.report.picture import map_picture
from planner.siting import ToldRule
from tests.report.conftest import SCRIPT
from tests.town import ORIGIN, town_nearest


def words_of(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page)


def test_the_figures_are_those_of_the_plan(plan):
    page = words_of(brief_page(plan))
    for measured in (*plan.before.needs, *plan.after.needs):
        assert percent(measured.share_covered) in page
        assert f"{measured.covered:,.0f}" in page
        assert f"{measured.mean_walk_min:.1f}" in page
    for part in (plan.headline.zh, plan.headline.en, "第4网格", "驿站 s3", "南湖里h5", "待核", "to be checked"):
        assert part in page


def test_an_official_finds_what_the_office_fills_in_and_what_the_map_is_for(plan):
    page = words_of(brief_page(plan))
    for part in (
        "审图号",
        "编制日期",
        "内部工作用图",
        "不作为公开出版用图",
        "合成数据",
        "本例为手工虚构的小镇",
        "不是规定要求",
    ):
        assert part in page


def test_nothing_is_fetched_from_anywhere(plan):
    assert not re.findall(r"""(?:src=|href|url\(|@import|https?://|//\w+\.)[^>]*""", brief_page(plan))


def test_names_are_text(hostile):
    page = brief_page(hostile)
    assert SCRIPT not in page
    assert page.count("<script>") == 1  # the page's own switch


def test_the_same_plan_gives_the_same_page(plan):
    assert brief_page(plan) == brief_page(plan)


def test_the_language_is_declared_and_both_are_there(plan):
    chinese, english = brief_page(plan, "zh"), brief_page(plan, "en")
    assert '<html lang="zh-CN">' in chinese
    assert '<html lang="en">' in english
    assert chinese.replace('<html lang="zh-CN">', '<html lang="en">') == english


@pytest.mark.parametrize("kind", ["bare", "audit", "cut_off", "metres"])
def test_every_kind_of_plan_has_a_brief(request, kind):
    page = words_of(brief_page(request.getfixturevalue(kind)))
    assert {"bare": "两岸小镇", "audit": "现状评估", "cut_off": "步行无法到达任何驿站", "metres": "900 米"}[
        kind
    ] in page


def test_the_picture_shows_each_home_in_the_class_of_its_walk(plan):
    picture = map_picture(plan)
    circles = {
        code: len(re.findall("<circle", body)) for code, body in re.findall(r'<g class="home (\w+)">(.*?)</g>', picture)
    }
    assert circles == {"near": 2, "middle": 1, "within": 1, "over": 1, "unreachable": 0}


def test_a_name_without_end_does_not_fill_the_sheet(plan):
    homes, sites = plan.demand.table.assign(name="家" * 10_000), plan.sites.table.assign(name="站" * 10_000)
    coverage = measure_coverage(
        Demand(homes, plan.demand.groups),
        plan.needs,
        (town_nearest(plan.after.open_sites),) * 2,
        CandidateSites(sites),
        plan.after.open_sites,
        plan.grids,
    )
    endless = dataclasses.replace(
        plan,
        demand=Demand(homes, plan.demand.groups),
        sites=CandidateSites(sites),
        after=coverage,
    )
    page = words_of(brief_page(endless))
    assert "站" * 21 + "…" in page
    assert "家" * 21 + "…" in page
    assert max(map(len, re.findall("站+|家+", page))) == 21


def test_railways_are_drawn(plan):
    line = shapely.transform(shapely.LineString([(0, 50), (900, 50)]), lambda xy: xy + ORIGIN)
    ground = dataclasses.replace(plan.background, railways=gpd.GeoSeries([line], crs=plan.background.water.crs))
    assert 'class="railway"' not in map_picture(plan)
    assert 'class="railway"' in map_picture(dataclasses.replace(plan, background=ground))


def test_grids_are_named_and_those_left_unserved_hatched(plan):
    picture = map_picture(plan)
    names = re.findall(r'<text class="(gridname[^"]*)"[^>]*>([^<]+)<', picture)
    left_out = {plan.grids.table.at[grid, "name"] for grid in plan.after.unserved_grids}
    assert {name for style, name in names if style == "gridname"} == left_out
    assert {name for style, name in names if style == "gridname quiet"} == set(plan.grids.table["name"]) - left_out
    assert 'class="hatch"' in picture
    served = dataclasses.replace(
        plan, after=dataclasses.replace(plan.after, grids=plan.after.grids.assign(served=True))
    )
    assert 'class="hatch"' not in map_picture(served)


def test_the_hatching_of_a_grid_fills_it_and_stays_inside(plan):
    from planner.report import picture as module

    grid = shapely.Polygon([(0, 0), (600, 100), (500, 500), (100, 300)])
    lines = shapely.union_all(module._hatched(np.array([grid], dtype=object)))
    assert shapely.covers(grid.buffer(0.01), lines)
    assert shapely.covers(lines.buffer(module._HATCH), grid)


def test_what_surrounds_the_study_is_drawn_beyond_the_frame(plan):
    """The sheet is often wider or taller than the drawing."""
    river = shapely.transform(shapely.box(-9e3, -250, 9e3, -150), lambda xy: xy + ORIGIN)
    ground = dataclasses.replace(plan.background, water=gpd.GeoSeries([river], crs=plan.background.water.crs))
    picture = map_picture(dataclasses.replace(plan, background=ground))
    x, _ = re.search(r'class="water" d="M(-?\d+) (-?\d+)', picture).groups()
    assert int(x) < -400 or int(x) > 2200


def test_a_path_too_short_for_the_page_is_left_out(plan):
    network = plan.network
    shape_xy = network.shape_xy.copy()
    shape_xy[1] = shape_xy[0]
    town = dataclasses.replace(plan, network=dataclasses.replace(network, shape_xy=shape_xy))
    assert map_picture(town).count("<path") == map_picture(plan).count("<path")


def test_the_picture_stays_small_with_many_homes(plan):
    from planner.report import picture as module

    people = plan.after.needs[0].table["people"].iloc[np.zeros(40_000, dtype=int)]
    points = np.stack(np.divmod(np.arange(40_000), 200), axis=1) * [9, 5]
    drawn = "".join(module._cells(plan, points, people, np.zeros(40_000, dtype=int)))
    assert len(drawn) < 600_000


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_prints_on_two_to_four_sheets(plan, open_offline, language):
    opened = open_offline(brief_page(plan, language))
    printed = opened.page.pdf(prefer_css_page_size=True, print_background=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed).groups())
    assert (round(width), round(height)) == pytest.approx((595, 842), abs=1)
    assert opened.requests == []
    assert opened.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_too_long_for_four_sheets_are_cut_and_the_rest_is_counted(plan, open_offline, language):
    """Every table, and every list of notes, is given twenty-five times its rows."""
    page = brief_page(plan, language)
    first, rest = page.split("</figure>", 1)
    rest = re.sub(
        r'(<tbody>|<ul class="notes.*?>)(.*?)(</tbody>|</ul>)', lambda m: m[1] + 25 * m[2] + m[3], rest, flags=re.S
    )
    opened = open_offline(first + "</figure>" + rest)
    printed = opened.page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 4
    told = opened.page.evaluate(
        """() => Array.from(document.querySelectorAll("table, ul.notes")).map((list) => {
            const line = list.nextElementSibling, rows = Array.from(list.querySelectorAll("tbody tr, li"));
            const left = rows.filter((row) => !row.getClientRects().length).length;
            const told = line && line.matches(".more[data-more]:not(.none)") ? line.querySelector("b").textContent : 0;
            return [left, Number(told)];
        })"""
    )
    assert [left for left, _ in told] == [number for _, number in told]
    assert sum(number for _, number in told) > 40


@pytest.mark.browser
def test_the_switch_changes_the_language_and_is_not_printed(plan, open_offline):
    page = open_offline(brief_page(plan, "zh")).page
    assert page.get_by_text("主要指标").is_visible()
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", name="Key figures").is_visible()
    assert not page.get_by_text("主要指标").is_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="English").is_visible()


@pytest.mark.browser
def test_names_run_no_script(hostile, open_offline):
    opened = open_offline(brief_page(hostile))
    dialogs = []
    opened.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    opened.page.reload()
    assert dialogs == []
    assert opened.page.locator("h1").inner_text() == SCRIPT


@pytest.mark.browser
def test_parts_that_can_be_spared_go_before_the_last_rows_and_a_line_says_so(plan, open_offline):
    page = brief_page(plan)
    charts = '<div class="pairs"><div style="height:90mm"><table></table></div></div>'
    charts = f'<section class="frontiers"><h2>F</h2>{charts}</section>'
    crowded = page.replace("</main>", 9 * charts + "</main>")
    assert not open_offline(page).page.locator(".spared").is_visible()
    opened = open_offline(crowded)
    assert opened.page.locator(".spared").is_visible()
    assert not opened.page.locator(".frontiers").first.is_visible()
    printed = opened.page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4


def test_rules_are_called_what_they_are_not_what_the_plan_file_calls_them(plan):
    told = ToldRule("station_count", Text("station_count 要求新建 3 座驿站", "station_count asks for 3 new stations"))
    page = words_of(brief_page(dataclasses.replace(plan, rules=(told, told))))
    assert "station_count" not in page
    assert "站点数：新建 3 座驿站" in page
    assert "Number of stations: asks for 3 new stations" in page
