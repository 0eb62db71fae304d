import re
import tomllib
from importlib import resources

from planner.config import PlanConfig

TEMPLATE = resources.files("planner.report").joinpath("new_plan.toml").read_text(encoding="utf-8")
UNCOMMENTED = re.sub(r"^# (?=\[|[a-z_]+ = )", "", TEMPLATE, flags=re.MULTILINE)


def test_every_line_of_a_new_plan_that_can_be_switched_on_is_a_key_that_exists() -> None:
    plan = PlanConfig.model_validate(tomllib.loads(UNCOMMENTED))
    assert plan.proposals is not None
    assert plan.changes is not None
    assert plan.network.elevation == "dem.tif"
    assert plan.network.detour_factor == 1.3
    assert plan.needs[0].direction == "round_trip"


def test_a_new_plan_is_one_as_it_stands_once_its_coordinates_are_declared() -> None:
    plan = PlanConfig.model_validate(tomllib.loads(TEMPLATE))
    assert plan.proposals is None
    assert plan.changes is None
