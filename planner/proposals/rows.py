"""Proposals as rows of a table of sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import geopandas as gpd
import numpy as np

from planner.config import ProposalsConfig
from planner.model import ANY_FUNCTION
from planner.proposals.places import PATH, site_rows
from planner.study import Study


def proposal_rows(
    study: Study, settings: ProposalsConfig, places: gpd.GeoDataFrame | None = None, added: Sequence[float] = ()
) -> gpd.GeoDataFrame:
    """Return the rows of a table of sites for the places proposed, in their order.

    Columns beside those of every site: `proposed` (True), `proposed_at` (`building` or `path`) and `proposed_people`,
    whom the place adds to the stations of today and to the proposals before it, by the weight of the needs.
    """
    if places is None:
        places = site_rows(np.empty((0, 2)), study).assign(rank=0)
    rows = places.drop(columns="rank").copy()
    ids = _free_ids(set(study.sites.table.index))
    rows.index = rows.index.map(dict(zip(rows.index, ids, strict=False))).astype(object).rename("site_id")
    rows["name"] = [f"建议点 {name[1:]} / proposal {name[1:]}" for name in rows.index]
    rows["cost_cny"] = settings.cost_cny or 0.0
    rows["functions"] = ";".join(dict.fromkeys([ANY_FUNCTION, *sorted(need.function for need in study.needs)]))
    for area in ("floor_area_m2", "site_area_m2"):
        rows[area] = np.nan
    rows["acquisition"] = None
    rows["proposed"] = np.ones(len(rows), dtype=bool)
    rows["proposed_at"] = np.where(places["rank"] == PATH, "path", "building").astype(object)
    rows["proposed_people"] = np.array(added, dtype=np.float64)
    return rows


def _free_ids(taken: set[str]) -> Iterator[str]:
    return (f"P{number}" for number in count(1) if f"P{number}" not in taken)
