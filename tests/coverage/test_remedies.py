"""What would cover each home that is not covered: checked by hand on the town."""

import dataclasses

import pandas as pd

from planner.coverage import Alternatives, find_remedies, measure_coverage, remedy_in_words
from planner.model import CandidateSites
from tests.town import NEEDS, town_costs, town_demand, town_nearest, town_sites


def remedies(open_sites=("s1",), sites=None, alternatives=None):
    sites = town_sites() if sites is None else sites
    nearest = (town_nearest(open_sites),) * 2
    measured = measure_coverage(town_demand(), NEEDS, nearest, sites, open_sites).needs[0]
    return find_remedies(measured, sites, town_costs(NEEDS[0]), open_sites, alternatives)


def with_cost(site, cost_cny):
    table = town_sites().table
    table.loc[site, "cost_cny"] = cost_cny
    return CandidateSites(table)


def proposed(site):
    table = with_cost(site, 0.0).table
    table["proposed"] = table.index == site
    return CandidateSites(table)


def changes(cost_cny, **reached):
    table = pd.DataFrame({"name": "桥", "cost_cny": cost_cny}, index=list(reached))
    return Alternatives(table, 1, {ident: (pd.Index(homes),) for ident, homes in reached.items()})


def test_the_cheapest_site_that_reaches_the_home_is_named_with_all_whom_it_helps():
    # s1 at N0 covers h1, h2 (600 m) and h4 (700 m). h3 at N4: s3 stands there, s2 is 300 m away and dearer.
    # h5 at S4: s4 is 300 m away; s5, which stands there, is excluded.
    found = remedies()
    assert found.index.tolist() == ["h3", "h5"]
    assert found["remedy_id"].tolist() == ["s3", "s4"]
    assert found["remedy_people"].tolist() == [200, 250]
    assert found["remedy_cost_cny"].tolist() == [150_000, 180_000]


def test_a_site_whose_cost_nobody_knows_comes_last():
    found = remedies(sites=proposed("s3"))
    assert found["remedy_id"].tolist() == ["s2", "s4"]


def test_of_equal_costs_the_one_that_helps_more_people_is_named():
    # s2 at N3 helps h3 alone, as s3 does: the smaller id.
    assert remedies(sites=with_cost("s3", 200_000))["remedy_id"].tolist()[0] == "s2"


def test_a_cheaper_change_of_the_streets_is_named_instead():
    found = remedies(alternatives=changes(100_000.0, bridge=["h5", "h3"]))
    assert found["remedy"].tolist() == ["change", "change"]
    assert found["remedy_people"].tolist() == [450, 450]
    assert remedies(alternatives=changes(900_000.0, bridge=["h5"]))["remedy"].tolist() == ["site", "site"]


def test_where_nothing_helps_it_is_said():
    table = town_sites().table.assign(status=["existing", *["excluded"] * 4])
    found = remedies(sites=CandidateSites(table))
    assert found["remedy"].tolist() == ["none", "none"]
    assert "no candidate" in remedy_in_words(found.iloc[0]).en


def test_words_name_the_cost_and_the_people():
    assert remedy_in_words(remedies().loc["h3"]).en == "驿站 s3 (CNY 150,000; 200 people more in all)"
    assert remedy_in_words(remedies(sites=proposed("s4")).loc["h5"]).zh == "驿站 s4（费用未知，共新增覆盖 250 人）"


def test_a_home_without_people_needs_nothing():
    demand = town_demand()
    measured = measure_coverage(demand, NEEDS, (town_nearest(("s1",)),) * 2, town_sites(), ("s1",)).needs[0]
    empty = dataclasses.replace(measured, table=measured.table.assign(people=0.0))
    assert find_remedies(empty, town_sites(), town_costs(NEEDS[0]), ("s1",)).empty
