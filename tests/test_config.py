"""plan.toml becomes one frozen PlanConfig, and what cannot be used is refused with its place."""

from pathlib import Path

import pytest

from planner.config import read_plan
from planner.errors import PlanFileError

PLAN = """name = "温泉街道"
crs = "EPSG:4547"
[demand]
path = "compounds.xlsx"
[network]
path = "streets.osm.pbf"
[walkers.elderly]
speed_m_s = 0.8
[walkers.courier]
speed_m_s = 1.6
source = "own count"
[[needs]]
group = "resident_population"
walker = "elderly"
max_walk_min = 15
[[constraints]]
name = "station_count"
stations = 5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def refusal(folder: Path, text: str) -> str:
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PlanFileError) as caught:
        read_plan(folder)
    return str(caught.value)


def test_a_folder_and_its_plan_file_read_the_same(folder: Path) -> None:
    assert read_plan(folder) == read_plan(folder / "plan.toml")


def test_an_existing_walker_keeps_what_the_plan_does_not_change(folder: Path) -> None:
    elderly = read_plan(folder).walker("elderly")
    assert (elderly.speed_m_s, elderly.signal_wait_s, elderly.status) == (0.8, 30.0, "chosen")


def test_a_walker_of_ones_own_has_no_delays(folder: Path) -> None:
    courier = read_plan(folder).walker("courier")
    assert (courier.speed_m_s, courier.signal_wait_s, courier.source.en) == (1.6, 0.0, "own count")


def test_all_unknown_keys_are_named_at_once_with_the_nearest_known(folder: Path) -> None:
    message = refusal(
        folder, PLAN.replace("speed_m_s = 0.8", "sped_m_s = 0.8").replace("crs =", "csr =") + "[solver]\ngpa = 1\n"
    )
    assert "row 2, key “csr”: unknown key; expected: crs" in message
    assert "row 8, key “walkers.elderly.sped_m_s”: unknown key; expected: speed_m_s" in message
    assert "key “solver.gpa”: unknown key; expected: gap" in message


@pytest.mark.parametrize(
    ("standard", "complaint"),
    [
        ("", "give either"),
        ("max_walk_min = 15\nmax_walk_m = 1000", "give either"),
        ("max_walk_min = 'far'", "a number"),
    ],
)
def test_a_need_has_exactly_one_standard(folder: Path, standard: str, complaint: str) -> None:
    assert complaint in refusal(folder, PLAN.replace("max_walk_min = 15", standard))


def test_an_unknown_walker_names_the_known_ones(folder: Path) -> None:
    assert "adult, elderly" in refusal(folder, PLAN.replace('walker = "elderly"', 'walker = "eldery"'))


def test_a_walker_out_of_range_is_refused(folder: Path) -> None:
    assert "0.1 to 3.0" in refusal(folder, PLAN.replace("speed_m_s = 1.6", "speed_m_s = 16"))


@pytest.mark.parametrize("text", ["name = ", "\ufffd= 3", ""])
def test_a_broken_file_is_refused_without_a_traceback(folder: Path, text: str) -> None:
    assert "plan.toml" in refusal(folder, text)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="no such file"):
        read_plan(tmp_path / "nowhere")


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "plan.toml").write_bytes(PLAN.encode("gb18030"))
    with pytest.raises(PlanFileError, match="UTF-8"):
        read_plan(folder)


def test_overrides_reach_keys_and_list_entries_by_place_and_by_name(folder: Path) -> None:
    config = read_plan(folder, {"solver.gap": 0.01, "needs.0.walker": "adult", "constraints.station_count.stations": 9})
    assert config.solver.gap == 0.01
    assert config.needs[0].walker == "adult"
    assert config.constraints[0].parameters == {"stations": 9}


@pytest.mark.parametrize("key", ["needs.7.walker", "constraints.budget.max_cost_cny", "name.x", "needs.0"])
def test_an_override_that_leads_nowhere_is_refused(folder: Path, key: str) -> None:
    with pytest.raises(PlanFileError, match="cannot be set"):
        read_plan(folder, {key: 1})


def test_an_unknown_override_is_refused_like_an_unknown_key(folder: Path) -> None:
    with pytest.raises(PlanFileError, match="expected: gap"):
        read_plan(folder, {"solver.gp": 1})


def test_without_needs_everybody_is_measured_at_a_quarter_of_an_hour(folder: Path) -> None:
    (folder / "plan.toml").write_text(PLAN.split("[[needs]]")[0], encoding="utf-8")
    (need,) = read_plan(folder).service_needs()
    assert (need.group, need.walker.name, need.standard.max_walk_min) == ("resident_population", "adult", 15)


def test_the_text_and_the_overrides_are_kept(folder: Path) -> None:
    config = read_plan(folder, {"solver.gap": 0.01})
    assert config.text == PLAN
    assert config.overrides == {"solver.gap": 0.01}
    assert config.resolve("compounds.xlsx") == folder / "compounds.xlsx"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("solver.gap", "abc", "一个数"),
        ("solver.time_limit_s", True, "一个数"),
        ("solver.time_limit_s", float("inf"), "有限的数"),
        ("solver.time_limit_s", 0, "大于 0"),
        ("solver", 3, "一张表"),
        ("seed", 1.5, "整数"),
        ("walkers.courier.takes_stairs", "maybe", "true 或 false"),
        ("walkers.courier.speed_m_s", 16, "0.1 到 3.0"),
        ("attribution", "one", "方括号中的列表"),
        ("needs", [], "至少 1 项"),
        ("needs.0.weight", float("inf"), "有限的数"),
        ("needs.0.weight", 1e300, "不大于 1000"),
        ("needs.0.max_walk_min", 0, "大于 0"),
        ("needs.0.function", "", "非空的文字"),
        ("demand.path", " ", "非空的文字"),
        ("demand.within", [3, 2, 1, 4], "西 < 东"),
        ("name", 3, "引号中的文字"),
        ("crs", 4547, "引号中的文字"),
    ],
)
def test_an_unusable_value_is_refused_in_both_languages(folder: Path, key: str, value: object, expected: str) -> None:
    with pytest.raises(PlanFileError) as caught:
        read_plan(folder, {key: value})
    chinese, english = caught.value.in_language("zh"), caught.value.in_language("en")
    assert expected in chinese
    assert key in chinese
    assert "Input should" not in chinese + english


def test_a_fault_names_the_line_of_its_own_entry(folder: Path) -> None:
    second = PLAN + '[[needs]]\ngroup = "elderly_population"\nwalker = "elderly"\nmax_walk_min = -1\n'
    assert "row 22, key “needs.1.max_walk_min”: -1; expected: above 0" in refusal(folder, second)


def test_a_fault_in_an_override_is_not_blamed_on_the_file(folder: Path) -> None:
    with pytest.raises(PlanFileError) as caught:
        read_plan(folder, {"needs.0.max_walk_min": -1})
    assert "--set, key “needs.0.max_walk_min”: -1" in str(caught.value)


def test_every_override_that_leads_nowhere_is_named_at_once(folder: Path) -> None:
    with pytest.raises(PlanFileError) as caught:
        read_plan(folder, {"needs.7.walker": 1, "name.x": 2})
    assert len(caught.value.faults) == 2


def test_a_name_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="no such file"):
        read_plan(tmp_path / ("a" * 5000))


@pytest.mark.parametrize(
    ("key", "value", "found", "expected"),
    [
        ("needs.0.direction", "up", '"up"', "to_station, from_station, round_trip"),
        ("walkers.adult.slope", "steep", '"steep"', "none, tobler"),
        ("gates", {"path": "g.csv", "time": "tonight"}, '"tonight"', "20:30"),
    ],
)
def test_what_is_one_of_a_few_words_is_refused_in_plain_words(
    folder: Path, key: str, value: object, found: str, expected: str
) -> None:
    with pytest.raises(PlanFileError) as refusal:
        read_plan(folder, {key: value})
    (fault,) = refusal.value.faults
    assert (fault.found.zh, expected in fault.expected.zh) == (found, True)
    assert "Input" not in fault.expected.zh


def test_a_time_may_be_written_with_a_full_width_colon(folder: Path) -> None:
    assert read_plan(folder, {"gates": {"path": "g.csv", "time": "20：30"}}).gates.time == "20：30"
