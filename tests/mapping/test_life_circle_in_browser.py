"""The matrix of the life circle in the panel, as an official reads it."""

import json
from pathlib import Path

import pytest

from planner.config import read_plan
from planner.mapping import map_page
from planner.pipeline import make_plan
from planner.plan import Plan
from planner.report import plan_json
from tests.browser import OpenOffline
from tests.town_files import write_town

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return make_plan(read_plan(write_town(tmp_path_factory.mktemp("study") / "town")))


def cells(page) -> list[list[str]]:
    rows = page.query_selector_all(".pm-circle tbody tr")
    return [[cell.inner_text() for cell in row.query_selector_all("td")] for row in rows]


def in_percent(reach: list[dict], key: str) -> list[list[str]]:
    return [[f"{share:.1%}" for share in row[key]] for row in reach]


def test_the_matrix_shows_the_shares_of_plan_json_for_need_and_moment(open_offline: OpenOffline, plan: Plan) -> None:
    groups = json.loads(plan_json(plan))["life_circle"]["groups"]
    opened = open_offline(map_page(plan))
    page = opened.page
    for need in (0, 1):
        page.click(f'input[name$="_need"][value="{need}"]')
        for view, key in (("before", "share_before"), ("after", "share")):
            page.click(f'input[value="{view}"]', force=True)
            assert cells(page) == in_percent(groups[need]["reach"], key)
    assert opened.complaints == []


def test_a_missing_function_is_called_so_in_both_languages(open_offline: OpenOffline, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace("max_walk_min = 15", 'max_walk_min = 15\nfunction = "meals"'))
    page = open_offline(map_page(make_plan(read_plan(folder)))).page
    assert page.inner_text(".pm-circle-missing") == "缺项"
    page.click('[data-language="en"]')
    assert page.inner_text(".pm-circle-missing") == "missing"
