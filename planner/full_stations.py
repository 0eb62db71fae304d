"""Room in the stations of a plan: who has a place, which stations are full, today and afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.bilingual import Text
from planner.coverage import Coverage, StationRoom, coverage_of, people_at, with_places
from planner.coverage.places import Assigned
from planner.errors import SolverError
from planner.model import Note, Solution, WalkingCosts
from planner.model.figures import people, percent
from planner.siting import Capacity, SitingProblem, constraints_from, where_people_go
from planner.study import Study

#: So many full stations are named in a note; the rest are counted.
_NAMED = 20


@dataclass(frozen=True, eq=False)
class Places:
    """Who goes where, today and in the plan, and the walks on which they go.

    Parameters
    ----------
    rule : Capacity
    today, planned : tuple
        For each need demand id -> site id, None where a need takes no room.
    costs, walks : tuple of WalkingCosts
        Within the standard, and as far as the plan sends people.
    """

    rule: Capacity
    today: Assigned
    planned: Assigned
    costs: tuple[WalkingCosts, ...]
    walks: tuple[WalkingCosts, ...]

    def told(self, coverage: Coverage, study: Study, *, is_plan: bool) -> Coverage:
        """Return a measure in which covered is who has a place."""
        assigned, walks = (self.planned, self.walks) if is_plan else (self.today, self.costs)
        needs = tuple(
            measured if goes is None else with_places(measured, goes, costs)
            for measured, goes, costs in zip(coverage.needs, assigned, walks, strict=True)
        )
        return coverage_of(needs, study.sites, coverage.open_sites, study.grids)

    def stations(self, study: Study, before: Coverage, after: Coverage) -> StationRoom:
        """Return how full the stations are."""
        sites = study.sites.table.index
        problem = SitingProblem.from_plan(study.demand, study.sites, study.needs, self.costs)
        table = pd.DataFrame({"capacity": self.rule.people_by_site(problem)}, index=sites)
        for moment, coverage, assigned in (("before", before, self.today), ("after", after, self.planned)):
            is_open = np.asarray(sites.isin(coverage.open_sites))
            table[f"people_{moment}"] = people_at(coverage.needs, assigned, sites, is_open)
        return StationRoom(table.sort_index(), chosen=self.rule.assigned == "with_room")


def places_of(
    study: Study, costs: tuple[WalkingCosts, ...], walks: tuple[WalkingCosts, ...], solution: Solution | None
) -> Places | None:
    """Return who goes where, None where the plan asks nothing about room; without a solution, as it is today."""
    config = study.config
    rules = constraints_from([constraint.model_dump() for constraint in config.constraints])
    rule = next((rule for rule in rules if isinstance(rule, Capacity)), None)
    if rule is None:
        return None
    problem = SitingProblem.from_plan(study.demand, study.sites, study.needs, costs)
    today = where_people_go(problem, rule, problem.existing, time_limit_s=config.solver.time_limit_s, seed=config.seed)
    return Places(rule, today, today if solution is None else solution.assigned, costs, walks)


def check_places(places: Places, after: Coverage, rooms: StationRoom) -> None:
    """Check once more that whoever is covered goes to an open station, and that none is overfull in a plan.

    Raises
    ------
    SolverError
    """
    goes = {site for assigned in places.planned for site in (assigned or {}).values()}
    if goes - set(after.open_sites) or len(rooms.overfull("after")):
        raise SolverError(
            Text(
                "内部核对不一致：有驿站超出容量或未开放，结果未输出。",
                "The internal check failed: a station is overfull or not open; nothing was written.",
            )
        )


def room_notes(study: Study, rooms: StationRoom, after: Coverage, *, is_plan: bool) -> tuple[Note, ...]:
    """Say which stations are overfull today, who finds no room, and what the shown station of a home is."""
    notes = [*_overfull_today(study, rooms), *_without_place(after)]
    if is_plan and rooms.chosen:
        text = Text(
            "驿站容量有限：所示驿站为分配到的驿站，不一定是最近的；覆盖指在标准内且有位置。",
            "Stations have limited room: the one shown for a home is the one it is given, not always the nearest; "
            "covered means within the standard, with a place.",
        )
        notes.append(Note("capacity.assigned", "assumption", text))
    return tuple(notes)


def _overfull_today(study: Study, rooms: StationRoom) -> list[Note]:
    full = rooms.overfull("before")
    if not len(full):
        return []
    text = Text("现有 {n} 座驿站超出容量：{stations}。", "{n} stations of today are overfull: {stations}.")
    one = Text("{name} {people} 人 / 容量 {capacity}", "{name} {people} of {capacity}")
    told = [
        one.format(name=_name(study, site), people=people(row["people_before"]), capacity=people(row["capacity"]))
        for site, row in full.head(_NAMED).iterrows()
    ]
    listed = Text("、".join(each.zh for each in told), ", ".join(each.en for each in told))
    return [Note("capacity.overfull_today", "warning", text.format(n=len(full), stations=listed))]


def _without_place(after: Coverage) -> list[Note]:
    notes = []
    for measured in after.needs:
        if measured.no_room > 0:
            text = Text(
                "{n} 人（{share}）在标准内有驿站，但驿站已满，没有位置；另计于步行到不了者之外。",
                "{n} people ({share}) have a station within the standard and no place in it; they are told apart from "
                "those out of reach.",
            ).format(n=people(measured.no_room), share=percent(measured.no_room / measured.people))
            points = measured.table.index[measured.table["no_room"]].astype(str)
            notes.append(Note("capacity.no_room", "warning", text, tuple(sorted(points)[:_NAMED])))
    return notes


def _name(study: Study, site: object) -> str:
    name = study.sites.table.at[site, "name"]
    return str(site) if pd.isna(name) else str(name)
