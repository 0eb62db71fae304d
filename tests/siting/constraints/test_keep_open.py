import numpy as np
import pytest

from planner.errors import PlanFileError
from planner.siting import SitingProblem, solve
from planner.siting.constraints import KeepOpen
from tests.siting.town import small_town


def test_existing_stations_and_those_under_construction_stay():
    town = small_town()
    assert KeepOpen().allows(town, np.isin(town.site_ids, ["s2", "s4", "s6", "s3"]))
    assert not KeepOpen().allows(town, np.isin(town.site_ids, ["s2", "s4"]))


def test_only_those_named_stay():
    town = small_town()
    assert KeepOpen(sites=("s6",)).allows(town, np.isin(town.site_ids, ["s6", "s4"]))
    assert not KeepOpen(sites=("s6",)).allows(town, np.isin(town.site_ids, ["s2", "s4"]))


def test_without_it_a_plan_may_close_a_station_and_says_so():
    problem = SitingProblem.from_costs([[9, 1], [9, 1]], [5, 5], max_walk=2, existing=[0])
    moved = solve(problem, constraints=[{"name": "station_count", "stations": 1}])
    assert (moved.opened, moved.kept, moved.closed) == ((1,), (), (0,))
    kept = solve(problem, constraints=[{"name": "station_count", "stations": 1}, {"name": "keep_open"}])
    assert (kept.opened, kept.kept, kept.closed) == ((), (0,), ())


@pytest.mark.parametrize("sites", ["s6", 6, ["s99"], ["s3"]])
def test_what_is_no_list_of_stations_is_refused(sites):
    with pytest.raises(PlanFileError, match="sites"):
        solve(small_town(), constraints=[{"name": "keep_open", "sites": sites}])
