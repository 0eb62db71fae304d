"""The check-up of the life circle, against plain counting over an independent search on the town."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from planner.coverage import LifeCircle, circle_parameters, circle_parties, circle_reach, functions_of
from planner.model import CandidateSites, Need, ServiceStandard, Walker, WalkingCosts
from tests.town import HOMES, NEEDS, PLAIN, SITES, town_demand, town_distance_m, town_sites

CIRCLES_M = (300, 600, 900)  # 5, 10 and 15 minutes at one metre a second
OFFERED = {site[0]: {"any", *site[5].split(";")} for site in SITES}
CODES = ("any", "culture", "home_care")
GROUP = {"resident_population": 2, "elderly_population": 3}


def all_walks(reverse: bool = False) -> WalkingCosts:
    """Every walk of the town, however long."""
    homes, sites = (rows[:: -1 if reverse else 1] for rows in (HOMES, SITES))
    walk = [[round(1000 * town_distance_m(home[1], site[1])) for site in sites] for home in homes]
    row, column = np.indices((len(homes), len(sites))).reshape(2, -1)
    matrix = sparse.csr_array((np.ravel(walk).astype(np.int32), (row, column)))
    ids = (pd.Index([one[0] for one in rows]) for rows in (homes, sites))
    return WalkingCosts(*ids, matrix, 10**8)


def checked(opened, needs=NEEDS, sites=None, reverse=False) -> LifeCircle:
    demand, sites = town_demand(reverse), sites or town_sites(reverse)
    parties, functions = circle_parties(needs), functions_of(sites, needs)
    homes = demand.table.index
    reach = tuple(
        circle_reach(party, functions, demand.people(party.need.group), homes, all_walks(reverse), sites, opened)
        for party in parties
    )
    areas = {level: demand.table[level].to_numpy(dtype=object) for level in ("grid", "community")}
    asked = frozenset(need.function for need in needs)
    return LifeCircle(parties, functions, asked, homes, {"before": reach, "after": reach}, areas)


def share_by_hand(group, wanted, within_m, opened, homes=HOMES):
    """Count people who have for each wanted function some open station that offers it within some metres."""

    def near(home, function):
        return any(
            function in OFFERED[site[0]] and town_distance_m(home[1], site[1]) <= within_m
            for site in SITES
            if site[0] in opened
        )

    reached = sum(home[GROUP[group]] for home in homes if all(near(home, one) for one in wanted))
    return reached / sum(home[GROUP[group]] for home in homes)


OPEN_SETS = [set(chosen) for n in range(6) for chosen in itertools.combinations([site[0] for site in SITES], n)]


@pytest.mark.parametrize("opened", OPEN_SETS, ids=lambda one: "".join(sorted(one)) or "none")
def test_every_share_is_that_of_plain_counting(opened) -> None:
    check = checked(opened)
    assert check.rows == (*CODES, "all")
    for place, party in enumerate(check.parties):
        for row, wanted in zip(check.shares("after", place), [*([code] for code in CODES), CODES[1:]], strict=True):
            assert row == [share_by_hand(party.need.group, wanted, within, opened) for within in CIRCLES_M]


@pytest.mark.parametrize("level", ["grid", "community"])
def test_areas_are_counted_like_the_whole_and_the_least_covered_come_first(level) -> None:
    opened = {"s1", "s2"}
    found = checked(opened).by_area(level, 0)
    column = {"grid": 5, "community": 6}[level]
    for row in found.itertuples():
        homes = [home for home in HOMES if home[column] == row.area_id]
        wanted = CODES[1:] if row.function == "all" else [row.function]
        told = [row.share_1, row.share_2, row.share_3]
        assert told == [share_by_hand("resident_population", wanted, within, opened, homes) for within in CIRCLES_M]
    assert len(found) == len({home[column] for home in HOMES}) * 4
    assert found["share_3"].is_monotonic_increasing


def test_the_order_of_the_rows_changes_nothing() -> None:
    one, other = checked({"s1", "s4"}), checked({"s1", "s4"}, reverse=True)
    assert one.shares("after", 1) == other.shares("after", 1)
    pd.testing.assert_frame_equal(one.by_area("grid", 0), other.by_area("grid", 0))


def test_a_function_that_a_need_asks_for_and_nobody_offers_is_missing() -> None:
    meals = replace(NEEDS[0], function="meals")
    check = checked({"s1"}, (*NEEDS, meals))
    missing = [code for place, code in enumerate(check.functions) if check.missing("after", place)]
    assert missing == ["meals"]
    assert check.shares("after", 0)[check.rows.index("meals")] == [0.0, 0.0, 0.0]
    assert [check.functions[place] for place in check.every] == ["meals"]  # what needs ask for, not what sites offer
    assert len(check.parties) == 2  # the third need is of people who are counted already


def test_an_excluded_site_offers_nothing() -> None:
    sites = town_sites().table
    sites.loc["s5", "functions"] = "health"
    assert "health" not in functions_of(CandidateSites(sites), NEEDS)
    sites.loc["s3", "functions"] = "health"
    assert "health" in functions_of(CandidateSites(sites), NEEDS)


def test_where_no_function_is_named_only_the_walk_to_any_station_is_counted() -> None:
    check = checked({"s1"}, sites=CandidateSites(town_sites().table.assign(functions="any")))
    assert (check.rows, check.every) == (("any",), ())
    assert check.shares("after", 0) == [[0.1, 0.4, 0.55]]


def test_an_empty_group_has_no_share() -> None:
    check = checked({"s1"})
    nobody = replace(check.reach["after"][0], people=np.zeros(5))
    empty = replace(check, reach={"after": (nobody, nobody)})
    assert all(math.isnan(share) for row in empty.shares("after", 0) for share in row)


def test_needs_in_metres_have_circles_in_metres_and_every_circle_names_its_source() -> None:
    metres = Need("resident_population", Walker("adult"), ServiceStandard(max_walk_m=800))
    (party,) = circle_parties((metres,))
    assert (party.circles, party.unit.en) == ((300, 500, 1000), "m")
    told = circle_parameters((*NEEDS, metres))
    assert [one.value for one in told] == ["5 min", "10 min", "15 min", "300 m", "500 m", "1000 m"]
    assert all(one.source.zh and one.source.en for one in told)
    assert len({one.code for one in told}) == 6


def test_walkers_and_directions_are_counted_apart() -> None:
    back = replace(NEEDS[0], direction="from_station")
    slow = replace(NEEDS[0], walker=Walker("slow", speed_m_s=0.5))
    assert len(circle_parties((*NEEDS, back, slow, NEEDS[0]))) == 4
    assert circle_parties(NEEDS)[0].need.walker == PLAIN
