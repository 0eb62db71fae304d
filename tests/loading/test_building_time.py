"""Minutes inside the building, as planners write them."""

from pathlib import Path

import pytest

from planner.config import read_plan
from planner.errors import TableError
from planner.loading import load_demand, study_crs
from planner.model import building_parameter

PLAN = """name = "t"
crs = "EPSG:4547"
[demand]
path = "homes.csv"
crs = "EPSG:4547"
[network]
path = "streets.osm"
"""


def demand_of(folder: Path, header: str, *cells: str):
    rows = [f"h{place},603000,{3343000 + place},10,{cell}" for place, cell in enumerate(cells)]
    text = "\n".join([f"编号,X,Y,常住人口,{header}", *rows])
    (folder / "homes.csv").write_text(text, encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    config = read_plan(folder)
    return load_demand(config, study_crs(config))


@pytest.mark.parametrize(
    "header", ["楼内时间(分钟)", "楼内时间（分钟）", "电梯等候(分钟)", "building_min", "inside_min", "下楼时间"]
)
def test_the_column_is_known_by_its_usual_names(tmp_path: Path, header: str) -> None:
    demand = demand_of(tmp_path, header, "2.5", "", "0")
    assert demand.table["building_min"].tolist() == [2.5, 0.0, 0.0]
    assert building_parameter(demand).value == "0.8 / 2.5 min"


def test_seconds_become_minutes(tmp_path: Path) -> None:
    assert demand_of(tmp_path, "楼内时间(秒)", "90").table["building_min"].tolist() == [1.5]


def test_every_wrong_cell_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError) as refused:
        demand_of(tmp_path, "楼内时间", "-1", "61", "很久", "3")
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [
        (2, "楼内时间"),
        (3, "楼内时间"),
        (4, "楼内时间"),
    ]


def test_where_none_are_given_the_brief_says_that_they_count_as_nothing(tmp_path: Path) -> None:
    told = building_parameter(demand_of(tmp_path, "备注", "无"))
    assert (told.value, told.status) == ("0 min", "to_be_checked")
