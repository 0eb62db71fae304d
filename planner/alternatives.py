"""Open this lane, or build a station: what each brings by itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.catchments import CostsBefore, WalksOnStreets
from planner.catchments.ground import measuring
from planner.coverage import MOMENTS, Alternatives
from planner.model import Need, WalkingCosts
from planner.study import Study

Bools = npt.NDArray[np.bool_]

#: Sites that a plan might open.
_MAY_OPEN = ("under_construction", "required", "candidate")


def compare_alternatives(
    study: Study, costs: tuple[WalkingCosts, ...], today: tuple[str, ...], planned: tuple[str, ...]
) -> Alternatives | None:
    """Return how many people each change of the streets, and each closed site, would bring within the standard.

    Parameters
    ----------
    study : Study
    costs : tuple of WalkingCosts
        For each need, from every demand point to every site, on the streets of the plan.
    today, planned : tuple of str
        Ids of the stations open today, and in the plan.

    Returns
    -------
    Alternatives or None
        None where the plan has no changes, or where walks are estimated without streets.
    """
    if study.changes is None or not isinstance(study.walks, WalksOnStreets):
        return None
    stations = {"today": today, "plan": planned}
    needs = [_Measured(study, need, walks, stations) for need, walks in zip(study.needs, costs, strict=True)]
    reached: dict[str, tuple[pd.Index, ...]] = {}
    rows = [*_changes(study, needs, reached), *_sites(study, needs, today, planned)]
    return Alternatives(pd.DataFrame(rows).set_index("id"), len(needs), reached)


class _Measured:
    """One need: its people, and who of them is within the standard."""

    def __init__(self, study: Study, need: Need, costs: WalkingCosts, stations: dict[str, tuple[str, ...]]) -> None:
        self.study, self.need, self.costs = study, need, costs
        people = pd.Series(study.demand.people(need.group), index=study.demand.table.index)
        self.people = people.reindex(costs.origins).to_numpy(dtype=np.float64)
        sites = study.sites.table
        offering = set(sites.index[study.sites.offering(need.function)])
        self.stations = {moment: sorted(set(ids) & offering) for moment, ids in stations.items()}
        self.offering = offering
        self.covered = {moment: self.reached(costs, moment) for moment in MOMENTS}
        self.before = self._before(sorted({site for ids in self.stations.values() for site in ids}))

    def _before(self, stations: list[str]) -> CostsBefore:
        """Return the walks to the stations alone: no other site matters where the streets change."""
        study, need = self.study, self.need
        walk = self.costs.walk[:, self.costs.destinations.get_indexer(pd.Index(stations, dtype=object))]
        known = WalkingCosts(self.costs.origins, pd.Index(stations, dtype=object), walk.tocsr(), self.costs.limit)
        return CostsBefore(
            known,
            study.network,
            study.demand.table,
            study.sites.table.loc[stations],
            measuring(need.walker, metres=not need.standard.in_minutes),
            study.config.network.max_off_path_m,
            study.gates,
            study.barriers,
            need.direction,
        )

    def reached(self, costs: WalkingCosts, moment: str) -> Bools:
        """Whether each demand point is within the standard of an open station."""
        stations = costs.destinations.get_indexer(pd.Index(self.stations[moment], dtype=object))
        return np.diff(costs.walk[:, stations].tocsr().indptr) > 0

    def to_site(self, site: str) -> Bools:
        """Whether each demand point is within the standard of a site that offers what is needed."""
        if site not in self.offering:
            return np.zeros(len(self.people), dtype=np.bool_)
        column = self.costs.walk[:, [self.costs.destinations.get_loc(site)]]
        return np.diff(column.tocsr().indptr) > 0

    def count(self, chosen: Bools) -> float:
        """Return how many people that is."""
        return math.fsum(self.people[chosen])


def _changes(study: Study, needs: list[_Measured], reached: dict[str, tuple[pd.Index, ...]]) -> list[dict[str, Any]]:
    """Compare the streets of the plan with those where one change is made, or left out; gather whom each reaches."""
    assert study.changes is not None
    on = set() if study.config.changes is None else set(study.config.changes.on)
    rows = []
    for change, told in study.changes.table.sort_index().iterrows():
        changed = study.with_changes(on ^ {str(change)})
        row = _row("change", str(change), told["name"], told["kind"], told["cost_cny"], str(change) in on)
        newly: list[pd.Index] = []
        for number, need in enumerate(needs, start=1):
            other = need.before.after(changed.network, changed.gates, changed.barriers)
            newly.append(need.costs.origins[need.reached(other, "plan") & ~need.covered["plan"]])
            for moment in MOMENTS:
                more = need.count(need.reached(other, moment)) - need.count(need.covered[moment])
                row[f"people_{moment}_{number}"] = 0.0 - more if row["is_on"] else more
        if not row["is_on"]:
            reached[str(change)] = tuple(newly)
        rows.append(row)
    return rows


def _sites(
    study: Study, needs: list[_Measured], today: tuple[str, ...], planned: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Count for each site that is closed today whom it would reach beside the stations; not for what replaces some."""
    sites = study.sites.table[study.sites.with_status(*_MAY_OPEN)].sort_index()
    costs_cny = study.sites.stated_costs
    rows = []
    replaces = [] if "replaces" not in sites else sites.index[sites["replaces"].notna()]
    for site, told in sites[~sites.index.isin([*today, *replaces])].iterrows():
        row = _row("site", str(site), told["name"], told["status"], costs_cny[site], site in planned)
        for number, need in enumerate(needs, start=1):
            reached = need.to_site(str(site))
            for moment in MOMENTS:
                row[f"people_{moment}_{number}"] = need.count(reached & ~need.covered[moment])
            if site in planned:
                row[f"people_plan_{number}"] = math.nan
        rows.append(row)
    return rows


def _row(what: str, ident: str, name: Any, kind: str, cost_cny: float, is_on: bool) -> dict[str, Any]:
    return {"id": ident, "what": what, "name": str(name), "kind": kind, "cost_cny": float(cost_cny), "is_on": is_on}
