"""Measure everything and write the table of docs/benchmarks.md."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from tests.benchmarks import catchments, classics, engine, growth, huge, main_job, reading, siting
from tests.benchmarks.timing import Measured

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
MARKS = ("<!-- results -->", "<!-- end of results -->")
CLASSICS_MARKS = ("<!-- classics -->", "<!-- end of classics -->")
GROWTH_MARKS = ("<!-- growth -->", "<!-- end of growth -->")
HUGE_MARKS = ("<!-- huge -->", "<!-- end of huge -->")


def main() -> None:
    """Run each measurement, print it, and keep the table."""
    rows = []
    for module in (main_job, reading, engine, catchments, siting, classics):
        for measure in module.MEASURES:
            rows.append(measure())
            print(_line(rows[-1]), flush=True)
    _keep(MARKS, "\n".join([*_head(), *map(_line, rows)]))
    _keep(GROWTH_MARKS, growth.tables())
    if "--long" in sys.argv[1:]:
        _keep(CLASSICS_MARKS, "\n".join([*_head(), *(_line(measure()) for measure in classics.LONG_MEASURES)]))
        long = [_line(measure()) for measure in huge.LONG_MEASURES]
        _keep(HUGE_MARKS, "\n".join([*_head(), *long, "", huge.table()]))


def _line(row: Measured) -> str:
    theirs = "–" if row.peer_s is None else f"{row.peer_s:.3g} s"
    ratio = "–" if row.ratio is None else f"{row.ratio:.3g}"
    return f"| {row.work} | {row.ours_s:.3g} s | {row.floor} | {row.peer} | {theirs} | {ratio} | {row.remark} |"


def _head() -> list[str]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return [
        f"{datetime.date.today().isoformat()}, commit {commit.stdout.strip()}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores.",
        "",
        "| work | ours | floor | peer | peer's time | peer / ours | remark |",
        "|---|---|---|---|---|---|---|",
    ]


def _keep(marks: tuple[str, str], text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    kept = re.sub(f"{marks[0]}.*{marks[1]}", lambda _: f"{marks[0]}\n{text}\n{marks[1]}", page, flags=re.DOTALL)
    PAGE.write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    main()
