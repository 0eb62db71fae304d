"""A plan: everything needed to show it, to check it and to run it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.coverage import (
    Alternatives,
    Coverage,
    CoverageInterval,
    LifeCircle,
    NeedCoverage,
    StationRoom,
    StreetData,
)
from planner.model import (
    ANY_FUNCTION,
    Areas,
    Background,
    CandidateSites,
    Compounds,
    Demand,
    Gates,
    Need,
    NetworkChanges,
    Note,
    Parameter,
    Solution,
    WalkingCosts,
)
from planner.model.actions import REBUILDING, by_site, told
from planner.model.figures import people, percent
from planner.model.labels import function_label, group_label
from planner.network import WalkNetwork
from planner.siting import Programme, ToldRule, WhatIf, constraints_from, objective_from
from planner.siting.worth import Worth, certificate, compared_with_best


@dataclass(frozen=True)
class InputFile:
    """An input and the fingerprint of its content."""

    path: str
    sha256: str


def fingerprint_of(config: PlanConfig, inputs: Iterable[InputFile]) -> str:
    """Return a SHA-256 of what a plan rests on: its plan file and the content of every input but a what-if."""
    path = None if config.what_if is None else config.what_if.path
    what_if = None if path is None else config.resolve(path).resolve()
    hashes = sorted(one.sha256 for one in inputs if config.resolve(one.path).resolve() != what_if)
    content = {"plan": config.text, "inputs": hashes}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Plan:
    """The result of `make_plan` or `audit`.

    Parameters
    ----------
    config : PlanConfig
    command : str
        `run`, or `audit` (nothing is opened).
    demand, sites, network, grids, gates, background
        The inputs, in the study's metric system.
    needs : tuple of Need
    costs : tuple of WalkingCosts
        One for each need: demand × sites within the standard.
    solution : Solution
    before, after : Coverage
        With the stations of today, and with the plan. The same in an audit.
    catchments : GeoDataFrame, index `site_id`
        One polygon for each station open in the plan and each different way to walk among the needs (walker, standard
        and direction): a picture of the walking costs. Columns `need` (int): the number, from 1, of the first need that
        walks so; `before` (bool): the station is open today.
    notes : tuple of Note
        Assumptions and warnings, printed on the map and in the brief.
    parameters : tuple of Parameter
    inputs : tuple of InputFile
    routes : GeoDataFrame, index `demand_id`, optional
        For the first need, the way from each demand point to its nearest station (columns of `find_routes`), one row
        for each two that belong together: `nearest_before`, `nearest_after` (bool) say when. None in large studies.
    further_routes : tuple of GeoDataFrame
        The same for the needs after the first, in their order, as many as a small study can carry.
    streets : StreetData, optional
        What the street data are worth here, for the people of the first need.
    intervals, intervals_before : tuples of CoverageInterval
        For each need what assumed gates can change in the coverage of the plan, and of today; empty where none are
        assumed.
    changes : NetworkChanges, optional
        Changes of the streets that the plan makes or only compares; those it makes are part of `network`.
    alternatives : Alternatives, optional
        What each of them, and each closed site, would bring by itself.
    compounds : Compounds, optional
        Boundaries as they were given; those that are walled are closed but for `gates`.
    rooms : StationRoom, optional
        How full the stations are, where the plan has the constraint `capacity`; covered is then who has a place.
    worth : Worth, optional
        What the answer is worth; None in an audit, and in a programme over phases, which tells its own comparisons.
    programme : Programme, optional
        What opens in which phase; the plan is what is open after the last one.
    remedies : tuple of DataFrame
        For each need what would cover each home that is not covered; see `find_remedies`.
    zones : Areas, optional
        Where no station may stand.
    far_walks : tuple of WalkingCosts
        For each need the walks beyond its standard too, for what-ifs in the page; empty where `costs` is all there is.
    far_walks_complete : bool
        Whether they hold every walk that there is, however far.
    rules : tuple of ToldRule
        What the plan was made under, the objective first; none in an audit.
    what_if : WhatIf, optional
        Where the stations were given, not chosen: the rules that they break, and the best plan under the same rules.
    life_circle : LifeCircle, optional
        The check-up: who reaches which function within 5, 10 and 15 minutes, at each of the moments.
    """

    config: PlanConfig
    command: Literal["run", "audit"]
    demand: Demand
    sites: CandidateSites
    network: WalkNetwork
    grids: Areas | None
    gates: Gates | None
    background: Background
    needs: tuple[Need, ...]
    costs: tuple[WalkingCosts, ...]
    solution: Solution
    before: Coverage
    after: Coverage
    catchments: gpd.GeoDataFrame
    notes: tuple[Note, ...]
    parameters: tuple[Parameter, ...]
    inputs: tuple[InputFile, ...]
    routes: gpd.GeoDataFrame | None = None
    streets: StreetData | None = None
    intervals: tuple[CoverageInterval, ...] = ()
    changes: NetworkChanges | None = None
    alternatives: Alternatives | None = None
    intervals_before: tuple[CoverageInterval, ...] = ()
    compounds: Compounds | None = None
    rooms: StationRoom | None = None
    worth: Worth | None = None
    remedies: tuple[pd.DataFrame, ...] = ()
    programme: Programme | None = None
    zones: Areas | None = None
    between: tuple[Coverage, ...] = ()
    far_walks: tuple[WalkingCosts, ...] = ()
    far_walks_complete: bool = False
    rules: tuple[ToldRule, ...] = ()
    what_if: WhatIf | None = None
    life_circle: LifeCircle | None = None
    further_routes: tuple[gpd.GeoDataFrame, ...] = ()

    @property
    def moments(self) -> dict[str, Coverage]:
        """Every state that was measured: `before`, `phase1` ... after each phase but the last, `after`."""
        phases = {f"phase{number}": measured for number, measured in enumerate(self.between, start=1)}
        return {"before": self.before, **phases, "after": self.after}

    def moment_of(self, site: str) -> int:
        """Return from which of the moments on the plan holds for a site: 1 is the first after today."""
        names = [] if self.programme is None else [each.phase.name for each in self.programme.phases]
        name = self.phase_of.get(site)
        return 1 + names.index(name) if name is not None else len(self.moments) - 1

    def action_words(self, site: str) -> Text | None:
        """Return what the plan makes of a site, where it expands, merges, moves or shares; None elsewhere."""
        action = by_site(self.solution.actions).get(site)
        return None if action is None else told(action, site, self.sites.table["name"])

    @cached_property
    def phase_of(self) -> dict[str, str]:
        """The name of the phase in which each site opens, or is closed; empty without a programme."""
        plans = () if self.programme is None else self.programme.phases
        return {str(site): plan.phase.name for plan in plans for site in (*plan.opened, *plan.closed)}

    @property
    def rebuilds(self) -> bool:
        """Whether the plan expands, merges or moves a station, or shares a venue."""
        return any(action.action in REBUILDING for action in self.solution.actions)

    def interval(self, place: int = 0) -> CoverageInterval:
        """Return the interval of the need at a place; a point where no gates are assumed."""
        return self.intervals[place] if self.intervals else CoverageInterval.point(self.after.needs[place])

    def interval_before(self, place: int = 0) -> CoverageInterval:
        """Return the same with the stations of today."""
        if self.intervals_before:
            return self.intervals_before[place]
        return CoverageInterval.point(self.before.needs[place])

    def share_covered(self, place: int) -> Text:
        """Return the share covered of the need at a place as it is written, with its interval if that is no point."""
        return _share_in_words(self.after.needs[place], self.interval(place))

    def share_covered_before(self, place: int) -> Text:
        """Return the same with the stations of today."""
        return _share_in_words(self.before.needs[place], self.interval_before(place))

    @property
    def certificate(self) -> Text:
        """How sure the plan is: proven, or how much better another one could be at most."""
        if self.command == "audit":
            return Text("现状评估，未选新站点。", "An audit of today: no station is chosen.")
        if self.programme is not None:
            return self.programme.certificate
        objective = objective_from(self.config.objective.model_dump())
        if self.what_if is not None:
            return compared_with_best(self.solution, self.what_if, objective, self.needs)
        rules = constraints_from(constraint.model_dump() for constraint in self.config.constraints)
        return certificate(self.solution, objective, rules, self.needs)

    def site_name(self, site: Any) -> str:
        """Return the name of a site, its id where it has none."""
        name = self.sites.table["name"].get(str(site))
        return str(site) if name is None or pd.isna(name) else str(name)

    @cached_property
    def fingerprint(self) -> str:
        """What a what-if of the map page names as the plan it was made on."""
        return fingerprint_of(self.config, self.inputs)

    @property
    def attribution(self) -> tuple[str, ...]:
        """Every source to credit, each once, those of the plan file first."""
        return tuple(dict.fromkeys((*self.config.attribution, *self.network.attribution, *self.background.attribution)))

    @property
    def synthetic(self) -> Text | None:
        """What is synthetic in this study, or None."""
        if self.config.synthetic is None:
            return None
        return Text(self.config.synthetic, self.config.synthetic_en or self.config.synthetic)

    @property
    def estimated(self) -> Text | None:
        """What the walks are estimated from, where they are not measured on the streets; or None."""
        factor = self.config.network.detour_factor
        if factor is None:
            return None
        return Text("（按直线距离 × {factor} 估算）", " (estimated: straight line × {factor})").format(
            factor=f"{factor:g}"
        )

    @property
    def headline(self) -> Text:
        """The answer in one sentence, for the first need."""
        after = self.after.needs[0]
        need = after.need
        values = {
            "share": self.share_covered(0),
            "before": self.share_covered_before(0),
            "people": people(after.people),
            "group": group_label(need.group),
            "standard": need.standard.label,
            "station": _station_offering(need.function),
        }
        values["gap"] = Text(" " if self.interval().is_point else "", "")
        values["guessed"] = self.estimated or Text("", "")
        places = self.rooms is not None and self.rooms.chosen
        values["place"] = Text("并有位置", ", with a place there") if places else Text("", "")
        now = Text(
            "{group} {people} 人中，{share}{gap}能在步行 {standard}内到达{station}{place}{guessed}",
            "{share} of {people} {group} reach {station} within {standard} on foot{place}{guessed}",
        ).format(**values)
        if self.command == "audit":
            return Text("{now}。", "{now}.").format(now=now)
        answer = Text("{now}；现状为 {before}。", "{now}; {before} before.").format(now=now, **values)
        if self.what_if is None:
            return answer
        return Text(
            "人工设定站点的试算，不是优选方案：{answer}", "A what-if set by hand, not an optimised plan: {answer}"
        ).format(answer=answer)


def _share_in_words(measured: NeedCoverage, interval: CoverageInterval) -> Text:
    share = percent(measured.share_covered)
    if interval.is_point:
        return same(share)
    return Text(
        "{share}（出入口待核，介于 {low} 与 {high} 之间）",
        "{share} (between {low} and {high}, as gates are assumed)",
    ).format(share=share, low=percent(interval.share_low), high=percent(interval.share_high))


def _station_offering(function: str) -> Text:
    if function == ANY_FUNCTION:
        return Text("驿站", "a station")
    return Text("提供{function}的驿站", "a station offering {function}").format(function=function_label(function))
