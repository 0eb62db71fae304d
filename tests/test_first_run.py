"""What another process compiles on the first run is what this one needs, and it leaves no process behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner import first_run
from planner.first_run import LAST, compiling_meanwhile, wait_for

ROOT = Path(__file__).resolve().parents[1]

DRAW = """
import geopandas as gpd
from planner.catchments import draw_catchments
from planner.catchments.outline import trace
from planner.catchments.painting import paint
from planner.network.segments import find_places
from tests.town import town_network
network = town_network()
draw_catchments(network, gpd.GeoSeries.from_xy(*network.node_xy[:1].T, crs=network.crs), "adult", 5)
print([dict(kernel.stats.cache_hits).values() for kernel in (find_places, paint, trace)])
print([list(kernel.stats.cache_misses) for kernel in (find_places, paint, trace)])
"""


def run(code: str, cache: Path) -> str:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_snapping_and_drawing_find_everything_compiled(tmp_path):
    run("from planner.catchments.compiling import compile_meanwhile; compile_meanwhile()", tmp_path)
    hits, misses = run(DRAW, tmp_path).splitlines()
    assert hits == "[dict_values([1]), dict_values([1]), dict_values([1])]"
    assert misses == "[[], [], []]"


@pytest.fixture
def helpers(monkeypatch, tmp_path):
    """Return the processes started; none of them compiles anything."""
    started, start = [], subprocess.Popen

    def popen(command, **options):
        started.append(start([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return started[-1]

    monkeypatch.setattr(first_run.subprocess, "Popen", popen)
    monkeypatch.setattr(first_run, "machine_code_folder", lambda: tmp_path / "machine code")
    monkeypatch.setattr(first_run.os, "cpu_count", lambda: 2)
    return started


def test_a_fault_leaves_no_process_behind(helpers):
    with pytest.raises(ValueError, match="a fault"), compiling_meanwhile():
        raise ValueError("a fault")
    assert [helper.poll() is not None for helper in helpers] == [True]
    wait_for(LAST)


def test_nobody_helps_where_machine_code_is_there(helpers, tmp_path):
    (tmp_path / "machine code" / "catchments").mkdir(parents=True)
    (tmp_path / "machine code" / "catchments" / "outline.trace-99.py311.1.nbc").touch()
    with compiling_meanwhile():
        assert helpers == []


def test_nobody_helps_where_nothing_can_be_kept(helpers, tmp_path):
    (tmp_path / "machine code").write_text("in the way")
    with compiling_meanwhile():
        assert helpers == []


def test_waiting_ends_when_the_function_is_there_or_the_helper_is_gone(helpers, tmp_path):
    with compiling_meanwhile():
        (tmp_path / "machine code" / "outline.trace-99.py311.1.nbc").touch()
        wait_for(LAST)
        assert helpers[0].poll() is None
        helpers[0].kill()
        wait_for("something else")
