import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import solve
from planner.siting.constraints import AtMostChanges
from tests.siting.town import small_town


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
