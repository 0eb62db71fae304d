"""Where the real streets and people lie: beside the project, never inside it."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def real_data(name: str) -> Path:
    """Return a file of ../shared/data; skip the test where it is missing, and fail in CI."""
    path = SHARED_DATA / name
    if not path.exists():
        reason = f"../shared/data/{name} is not here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
