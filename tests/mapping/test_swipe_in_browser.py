"""Today and the plan side by side: what is drawn on either side, and how the divider is moved and leaves."""

from typing import Any

import pytest

from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP

pytestmark = pytest.mark.browser

COLOURS = (
    f"(() => {{ const one = {THE_MAP}.planSwipe.twins.find((each) => each.key === 'demand');"
    f" return [one, {THE_MAP}.planLayers.demand].map((layer) => Object.fromEntries(layer.getLayers()"
    ".map((shape) => [layer.data.id[shape.place], shape.options.fillColor]))); })()"
)
MEANT = (
    f"['before', 'after'].map((view) => {{ const {{ data }} = {THE_MAP}.planLayers.demand; return Object.fromEntries("
    "data.id.map((id, place) => [id, data.needs[0].classes[data.walks[0][view].class[place]].colour])); })"
)
SEEN = (
    f"(() => {{ const map = {THE_MAP}; const at = (canvas) => {{ const box = canvas._container.getBoundingClientRect();"
    " const [top, right, bottom, left] = canvas._container.style.clipPath.match(/[-\\d.]+/g).map(Number);"
    " return canvas === map.planCanvas ? box.left + left : box.right - right; };"
    " const divider = document.querySelector('.pm-divider').getBoundingClientRect();"
    " return [at(map.planSwipe.canvas), at(map.planCanvas), divider.left + divider.width / 2]; })()"
)


def start(opened: OpenedPage) -> Any:
    opened.page.wait_for_function(f"() => {THE_MAP}.planWhatIf")
    assert opened.page.locator(".pm-divider").count() == 0
    opened.page.click(".pm-swipe button")
    return opened.page


def test_today_is_drawn_left_of_the_divider_and_the_plan_right_of_it(open_offline: OpenOffline, town_page: str) -> None:
    opened = open_offline(town_page)
    page = start(opened)
    assert page.evaluate(COLOURS) == page.evaluate(MEANT)
    divider = page.get_by_role("slider")
    assert divider.get_attribute("aria-label") == page.inner_text(".pm-swipe p") == "左侧为现状\uff0c右侧为方案"
    for key, value in (("ArrowRight", 52), ("PageDown", 42), ("Home", 2), ("End", 98)):
        divider.press(key)
        assert divider.get_attribute("aria-valuenow") == str(value)
        page.evaluate(f"{THE_MAP}.panBy([30, 0], {{animate: false}})")
        left, right, middle = page.evaluate(SEEN)
        assert left == pytest.approx(middle, abs=1)
        assert right == pytest.approx(middle, abs=1)
        new = page.locator('[data-site="s3"]')
        new.wait_for(state="attached" if value in (98, 52, 42) else "visible")
    page.wait_for_function("() => document.querySelector('[data-site=\"s3\"]').classList.contains('pm-absent')")
    assert opened.complaints == []


def test_the_divider_is_dragged_a_click_beside_it_opens_a_card_and_the_layers_follow(
    open_offline: OpenOffline, town_page: str
) -> None:
    opened = open_offline(town_page, width=390, height=844, has_touch=True)
    page = start(opened)
    box = page.get_by_role("slider").bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(330, box["y"] + 120, steps=3)
    page.mouse.up()
    assert page.get_by_role("slider").get_attribute("aria-valuenow") == "85"
    where = page.evaluate(
        f"(() => {{ const {{ x, y }} = {THE_MAP}.latLngToContainerPoint({THE_MAP}.planLayers.demand.centreOf(3));"
        " return [x, y]; })()"
    )
    assert where[0] < 330
    page.mouse.click(*where)
    assert "纺织小区" in page.locator(".pm-card-title").last.inner_text()
    page.evaluate("document.querySelector('[data-layer=\"grids\"]').click()")
    page.wait_for_function(f"() => !{THE_MAP}.planSwipe.twins.some((one) => one.key === 'grids')")
    page.evaluate(f"{THE_MAP}.planState.set({{need: {THE_MAP}.planPanel.needs.length - 1}})")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.complaints == []


def test_it_leaves_when_another_moment_or_a_what_if_is_shown(open_offline: OpenOffline, town_page: str) -> None:
    opened = open_offline(town_page)
    page = start(opened)
    page.click('input[value="before"]', force=True)
    assert page.locator(".pm-divider").count() == 0
    page.click(".pm-swipe button")
    assert page.evaluate(f"{THE_MAP}.planState.view") == "after"
    page.evaluate(f"{THE_MAP}.planWhatIf.toggle(1)")
    assert page.locator(".pm-divider").count() == 0
    assert page.get_attribute(".pm-swipe button", "aria-pressed") == "false"
    assert page.evaluate(f"{THE_MAP}.planCanvas._container.style.clipPath") == ""
    assert page.locator(".leaflet-overlay-pane canvas").count() == 1
    page.click(".pm-swipe button")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.querySelector('.pm-swipe button')")
    assert opened.complaints == []
