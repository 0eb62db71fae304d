"""The background shows the neighbourhood of the study, and no more than opens at once."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.mapping.layers import background
from planner.mapping.sheet import sheet_for
from planner.plan import Plan
from tests.mapping.page_data import unpacked_parts
from tests.town import CRS, ORIGIN


def test_the_sheet_holds_every_home_site_grid_and_catchment_with_a_margin(town: Plan) -> None:
    sheet = sheet_for(town)
    inner = shapely.box(*sheet.study)
    for layer in (town.demand.table, town.sites.table, town.grids.table, town.catchments):
        assert inner.covers(shapely.box(*layer.total_bounds))
    west, south, east, north = np.abs(np.subtract(sheet.study, sheet.drawn))
    assert min(west, south, east, north) >= 150


def test_what_lies_far_from_the_study_is_not_drawn(town: Plan) -> None:
    far = shapely.transform(shapely.box(9e4, 9e4, 9.1e4, 9.1e4), lambda xy: xy + ORIGIN)
    with_far = _with(town, water=[town.background.water.iloc[0], far])
    assert background.background_data(with_far, sheet_for(with_far)) == _drawn(town)


def test_a_river_beyond_the_sheet_is_cut_at_its_edge(town: Plan) -> None:
    long_river = shapely.transform(shapely.box(-1e5, -250, 1e5, -150), lambda xy: xy + ORIGIN)
    data = _drawn(_with(town, water=[long_river]))
    (south, west), (north, east) = data["frame"]
    (ring,) = unpacked_parts(data, data["layers"]["water"])
    lon, lat = np.array(ring).T
    assert west - 1e-5 <= lon.min() < west + 1e-3
    assert east - 1e-3 < lon.max() <= east + 1e-5
    assert south < lat.min() < lat.max() < north


def test_the_order_of_the_input_leaves_no_trace(town: Plan) -> None:
    reversed_town = _with(town, buildings=list(town.background.buildings)[::-1])
    assert _drawn(reversed_town) == _drawn(town)


def test_a_bow_tie_in_the_water_does_not_stop_the_map(town: Plan) -> None:
    corners = [(0, -240), (9e4, -160), (9e4, -240), (0, -160)]
    bow_tie = shapely.transform(shapely.Polygon(corners), lambda xy: xy + ORIGIN)
    assert _drawn(_with(town, water=[bow_tie, None, shapely.Polygon()]))["layers"]["water"]


def test_the_largest_shapes_are_kept_where_there_is_no_room_for_all(
    town: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = [shapely.box(50 * k, 20, 50 * k + k, 20 + k) for k in range(5, 15)]
    crowded = _with(town, buildings=[shapely.transform(box, lambda xy: xy + ORIGIN) for box in boxes])
    others = sum(
        len(part) // 2 for name, parts in _drawn(crowded)["layers"].items() if name != "buildings" for part in parts
    )
    monkeypatch.setattr(background, "MAX_VERTICES", others + 15)
    data = _drawn(crowded)
    drawn = unpacked_parts(data, data["layers"]["buildings"])
    widths = sorted(np.ptp(np.array(ring)[:, 1]) * 111_000 for ring in drawn)
    assert widths == pytest.approx([12, 13, 14], abs=0.5)


def test_every_kind_of_path_finds_its_class(town: Plan) -> None:
    layers = _drawn(town)["layers"]
    assert len(layers["footway"]) == 1
    assert layers["lane"]
    assert layers["arterial"] == layers["steps"] == layers["private"] == []


def test_private_ways_are_drawn_as_private(town: Plan) -> None:
    private = np.zeros(town.network.edge_count, dtype=np.int32)
    private[-1] = 1
    layers = _drawn(replace(town, network=replace(town.network, private_area=private)))["layers"]
    assert len(layers["private"]) == 1
    assert layers["footway"] == []


def _drawn(plan: Plan) -> dict:
    return background.background_data(plan, sheet_for(plan))


def _with(plan: Plan, **layers: list) -> Plan:
    series = {name: gpd.GeoSeries(shapes, crs=CRS) for name, shapes in layers.items()}
    return replace(plan, background=replace(plan.background, **series))


def test_railways_are_drawn(town: Plan) -> None:
    line = shapely.transform(shapely.LineString([(0, 50), (900, 50)]), lambda xy: xy + ORIGIN)
    assert _drawn(town)["layers"]["railways"] == []
    assert len(_drawn(_with(town, railways=[line]))["layers"]["railways"]) == 1
