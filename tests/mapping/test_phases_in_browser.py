"""A programme on the map: each phase with its stations, its colours and its figures, in a real browser."""

from pathlib import Path

import pytest

import planner
from planner.mapping import map_page
from planner.plan import Plan
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.page_data import THE_MAP, blocks
from tests.test_actions import write_study as write_actions
from tests.test_phases import write_study

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The town over two years: s4 opens in 2026, s3 in 2027."""
    return planner.make_plan(planner.read_plan(write_study(tmp_path_factory.mktemp("study") / "town")))


@pytest.fixture(scope="module")
def page(programme: Plan) -> str:
    return map_page(programme)


def shown(opened: OpenedPage) -> list[str]:
    """The new stations that are to be seen."""
    nodes = opened.page.query_selector_all(".pm-opened")
    return sorted(node.get_attribute("data-site") for node in nodes if node.is_visible())


def covered(opened: OpenedPage) -> float:
    rows = opened.page.query_selector_all(".pm-classes li")
    return sum(float(row.get_attribute("data-people")) for row in rows[:3])


@pytest.mark.parametrize("width", [1280, 390])
def test_each_phase_shows_its_stations_and_its_figures(
    open_offline: OpenOffline, page: str, programme: Plan, width: int
) -> None:
    opened = open_offline(page, width=width)
    if width < 720:
        opened.page.click(".pm-handle")
    seen = {}
    for moment in ("before", "phase1", "after"):
        opened.page.click(f'input[value="{moment}"]', force=True)
        seen[moment] = (shown(opened), covered(opened))
    first, second = programme.programme.phases
    assert seen == {
        "before": ([], programme.before.needs[0].covered),
        "phase1": (["s4"], first.covered[0]),
        "after": (["s3", "s4"], second.covered[0]),
    }
    assert opened.complaints == []
    assert opened.requests == []


def test_the_figure_beside_today_is_that_of_the_phase_shown(
    open_offline: OpenOffline, page: str, programme: Plan
) -> None:
    opened = open_offline(page)
    opened.page.click('input[value="phase1"]', force=True)
    first = programme.programme.phases[0]
    assert opened.page.inner_text('[data-figure="after"]') == f"{first.covered[0] / first.people[0]:.1%}"
    assert opened.page.inner_text("[data-shown]") == opened.page.inner_text("[data-moment]") == "2026"


def test_stations_wear_the_number_of_their_phase(open_offline: OpenOffline, page: str) -> None:
    opened = open_offline(page)
    worn = {
        node.get_attribute("data-site"): node.query_selector(".pm-phase").inner_text()
        for node in opened.page.query_selector_all(".pm-opened")
    }
    assert worn == {"s4": "1", "s3": "2"}


def test_going_to_a_station_shows_the_phase_in_which_it_opens(open_offline: OpenOffline, page: str) -> None:
    opened = open_offline(page)
    opened.page.click('input[value="before"]', force=True)
    opened.page.click('[data-show="s4"]')
    assert opened.page.is_checked('input[value="phase1"]')
    opened.page.click('[data-show="s3"]')
    assert opened.page.is_checked('input[value="after"]')


def test_homes_take_the_colour_of_the_phase(open_offline: OpenOffline, page: str) -> None:
    opened = open_offline(page)
    opened.page.click('input[value="phase1"]', force=True)
    demand = blocks(page)["demand"]
    classes = demand["needs"][0]["classes"]
    layers = f"{THE_MAP}.planLayers"
    drawn = opened.page.evaluate(f"{layers}.demand.getLayers().map(one => [one.place, one.options.fillColor])")
    positions = demand["walks"][0]["phase1"]["class"]
    assert sorted(drawn) == [[place, classes[position]["colour"]] for place, position in enumerate(positions)]
    assert positions != demand["walks"][0]["after"]["class"]


def test_each_kind_of_action_is_in_the_legend(open_offline: OpenOffline, tmp_path: Path) -> None:
    folder = write_actions(tmp_path / "town")
    plan_file = folder / "plan.toml"
    years = '\n[[phases]]\nname = "1"\nmax_cost_10k_cny = 18\n\n[[phases]]\nname = "2"\nmax_cost_10k_cny = 18\n'
    plan_file.write_text(plan_file.read_text(encoding="utf-8") + years, encoding="utf-8")
    opened = open_offline(map_page(planner.make_plan(planner.read_plan(folder))))
    legend = {row.get_attribute("data-action") for row in opened.page.query_selector_all("[data-action]")}
    assert legend == {"open", "merge"}
    opened.page.click('input[value="phase1"]', force=True)
    label = '[data-site="s1"] .pm-label'
    struck = f"getComputedStyle(document.querySelector('{label}')).textDecorationLine"
    assert (shown(opened), opened.page.evaluate(struck)) == (["s4"], "none")
    opened.page.click('input[value="after"]', force=True)
    assert (shown(opened), opened.page.evaluate(struck)) == (["m1", "s4"], "line-through")
    assert opened.complaints == []
