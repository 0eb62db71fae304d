"""A study: every input of a plan, loaded and checked, in one metric system."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text
from planner.catchments import EstimatedWalks, Walks, WalksOnStreets
from planner.config import PlanConfig
from planner.errors import InputError
from planner.loading import (
    assign_grids,
    better_fitting_system,
    check_gates,
    compounds_of_homes,
    input_paths,
    keep_out_of_zones,
    load_background,
    load_barriers,
    load_changes,
    load_compounds,
    load_demand,
    load_gates,
    load_grids,
    load_sites,
    load_venues,
    load_what_if,
    load_zones,
    place_in_compounds,
    study_crs,
    with_approved_plans,
    with_shared_venues,
)
from planner.model import (
    GATE_KINDS,
    Areas,
    Background,
    Barriers,
    CandidateSites,
    Compounds,
    Demand,
    Gates,
    Need,
    NetworkChanges,
    Note,
)
from planner.network import (
    Enclosed,
    WalkNetwork,
    apply_changes,
    bring_gates,
    change_gates,
    check_network,
    enclose,
    fetch_streets,
    lanes_opened,
    load_network,
    osm_background,
    osm_barriers,
    refuse_changes_elsewhere,
    refuse_streets_elsewhere,
    slope_note,
)
from planner.siting import constraints_from, objective_from, phases_from

#: Called with what is being done; returns nothing.
Progress = Callable[[Text], None]

#: Background is drawn this far around the study.
BACKGROUND_MARGIN_M = 1500.0

#: Notes about paths on which no walk is estimated.
_NOT_IN_AN_ESTIMATE = ("network.slopes", "network.heights_missing", "network.slope_capped", "gates.no_passage")


@dataclass(frozen=True, eq=False)
class Study:
    """Everything a plan is made from, loaded and checked, in one metric system.

    `network` and `gates` are those with the changes made that the plan switches on, `compounds` enclosed; `streets` and
    `file_gates` are those of the files, `unwalled` the barriers without the boundaries of compounds.
    """

    config: PlanConfig
    crs: CRS
    demand: Demand
    sites: CandidateSites
    gates: Gates | None
    grids: Areas | None
    network: WalkNetwork
    background: Background
    barriers: Barriers
    needs: tuple[Need, ...]
    notes: tuple[Note, ...]
    changes: NetworkChanges | None
    streets: WalkNetwork
    file_gates: Gates | None
    compounds: Compounds | None
    enclosed: Enclosed
    unwalled: Barriers
    zones: Areas | None = None

    def with_changes(self, on: Iterable[str]) -> Study:
        """Return the study with these changes of the streets made instead, and compounds enclosed."""
        if self.changes is None:
            return self
        wanted = list(on)
        gates = change_gates(self.file_gates, self.changes, wanted)
        gates = bring_gates(self.streets, gates, self.compounds, self.changes, wanted)
        lanes = lanes_opened(self.streets, self.changes, wanted)
        changed = apply_changes(self.streets, self.changes, wanted)
        enclosed = enclose(changed, self.compounds, gates, self.unwalled, lanes)
        walled = self.unwalled.with_walls(enclosed.walls)
        return replace(self, network=enclosed.network, gates=_some(enclosed.gates), barriers=walled, enclosed=enclosed)

    def with_gates(self, gates: Gates) -> Study:
        """Return the study with the same gates open and closed in another way."""
        return replace(self, gates=gates, network=self.enclosed.under(gates))

    def with_all_sides_open(self) -> Study:
        """Return the study without the walls of the compounds whose gates are assumed."""
        free = self.enclosed.all_sides_open
        walled = self.unwalled.with_walls(free.walls)
        return replace(self, gates=_some(free.gates), network=free.network, barriers=walled)

    @cached_property
    def walks(self) -> Walks:
        """How walks are known: measured on the streets, or estimated where the plan names a detour factor."""
        detour_factor = self.config.network.detour_factor
        if detour_factor is not None:
            return EstimatedWalks(self.crs, detour_factor, self.gates, self.barriers)
        max_off_path_m = self.config.network.max_off_path_m
        return WalksOnStreets(self.network, max_off_path_m, self.gates, self.barriers, self.compounds)


def load_study(config: PlanConfig, progress: Progress | None = None) -> Study:
    """Read and check every input of a plan."""
    tell = progress or silent
    _all_or_every_fault(
        lambda: objective_from(config.objective.model_dump()),
        lambda: constraints_from(constraint.model_dump() for constraint in config.constraints),
        lambda: with_approved_plans(config),
        lambda: load_what_if(config),
        lambda: phases_from(phase.model_dump() for phase in config.phases) if config.phases else None,
        lambda: input_paths(config),
    )
    config = with_approved_plans(config)
    crs = study_crs(config)
    tell(Text("读取需求、站点与路网", "reading demand, sites and streets"))
    demand, sites, gates, compounds, grids, venues, streets, changes, zones = _all_or_every_fault(
        lambda: load_demand(config, crs),
        lambda: load_sites(config, crs),
        lambda: load_gates(config, crs),
        lambda: load_compounds(config, crs),
        lambda: load_grids(config, crs),
        lambda: load_venues(config, crs),
        lambda: _load_streets(config, crs),
        lambda: load_changes(config, crs),
        lambda: load_zones(config, crs),
    )
    sites = keep_out_of_zones(with_shared_venues(sites, venues), zones)
    refuse_streets_elsewhere(streets, demand.table.geometry, street_file(config).name)
    compounds = compounds or compounds_of_homes(demand, gates)
    network, gates_now, lanes = _with_changes(config, streets, gates, compounds, changes)
    demand, sites = place_in_compounds(assign_grids(demand, grids), compounds), place_in_compounds(sites, compounds)
    background, barriers = _load_surroundings(config, crs, demand, sites)
    enclosed = enclose(network, compounds, gates_now, barriers, lanes)
    parts = (demand, sites, gates, compounds, grids, zones, venues, network, changes, enclosed)
    notes = [note for part in parts if part is not None for note in part.notes]
    notes += check_gates(demand, gates_now)
    notes += [*check_network(network), slope_note(network), *_changes_made(config, changes)]
    if config.network.detour_factor is not None:
        notes = [note for note in notes if note.code not in _NOT_IN_AN_ESTIMATE]
    notes += better_fitting_system(demand.table.geometry, network.to_frame().geometry, config.demand.crs)
    for need in config.service_needs():
        demand.people(need.group)
    return Study(
        config,
        crs,
        demand,
        sites,
        _some(enclosed.gates),
        grids,
        enclosed.network,
        background,
        barriers.with_walls(enclosed.walls),
        config.service_needs(),
        tuple(notes),
        changes,
        streets,
        gates,
        compounds,
        enclosed,
        barriers,
        zones,
    )


def _with_changes(
    config: PlanConfig,
    streets: WalkNetwork,
    gates: Gates | None,
    compounds: Compounds | None,
    changes: NetworkChanges | None,
) -> tuple[WalkNetwork, Gates | None, gpd.GeoSeries | None]:
    """Check every change against the streets and the gates, and make those that the plan switches on.

    Returns the lanes that are then open to everybody as well.
    """
    if config.changes is None or changes is None:
        return streets, gates, None
    _all_or_every_fault(
        lambda: refuse_changes_elsewhere(streets, changes), lambda: change_gates(gates, changes, changes.table.index)
    )
    on = config.changes.on
    now = bring_gates(streets, change_gates(gates, changes, on), compounds, changes, on)
    return apply_changes(streets, changes, on), now, lanes_opened(streets, changes, on)


def _some(gates: Gates) -> Gates | None:
    return gates if len(gates) else None


def _changes_made(config: PlanConfig, changes: NetworkChanges | None) -> tuple[Note, ...]:
    """Say which changes of the streets everything rests on, and what they cost; and where none can have an effect."""
    if config.changes is None or changes is None:
        return ()
    made = changes.chosen(config.changes.on)
    if config.network.detour_factor is not None:
        made = made[made["kind"].isin(GATE_KINDS)]
    return (*_without_effect(config), *_counted_with(made))


def _without_effect(config: PlanConfig) -> tuple[Note, ...]:
    if config.network.detour_factor is None:
        return ()
    words = Text(
        "步行时间按直线估算，通道的新增、封闭、改善不起作用，各项变更也不作比较；只有出入口的变更计入。",
        "Walks are estimated from straight lines: changes of paths have no effect, and nothing is compared; only "
        "changes of gates count.",
    )
    return (Note("changes.without_effect", "warning", words),)


def _counted_with(made: pd.DataFrame) -> tuple[Note, ...]:
    if not len(made):
        return ()
    words = Text(
        "现状与方案均按 {n} 项路网变更已经实施计算；其造价合计 {zh_cost} 万元，不计入站点投入。",
        "Today and the plan are both counted with {n} changes of the streets made; they cost {en_cost} CNY, which is "
        "not part of the cost of stations.",
    )
    cost_cny = math.fsum(made["cost_cny"])
    said = words.format(n=len(made), zh_cost=f"{cost_cny / 10_000:,g}", en_cost=f"{cost_cny:,.0f}")
    return (Note("changes.made", "assumption", said, tuple(map(str, made["name"]))),)


def _load_streets(config: PlanConfig, crs: CRS) -> WalkNetwork:
    streets = config.network
    path = street_file(config)
    heights = None if streets.elevation is None else config.resolve(streets.elevation)
    return load_network(
        path, crs, layer_crs=streets.crs, columns=streets.columns, layer=streets.layer, elevation=heights
    )


def street_file(config: PlanConfig) -> Path:
    """Return the file of streets; a place is fetched once and kept beside the plan."""
    if config.network.path is not None:
        return config.resolve(config.network.path)
    kept = config.resolve("streets.graphml")
    if not kept.exists():
        fetch_streets(place=config.network.place, bbox=None, out=kept, endpoint=None)
    return kept


def _load_surroundings(
    config: PlanConfig, crs: CRS, demand: Demand, sites: CandidateSites
) -> tuple[Background, Barriers]:
    """Return what a map is drawn on and what bars the way: from the plan's own layer, else from OpenStreetMap."""
    drawn, barring = load_background(config, crs), load_barriers(config, crs)
    if drawn is not None and barring is not None:
        return drawn, barring
    places = pd.concat([demand.table.geometry, sites.table.geometry])
    west, south, east, north = places.total_bounds
    margin = max(BACKGROUND_MARGIN_M, config.network.max_off_path_m)
    within = (west - margin, south - margin, east + margin, north + margin)
    path = street_file(config)
    return osm_background(path, crs, within), osm_barriers(path, crs, within)


def _all_or_every_fault(*loaders: Callable[[], Any]) -> list[Any]:
    """Return what each loader loads; where several refuse, refuse once with the faults of all of them."""
    loaded, refused = [], []
    for load in loaders:
        try:
            loaded.append(load())
        except InputError as error:
            refused.append(error)
    if len(refused) > 1:
        message = Text(
            "\n".join(error.message.zh for error in refused), "\n".join(error.message.en for error in refused)
        )
        raise InputError(message, [fault for error in refused for fault in error.faults])
    if refused:
        raise refused[0]
    return loaded


def silent(_: Text) -> None:
    """Tell nobody."""
