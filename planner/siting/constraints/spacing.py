"""Stations that do not stand too close to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from planner.bilingual import Text
from planner.errors import Fault
from planner.model import Note
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.parameters import amount_fault, missing_fault, require
from planner.siting.problem import Mask, SitingProblem

Pairs = npt.NDArray[np.intp]

#: Less than this much too close is rounding: a micrometre.
_ROUNDING_M = 1e-6

_SHOWN = 20


@dataclass(frozen=True)
class Spacing(Constraint):
    """Any two open stations are at least so far apart, in a straight line.

    Stations that exist or are under construction may stand closer to each other: that is noted and left alone, also
    where one of them is expanded. Every other new station keeps the distance to all others.

    Parameters
    ----------
    min_m : float
        Metres; exactly this far is far enough.

    Raises
    ------
    PlanFileError
        If `min_m` is no number of 0 or more.
    """

    min_m: float | None = None

    name: ClassVar[str] = "spacing"
    label: ClassVar[Text] = Text("驿站间距", "distance between stations")

    def __post_init__(self) -> None:
        require(f"constraints.{self.name}", [missing_fault("min_m", self.min_m), amount_fault("min_m", self.min_m)])

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the coordinates if the problem has none."""
        if problem.site_xy_m is None:
            expected = Text("站点坐标 site_xy_m，米", "the coordinates of the sites, site_xy_m, metres")
            yield Fault(f"constraints.{self.name}", Text("没有坐标", "no coordinates"), expected, column="min_m")

    def _close(self, problem: SitingProblem) -> Pairs:
        """Return the pairs of sites that stand too close, both of which a plan may open; shape (pairs, 2)."""
        assert problem.site_xy_m is not None
        usable = np.flatnonzero(~problem.excluded)
        points, limit = problem.site_xy_m[usable], float(self.min_m or 0.0) - _ROUNDING_M
        if limit <= 0 or len(points) < 2:
            return np.empty((0, 2), dtype=np.intp)
        pairs = cKDTree(points).query_pairs(limit, output_type="ndarray")
        apart = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
        return usable[pairs[apart < limit]]

    def _forbidden(self, problem: SitingProblem) -> Pairs:
        """Return the pairs that no plan opens together: one of the two is new where no station of today stands."""
        pairs = self._close(problem)
        if problem.action is None or "expand" not in problem.action[pairs]:
            return pairs[problem.new[pairs].any(axis=1)]
        today = _pairs_of_today(pairs[~problem.new[pairs].any(axis=1)])
        stands_for = _stands_for(problem)
        is_old = np.array(
            [not today.isdisjoint(_between(stands_for[one], stands_for[other])) for one, other in pairs.tolist()],
            dtype=bool,
        )
        return pairs[problem.new[pairs].any(axis=1) & ~is_old]

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether no two open stations, one of them new, stand too close."""
        return not is_open[self._forbidden(problem)].all(axis=1).any()

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row for each group of sites too close to all others of it: one of them at most is open.

        Groups instead of pairs make the linear relaxation tighter.
        """
        groups = cliques(self._forbidden(problem), np.argsort(problem.order_of_ids))
        row = np.repeat(np.arange(len(groups)), np.array([len(group) for group in groups], dtype=np.intp))
        column = np.array([site for group in groups for site in group], dtype=np.intp)
        shape = (len(groups), len(problem.site_ids))
        return Rows.stacked(problem, sparse.csr_array((np.ones(len(column)), (row, column)), shape=shape), -np.inf, 1.0)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how far apart stations must be."""
        return Text("spacing 要求驿站相距至少 {m} 米", "spacing keeps stations {m} m apart").format(m=f"{self.min_m:g}")

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the pairs that every plan opens and that stand too close."""
        pairs = self._forbidden(problem)
        for pair in _named(problem, pairs[problem.always_open[pairs].all(axis=1)])[:_SHOWN]:
            expected = Text("相距至少 {m} 米", "at least {m} m apart").format(m=f"{self.min_m:g}")
            yield Fault(pair, Text("必开而相距过近", "both open in every plan, and too close"), expected)

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Return the stations of today that stand closer and are left alone."""
        pairs = self._close(problem)
        left = _named(problem, pairs[~problem.new[pairs].any(axis=1)])
        if not left:
            return ()
        text = Text(
            "{n} 对现有或在建驿站相距不足 {m} 米；spacing 不改变它们。",
            "{n} pairs of stations that exist or are under construction stand less than {m} m apart; "
            "spacing leaves them alone.",
        ).format(n=len(left), m=f"{self.min_m:g}")
        return (Note("siting.close_today", "warning", text, tuple(left[:_SHOWN])),)


def _stands_for(problem: SitingProblem) -> list[tuple[int, ...]]:
    """Return for each site the stations of today in whose place it stands: itself, or those that it expands."""
    replaces = problem.replaces or ((),) * len(problem.site_ids)
    expands = np.zeros(len(problem.site_ids), dtype=bool) if problem.action is None else problem.action == "expand"
    return [
        (place,) if not new else replaces[place] if expands[place] else ()
        for place, new in enumerate(problem.new.tolist())
    ]


def _between(some: tuple[int, ...], others: tuple[int, ...]) -> set[tuple[int, int]]:
    return {(one, other) for one in some for other in others}


def _pairs_of_today(pairs: Pairs) -> set[tuple[int, int]]:
    """Return the pairs of stations of today that stand too close, each in both orders."""
    return {(one, other) for pair in pairs.tolist() for one, other in (pair, pair[::-1])}


def cliques(pairs: Pairs, rank: npt.NDArray[np.intp]) -> list[list[int]]:
    """Return groups of sites all paired with each other, so that every pair lies in one; by the order of ids alone.

    Parameters
    ----------
    pairs : array of intp, shape (pairs, 2)
    rank : array of intp, shape (sites,)
        Place of each site in the order of ids.
    """
    site_at = np.argsort(rank)
    near: dict[int, set[int]] = {}
    for one, other in rank[pairs].tolist():
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    groups: list[list[int]] = []
    done: set[tuple[int, int]] = set()
    for one in sorted(near):
        for other in sorted(near[one]):
            if other < one or (one, other) in done:
                continue
            group, common = [one, other], near[one] & near[other]
            while common:
                group.append(min(common))
                common &= near[group[-1]]
            group.sort()
            done.update((low, high) for place, low in enumerate(group) for high in group[place + 1 :])
            groups.append([int(site_at[place]) for place in group])
    return groups


def _named(problem: SitingProblem, pairs: Pairs) -> list[str]:
    """Return pairs of sites as text, in order of id."""
    rank = np.argsort(problem.order_of_ids)
    ordered = sorted(sorted(pair, key=lambda site: rank[site]) for pair in pairs.tolist())
    ordered.sort(key=lambda pair: [rank[site] for site in pair])
    return [" – ".join(str(problem.site_ids[site]) for site in pair) for pair in ordered]
