"""Gates of compounds, and which of them let walkers pass at a moment."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text
from planner.model.compounds import passing_names
from planner.model.notes import Note
from planner.model.opening_hours import OpeningHours, minute_of_day
from planner.model.places import checked_points, require_columns

Bools = npt.NDArray[np.bool_]

#: What a gates file may say about each gate, beside its compound and name.
GATE_FACTS = ("pedestrian", "hours", "open_to_outsiders", "closed_in_emergency")

#: What a gate is at the moment that is measured.
GATE_STATES = {
    "open": Text("对外开放", "open to everybody"),
    "residents": Text("仅供本小区居民", "residents only"),
    "closed": Text("关闭", "closed"),
    "assumed": Text("假定", "assumed"),
}

#: Why it is that.
GATE_REASONS = {
    "no_walkers": Text("行人不能通行", "walkers may not pass"),
    "hours": Text("不在开放时间内", "outside its hours"),
    "emergency": Text("应急时关闭", "closed in an emergency"),
    "outsiders": Text("不对外开放", "outsiders are not admitted"),
    "change": Text("随路网变更开设", "made with a change of the streets"),
    "no_data": Text("没有出入口数据，由程序假定，待核实", "no gate is known; assumed, to be checked"),
    "as_stated": Text("按资料", "as stated"),
}

_ASSUMED_OPEN = Text(
    "{count} 个出入口没有写明{facts}，未写明的均按开放计。",
    "{count} gates do not state {facts}; what is not stated counts as open.",
)
_FACT_LABELS = {
    "pedestrian": Text("行人能否通行", "whether walkers may pass"),
    "hours": Text("开放时间", "their hours"),
    "open_to_outsiders": Text("是否对外开放", "whether they admit outsiders"),
    "closed_in_emergency": Text("应急时是否关闭", "whether they close in an emergency"),
}
_NO_MOMENT = Text(
    "{count} 个出入口写有开放时间，但方案没有给出时刻（gates.time），按开放计。",
    "{count} gates have hours, but the plan names no moment (gates.time); they count as open.",
)
_AT_THE_MOMENT = Text(
    "{moment}：{count} 个出入口中 {closed} 个不能步行通过，{residents} 个只供本小区居民通行。",
    "{moment}: of {count} gates {closed} cannot be walked through and {residents} are for residents only.",
)
_ALL_PASSABLE = Text(
    "{moment}：{count} 个出入口都能步行通过，其中 {residents} 个只供本小区居民通行。",
    "{moment}: all {count} gates can be walked through; {residents} of them are for residents only.",
)


@dataclass(frozen=True, eq=False)
class Gates:
    """Entrances of compounds as they are at one moment.

    Parameters
    ----------
    table : GeoDataFrame, index `gate_id` (unique strings), geometry points in a metric system
        `compound`, `name`, and the input's own columns. Bool columns, added where missing: `open` (walkers who live in
        the compound pass; True), `admits_outsiders` (everybody passes; as `open`), `assumed` (a pseudo-gate where a
        path meets the boundary; False). What a file states stands in `GATE_FACTS`, missing where it says nothing;
        `gates_at` makes the former of the latter.
    notes : tuple of Note
    """

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        table = checked_points(self.table, "gate_id", "gates")
        require_columns(table, ("compound",), "gates")
        is_open = table.get("open", pd.Series(True, index=table.index)).astype(bool)
        admits = table.get("admits_outsiders", is_open).astype(bool) & is_open
        assumed = table.get("assumed", pd.Series(False, index=table.index)).astype(bool)
        object.__setattr__(self, "table", table.assign(open=is_open, admits_outsiders=admits, assumed=assumed))

    @property
    def open(self) -> Bools:
        """Whether those who live in the compound pass each gate."""
        return self.table["open"].to_numpy(dtype=np.bool_)

    @property
    def admits_outsiders(self) -> Bools:
        """Whether everybody passes each gate."""
        return self.table["admits_outsiders"].to_numpy(dtype=np.bool_)

    @property
    def assumed(self) -> Bools:
        """Whether each gate is a pseudo-gate."""
        return self.table["assumed"].to_numpy(dtype=np.bool_)

    @property
    def compounds(self) -> npt.NDArray[np.object_]:
        """The compound whose people use each gate; an empty name where the table has none."""
        names = passing_names(self.table).astype(object).tolist()
        return np.array(["" if pd.isna(name) else str(name) for name in names], dtype=object)

    def sorted(self) -> Gates:
        """Return the gates in order of their ids."""
        return dataclasses.replace(self, table=self.table.sort_index())

    @property
    def states(self) -> list[str]:
        """What each gate is: one of `GATE_STATES`."""
        words = np.where(self.admits_outsiders, "open", np.where(self.open, "residents", "closed"))
        return [str(word) for word in np.where(self.assumed, "assumed", words)]

    @property
    def reasons(self) -> list[str]:
        """Why each gate is that: one of `GATE_REASONS`; the table's `because` says it of gates that are closed."""
        table = self.table
        said = [None] * len(self) if "because" not in table else table["because"].tolist()
        brought = np.zeros(len(self), bool) if "from_change" not in table else table["from_change"].notna().to_numpy()
        residents = {"residents": "outsiders", "assumed": "no_data"}
        found = []
        for state, because, is_brought in zip(self.states, said, brought, strict=True):
            closed = str(because) if state == "closed" and because and not pd.isna(because) else "as_stated"
            found.append("change" if is_brought else residents.get(state, closed))
        return found

    def __len__(self) -> int:
        return len(self.table)


def gates_at(gates: Gates, time: str | None = None, emergency: bool = False) -> Gates:
    """Return the gates as they are at a moment: which are open, and which of those admit outsiders.

    Parameters
    ----------
    gates : Gates
    time : str, optional
        `HH:MM`. Without it a gate with hours counts as open.
    emergency : bool
        Gates that close in an emergency are closed.

    Returns
    -------
    Gates
        With notes on what was assumed. What the table does not state counts as open.

    Raises
    ------
    ValueError
        If the time or hours cannot be read; tables that were loaded hold only hours that can.
    """
    table = gates.table
    minute = None if time is None else minute_of_day(time)
    holds = {"no_walkers": _not(table, "pedestrian", False)}
    if minute is not None:
        in_hours = [hours is None or OpeningHours.read(hours).holds_at(minute) for hours in _hours(table)]
        holds["hours"] = np.array(in_hours, dtype=np.bool_)
    if emergency:
        holds["emergency"] = _not(table, "closed_in_emergency", True)
    is_open = np.logical_and.reduce(list(holds.values()))
    because = np.select([~met for met in holds.values()], list(holds), default="")
    admits = is_open & _not(table, "open_to_outsiders", False)
    now = table.assign(open=is_open, admits_outsiders=admits, because=because.astype(object))
    return dataclasses.replace(gates, table=now, notes=gates.notes + _notes(now, time, emergency))


def _not(table: gpd.GeoDataFrame, fact: str, value: bool) -> Bools:
    """Whether each gate does not state a value."""
    return np.array([_stated(said) is not value for said in _facts(table, fact)], dtype=np.bool_)


def _facts(table: gpd.GeoDataFrame, fact: str) -> list[Any]:
    return table[fact].tolist() if fact in table.columns else [None] * len(table)


def _stated(said: Any) -> bool | None:
    return None if said is None or pd.isna(said) else bool(said)


def _hours(table: gpd.GeoDataFrame) -> list[str | None]:
    return [None if said is None or pd.isna(said) else str(said) for said in _facts(table, "hours")]


def _notes(now: gpd.GeoDataFrame, time: str | None, emergency: bool) -> tuple[Note, ...]:
    asked = {"pedestrian": True, "hours": time is not None, "open_to_outsiders": True, "closed_in_emergency": emergency}
    missing = {fact: np.array([pd.isna(said) for said in _facts(now, fact)]) for fact in GATE_FACTS if asked[fact]}
    silent = {fact: unsaid for fact, unsaid in missing.items() if unsaid.any()}
    notes = []
    if silent:
        labels = [_FACT_LABELS[fact] for fact in silent]
        facts = Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
        count = int(np.logical_or.reduce(list(silent.values())).sum())
        notes.append(Note("gates.assumed_open", "assumption", _ASSUMED_OPEN.format(count=count, facts=facts)))
    with_hours = sum(hours is not None for hours in _hours(now))
    if time is None and with_hours:
        notes.append(Note("gates.no_moment", "assumption", _NO_MOMENT.format(count=with_hours)))
    shut = int((~now["open"]).sum())
    residents = int((now["open"] & ~now["admits_outsiders"]).sum())
    if shut or residents:
        pattern = _AT_THE_MOMENT if shut else _ALL_PASSABLE
        words = pattern.format(moment=_moment(time, emergency), count=len(now), closed=shut, residents=residents)
        notes.append(Note("gates.at_the_moment", "assumption", words))
    return tuple(notes)


def _moment(time: str | None, emergency: bool) -> Text:
    if emergency:
        when = Text("应急状态", "In an emergency")
        return when if time is None else Text("{when} {time}", "{when} at {time}").format(when=when, time=time)
    return Text("出入口", "Gates") if time is None else Text("{time}", "At {time}").format(time=time)
