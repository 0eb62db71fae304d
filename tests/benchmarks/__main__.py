"""Measure everything and write the tables of docs/benchmarks.md; or only the parts named on the command line."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import catchments, classics, engine, growth, huge, main_job, pages, reading, siting
from tests.benchmarks.timing import Measured

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
#: What is measured only when asked for by name or with `--long`: it takes up to an hour.
LONG = ("orlib", "tsplib", "huge", "pages")


def main() -> None:
    """Run the parts asked for; each prints its rows and keeps its own table."""
    asked = [word for word in sys.argv[1:] if not word.startswith("--")]
    unknown = set(asked) - set(PARTS)
    if unknown:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    for name, part in PARTS.items():
        if name in asked or (not asked and (name not in LONG or "--long" in sys.argv)):
            _keep(name, part())


def _walking() -> str:
    return _table(*main_job.MEASURES, *reading.MEASURES, *engine.MEASURES, *catchments.MEASURES)


def _siting() -> str:
    return _table(*siting.MEASURES, *classics.MEASURES)


def _orlib() -> str:
    return _table(classics.orlib, classics.orlib_capacitated)


def _tsplib() -> str:
    return _table(classics.tsplib)


def _huge() -> str:
    return f"{_table(*huge.LONG_MEASURES)}\n\n{huge.table()}"


#: Each part has its table between `<!-- name -->` and `<!-- end of name -->`.
PARTS: dict[str, Callable[[], str]] = {
    "walking": _walking,
    "growth": growth.tables,
    "siting": _siting,
    "orlib": _orlib,
    "tsplib": _tsplib,
    "huge": _huge,
    "pages": pages.table,
}


def _table(*measures: Callable[[], Measured]) -> str:
    lines = _head()
    for measure in measures:
        lines.append(_line(measure()))
        print(lines[-1], flush=True)
    return "\n".join(lines)


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


def _keep(name: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    kept = re.sub(f"{start}.*{end}", lambda _: f"{start}\n{text}\n{end}", page, flags=re.DOTALL)
    PAGE.write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    main()
