"""What-ifs in the page: every figure is what Python counts for the same stations."""

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import planner
from planner.coverage import measure_coverage
from planner.coverage.nearest import nearest_open
from planner.loading.what_if import what_if_faults
from planner.mapping import map_page
from planner.mapping.packed_walks import pack_walks
from planner.mapping.whatif import WhatIf
from planner.model import ServiceStandard
from planner.plan import Plan
from planner.siting import SitingProblem
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.test_in_browser import THE_MAP, bare, legend, without_network
from tests.test_actions import write_study as write_actions
from tests.test_full_stations import write_full_town
from tests.town_files import write_town

pytestmark = pytest.mark.browser

READY = f"() => {THE_MAP}.planWhatIf && document.querySelector('.pm-whatif-check').dataset.equal"
FIGURES = (
    f"(open) => {{ const w = {THE_MAP}.planWhatIf; w._become(open); return w.data.needs.map((need, n) =>"
    " w._count(n, w.standardOf(n), w.open, 'whatif').figures).concat(planMap.costOf(w.data.sites, w.open)); }"
)


def ready(opened: OpenedPage) -> OpenedPage:
    opened.page.wait_for_function(READY)
    return opened


def counted(plan: Plan, open_sites: tuple[str, ...], minutes: float | None = None) -> Any:
    """Measure a set of stations in Python, from the same walks."""
    walks = tuple(
        nearest_open(
            costs, [site for site in open_sites if site in plan.sites.table.index[plan.sites.offering(need.function)]]
        )
        for need, costs in zip(plan.needs, plan.far_walks or plan.costs, strict=True)
    )
    needs = plan.needs
    if minutes is not None:
        needs = tuple(planner.Need(one.group, one.walker, ServiceStandard(minutes), one.function) for one in needs)
    return measure_coverage(plan.demand, needs, walks, plan.sites, open_sites, plan.grids)


def cost_of(plan: Plan, open_sites: tuple[str, ...]) -> float:
    problem = SitingProblem.from_plan(plan.demand, plan.sites, plan.needs, plan.costs)
    return problem.cost_of(np.asarray(problem.site_ids.isin(open_sites)))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The town from its files, with every walk, however far."""
    return planner.make_plan(planner.read_plan(write_town(tmp_path_factory.mktemp("whatif") / "town")))


@pytest.fixture(scope="module")
def page(study: Plan) -> str:
    return map_page(study)


def test_random_toggles_count_what_python_counts(open_offline: OpenOffline, study: Plan, page: str) -> None:
    opened = ready(open_offline(page))
    sites, draw = sorted(study.sites.table.index), random.Random(3)
    for standard in (None, 5, 10, 15):
        opened.page.evaluate(f"(s) => {THE_MAP}.planState.set({{standard: s}})", standard)
        for _ in range(8):
            chosen = tuple(site for site in sites if draw.random() < 0.5)
            *needs, fen = opened.page.evaluate(FIGURES, [int(site in chosen) for site in sites])
            told = counted(study, chosen, standard)
            for shown, measured in zip(needs, told.needs, strict=True):
                assert shown["covered"] == pytest.approx(measured.covered)
                assert shown["people"] == pytest.approx(measured.people)
                assert shown["unreachable"] == pytest.approx(measured.unreachable)
                assert (math.nan if shown["mean"] is None else shown["mean"]) == pytest.approx(
                    measured.mean_walk_min, nan_ok=True
                )
            assert fen == pytest.approx(100 * cost_of(study, chosen))
            unserved = (
                opened.page.get_attribute(".pm-unserved", "data-grids").split() if study.grids is not None else []
            )
            if tuple(chosen) != study.after.open_sites:
                assert sorted(unserved) == sorted(told.unserved_grids)
                assert sum(legend(opened.page)[:3]) == pytest.approx(told.needs[0].covered)
    assert opened.complaints == []
    assert opened.requests == []


def test_the_page_says_whether_its_count_equals_the_plan(
    open_offline: OpenOffline, town: Plan, town_page: str, tmp_path: Path
) -> None:
    full = planner.make_plan(planner.read_plan(write_full_town(tmp_path / "full", "with_room")))
    actions = planner.make_plan(planner.read_plan(write_actions(tmp_path / "actions")))
    pages = [town_page, map_page(full), map_page(actions), map_page(bare(town, ()))]
    for text in pages:
        opened = ready(open_offline(text))
        assert opened.page.get_attribute(".pm-whatif-check", "data-equal") == "true"
        assert opened.complaints == []
    wrong = town_page.replace(
        '"told":{"before":{"people":1000.0,"covered":', '"told":{"before":{"people":1000.0,"covered":1'
    )
    assert wrong != town_page
    opened = ready(open_offline(wrong))
    assert opened.page.get_attribute(".pm-whatif-check", "data-equal") == "false"


def test_an_official_opens_closes_undoes_and_returns(open_offline: OpenOffline, town_page: str) -> None:
    opened = ready(open_offline(town_page))
    page = opened.page
    page.click('[data-show="s3"]')
    page.focus(".leaflet-popup .pm-whatif-toggle")
    page.keyboard.press("Enter")
    assert page.get_attribute(".pm-whatif-line", "data-gain") == "-200"
    assert page.inner_text('.pm-whatif-figures [data-figure="covered0"]') == "750 → 550 (55.0%)"
    best = page.locator(".pm-whatif-best [data-best]").first
    assert (best.get_attribute("data-best"), best.get_attribute("data-gain")) == ("s4", "250")
    page.click(".pm-whatif-changes button")
    assert page.locator(".pm-whatif-changes li").count() == 0
    assert page.evaluate(f"{THE_MAP}.planState.view") == "after"
    page.evaluate(f"{THE_MAP}.planWhatIf.toggle(4)")
    assert page.evaluate(f"{THE_MAP}.planWhatIf.opened") == []
    assert opened.complaints == []


def test_a_saved_what_if_comes_back_from_its_link_and_its_file(
    open_offline: OpenOffline, town: Plan, town_page: str, tmp_path: Path
) -> None:
    opened = ready(open_offline(town_page))
    page = opened.page
    page.evaluate(f"{THE_MAP}.planWhatIf.toggle(1); {THE_MAP}.planWhatIf.toggle(2)")
    with page.expect_download() as waiting:
        page.locator(".pm-whatif-buttons button").last.click()
    document = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert what_if_faults(document, "file") == []
    assert document["open"] == ["s1", "s2"]
    assert (document["opened"], document["closed"], document["cost_cny"]) == (["s2"], ["s3"], 200_000)
    measured = counted(town, ("s1", "s2"))
    assert [need["covered"] for need in document["needs"]] == [need.covered for need in measured.needs]
    fragment = page.evaluate(f"{THE_MAP}.planWhatIf.fragment()")
    page.evaluate(f"{THE_MAP}.planWhatIf.back()")
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
    page.wait_for_function(f"() => {THE_MAP}.planWhatIf.opened.length === 1")
    assert page.evaluate(f"{THE_MAP}.planWhatIf.closed") == ["s3"]
    assert opened.complaints == []


def test_more_pairs_are_rounded_up_and_no_standard_is_decided_otherwise(study: Plan, monkeypatch: Any) -> None:
    monkeypatch.setattr("planner.mapping.packed_walks.EXACT_PAIRS", 0)
    limits: Callable[[Any], list[int]] = lambda need: [need.standard.limit, 300_000, 900_000]  # noqa: E731
    for walks in pack_walks(study, limits):
        assert all(limit % walks.unit == 0 for place in walks.needs for limit in limits(study.needs[place]))
        for place in walks.needs:
            exact = np.concatenate([study.far_walks[place].walk.data, [0, 299_999, 300_000, 300_001]]).astype(np.int64)
            for limit in limits(study.needs[place]):
                assert (((-(-exact // walks.unit)) <= limit // walks.unit) == (exact <= limit)).all()


def test_it_can_be_added_to_any_folium_map(open_offline: OpenOffline, town: Plan) -> None:
    import folium

    from planner.mapping import sheet_for
    from planner.mapping.layers import draw_layers

    plain = folium.Map(location=[30.2, 115.07], tiles=None)
    for layer in draw_layers(town, sheet_for(town)):
        layer.add_to(plain)
    WhatIf(town).add_to(plain)
    opened = ready(open_offline(without_network(plain.get_root().render())))
    opened.page.evaluate(f"{THE_MAP}.planWhatIf.toggle(1)")
    assert opened.page.get_attribute(".pm-whatif-line", "data-gain") is not None
    assert opened.complaints == []
