"""Minutes from the flat to the door of the building: the demand's own, never assumed."""

from __future__ import annotations

from planner.bilingual import Text
from planner.model.notes import Parameter
from planner.model.places import Demand

_LABEL = Text("楼内时间（从家门到楼门，含等电梯）", "time inside the building, from flat to door")
_NOT_GIVEN = Text(
    "需求数据未提供，按 0 计；高层住宅常见 1–3 分钟，未核实",
    "the demand gives none, so it counts as 0; commonly 1 to 3 minutes in a tower, not verified",
)
_GIVEN = Text("需求数据（各居住点的平均 / 最大），待核", "the demand's own (mean / most of all homes), to be checked")


def building_parameter(demand: Demand) -> Parameter:
    """Return the minutes inside buildings as the brief prints them: mean and most, or that none are given."""
    code = "demand.building_min"
    if "building_min" not in demand.table.columns or not len(demand.table):
        return Parameter(code, _LABEL, "0 min", _NOT_GIVEN, "to_be_checked")
    minutes = demand.table["building_min"].fillna(0.0).astype(float)
    return Parameter(code, _LABEL, f"{minutes.mean():.1f} / {minutes.max():.1f} min", _GIVEN, "to_be_checked")
