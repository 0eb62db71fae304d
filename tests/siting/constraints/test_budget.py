from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InfeasibleError, PlanFileError
from planner.siting import SitingProblem, solve
from planner.siting.constraints import Budget
from planner.siting.linear import Expression
from tests.siting.town import every_plan, small_town, with_status

# s3 costs 200,000 and s5 250,000 CNY; s2 and s6 exist; s4, under construction, would cost 900,000


def test_exactly_the_budget_may_be_spent():
    town = small_town()
    both = np.isin(town.site_ids, ["s3", "s5"])
    assert Budget(max_cost_cny=450_000).allows(town, both)
    assert not Budget(max_cost_cny=449_999.99).allows(town, both)


def test_ten_thousand_cny_and_cny_say_the_same():
    assert Budget(max_cost_10k_cny=12.3).limit_cny == Budget(max_cost_cny=123_000).limit_cny == 123_000


def test_stations_that_exist_or_are_under_construction_cost_nothing():
    town = small_town()
    assert Budget(max_cost_cny=0).allows(town, np.isin(town.site_ids, ["s2", "s4", "s6"]))


def test_required_sites_cost_what_they_cost():
    town = with_status(small_town(), s3="required")
    with pytest.raises(InfeasibleError, match=r"budget allows 19 × 10,000 CNY; at least 20 × 10,000 CNY are needed"):
        solve(town, constraints=[{"name": "budget", "max_cost_10k_cny": 19}])


def with_closing_costs(problem, *cost_cny):
    return replace(problem, closing_cost_cny=np.array(cost_cny, dtype=float))


def test_closing_a_station_of_today_costs_what_closing_costs():
    town = with_closing_costs(small_town(), 7, 30_000, 7, 7, 7, np.nan, 7)
    assert town.cost_of(np.isin(town.site_ids, ["s2", "s4", "s6"])) == 0.0
    assert town.cost_of(np.isin(town.site_ids, ["s2", "s3", "s4"])) == 200_000.0  # s6: not known, nothing
    assert town.cost_of(np.isin(town.site_ids, ["s3", "s4", "s6"])) == 230_000.0


def test_money_that_closing_releases_may_be_spent():
    walk = [[1, 9, 9], [9, 1, 9], [9, 9, 1]]
    problem = SitingProblem.from_costs(walk, [1, 5, 2], max_walk=2, cost_cny=[0, 40, 30], existing=[0])
    budget = [{"name": "budget", "max_cost_cny": 30}]
    assert solve(problem, constraints=budget).open_sites == (0, 2)
    freed = solve(with_closing_costs(problem, -10, 0, 0), constraints=budget)
    assert (freed.opened, freed.closed) == ((1,), (0,))


def test_what_a_plan_costs_is_the_same_as_data_and_counted():
    town = with_closing_costs(small_town(), 0, 1_000.1, 0, 0, 0, -2_000.2, 0)
    cost = Expression.of_cost(town)
    for is_open in every_plan(town):
        assert town.cost_of(is_open) == pytest.approx(cost.constant + cost.of_open[is_open].sum(), abs=1e-6)


def test_closing_that_is_dear_is_said_where_the_money_does_not_reach():
    problem = SitingProblem.from_costs([[1, 9]], [1], max_walk=2, cost_cny=[0, 0], existing=[0, 1])
    with pytest.raises(InfeasibleError, match=r"at least 5 × 10,000 CNY are needed"):
        solve(
            with_closing_costs(problem, 70_000, 50_000),
            constraints=[{"name": "station_count", "stations": 1}, {"name": "budget", "max_cost_10k_cny": 4}],
        )


def test_sums_are_counted_in_whole_fen():
    problem = SitingProblem.from_costs([[1, 9, 9], [9, 1, 9], [9, 9, 1]], [1, 1, 1], max_walk=2, cost_cny=[0.1] * 3)
    assert Budget(max_cost_cny=0.3).allows(problem, np.ones(3, dtype=bool))  # 0.1 + 0.1 + 0.1 > 0.3 in floats
    assert solve(problem, constraints=[{"name": "budget", "max_cost_cny": 0.3}]).opened == (0, 1, 2)


def test_a_site_without_a_cost_is_named():
    problem = SitingProblem.from_costs([[1, 1]], [1], max_walk=2)
    with pytest.raises(PlanFileError) as refusal:
        solve(problem, constraints=[{"name": "budget", "max_cost_cny": 5}])
    assert [fault.file for fault in refusal.value.faults] == ["0", "1"]


def test_too_little_for_everyone_says_what_is_needed():
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [1, 1], max_walk=2, cost_cny=[40_000, 55_000])
    with pytest.raises(InfeasibleError, match=r"cover_everyone .*, but budget allows 9 .* at least 9\.5 × 10,000"):
        solve(problem, constraints=[{"name": "cover_everyone"}, {"name": "budget", "max_cost_10k_cny": 9}])


@pytest.mark.parametrize(
    "given", [{}, {"max_cost_cny": 1, "max_cost_10k_cny": 1}, {"max_cost_cny": -1}, {"max_cost_cny": "9"}], ids=str
)
def test_unusable_parameters_are_refused(given):
    with pytest.raises(PlanFileError):
        solve(small_town(), constraints=[{"name": "budget", **given}])
