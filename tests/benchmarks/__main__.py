"""Measure everything and write the table of docs/benchmarks.md."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

from tests.benchmarks import engine, main_job, siting
from tests.benchmarks.timing import Measured

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
MARKS = ("<!-- results -->", "<!-- end of results -->")


def main() -> None:
    """Run each measurement, print it, and keep the table."""
    rows = []
    for measure in (*main_job.MEASURES, *engine.MEASURES, *siting.MEASURES):
        row = measure()
        print(_line(row), flush=True)
        rows.append(row)
    _keep(rows)


def _line(row: Measured) -> str:
    return (
        f"| {row.work} | {row.ours_s:.3g} s | {row.floor} | {row.peer} | {row.peer_s:.3g} s "
        f"| {row.ratio:.3g} | {row.remark} |"
    )


def _keep(rows: list[Measured]) -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    head = [
        f"{datetime.date.today().isoformat()}, commit {commit.stdout.strip()}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores.",
        "",
        "| work | ours | floor | peer | peer's time | peer / ours | remark |",
        "|---|---|---|---|---|---|---|",
    ]
    table = "\n".join([MARKS[0], *head, *map(_line, rows), MARKS[1]])
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"{MARKS[0]}.*{MARKS[1]}", lambda _: table, page, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
