"""brief.pdf: what a Chromium of this machine prints, whole or not at all."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.pipeline import write_outputs
from planner.report import refuse_unprintable, write_pdf
from planner.report.chromium import find_chromium
from tests.browser import CHROMIUM
from tests.town_files import write_town

posix = pytest.mark.skipif(os.name != "posix", reason="stands in for a browser as a shell script")
with_chromium = pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason=f"{CHROMIUM} is not here")

PAGE = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>简报</title><h1>驿站</h1>{more}'


@pytest.fixture
def page(tmp_path):
    def write(more: str = "") -> Path:
        file = tmp_path / "page.html"
        file.write_text(PAGE.format(more=more), encoding="utf-8")
        return file

    return write


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Let a shell script stand in for the browser; `$out` is the file that it is asked to print."""

    def install(script: str) -> Path:
        program = tmp_path / "browser"
        find_out = 'for a in "$@"; do case "$a" in --print-to-pdf=*) out="${a#*=}";; esac; done'
        program.write_text(f"#!/bin/sh\n{find_out}\n{script}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PLANNER_CHROMIUM", str(program))
        return program

    return install


@with_chromium
@pytest.mark.browser
def test_a_page_is_printed_with_title_language_and_headings_and_always_the_same(page, tmp_path):
    for name in ("a.pdf", "b.pdf"):
        assert write_pdf(page(), tmp_path / name) == tmp_path / name
    printed = (tmp_path / "a.pdf").read_bytes()
    assert printed == (tmp_path / "b.pdf").read_bytes()
    assert re.search(rb"/Lang \(zh-CN\)", printed)
    assert b"/Outlines" in printed
    assert {file.name for file in tmp_path.iterdir()} == {"page.html", "a.pdf", "b.pdf"}


@with_chromium
@pytest.mark.browser
def test_a_page_reaches_nobody_while_it_is_printed(page, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/pixel.png"
        write_pdf(page(f'<img src="{address}">'), tmp_path / "a.pdf")
        with pytest.raises(TimeoutError):
            server.accept()


@posix
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 3", "exit code 3"),
        ('printf "%%PDF-1.4 half" > "$out"', "exit code 0"),
        ("sleep 60", "within 1 s"),
    ],
    ids=["fails", "half", "hangs"],
)
def test_what_does_not_print_is_told_and_the_previous_file_stays(stand_in, page, tmp_path, script, told):
    program = stand_in(script)
    (tmp_path / "a.pdf").write_text("previous", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=told) as refused:
        write_pdf(page(), tmp_path / "a.pdf", time_limit_s=1.0 if "sleep" in script else 30.0)
    assert str(program) in str(refused.value)
    assert (tmp_path / "a.pdf").read_text(encoding="utf-8") == "previous"
    assert sorted(tmp_path.iterdir()) == sorted({*before, tmp_path / "page.html"})


@posix
def test_nothing_that_was_started_goes_on(stand_in, page, tmp_path):
    stand_in(f'(sleep 61; echo) & echo $! > "{tmp_path}/pid"; sleep 61')
    with pytest.raises(InputError):
        write_pdf(page(), tmp_path / "a.pdf", time_limit_s=1.0)
    child = int((tmp_path / "pid").read_text())
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


@posix
def test_the_sandbox_is_left_off_only_as_root(stand_in, page, tmp_path, monkeypatch):
    script = f'echo "$@" > "{tmp_path}/asked"; printf "%%PDF-1.4\\n%%%%EOF\\n" > "$out"'
    stand_in(script)
    for user, is_off in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        write_pdf(page(), tmp_path / "a.pdf")
        assert ("--no-sandbox" in (tmp_path / "asked").read_text()) is is_off


@posix
def test_the_browser_is_the_user_s_choice_else_the_first_on_the_path(stand_in, tmp_path, monkeypatch):
    chosen = stand_in("exit 0")
    assert find_chromium() == chosen
    monkeypatch.delenv("PLANNER_CHROMIUM")
    for name in ("msedge", "google-chrome"):
        chosen.with_name(name).write_bytes(chosen.read_bytes())
        chosen.with_name(name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert find_chromium() == tmp_path / name


def test_on_windows_the_usual_places_are_looked_at(tmp_path, monkeypatch):
    from planner.report import chromium

    edge = tmp_path / r"Microsoft\Edge\Application\msedge.exe"
    edge.parent.mkdir(parents=True, exist_ok=True)
    edge.write_bytes(b"")
    edge.chmod(0o755)
    monkeypatch.delenv("PLANNER_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: None)
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.setenv(folder, str(tmp_path))
    assert find_chromium() == edge


@posix
def test_a_machine_without_chinese_fonts_is_refused(stand_in, tmp_path, monkeypatch):
    stand_in("exit 0")
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    lister.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(InputError, match="no Chinese font"):
        refuse_unprintable()


def planner(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner", *map(str, arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1", **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)
    assert "Traceback" not in done.stderr
    return done


def test_without_a_browser_nothing_is_begun_and_the_way_by_hand_is_told(tmp_path):
    for language, words in (("zh", "用浏览器打开 brief.html"), ("en", "open brief.html in a browser")):
        town = write_town(tmp_path / language)
        done = planner("run", town, "--pdf", "--out", tmp_path / "out", "--lang", language, PLANNER_CHROMIUM="nowhere")
        assert done.returncode == 2
        assert words in done.stderr
        assert "nowhere" in done.stderr
        assert not (tmp_path / "out").exists()


@with_chromium
@pytest.mark.browser
def test_the_brief_is_printed_when_asked_and_none_of_an_earlier_plan_stays(plan, tmp_path):
    town, out = write_town(tmp_path / "town"), tmp_path / "out"
    done = planner("audit", town, "--pdf", "--out", out, PLANNER_CHROMIUM=str(CHROMIUM))
    assert done.returncode == 0, done.stderr
    assert (out / "brief.pdf").read_bytes().startswith(b"%PDF-")
    assert "brief.pdf" in done.stdout
    write_outputs(plan, out)
    assert not (out / "brief.pdf").exists()
