"""Thousands of homes are packed and drawn as one, and tell the same as a few that are drawn one by one."""

import base64
import json
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.mapping import elements, map_page, varints
from planner.model import Demand
from planner.plan import Plan
from tests.browser import OpenedPage, OpenOffline
from tests.mapping.test_in_browser import THE_MAP

pytestmark = pytest.mark.browser

HOMES = f"{THE_MAP}.planLayers.demand"


def outlined(plan: Plan) -> Plan:
    """Return the plan with outlines for all homes but the first; one has a hole, one is in two pieces."""
    table = plan.demand.table
    shapes = gpd.GeoSeries(table.geometry.buffer(12, quad_segs=3).to_numpy(), index=table.index, crs=table.crs)
    shapes.iloc[1] = shapes.iloc[1].difference(table.geometry.iloc[1].buffer(4))
    shapes.iloc[2] = shapes.iloc[2].union(shapely.affinity.translate(shapes.iloc[2], 40, 0))
    shapes.iloc[0] = None
    return replace(plan, demand=Demand(table, plan.demand.groups, shapes))


@pytest.fixture(params=[False, True], ids=["circles", "outlines"])
def plan(request: pytest.FixtureRequest, town: Plan) -> Plan:
    return outlined(town) if request.param else town


@pytest.fixture
def crowd(open_offline: OpenOffline, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> OpenedPage:
    monkeypatch.setattr(varints, "CROWD", 1)
    scripts = elements.asset  # changed before the page names its scripts by their hashes
    monkeypatch.setattr(elements, "asset", lambda name: scripts(name).replace("const CROWD = 1500", "const CROWD = 1"))
    opened = open_offline(map_page(plan))
    opened.page.evaluate(
        f"['candidates', 'gates', 'grids'].forEach((key) => {THE_MAP}.removeLayer({THE_MAP}.planLayers[key]))"
    )
    return opened


def test_a_packed_page_opens_to_the_same_data(
    crowd: OpenedPage, open_offline: OpenOffline, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (
        "((layer) => { const {fromPoints, shapes, ...rest} = layer.data;"
        f" return JSON.stringify([rest, layer.data.id.map((id, place) => layer.ringsOf(place) || null)]); }})({HOMES})"
    )
    there = crowd.page.evaluate(told)
    assert crowd.page.evaluate(f"Boolean({HOMES}.crowd)")
    monkeypatch.undo()
    assert json.loads(there) == json.loads(open_offline(map_page(plan)).page.evaluate(told))
    assert crowd.complaints == []


def test_each_home_has_the_colour_of_its_walk_at_each_moment(crowd: OpenedPage) -> None:
    for view in ("before", "after"):
        crowd.page.click(f'input[value="{view}"]', force=True)
        drawn, meant = crowd.page.evaluate(
            f"(({{ crowd, data }}) => [data.id.map((id, place) => crowd.styles[crowd.of[place]].fillColor),"
            f" data.walks[0]['{view}'].class.map((one) => data.needs[0].classes[one].colour)])({HOMES})"
        )
        assert drawn == meant


def test_a_click_opens_the_card_of_the_home_below_it(crowd: OpenedPage, plan: Plan) -> None:
    page = crowd.page
    page.evaluate("document.querySelectorAll('.leaflet-marker-pane').forEach((one) => { one.style.display = 'none'; })")
    for place, home in enumerate(page.evaluate(f"{HOMES}.data.id")):
        where = page.evaluate(
            f"(() => {{ const map = {THE_MAP}; map.closePopup(); const where = {HOMES}.centreOf({place});"
            " map.setView(where, 18, {animate: false}); const {left, top} = map.getContainer().getBoundingClientRect();"
            " const {x, y} = map.latLngToContainerPoint(where); return [left + x, top + y]; })()"
        )
        page.mouse.click(*where)
        name = plan.demand.table.at[home, "name"]
        if home not in list(plan.demand.table.index[1:3]) or plan.demand.shapes is None:
            assert str(name) in page.locator(".leaflet-popup-content").last.inner_text()
    assert crowd.complaints == []


NUMBERS = st.lists(st.integers(-(2**30), 2**30), max_size=30)


@settings(max_examples=25, deadline=None)
@given(numbers=NUMBERS)
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    found, value, shift = [], 0, 0
    for byte in base64.b64decode(varints.packed(numbers)):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            found.append((value >> 1) ^ -(value & 1))
            value, shift = 0, 0
    assert found == numbers
