"""Reading the map: going to things and opening their cards."""

import pytest

from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP

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
