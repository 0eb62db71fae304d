"""The first run after an installation: another process compiles what draws catchments while this one does the rest.

It changes nothing but the time: what is not there in time, or cannot be kept, is compiled where it is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from planner.machine_code import machine_code_folder

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


def wait_for_compiling() -> None:
    """Wait until the other process, if there is one, has compiled what this one would compile otherwise."""
    if _running is not None:
        _running.wait()


def _is_worth_it() -> bool:
    """Return whether machine code is missing and could be kept."""
    folder = machine_code_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    is_there = any(folder.rglob("*trace*.nbi"))
    return not is_there and os.access(folder, os.W_OK) and (os.cpu_count() or 1) > 1
