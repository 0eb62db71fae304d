"""Time two ways of doing the same in turn, so that a drift of the machine's speed falls on both."""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Measured:
    """Median seconds of ours and of the peer, and the median of the ratios pair by pair; None without a peer."""

    work: str
    ours_s: float
    peer: str
    peer_s: float | None
    ratio: float | None
    floor: str
    remark: str = ""


def compare(
    work: str,
    ours: Callable[[], object],
    peer: str,
    theirs: Callable[[], object],
    floor: str = "",
    runs: int = 3,
    remark: str = "",
    share: float = 1.0,
) -> Measured:
    """Run both once to warm up (unless one run is all) and then in turn; the ratio is peer / ours.

    `share` is how much of the work the peer is given: its time is divided by it.
    """
    if runs > 1:
        ours()
        theirs()
    pairs = [(_seconds(ours), _seconds(theirs) / share) for _ in range(runs)]
    ratio = statistics.median(b / a for a, b in pairs)
    medians = [statistics.median(column) for column in zip(*pairs, strict=True)]
    return Measured(work, medians[0], peer, medians[1], ratio, floor, remark)


def alone(
    work: str, ours: Callable[[], object], peer: str, floor: str = "", runs: int = 3, remark: str = ""
) -> Measured:
    """Measure ours only: the peer is not there, and the remark says so."""
    ours()
    median = statistics.median(_seconds(ours) for _ in range(runs))
    return Measured(work, median, peer, None, None, floor, remark or "peer not installed")


def installed(package: str) -> bool:
    """Whether a peer is there; nobody has to install one."""
    return importlib.util.find_spec(package) is not None


def process(*arguments: str) -> Callable[[], object]:
    """Return a call that runs Python with these arguments in a fresh process."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def _seconds(call: Callable[[], object]) -> float:
    started = perf_counter()
    call()
    return perf_counter() - started
