"""What is given when sites are chosen: people, walks, sites and money. Wishes and rules live elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from planner.bilingual import Text, same
from planner.model import ANY_FUNCTION, Areas, CandidateSites, Demand, Need, WalkingCosts
from planner.model.labels import function_label, group_label
from planner.siting import own_actions, own_matrix, own_places
from planner.siting.alike import Alike

Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

FEN_PER_CNY = 100

#: With more pairs than this, they are gone through in compiled passes.
MANY_PAIRS = 1_000_000


@dataclass(frozen=True, eq=False)
class NeedWalks:
    """One need as the solvers see it: how many people where, and the sites they can walk to.

    Parameters
    ----------
    people : array of float, shape (demand points,)
    walk : csr_array, shape (demand points, sites)
        Walks in any one unit; absent means out of reach, a stored zero is a walk of no length. Only sites that offer
        the function of the need have entries.
    limit : float
        The service standard in the same unit.
    weight : float
        What one person of this need counts, compared with those of the others.
    need : Need or None
        The need of the plan; None for a matrix of the user's own.
    assigned : array of int, shape (demand points,), optional
        The site that each demand point goes to, -1 where it has none; None: everybody goes to the nearest open one.
    load : array of float, shape (demand points,), optional
        Room that each demand point takes in its station, where that is another number than its people.
    """

    people: Array
    walk: sparse.csr_array
    limit: float
    weight: float = 1.0
    need: Need | None = None
    assigned: Positions | None = None
    load: Array | None = None

    @property
    def takes(self) -> Array:
        """Room that each demand point takes in the station it goes to: its people, unless something else is given."""
        return self.people if self.load is None else self.load

    @property
    def free(self) -> NeedWalks:
        """The same need with nobody assigned: who could reach what."""
        return self if self.assigned is None else replace(self, assigned=None)

    def covers(self, walk: npt.ArrayLike) -> Mask:
        """Whether each walk meets the standard: the limit itself counts."""
        if self.need is not None:
            return self.need.standard.met_by(walk)
        within: Mask = np.asarray(walk) <= float(self.limit)
        return within

    @property
    def group(self) -> str:
        """The group of people, as the demand calls it."""
        return "people" if self.need is None else self.need.group

    @property
    def label(self) -> Text:
        """The need in words."""
        if self.need is None:
            return Text("居民（标准 {limit}）", "people (standard {limit})").format(limit=f"{self.limit:g}")
        named, function = Text("，{function}", ", {function}"), same("")
        if self.need.function != ANY_FUNCTION:
            function = named.format(function=function_label(self.need.function))
        return Text("{group}（{standard}{function}）", "{group} ({standard}{function})").format(
            group=group_label(self.need.group), standard=self.need.standard.label, function=function
        )

    @cached_property
    def within_reach(self) -> sparse.csr_array:
        """Pairs within the standard, shape (demand points, sites): ones."""
        kept = self.covers(self.walk.data)
        row = np.repeat(np.arange(self.walk.shape[0]), np.diff(self.walk.indptr))[kept]
        first = np.zeros(self.walk.shape[0] + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=self.walk.shape[0]), out=first[1:])
        return sparse.csr_array((np.ones(len(row)), self.walk.indices[kept], first), shape=self.walk.shape)

    @cached_property
    def alike(self) -> Alike:
        """Demand points that have the same sites within the standard."""
        if not self._has_many_pairs:
            return Alike.of(self.within_reach)
        from planner.siting import many_pairs

        return Alike(*many_pairs.same_sites(self.walk, self._limit))

    def covered(self, is_open: Mask) -> Mask:
        """Whether each demand point has an open station within the standard, shape (demand points,).

        Where people are assigned, theirs is the only one that counts. Counted pair by pair: solvers use something else.
        """
        if self.assigned is not None:
            walk = self.nearest(is_open)
            return np.isfinite(walk) & self.covers(walk)
        if self._has_many_pairs:
            from planner.siting import many_pairs

            return many_pairs.covered(self.walk, self._limit, is_open)
        reached = np.zeros(self.walk.shape[0], dtype=bool)
        reached[self._point_of_pair[self._is_within & is_open[self.walk.indices]]] = True
        return reached

    def nearest(self, is_open: Mask) -> Array:
        """Return the walk to the nearest open station, infinite where none can be reached; shape (demand points,).

        Where people are assigned, theirs is the only one that counts.
        """
        if self._has_many_pairs and self.assigned is None:
            from planner.siting import many_pairs

            return many_pairs.nearest(self.walk, is_open)
        usable = is_open[self.walk.indices]
        if self.assigned is not None:
            usable = usable & (self.assigned[self._point_of_pair] == self.walk.indices)
        walk = np.full(self.walk.shape[0], np.inf)
        np.minimum.at(walk, self._point_of_pair[usable], self.walk.data[usable].astype(np.float64))
        return walk

    @cached_property
    def _point_of_pair(self) -> Positions:
        return np.repeat(np.arange(self.walk.shape[0]), np.diff(self.walk.indptr))

    @cached_property
    def _is_within(self) -> Mask:
        return self.covers(self.walk.data)

    @property
    def _limit(self) -> float:
        return float(self.limit if self.need is None else self.need.standard.limit)

    @property
    def _has_many_pairs(self) -> bool:
        """Whether passes without temporary arrays are worth the time to load them."""
        return self.walk.nnz > MANY_PAIRS and self.walk.data.dtype.char in "fdbhilqBHILQ"


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """People, walks, sites and money.

    What the status of a site means to every plan:

    - `existing`: open today. A plan may close it, unless `keep_open` is among the constraints, at its closing cost;
      closing gains nothing but room in a count of stations, and what money it may release.
    - `under_construction`: the money is committed. Always open in the plan, costs nothing, is not open before it.
    - `required`: opened by every plan, at its cost.
    - `candidate`: may be opened, at its cost.
    - `excluded`: never opened.

    Parameters
    ----------
    demand_ids, site_ids : Index
    needs : tuple of NeedWalks
        Each with as many rows as `demand_ids` and as many columns as `site_ids`.
    cost_cny : array of float, shape (sites,)
        What opening costs; NaN where it is not known.
    status : array of str, shape (sites,)
        One of `planner.model.STATUSES`.
    capacity : array of float, shape (sites,), optional
        People a station can serve; NaN where it is not known.
    closing_cost_cny : array of float, shape (sites,), optional
        What closing an existing station costs; NaN counts as 0, and what is negative is money that closing releases.
    replaces : tuple of tuples of int, one for each site, optional
        Positions of the existing stations that opening a site replaces: they are closed where it is open, and no two
        sites that are open replace the same one. Empty for a site that only opens.
    action : array of str, shape (sites,), optional
        One of `planner.model.ACTIONS`: what opening the site is called.
    floor_area_m2 : array of float, shape (sites,), optional
        NaN where it is not known.
    site_xy_m : array of float, shape (sites, 2), optional
        Coordinates in a metric system.
    site_areas, demand_areas : mapping of `grid` and `community` to arrays of object, shapes (sites,), (demand points,)
        The id of the area each lies in, None where in none.
    area_ids : mapping of level to tuple of str
        Areas known beside those that a site or a demand point lies in.
    site_scores : mapping of column to array of float, shape (sites,)
        Numbers that sites are judged by; NaN where missing.
    """

    demand_ids: pd.Index
    site_ids: pd.Index
    needs: tuple[NeedWalks, ...]
    cost_cny: Array
    status: npt.NDArray[np.object_]
    capacity: Array | None = None
    closing_cost_cny: Array | None = None
    replaces: tuple[tuple[int, ...], ...] | None = None
    action: npt.NDArray[Any] | None = None
    floor_area_m2: Array | None = None
    site_xy_m: Array | None = None
    site_areas: Mapping[str, npt.NDArray[np.object_]] = field(default_factory=dict)
    demand_areas: Mapping[str, npt.NDArray[np.object_]] = field(default_factory=dict)
    area_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    site_scores: Mapping[str, Array] = field(default_factory=dict)

    @classmethod
    def from_plan(
        cls,
        demand: Demand,
        sites: CandidateSites,
        needs: Sequence[Need],
        costs: Sequence[WalkingCosts],
        grids: Areas | None = None,
    ) -> SitingProblem:
        """Put a plan's nouns together; rows are matched by id.

        Parameters
        ----------
        demand : Demand
        sites : CandidateSites
        needs : sequence of Need
        costs : sequence of WalkingCosts
            One for each need: demand points × sites. What the costs do not know is out of reach.
        grids : Areas, optional
            Management grids: a site lies in the one it stands in, and in its community.

        Raises
        ------
        TableError
            If the demand lacks a group.
        """
        walks = tuple(
            NeedWalks(
                demand.people(need.group),
                own_matrix.matched(walk, demand.table.index, sites.table.index, sites.offering(need.function)),
                need.standard.limit,
                need.weight,
                need,
            )
            for need, walk in zip(needs, costs, strict=True)
        )
        table = sites.table
        capacity = table["capacity"].to_numpy(dtype=np.float64) if "capacity" in table else None
        return cls(
            demand.table.index,
            table.index,
            walks,
            table["cost_cny"].to_numpy(dtype=np.float64),
            table["status"].to_numpy(dtype=object),
            capacity,
            table["closing_cost_cny"].to_numpy(dtype=np.float64) if "closing_cost_cny" in table else None,
            sites.replaced_places(),
            table["action"].to_numpy(dtype=object) if "action" in table else None,
            table["floor_area_m2"].to_numpy(dtype=np.float64) if "floor_area_m2" in table else None,
            **own_places.places_of(demand, sites, grids),
        )

    @classmethod
    def from_costs(
        cls,
        walk: Any,
        people: npt.ArrayLike | pd.Series,
        *,
        max_walk: float,
        cost_cny: npt.ArrayLike | pd.Series | None = None,
        capacity: npt.ArrayLike | pd.Series | None = None,
        existing: npt.ArrayLike | None = None,
        load: npt.ArrayLike | pd.Series | None = None,
        closing_cost_cny: npt.ArrayLike | pd.Series | None = None,
        replaces: Mapping[Any, Sequence[Any]] | None = None,
        site_xy_m: npt.ArrayLike | pd.DataFrame | None = None,
        site_areas: Mapping[str, Any] | None = None,
        demand_areas: Mapping[str, Any] | None = None,
        site_scores: Mapping[str, Any] | pd.DataFrame | None = None,
    ) -> SitingProblem:
        """Take a matrix of the user's own: the door for benchmark instances.

        Parameters
        ----------
        walk : array, DataFrame or scipy sparse, shape (demand points, sites)
            Any one unit. Dense: NaN and infinity mean out of reach. Sparse: absent means out of reach, stored zeros
            count. A DataFrame gives the ids by its index and columns; otherwise ids are positions.
        people : array or Series, shape (demand points,)
            With a DataFrame, a Series is matched by id.
        max_walk : float
            The service standard in the unit of `walk`; a walk of exactly this counts.
        cost_cny, capacity : array or Series, shape (sites,), optional
        existing : sequence of ids or positions, or array of bool with shape (sites,), optional
            Stations open today. Without a DataFrame ids are positions.
        load : array or Series, shape (demand points,), optional
            Room that each demand point takes in its station, where that is another number than its people.
        closing_cost_cny : array or Series, shape (sites,), optional
            What closing each existing station costs; NaN counts as 0, below 0 is money that closing releases.
        replaces : mapping of site to list of existing stations, optional
            Opening the site closes these stations: it merges several, or moves one. Ids or positions, as `existing`.
        site_xy_m : array or DataFrame, shape (sites, 2), optional
            Coordinates of the sites, metres.
        site_areas, demand_areas : mapping of `grid` or `community` to values, one a site or demand point, optional
            The area each lies in; None where in none.
        site_scores : mapping of name to numbers, one a site, optional
            What sites are judged by.

        Raises
        ------
        InputError
            With every fault at once.

        Examples
        --------
        >>> problem = SitingProblem.from_costs([[0, 9], [5, 6]], [10, 20], max_walk=5)
        >>> problem.needs[0].covered(np.array([True, False])).tolist()
        [True, True]
        """
        places = {
            "site_xy_m": site_xy_m,
            "site_areas": site_areas,
            "demand_areas": demand_areas,
            "site_scores": site_scores,
        }
        given = own_matrix.read(
            walk, people, max_walk, cost_cny, capacity, existing, load, closing_cost_cny, replaces, places
        )
        return cls(
            given.demand_ids,
            given.site_ids,
            (NeedWalks(given.people, given.walk, max_walk, load=given.load),),
            given.cost_cny,
            np.where(given.existing, "existing", "candidate").astype(object),
            given.capacity,
            given.closing_cost_cny,
            given.replaces,
            own_actions.actions_by_count(given.replaces),
            **given.places,
        )

    def areas(self, level: str) -> tuple[str, ...]:
        """Return the ids of the areas of a level, sorted; none where the problem knows of none."""
        found = set(self.area_ids.get(level, ()))
        for lying in (self.site_areas, self.demand_areas):
            found |= {area for area in lying.get(level, ()) if area is not None}
        return tuple(sorted(found))

    @property
    def existing(self) -> Mask:
        """Stations open today, shape (sites,)."""
        return self._with_status("existing")

    @property
    def under_construction(self) -> Mask:
        """Stations whose money is committed: open in every plan."""
        return self._with_status("under_construction")

    @property
    def required(self) -> Mask:
        """Sites that every plan opens."""
        return self._with_status("required")

    @property
    def excluded(self) -> Mask:
        """Sites that no plan opens."""
        return self._with_status("excluded")

    @property
    def new(self) -> Mask:
        """Sites that a plan opens at their cost: candidates and required ones, actions among them."""
        return self._with_status("candidate") | self.required

    @property
    def added(self) -> Mask:
        """Sites that make one station more where they are open: new ones that replace none."""
        return self.new & (self.stations_replaced == 0)

    @cached_property
    def replaced_by(self) -> sparse.csr_array:
        """Which sites replace which stations, shape (stations, sites): ones."""
        count = len(self.site_ids)
        pairs = [(old, new) for new, stations in enumerate(self.replaces or ()) for old in stations]
        row, column = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        return sparse.csr_array((np.ones(len(pairs)), (row, column)), shape=(count, count))

    @property
    def stations_replaced(self) -> Array:
        """How many stations of today each site replaces, shape (sites,)."""
        replaced: Array = np.asarray(self.replaced_by.sum(axis=0), dtype=np.float64)
        return replaced

    def served_on(self, is_open: Mask) -> Mask:
        """Whether each site is open, or a site that replaces it is, shape (sites,)."""
        served: Mask = is_open | (self.replaced_by @ is_open.astype(np.float64) > 0)
        return served

    @property
    def always_open(self) -> Mask:
        """Sites that are open in every plan, whatever the constraints."""
        return self.required | self.under_construction

    def cost_of(self, is_open: Mask) -> float:
        """Return what a plan costs, CNY to the fen: what it opens, and what it closes of today.

        Stations under construction cost nothing more. NaN if the plan opens a site whose cost nobody knows.

        Parameters
        ----------
        is_open : array of bool, shape (sites,)
        """
        opened, closed = self._fen
        return float(opened[is_open].sum() + closed[~is_open].sum()) / FEN_PER_CNY

    def cost_of_new(self, sites: Mask) -> float:
        """Return what opening these sites costs, CNY to the fen."""
        return float(self._fen[0][sites].sum()) / FEN_PER_CNY

    def cost_of_closing(self, stations: Mask) -> float:
        """Return what closing these stations of today costs, CNY to the fen."""
        return float(self._fen[1][stations].sum()) / FEN_PER_CNY

    @property
    def cost_of_closing_each_cny(self) -> Array:
        """What closing each station of today costs, 0 for every other site; CNY to the fen, shape (sites,)."""
        return self._fen[1] / FEN_PER_CNY

    @property
    def cost_of_opening_cny(self) -> Array:
        """What opening each site adds to what a plan costs with everything closed, shape (sites,).

        An existing station saves its closing; NaN where a cost is not known.
        """
        opened, closed = self._fen
        return (opened - closed) / FEN_PER_CNY

    @property
    def cost_of_closing_all_cny(self) -> float:
        """What a plan costs with everything closed."""
        return float(self._fen[1].sum()) / FEN_PER_CNY

    @property
    def unpriced(self) -> Mask:
        """Sites that a plan may open and whose cost nobody knows."""
        return self.new & np.isnan(self.cost_cny)

    @cached_property
    def _fen(self) -> tuple[Array, Array]:
        """What opening and what closing each site costs, in whole fen: sums are exact, whatever their order."""
        closing = (
            np.zeros(len(self.site_ids)) if self.closing_cost_cny is None else np.nan_to_num(self.closing_cost_cny)
        )
        opened = np.rint(np.where(self.new, self.cost_cny, 0.0) * FEN_PER_CNY)
        return opened, np.rint(np.where(self.existing, closing, 0.0) * FEN_PER_CNY)

    def as_assigned(self, assigned: Sequence[Positions | None]) -> SitingProblem:
        """Return the problem as it is once people know where to go: objectives and constraints then judge that.

        Parameters
        ----------
        assigned : sequence of arrays of int, shape (demand points,), or None
            One for each need, see `NeedWalks.assigned`.
        """
        needs = (replace(need, assigned=places) for need, places in zip(self.needs, assigned, strict=True))
        return replace(self, needs=tuple(needs))

    def _with_status(self, status: str) -> Mask:
        found: Mask = self.status == status
        return found

    def ids(self, sites: Mask) -> tuple[Any, ...]:
        """Return the ids of some sites in order of id, as plain Python values."""
        return tuple(native(self.site_ids[place]) for place in self.order_of_ids if sites[place])

    @cached_property
    def order_of_ids(self) -> npt.NDArray[np.intp]:
        """Positions of the sites in order of id: whole numbers by size, everything else as text."""
        return in_order(self.site_ids)


def in_order(ids: pd.Index) -> npt.NDArray[np.intp]:
    """Return the positions that sort ids: whole numbers by size, everything else as text."""
    if pd.api.types.is_integer_dtype(ids):
        return np.argsort(ids.to_numpy(), kind="stable")
    return np.array(sorted(range(len(ids)), key=lambda place: str(ids[place])), dtype=np.intp)


def native(identity: Any) -> Any:
    """Return an id as a plain Python value."""
    return identity.item() if isinstance(identity, np.generic) else identity
