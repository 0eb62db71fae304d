"""The cheapest single thing that would bring each uncovered home within the standard."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text
from planner.coverage.alternatives import Alternatives
from planner.coverage.measures import NeedCoverage
from planner.model import CandidateSites, WalkingCosts
from planner.model.figures import money, people


class _Remedy(NamedTuple):
    """A closed site, or a change of the streets, and whom it would bring within the standard."""

    what: str
    ident: str
    name: str
    cost_cny: float
    homes: pd.Index
    people: float

    @property
    def rank(self) -> tuple[float, float, str, str]:
        """The cheapest first, then whoever helps most people; an unknown cost comes last."""
        return (math.inf if math.isnan(self.cost_cny) else self.cost_cny, -self.people, self.what, self.ident)


def find_remedies(
    measured: NeedCoverage,
    sites: CandidateSites,
    costs: WalkingCosts,
    open_sites: tuple[str, ...],
    alternatives: Alternatives | None = None,
    number: int = 1,
) -> pd.DataFrame:
    """Return for each home that is not covered what would cover it by itself, beside the open stations.

    Parameters
    ----------
    measured : NeedCoverage
        With the open stations.
    sites : CandidateSites
    costs : WalkingCosts
        Of the need, within its standard.
    open_sites : tuple of str
    alternatives : Alternatives, optional
        Changes of the streets that were measured with these stations; those that the plan makes already are left out.
    number : int
        Of the need, from 1.

    Returns
    -------
    DataFrame, index `demand_id`
        One row for each demand point with people that is not covered: `remedy` (`site`, `change` or `none`),
        `remedy_id`, `remedy_name`, `remedy_cost_cny`, and `remedy_people`: people whom it would cover in all.
    """
    table = measured.table
    left = table.index[~table["covered"] & (table["people"] > 0)].sort_values()
    known = [*_sites(measured, sites, costs, open_sites), *_changes(measured, alternatives, number)]
    known.sort(key=lambda remedy: remedy.rank)
    rows = {home: _row(None) for home in left}
    for remedy in reversed(known):
        for home in remedy.homes:
            rows[home] = _row(remedy)
    columns = ["remedy", "remedy_id", "remedy_name", "remedy_cost_cny", "remedy_people"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("demand_id")


def _row(remedy: _Remedy | None) -> tuple[str, str | None, str | None, float, float]:
    if remedy is None:
        return "none", None, None, math.nan, math.nan
    return remedy.what, remedy.ident, remedy.name, remedy.cost_cny, remedy.people


def _sites(
    measured: NeedCoverage, sites: CandidateSites, costs: WalkingCosts, open_sites: tuple[str, ...]
) -> Iterator[_Remedy]:
    """Look at each closed site that may be open beside the others and offers what is needed."""
    table, costs_cny = sites.table, sites.stated_costs
    usable = sites.offering(measured.need.function) & ~sites.with_status("excluded") & ~table.index.isin(open_sites)
    usable &= ~_replacing(sites, open_sites)
    by_site = costs.walk.tocsc()
    places = pd.Series(np.arange(len(costs.destinations)), index=costs.destinations)
    for site, told in table[usable].iterrows():
        column = int(places[site])
        pairs = slice(by_site.indptr[column], by_site.indptr[column + 1])
        near = by_site.indices[pairs][measured.need.standard.met_by(by_site.data[pairs])]
        cost_cny = 0.0 if told["status"] in ("existing", "under_construction") else float(costs_cny[site])
        yield _remedy(measured, "site", str(site), str(told["name"]), cost_cny, costs.origins[np.sort(near)])


def _replacing(sites: CandidateSites, open_sites: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Whether each site takes the place of an open station: it would not stand beside it."""
    is_open = sites.table.index.isin(open_sites)
    replaced = sites.replaced_places() or ((),) * len(sites.table)
    return np.array([bool(is_open[list(places)].any()) for places in replaced], dtype=bool)


def _changes(measured: NeedCoverage, alternatives: Alternatives | None, number: int) -> Iterator[_Remedy]:
    if alternatives is None:
        return
    for ident, homes in alternatives.reached.items():
        told = alternatives.table.loc[[ident]]
        cost_cny = float(told["cost_cny"].iloc[0])
        yield _remedy(measured, "change", ident, str(told["name"].iloc[0]), cost_cny, homes[number - 1])


def _remedy(measured: NeedCoverage, what: str, ident: str, name: str, cost_cny: float, near: pd.Index) -> _Remedy:
    table = measured.table
    newly = table[table.index.isin(near) & ~table["covered"] & (table["people"] > 0)]
    return _Remedy(what, ident, name, cost_cny, newly.index, math.fsum(newly["people"]))


def remedy_in_words(remedy: pd.Series) -> Text:
    """Return a row of `find_remedies` in words: what would cover a home by itself, its cost and whom it helps."""
    if remedy["remedy"] == "none":
        return Text("没有候选点或路网变更能使其达标", "no candidate or change of the streets reaches it")
    cost_cny = float(remedy["remedy_cost_cny"])
    words = Text("{name}（{cost}，共新增覆盖 {people} 人）", "{name} ({cost}; {people} people more in all)")
    cost = Text("费用未知", "cost not known") if math.isnan(cost_cny) else money(cost_cny)
    return words.format(name=remedy["remedy_name"], cost=cost, people=people(float(remedy["remedy_people"])))
