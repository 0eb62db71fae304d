"""What is said about compounds that were enclosed."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from planner.bilingual import Text
from planner.model import Note, shortened

#: Names that a sentence lists; the note holds the first few as examples in any case.
_LISTED = 8

_OFF_WALL = Text(
    "{n} 个出入口距所属小区边界超过 12 米，不作为围墙上的出入口；请核对位置。",
    "{n} gates lie more than 12 m off the boundary of their compound and open no wall; check their positions.",
)
_NOT_ENCLOSED = Text(
    "{n} 个小区的出入口均不在边界上，边界未采用；请核对：{names}。",
    "{n} compounds have no gate at their boundary, which was left out; check them: {names}.",
)
_STREETS = Text(
    "{n} 个小区的边界被城市道路穿过，该道路按公共道路保留，请核对边界：{names}。",
    "A street leads through the boundary of {n} compounds; it was kept public. Check the boundaries: {names}.",
)
_APPROACHES = Text(
    "小区边界外连接出入口的内部道路（{km} 公里）按公共道路计。",
    "Private ways outside a boundary that lead to its gates ({km} km) count as public.",
)
_ASSUMED = Text(
    "{n} 个小区有边界而没有出入口数据，共假定 {gates} 处出入口，覆盖率按区间给出：{names}。",
    "{n} compounds have a boundary and no known gates; {gates} gates were assumed, and coverage is given as an "
    "interval: {names}.",
)
_CLOSED = Text(
    "道路穿过 {n} 个小区边界而该处没有出入口，共 {places} 处，视为不通：{names}。",
    "In {n} compounds paths cross the boundary where no gate is known, {places} places in all; nobody passes there: "
    "{names}.",
)
_OFF_PATHS = Text(
    "{n} 个小区的出入口不在道路上（12 米内没有道路穿过边界），请核对：{names}。",
    "In {n} compounds gates lie off the paths: none crosses the boundary within 12 m. Check them: {names}.",
)
_BESIDE = Text(
    "{n} 个小区没有道路与边界相交，出入口假定在边界上离公共道路（50 米内）最近处，每侧至多一个：{names}。",
    "In {n} compounds no path crosses the boundary; gates were assumed where public paths within 50 m run closest to "
    "it, one a side at most: {names}.",
)
_LINKED = Text(
    "{n} 个出入口处没有道路穿过边界，按直线接到小区内道路和公共道路（内、外各 50 米以内）：{names}。",
    "{n} gates have no path across the boundary; each was linked in straight lines to the nearest path inside and the "
    "nearest public path, 50 m at most on either side: {names}.",
)
_UNUSED = Text(
    "{n} 个出入口内侧或外侧 50 米内没有可直达的道路，未接入道路网络，请核对：{names}。",
    "{n} gates have no path in sight within 50 m on one of their sides and lead nowhere on the streets; check them: "
    "{names}.",
)
_OPEN_SIDES = Text(
    "{n} 个小区有边界，但没有出入口数据，50 米内也没有公共道路，假定可由任意一侧走到最近的路：{names}。",
    "{n} compounds have a boundary, but no known gates and no public path within 50 m; they are assumed open "
    "towards the nearest path: {names}.",
)


class EnclosureNotes:
    """Collects notes; about nothing nothing is said."""

    def __init__(self) -> None:
        self._notes: list[Note] = []

    def told(self) -> tuple[Note, ...]:
        """Return what was collected."""
        return tuple(self._notes)

    def off_wall(self, gates: list[str]) -> None:
        """Tell of gates that do not stand at the boundary of their compound."""
        self._add("gates.off_wall", "warning", _OFF_WALL, gates)

    def not_enclosed(self, names: list[str]) -> None:
        """Tell of compounds none of whose gates stands at the boundary."""
        self._add("compounds.not_enclosed", "warning", _NOT_ENCLOSED, names)

    def streets(self, names: list[str]) -> None:
        """Tell of compounds that a street leads through."""
        self._add("compounds.through_street", "warning", _STREETS, names)

    def approaches(self, length_m: float) -> None:
        """Tell of private ways outside of boundaries."""
        if length_m > 0:
            words = _APPROACHES.format(km=f"{length_m / 1000:.1f}")
            self._notes.append(Note("compounds.approaches", "assumption", words))

    def assumed(self, names: list[str], gates: int) -> None:
        """Tell of compounds whose gates are assumed."""
        self._add("gates.assumed", "assumption", _ASSUMED, names, gates=gates)

    def closed(self, names: list[str]) -> None:
        """Tell of closed crossings, by the compound of each."""
        places = Counter(names)
        listed = [f"{shortened(name)} × {count}" for name, count in sorted(places.items())]
        self._add("gates.no_passage", "assumption", _CLOSED, listed, places=len(names))

    def off_paths(self, names: list[str]) -> None:
        """Tell of compounds with gates off the paths."""
        self._add("gates.off_paths", "warning", _OFF_PATHS, names)

    def beside_paths(self, names: list[str]) -> None:
        """Tell of compounds whose gates are assumed where no path crosses."""
        self._add("gates.beside_paths", "assumption", _BESIDE, names)

    def linked(self, gates: list[str]) -> None:
        """Tell of gates that were linked to the paths."""
        self._add("gates.linked", "assumption", _LINKED, gates)

    def unused(self, gates: list[str]) -> None:
        """Tell of gates that no path leads to."""
        self._add("gates.unused", "warning", _UNUSED, gates)

    def open_sides(self, names: list[str]) -> None:
        """Tell of compounds whose boundary changes nothing."""
        self._add("compounds.open_sides", "assumption", _OPEN_SIDES, names)

    def _add(
        self, code: str, level: Literal["assumption", "warning"], text: Text, names: list[str], **values: object
    ) -> None:
        if names:
            more = len(names) > _LISTED
            listed = [shortened(name) for name in names[:_LISTED]]
            zh = "、".join(listed) + "等" * more
            en = ", ".join(listed) + " …" * more
            words = text.format(n=len(names), names=Text(zh, en), **values)
            self._notes.append(Note(code, level, words, tuple(names[:5])))
