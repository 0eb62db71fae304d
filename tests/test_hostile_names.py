"""Names that try to be something else go as text from the files of a study through every output."""

import json
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import planner
from tests.browser import OpenOffline
from tests.town_files import write_town

HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 2">\\',
    "<!-- {{ 7 * 7 }} {% raw %} --> {brace} %s",
    "=cmd|' /C calc'!A0",
    "\u202e里小湖南\u2028🏠\u200f\u2029`${window.hacked = 3}`",
    "很长" * 5_000,
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the town with such names in every column of words, and all outputs of its plan."""
    folder = write_town(tmp_path_factory.mktemp("study") / "town")
    homes = pd.read_csv(folder / "homes.csv", encoding="utf-8-sig")
    for shift, column in enumerate(("小区", "社区", "名称")):
        homes[column] = [HOSTILE[(place + shift) % len(HOSTILE)] for place in range(len(homes))]
    homes.to_csv(folder / "homes.csv", index=False, encoding="utf-8-sig")
    sites = pd.read_csv(folder / "sites.csv", encoding="gb18030")
    sites["名称"] = HOSTILE[: len(sites)]
    sites["功能"] = [HOSTILE[0], HOSTILE[3], "any", HOSTILE[1], HOSTILE[2]]
    sites["取得方式"] = HOSTILE[1 : 1 + len(sites)]
    sites.to_csv(folder / "sites.csv", index=False, encoding="gb18030")
    grids = gpd.read_file(folder / "grids.geojson")
    grids["网格名称"] = HOSTILE[: len(grids)]
    grids.to_file(folder / "grids.geojson", driver="GeoJSON")
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    text = re.sub(r"^name = .*$", lambda _: f"name = {json.dumps(HOSTILE[0])}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^synthetic(.*) = .*$", lambda m: f"synthetic{m[1]} = {json.dumps(HOSTILE[1])}", text, flags=re.M)
    plan.write_text(f"attribution = [{json.dumps(HOSTILE[2])}]\n{text}", encoding="utf-8")
    out = tmp_path_factory.mktemp("out")
    planner.write_outputs(planner.make_plan(planner.read_plan(folder)), out)
    return out


@pytest.mark.browser
@pytest.mark.parametrize("page", ["map.html", "brief.html"])
def test_no_name_runs_or_asks_for_anything_in_a_page(open_offline: OpenOffline, out: Path, page: str) -> None:
    opened = open_offline(out / page)
    if page == "map.html":
        opened.page.click("[data-show]")
        opened.page.click('input[value="before"]', force=True)
    opened.page.click('[data-language="en"]')
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("window.hacked") is None
    assert (opened.requests, opened.complaints) == ([], [])
    assert opened.page.evaluate("document.images.length") == 0
    assert opened.page.inner_text("h1") == HOSTILE[0]


def test_the_files_hold_the_names_as_they_are(out: Path) -> None:
    told = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert told["name"] == HOSTILE[0]
    assert HOSTILE[0] in {station["name"] for station in told["stations"]}
    layer = gpd.read_file(out / "plan.gpkg", layer="stations")
    assert set(HOSTILE[:5]) == set(layer["name"])
    sheet = openpyxl.load_workbook(out / "plan.xlsx")["站点"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert HOSTILE[3] in {cell.value for cell in cells}
