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
    assert "row 2, column “csr”: unknown key; expected: crs" in message
    assert "row 8, column “walkers.elderly.sped_m_s”: unknown key; expected: speed_m_s" in message
    assert "column “solver.gpa”: unknown key; expected: gap" in message


@pytest.mark.parametrize(
    ("standard", "complaint"),
    [
        ("", "give either"),
        ("max_walk_min = 15\nmax_walk_m = 1000", "give either"),
        ("max_walk_min = 'far'", "valid number"),
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
