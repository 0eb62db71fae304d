"""Plans side by side: figures are those of the files, gained and lost are counted home by home; nothing in silence."""

import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import planner
from planner.cli import main
from planner.comparing import compare_plans, comparison_json, comparison_text, write_comparison
from planner.comparing.page import compare_page
from planner.errors import InputError
from planner.page_policy import POLICY_PLACE
from tests.browser import CHROMIUM, OpenOffline
from tests.town_files import write_town


def written(study: Path, out: Path, **settings: Any) -> Path:
    plan = planner.make_plan(planner.read_plan(study, {key.replace("__", "."): one for key, one in settings.items()}))
    planner.write_outputs(plan, out)
    return out / "plan.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def best(folder: Path) -> Path:
    return written(write_town(folder / "town"), folder / "best")


@pytest.fixture(scope="module")
def by_hand(folder: Path, best: Path) -> Path:
    return written(folder / "town", folder / "by hand", what_if__open=["s3"])


@pytest.fixture(scope="module")
def outputs(folder: Path, best: Path, by_hand: Path) -> Path:
    write_comparison(compare_plans([best, by_hand]), folder / "compared")
    return folder / "compared"


def what_if(folder: Path, **changed: Any) -> Path:
    need = {"group": "resident_population", "walker": "plain", "max_walk_min": 15, "function": "any", "people": 1000}
    content = {"schema": 1, "kind": "what_if", "name": "试算一", "plan": {"name": "两岸小镇", "fingerprint": "x"}}
    content |= {"open": ["s1", "s3"], "opened": ["s3"], "closed": [], "cost_cny": 150000}
    content |= {"needs": [{**need, "covered": 750, "share_covered": 0.75}]}
    file = folder / "what-if.json"
    file.write_text(json.dumps(content | changed, ensure_ascii=False), encoding="utf-8")
    return file


def test_who_gains_and_who_loses_is_what_the_town_says_by_hand(best: Path, by_hand: Path) -> None:
    # s4 serves h5 (250 residents), s3 serves h3 (200); the others have s1 in both
    told = comparison_json(compare_plans([best, by_hand]))
    residents = told["needs"][0]["plans"]
    assert (residents[1]["gained"], residents[1]["lost"]) == (200, 250)
    assert [one["covered"] for one in residents] == [800, 750]
    assert {one["id"]: one["open_in"] for one in told["stations"]} == {"s1": ["A", "B"], "s3": ["B"], "s4": ["A"]}
    assert "50" in told["headline"]["en"]
    assert told["headline"]["en"].startswith("A · best serves 50 more people")
    assert "30,000 more" in told["headline"]["en"]


def test_the_other_order_tells_the_same_the_other_way_round(best: Path, by_hand: Path) -> None:
    residents = comparison_json(compare_plans([by_hand, best]))["needs"][0]["plans"]
    assert (residents[1]["gained"], residents[1]["lost"]) == (250, 200)
    assert compare_plans([by_hand, best]).headline.en.startswith("B · best serves 50 more people")


def test_reversed_rows_are_the_same_plan(folder: Path, best: Path) -> None:
    turned = written(write_town(folder / "turned town", reverse=True), folder / "turned" / "best")
    comparison = compare_plans([best, turned])
    told = comparison_json(comparison)
    assert all((one["plans"][1]["gained"], one["plans"][1]["lost"]) == (0, 0) for one in told["needs"])
    assert "equally many" in told["headline"]["en"]
    differing = {row["what"]["en"] for row in told["assumptions"]}
    assert differing == {f"input {name}" for name in ("grids.geojson", "homes.csv", "sites.csv", "streets.osm")}


def test_every_figure_is_that_of_the_file(best: Path, by_hand: Path) -> None:
    told = comparison_json(compare_plans([best, by_hand]))
    for side, file in enumerate((best, by_hand)):
        own = json.loads(file.read_text(encoding="utf-8"))
        for need, shown in zip(own["needs"], told["needs"], strict=True):
            assert shown["plans"][side]["covered"] == need["covered"]
            assert shown["plans"][side]["share_covered"] == need["share_covered"]
        for key in ("opened", "kept", "closed", "cost_cny", "objective", "bound", "gap", "status"):
            assert told["plans"][side]["solution"][key] == own["solution"][key]


def test_a_what_if_of_the_map_is_compared_and_the_page_says_why_it_has_no_picture(folder: Path, best: Path) -> None:
    comparison = compare_plans([best, what_if(folder)])
    told = comparison_json(comparison)
    assert told["needs"][0]["plans"][1]["covered"] == 750
    assert "gained" not in told["needs"][0]["plans"][1]
    assert told["needs"][1]["plans"][1] is None
    assert any("elderly residents" in words["en"] for words in told["warnings"])
    page = compare_page(comparison)
    assert "没有 plan.gpkg" in page
    assert page.count('<svg class="map"') == 1


def test_a_picture_of_another_run_is_not_drawn(folder: Path, best: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.gpkg").write_bytes((best.parent / "plan.gpkg").read_bytes())
    content = json.loads(best.read_text(encoding="utf-8"))
    content["needs"][0]["covered"] -= 100
    (tmp_path / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    comparison = compare_plans([best, tmp_path])
    assert "not" in str(comparison.sides[1].undrawn)
    assert comparison.moved(comparison.sides[1], comparison.needs[0]) is None


def test_other_studies_and_other_people_are_told(folder: Path, best: Path, tmp_path: Path) -> None:
    content = json.loads(best.read_text(encoding="utf-8"))
    content["name"] = "别处"
    content["needs"][0]["people"] += 500
    content["needs"][1]["max_walk_min"] = 12
    file = tmp_path / "other.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    warnings = " ".join(words.en for words in compare_plans([best, file]).warnings)
    assert "different studies" in warnings
    assert "A 1,000, B 1,500" in warnings
    assert "10 min, plain” is only in A" in warnings
    assert "12 min, plain” is only in B" in warnings


def test_plans_without_a_need_in_common_are_not_ranked(best: Path, tmp_path: Path) -> None:
    content = json.loads(best.read_text(encoding="utf-8"))
    for need in content["needs"]:
        need["group"] = "households"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    comparison = compare_plans([best, file])
    assert "no need in common" in comparison.headline.en
    assert "<svg" not in compare_page(comparison)


def test_three_plans_have_a_column_and_a_picture_each(folder: Path, best: Path, by_hand: Path) -> None:
    all_four = written(folder / "town", folder / "more", what_if__open=["s3", "s4"])
    comparison = compare_plans([best, by_hand, all_four])
    page = compare_page(comparison, "en")
    assert page.count('<svg class="map"') == 3
    assert "Of 3 plans C · more serves the most people" in page


def test_all_files_that_are_no_plans_are_named_at_once(folder: Path, best: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "other.json").write_text('{"schema": 1}', encoding="utf-8")
    (tmp_path / "late.json").write_text('{"schema": 9, "command": "run"}', encoding="utf-8")
    no_needs = '{"schema": 1, "command": "run", "solution": {"opened": [], "kept": 3}, "needs": [{}]}'
    (tmp_path / "needs.json").write_text(no_needs, encoding="utf-8")
    names = ["nowhere.json", "broken.json", "other.json", "late.json", "needs.json"]
    with pytest.raises(InputError) as refused:
        compare_plans([best, *(tmp_path / name for name in names)])
    assert all(name in str(refused.value) for name in names)
    with pytest.raises(InputError, match="2 to 26"):
        compare_plans([best])


def test_names_are_only_ever_text(folder: Path, best: Path, tmp_path: Path) -> None:
    hostile = "=1+1</script><img src=x onerror=alert(1)>\u202e{name}"
    file = what_if(tmp_path, name=hostile, plan={"name": hostile})
    comparison = compare_plans([best, file])
    page = compare_page(comparison)
    assert "<img" not in page
    assert "{name}" in page
    write_comparison(comparison, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "compare.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert comparison_text(comparison, "zh")


def test_the_workbook_holds_the_numbers_of_the_json(best: Path, by_hand: Path, outputs: Path) -> None:
    rows = list(openpyxl.load_workbook(outputs / "compare.xlsx")["覆盖结果"].iter_rows(values_only=True))
    covered = next(row for row in rows if row[0].endswith("覆盖人数"))
    assert covered[1:] == (800, 750, -50)
    told = json.loads((outputs / "compare.json").read_text(encoding="utf-8"))
    assert told == comparison_json(compare_plans([best, by_hand]))


def test_the_same_files_give_the_same_bytes(best: Path, by_hand: Path, outputs: Path, tmp_path: Path) -> None:
    write_comparison(compare_plans([best, by_hand]), tmp_path)
    assert {file.name for file in outputs.iterdir()} == {"compare.html", "compare.xlsx", "compare.json", "map.html"}
    for file in outputs.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()


def test_page_and_map_credit_every_source_of_the_plans_once(best: Path, tmp_path: Path) -> None:
    files = []
    for name, sources in (("one", ["甲图", "乙图"]), ("two", ["乙图", "<丙>"])):
        content = json.loads(best.read_text(encoding="utf-8"))
        content["provenance"]["attribution"] = sources
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.json").write_text(json.dumps(content), encoding="utf-8")
        (tmp_path / name / "plan.gpkg").write_bytes(best.with_name("plan.gpkg").read_bytes())
        files.append(tmp_path / name)
    write_comparison(compare_plans(files), tmp_path / "out")
    assert "甲图; 乙图; &lt;丙&gt;" in (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert "甲图 · 乙图 · &lt;丙&gt; · Leaflet" in (tmp_path / "out" / "map.html").read_text(encoding="utf-8")


def test_the_page_runs_no_script_but_its_own(best: Path, by_hand: Path) -> None:
    page = compare_page(compare_plans([best, by_hand]))
    assert "default-src 'none'" in page.split("<title>")[0]
    assert POLICY_PLACE not in page
    assert page.count("'sha256-") == 1


def test_the_command_line_refuses_with_exit_code_two_and_writes_nothing(
    best: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["planner", "compare", str(best), "nowhere.json", "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "nowhere.json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_asks_for_nothing_and_is_no_wider_than_the_screen(
    outputs: Path,
    open_offline: OpenOffline,
    width: int,
) -> None:
    opened = open_offline(outputs / "compare.html", width=width)
    assert opened.requests == []
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.page.click("[data-language=en]")
    assert "serves 50 more people" in opened.page.inner_text(".headline")


@pytest.mark.browser
def test_the_map_tells_the_people_of_the_comparison(
    best: Path,
    by_hand: Path,
    outputs: Path,
    open_offline: OpenOffline,
) -> None:
    opened = open_offline(outputs / "map.html")
    assert opened.requests == []
    assert opened.complaints == []
    page = opened.page

    def shown() -> dict[str, str]:
        rows = page.eval_on_selector_all(
            "[data-people]", "all => all.map(one => [one.dataset.code, one.dataset.people])"
        )
        return dict(rows)

    assert shown() == {"gained": "200", "lost": "250", "both": "550"}
    stations = "all => all.map(one => [one.dataset.site, one.dataset.openIn])"
    assert dict(page.eval_on_selector_all("[data-site]", stations)) == {"s1": "AB", "s3": "B", "s4": "A"}
    page.check("input[value=A]", force=True)
    assert shown() == {"both": "800", "neither": "200"}
    page.check("input[name$=_need][value='1']", force=True)
    page.check("input[value='A>B']", force=True)
    told = comparison_json(compare_plans([best, by_hand]))["needs"][1]["plans"][1]
    assert shown()["gained"] == str(told["gained"])
    assert shown()["lost"] == str(told["lost"])


def test_what_cannot_be_drawn_has_no_map_and_none_of_an_earlier_comparison_stays(best: Path, tmp_path: Path) -> None:
    for name in ("map.html", "compare.pdf"):
        (tmp_path / name).write_text("earlier", encoding="utf-8")
    files = write_comparison(compare_plans([best, what_if(tmp_path)]), tmp_path / "out")
    assert [file.name for file in files] == ["compare.html", "compare.xlsx", "compare.json"]
    write_comparison(compare_plans([best, what_if(tmp_path)]), tmp_path)
    assert not (tmp_path / "map.html").exists()
    assert not (tmp_path / "compare.pdf").exists()


@pytest.mark.browser
def test_the_page_is_printed_where_it_is_asked_for(best: Path, by_hand: Path, tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not here")
    files = write_comparison(compare_plans([best, by_hand]), tmp_path, pdf=True)
    assert files[-1].name == "compare.pdf"
    assert files[-1].read_bytes().startswith(b"%PDF-")


def test_gained_and_lost_are_told_apart_without_colours(best: Path, by_hand: Path) -> None:
    page = compare_page(compare_plans([best, by_hand]))
    paths = {code: page.split(f'<g class="change {code}">')[1].split("</g>")[0] for code in ("gained", "lost")}
    assert "v" in paths["gained"].split("<path")[1]
    assert "v" not in paths["lost"].split("<path")[1]
