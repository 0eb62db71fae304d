"""The maps that are shipped show what the studies give today."""

import json
from pathlib import Path

import pytest

import planner

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted(folder for folder in (ROOT / "maps").iterdir() if (folder / "plan.json").exists())


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_shipped_plan_is_up_to_date(folder: Path, tmp_path: Path) -> None:
    planner.write_outputs(planner.make_plan(planner.read_plan(ROOT / "data" / folder.name)), tmp_path)
    shipped, today = (json.loads((place / "plan.json").read_text(encoding="utf-8")) for place in (folder, tmp_path))
    for content in (shipped, today):
        content["solution"].pop("runtime_s")
    assert shipped["solution"] == today["solution"]
    assert shipped["needs"] == today["needs"]
    assert shipped["provenance"]["inputs"] == today["provenance"]["inputs"], "run: planner run data/" + folder.name
    for page in ("map.html", "brief.html"):
        assert shipped["headline"]["en"] in (folder / page).read_text(encoding="utf-8")


def test_a_visitor_sees_a_map_before_installing() -> None:
    assert [folder.name for folder in SHIPPED] == ["huangshigang"]
