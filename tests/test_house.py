"""The house rules that a machine can check."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent

RULES = {
    "the code is linted": ["ruff", "check", "."],
    "the code is formatted": ["ruff", "format", "--check", "."],
    "the code is fully typed": ["mypy"],
    "each room imports only rooms below it": ["lint-imports"],
}


@pytest.mark.parametrize("command", RULES.values(), ids=RULES.keys())
def test_rule(command: list[str]) -> None:
    tool, *arguments = command
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(
        [TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_tracked_file_holds_the_marks_of_a_conflict() -> None:
    marks = [f"^{sign * 7} " for sign in "<>"]
    found = subprocess.run(
        ["git", "grep", "-IlE", "|".join(marks)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (1, ""), found.stdout + found.stderr


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」”）}][,;:?!(]|[,;:?!)][\u4e00-\u9fff「“（]")


def test_chinese_sentences_use_full_width_punctuation() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{call.lineno}: {chinese}"
        for file in sorted((ROOT / "planner").rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Text" and call.args
        for chinese in [getattr(call.args[0], "value", "")]
        if isinstance(chinese, str) and re.search("[\u4e00-\u9fff]", chinese) and HALF_WIDTH.search(chinese)
    ]
    assert wrong == []


def test_the_public_names_are_pinned() -> None:
    import planner

    assert planner.__all__ == [
        "CandidateSites",
        "Demand",
        "Frontier",
        "InfeasibleError",
        "InputError",
        "Need",
        "Plan",
        "PlanConfig",
        "PlannerError",
        "ServiceStandard",
        "SitingProblem",
        "Solution",
        "SolverError",
        "WalkNetwork",
        "Walker",
        "WalkingCosts",
        "Worth",
        "apply_changes",
        "audit",
        "draw_catchments",
        "draw_map",
        "estimated_costs",
        "find_routes",
        "frontier",
        "load_changes",
        "load_demand",
        "load_gates",
        "load_grids",
        "load_network",
        "load_sites",
        "load_study",
        "make_plan",
        "measure_coverage",
        "measure_walks",
        "read_plan",
        "solve",
        "solve_phases",
        "study_crs",
        "update_costs",
        "walking_costs",
        "worth_of",
        "write_map",
        "write_outputs",
    ]
    for name in planner.__all__:
        assert getattr(planner, name) is not None


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "geopandas,numba,folium,osmnx,highspy,pandas,numpy"
    code = f"import sys, planner, planner.cli; print([m for m in {heavy!r}.split(',') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_solver_and_the_compiler_are_loaded_only_to_solve() -> None:
    code = "import sys, planner.siting; print([m for m in ('numba', 'highspy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_clusters_are_loaded_only_to_propose_sites() -> None:
    code = "import sys, planner.pipeline, planner.report, planner.mapping; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_top_level_is_the_users_frame() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    top = {name.split("/")[0] for name in tracked if name}
    allowed = {"pyproject.toml", "planner", "data", "maps", "tests", "notebooks", "docs"}
    allowed |= {"README.md", "CHANGELOG.md", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} <= allowed
