"""A programme is the best of all ways: by trying every one, by hand, and by what must hold of any."""

import itertools
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import InfeasibleError, PlanFileError, SolverError
from planner.siting import SitingProblem
from planner.siting.constraints import constraints_from
from planner.siting.linear import Rows
from planner.siting.objectives import objective_from
from planner.siting.phases import Phase, solve_phases, solving
from planner.siting.phases.columns import Columns
from planner.siting.phases.rules import PhaseMoney
from tests.siting.town import (
    COMMUNITIES,
    DEMAND_GRIDS,
    SCORES,
    SITE_GRIDS,
    SITE_XY_M,
    counted,
    reversed_rows,
    town_with_actions,
    with_status,
)

NEVER = 99


def town():
    """The town with actions, some of its rows left out: two candidates, a shared venue, two that replace stations."""
    closed = dict.fromkeys(["a4 share", "a5 merge", "s3"], "excluded")
    return with_status(town_with_actions(), **closed)


def replaced_by(problem, new):
    return () if problem.replaces is None else problem.replaces[new]


def every_way(problem, phases, first):
    """Every assignment of a phase to each site: when it opens, station by station."""
    count = len(phases)
    choices = []
    for site, status in enumerate(problem.status):
        if status == "existing":
            choices.append((-1,))
        elif status == "under_construction":
            choices.append((first[site],))
        elif status == "excluded":
            choices.append((NEVER,))
        else:
            choices.append((*range(first[site], count), *((NEVER,) if status == "candidate" else ())))
    return itertools.product(*choices)


def open_after(problem, when, number):
    """What is open after a phase: nothing that was opened closes, what is replaced does."""
    is_open = np.array(when) <= number
    for new, moment in enumerate(when):
        if 0 <= moment <= number:
            is_open[list(replaced_by(problem, new))] = False
    return is_open


def is_possible(problem, phases, when):
    gone = [old for new, moment in enumerate(when) if 0 <= moment < NEVER for old in replaced_by(problem, new)]
    if len(gone) != len(set(gone)):
        return False
    closing = np.zeros(len(when)) if problem.closing_cost_cny is None else np.nan_to_num(problem.closing_cost_cny)
    left = 0.0
    for number, phase in enumerate(phases):
        opened = [site for site, moment in enumerate(when) if moment == number and problem.new[site]]
        spent = sum(problem.cost_cny[site] + sum(closing[list(replaced_by(problem, site))]) for site in opened)
        added = sum(not replaced_by(problem, site) for site in opened)
        if spent > left + phase.limit_cny + 1e-6 or not phase.count[0] <= added <= phase.count[1]:
            return False
        left = left + phase.limit_cny - spent if phase.carries_over else 0.0
    return True


OVER_PHASES = {"longest_walk": "worst", "fewest_sites": "end", "least_cost": "end"}


def best_way(problem, phases, first, wish="max_coverage", rules=()):
    objective, best, known = objective_from(wish), None, {}
    years = [phase.years for phase in phases]

    def worth_of(now):
        if now.tobytes() not in known:
            amount = counted(problem, now)[0] if wish == "max_coverage" else objective.evaluate(problem, now)
            known[now.tobytes()] = amount
        return known[now.tobytes()]

    for when in every_way(problem, phases, first):
        if not is_possible(problem, phases, when):
            continue
        states = [open_after(problem, when, number) for number in range(len(phases))]
        if not all(rule.allows(problem, states[-1]) for rule in rules):
            continue
        each = [worth_of(now) for now in states]
        over = OVER_PHASES.get(wish if isinstance(wish, str) else wish["name"])
        worth = max(each) if over == "worst" else each[-1] if over == "end" else math.fsum(np.multiply(years, each))
        is_better = best is None or (worth > best if objective.sense == "max" else worth < best)
        best = worth if math.isfinite(worth) and is_better else best
    return best


def at_once(problem):
    return np.zeros(len(problem.site_ids), dtype=int)


SAMPLES = {
    "money": [Phase("a", 11), Phase("b", max_cost_10k_cny=30)],
    "money carried over": [Phase("a", 11, carries_over=True), Phase("b", max_cost_10k_cny=20, years=3.0)],
    "stations": [Phase("a", new_stations=1), Phase("b", max_new_stations=1, max_cost_10k_cny=32)],
    "years count": [Phase("a", 30, years=0.5), Phase("b", 30, years=5)],
    "three": [Phase("a", 6), Phase("b", 6, carries_over=True), Phase("c", 20)],
}


@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
@pytest.mark.parametrize("phases", SAMPLES.values(), ids=SAMPLES)
def test_the_way_is_the_best_of_all_ways(phases, turned):
    problem = reversed_rows(town()) if turned else town()
    found = solve_phases(problem, phases, compare=False)
    assert found.solution.status == "optimal"
    assert found.solution.objective == pytest.approx(best_way(problem, phases, at_once(problem)))


WISHES = [
    "total_walk",
    "longest_walk",
    "gradual_coverage",
    {"name": "backup_coverage", "primary_weight": 0.5},
    "fewest_sites",
    "least_cost",
]


@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
@pytest.mark.parametrize("wish", WISHES, ids=str)
def test_every_other_objective_is_the_best_of_all_ways_too(wish, turned):
    problem, phases = with_status(town(), s5="excluded"), SAMPLES["money"]
    rules = []
    if wish in ("fewest_sites", "least_cost"):
        rules = [{"name": "coverage_target", "share": 0.9, "group": "residents"}]
    if isinstance(wish, dict):
        problem = with_status(problem, **{"a2 merge": "excluded"})
    problem = reversed_rows(problem) if turned else problem
    found = solve_phases(problem, phases, wish, rules, compare=False)
    told = found.solution.objective * objective_from(wish).unit(problem)
    assert found.solution.status == "optimal"
    assert told == pytest.approx(best_way(problem, phases, at_once(problem), wish, constraints_from(rules)))


def test_of_ends_equally_good_the_programme_covers_most_over_the_years_by_hand():
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [10, 30], max_walk=2, cost_cny=[5, 5])
    years = [Phase("1", max_cost_cny=5), Phase("2", max_cost_cny=5)]
    everyone = [{"name": "cover_everyone"}]
    for wish, worth in (("fewest_sites", 2), ("least_cost", 10)):
        found = solve_phases(problem, years, wish, everyone)
        assert [plan.opened for plan in found.phases] == [(1,), (0,)]
        assert found.solution.objective == worth
        assert "at its end" in found.certificate.en


def test_a_choice_of_stations_is_refused_where_one_column_would_stand_for_two():
    with pytest.raises(PlanFileError, match="a2 merge") as refusal:
        solve_phases(town(), SAMPLES["money"], "backup_coverage")
    assert "replaces several stations" in str(refusal.value)


def test_rows_reversed_open_the_same_in_every_phase():
    for phases in (SAMPLES["money carried over"], SAMPLES["stations"]):
        one, other = (solve_phases(problem, phases) for problem in (town(), reversed_rows(town())))
        assert (one.greedy, one.end_only, one.phases) == (other.greedy, other.end_only, other.phases)


RULES = [
    {"name": "cover_everyone", "except_out_of_reach": True},
    {"name": "station_count", "at_most": 4},
    {"name": "budget", "max_cost_10k_cny": 25},
    {"name": "keep_closed", "sites": ["a1 expand"]},
    {"name": "keep_closed", "sites": ["s6", "s10"]},
    {"name": "coverage_target", "share": 0.95, "group": "elderly"},
    {"name": "coverage_target", "share": 0.9, "of": "grid", "group": "elderly", "except_out_of_reach": True},
    {"name": "coverage_target", "share": 0.9, "of": "community", "group": "elderly"},
    {"name": "spacing", "min_m": 500},
    {"name": "per_area", "at_most": 1, "areas": ["g2"]},
    {"name": "per_area", "of": "community", "at_least": 2},
    {"name": "either_or", "sites": ["s10", "a1 expand"]},
    {"name": "either_or", "sites": ["s10", "a1 expand", "s2"], "exactly_one": True},
    {"name": "together", "sites": ["s5", "s10"]},
    {"name": "together", "sites": ["a3 move", "a6 share", "s4"]},
    {"name": "at_most_changes", "changes": 1, "opened": ["s5"]},
    {"name": "suitability", "column": "score", "at_least": 3.5},
]


def areas(grids):
    return {"grid": grids, "community": np.array([COMMUNITIES.get(grid) for grid in grids], dtype=object)}


def placed_town():
    """The town with actions and everything that constraints ask of places."""
    more = {  # of s8 and the actions
        "s8": (2100, 900, "g3", 0.0),
        "a1 expand": (-450, 0, "g2", 4.0),
        "a2 merge": (800, 600, "g1", 3.0),
        "a3 move": (2900, 0, "g3", 2.5),
        "a4 share": (9000, 900, "g1", 9.0),
        "a5 merge": (9000, 1900, "g1", 9.0),
        "a6 share": (2100, 950, "g3", 6.0),
    }
    problem = town()
    grids = np.array([*SITE_GRIDS, *(place[2] for place in more.values())], dtype=object)
    homes = np.array([*DEMAND_GRIDS[:-1], "g3"], dtype=object)
    return replace(
        problem,
        site_xy_m=np.array([*SITE_XY_M, *(place[:2] for place in more.values())], dtype=float),
        site_areas=areas(grids),
        demand_areas=areas(homes),
        site_scores={"score": np.array([*SCORES, *(place[3] for place in more.values())])},
    )


@pytest.mark.parametrize("turned", [False, True], ids=["as given", "rows reversed"])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_constraints_of_the_plan_hold_at_the_end(rule, turned):
    problem, phases = placed_town(), [Phase("a", 18), Phase("b", 30, years=2)]
    problem = reversed_rows(problem) if turned else problem
    judged = partial(best_way, problem, phases, at_once(problem), "gradual_coverage")
    free, best = judged(), judged(constraints_from([rule]))
    assert best < free, "a rule that changes nothing tests nothing"
    found = solve_phases(problem, phases, "gradual_coverage", [rule], compare=False)
    assert found.solution.objective == pytest.approx(best)


def test_each_column_carries_the_place_of_its_site():
    problem = reversed_rows(placed_town())
    columns = Columns.of(problem, tuple(SAMPLES["money"]), at_once(problem))
    derived = columns.problem
    for column, site in enumerate(columns.site):
        assert (derived.site_xy_m[column] == problem.site_xy_m[site]).all()
        assert derived.site_areas["grid"][column] == problem.site_areas["grid"][site]
        assert derived.site_scores["score"][column] == problem.site_scores["score"][site]
    assert derived.demand_areas == problem.demand_areas


def test_what_cannot_hold_at_the_end_is_said():
    rules = [{"name": "station_count", "at_most": 1}]
    with pytest.raises(InfeasibleError, match="at the end station_count allows at most 1"):
        solve_phases(town(), SAMPLES["money"], constraints=rules)


def test_sites_open_from_their_phase_on_and_what_is_built_opens_in_its_own():
    problem, phases = town(), SAMPLES["years count"]
    late = {"s4": "b", "s5": "b", "s10": "b"}
    first = np.array([int(site in late) for site in problem.site_ids])
    found = solve_phases(problem, phases, opens_from=late)
    assert "s4" not in found.phases[0].open_sites
    assert "s4" in found.phases[1].opened
    assert found.solution.objective == pytest.approx(best_way(problem, phases, first))


def test_required_sites_open_in_some_phase():
    problem = with_status(town(), s5="required")
    found = solve_phases(problem, [Phase("a", 6), Phase("b", 26)])
    assert "s5" in found.phases[1].opened


def test_a_station_serves_until_its_action_opens_by_hand():
    # station 0 moves to site 1 in the second year; until then its home has the old place, and only then home 1 has one
    walk = [[1, 1, 9], [9, 1, 9], [9, 9, 1]]
    problem = SitingProblem.from_costs(walk, [5, 7, 9], max_walk=2, cost_cny=[0, 40, 40], existing=[0])
    problem = replace(problem, replaces=((), (0,), ()), action=np.array(["open", "move", "open"], dtype=object))
    found = solve_phases(problem, [{"name": "1", "max_cost_cny": 40}, {"name": "2", "max_cost_cny": 40, "years": 10}])
    assert [plan.opened for plan in found.phases] == [(2,), (1,)]
    assert [plan.covered for plan in found.phases] == [(14.0,), (21.0,)]
    assert [plan.closed for plan in found.phases] == [(), (0,)]
    assert [action.action for plan in found.phases for action in plan.actions] == ["open", "move"]
    assert found.solution.objective == 14 + 210


def test_the_price_of_nesting_and_of_planning_year_after_year_by_hand():
    # alone, year one takes site 0 (10 people); with two stations the best end is 1 and 2 (18), and 0 would be wasted
    walk = [[1, 1, 9], [1, 9, 1], [9, 1, 9], [9, 9, 1]]
    problem = SitingProblem.from_costs(walk, [5, 5, 4, 4], max_walk=2)
    years = [{"name": "1", "new_stations": 1}, {"name": "2", "new_stations": 1}]
    found = solve_phases(problem, years)
    assert (found.solution.objective, found.greedy, found.end_only) == (9 + 18, 10 + 14, 27)
    assert [plan.price_of_nesting for plan in found.phases] == [1, 0]
    assert [plan.alone.opened for plan in found.phases] == [(0,), (1, 2)]
    short = solve_phases(problem, [{**years[0], "years": 9}, years[1]])
    assert [plan.opened for plan in short.phases] == [(0,), (1,)]
    assert [plan.price_of_nesting for plan in short.phases] == [0, 4]
    assert short.end_only == 9 * 9 + 18


def test_where_nothing_is_proven_the_better_of_the_ways_is_the_programme(monkeypatch):
    honest = solving.solve

    def late(problem, wish, rules, **rest):
        """A search that has only found what stands today, and whose comparisons are found in time."""
        found = honest(problem, wish, rules, **rest)
        if rest["time_limit_s"] != 7.0:
            return found
        opened = tuple(column for column in found.open_sites if problem.status[column] != "candidate")
        is_open = np.isin(problem.site_ids, opened)
        worth = wish.evaluate(problem, is_open)
        return replace(found, status="feasible", opened=(), kept=opened, objective=worth, bound=found.objective)

    monkeypatch.setattr(solving, "solve", late)
    problem = SitingProblem.from_costs([[1, 9], [9, 1]], [10, 30], max_walk=2, cost_cny=[5, 5])
    years = [Phase("1", max_cost_cny=5), Phase("2", max_cost_cny=5)]
    found = solve_phases(problem, years, time_limit_s=7.0)
    assert [plan.opened for plan in found.phases] == [(1,), (0,)]
    assert (found.solution.status, found.solution.objective, found.solution.gap) == ("feasible", 70.0, 0.0)
    assert found.solution.opened == (0, 1)


@st.composite
def programmes(draw):
    points, sites = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = st.lists(st.sampled_from([0, 1, 2, 3, 6, np.nan]), min_size=points * sites, max_size=points * sites)
    people = draw(st.lists(st.integers(0, 4), min_size=points, max_size=points))
    cost = draw(st.lists(st.integers(0, 3), min_size=sites, max_size=sites))
    problem = SitingProblem.from_costs(np.array(draw(cells)).reshape(points, sites), people, max_walk=3, cost_cny=cost)
    kinds = ["candidate", "candidate", "candidate", "existing", "under_construction", "excluded"]
    status = draw(st.lists(st.sampled_from(kinds), min_size=sites, max_size=sites))
    problem = replace(problem, status=np.array(status, dtype=object))
    stations = np.flatnonzero(problem.existing).tolist()
    if stations and draw(st.booleans()):
        old = [
            tuple(sorted(draw(st.sets(st.sampled_from(stations), max_size=2)))) if new else () for new in problem.new
        ]
        closing = draw(st.lists(st.sampled_from([0.0, 1.0, -1.0]), min_size=sites, max_size=sites))
        problem = replace(
            problem,
            replaces=tuple(old),
            action=np.array(["move" if each else "open" for each in old], dtype=object),
            closing_cost_cny=np.array(closing),
        )
    phases = [
        Phase(
            str(number),
            max_cost_cny=draw(st.sampled_from([None, 0, 1, 2, 4])),
            max_new_stations=draw(st.sampled_from([None, None, 0, 1])),
            years=draw(st.sampled_from([1.0, 2.5])),
            carries_over=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    first = draw(st.lists(st.integers(0, len(phases) - 1), min_size=sites, max_size=sites))
    return problem, phases, first


@given(programmes())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_way_is_better_than_that_of_the_programme(given_programme):
    problem, phases, first = given_programme
    opens = {site: phases[number].name for site, number in enumerate(first)}
    found = solve_phases(problem, phases, opens_from=opens)
    assert found.solution.objective == pytest.approx(best_way(problem, phases, first))
    for other in (found.greedy, found.end_only):
        assert other is None or other <= found.solution.objective + 1e-9
    for plan in found.phases:
        assert plan.alone is None or plan.alone.objective >= plan.objective - 1e-9


@given(programmes(), st.integers(0, 2), st.integers(1, 3))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_more_money_in_any_phase_never_loses(given_programme, where, more):
    problem, phases, _ = given_programme
    place = where % len(phases)
    if phases[place].max_cost_cny is None:
        return
    richer = [*phases]
    richer[place] = replace(phases[place], max_cost_cny=phases[place].max_cost_cny + more)
    one, other = (solve_phases(problem, each, compare=False).solution.objective for each in (phases, richer))
    assert other >= one - 1e-9


def test_every_fault_of_the_phases_comes_at_once():
    with pytest.raises(PlanFileError) as refusal:
        solve_phases(
            town(),
            [
                {"name": "a", "max_cost_cny": 1, "max_cost_10k_cny": 1},
                {"name": "", "years": 0},
                {"name": "b", "budget": 3},
                {"name": "c", "new_stations": 1.5},
            ],
        )
    said = str(refusal.value)
    for part in ("phases[0]", "phases[1]", "years above 0", "budget", "phases[3]"):
        assert part in said


@pytest.mark.parametrize("phases", [[], [{"name": "a"}, {"name": "a"}]], ids=["none", "one name twice"])
def test_no_phase_and_a_repeated_name_are_refused(phases):
    with pytest.raises(PlanFileError):
        solve_phases(town(), phases)


def test_unknown_phases_and_sites_and_objectives_without_a_sum_are_refused():
    with pytest.raises(PlanFileError, match="nowhere"):
        solve_phases(town(), [Phase("a")], opens_from={"nowhere": "a"})
    with pytest.raises(PlanFileError, match="1999"):
        solve_phases(town(), [Phase("a")], opens_from={"s5": "1999"})
    with pytest.raises(PlanFileError, match="in_order with phases"):
        solve_phases(town(), [Phase("a")], {"name": "in_order", "steps": ["max_coverage", "least_cost"]})


def test_a_phase_that_asks_for_too_much_is_named():
    with pytest.raises(InfeasibleError, match="phase “b” asks for 9 new stations"):
        solve_phases(town(), [Phase("a"), Phase("b", new_stations=9)])


def test_a_solver_that_forgets_the_money_of_a_phase_is_caught(monkeypatch):
    monkeypatch.setattr(PhaseMoney, "rows", lambda self, problem: Rows.nothing(problem))
    with pytest.raises(SolverError, match="breaks: phase_money"):
        solve_phases(town(), [Phase("a", 6), Phase("b", 6)])
