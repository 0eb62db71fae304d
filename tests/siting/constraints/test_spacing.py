import itertools
from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve
from planner.siting.constraints import Spacing
from planner.siting.constraints.spacing import cliques
from tests.siting.town import every_plan, small_town, town_with_actions, with_status


def opened(town, *sites):
    return np.isin(town.site_ids, sites)


def test_exactly_so_far_is_far_enough():
    town = small_town()  # s10 and s3 stand 500 m apart, s2 and s10 450 m
    assert Spacing(min_m=500).allows(town, opened(town, "s10", "s3"))
    assert not Spacing(min_m=500.01).allows(town, opened(town, "s10", "s3"))
    assert not Spacing(min_m=500).allows(town, opened(town, "s10", "s2"))


def test_stations_of_today_that_stand_closer_are_noted_and_left_alone():
    town = small_town()
    assert Spacing(min_m=500).allows(town, opened(town, "s4", "s6"))
    (note,) = Spacing(min_m=500).notes(town)
    assert (note.code, note.examples) == ("siting.close_today", ("s4 – s6",))
    assert not Spacing(min_m=500).allows(with_status(town, s6="candidate"), opened(town, "s4", "s6"))


def test_two_sites_that_must_open_and_stand_too_close_are_named():
    with pytest.raises(InfeasibleError, match="s10 – s3"):
        solve(with_status(small_town(), s10="required", s3="required"), constraints=[Spacing(min_m=501)])


def test_sites_at_one_place_exclude_each_other():
    problem = SitingProblem.from_costs([[1, 1], [1, 2]], [5, 5], max_walk=5, site_xy_m=[[0, 0], [0, 0]])
    assert len(solve(problem, constraints=[Spacing(min_m=1), {"name": "station_count", "at_most": 2}]).opened) == 1
    assert Spacing(min_m=0).allows(problem, np.array([True, True]))


def test_without_coordinates_it_is_refused():
    problem = SitingProblem.from_costs([[1, 1]], [5], max_walk=5)
    with pytest.raises(PlanFileError, match="no coordinates"):
        solve(problem, constraints=[Spacing(min_m=1)])
    with pytest.raises(PlanFileError, match="min_m"):
        Spacing(min_m=-1)


def test_groups_hold_every_pair_and_nothing_else():
    rng = np.random.default_rng(3)
    points = rng.random((40, 2))
    pairs = np.array(
        [pair for pair in itertools.combinations(range(40), 2) if np.hypot(*np.subtract(*points[[*pair]])) < 0.3]
    )
    groups = cliques(pairs, rng.permutation(40))
    within = {tuple(sorted(pair)) for group in groups for pair in itertools.combinations(group, 2)}
    assert within == set(map(tuple, pairs.tolist()))
    assert len(groups) < len(pairs) / 2


def test_a_station_that_stands_too_close_today_may_be_expanded_where_it_stands():
    town = town_with_actions()
    place = {site: number for number, site in enumerate(town.site_ids)}
    xy = np.array([[2000.0 * number, 0.0] for number in range(len(place))])
    xy[place["s6"]] = xy[place["s2"]] + [100, 0]  # both are open today
    xy[place["a1 expand"]] = xy[place["s2"]]
    xy[place["a3 move"]] = xy[place["s6"]]
    xy[place["s3"]] = xy[place["s2"]] + [0, 100]
    town = replace(town, site_xy_m=xy)
    rule = Spacing(min_m=500)
    assert rule.allows(town, opened(town, "a1 expand", "s6"))
    assert not rule.allows(town, opened(town, "a1 expand", "s3"))
    assert not rule.allows(town, opened(town, "a3 move", "s2"))
    assert not rule.allows(town, opened(town, "a3 move", "a1 expand"))
    rows = rule.rows(town)
    for plan in every_plan(town)[::37]:
        assert rule.allows(town, plan) == bool((rows.of_open @ plan <= rows.upper).all())
