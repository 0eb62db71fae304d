"""Where sites and demand points lie and what sites are worth, of a plan or as the user brings it: matched by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Areas, CandidateSites, Demand

#: Levels of areas that a constraint may speak of.
LEVELS = ("grid", "community")

#: Columns of the sites' table that are numbers and no score.
_NO_SCORES = ("cost_cny", "closing_cost_cny", "geometry")

_SHOWN = 20

_Lying = dict[str, npt.NDArray[np.object_]]
_Names = tuple[str, ...]


class Places(TypedDict):
    """What a `SitingProblem` knows of places; see there."""

    site_xy_m: npt.NDArray[np.float64] | None
    site_areas: Mapping[str, npt.NDArray[np.object_]]
    demand_areas: Mapping[str, npt.NDArray[np.object_]]
    area_ids: Mapping[str, tuple[str, ...]]
    site_scores: Mapping[str, npt.NDArray[np.float64]]


def places_of(demand: Demand, sites: CandidateSites, grids: Areas | None) -> Places:
    """Return the places of a plan: a site lies in the grid whose polygon it stands in, and in that grid's community."""
    of_sites, of_demand, every = _areas(demand, sites, grids)
    scores = {str(name): score for name in sites.table if (score := _score(sites.table, str(name))) is not None}
    return Places(
        site_xy_m=sites.table.geometry.get_coordinates().to_numpy(dtype=np.float64).reshape(-1, 2),
        site_areas=of_sites,
        demand_areas=of_demand,
        area_ids=every,
        site_scores=scores,
    )


def _areas(demand: Demand, sites: CandidateSites, grids: Areas | None) -> tuple[_Lying, _Lying, dict[str, _Names]]:
    """Return where sites and homes lie, and every area; communities stated in both tables where no grid names one."""
    of_sites: _Lying = {}
    of_demand: _Lying = {}
    every: dict[str, _Names] = {}
    if grids is not None and "grid" in demand.table:
        of_sites["grid"], of_demand["grid"] = grids.containing(sites.table.geometry), _words(demand.table["grid"])
        every["grid"] = tuple(map(str, grids.table.index))
    if grids is not None and "grid" in of_sites and "community" in grids.table:
        community = grids.table["community"].to_dict()
        every["community"] = tuple(sorted({str(name) for name in community.values() if not pd.isna(name)}))
        for found in (of_sites, of_demand):
            found["community"] = _words(pd.Series(found["grid"], dtype=object).map(community))
    elif "community" in sites.table and "community" in demand.table:
        for found, table in ((of_sites, sites.table), (of_demand, demand.table)):
            found["community"] = _words(table["community"])
    return of_sites, of_demand, every


def _words(given: pd.Series) -> npt.NDArray[np.object_]:
    return np.array([None if pd.isna(word) else str(word) for word in given], dtype=object)


def _score(table: pd.DataFrame, name: str) -> npt.NDArray[np.float64] | None:
    """Return a column as numbers, None if it holds anything else."""
    if name in _NO_SCORES or pd.api.types.is_bool_dtype(table[name]):
        return None
    numbers = pd.to_numeric(table[name], errors="coerce")
    usable = numbers.notna().any() and bool((numbers.notna() | table[name].isna()).all())
    return numbers.to_numpy(dtype=np.float64) if usable else None


def read_places(given: Mapping[str, Any], demand_ids: pd.Index, site_ids: pd.Index, faults: list[Fault]) -> Places:
    """Check what the user brought beside the walks; faults are added to those of the matrix."""
    xy = given.get("site_xy_m")
    areas = {
        key: {
            str(level): _labels(values, ids, f"{key}[{level!r}]", faults)
            for level, values in _table(given.get(key), key, faults, LEVELS).items()
        }
        for key, ids in (("site_areas", site_ids), ("demand_areas", demand_ids))
    }
    scores = {
        str(name): read_numbers(values, site_ids, f"site_scores[{name!r}]", faults)
        for name, values in _table(given.get("site_scores"), "site_scores", faults).items()
    }
    return Places(
        site_xy_m=None if xy is None else _points(xy, site_ids, faults),
        site_areas=areas["site_areas"],
        demand_areas=areas["demand_areas"],
        area_ids={},
        site_scores=scores,
    )


def _table(given: Any, key: str, faults: list[Fault], known: tuple[str, ...] = ()) -> Mapping[Any, Any]:
    if given is None:
        return {}
    if not isinstance(given, (Mapping, pd.DataFrame)):
        faults.append(Fault(key, same(repr(given)[:80]), Text("按名称的表", "a mapping by name")))
        return {}
    faults += [Fault(key, same(repr(name)), same(" | ".join(known))) for name in given if known and name not in known]
    return {name: given[name] for name in given if not known or name in known}


def _on_ids(given: Any, ids: pd.Index, key: str, faults: list[Fault]) -> Any:
    """Return one value for each id: a Series or DataFrame by id, anything else by position; None with a fault."""
    if isinstance(given, (pd.Series, pd.DataFrame)) and not isinstance(ids, pd.RangeIndex):
        missing = ids.difference(given.index, sort=False)
        if len(missing) or given.index.has_duplicates:
            told = ", ".join(map(str, (*missing, *given.index[given.index.duplicated()])[:5]))
            found = Text("缺少或重复的编号 {ids}", "ids missing or repeated: {ids}").format(ids=told)
            faults.append(Fault(key, found, Text("每个编号一个值", "one value for each id")))
            return None
        given = given.reindex(ids)
    values = np.asarray(given, dtype=object)
    if values.shape[:1] != (len(ids),):
        faults.append(Fault(key, same(values.shape), same((len(ids),))))
        return None
    return values


def _labels(given: Any, ids: pd.Index, key: str, faults: list[Fault]) -> npt.NDArray[np.object_]:
    values = _on_ids(given, ids, key, faults)
    if values is None or values.ndim != 1:
        return np.full(len(ids), None, dtype=object)
    return _words(pd.Series(values, dtype=object))


def read_numbers(given: Any, ids: pd.Index, key: str, faults: list[Fault]) -> npt.NDArray[np.float64]:
    """Return numbers; a missing one stays NaN."""
    values = _on_ids(given, ids, key, faults)
    try:
        return np.full(len(ids), np.nan) if values is None else values.astype(np.float64).reshape(len(ids))
    except (TypeError, ValueError) as error:
        faults.append(Fault(key, same(error), Text("数字", "numbers")))
        return np.full(len(ids), np.nan)


def _points(given: Any, ids: pd.Index, faults: list[Fault]) -> npt.NDArray[np.float64]:
    values = _on_ids(given, ids, "site_xy_m", faults)
    nowhere = np.zeros((len(ids), 2))
    if values is None:
        return nowhere
    try:
        points = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        faults.append(Fault("site_xy_m", same(error), Text("数字，米", "numbers, metres")))
        return nowhere
    if points.shape != (len(ids), 2):
        faults.append(Fault("site_xy_m", same(points.shape), same((len(ids), 2))))
        return nowhere
    unusable = np.flatnonzero(~np.isfinite(points).all(axis=1))
    expected = Text("有限的数，米", "finite numbers, metres")
    faults += [Fault(f"site_xy_m[{place}]", same(points[place]), expected) for place in unusable[:_SHOWN]]
    return points
