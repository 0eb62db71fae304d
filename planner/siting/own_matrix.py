"""Walks that come as a matrix: checked, and matched by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from planner.bilingual import Text, same
from planner.errors import Fault, InputError
from planner.model import WalkingCosts
from planner.siting.own_actions import read_replaces
from planner.siting.own_places import Places, read_numbers, read_places

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: So many faults of one kind are listed; the rest are counted.
_SHOWN = 20


@dataclass(frozen=True, eq=False)
class OwnMatrix:
    """What the user brought, checked."""

    demand_ids: pd.Index
    site_ids: pd.Index
    walk: sparse.csr_array
    people: Array
    cost_cny: Array
    capacity: Array | None
    existing: Mask
    load: Array | None
    closing_cost_cny: Array | None
    replaces: tuple[tuple[int, ...], ...] | None
    places: Places


def read(
    walk: Any,
    people: Any,
    max_walk: float,
    cost_cny: Any,
    capacity: Any,
    existing: Any,
    load: Any,
    closing_cost_cny: Any,
    replaces: Any,
    places: Mapping[str, Any],
) -> OwnMatrix:
    """Check what the user brought; see `SitingProblem.from_costs`.

    Raises
    ------
    InputError
        With every fault at once.
    """
    faults: list[Fault] = []
    matrix = _matrix(walk, faults)
    rows, columns = matrix.shape
    named = isinstance(walk, pd.DataFrame)
    demand_ids = walk.index if named else pd.RangeIndex(rows, name="demand_id")
    site_ids = walk.columns if named else pd.RangeIndex(columns, name="site_id")
    _refuse_repeated(demand_ids, "walk.index", faults)
    _refuse_repeated(site_ids, "walk.columns", faults)
    if not isinstance(max_walk, (int, float, np.number)) or not max_walk >= 0:
        faults.append(Fault("max_walk", same(repr(max_walk)), Text("不小于 0 的数", "a number of 0 or more")))
    is_existing = _existing(existing, site_ids, faults)
    checked = OwnMatrix(
        demand_ids,
        site_ids,
        matrix,
        _amounts(people, demand_ids, "people", named, faults),
        np.full(columns, np.nan) if cost_cny is None else _amounts(cost_cny, site_ids, "cost_cny", named, faults),
        None if capacity is None else _amounts(capacity, site_ids, "capacity", named, faults),
        is_existing,
        None if load is None else _amounts(load, demand_ids, "load", named, faults),
        None if closing_cost_cny is None else read_numbers(closing_cost_cny, site_ids, "closing_cost_cny", faults),
        read_replaces(replaces, is_existing, lambda one: _place(one, site_ids), faults),
        read_places(places, demand_ids, site_ids, faults),
    )
    if faults:
        raise InputError(Text("步行矩阵不可用。", "The matrix of walks cannot be used."), faults)
    return checked


def matched(costs: WalkingCosts, demand_ids: pd.Index, site_ids: pd.Index, usable: Mask) -> sparse.csr_array:
    """Return walking costs on other ids' order, only for usable sites; explicit zeros stay."""
    row = demand_ids.get_indexer(costs.origins)
    column = site_ids.get_indexer(costs.destinations)
    pairs = costs.walk.tocoo()
    rows, columns = row[pairs.coords[0]], column[pairs.coords[1]]
    kept = (rows >= 0) & (columns >= 0)
    kept[kept] = usable[columns[kept]]
    return _csr(rows[kept], columns[kept], pairs.data[kept], (len(demand_ids), len(site_ids)))


def _csr(row: Any, column: Any, data: Any, shape: tuple[int, int]) -> sparse.csr_array:
    is_sorted = np.all((row[1:] > row[:-1]) | ((row[1:] == row[:-1]) & (column[1:] > column[:-1])))
    order = slice(None) if is_sorted else np.lexsort((column, row))
    first = np.zeros(shape[0] + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=shape[0]), out=first[1:])
    return sparse.csr_array((data[order], column[order], first), shape=shape)


def _matrix(walk: Any, faults: list[Fault]) -> sparse.csr_array:
    empty = sparse.csr_array((0, 0))
    try:
        as_it_is = _as_it_is(walk)
        if as_it_is is not None:
            return as_it_is
        if sparse.issparse(walk):
            pairs = walk.tocoo()
            row, column = np.asarray(pairs.row), np.asarray(pairs.col)
            data, shape = np.array(pairs.data), walk.shape
        else:
            dense = np.asarray(walk, dtype=np.float64 if isinstance(walk, pd.DataFrame) else None)
            if dense.ndim != 2 or not (np.issubdtype(dense.dtype, np.number)):
                raise ValueError(f"{dense.dtype}, {dense.ndim}-d")
            row, column = np.nonzero(np.isfinite(dense))
            data, shape = dense[row, column], dense.shape
    except (TypeError, ValueError) as error:
        faults.append(Fault("walk", same(error), Text("数值矩阵：需求点 × 站点", "numbers: demand points × sites")))
        return empty
    finite = np.isfinite(data)
    row, column, data = row[finite], column[finite], data[finite]
    negative = np.flatnonzero(data < 0)
    faults += [
        Fault(f"walk[{row[place]}, {column[place]}]", same(data[place]), Text("不小于 0", "0 or more"))
        for place in negative[:_SHOWN]
    ]
    if len(negative) > _SHOWN:
        more = Text("另有 {n} 处负值", "{n} more negative values").format(n=len(negative) - _SHOWN)
        faults.append(Fault("walk", more, Text("不小于 0", "0 or more")))
    matrix = _csr(row, column, data, shape)
    if not matrix.has_canonical_format:
        faults.append(Fault("walk", Text("重复的格子", "pairs stored twice"), Text("每对一次", "each pair once")))
    return matrix


def _as_it_is(walk: Any) -> sparse.csr_array | None:
    """Return rows of sorted sites with usable walks without a copy, None where there is something to do."""
    if not sparse.issparse(walk) or walk.format != "csr" or walk.dtype.kind not in "iuf" or walk.ndim != 2:
        return None
    matrix = sparse.csr_array((walk.data, walk.indices, walk.indptr), shape=walk.shape)
    matrix.check_format(full_check=True)
    data = matrix.data[: matrix.nnz]
    is_usable = not len(data) or (data.min() >= 0 and np.isfinite(data.max()))
    return matrix if is_usable and matrix.has_canonical_format else None


def _amounts(given: Any, ids: pd.Index, name: str, named: bool, faults: list[Fault]) -> Array:
    """Return amounts on the ids: a Series by id where there are ids, anything else by position."""
    nothing = np.zeros(len(ids))
    if named and isinstance(given, pd.Series):
        missing = ids.difference(given.index, sort=False)
        if len(missing) or given.index.has_duplicates:
            found = Text("缺少或重复的编号 {ids}", "ids missing or repeated: {ids}").format(
                ids=", ".join(map(str, (*missing, *given.index[given.index.duplicated()])[:5]))
            )
            faults.append(Fault(name, found, Text("每个编号一个值", "one value for each id")))
            return nothing
        given = given.reindex(ids)
    try:
        amounts = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        faults.append(Fault(name, same(error), Text("数字", "numbers")))
        return nothing
    if amounts.shape != (len(ids),):
        faults.append(Fault(name, same(amounts.shape), same((len(ids),))))
        return nothing
    unusable = np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0)))
    faults += [
        Fault(f"{name}[{place}]", same(amounts[place]), Text("不小于 0 的数", "a number of 0 or more"))
        for place in unusable[:_SHOWN]
    ]
    if len(unusable) > _SHOWN:
        more = Text("另有 {n} 处", "{n} more").format(n=len(unusable) - _SHOWN)
        faults.append(Fault(name, more, Text("不小于 0 的数", "a number of 0 or more")))
    return amounts


def _existing(given: Any, ids: pd.Index, faults: list[Fault]) -> Mask:
    mask = np.zeros(len(ids), dtype=bool)
    if given is None:
        return mask
    values = list(given)
    if values and all(isinstance(value, (bool, np.bool_)) for value in values):
        if len(values) != len(ids):
            faults.append(Fault("existing", same((len(values),)), same((len(ids),))))
            return mask
        return np.array(values, dtype=bool)
    for value in values:
        place = _place(value, ids)
        if place is None:
            faults.append(Fault("existing", same(value), Text("站点编号或位置", "the id or position of a site")))
        elif mask[place]:
            expected = Text("每个站点一次；0/1 须写作 bool", "each site once; a mask of 0 and 1 must be of bool")
            faults.append(Fault("existing", same(value), expected))
        else:
            mask[place] = True
    return mask


def _place(value: Any, ids: pd.Index) -> int | None:
    """Return the position of a site: an id if there is one, else a position where ids are not numbers."""
    found = ids.get_indexer(pd.Index([value]))[0] if not isinstance(value, (list, tuple, dict)) else -1
    if found >= 0:
        return int(found)
    counted = not pd.api.types.is_numeric_dtype(ids) and isinstance(value, (int, np.integer))
    return int(value) if counted and 0 <= value < len(ids) else None


def _refuse_repeated(ids: pd.Index, name: str, faults: list[Fault]) -> None:
    faults += [
        Fault(name, same(repeated), Text("每个编号只出现一次", "each id once"))
        for repeated in ids[ids.duplicated()].unique()
    ]
