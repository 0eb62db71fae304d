import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import solve
from planner.siting.constraints import PerArea
from tests.siting.town import small_town


def opened(*sites):
    return np.isin(small_town().site_ids, sites)


def test_all_open_stations_of_an_area_count_those_of_today_too():
    town = small_town()  # g1: s10, s3; g2: s2, s4; g3: s5, s7
    assert PerArea(at_least=1).allows(town, opened("s10", "s4", "s5"))
    assert not PerArea(at_least=1).allows(town, opened("s10", "s4", "s6"))
    assert not PerArea(at_most=1).allows(town, opened("s2", "s4"))
    assert PerArea(of="community", at_most=2).allows(town, opened("s2", "s4", "s5"))
    assert not PerArea(of="community", at_most=2).allows(town, opened("s2", "s4", "s10"))


def test_only_the_areas_named_are_counted():
    assert PerArea(at_least=1, areas=["g1"]).allows(small_town(), opened("s10"))


def test_a_site_in_no_area_counts_in_none_and_is_noted():
    town = small_town()
    assert PerArea(at_most=0, areas=["g1"]).allows(town, opened("s6"))
    (note,) = PerArea(at_least=1).notes(town)
    assert (note.code, note.examples) == ("siting.site_in_no_area", ("s6",))


def test_areas_without_enough_sites_are_named():
    with pytest.raises(InfeasibleError) as refused:
        solve(small_town(), constraints=[PerArea(at_least=2)])
    assert [fault.file for fault in refused.value.faults] == ["g3"]  # s7 is excluded


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"at_least": 2, "at_most": 1},
        {"at_least": -1},
        {"at_least": 1, "of": "street"},
        {"at_least": 1, "areas": []},
    ],
)
def test_unusable_parameters_are_refused(wrong):
    with pytest.raises(PlanFileError):
        PerArea(**wrong)


def test_an_area_that_nobody_knows_is_refused_with_the_nearest():
    with pytest.raises(PlanFileError, match=r"g33.*g3"):
        solve(small_town(), constraints=[PerArea(at_least=1, areas=["g33"])])
