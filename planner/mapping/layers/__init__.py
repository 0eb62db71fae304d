"""The layers of the map, the lowest first. To add one: a module here, a script beside the others, one entry below."""

from planner.mapping.elements import DataLayer
from planner.mapping.layers.background import draw_background
from planner.mapping.layers.catchments import draw_catchment_areas
from planner.mapping.layers.changes import draw_changes
from planner.mapping.layers.compounds import draw_compounds
from planner.mapping.layers.demand import draw_demand
from planner.mapping.layers.gates import draw_gates
from planner.mapping.layers.grids import draw_grids
from planner.mapping.layers.routes import draw_routes
from planner.mapping.layers.stations import draw_stations
from planner.mapping.layers.zones import draw_zones
from planner.mapping.sheet import Sheet
from planner.mapping.tiles import draw_tiles
from planner.plan import Plan

__all__ = [
    "draw_background",
    "draw_catchment_areas",
    "draw_changes",
    "draw_compounds",
    "draw_demand",
    "draw_gates",
    "draw_grids",
    "draw_layers",
    "draw_routes",
    "draw_stations",
    "draw_zones",
]


def draw_layers(plan: Plan, sheet: Sheet) -> list[DataLayer]:
    """Return every layer that the plan has data for."""
    layers = [] if plan.config.map.tiles is None else [draw_tiles(plan)]
    layers += [draw_background(plan, sheet), draw_catchment_areas(plan, sheet)]
    if plan.grids is not None:
        layers.append(draw_grids(plan, sheet))
    if plan.zones is not None and len(plan.zones.table):
        layers.append(draw_zones(plan, sheet))
    if plan.compounds is not None and len(plan.compounds.walled):
        layers.append(draw_compounds(plan, sheet))
    layers.append(draw_demand(plan, sheet))
    if plan.changes is not None:
        layers.append(draw_changes(plan, sheet))
    if plan.gates is not None:
        layers.append(draw_gates(plan, sheet))
    if plan.routes is not None:
        layers.append(draw_routes(plan, sheet))
    return [*layers, draw_stations(plan, sheet)]
