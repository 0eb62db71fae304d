"""The pages as axe-core judges them: no serious or critical findings, on a desk and on a phone, in both languages.

axe-core (MPL-2.0) is used by these tests only. `AXE_CORE` names its script; `npm install axe-core` brings it.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from planner.comparing import compare_plans, write_comparison
from planner.config import read_plan
from planner.mapping import map_page
from planner.pipeline import make_plan, write_outputs
from planner.report import brief_page
from tests.browser import OpenOffline
from tests.town_files import write_town

pytestmark = pytest.mark.browser

SIZES = [(1280, 800), (390, 844)]
JUDGE = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
  .filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)"""


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core's script; skip where it is not installed, and fail in CI."""
    named = os.environ.get("AXE_CORE", "")
    if named and Path(named).is_file():
        return Path(named).read_text(encoding="utf-8")
    reason = "axe-core is not here: AXE_CORE names no file"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_plan(read_plan(write_town(tmp_path_factory.mktemp("study") / "town")))


@pytest.fixture(scope="module")
def compared(plan: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a comparison of the plan with one that opens another station."""
    folder = tmp_path_factory.mktemp("compared")
    other = make_plan(read_plan(plan.config.folder, {"what_if.open": ["s3"]}))
    for name, one in (("best", plan), ("by hand", other)):
        write_outputs(one, folder / name)
    write_comparison(compare_plans([folder / "best", folder / "by hand"]), folder / "compare")
    return folder / "compare"


def findings(page: Any) -> list[str]:
    return page.evaluate(JUDGE)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_map_has_no_serious_findings_closed_open_and_with_a_card(
    open_offline: OpenOffline, plan: Any, axe: str, width: int, height: int
) -> None:
    page = open_offline(map_page(plan), width, height, bypass_csp=True).page
    page.evaluate(axe)
    for language in ("zh", "en"):
        page.click(f'[data-language="{language}"]')
        assert findings(page) == []
        if width < 720:
            page.click(".pm-handle")
            assert findings(page) == []
        page.click("[data-show]")
        page.wait_for_selector(".pm-card")
        page.wait_for_timeout(500)  # a card fades in, and half faded its words are pale
        assert findings(page) == []
        page.keyboard.press("Escape")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_brief_has_no_serious_findings(
    open_offline: OpenOffline, plan: Any, axe: str, width: int, height: int
) -> None:
    page = open_offline(brief_page(plan), width, height, bypass_csp=True).page
    page.evaluate(axe)
    for language in ("zh-CN", "en"):
        page.click(f'[data-language="{language}"]')
        assert findings(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", ["compare.html", "map.html"])
def test_a_comparison_has_no_serious_findings(
    open_offline: OpenOffline, compared: Path, axe: str, name: str, width: int, height: int
) -> None:
    page = open_offline(compared / name, width, height, bypass_csp=True).page
    page.evaluate(axe)
    for language in page.eval_on_selector_all("[data-language]", "all => all.map(one => one.dataset.language)"):
        page.click(f'[data-language="{language}"]')
        assert findings(page) == []
    if name == "map.html" and width < 720:
        page.click(".pm-handle")
        assert findings(page) == []
        page.keyboard.press("Escape")
        assert page.get_attribute(".pm-handle", "aria-expanded") == "false"


def test_the_keyboard_reaches_everything_in_order_with_a_visible_focus(open_offline: OpenOffline, plan: Any) -> None:
    page = open_offline(map_page(plan)).page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {
              const node = document.activeElement;
              if (node === document.body) return null;
              const bare = (one) => one && getComputedStyle(one).outlineStyle === 'none'
                && getComputedStyle(one).boxShadow === 'none';
              const bareFocus = bare(node) && bare(node.nextElementSibling);
              const words = node.dataset.language || node.dataset.show || node.dataset.layer || node.name
                || node.getAttribute('aria-label') || node.className || node.tagName;
              return [node.closest('.pm-panel') ? 'panel' : 'map', words, bareFocus];
            }"""
        )
        if here is None:
            break
        assert not here[2], f"no visible focus on {here[1]}"
        seen.append(":".join(here[:2]))
    told = " ".join(seen)
    for wanted in ("panel:zh", "panel:en", "_view", "_need", "panel:demand", "panel:s1"):
        assert wanted in told
    areas = [one.partition(":")[0] for one in seen]
    assert len([one for one, before in zip(areas[1:], areas[:-1], strict=True) if one != before]) <= 2
