"""The approved plan that `at_most_changes` names is read once, is an input, and is refused where it is none."""

import json

import pytest

import planner
from planner.check import check_study
from planner.errors import InputError
from planner.loading import input_paths, with_approved_plans
from planner.siting import constraints_from
from tests.loading.plans import plan, write_csv
from tests.town_files import write_town


def ruled(folder, **rule):
    return plan(folder, constraints=[{"name": "at_most_changes", "changes": 1, **rule}])


def write(folder, content, name="approved.json"):
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


RUN = {"command": "run", "solution": {"opened": ["s3"], "closed": []}}


def test_the_rule_holds_what_the_file_opens_and_closes(tmp_path):
    write(tmp_path, RUN)
    config = with_approved_plans(ruled(tmp_path, plan="approved.json"))
    (rule,) = constraints_from([one.model_dump() for one in config.constraints])
    assert (rule.opened, rule.closed) == (("s3",), ())
    assert with_approved_plans(config) == config


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "7"),
        {"command": "audit", "solution": {"opened": []}},
        {"solution": {"opened": [], "closed": []}},
        {"command": "run", "solution": {"opened": "s3", "closed": [1.5]}},
        {"command": "run", "solution": None},
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, content):
    write(tmp_path, content)
    with pytest.raises(InputError) as refused:
        with_approved_plans(ruled(tmp_path, plan="approved.json"))
    assert all(fault.file == "approved.json" for fault in refused.value.faults)


def test_lists_beside_the_file_and_paths_that_are_none_are_refused_at_once(tmp_path):
    write(tmp_path, RUN)
    rules = [
        {"name": "at_most_changes", "changes": 1, "plan": "approved.json", "opened": ["s4"], "closed": ["s2"]},
        {"name": "at_most_changes", "changes": 1, "plan": 7},
    ]
    with pytest.raises(InputError) as refused:
        with_approved_plans(plan(tmp_path, constraints=rules))
    assert [fault.column for fault in refused.value.faults] == ["opened", "closed", "plan"]


def test_a_file_that_is_missing_is_named_with_the_other_inputs(tmp_path):
    write_csv(tmp_path, [("小区名称",)])
    config = ruled(tmp_path, plan="aproved.json")
    assert with_approved_plans(config) is config
    with pytest.raises(InputError) as refused:
        input_paths(config)
    assert {fault.column for fault in refused.value.faults} == {"network.path", "constraints.at_most_changes.plan"}


def test_a_plan_of_the_planner_is_kept_to_and_is_an_input(tmp_path):
    folder = write_town(tmp_path / "town")
    first = planner.make_plan(planner.read_plan(folder))
    planner.write_outputs(first, folder / "approved")
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    rule = '\n[[constraints]]\nname = "at_most_changes"\nchanges = 0\nplan = "approved/plan.json"\n'
    (folder / "plan.toml").write_text(text + rule, encoding="utf-8")
    again = planner.make_plan(planner.read_plan(folder))
    assert again.solution.opened == first.solution.opened
    assert "approved/plan.json" in {one.path for one in again.inputs}
    document = json.loads((folder / "approved" / "plan.json").read_text(encoding="utf-8"))
    document["solution"]["opened"] = ["s99"]
    write(folder / "approved", document, "plan.json")
    with pytest.raises(InputError, match="s99"):
        check_study(planner.read_plan(folder))
