"""Reading the map: going to things and opening their cards."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.mapping import map_page
from planner.plan import Plan
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP
from tests.mapping.test_in_browser import hostile

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(open_offline: OpenOffline, town_page: str) -> OpenedPage:
    return open_offline(town_page)


def test_the_page_goes_to_anything_by_its_id_and_opens_its_card(opened: OpenedPage) -> None:
    page = opened.page
    page.locator('[data-layer="demand"]').uncheck()
    wanted = [
        ({"home": "h3"}, ("东门小区h3", "200 人")),
        ({"station": "s2"}, ("驿站 s2", "未选的候选点")),
        ({"grid": "g4"}, ("第4网格", "空白网格")),
        ({"compound": "江景苑"}, ("江景苑", "小区 · 河北社区", "2 处", "400 人", "400 人（100.0%）")),
        ({"compound": "南湖里"}, ("南湖里h5", "250 人")),
        ({"community": "河南社区"}, ("社区", "400 人", "150 人（37.5%）")),
    ]
    for what, words in wanted:
        assert page.evaluate(f"what => planMap.show({THE_MAP}, what)", what)
        card = page.locator(".leaflet-popup-content").last.inner_text()
        assert all(word in card for word in words), card
    assert page.locator('[data-layer="demand"]').is_checked()
    for nothing in ({"home": "nobody"}, {"community": "__proto__"}, {"moon": "s1"}, {}):
        assert not page.evaluate(f"what => planMap.show({THE_MAP}, what)", nothing)
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("江景苑", "江景苑"),
        ("jjy", "江景苑"),
        ("jiangjing", "江景苑"),
        ("ＨＮＳＱ", "河南社区"),
        (" S 2 ", "驿站 s2"),
        ("g4", "第4网格"),
        ("h3", "东门小区h3"),
        ("fzxqh4", "纺织小区h4"),
    ],
)
def test_a_name_is_found_by_its_characters_its_id_its_pinyin_and_its_initials(
    named: OpenedPage, asked: str, first: str
) -> None:
    if not os.environ.get("CI"):
        pytest.importorskip("pypinyin")
    named.page.fill('[role="combobox"]', asked)
    assert named.page.locator(".pm-found bdi").first.inner_text() == first


@pytest.fixture(scope="module")
def named(browser: Any, town_page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedPage]:
    """One page for all that is asked for."""
    file = tmp_path_factory.mktemp("page") / "map.html"
    file.write_text(town_page, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    yield OpenedPage(page)
    context.close()


def test_the_middle_of_a_syllable_finds_nothing(named: OpenedPage) -> None:
    named.page.fill('[role="combobox"]', "ngjingyuan")
    assert named.page.locator(".pm-found li").count() == 0
    assert named.page.inner_text("[data-found]") == "没有找到"


def test_the_keyboard_chooses_among_what_is_found_and_goes_there(opened: OpenedPage) -> None:
    page = opened.page
    field = page.locator('[role="combobox"]')
    field.fill("河")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert chosen.locator("bdi").inner_text() == "河南社区"
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    field.press("ArrowDown")
    field.press("Enter")
    assert page.locator(".pm-card-title").last.inner_text() == "河北社区"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    assert opened.complaints == []


def test_tables_sort_copy_and_save_what_the_plan_says(opened: OpenedPage, town: Plan) -> None:
    page = opened.page
    page.click("[data-tables]")
    assert page.locator(".pm-table-box tbody tr").count() == len(town.needs)
    assert f"{town.after.needs[0].covered:,.0f}" in page.inner_text(".pm-table-box tbody tr >> nth=0")
    page.click('[data-table="homes"]')
    assert page.inner_text(".pm-table-box tbody td >> nth=0") == "h5"
    assert "超出标准" in page.inner_text(".pm-table-box tbody")
    page.click('[data-table="compounds"]')
    people = page.locator(".pm-table-box th").nth(2)
    for direction, order in (("descending", [400, 250, 200, 150]), ("ascending", [150, 200, 250, 400])):
        people.locator("button").click()
        assert people.get_attribute("aria-sort") == direction
        cells = page.locator(".pm-table-box tbody tr td:nth-child(3)").all_inner_texts()
        assert [int(cell) for cell in cells] == order
    page.click("[data-copy]")
    page.locator("[data-told]", has_text="已复制").wait_for()
    with page.expect_download() as saved:
        page.click("[data-save]")
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert text.startswith("\ufeff名称,居民点,人数,")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["纺织小区", "东门小区", "南湖里", "江景苑"]
    page.click(".pm-goes >> nth=0")
    assert page.locator(".pm-card-title").last.inner_text() == "纺织小区h4"
    assert opened.complaints == []


def test_no_name_becomes_a_formula_or_breaks_a_row(named: OpenedPage) -> None:
    rows = [["=1+1", "+1", "-1", "@x", " =x", "\uff1d1", 'a"b,c', "a\tb\nc", -1.5, None]]
    assert named.page.evaluate("rows => planMap.csv(rows)", rows) == (
        "\ufeff'=1+1,'+1,'-1,'@x,' =x,'\uff1d1,\"a\"\"b,c\",a b c,-1.5,\r\n"
    )


def test_compounds_with_people_beyond_the_standard_are_listed_with_the_reason(opened: OpenedPage) -> None:
    page = opened.page
    page.click(".pm-unreached summary")
    assert page.inner_text("[data-unreached]") == "有居民未达标准的小区 1 个"
    row = page.locator(".pm-unreached button")
    assert "南湖里" in row.inner_text()
    assert "250 人" in row.inner_text()
    row.click()
    assert page.locator(".pm-card-title").last.inner_text() == "南湖里h5"


def test_hostile_names_stay_names_in_the_search_and_the_tables(open_offline: OpenOffline, town: Plan) -> None:
    opened = open_offline(map_page(hostile(town)), width=390, height=844)
    page = opened.page
    page.click(".pm-handle")
    for asked in ("script", "img", "很长", "7*7", "里小"):
        page.fill('[role="combobox"]', asked)
        assert page.locator(".pm-found li").count() > 0
    page.click(".pm-unreached summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.pm-body').scrollWidth") <= 390
    page.click("[data-tables]")
    for kind in ("stations", "grids", "communities", "compounds", "homes"):
        page.click(f'[data-table="{kind}"]')
        assert page.evaluate("document.querySelector('.pm-tables').scrollWidth") <= 390
        assert page.evaluate("Math.max(...[...document.querySelectorAll('tbody tr')].map(e => e.offsetHeight))") < 120
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert opened.complaints == []
