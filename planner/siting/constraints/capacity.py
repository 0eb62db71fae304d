"""Stations have room for so many people: the capacitated versions of the location problems.

With `total_walk` and `with_room` the capacitated p-median of single source: Mulvey & Beck (1984), European Journal of
Operational Research 18(3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Note
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.parameters import amount_fault, require, unknown
from planner.siting.problem import Array, Mask, NeedWalks, SitingProblem
from planner.siting.room import Room

_WAYS = ("nearest", "with_room")

#: So many of those concerned are named; the rest are counted.
_NAMED = 20


@dataclass(frozen=True)
class Capacity(Constraint):
    """No station gets more people than it has room for.

    Parameters
    ----------
    assigned : str
        `nearest`: everybody goes to the nearest open station, the smaller id where two are equally near. `with_room`:
        every demand point goes as a whole to one open station with room, and the plan says to which.
    group : str or sequence of str, optional
        The groups whose people take room, each by its first need; by default that of the first need. Other needs are
        met wherever a station is near enough.
    m2_per_person : float, optional
        Sites without a capacity have one person's room for so many m² of floor area.

    Raises
    ------
    PlanFileError
        If `assigned` is neither of the two, `group` no name, or `m2_per_person` no number above 0.
    """

    assigned: str | None = None
    group: str | tuple[str, ...] | None = None
    m2_per_person: float | None = None

    name: ClassVar[str] = "capacity"
    label: ClassVar[Text] = Text("驿站容量", "room in the stations")
    counts_everyone: ClassVar[bool] = False

    def __post_init__(self) -> None:
        ways = same(" | ".join(_WAYS))
        wrong_way = Fault("", same("—" if self.assigned is None else repr(self.assigned)), ways, column="assigned")
        given: object = self.group
        names = [given] if isinstance(given, str) else list(given) if isinstance(given, (list, tuple)) else []
        is_group = given is None or (bool(names) and all(isinstance(name, str) for name in names))
        wrong_group = Fault("", same(repr(given)), Text("人群名称", "names of groups"), column="group")
        area = amount_fault("m2_per_person", self.m2_per_person)
        if area is None and self.m2_per_person == 0:
            area = Fault("", same("0"), Text("大于 0 的数", "a number above 0"), column="m2_per_person")
        require(
            f"constraints.{self.name}",
            [None if self.assigned in _WAYS else wrong_way, None if is_group else wrong_group, area],
        )
        if isinstance(given, (list, tuple)):
            object.__setattr__(self, "group", tuple(given))

    def under(self, *, reaches_everyone: bool) -> Capacity:
        """Return the constraint with the people that the objective sends to a station."""
        kind = _CapacityForEveryone if reaches_everyone else Capacity
        return kind(self.assigned, self.group, self.m2_per_person)

    def room(self, problem: SitingProblem) -> Room:
        """Return what the stations can take, and who takes it."""
        return Room(
            np.where(problem.excluded, 0.0, np.nan_to_num(self.people_by_site(problem), nan=np.inf)),
            self._takes(problem),
            self.assigned == "nearest",
            self.counts_everyone,
        )

    def _takes(self, problem: SitingProblem) -> tuple[bool, ...]:
        """Whether the people of each need take room: of a group that has several needs, only by the first."""
        groups = [need.group for need in problem.needs]
        wanted = groups[:1] if self.group is None else [self.group] if isinstance(self.group, str) else self.group
        return tuple(group in wanted and group not in groups[:place] for place, group in enumerate(groups))

    def people_by_site(self, problem: SitingProblem) -> Array:
        """Return people for each site, NaN where nothing says how many."""
        unknown_number = np.full(len(problem.site_ids), np.nan)
        people = unknown_number if problem.capacity is None else problem.capacity
        if self.m2_per_person is None or problem.floor_area_m2 is None:
            return people
        return np.where(np.isnan(people), np.floor(problem.floor_area_m2 / self.m2_per_person + 1e-9), people)

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the groups that no need has, and the sites that may be open and whose room nobody knows."""
        groups = list(dict.fromkeys(need.group for need in problem.needs))
        named = (self.group,) if isinstance(self.group, str) else self.group or ()
        for name in named:
            if name not in groups:
                yield Fault(f"constraints.{self.name}", unknown(name), same(" | ".join(groups)), column="group")
        for site in problem.ids(np.isnan(self.people_by_site(problem)) & ~problem.excluded):
            expected = Text("容量，人", "how many people it has room for")
            yield Fault(str(site), Text("没有容量", "no capacity"), expected, column="capacity")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no station is overfull, and whoever is assigned goes to an open station that is near enough.

        With `with_room` a set of stations alone breaks nothing: what it is worth depends on who goes where, so only a
        problem that says so (`SitingProblem.as_assigned`) can be judged.
        """
        room = self.room(problem)
        if room.is_nearest:
            return not room.overfull(room.load(problem, room.to_the_nearest(problem, is_open))).any()
        assigned = [need.assigned if takes else None for need, takes in zip(problem.needs, room.takes, strict=True)]
        for need, places in zip(problem.needs, assigned, strict=True):
            if places is not None and not _are_in_reach(room, need, is_open):
                return False
        return not room.overfull(room.load(problem, assigned)).any()

    def rows(self, problem: SitingProblem) -> Rows:
        """Return the room that there is."""
        return Rows.making_room(problem, self.room(problem))

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say that stations must not be overfull."""
        if self.assigned == "nearest":
            return Text(
                "capacity 要求居民都去最近的驿站，且各站人数不超过容量",
                "capacity asks that everybody goes to the nearest station and that none is given more people than "
                "it has room for",
            )
        return Text(
            "capacity 要求各驿站所分配的人数不超过容量",
            "capacity asks that no station is given more people than it has room for",
        )

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the demand points with more people than any station in reach has room for."""
        expected = Text("不超过可达站点的容量", "no more than some site in reach has room for")
        for need, point in self._too_large(problem):
            found = Text("{need}：{n} 人", "{need}: {n} people")
            yield Fault(
                str(problem.demand_ids[point]),
                found.format(need=need.label, n=f"{need.takes[point]:,.6g}"),
                expected,
            )

    def _too_large(self, problem: SitingProblem) -> Iterator[tuple[NeedWalks, int]]:
        room = self.room(problem)
        for need, takes in zip(problem.needs, room.takes, strict=True):
            if takes:
                places = np.flatnonzero(room.too_large(problem, need)).tolist()
                for place in sorted(places, key=lambda place: str(problem.demand_ids[place]))[:_NAMED]:
                    yield need, place

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Say who takes room, where capacities come from, and which demand points fit nowhere."""
        return tuple(
            note
            for note in (self._who_takes_room(problem), self._from_areas(problem), self._fit_nowhere(problem))
            if note is not None
        )

    def _who_takes_room(self, problem: SitingProblem) -> Note | None:
        takes = self._takes(problem)
        if all(takes):
            return None
        counted = [need.label for need, does in zip(problem.needs, takes, strict=True) if does]
        others = [need.label for need, does in zip(problem.needs, takes, strict=True) if not does]
        text = Text(
            "容量只按「{counted}」的人数占用；「{others}」视为其中的人，不重复计数，就近使用各站，不受容量限制。",
            "Room is taken by {counted} alone; {others} are taken to be among them and not counted twice: "
            "they use the nearest station, full or not.",
        )
        told = text.format(counted=_listed(counted), others=_listed(others))
        return Note("capacity.who_takes_room", "assumption", told)

    def _from_areas(self, problem: SitingProblem) -> Note | None:
        given = np.full(len(problem.site_ids), np.nan) if problem.capacity is None else problem.capacity
        estimated = np.isnan(given) & ~np.isnan(self.people_by_site(problem)) & ~problem.excluded
        if not estimated.any():
            return None
        text = Text(
            "{n} 个站点没有容量，按建筑面积每人 {area} 平方米推算。",
            "{n} sites have no capacity; theirs is the floor area at {area} m² a person.",
        ).format(n=np.count_nonzero(estimated), area=f"{self.m2_per_person:g}")
        return Note("capacity.from_floor_area", "assumption", text, tuple(map(str, problem.ids(estimated)[:_NAMED])))

    def _fit_nowhere(self, problem: SitingProblem) -> Note | None:
        if self.assigned == "nearest":
            return None
        found = list(self._too_large(problem))
        if not found:
            return None
        text = Text(
            "{n} 个需求点（{people} 人）的人数超过可达各站的容量，无法整体安排到任何一站。",
            "{n} demand points ({people} people) have more people than any station in reach has room for; "
            "as a whole they can be given to none.",
        ).format(n=len(found), people=f"{math.fsum(need.people[point] for need, point in found):,.6g}")
        names = dict.fromkeys(str(problem.demand_ids[point]) for _, point in found)
        return Note("capacity.too_large", "warning", text, tuple(names))


class _CapacityForEveryone(Capacity):
    """The same beside an objective that counts every walk: everybody who can reach a station goes to one."""

    counts_everyone: ClassVar[bool] = True


def _are_in_reach(room: Room, need: NeedWalks, is_open: Mask) -> bool:
    """Whether everybody assigned goes to an open station, near enough."""
    assert need.assigned is not None
    goes = (need.assigned >= 0) & (need.people > 0)
    walk = need.nearest(is_open)[goes]
    return bool(np.all(np.isfinite(walk)) and (room.everyone or np.all(need.covers(walk))))


def _listed(labels: list[Text]) -> Text:
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
