"""Places that exist and where a station could stand: buildings, and points on public paths."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from planner.loading import place_in_compounds, zones_around
from planner.model import CandidateSites, passing_names
from planner.network import lines_off_ground
from planner.study import Study, street_file

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]

#: No station is proposed in a building of a smaller footprint, m².
LEAST_FOOTPRINT_M2 = 50.0

#: Places are looked at this far apart: one of each square of this side, metres.
SPACING_M = 40.0

#: Where no station stands, whoever may walk there.
_NOT_AT = ("motorway", "trunk", "steps", "elevator", "corridor", "platform", "bridleway")

#: Points this near to a bridge or a tunnel stand on it.
_ON_A_BRIDGE_M = 3.0

#: What is preferred where places are equally good: buildings not known as homes, homes, paths.
OTHER_BUILDING, HOME, PATH = 0, 1, 2


def possible_places(study: Study, near: Floats, reach_m: float) -> gpd.GeoDataFrame:
    """Return the places where a station could stand that somebody can reach, in an order of position.

    Left out are places in zones where no station may stand, in water, on steps, on bridges, in tunnels, on private
    ways, in buildings too small or unfit, and in walled compounds of which no gate is known to be open. A place in a
    compound that outsiders cannot enter stays: it serves that compound, for nobody else can walk there.

    Parameters
    ----------
    study : Study
    near : array of float64, shape (points, 2)
        Only places within `reach_m` of one of these, in a straight line.
    reach_m : float

    Returns
    -------
    GeoDataFrame of points
        Columns `rank` (`OTHER_BUILDING`, `HOME` or `PATH`) and, where compounds are known, `compound`.
    """
    at = "both" if study.config.proposals is None else study.config.proposals.at
    parts = [_at_buildings(study)] if at != "paths" else []
    parts += [_on_paths(study)] if at != "buildings" else []
    xy, rank, area_m2 = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    wanted = cKDTree(near).query(xy, distance_upper_bound=reach_m)[0] <= reach_m if len(xy) else np.zeros(0, bool)
    kept = np.flatnonzero(wanted & _apart_from_sites(study, xy))
    kept = kept[_on_land(study, xy[kept])]
    kept = kept[_outside_zones(study, xy[kept])]
    kept = kept[_one_a_square(xy[kept], rank[kept], area_m2[kept])]
    return _that_can_be_entered(study, xy[kept], rank[kept])


def _at_buildings(study: Study) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    shapes = study.background.buildings.to_numpy()
    use = study.background.building_use
    use = np.full(len(shapes), None, dtype=object) if use is None or len(use) != len(shapes) else use
    is_home = (use == "home") | _lived_in(study, shapes)
    fit = (shapely.area(shapes) >= LEAST_FOOTPRINT_M2) & (use != "unfit") & ~shapely.is_empty(shapes)
    inside = shapely.point_on_surface(shapes[fit])
    return (
        shapely.get_coordinates(inside),
        np.where(is_home[fit], HOME, OTHER_BUILDING),
        np.asarray(shapely.area(shapes[fit]), dtype=np.float64),
    )


def _lived_in(study: Study, shapes: Shapes) -> Bools:
    """Whether a home of the demand lies in each building."""
    lived_in = np.zeros(len(shapes), dtype=bool)
    homes = study.demand.table.geometry.to_numpy()
    lived_in[shapely.STRtree(shapes).query(homes, predicate="intersects")[1]] = True
    return lived_in


def _on_paths(study: Study) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    network = study.network
    kinds = np.array(network.kinds or ("",), dtype=object)[network.kind]
    usable = (network.stairs == 0) & (network.private_area == 0)
    usable &= ~np.isin(kinds, [*_NOT_AT, *(f"{kind}_link" for kind in _NOT_AT)])
    lines = network.lines[usable]
    pieces = np.maximum(np.round(shapely.length(lines) / SPACING_M), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), pieces)
    number = np.arange(len(line)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    points = shapely.line_interpolate_point(lines[line], (number + 0.5) / pieces[line], normalized=True)
    xy = shapely.get_coordinates(points)[_on_the_ground(study, points)]
    return xy, np.full(len(xy), PATH), np.zeros(len(xy))


def _on_the_ground(study: Study, points: Shapes) -> Bools:
    """Whether each point of a path stands on no bridge and in no tunnel."""
    streets = study.config.network
    lines = lines_off_ground(
        street_file(study.config), study.crs, layer_crs=streets.crs, columns=streets.columns, layer=streets.layer
    )
    on_ground = np.ones(len(points), dtype=bool)
    if len(lines) and len(points):
        near = shapely.STRtree(points).query(lines, predicate="dwithin", distance=_ON_A_BRIDGE_M)[1]
        on_ground[near] = False
    return on_ground


def _apart_from_sites(study: Study, xy: Floats) -> Bools:
    """Whether each place is far enough from every given site, whatever its status."""
    settings = study.config.proposals
    given = shapely.get_coordinates(study.sites.table.geometry.to_numpy())
    if settings is None or not len(given) or not len(xy):
        return np.ones(len(xy), dtype=bool)
    apart: Bools = cKDTree(given).query(xy)[0] >= settings.min_apart_m
    return apart


def _on_land(study: Study, xy: Floats) -> Bools:
    barriers = study.barriers.table
    shapes = [*study.background.water, *barriers.geometry[barriers["kind"] == "water"]]
    areas = np.array([shape for shape in shapes if shapely.get_dimensions(shape) == 2], dtype=object)
    dry = np.ones(len(xy), dtype=bool)
    if len(areas) and len(xy):
        dry[shapely.STRtree(shapely.points(xy)).query(areas, predicate="intersects")[1]] = False
    return dry


def _outside_zones(study: Study, xy: Floats) -> Bools:
    if study.zones is None:
        return np.ones(len(xy), dtype=bool)
    outside: Bools = zones_around(gpd.GeoSeries(shapely.points(xy), crs=study.crs), study.zones).isna().to_numpy()
    return outside


def _one_a_square(xy: Floats, rank: npt.NDArray[np.int64], area_m2: Floats) -> npt.NDArray[np.intp]:
    """Return one place of each square, the preferred and then the largest, in an order that only positions decide."""
    east, north = np.floor(xy / SPACING_M).T
    order = np.lexsort((xy[:, 1], xy[:, 0], -area_m2, rank, north, east))
    east, north = east[order], north[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (east[1:] != east[:-1]) | (north[1:] != north[:-1])
    return order[first]


def _that_can_be_entered(study: Study, xy: Floats, rank: npt.NDArray[np.int64]) -> gpd.GeoDataFrame:
    """Return the places as a table with their compounds, without those whose compound has no gate known to be open."""
    table = site_rows(xy, study)
    table["rank"] = rank
    placed = place_in_compounds(CandidateSites(table), study.compounds).table
    if study.compounds is None or "compound" not in placed:
        return placed
    gates = study.gates
    entered = set() if gates is None else set(gates.compounds[gates.open & ~gates.assumed])
    names = passing_names(placed)
    return placed[(names.isna() | names.isin(entered)).to_numpy()]


def site_rows(xy: Floats, study: Study) -> gpd.GeoDataFrame:
    """Return places as rows of a table of sites, with ids that stand for their order."""
    count = len(xy)
    rows = pd.DataFrame(
        {
            "name": np.full(count, "", dtype=object),
            "status": np.full(count, "candidate", dtype=object),
            "cost_cny": np.zeros(count),
            "functions": np.full(count, "any", dtype=object),
        },
        index=pd.Index([f"place-{number:06d}" for number in range(count)], dtype=object),
    )
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapely.points(xy), index=rows.index, crs=study.crs))
