import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import solve
from planner.siting.constraints import AtMostChanges, Replacing
from tests.siting.town import every_plan, replaced, small_town, town_with_actions


def opened(*sites):
    return np.isin(small_town().site_ids, sites)


def test_what_is_opened_or_closed_otherwise_counts_each_way():
    rule = AtMostChanges(changes=1, opened=["s10"], closed=["s2"])  # approved: s10, s4, s6
    assert rule.allows(small_town(), opened("s10", "s4", "s6"))
    assert rule.allows(small_town(), opened("s4", "s6"))
    assert rule.allows(small_town(), opened("s10", "s2", "s4", "s6"))
    assert not rule.allows(small_town(), opened("s3", "s4", "s6"))


def test_no_change_gives_the_approved_plan():
    solution = solve(small_town(), constraints=[AtMostChanges(changes=0, opened=["s5"], closed=["s6"])])
    assert (solution.opened, solution.closed) == (("s5",), ("s6",))


def test_how_many_changes_are_needed_is_told():
    rules = [AtMostChanges(changes=1, opened=[]), {"name": "station_count", "new_stations": 3}]
    with pytest.raises(InfeasibleError, match="at least 3 changes are needed"):
        solve(small_town(), constraints=rules)


@pytest.mark.parametrize(
    "wrong", [{"changes": 1}, {"opened": []}, {"changes": -1, "opened": []}, {"changes": 1, "opened": "s3"}]
)
def test_unusable_parameters_are_refused(wrong):
    with pytest.raises(PlanFileError):
        AtMostChanges(**wrong)


def test_sites_that_are_no_longer_there_are_refused():
    with pytest.raises(PlanFileError, match="s33"):
        solve(small_town(), constraints=[AtMostChanges(changes=1, opened=["s33"])])


@pytest.mark.parametrize(
    "approved", [{"opened": []}, {"opened": ["a2 merge", "s3"], "closed": ["s8"]}, {"opened": [], "closed": ["s6"]}]
)
def test_replacing_a_station_is_one_change_in_every_plan_counted_one_by_one(approved):
    town = town_with_actions()

    def decisions(plan):
        """What a plan opens, and what it closes for nothing."""
        gone = replaced(town, plan)
        opened = {
            site for site, old, now in zip(town.site_ids, town.status, plan, strict=True) if now > (old == "existing")
        }
        return opened | {
            f"close {site}"
            for site, old, now, instead in zip(town.site_ids, town.status, plan, gone, strict=True)
            if old == "existing" and not now and not instead
        }

    today = np.isin(town.status, ["existing", "under_construction"])
    then = (today | np.isin(town.site_ids, approved["opened"])) & ~np.isin(town.site_ids, approved.get("closed", ()))
    then &= ~replaced(town, then)
    wanted = decisions(then)
    plans = [plan for plan in every_plan(town) if Replacing().allows(town, plan)]
    counts = np.array([len(decisions(plan) ^ wanted) for plan in plans])
    for changes in range(4):
        rule = AtMostChanges(changes=changes, **approved)
        rows = rule.rows(town)
        by_rows = (np.array(plans) @ rows.of_open.toarray()[0]) <= rows.upper[0]
        assert np.array_equal([rule.allows(town, plan) for plan in plans], counts <= changes)
        assert np.array_equal(by_rows, counts <= changes)
    expanded = (today | (town.site_ids == "a1 expand")) & (town.site_ids != "s2")
    if approved == {"opened": []}:
        assert AtMostChanges(changes=1, opened=[]).allows(town, expanded)


def test_a_plan_that_nobody_read_is_refused():
    with pytest.raises(PlanFileError, match=r"plan\.json was not read"):
        solve(small_town(), constraints=[AtMostChanges(changes=1, plan="plan.json")])
