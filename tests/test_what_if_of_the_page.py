"""From the page and back: what is opened and closed on the map is counted alike by `planner run` and compared."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.comparing import compare_plans, comparison_json
from planner.errors import InputError
from planner.mapping import map_page
from planner.report import plan_document
from tests.browser import OpenOffline
from tests.mapping.test_in_browser import THE_MAP
from tests.mapping.test_whatif_in_browser import ready
from tests.town_files import write_town

LINK = "#whatif=open:s3;close:s4"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("town"))


def run(town: Path, **keys: Any) -> planner.Plan:
    return planner.make_plan(planner.read_plan(town, {f"what_if.{key}": value for key, value in keys.items()}))


@pytest.mark.browser
def test_what_the_page_saves_is_what_run_and_compare_count(
    open_offline: OpenOffline, town: Path, tmp_path: Path
) -> None:
    best = planner.make_plan(planner.read_plan(town))
    page = ready(open_offline(map_page(best))).page
    for site in (2, 3):  # s3 instead of s4
        page.evaluate(f"{THE_MAP}.planWhatIf.toggle({site})")
    with page.expect_download() as waiting:
        page.locator(".pm-whatif-buttons button").last.click()
    file = tmp_path / "saved.json"
    shutil.copyfile(waiting.value.path(), file)
    saved, link = json.loads(file.read_text(encoding="utf-8")), page.evaluate(f"{THE_MAP}.planWhatIf.fragment()")
    assert saved["plan"]["fingerprint"] == best.fingerprint
    assert link == LINK

    counted = run(town, path=str(file))
    assert [note.code for note in counted.notes if note.code.startswith("what_if.other")] == []
    document = plan_document(counted)
    assert document["solution"]["opened"] == saved["opened"] == ["s3"]
    assert document["solution"]["cost_cny"] == saved["cost_cny"]
    for told, own in zip(document["needs"], saved["needs"], strict=True):
        for key in ("group", "people", "covered", "share_covered", "mean_walk_min", "unreachable"):
            assert told[key] == pytest.approx(own[key], abs=1e-6)
    assert plan_document(run(town, link=link))["needs"] == document["needs"]

    planner.write_outputs(best, tmp_path / "best")
    sides = comparison_json(compare_plans([tmp_path / "best", file]))
    assert [one["plans"][1]["covered"] for one in sides["needs"]] == [one["covered"] for one in saved["needs"]]


def test_a_link_is_relative_to_the_plan_and_an_address_is_as_good(town: Path) -> None:
    plan = run(town, link="file:///D:/maps/map.html" + LINK)
    assert (plan.solution.opened, plan.solution.kept) == (("s3",), ("s1",))
    assert run(town, link="#whatif=open:;close:").solution.opened == ("s4",)


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("#whatif=open:s3", "as the map page copies it"),
        ("s3", "as the map page copies it"),
        ("#whatif=open:;close:s3", "s3 is not open in the plan"),
        ("#whatif=open:s33;close:", "s33"),
    ],
)
def test_a_link_that_cannot_be_followed_is_refused(town: Path, link: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        run(town, link=link)


def test_ids_in_a_link_are_percent_encoded(town: Path) -> None:
    linked = planner.read_plan(town, {"what_if.link": "#whatif=open:%E7%AB%99%201,a%3Bb;close:%2C"}).what_if
    assert linked is not None
    assert linked.linked == (("站 1", "a;b"), (",",))


def test_a_file_saved_from_other_inputs_is_told(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town")
    content = {"schema": 1, "kind": "what_if", "open": ["s1", "s3"], "opened": ["s3"], "closed": []}
    content["plan"] = {"name": "两岸小镇", "fingerprint": planner.make_plan(planner.read_plan(town)).fingerprint}
    (tmp_path / "saved.json").write_text(json.dumps(content), encoding="utf-8")

    def told() -> list[str]:
        notes = run(town, path=str(tmp_path / "saved.json")).notes
        return [note.code for note in notes if note.code.startswith("what_if.other")]

    assert told() == []
    homes = town / "homes.csv"
    homes.write_text(homes.read_text(encoding="utf-8").replace("200", "201", 1), encoding="utf-8")
    assert told() == ["what_if.other_inputs"]
