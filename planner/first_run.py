"""The first run after an installation: another process compiles some functions while this one compiles the others.

It changes nothing but the time: what is not there in time, or cannot be kept, is compiled where it is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from planner.machine_code import machine_code_folder

#: The functions that the other process compiles, in this order; see `planner.catchments.compiling`.
FIRST, LAST = "find_places", "trace"

#: Whoever compiles alone needs less than this.
_PATIENCE_S = 30.0

_running: subprocess.Popen[bytes] | None = None


@contextmanager
def compiling_meanwhile() -> Iterator[None]:
    """Let another process compile as long as this block runs, if there is need and a second core."""
    global _running
    if not _is_worth_it():
        yield
        return
    command = [sys.executable, "-P", "-m", "planner.catchments.compiling"]
    nothing = subprocess.DEVNULL
    _running = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
    try:
        yield
    finally:
        _running.kill()
        _running.wait()
        _running = None


def wait_for(function: str) -> None:
    """Wait until the other process, if there is one, has compiled what this one would compile otherwise."""
    give_up = monotonic() + _PATIENCE_S
    while _running is not None and _running.poll() is None and monotonic() < give_up and not _is_kept(function):
        sleep(0.01)


def _is_kept(function: str) -> bool:
    return any(machine_code_folder().rglob(f"*.{function}-*.nbc"))


def _is_worth_it() -> bool:
    """Return whether machine code is missing and could be kept."""
    try:
        folder = machine_code_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return not _is_kept(LAST) and os.access(folder, os.W_OK) and (os.cpu_count() or 1) > 1
