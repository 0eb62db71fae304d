"""Who could go where: one column for each site and each walk, in an order that depends on ids alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planner.siting.linear import Expression, Rows
from planner.siting.problem import Array, Mask, NeedWalks, Positions, SitingProblem, in_order
from planner.siting.room import Assigned, Room


@dataclass(frozen=True, eq=False)
class Choice:
    """A plan: the stations, and where everybody goes who takes room."""

    is_open: Mask
    assigned: Assigned


@dataclass(frozen=True, eq=False)
class Ground:
    """Sites, walks and the people who share one: a *party* is the people of one need at one demand point.

    Parameters
    ----------
    problem : SitingProblem
    room : Room
    sites : array of int, shape (sites that may be open,)
        Positions in the problem, in order of id.
    need, point, site : arrays of int, shape (walks,)
        Position of the need and of the demand point, and the column of the site; walks of a party stand together, the
        nearest first, then the smallest id.
    walk : array of float, shape (walks,)
    is_within : array of bool, shape (walks,)
        Whether the standard is met.
    party : array of int, shape (walks,)
    first : array of int, shape (parties + 1,)
        The walks of party g are `first[g] : first[g + 1]`.
    size : array of float, shape (parties,)
        People who take room.
    must_go, must_be_covered : arrays of bool, shape (parties,)
        Whether they must have a station, and one within the standard.
    is_possible : bool
        False if somebody who must have a station has none.
    """

    problem: SitingProblem
    room: Room
    sites: Positions
    need: Positions
    point: Positions
    site: Positions
    walk: Array
    is_within: Mask
    party: Positions
    first: Positions
    size: Array
    must_go: Mask
    must_be_covered: Mask
    is_possible: bool

    @property
    def parties(self) -> int:
        """Number of parties."""
        return len(self.size)

    @property
    def columns(self) -> int:
        """Number of columns: sites, then walks."""
        return len(self.sites) + len(self.walk)

    def amounts(self, expression: Expression) -> Array:
        """Return what each column adds to an expression, shape (columns,)."""
        of_walk = np.zeros(len(self.walk))
        for k in range(len(self.problem.needs)):
            here = self.need == k
            point, walk, within = self.point[here], self.walk[here], self.is_within[here]
            covered = expression.of_covered[k][point] + expression.of_walk[k][point] * walk
            of_walk[here] = np.where(within, covered, 0.0) + expression.of_any_walk[k][point] * walk
        return np.concatenate([expression.of_open[self.sites], of_walk])

    def choice(self, chosen: Mask) -> Choice:
        """Return the plan that some columns stand for."""
        sites = len(self.sites)
        is_open = np.zeros(len(self.problem.site_ids), dtype=bool)
        is_open[self.sites[chosen[:sites]]] = True
        if self.room.is_nearest:
            return Choice(is_open, self.room.to_the_nearest(self.problem, is_open))
        goes = chosen[sites:]
        assigned: list[Positions | None] = []
        for k, takes in enumerate(self.room.takes):
            here = goes & (self.need == k)
            places = np.full(len(self.problem.demand_ids), -1, dtype=np.intp)
            places[self.point[here]] = self.sites[self.site[here]]
            assigned.append(places if takes else None)
        return Choice(is_open, tuple(assigned))

    def chosen(self, choice: Choice) -> Mask:
        """Return the columns of a plan; people who take no room go to the nearest station."""
        goes = np.zeros(len(self.walk), dtype=bool)
        is_open = choice.is_open[self.sites]
        for k, assigned in enumerate(choice.assigned):
            here = np.flatnonzero(self.need == k)
            if assigned is not None:
                goes[here] = assigned[self.point[here]] == self.sites[self.site[here]]
            else:
                reached = here[is_open[self.site[here]]]
                _, nearest = np.unique(self.party[reached], return_index=True)
                goes[reached[nearest]] = True
        return np.concatenate([is_open, goes])

    def told(self, choice: Choice) -> SitingProblem:
        """Return the problem as objectives and constraints judge it once the plan says who goes where."""
        return self.problem if self.room.is_nearest else self.problem.as_assigned(choice.assigned)


def ground_of(problem: SitingProblem, rules: Sequence[Rows], room: Room, is_closed: Mask | None = None) -> Ground:
    """Put together who could go where under some rules; `is_closed` leaves out sites beside those excluded."""
    shut = problem.excluded if is_closed is None else problem.excluded | is_closed
    order = problem.order_of_ids
    sites = order[~shut[order]]
    column = np.full(len(order), -1, dtype=np.intp)
    column[sites] = np.arange(len(sites))
    parts = [_walks(problem, k, need, rules, room, column) for k, need in enumerate(problem.needs)]
    count = np.concatenate([part.count for part in parts])
    first = np.concatenate([[0], np.cumsum(count)])
    must_go = np.concatenate([part.must_go for part in parts])
    is_within = np.concatenate([part.is_within for part in parts])
    must_be_covered = np.concatenate([part.must_be_covered for part in parts])
    party = np.repeat(np.arange(len(count)), count)
    covered_somewhere = np.bincount(party[is_within], minlength=len(count)) > 0
    return Ground(
        problem,
        room,
        sites,
        np.repeat(np.arange(len(parts)), [len(part.point) for part in parts]),
        np.concatenate([part.point for part in parts]),
        np.concatenate([part.site for part in parts]),
        np.concatenate([part.walk for part in parts]),
        is_within,
        party,
        first,
        np.concatenate([part.size for part in parts]),
        must_go,
        must_be_covered,
        bool(np.all(count[must_go] > 0) and np.all(covered_somewhere[must_be_covered])),
    )


@dataclass(frozen=True, eq=False)
class _Walks:
    """The walks of one need, and its parties."""

    point: Positions
    site: Positions
    walk: Array
    is_within: Mask
    count: Positions
    size: Array
    must_go: Mask
    must_be_covered: Mask


def _walks(
    problem: SitingProblem, k: int, need: NeedWalks, rules: Sequence[Rows], room: Room, column: Positions
) -> _Walks:
    points = len(need.people)
    covered = np.any([rule.covered[k] for rule in rules] or [np.zeros(points, dtype=bool)], axis=0)
    furthest = np.fmin.reduce([rule.reached[k] for rule in rules] or [np.full(points, np.nan)])
    must_go = ~np.isnan(furthest)
    counts = (need.people > 0) | covered | must_go
    row = np.repeat(np.arange(points), np.diff(need.walk.indptr))
    walk, site = need.walk.data.astype(np.float64), column[need.walk.indices]
    usable = room.usable(need) if room.takes[k] else np.ones(len(walk), dtype=bool)
    usable = usable & (site >= 0) & counts[row] & ~(walk > furthest[row])
    size = np.where(need.people > 0, need.takes, 0.0) if room.takes[k] else np.zeros(points)
    if room.takes[k] and not room.is_nearest:
        usable &= size[row] <= room.capacity[need.walk.indices] + 1e-6
    rank = np.empty(points, dtype=np.intp)
    by_id = in_order(problem.demand_ids)
    rank[by_id] = np.arange(points)
    order = np.lexsort((site[usable], walk[usable], rank[row[usable]]))
    place = np.flatnonzero(usable)[order]
    is_party = counts[by_id]
    per_point = np.bincount(row[place], minlength=points)[by_id]
    return _Walks(
        row[place],
        site[place],
        walk[place],
        need.covers(need.walk.data)[place],
        per_point[is_party],
        size[by_id][is_party],
        must_go[by_id][is_party],
        covered[by_id][is_party],
    )


def matrix_of(
    rows: Sequence[Positions], columns: Sequence[Positions], values: Sequence[Array], shape: tuple[int, int]
) -> sparse.csr_array:
    """Return a sparse matrix from parts."""
    parts = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(sparse.coo_array(parts, shape=shape))
