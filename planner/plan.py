"""A plan: everything needed to show it, to check it and to run it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd

from planner.bilingual import Text
from planner.config import PlanConfig
from planner.coverage import Coverage
from planner.model import (
    Areas,
    Background,
    CandidateSites,
    Demand,
    Gates,
    Need,
    Note,
    Parameter,
    Solution,
    WalkingCosts,
)
from planner.network import WalkNetwork


@dataclass(frozen=True)
class InputFile:
    """An input and the fingerprint of its content."""

    path: str
    sha256: str


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
        One polygon for each station open in the plan, for the first need: a picture of the walking costs. Column
        `before` (bool): the station is open today.
    notes : tuple of Note
        Assumptions and warnings, printed on the map and in the brief.
    parameters : tuple of Parameter
    inputs : tuple of InputFile
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

    @property
    def synthetic(self) -> Text | None:
        """What is synthetic in this study, or None."""
        if self.config.synthetic is None:
            return None
        return Text(self.config.synthetic, self.config.synthetic_en or self.config.synthetic)

    @property
    def headline(self) -> Text:
        """The answer in one sentence, for the first need."""
        before, after = self.before.needs[0], self.after.needs[0]
        need = after.need
        values = {
            "share": f"{after.share_covered:.1%}",
            "people": f"{after.people:,.0f}",
            "standard": need.standard.label,
        }
        values["before"] = f"{before.share_covered:.1%}"
        if self.command == "audit":
            return Text(
                "{people} 名居民中,{share} 能在步行 {standard}内到达驿站。",
                "{share} of {people} residents reach a station within {standard} on foot.",
            ).format(**values)
        return Text(
            "{people} 名居民中,{share} 能在步行 {standard}内到达驿站;现状为 {before}。",
            "{share} of {people} residents reach a station within {standard} on foot; {before} before.",
        ).format(**values)
