"""Changes of the streets on the map."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.config import ChangesConfig
from planner.mapping import map_page
from planner.mapping.layers.changes import change_data
from planner.mapping.sheet import sheet_for
from planner.model import NetworkChanges
from planner.plan import Plan
from tests.browser import OpenOffline
from tests.town import CRS, ORIGIN, PLACES


@pytest.fixture(scope="module")
def changing(town: Plan) -> Plan:
    """The town with a bridge that is made, a street that is closed and a ramp that are only compared."""
    ends = [("N4", "S4"), ("N1", "N2"), ("S1", "S2")]
    table = gpd.GeoDataFrame(
        {
            "name": ["东桥 <b>", "北街", "南街"],
            "kind": ["add", "close", "improve"],
            "cost_cny": [100_000.0, 0.0, 35_000.0],
            "removes_steps": [False, False, True],
        },
        index=["bridge", "closed", "ramp"],
        geometry=[shapely.LineString(np.array([PLACES[a], PLACES[b]]) + ORIGIN) for a, b in ends],
        crs=CRS,
    )
    config = town.config.model_copy(update={"changes": ChangesConfig(path="changes.gpkg", on=("bridge",))})
    return replace(town, config=config, changes=NetworkChanges(table))


def test_the_page_is_told_every_change(changing: Plan) -> None:
    data = change_data(changing, sheet_for(changing))
    assert data["kind"] == ["add", "close", "improve"]
    assert data["on"] == [True, False, False]
    assert data["cost"] == [10, 0, 3.5]
    assert [len(parts) for parts in data["lines"]] == [1, 1, 1]


def test_a_plan_without_changes_has_no_such_layer(town_page: str) -> None:
    assert "planMap.changes(planMap.read" not in town_page


@pytest.mark.browser
def test_changes_are_drawn_described_and_switched_off(changing: Plan, open_offline: OpenOffline) -> None:
    opened = open_offline(map_page(changing))
    page = opened.page
    page.wait_for_selector('[data-layer="changes"]')
    cards = page.evaluate(
        """() => {
          const map = Object.values(window).find((one) => one && one.planLayers);
          const layer = map.planLayers.changes;
          return layer.data.name.map((_, place) => layer.describe(place).textContent);
        }"""
    )
    assert "东桥 <b>" in cards[0]
    assert "已计入方案" in cards[0]
    assert "仅作比较" in cards[1]
    assert "3.5 万元" in cards[2]
    box = page.locator('[data-layer="changes"]')
    box.uncheck()
    assert not page.evaluate(
        "() => { const map = Object.values(window).find((one) => one && one.planLayers);"
        " return map.hasLayer(map.planLayers.changes); }"
    )
    assert opened.complaints == []
    assert opened.requests == []
