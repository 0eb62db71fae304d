"""Walking costs: the truth about who can walk where."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from scipy import sparse

from planner.catchments.entry import enter, notes_of
from planner.catchments.ground import Ground, measuring
from planner.catchments.inner import inner_walks
from planner.catchments.pairs import nearest_walks, rank_by_id
from planner.catchments.points import checked_points
from planner.catchments.search import Pairs, find_nearest, find_pairs, joined
from planner.model import Barriers, Gates, NearestWalks, ServiceStandard, Walker, WalkingCosts
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
) -> WalkingCosts:
    """Measure every walk from an origin to a destination within a standard.

    A point gets onto the nearest place on a path that the walker can pass, in a straight line; that line is part of
    the walk. Walks lead from the origin to the destination, which matters where steps lead up or down. Private ways
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

    Returns
    -------
    WalkingCosts
        Whole milliseconds, or millimetres for `max_walk_m`.

    Raises
    ------
    CrsError, TableError, InputError
        If points, ids or the standard cannot be used.
    """
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
    pairs = find_pairs(ground, leaving.access, arriving.access, standard.limit)
    inner = inner_walks(ground, leaving, arriving)
    walk = _shortest(pairs, inner, standard.limit, (len(leaving), len(arriving)))
    return WalkingCosts(leaving.ids, arriving.ids, walk, standard.limit, notes_of(ground, leaving, arriving))


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
) -> NearestWalks:
    """Find the nearest station of every origin, however far, in one search from all stations.

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
    ground = Ground.of(network, measuring(walker, metres))
    leaving = enter(ground, checked_points(origins, network.crs, "origins"), max_off_path_m, gates, "origins", barriers)
    arriving = enter(
        ground, checked_points(stations, network.crs, "stations"), max_off_path_m, gates, "stations", barriers
    )
    found = find_nearest(ground, leaving.access, arriving.access, rank_by_id(arriving.ids))
    return nearest_walks(joined(found, inner_walks(ground, leaving, arriving)), leaving.ids, arriving.ids)


def _shortest(pairs: Pairs, inner: Pairs, limit: int, shape: tuple[int, int]) -> sparse.csr_array:
    """Return the shorter walk of every pair as a matrix with sorted columns; walks of no length are stored."""
    near = inner.walk <= limit
    if near.any():
        pairs = joined(pairs, inner.only(near))
        pairs = pairs.only(np.lexsort((pairs.walk, pairs.destination, pairs.origin)))
        pairs = pairs.only((np.diff(pairs.origin, prepend=-1) != 0) | (np.diff(pairs.destination, prepend=-1) != 0))
    walk = sparse.coo_array((pairs.walk.astype(np.int32), (pairs.origin, pairs.destination)), shape=shape).tocsr()
    walk.sort_indices()
    return walk
