from dataclasses import replace

import numpy as np
import pytest

from planner.errors import PlanFileError
from planner.siting import solve
from planner.siting.constraints import Suitability
from tests.siting.town import small_town, with_status


def opened(*sites):
    return np.isin(small_town().site_ids, sites)


def test_candidates_below_the_score_are_not_opened_and_the_score_itself_is_enough():
    rule = Suitability(column="score", at_least=3)  # s10: 3, s3: 2, s5: 5
    assert rule.allows(small_town(), opened("s10", "s5", "s4"))
    assert not rule.allows(small_town(), opened("s3"))


def test_stations_of_today_and_required_sites_are_not_judged():
    rule = Suitability(column="score", at_least=3)
    assert rule.allows(with_status(small_town(), s3="required"), opened("s2", "s3", "s4", "s6"))


def test_a_candidate_without_a_score_is_refused_or_left_out_as_asked():
    town = replace(small_town(), site_scores={"score": np.array([3.0, 1, np.nan, 0, 5, 0, 9])})
    with pytest.raises(PlanFileError, match=r"s3.*no score"):
        solve(town, constraints=[Suitability(column="score", at_least=3)])
    rule = Suitability(column="score", at_least=3, missing="not_opened")
    solution = solve(town, constraints=[rule, {"name": "station_count", "at_least": 5}])
    assert "s3" not in solution.opened
    assert [(note.code, note.examples) for note in solution.notes] == [("siting.no_score", ("s3",))]


@pytest.mark.parametrize(
    "wrong", [{}, {"column": "score"}, {"column": 3, "at_least": 1}, {"column": "a", "at_least": "3"}]
)
def test_unusable_parameters_are_refused(wrong):
    with pytest.raises(PlanFileError):
        Suitability(**wrong)


def test_an_unknown_column_is_refused_with_the_nearest():
    with pytest.raises(PlanFileError, match=r"'skore'.*score"):
        solve(small_town(), constraints=[Suitability(column="skore", at_least=1)])
