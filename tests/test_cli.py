"""The command line: exit codes, languages, and never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.town_files import write_town

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("study") / "town")


def planner(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner", *map(str, arguments)]
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False, timeout=120)
    assert "Traceback" not in done.stderr
    return done


def test_run_writes_every_output_beside_the_caller(town: Path, tmp_path: Path) -> None:
    done = planner("run", town, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {file.name for file in (tmp_path / "maps" / "town").iterdir()}
    assert names == {"map.html", "brief.html", "plan.gpkg", "plan.xlsx", "plan.json"}
    assert "80.0%" in done.stdout
    assert "驿站 s4" in done.stdout


def test_the_summary_comes_in_english_when_asked(town: Path, tmp_path: Path) -> None:
    done = planner("run", town, "--lang", "en", "--out", tmp_path)
    assert "80.0% of 1,000 residents reach a station within 15 minutes" in done.stdout


CTRL_C = """
import os, signal, sys
from planner import cli, pipeline
from planner.siting.solvers import staged

def interrupted(*_):
    os.kill(os.getpid(), signal.SIGINT)

setattr(*{target}, interrupted)
sys.argv = ["planner", *sys.argv[1:]]
cli.main()
"""


def with_ctrl_c(target: str, town: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CTRL_C.format(target=target), "run", town, "--out", out, "--lang", "en"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_ctrl_c_during_the_search_writes_the_best_plan_so_far(town: Path, tmp_path: Path) -> None:
    done = with_ctrl_c('(staged, "_tie_broken")', town, tmp_path)
    assert done.returncode == 130, done.stderr
    assert "the best plan so far is written, with a gap of 0.00%" in done.stderr
    solution = json.loads((tmp_path / "plan.json").read_text())["solution"]
    assert (solution["status"], solution["stopped"]) == ("feasible", "interrupted")


def test_ctrl_c_after_the_search_leaves_the_outputs_as_they_were(town: Path, tmp_path: Path) -> None:
    done = with_ctrl_c('(pipeline, "places_of")', town, tmp_path)
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (130, "Interrupted.")
    assert not list(tmp_path.iterdir())


def test_json_is_the_summary_and_nothing_else(town: Path, tmp_path: Path) -> None:
    done = planner("run", town, "--json", "--out", tmp_path, "--set", "constraints.station_count.stations=3")
    assert json.loads(done.stdout)["solution"]["opened"] == ["s2", "s4"]  # s2 is as good as s3 and nearer to h2


def test_quiet_says_nothing(town: Path, tmp_path: Path) -> None:
    done = planner("audit", town, "--quiet", "--out", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_tells_sizes_and_writes_nothing(town: Path, tmp_path: Path) -> None:
    done = planner("check", town, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "5 demand points" in done.stdout
    assert "Street data\n  The street data are" in done.stdout
    assert not any(tmp_path.iterdir())


def test_a_plan_that_cannot_be_met_ends_with_1_and_keeps_the_previous_outputs(town: Path, tmp_path: Path) -> None:
    (tmp_path / "map.html").write_text("previous", encoding="utf-8")
    done = planner("run", town, "--out", tmp_path, "--set", "constraints.station_count.stations=9")
    assert done.returncode == 1
    assert "station_count" in done.stderr
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == "previous"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["run", "nowhere"], "nowhere"),
        (["run", "TOWN", "--set", "solver.gpa=1"], "gap"),
        (["run", "TOWN", "--set", "gap"], "gap"),
        (["run", "TOWN", "--set", "objective.name=max_cover"], "max_coverage"),
        (["check", "TOWN", "--set", "constraints.station_count.station=3"], "stations"),
        (["check", "TOWN", "--set", 'constraints=[{name="keep_closed",sites=["nowhere"]}]'], "nowhere"),
        (["run", "TOWN", "--set", "demand.path=none.csv"], "none.csv"),
        (["run", "TOWN", "--frobnicate"], "--frobnicate"),
        (["run"], "PLAN"),
        (["dance"], "dance"),
        (["fetch", "--bbox", "1,2,3", "--out", "x.graphml"], "1,2,3"),
        (["fetch", "--out", "x.graphml"], "--bbox"),
    ],
)
def test_what_is_at_fault_ends_with_2_and_is_named(
    town: Path, tmp_path: Path, arguments: list[str], named: str
) -> None:
    done = planner(*[str(town) if word == "TOWN" else word for word in arguments], cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert named in done.stderr


@pytest.mark.parametrize(
    ("arguments", "chinese"),
    [
        (["run"], "缺少参数 PLAN"),
        (["dance"], "没有 dance 这个命令"),
        (["run", "a", "b"], "多余的参数：b"),
        (["run", "a", "--frobnicate"], "没有 --frobnicate 这个选项"),
        (["run", "a", "--set", "=3"], "--set 须写作 键=值"),
        (["new"], "缺少参数 DIR"),
    ],
)
def test_the_parser_speaks_chinese_too(arguments: list[str], chinese: str) -> None:
    done = planner(*arguments)
    assert done.returncode == 2
    assert chinese in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_is_full_is_told_without_a_traceback(town: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "planner", "check", str(town)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_without_a_command_the_help_is_shown() -> None:
    done = planner()
    assert done.returncode == 2
    assert done.stderr.startswith("Usage")


def test_refusals_speak_both_languages(town: Path) -> None:
    chinese, english = (planner("run", town / "nowhere", "--lang", language).stderr for language in ("zh", "en"))
    assert "找不到方案文件" in chinese
    assert "There is no plan file" in english


def test_help_lists_only_commands_that_work() -> None:
    listed = [line.split()[0] for line in planner("--help").stdout.split("Commands:")[1].splitlines() if line.strip()]
    assert listed == ["audit", "check", "compare", "fetch", "new", "propose", "run"]
    for command in listed:
        assert planner(command, "--help").returncode == 0


def test_a_new_study_can_be_filled_in(tmp_path: Path) -> None:
    done = planner("new", tmp_path / "mine", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "mine").iterdir()} == {"plan.toml", "study.xlsx"}
    assert 'name = "mine"' in (tmp_path / "mine" / "plan.toml").read_text(encoding="utf-8")
    again = planner("new", tmp_path / "mine")
    assert again.returncode == 2
    assert "plan.toml" in again.stderr


def test_a_folder_that_cannot_be_written_is_told_before_the_work(town: Path, tmp_path: Path) -> None:
    """The constraints cannot be met; nobody waits for that to learn that nothing could be written."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    impossible = ("--set", "constraints.station_count.stations=9", "--lang", "en", "--out")
    done = planner("run", town, *impossible, tmp_path / "file" / "out")
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)
    assert planner("run", town, *impossible, tmp_path / "new" / "out").returncode == 1
    assert not (tmp_path / "new").exists()


def test_a_folder_in_the_place_of_a_file_is_called_a_folder(town: Path) -> None:
    done = planner("check", town, "--lang", "en", "--set", "sites.path=.")
    assert (done.returncode, ". is a folder; expected: a file" in done.stderr) == (2, True)
