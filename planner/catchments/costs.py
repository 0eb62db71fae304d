"""Walking costs: the truth about who can walk where."""

from __future__ import annotations

import geopandas as gpd

from planner.catchments.cut_off import notes_of
from planner.catchments.directions import costs_within, walks_however_far
from planner.catchments.entry import enter
from planner.catchments.ground import Ground, measuring
from planner.catchments.pairs import nearest_walks, rank_by_id
from planner.catchments.points import checked_points
from planner.model import Barriers, Direction, Gates, NearestWalks, ServiceStandard, Walker, WalkingCosts
from planner.model.walking import checked_direction
from planner.network import WalkNetwork


def walking_costs(
    network: WalkNetwork,
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    destinations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    max_walk_min: float | None = None,
    *,
    max_walk_m: float | None = None,
    max_off_path_m: float = 200.0,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
    direction: Direction = "to_station",
) -> WalkingCosts:
    """Measure every walk from an origin to a destination within a standard.

    A point gets onto the nearest place on a path that the walker can pass, in a straight line; that line is part of
    the walk. Walks lead in the `direction` asked for, which matters where steps lead up or down. Private ways
    serve what lies on them: a walk uses those of the origin's own area, and at its end those of the destination's.

    Parameters
    ----------
    network : WalkNetwork
    origins, destinations : GeoSeries or GeoDataFrame of points
        Any declared coordinate system; the index holds the ids. A column `compound` sends a point through the gates
        of its compound.
    walker : Walker or str
    max_walk_min, max_walk_m : float
        Exactly one of them: minutes of this walker, or metres. The limit itself counts. Metres are the same for
        everybody, but steps stay closed to those who cannot take them.
    max_off_path_m : float
        A point further than this from every path is reported and left unserved, never moved.
    gates : Gates, optional
    barriers : Barriers, optional
        Water, railways and walls: the straight line between a point and its path does not lead across them. A point
        that has a path near, but only beyond a barrier, is reported and left unserved.
    direction : {"to_station", "from_station", "round_trip"}
        Which way is measured; origins are homes and destinations stations either way, and who may use which private
        way does not change. A round trip is half of there and back, rounded up, so that it is within the standard
        where both together are within twice the standard; the way back need not be the way there.

    Returns
    -------
    WalkingCosts
        Whole milliseconds, or millimetres for `max_walk_m`.

    Raises
    ------
    CrsError, TableError, InputError
        If points, ids or the standard cannot be used.
    """
    direction = checked_direction(direction)
    standard = ServiceStandard(max_walk_min=max_walk_min, max_walk_m=max_walk_m)
    ground = Ground.of(network, measuring(walker, metres=not standard.in_minutes))
    leaving = enter(ground, checked_points(origins, network.crs, "origins"), max_off_path_m, gates, "origins", barriers)
    arriving = enter(
        ground,
        checked_points(destinations, network.crs, "destinations"),
        max_off_path_m,
        gates,
        "destinations",
        barriers,
    )
    walk = costs_within(ground, leaving, arriving, standard.limit, direction)
    notes = notes_of(ground, leaving, arriving, walk, direction)
    return WalkingCosts(leaving.ids, arriving.ids, walk, standard.limit, notes)


def walks_to_nearest(
    network: WalkNetwork,
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    stations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    *,
    metres: bool = False,
    max_off_path_m: float = 200.0,
    gates: Gates | None = None,
    barriers: Barriers | None = None,
    direction: Direction = "to_station",
) -> NearestWalks:
    """Find the nearest station of every origin, however far: one way in one search from all stations.

    Agrees to the millisecond with `walking_costs`; parameters and errors are the same.

    Parameters
    ----------
    metres : bool
        Measure millimetres of path, as `max_walk_m` does.

    Returns
    -------
    NearestWalks
        The station whose id, as text, comes first where two are equally near.
    """
    direction = checked_direction(direction)
    ground = Ground.of(network, measuring(walker, metres))
    leaving = enter(ground, checked_points(origins, network.crs, "origins"), max_off_path_m, gates, "origins", barriers)
    arriving = enter(
        ground, checked_points(stations, network.crs, "stations"), max_off_path_m, gates, "stations", barriers
    )
    found = walks_however_far(ground, leaving, arriving, rank_by_id(arriving.ids), direction)
    return nearest_walks(found, leaving.ids, arriving.ids)
