"""The town as a map, drawn once for all tests of this room."""

from pathlib import Path

import pytest

from planner.mapping import map_page
from planner.plan import Plan
from tests.town import town_plan


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The small town: s1 stands, s3 is opened, h5 stays beyond the standard."""
    folder: Path = tmp_path_factory.mktemp("town")
    return town_plan(folder)


@pytest.fixture(scope="session")
def town_page(town: Plan) -> str:
    """Its page in Chinese."""
    return map_page(town)
