"""Compiled functions, and the folder where their machine code waits for the next run.

Numba alone does not notice when a part in another file changes. The folder is therefore named after the content of
every file that holds compiled functions, or what they are given: whoever upgrades never runs old machine code.
"""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock, current_thread, main_thread
from typing import Any, TypeVar, cast

import platformdirs

_Function = TypeVar("_Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent

#: Every file with compiled functions, or with the types of what they are given.
SOURCES = (
    "catchments/arrays.py",
    "catchments/engine.py",
    "catchments/outline.py",
    "catchments/outward.py",
    "catchments/painting.py",
    "catchments/spreading.py",
    "machine_code.py",
    "network/seeing.py",
    "network/segments.py",
    "siting/many_pairs.py",
    "siting/solvers/capacitated/bags.py",
    "siting/solvers/coverage/exchange.py",
    "siting/solvers/coverage/odd_groups.py",
    "siting/solvers/median/exchange.py",
    "siting/solvers/median/ground.py",
    "siting/solvers/median/multipliers.py",
    "siting/solvers/shorter_kernel.py",
    "siting/solvers/weighting.py",
)


_one_at_a_time = Lock()

#: Seconds that were spent compiling so far, and who wants to know when it begins.
_compiling: dict[str, float] = {"seconds": 0.0}
_told: list[Callable[[], None]] = []


def seconds_compiling() -> float:
    """Return the seconds that this process has spent compiling: a clock that stops meanwhile adds them to its end."""
    return _compiling["seconds"]


@contextmanager
def compiling_told(tell: Callable[[], None]) -> Iterator[None]:
    """Call a function the first time that something is compiled within."""
    _told.append(tell)
    try:
        yield
    finally:
        if tell in _told:
            _told.remove(tell)


@cache
def _clocked() -> None:
    """Count the seconds of compiling from now on; what is read from the folder is not compiled."""
    from numba.core import event

    class Clock(event.TimingListener):
        def on_start(self, happening: Any) -> None:
            if self._depth == 0:
                while _told:
                    _told.pop()()
            super().on_start(happening)  # type: ignore[no-untyped-call]

        def on_end(self, happening: Any) -> None:
            super().on_end(happening)  # type: ignore[no-untyped-call]
            if self._depth == 0:
                _compiling["seconds"] = self.duration

    event.register("numba:compile", Clock())  # type: ignore[no-untyped-call]


@cache
def machine_code_folder() -> Path:
    """Return the folder for this content of the files: in $NUMBA_CACHE_DIR, $PLANNER_CACHE_DIR or the user's cache."""
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("PLANNER_CACHE_DIR")
    content = hashlib.sha256()
    for source in SOURCES:
        content.update((_PACKAGE / source).read_bytes())
    return Path(chosen or platformdirs.user_cache_path("planner")) / "machine_code" / content.hexdigest()[:16]


def compiled(function: _Function) -> _Function:
    """Compile, and keep the machine code for the next run where it can be kept."""
    import numba

    _clocked()
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        with _kept_in(machine_code_folder()):
            return cast(_Function, numba.njit(cache=True, **options)(function))
    except (OSError, RuntimeError):
        return cast(_Function, numba.njit(**options)(function))


def part(function: _Function) -> _Function:
    """Compile as a part of other functions, with no entrance from Python: that takes half the time."""
    import numba

    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(_Function, numba.njit(nogil=True, error_model="numpy", **options)(function))


@contextmanager
def whole() -> Iterator[None]:
    """Let Ctrl-C wait until compiled functions have returned: one that lands while a result is handed over crashes."""
    if current_thread() is not main_thread() or not callable(before := signal.getsignal(signal.SIGINT)):
        yield
        return
    heard: list[tuple[int, Any]] = []
    signal.signal(signal.SIGINT, lambda number, frame: heard.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        before(*heard[0])


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Let Numba keep what it compiles in a folder: it looks there first when a function is declared.

    Raises
    ------
    OSError
        If nothing can be written there: Numba would choose another folder, where old machine code may lie.
    """
    import numba

    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(folder)
    config: Any = numba.config
    with _one_at_a_time:
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            yield
        finally:
            config.CACHE_DIR = before
