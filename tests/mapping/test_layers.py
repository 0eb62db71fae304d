"""What the page is given are the plan's own figures."""

from dataclasses import replace

import pytest
import shapely

from planner.mapping.layers.stations import people_within, site_role
from planner.mapping.needs import people_by_class
from planner.plan import Plan
from tests.mapping.page_data import blocks, unpacked
from tests.town import town_plan


def test_the_people_of_the_classes_are_all_the_people(town: Plan) -> None:
    for measured in (*town.before.needs, *town.after.needs):
        classes = people_by_class(measured)
        assert sum(classes) == measured.people
        assert sum(classes[:3]) == measured.covered
        assert classes[4] == measured.unreachable


def test_classes_of_the_town_counted_by_hand(town: Plan) -> None:
    """After: h1 and h3 stand at a station (300), h2 walks 600 m (300), h4 700 m (150), h5 2200 m or more (250)."""
    assert people_by_class(town.after.needs[0]) == [300, 300, 150, 250, 0]
    assert people_by_class(town.before.needs[0]) == [100, 300, 150, 450, 0]


def test_people_within_the_standard_of_each_site_counted_by_hand(town: Plan) -> None:
    """Within 900 m: s1 has h1, h2, h4; s2 h1, h2, h3; s3 h2, h3; s4 h4, h5; s5 h4 (900 m exactly) and h5."""
    within = people_within(town, 0, town.sites.table.index)
    assert within == {"s1": 550, "s2": 600, "s3": 500, "s4": 400, "s5": 400}


def test_the_nearest_station_of_everybody_is_counted_once(town_page: str, town: Plan) -> None:
    stations = blocks(town_page)["stations"]
    for need, walks in zip(stations["nearest"], town.after.needs, strict=True):
        assert sum(need["after"]) == walks.people - walks.unreachable


def test_roles_say_what_becomes_of_each_site(town: Plan) -> None:
    roles = {site: site_role(town, site, status) for site, status in town.sites.table["status"].items()}
    assert roles == {"s1": "kept", "s2": "candidate", "s3": "opened", "s4": "candidate", "s5": "excluded"}
    closing = replace(town, solution=replace(town.solution, kept=(), closed=("s1",)))
    assert site_role(closing, "s1", "existing") == "closed"


def test_the_hatched_grids_are_the_unserved_grids_of_the_plan(town_page: str, town: Plan) -> None:
    grids = blocks(town_page)["grids"]
    for moment in ("before", "after"):
        hatched = [grid for grid, yes in zip(grids["id"], grids["needs"][0][moment]["unserved"], strict=True) if yes]
        assert tuple(hatched) == getattr(town, moment).unserved_grids


def test_homes_are_drawn_where_they_are(town_page: str, town: Plan) -> None:
    demand = blocks(town_page)["demand"]
    drawn = unpacked(demand, demand["points"])
    true = town.demand.table.sort_index().to_crs(4326).geometry
    for (lon, lat), point in zip(drawn, true, strict=True):
        assert (lon, lat) == (pytest.approx(point.x, abs=1e-6), pytest.approx(point.y, abs=1e-6))


def test_each_walk_names_its_station_and_minutes(town_page: str, town: Plan) -> None:
    demand = blocks(town_page)["demand"]
    for need, measured in zip(demand["walks"], town.after.needs, strict=True):
        named = [demand["stations"][place] for place in need["after"]["station"]]
        expected = measured.table.loc[demand["id"]]
        assert named == [town.sites.table.loc[site, "name"] for site in expected["station"]]
        assert need["after"]["min"] == pytest.approx(expected["walk_min"].tolist(), abs=0.006)


def test_outlines_replace_circles_where_the_demand_has_them(town: Plan) -> None:
    from planner.mapping.layers.demand import demand_data
    from planner.mapping.sheet import sheet_for

    outlines = town.demand.table.geometry.buffer(20)
    outlines.loc["h2"] = None
    data = demand_data(replace(town, demand=replace(town.demand, shapes=outlines)), sheet_for(town))
    drawn = dict(zip(data["id"], data["shapes"], strict=True))
    assert drawn["h2"] is None
    ring = shapely.Polygon(unpacked(data, drawn["h1"][0]))
    home = town.demand.table.to_crs(4326).geometry["h1"]
    assert ring.contains(home)


def test_reversing_the_rows_of_the_inputs_changes_no_byte(town: Plan, town_page: str, tmp_path) -> None:
    from planner.mapping import map_page
    from tests.town import town_demand, town_sites

    other = replace(town_plan(tmp_path), demand=town_demand(reverse=True), sites=town_sites(reverse=True))
    assert map_page(other) == town_page


def test_each_need_has_the_catchments_of_its_own_way_to_walk(town_page: str, town: Plan) -> None:
    """In the town both needs walk alike, but one for 15 minutes and one for 10."""
    drawn = blocks(town_page)["catchments"]
    stations = len(town.after.open_sites)
    assert drawn["of_need"] == [1, 2]
    assert drawn["need"] == [1] * stations + [2] * stations
    assert len(drawn["areas"]) == len(drawn["moment"]) == 2 * stations
