"""Who is served by one plan and not by another, home by home; matched by id."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.bilingual import Text
from planner.comparing.side import NeedKey, Side, figure

#: What becomes of a home beside the first plan, in the order of the legend.
CHANGES = {
    "gained": (Text("新获覆盖", "gained"), "#1b7f4b"),
    "lost": (Text("失去覆盖", "lost"), "#bd4b12"),
    "both": (Text("两案均覆盖", "covered in both"), "#9cc7de"),
    "neither": (Text("两案均未覆盖", "covered in neither"), "#ffffff"),
    "absent": (Text("只在一案的数据中", "in the data of one plan only"), "#b9b3a6"),
}
#: The first plan by itself.
ALONE = {
    "both": (Text("已覆盖", "covered"), "#9cc7de"),
    "neither": (Text("未覆盖", "not covered"), "#ffffff"),
}


@dataclass(frozen=True)
class Moved:
    """People of one need whom a plan covers and the first one does not, and the other way round."""

    gained: float
    lost: float


def undrawn_reason(side: Side) -> Text | None:
    """Return why a plan cannot be drawn; None where it can."""
    if side.document.kind == "what_if":
        return Text(
            "{label}：地图保存的试算没有 plan.gpkg，不能绘图；用 planner run --set what_if.path 计算后可以。",
            "{label}: a what-if saved by the map has no plan.gpkg and is not drawn; planner run --set what_if.path "
            "makes one.",
        ).format(label=side.label)
    if not side.layers:
        return Text(
            "{label}：plan.json 旁没有 plan.gpkg，不能绘图，也不能逐户比较。",
            "{label}: there is no plan.gpkg beside its plan.json, so it is not drawn, nor compared home by home.",
        ).format(label=side.label)
    demand = side.layers["demand"]
    for need in side.needs.values():
        column, group = f"is_covered_after_{need['number']}", str(need["group"])
        if column not in demand or group not in demand:
            return _other_run(side)
        covered = math.fsum(demand.loc[demand[column].astype(bool), group])
        if abs(covered - figure(need["covered"])) > 0.5:
            return _other_run(side)
    return None


def _other_run(side: Side) -> Text:
    return Text(
        "{label}：旁边的 plan.gpkg 与 plan.json 人数不符，不是同一次计算，不予绘图。",
        "{label}: the plan.gpkg beside its plan.json tells other people and is of another run; it is not drawn.",
    ).format(label=side.label)


def covered_homes(side: Side, key: NeedKey) -> pd.DataFrame:
    """Return each home with people of a need: its `people`, whether it `is_covered`; index `demand_id`, sorted."""
    need, demand = side.needs[key], side.layers["demand"]
    homes = pd.DataFrame(
        {
            "people": demand[str(need["group"])].astype(float).to_numpy(),
            "is_covered": demand[f"is_covered_after_{need['number']}"].astype(bool).to_numpy(),
        },
        index=pd.Index(demand["demand_id"].astype(str), name="demand_id"),
    ).sort_index()
    return homes[homes["people"] > 0]


def changes_of(first: Side, other: Side, key: NeedKey) -> pd.Series:
    """Return what becomes of each home of either plan: a key of `CHANGES`, index `demand_id`, sorted."""
    before, after = covered_homes(first, key)["is_covered"], covered_homes(other, key)["is_covered"]
    homes = before.index.union(after.index).sort_values()
    was, now = before.reindex(homes), after.reindex(homes)
    told = pd.Series("neither", index=homes, dtype=object)
    told[was.eq(True) & now.eq(True)] = "both"
    told[was.eq(False) & now.eq(True)] = "gained"
    told[was.eq(True) & now.eq(False)] = "lost"
    told[was.isna() | now.isna()] = "absent"
    return told


def moved(first: Side, other: Side, key: NeedKey) -> Moved | None:
    """Return the people gained and lost between two plans; None where one of them has no homes to compare."""
    if any(side.undrawn is not None or key not in side.needs for side in (first, other)):
        return None
    told, people = changes_of(first, other, key), covered_homes(other, key)["people"]
    was = covered_homes(first, key)["people"]
    return Moved(
        math.fsum(people.reindex(told.index[told == "gained"])), math.fsum(was.reindex(told.index[told == "lost"]))
    )


def drawn(sides: Sequence[Side]) -> list[Side]:
    """Return the plans that can be drawn."""
    return [side for side in sides if side.undrawn is None]
