"""Two ways to know who can walk where, with the same four questions: on the streets, or as an estimate.

The study chooses one of them; nothing that follows asks which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import geopandas as gpd
import shapely
from pyproj import CRS

from planner.bilingual import Text
from planner.catchments.costs import walking_costs, walks_to_nearest
from planner.catchments.drawing import draw_catchments
from planner.catchments.estimate import estimated_catchments, estimated_costs, estimated_nearest
from planner.catchments.estimated_routes import estimated_routes
from planner.catchments.routes import find_routes
from planner.model import Barriers, Compounds, Gates, NearestWalks, Need, Note, WalkingCosts
from planner.network import WalkNetwork

_BOTH_WAYS = Text(
    "估算不计台阶与坡道，去程、回程与往返的步行时间相同。",
    "An estimate knows neither steps nor slopes: the walk there, the walk back and half of both are the same.",
)


class Walks(Protocol):
    """What a plan asks about walks. Points are tables in the study's system, indexed by id."""

    def costs(self, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, need: Need) -> WalkingCosts:
        """Return every walk within the need's standard."""

    def nearest(self, origins: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, need: Need) -> NearestWalks:
        """Return the nearest station of every origin, however far."""

    def routes(self, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, need: Need) -> gpd.GeoDataFrame:
        """Return the line that each walk takes, one pair a row."""

    def catchments(
        self, stations: gpd.GeoDataFrame, need: Need, homes: gpd.GeoDataFrame, avoid: shapely.Geometry | None
    ) -> gpd.GeoDataFrame:
        """Return the ground from which each station can be reached."""


@dataclass(frozen=True, eq=False)
class WalksOnStreets:
    """Walks measured on the network: the truth, where the streets are known."""

    network: WalkNetwork
    max_off_path_m: float
    gates: Gates | None
    barriers: Barriers
    compounds: Compounds | None = None

    def costs(self, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, need: Need) -> WalkingCosts:
        """Return every walk within the need's standard."""
        return walking_costs(
            self.network,
            origins,
            destinations,
            need.walker,
            need.standard.max_walk_min,
            max_walk_m=need.standard.max_walk_m,
            max_off_path_m=self.max_off_path_m,
            gates=self.gates,
            barriers=self.barriers,
            direction=need.direction,
        )

    def nearest(self, origins: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, need: Need) -> NearestWalks:
        """Return the nearest station of every origin, however far."""
        return walks_to_nearest(
            self.network,
            origins,
            stations,
            need.walker,
            metres=not need.standard.in_minutes,
            max_off_path_m=self.max_off_path_m,
            gates=self.gates,
            barriers=self.barriers,
            direction=need.direction,
        )

    def routes(self, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, need: Need) -> gpd.GeoDataFrame:
        """Return the line that each walk takes, one pair a row."""
        return find_routes(
            self.network,
            origins,
            destinations,
            need.walker,
            max_off_path_m=self.max_off_path_m,
            gates=self.gates,
            barriers=self.barriers,
            direction=need.direction,
            metres=not need.standard.in_minutes,
        )

    def catchments(
        self, stations: gpd.GeoDataFrame, need: Need, homes: gpd.GeoDataFrame, avoid: shapely.Geometry | None
    ) -> gpd.GeoDataFrame:
        """Return the ground from which each station can be reached."""
        return draw_catchments(
            self.network,
            stations,
            need.walker,
            need.standard.max_walk_min,
            max_walk_m=need.standard.max_walk_m,
            max_off_path_m=self.max_off_path_m,
            gates=self.gates,
            barriers=self.barriers,
            direction=need.direction,
            avoid=avoid,
            homes=homes,
            compounds=self.compounds,
        )


@dataclass(frozen=True, eq=False)
class EstimatedWalks:
    """Straight lines times a detour factor: for places whose streets are not known well enough."""

    crs: CRS
    detour_factor: float
    gates: Gates | None
    barriers: Barriers

    def costs(self, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, need: Need) -> WalkingCosts:
        """Return every walk within the need's standard."""
        costs = estimated_costs(
            origins,
            destinations,
            need.walker,
            need.standard.max_walk_min,
            max_walk_m=need.standard.max_walk_m,
            detour_factor=self.detour_factor,
            crs=self.crs,
            gates=self.gates,
            barriers=self.barriers,
        )
        same = () if need.direction == "to_station" else (Note("walks.estimated_both_ways", "assumption", _BOTH_WAYS),)
        return replace(costs, notes=costs.notes + same)

    def nearest(self, origins: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, need: Need) -> NearestWalks:
        """Return the nearest station of every origin, however far."""
        return estimated_nearest(
            origins,
            stations,
            need.walker,
            detour_factor=self.detour_factor,
            metres=not need.standard.in_minutes,
            crs=self.crs,
            gates=self.gates,
            barriers=self.barriers,
        )

    def routes(self, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, need: Need) -> gpd.GeoDataFrame:
        """Return the line that each walk takes, one pair a row."""
        return estimated_routes(
            origins,
            destinations,
            need.walker,
            detour_factor=self.detour_factor,
            metres=not need.standard.in_minutes,
            crs=self.crs,
            gates=self.gates,
            barriers=self.barriers,
        )

    def catchments(
        self,
        stations: gpd.GeoDataFrame,
        need: Need,
        homes: gpd.GeoDataFrame,
        avoid: shapely.Geometry | None,
    ) -> gpd.GeoDataFrame:
        """Return whole circles: homes and what is to be avoided change nothing, for nothing is measured."""
        del homes, avoid
        return estimated_catchments(
            stations,
            need.walker,
            need.standard.max_walk_min,
            max_walk_m=need.standard.max_walk_m,
            detour_factor=self.detour_factor,
            crs=self.crs,
        )
