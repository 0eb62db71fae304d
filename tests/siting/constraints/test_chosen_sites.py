"""Rules that name sites: closed ones, either-or, together."""

import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve
from planner.siting.constraints import EitherOr, KeepClosed, Together
from tests.siting.town import small_town

RULES = [KeepClosed, EitherOr, Together]


def opened(*sites):
    return np.isin(small_town().site_ids, sites)


def test_sites_that_are_kept_closed_are_not_open_whatever_their_status():
    rule = KeepClosed(sites=["s3", "s2"])
    assert rule.allows(small_town(), opened("s4", "s6"))
    assert not rule.allows(small_town(), opened("s4", "s2"))
    assert not rule.allows(small_town(), opened("s4", "s3"))


def test_closing_what_every_plan_opens_is_impossible_and_named():
    with pytest.raises(InfeasibleError, match=r"s4.*under_construction"):
        solve(small_town(), constraints=[KeepClosed(sites=["s4"])])


def test_one_of_several_at_most_or_exactly():
    at_most, exactly = EitherOr(sites=["s3", "s5"]), EitherOr(sites=["s3", "s5"], exactly_one=True)
    for sites, is_most, is_one in (((), True, False), (("s3",), True, True), (("s3", "s5"), False, False)):
        assert at_most.allows(small_town(), opened(*sites)) is is_most
        assert exactly.allows(small_town(), opened(*sites)) is is_one


def test_together_is_all_or_none():
    rule = Together(sites=["s3", "s5", "s10"])
    assert rule.allows(small_town(), opened("s4"))
    assert rule.allows(small_town(), opened("s3", "s5", "s10"))
    assert not rule.allows(small_town(), opened("s3", "s5"))


def test_two_rules_against_each_other_are_both_named():
    rules = [
        {"name": "together", "sites": ["s3", "s5"]},
        {"name": "either_or", "sites": ["s3", "s5"], "exactly_one": True},
    ]
    with pytest.raises(InfeasibleError, match=r"together.*either_or"):
        solve(small_town(), constraints=rules)


def test_the_same_rule_twice_is_the_same_rule():
    rule = {"name": "together", "sites": ["s3", "s5"]}
    once, twice = (
        solve(small_town(), constraints=[{"name": "station_count", "stations": 3}, *[rule] * n]) for n in (1, 2)
    )
    assert once.opened == twice.opened


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("sites", [None, "s3", 3, [], [True], [["s3", "s5"]]], ids=repr)
def test_what_is_no_list_of_sites_is_refused(rule, sites):
    with pytest.raises(PlanFileError, match="sites"):
        rule(sites=sites)


@pytest.mark.parametrize("rule", [EitherOr, Together], ids=lambda rule: rule.name)
def test_one_site_alone_is_refused(rule):
    with pytest.raises(PlanFileError, match="at least 2"):
        rule(sites=["s3", "s3"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_unknown_site_is_refused_with_the_nearest(rule):
    with pytest.raises(PlanFileError, match=r"unknown: 's11'; expected: s10"):
        solve(small_town(), constraints=[rule(sites=["s3", "s11"])])


def test_ids_written_as_numbers_or_as_text_name_the_same_site():
    problem = SitingProblem.from_costs([[1, 2]], [5], max_walk=5)
    assert solve(problem, constraints=[KeepClosed(sites=["0"]), {"name": "station_count", "stations": 1}]).opened == (
        1,
    )
    assert solve(
        problem, constraints=[KeepClosed(sites=[np.int64(0)]), {"name": "station_count", "stations": 1}]
    ).opened == (1,)
