"""Management grids, and which homes lie in which."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text
from planner.config import PlanConfig
from planner.loading.layers import open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import repair_polygons, require_areas
from planner.model import Areas, Demand, Note
from planner.schema import grids_contract


def load_grids(config: PlanConfig, crs: CRS) -> Areas | None:
    """Load the management grids; None where the plan has no [grids].

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    if config.grids is None:
        return None
    layer = open_layer(read_raw(config, config.grids), "grids", "grids", crs, config.grids.crs, config.grids.columns)
    repair_polygons(layer)
    require_areas(layer)
    layer.name_rows()
    layer.check(grids_contract())
    layer.refuse_faults()
    return Areas("grid", layer.indexed(), tuple(layer.notes))


def assign_grids(demand: Demand, grids: Areas | None) -> Demand:
    """Give every home its grid: by the name in its own row, otherwise by the polygon its point lies in.

    A home in two grids or in none gets none, and is noted; so are grids that the layer does not know.

    Parameters
    ----------
    demand : Demand
    grids : Areas or None
        Without grids the demand is returned as it is.

    Returns
    -------
    Demand
        Column `grid` holds ids of `grids`, None where unknown.
    """
    if grids is None:
        return demand
    stated = "grid" in demand.table.columns
    found, notes = _by_name(demand, grids) if stated else _by_place(demand, grids)
    table = demand.table.copy()
    table["grid"] = found
    return dataclasses.replace(demand, table=table, notes=demand.notes + notes)


def _by_name(demand: Demand, grids: Areas) -> tuple[pd.Series, tuple[Note, ...]]:
    """Grids may be named by id or by name; a name that two grids share names none."""
    names = grids.table["name"] if "name" in grids.table else pd.Series(dtype=object)
    unique = names[~names.duplicated(keep=False)]
    ids = {str(name): str(area) for area, name in unique.items()} | {str(area): str(area) for area in grids.table.index}
    stated = demand.table["grid"]
    found = pd.Series([ids.get(str(word)) for word in stated.tolist()], index=stated.index, dtype=object)
    unknown = sorted({str(word) for word in stated[found.isna() & stated.notna()]})
    notes = []
    if unknown:
        words = Text(
            "{file}：网格图层中没有 {names}；这些需求点不计入任何网格。",
            "{file}: the grid layer does not know {names}; these homes count in no grid.",
        ).format(file=demand.source, names=Text("、".join(unknown[:10]), ", ".join(unknown[:10])))
        notes.append(Note("grids.unknown", "warning", words, tuple(unknown[:5])))
    blank = stated.index[stated.isna()]
    if len(blank):
        words = Text("{file}：{n} 个需求点没有写明网格。", "{file}: {n} homes name no grid.")
        filled = words.format(file=demand.source, n=len(blank))
        notes.append(Note("grids.not_stated", "warning", filled, tuple(sorted(map(str, blank))[:5])))
    return found, tuple(notes)


def _by_place(demand: Demand, grids: Areas) -> tuple[pd.Series, tuple[Note, ...]]:
    home, area = grids.table.sindex.query(demand.table.geometry, predicate="intersects")
    inside = np.bincount(home, minlength=len(demand))
    ids = grids.table.index.to_numpy(dtype=object)
    only = np.full(len(demand), None, dtype=object)
    once = inside[home] == 1
    only[home[once]] = ids[area[once]]
    found = pd.Series(only, index=demand.table.index, dtype=object)
    places = (
        (inside > 1, "grids.overlap", Text("同时落在两个以上网格中", "lie in two grids or more")),
        (inside == 0, "grids.outside", Text("不在任何网格中", "lie in no grid")),
    )
    notes = tuple(_place_note(demand, where, code, what) for where, code, what in places if where.any())
    return found, notes


def _place_note(demand: Demand, where: np.ndarray, code: str, what: Text) -> Note:
    homes = sorted(demand.table.index[where])
    words = Text("{n} 个需求点{what}，不计入任何网格。", "{n} homes {what} and count in none.").format(
        n=len(homes), what=what
    )
    return Note(code, "warning", words, tuple(homes[:5]))
