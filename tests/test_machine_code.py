"""Machine code of another version is never run."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import planner
from planner import machine_code
from planner.machine_code import SOURCES, machine_code_folder
from planner.siting.solvers.stage import Task

PACKAGE = Path(planner.__file__).parent

KERNELS = [file for file in PACKAGE.rglob("*.py") if re.search("^@(compiled|part)", file.read_text("utf-8"), re.M)]


@pytest.mark.parametrize("file", KERNELS, ids=lambda file: file.name)
def test_every_file_with_compiled_functions_counts(file):
    assert file.relative_to(PACKAGE).as_posix() in SOURCES


def test_a_changed_part_in_any_file_leads_to_another_folder(tmp_path, monkeypatch):
    for source in SOURCES:
        copy = tmp_path / source
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((PACKAGE / source).read_bytes())
    monkeypatch.setattr(machine_code, "_PACKAGE", tmp_path)
    folders = {machine_code_folder.__wrapped__()}
    for source in SOURCES:
        with (tmp_path / source).open("a") as file:
            file.write("# changed")
        folders.add(machine_code_folder.__wrapped__())
    assert len(folders) == 1 + len(SOURCES)


SNAP = """
import numpy as np
from tests.town import town_network
from planner.network.snapping import snap
network = town_network()
print(snap(network, network.node_xy + 1.0).off_path_m.round(6).tolist())
"""


def snapped(cache: Path) -> str:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", SNAP], cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_answer_with_and_without_a_folder_to_keep_machine_code_in(tmp_path):
    no_folder = tmp_path / "a file"
    no_folder.write_text("in the way")
    first, again = snapped(tmp_path / "kept"), snapped(tmp_path / "kept")
    assert first == again == snapped(no_folder)
    assert list((tmp_path / "kept").rglob("*find_places*.nbi"))


def test_the_clock_of_a_search_stands_still_while_something_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(machine_code, "machine_code_folder", lambda: tmp_path)
    told = []
    added = machine_code.compiled(lambda one, other: one + other)
    task = Task(None, None, (), deadline=time.perf_counter() + 100.0)
    before, started = task.seconds_left, time.perf_counter()
    with machine_code.compiling_told(lambda: told.append("once")):
        assert added(1, 2) == 3
        assert added(1.0, 2.0) == 3.0
    passed = time.perf_counter() - started
    stood = task.seconds_left - (before - passed)
    assert 0 < stood < passed + 0.05
    assert told == ["once"]
    again = task.seconds_left
    assert added(3, 4) == 7
    assert task.seconds_left < again


def test_nobody_is_told_where_nothing_is_compiled():
    told = []
    with machine_code.compiling_told(lambda: told.append("never")):
        pass
    machine_code.compiled(lambda one: 2 * one)(1)
    assert told == []
