"""Stations that are given, not chosen: counted like any plan, and honest about what they are."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import planner
from planner.errors import InputError
from planner.mapping import map_page
from planner.model import GivenStations
from planner.report import brief_page, plan_document, summary_text
from planner.siting import constraints_from, judge_given, objective_from, solve
from tests.siting.town import small_town
from tests.town_files import write_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("town"))


def run(town: Path, **keys: Any) -> planner.Plan:
    return planner.make_plan(planner.read_plan(town, {f"what_if.{key}": value for key, value in keys.items()}))


def saved(folder: Path, **changed: Any) -> Path:
    content = {"schema": 1, "kind": "what_if", "name": "我的试算", "plan": {"name": "两岸小镇", "fingerprint": "x"}}
    content |= {"open": ["s1", "s3"], "opened": ["s3"], "closed": [], "needs": [], "cost_cny": 150000}
    file = folder / "saved.json"
    file.write_text(json.dumps(content | changed, ensure_ascii=False), encoding="utf-8")
    return file


def test_a_given_set_is_counted_and_its_distance_from_the_best_is_told_by_hand(town: Path) -> None:
    # s4 brings h5 (250, and 80 elderly twice) and the elderly of h4 (50 twice): 510; s3 only h3 (200 and 10 twice): 220
    plan = run(town, open=["s3"])
    assert plan.solution.opened == ("s3",)
    assert (plan.solution.status, plan.solution.stopped) == ("feasible", "given")
    assert plan.solution.bound - plan.solution.objective == 290
    assert plan.what_if.best.opened == ("s4",)
    assert "290" in plan.certificate.zh
    assert "已证明" in plan.certificate.zh


def test_a_set_as_good_as_the_best_is_proven_and_still_called_given(town: Path) -> None:
    plan = run(town, open=["s4"])
    assert (plan.solution.status, plan.solution.stopped, plan.solution.gap) == ("optimal", "given", 0.0)
    assert plan.headline.en.startswith("A what-if set by hand")


def test_broken_rules_are_told_on_every_output_and_not_refused(town: Path) -> None:
    plan = run(town, open=["s3", "s4"], closed=["s1"])
    broken = [note for note in plan.notes if note.code == "what_if.rule_broken"]
    assert {name for name, _ in plan.what_if.broken} == {"keep_open"}  # two stations, as asked
    assert len(broken) == 1
    assert plan.notes[0] == broken[0]
    document = plan_document(plan)
    assert document["what_if"]["broken"][0]["name"] == "keep_open"
    assert [rule.get("kept", True) for rule in document["rules"]] == [True, False, True]
    assert document["solution"]["bound"] is None
    for page in (map_page(plan), brief_page(plan), summary_text(plan, "zh")):
        assert broken[0].text.zh in page
        assert plan.headline.zh in page


def test_a_saved_file_gives_the_same_plan_as_its_ids(town: Path) -> None:
    from_file = run(town, path=saved(town).name)
    from_ids = run(town, open=["s3"])
    same = ("needs", "stations", "grids")
    told, ids = plan_document(from_file), plan_document(from_ids)
    assert {key: told[key] for key in same} == {key: ids[key] for key in same}
    assert told["what_if"]["name"] == "我的试算"
    assert any(one["path"] == "saved.json" for one in told["provenance"]["inputs"])


def test_a_file_of_another_plan_is_told(town: Path) -> None:
    plan = run(town, path=saved(town, plan={"name": "别处"}).name)
    assert "what_if.other_plan" in [note.code for note in plan.notes]


def test_every_id_that_cannot_be_used_is_named_at_once(town: Path) -> None:
    with pytest.raises(InputError) as refused:
        run(town, open=["s33", "s5"], closed=["s4"])
    told = str(refused.value)
    assert "s33" in told
    assert "s3 (known" in told
    assert "s5 may not open" in told
    assert "s4 is not open today" in told


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "plan"}, "no what-if"),
        ({"schema": 2}, "schema"),
        ({"open": "s1"}, "open"),
        ({"open": ["s1"]}, "opened"),
        ({"closed": ["s1"]}, "closed"),
        ({"open": ["s1", ["s3"]]}, "open"),
    ],
)
def test_a_file_that_is_no_what_if_is_refused(town: Path, changed: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        run(town, path=saved(town, **changed).name)


def test_a_missing_file_and_a_section_that_says_nothing_are_refused(town: Path) -> None:
    with pytest.raises(InputError, match="what_if"):
        run(town, path="nowhere.json")
    with pytest.raises(InputError, match="open and closed"):
        run(town, open=[])
    with pytest.raises(InputError, match="open and closed"):
        run(town, open=["s3"], path="saved.json")


@pytest.mark.parametrize("given", ["s3", "[s3]", ["s3"], " [ s3 , ] "])
def test_a_list_may_lose_its_quotes_to_a_shell(town: Path, given: Any) -> None:
    assert planner.read_plan(town, {"what_if.open": given}).what_if.open == ("s3",)


def test_reversed_rows_give_the_same_what_if(town: Path, tmp_path: Path) -> None:
    documents = [plan_document(run(folder, open=["s3"])) for folder in (town, write_town(tmp_path / "turned", True))]
    for document in documents:
        document.pop("provenance")
        document["solution"].pop("runtime_s")
    assert documents[0] == documents[1]


OBJECTIVES = [
    "max_coverage",
    "total_walk",
    "least_cost",
    "fairest",
    {"name": "in_order", "steps": [{"name": "max_coverage"}, {"name": "least_cost"}]},
]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=str)
def test_every_set_is_judged_as_counting_all_sets_does(objective: Any) -> None:
    problem, rules = small_town(), [{"name": "station_count", "stations": 3}]
    wish, made = objective_from(objective), constraints_from(rules)
    best = solve(problem, objective, rules)
    for size in (2, 3):
        sets = itertools.combinations([site for site in problem.site_ids if site != "s7"], size)
        for chosen in (best.open_sites, *itertools.islice(sets, size, None, 4)):
            is_open = np.asarray(problem.site_ids.isin(chosen))
            solution, told = judge_given(problem, GivenStations(open_sites=tuple(map(str, chosen))), objective, rules)
            kept = all(rule.allows(problem, is_open) for rule in made) and not (problem.always_open & ~is_open).any()
            assert (not told.broken) == kept
            worth = wish.evaluate(problem, is_open) / wish.unit(problem)
            assert solution.objective == worth or not np.isfinite(worth)
            if kept and set(chosen) == set(best.open_sites):
                assert solution.status == "optimal"
            if solution.status == "optimal":
                assert kept
                assert solution.objective == pytest.approx(best.objective)
