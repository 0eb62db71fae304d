"""The main job as a user runs it: fresh processes, imports and all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests import real_places
from tests.benchmarks.timing import Measured, compare, process

STUDY = Path(__file__).resolve().parents[2] / "data" / "huangshigang"
IMPORTS = "import geopandas, folium, numba, highspy, pandera.pandas, xlsxwriter"


def help_page() -> Measured:
    """`planner --help` against a Python that does nothing."""
    return compare(
        "`planner --help`", process("-m", "planner", "--help"), "`python -c pass`", process("-c", "pass"), "0.5 s", 5
    )


def huangshigang() -> Measured:
    """The README's main command against the bare import of the libraries it stands on."""
    with tempfile.TemporaryDirectory() as out:
        ours = process("-m", "planner", "run", str(STUDY), "--out", out, "--quiet")
        return compare(
            "`planner run data/huangshigang`", ours, "importing its libraries", process("-c", IMPORTS), "10 s"
        )


def wuhan() -> Measured:
    """The whole of Wuhan, 776 points and 500 sites, against GeoPandas reading and projecting its streets."""
    with tempfile.TemporaryDirectory() as folder:
        real_places.wuhan(Path(folder))
        ours = process("-m", "planner", "run", folder, "--out", f"{folder}/out", "--quiet")
        streets = str(real_places.real_data("wuhan/streets.parquet"))
        peer = process("-c", f"import geopandas; geopandas.read_parquet({streets!r}).to_crs(4326)")
        return compare("`planner run` on Wuhan, 776 × 500", ours, "GeoPandas reading its streets", peer, "25 s")


MEASURES = (help_page, huangshigang, wuhan)
