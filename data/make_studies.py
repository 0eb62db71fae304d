"""Makes the synthetic studies, the same files every time: `python data/make_studies.py huangshigang [--out DIR]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from generator.huangshigang.study import write_study as write_huangshigang

STUDIES: dict[str, Callable[[Path], None]] = {"huangshigang": write_huangshigang}


def main() -> None:
    """Make the studies that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=f"one or more of: {', '.join(STUDIES)}")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder that gets a folder for each study"
    )
    wanted = parser.parse_args()
    unknown = sorted(set(wanted.studies) - set(STUDIES))
    if unknown:
        parser.error(f"unknown study: {', '.join(unknown)}")
    for name in wanted.studies or STUDIES:
        STUDIES[name](wanted.out / name)


if __name__ == "__main__":
    main()
