"""What a study's walks rest on: every standard, speed and factor, with its source and status, for map and brief."""

from __future__ import annotations

from planner.bilingual import Text
from planner.catchments import DETOUR_PARAMETER, detour_parameter
from planner.coverage import circle_parameters
from planner.model import DIRECTIONS, Need, Parameter, building_parameter
from planner.model.labels import group_label
from planner.network import BESIDE_PARAMETER, CHANGE_PARAMETERS, LINK_PARAMETER, SCRAP_PARAMETER, slope_parameters
from planner.study import Study

QUARTER_HOUR_MIN = 15
_QUARTER_HOUR_SOURCE = Text(
    "城市一刻钟便民生活圈建设指南（2021）：步行 15 分钟左右",
    "quarter-hour life circle guide (2021): about 15 minutes on foot",
)


def parameters_of(study: Study) -> tuple[Parameter, ...]:
    """Return every standard, speed and factor that the walks of a study rest on, each once."""
    rows = [
        row
        for need in study.needs
        for row in (_standard_parameter(need), *_direction_parameter(need), *need.walker.parameters())
    ]
    if any(need.standard.in_minutes for need in study.needs):
        rows.append(building_parameter(study.demand))
    return tuple(
        {
            (row.code, row.value): row for row in (*rows, *_walk_parameters(study), *circle_parameters(study.needs))
        }.values()
    )


def _walk_parameters(study: Study) -> tuple[Parameter, ...]:
    """Return what the walks rest on beside the walkers: the factor of an estimate, or how points get onto paths."""
    streets = study.config.network
    if streets.detour_factor is not None:
        return (detour_parameter(streets.detour_factor),)
    off_path = Parameter(
        "network.max_off_path_m",
        Text("离路最远距离", "furthest distance off the path"),
        f"{streets.max_off_path_m:g} m",
        Text("方案文件", "plan file"),
        "chosen",
    )
    inside_compounds = () if study.gates is None else (DETOUR_PARAMETER, LINK_PARAMETER, BESIDE_PARAMETER)
    on_changes = () if study.changes is None else CHANGE_PARAMETERS
    return (off_path, SCRAP_PARAMETER, *slope_parameters(study.network), *inside_compounds, *on_changes)


def _standard_parameter(need: Need) -> Parameter:
    standard = need.standard
    label = Text("服务标准（{group}）", "service standard ({group})").format(group=group_label(need.group))
    value = f"{standard.max_walk_min:g} min" if standard.in_minutes else f"{standard.max_walk_m:g} m"
    code = f"need.{need.group}.{need.function}.standard"
    if standard.max_walk_min == QUARTER_HOUR_MIN:
        return Parameter(code, label, value, _QUARTER_HOUR_SOURCE, "verified")
    return Parameter(code, label, value, Text("方案文件", "plan file"), "chosen")


def _direction_parameter(need: Need) -> tuple[Parameter, ...]:
    """Say which way is measured where it is not that to the station."""
    if need.direction == "to_station":
        return ()
    label = Text("步行方向（{group}）", "direction of the walk ({group})").format(group=group_label(need.group))
    code = f"need.{need.group}.{need.function}.direction"
    source = Text("方案文件", "plan file")
    return (Parameter(code, label, need.direction, source, "chosen", DIRECTIONS[need.direction]),)
