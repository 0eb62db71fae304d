"""Expand, merge, move, share and close, together with openings: by trying every allowed set, and by hand."""

import itertools
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from planner.errors import InfeasibleError, InputError, PlanFileError, SolverError
from planner.siting import SitingProblem, constraints_from, objective_from, solve
from planner.siting.actions import actions_of
from planner.siting.constraints import KeepOpen, Replacing, StationCount
from planner.siting.linear import Rows
from planner.siting.solvers import settle
from planner.siting.solvers.median import settle as median_settle
from planner.siting.worth import frontier
from tests.siting.samples import OBJECTIVE_SAMPLES
from tests.siting.town import best_plan, every_plan, replaced, reversed_rows, town_with_actions, with_status

RULES = [
    [],
    [{"name": "keep_open"}],
    [{"name": "keep_open", "sites": ["s6"]}, {"name": "budget", "max_cost_10k_cny": 15}],
    [{"name": "keep_open", "at_the_same_place": True}, {"name": "budget", "max_cost_10k_cny": 30}],
    [{"name": "station_count", "new_stations": 1}, {"name": "keep_open"}],
    [{"name": "station_count", "stations": 4}, {"name": "budget", "max_cost_10k_cny": 20}],
    [{"name": "budget", "max_cost_10k_cny": 17}, {"name": "cover_everyone", "except_out_of_reach": True}],
]
#: One number each: what stands in order, or is fair to areas, is compared step by step elsewhere.
WISHES = [
    {"name": name, **given}
    for name, samples in OBJECTIVE_SAMPLES.items()
    if name not in ("in_order", "fairest")
    for given in samples
]


@lru_cache(maxsize=2)
def town(turned):
    return reversed_rows(town_with_actions()) if turned else town_with_actions()


def is_allowed(problem, is_open):
    """No station is open beside what replaces it, and none is replaced twice: told station by station."""
    return all(
        sum(is_open[new] for new, stations in enumerate(problem.replaces) if old in stations) + is_open[old] <= 1
        for old in np.flatnonzero(problem.status == "existing")
    )


@pytest.mark.parametrize(
    ("turned", "smallest"), [(False, 30), (True, 0)], ids=["as given, solver alone", "rows reversed, with narrowing"]
)
@pytest.mark.parametrize("wish", WISHES, ids=str)
def test_the_plan_is_the_best_of_all_allowed_sets(wish, turned, smallest, monkeypatch):
    monkeypatch.setattr(settle, "_SMALL", smallest)
    monkeypatch.setattr(median_settle, "_SMALL", 0 if smallest == 0 else 400)
    problem, objective = town(turned), objective_from(wish)
    worth = {}
    for is_open in every_plan(problem):
        if is_allowed(problem, is_open):
            worth[is_open.tobytes()] = objective.evaluate(problem, is_open)
    for given in RULES[:: 2 if turned else 1]:
        rules = constraints_from(given)
        best = best_plan(
            problem,
            lambda is_open: worth[is_open.tobytes()],
            objective.sense,
            lambda is_open, rules=rules: (
                math.isfinite(worth.get(is_open.tobytes(), math.inf))
                and all(rule.allows(problem, is_open) for rule in rules)
            ),
        )
        if best is None:
            with pytest.raises(InfeasibleError):
                solve(problem, wish, given)
            continue
        solution = solve(problem, wish, given)
        found = (solution.status, solution.objective * objective.unit(problem), tuple(sorted(solution.open_sites)))
        assert found == ("optimal", pytest.approx(best[0]), best[-1]), given


def test_what_is_allowed_is_what_station_by_station_is_allowed():
    problem = town(False)
    allowed = [Replacing().allows(problem, is_open) for is_open in every_plan(problem)]
    assert allowed == [is_allowed(problem, is_open) for is_open in every_plan(problem)]
    assert 0 < sum(allowed) < len(allowed)


def test_a_station_is_kept_where_an_action_replaces_it():
    problem = town(False)
    for is_open in itertools.islice(every_plan(problem), 0, None, 7):
        stays = is_open | replaced(problem, is_open)
        today = np.isin(problem.status, ["existing", "under_construction"])
        assert KeepOpen().allows(problem, is_open) == bool(stays[today].all())


def test_at_the_same_place_only_expanding_keeps_a_station():
    problem = town(False)
    others = ["s4", "s8"]
    for kept, same, anywhere in [
        (["s2", "s6"], True, True),
        (["a1 expand", "s6"], True, True),
        (["a2 merge"], False, True),
    ]:
        is_open = np.isin(problem.site_ids, [*others, *kept])
        assert KeepOpen(at_the_same_place=True).allows(problem, is_open) == same
        assert KeepOpen().allows(problem, is_open) == anywhere


def test_new_stations_are_those_that_replace_none():
    problem = town(False)
    is_open = np.isin(problem.site_ids, ["s3", "s4", "s8", "a2 merge", "a4 share"])
    assert StationCount(new_stations=2).allows(problem, is_open)


def test_moving_beats_opening_where_it_reaches_more_for_the_money():
    walk = [[0, 9, 3], [9, 0, 9], [9, 9, 2], [9, 9, 2]]
    problem = SitingProblem.from_costs(walk, [10, 8, 20, 5], max_walk=3, cost_cny=[0, 90, 60], existing=[0])
    problem = replace(problem, replaces=((), (), (0,)), action=np.array(["open", "open", "move"], dtype=object))
    solution = solve(problem, constraints=[{"name": "keep_open"}, {"name": "budget", "max_cost_cny": 90}])
    assert (solution.opened, solution.kept, solution.closed, solution.objective) == ((2,), (), (0,), 35.0)
    (moved,) = solution.actions
    assert (moved.action, moved.site, moved.replaces, moved.cost_cny) == ("move", 2, (0,), 60.0)


def test_merging_saves_the_money_that_a_third_station_needs():
    walk = [[1, 9, 1, 9], [9, 1, 1, 9], [9, 9, 9, 1]]
    problem = SitingProblem.from_costs(walk, [5, 5, 3], max_walk=2, cost_cny=[0, 0, 10, 50], existing=[0, 1])
    problem = replace(
        problem,
        closing_cost_cny=np.array([-30.0, -5.0, 0, 0]),
        replaces=((), (), (0, 1), ()),
        action=np.array(["open", "open", "merge", "open"], dtype=object),
    )
    solution = solve(problem, constraints=[{"name": "budget", "max_cost_cny": 25}])
    assert (solution.opened, solution.closed, solution.objective, solution.cost_cny) == ((2, 3), (0, 1), 13.0, 25.0)
    assert [(each.action, each.site, each.replaces, each.cost_cny) for each in solution.actions] == [
        ("merge", 2, (0, 1), -25.0),
        ("open", 3, (), 50.0),
    ]


def test_sharing_beats_building_under_a_budget():
    walk = [[1, 2], [1, 9], [9, 2]]
    problem = SitingProblem.from_costs(walk, [5, 5, 4], max_walk=2, cost_cny=[100, 5])
    problem = replace(problem, replaces=((), ()), action=np.array(["open", "share"], dtype=object))
    solution = solve(problem, constraints=[{"name": "budget", "max_cost_cny": 99}])
    assert [(each.action, each.site) for each in solution.actions] == [("share", 1)]
    assert solve(problem, constraints=[{"name": "station_count", "new_stations": 1}]).opened == (0,)


def test_the_costs_of_actions_add_up_to_that_of_the_plan():
    problem = town(False)
    for is_open in filter(lambda is_open: is_allowed(problem, is_open), every_plan(problem)):
        told = actions_of(problem, is_open)
        assert sum(each.cost_cny for each in told) == pytest.approx(problem.cost_of(is_open))
        closed = {site for each in told for site in (*each.replaces, *([each.site] if each.action == "close" else []))}
        assert closed == set(problem.ids(problem.existing & ~is_open))


def test_required_actions_that_replace_one_station_are_a_conflict_that_is_named():
    problem = with_status(town_with_actions(), **{"a1 expand": "required", "a2 merge": "required"})
    with pytest.raises(InfeasibleError, match="each existing station has one action at most"):
        solve(problem)


def test_replacing_a_candidate_is_refused():
    problem = town_with_actions()
    wrong = tuple(
        (0,) if site == "a1 expand" else old for site, old in zip(problem.site_ids, problem.replaces, strict=True)
    )
    with pytest.raises(PlanFileError, match="s10, column “replaces”: is replaced"):
        solve(replace(problem, replaces=wrong))


def test_a_solver_that_knows_nothing_of_actions_is_caught(monkeypatch):
    honest = Replacing.rows
    monkeypatch.setattr(
        Replacing, "rows", lambda self, problem: Rows.counting(problem, honest(self, problem).of_open.sum(axis=0) * 0)
    )
    with pytest.raises(SolverError, match="breaks: actions"):
        solve(town_with_actions(), "total_walk")


def own_merger(**more):
    """Stations 0 and 1 may be merged at the place of 0 by site 2, or at a new one by site 3; ids are positions."""
    return SitingProblem.from_costs(
        np.ones((1, 4)),
        [10],
        max_walk=2,
        cost_cny=[0, 0, 30, 20],
        existing=[0, 1],
        replaces={2: [0, 1], 3: (0,)},
        site_xy_m=[[0, 0], [500, 0], [0.5, 0], [90, 0]],
        **more,
    )


def test_a_matrix_of_the_users_own_may_replace_stations_and_price_their_closing():
    problem = own_merger(closing_cost_cny=[7, np.nan, 0, 0])
    assert problem.replaces == ((), (), (0, 1), (0,))
    assert problem.action.tolist() == ["open", "open", "merge", "move"]
    assert problem.cost_of(np.array([False, False, True, False])) == 37
    solution = solve(problem, constraints=[{"name": "keep_open"}, {"name": "station_count", "stations": 1}])
    assert (solution.opened, solution.closed, solution.cost_cny) == ((2,), (0, 1), 37)


def test_a_merger_keeps_the_station_at_whose_place_it_stands():
    problem, kept = own_merger(), KeepOpen(at_the_same_place=True, sites=(0,))
    merged, moved = np.array([False, False, True, False]), np.array([False, True, False, True])
    assert (kept.allows(problem, merged), kept.allows(problem, moved)) == (True, False)
    assert not KeepOpen(at_the_same_place=True).allows(problem, merged)
    assert solve(problem, constraints=[kept, {"name": "keep_closed", "sites": [0]}]).opened == (2,)


def test_every_fault_of_what_is_replaced_comes_at_once():
    with pytest.raises(InputError) as refusal:
        SitingProblem.from_costs(
            np.ones((1, 4)),
            [10],
            max_walk=2,
            existing=[0, 1],
            closing_cost_cny=["much", 0, 0, 0],
            replaces={9: [0], 0: [1], 2: "01", 3: [0, 0, 2, "x"]},
        )
    said = str(refusal.value)
    for part in ("closing_cost_cny", "replaces: 9", "replaces[0]", "replaces[2]: '01'", "replaces[3]: 2, 'x'", "twice"):
        assert part in said
    with pytest.raises(InputError, match="a mapping of sites"):
        SitingProblem.from_costs(np.ones((1, 2)), [10], max_walk=2, existing=[0], replaces=[(1, 0)])


def test_a_frontier_of_stations_counts_only_those_that_are_more():
    # station 0 can be moved to site 1, which reaches home 1 too; site 2 is new
    walk = [[1, 1, 9], [9, 1, 9], [9, 9, 1]]
    problem = SitingProblem.from_costs(walk, [5, 6, 7], max_walk=2, existing=[0], replaces={1: [0]})
    found = frontier(problem, against="stations", limits=[0, 1])
    assert [(point.objective, point.new_stations, point.opened) for point in found.points] == [
        (11, 0, (1,)),
        (18, 1, (1, 2)),
    ]
