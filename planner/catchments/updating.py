"""Walking costs after a change of the streets: only the walks that it can touch are measured again.

A walk is another one than before only if it uses an edge that the other network does not have, or if one of its points
gets onto the paths elsewhere. Whoever cannot get to such an edge and on from there within the limit keeps what was
measured. How near they are is judged on streets that are open to everybody in both directions: no walk is shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from planner.bilingual import Text, same
from planner.catchments.cut_off import notes_of
from planner.catchments.directions import only_points, walks_within
from planner.catchments.entry import Entry, enter
from planner.catchments.ground import Ground, measuring
from planner.catchments.pairs import matrix
from planner.catchments.points import Points, checked_points
from planner.catchments.search import Pairs, joined
from planner.errors import Fault, InputError
from planner.model import Barriers, Direction, Gates, ServiceStandard, Walker, WalkingCosts
from planner.model.walking import checked_direction
from planner.network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


class _Side(NamedTuple):
    """One of the two networks, with all points on it."""

    ground: Ground
    leaving: Entry
    arriving: Entry


def update_costs(
    costs: WalkingCosts,
    before: WalkNetwork,
    after: WalkNetwork,
    origins: gpd.GeoSeries | gpd.GeoDataFrame,
    destinations: gpd.GeoSeries | gpd.GeoDataFrame,
    walker: Walker | str,
    max_walk_min: float | None = None,
    *,
    max_walk_m: float | None = None,
    max_off_path_m: float = 200.0,
    gates: Gates | None = None,
    gates_after: Gates | None = None,
    barriers: Barriers | None = None,
    direction: Direction = "to_station",
) -> WalkingCosts:
    """Return what `walking_costs` gives on the changed network, to the millisecond, from what it gave before.

    It pays where most of the time goes into walks that stay as they are: many origins and destinations, long standards.
    With few destinations measuring afresh is as quick, for all points are brought onto the paths again either way.

    Parameters
    ----------
    costs : WalkingCosts
        Of the same points, walker and standard on the network before.
    before, after : WalkNetwork
        Best one made of the other by `apply_changes`, which keeps the numbers of nodes; any two give the right answer.
    origins, destinations, walker, max_walk_min, max_walk_m, max_off_path_m, barriers, direction
        As they were given to `walking_costs`.
    gates : Gates, optional
        Those before the change.
    gates_after : Gates, optional
        Those after it, if they change; otherwise the same.

    Raises
    ------
    InputError
        If the costs are those of other points or another standard; and as `walking_costs` does.
    """
    standard = ServiceStandard(max_walk_min=max_walk_min, max_walk_m=max_walk_m)
    measured, going = measuring(walker, metres=not standard.in_minutes), checked_direction(direction)
    known = CostsBefore(costs, before, origins, destinations, measured, max_off_path_m, gates, barriers, going)
    known.refuse_another(standard.limit)
    return known.after(after, gates if gates_after is None else gates_after, barriers)


@dataclass(frozen=True, eq=False)
class CostsBefore:
    """Walking costs before several changes, each to be looked at by itself; parameters as in `update_costs`."""

    costs: WalkingCosts
    network: WalkNetwork
    origins: gpd.GeoSeries | gpd.GeoDataFrame
    destinations: gpd.GeoSeries | gpd.GeoDataFrame
    walker: Walker
    max_off_path_m: float
    gates: Gates | None
    barriers: Barriers | None
    direction: Direction

    def after(self, network: WalkNetwork, gates: Gates | None, barriers: Barriers | None) -> WalkingCosts:
        """Return the costs on a changed network, with the gates and barriers as they are then."""
        limit, new = self.costs.limit, self._on(network, gates, barriers)
        moved = _Affected.by(self._side, new, _reach_ms(self._side, new, limit, self.direction))
        pairs = joined(moved.kept(self.costs), moved.measure(new, limit, self.direction))
        walk = matrix(pairs, (len(new.leaving), len(new.arriving)))
        return WalkingCosts(new.leaving.ids, new.arriving.ids, walk, limit, notes_of(*new, walk, self.direction))

    def refuse_another(self, limit: int) -> None:
        """Refuse costs of other points or of another standard."""
        known = self.costs.origins, self.costs.destinations
        fits = all(ids.equals(side.ids) for ids, side in zip(known, self._points, strict=True))
        if self.costs.limit != limit or not fits:
            words = Text(
                "已有步行时间的点或标准与所给的不同。", "The costs are those of other points or of another standard."
            )
            expected = Text("同样的点与标准", "the same points and the same standard")
            raise InputError(words, [Fault("costs", same(self.costs.limit), expected)])

    @cached_property
    def _points(self) -> tuple[Points, Points]:
        crs = self.network.crs
        return checked_points(self.origins, crs, "origins"), checked_points(self.destinations, crs, "destinations")

    @cached_property
    def _side(self) -> _Side:
        return self._on(self.network, self.gates, self.barriers)

    def _on(self, network: WalkNetwork, gates: Gates | None, barriers: Barriers | None) -> _Side:
        ground = Ground.of(network, self.walker)
        leaving, arriving = (
            enter(ground, points, self.max_off_path_m, gates, role, barriers)
            for points, role in zip(self._points, ("origins", "destinations"), strict=True)
        )
        return _Side(ground, leaving, arriving)


def _reach_ms(old: _Side, new: _Side, limit: int, direction: Direction) -> int:
    """Return how long a leg may be that is part of a walk within the limit."""
    if direction != "round_trip":
        return limit
    return max(side.ground.longest_leg(limit) for side in (old, new))


class _Affected(NamedTuple):
    """Who may walk otherwise than before.

    Parameters
    ----------
    origins, destinations : arrays of bool
        Points that get onto the paths elsewhere, or otherwise.
    from_origins, to_destinations : arrays of bool
        Points that have a touched edge within reach.
    """

    origins: Bools
    destinations: Bools
    from_origins: Bools
    to_destinations: Bools

    @classmethod
    def by(cls, old: _Side, new: _Side, limit: int) -> _Affected:
        """Compare the two networks, and look how near the points are to where they differ."""
        as_before = _same_edges(old.ground, new.ground)
        lasting = np.zeros(old.ground.network.edge_count, dtype=np.bool_)
        lasting[as_before[as_before >= 0]] = True
        leaving, arriving = (
            _moved(old, new, before, after, as_before)
            for before, after in ((old.leaving, new.leaving), (old.arriving, new.arriving))
        )
        near = [_distance(old.ground, ~lasting, limit), _distance(new.ground, as_before < 0, limit)]
        far_out, far_in = (
            np.minimum(_reach(old.ground, entries[0], near[0]), _reach(new.ground, entries[1], near[1]))
            for entries in ((old.leaving, new.leaving), (old.arriving, new.arriving))
        )
        out, into = far_out + far_in.min(initial=np.inf) <= limit, far_in + far_out.min(initial=np.inf) <= limit
        return cls(leaving, arriving, out & ~leaving, into & ~arriving)

    def of(self, origin: npt.NDArray[np.integer], destination: npt.NDArray[np.integer]) -> Bools:
        """Whether walks between some points are measured again."""
        along = self.from_origins[origin] & self.to_destinations[destination]
        return self.origins[origin] | self.destinations[destination] | along

    def kept(self, costs: WalkingCosts) -> Pairs:
        """Return the walks that are as they were."""
        origin = np.repeat(np.arange(costs.walk.shape[0], dtype=np.int32), np.diff(costs.walk.indptr))
        pairs = Pairs(origin, costs.walk.indices.astype(np.int32), costs.walk.data.astype(np.int64))
        return pairs.only(~self.of(pairs.origin, pairs.destination))

    def measure(self, new: _Side, limit: int, direction: Direction) -> Pairs:
        """Measure the others, each once."""
        whole, others = np.ones_like(self.destinations), ~self.origins
        blocks = (
            (self.origins, whole),
            (others, self.destinations),
            (self.from_origins, self.to_destinations),
        )
        found = Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
        for origins, destinations in blocks:
            leaving, arriving = only_points(new.leaving, origins), only_points(new.arriving, destinations)
            found = joined(found, walks_within(new.ground, leaving, arriving, limit, direction))
        return found


def _same_edges(old: Ground, new: Ground) -> Integers:
    """Return for each edge of the new network the old one that it is, -1 where there is none.

    Edges are the same if they join the same nodes in the same times, in the same area. Of parallel edges that are alike
    all are the same or none is.
    """
    keys = [np.concatenate(columns) for columns in zip(_keys(old), _keys(new), strict=True)]
    order = np.lexsort(keys)
    differs = np.zeros(len(order), dtype=np.bool_)
    for key in keys:
        differs[1:] |= key[order[1:]] != key[order[:-1]]
    group = np.cumsum(differs)
    is_new = order >= old.network.edge_count
    count = np.bincount(group, minlength=1)
    alike = 2 * np.bincount(group, weights=is_new, minlength=1) == count
    as_before = np.full(new.network.edge_count, -1, dtype=np.int64)
    # The sort is stable: in each group the old edges come first, then the new ones, each in their order.
    matched = alike[group]
    as_before[order[matched & is_new] - old.network.edge_count] = order[matched & ~is_new]
    return as_before


def _keys(ground: Ground) -> tuple[Integers, ...]:
    """Return what makes an edge, as far as walks are concerned, in few numbers."""
    network = ground.network
    passes = network.residents_only if len(network.residents_only) else np.zeros(network.node_count, dtype=np.bool_)
    barred = passes[network.start] * 2 + passes[network.end].astype(np.int64)
    return (
        network.private_area.astype(np.int64) * 4 + barred,
        (ground.ms + 1) * 2**31 + ground.ms_back + 1,
        network.start.astype(np.int64) * 2**31 + network.end,
    )


def _moved(old: _Side, new: _Side, before: Entry, after: Entry, as_before: Integers) -> Bools:
    """Whether each point gets onto the paths otherwise than before, or by an edge that was not there."""
    count = len(before)
    ways_before, ways_after = (np.bincount(entry.access.point, minlength=count) for entry in (before, after))
    moved: Bools = (ways_before != ways_after) | (before.straight != after.straight).astype(np.bool_)
    there, here = (~moved[entry.access.point] for entry in (before, after))
    edge = as_before[after.access.edge[here]]
    other = (edge < 0) | (edge != before.access.edge[there])
    for parts in ("leaving", "arriving"):
        for was, now in zip(
            getattr(old.ground, parts)(before.access), getattr(new.ground, parts)(after.access), strict=True
        ):
            other |= was[there] != now[here]
    moved[after.access.point[here][other]] = True
    return moved


def _distance(ground: Ground, touched: Bools, limit: int) -> npt.NDArray[np.float64]:
    """Return how far each node is at least from the ends of the touched edges, infinite beyond the limit."""
    network = ground.network
    ends = np.unique(np.concatenate([network.start[touched], network.end[touched]]))
    far = np.full(network.node_count, np.inf)
    if not len(ends):
        return far
    quick, slow = np.minimum(ground.ms, ground.ms_back), np.maximum(ground.ms, ground.ms_back)
    ms = np.where(quick >= 0, quick, slow)
    low, high = np.minimum(network.start, network.end), np.maximum(network.start, network.end)
    order = np.lexsort((ms, high, low))
    order = order[ms[order] >= 0]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    order = order[first]
    links = sparse.csr_array((ms[order].astype(np.float64), (low[order], high[order])), shape=(network.node_count,) * 2)
    return csgraph.dijkstra(links, directed=False, indices=ends, min_only=True, limit=float(limit))


def _reach(ground: Ground, entry: Entry, far: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how far each point is at least from a touched edge; infinite where it has no access."""
    access, network = entry.access, ground.network
    to_start, to_end = (
        np.minimum(out, into) for out, into in zip(ground.leaving(access), ground.arriving(access), strict=True)
    )
    way = np.minimum(to_start + far[network.start[access.edge]], to_end + far[network.end[access.edge]])
    nearest = np.full(len(entry), np.inf)
    np.minimum.at(nearest, access.point, way)
    return nearest
