"""One page: nothing from outside, the same every time, and no name in it is ever code."""

import re
from dataclasses import replace

import folium
import pytest

from planner.mapping import draw_map, map_page
from planner.mapping.elements import asset, json_block
from planner.plan import Plan

#: Namespaces and credits: text that no browser fetches.
HARMLESS = ("http://www.w3.org/2000/svg", "https://leafletjs.com")


def test_the_same_plan_gives_the_same_bytes(town: Plan, town_page: str) -> None:
    assert map_page(town) == town_page


def test_drawing_twice_from_one_map_gives_the_same_bytes(town: Plan, town_page: str) -> None:
    drawn = draw_map(town)
    drawn._repr_html_()
    assert drawn.get_root().render() == town_page


def test_the_page_refers_to_nothing_outside(town_page: str) -> None:
    for address in HARMLESS:
        town_page = town_page.replace(address, "")
    assert re.findall(r"https?://[^\s\"'<]*", town_page) == []
    assert re.findall(r"(?:src|href)=[\"'](?!data:|#)[^\"']+", town_page) == []
    assert "url(" not in "".join(re.findall(r"<style>.*?</style>", town_page, re.DOTALL))
    assert "sourceMappingURL" not in town_page


def test_the_page_forbids_itself_every_request(town_page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', town_page)
    for rule in ("default-src", "connect-src", "object-src", "form-action", "base-uri"):
        assert f"{rule} 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert town_page.index("Content-Security-Policy") < town_page.index("<script")


def test_the_map_is_a_folium_map_that_shows_itself_in_a_notebook(town: Plan) -> None:
    drawn = draw_map(town)
    assert isinstance(drawn, folium.Map)
    shown = drawn._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "cdn.jsdelivr" not in shown


@pytest.mark.parametrize(("language", "code"), [("zh", "zh-Hans"), ("en", "en")])
def test_the_page_opens_in_the_language_asked_for_and_carries_both(town: Plan, language: str, code: str) -> None:
    page = map_page(town, language)  # type: ignore[arg-type]
    assert f'<html lang="{code}">' in page
    for sentence in (town.headline.zh, town.headline.en, town.synthetic.zh, town.synthetic.en):
        assert sentence in page


@pytest.mark.parametrize("name", ["</script><script>", "<!--", "\u2028", "a & b"])
def test_no_name_leaves_its_block_of_data(name: str) -> None:
    inside = json_block("a", {"name": name}).removeprefix('<script type="application/json" id="a">')
    assert not set("<>&\u2028") & set(inside.removesuffix("</script>\n"))


def test_no_script_of_ours_writes_data_as_markup() -> None:
    """`innerHTML` takes our own symbols only."""
    for name in ("vectors.js", "demand.js", "grids.js", "gates.js", "stations.js", "panel.js", "words.js", "labels.js"):
        for line in asset(name).splitlines():
            assert "innerHTML" not in line or "SYMBOLS" in line, f"{name}: {line}"
            assert not re.search(r"outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", line)


def test_a_plan_that_ran_out_of_time_says_how_far_it_may_be_from_the_best(town: Plan) -> None:
    cut_short = replace(town.solution, status="feasible", stopped="time_limit", gap=0.0123)
    page = map_page(replace(town, solution=cut_short))
    assert "1.3%" in page  # rounded up: no better promise than was proven
    assert "已证明最优" not in page
    assert "not proven to be the best" in page


def test_an_audit_shows_one_moment_only(town: Plan) -> None:
    solution = replace(town.solution, opened=())
    page = map_page(replace(town, command="audit", after=town.before, solution=solution))
    assert "_view" not in re.findall(r"<aside.*?</aside>", page, re.DOTALL)[0]
    assert "现状评估" in page


def test_a_town_without_grids_gates_or_background_is_still_drawn(town: Plan) -> None:
    page = map_page(replace(town, grids=None, gates=None))
    assert "planMap.demand(" in page
    assert "planMap.grids(" not in page.split("</body>")[0].split("<body>")[1].replace("planMap.grids =", "")


def test_notes_parameters_and_inputs_stand_on_the_page(town_page: str, town: Plan) -> None:
    for note in town.notes:
        assert note.text.zh in town_page
        assert note.text.en in town_page
    for parameter in town.parameters:
        assert parameter.value in town_page
        assert parameter.source.zh in town_page
    assert town.inputs[0].path in town_page
