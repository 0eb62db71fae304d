"""Each notebook runs from top to bottom, and shows what it says."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"

#: In a process of its own: a browser test in the same worker keeps an event loop running.
RUN = """
import sys
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=300, resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[3])
"""


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda notebook: notebook.stem)
def test_the_notebook_runs_and_ends_with_its_map(notebook: Path, tmp_path: Path) -> None:
    executed = tmp_path / notebook.name
    command = [sys.executable, "-c", RUN, str(notebook), str(NOTEBOOKS), str(executed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = [output for cell in nbformat.read(executed, 4).cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any("leaflet" in str(output.get("data", {}).get("text/html", "")).lower() for output in outputs)
