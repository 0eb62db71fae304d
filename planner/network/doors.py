"""Gates while compounds are enclosed: known ones, those that changes bring, and those that are assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.model import Compounds, Gates
from planner.network.passages import GATE_REACH_M
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Doors(NamedTuple):
    """Gates as arrays: known ones sorted by id, then those that are assumed.

    Parameters
    ----------
    table : GeoDataFrame
        As in `Gates`.
    compound : array of object, shape (gates,)
    xy : array of float64, shape (gates, 2)
    brought : array of bool, shape (gates,)
        Whether a change of the streets brought the gate.
    """

    table: gpd.GeoDataFrame
    compound: npt.NDArray[np.object_]
    xy: Floats
    brought: Bools

    @classmethod
    def of(cls, gates: Gates) -> Doors:
        """Return gates as arrays, in their order."""
        table = gates.table
        brought = table.get("from_change", pd.Series(None, index=table.index, dtype=object)).notna()
        return cls(table, gates.compounds, gates_xy(gates), brought.to_numpy(dtype=np.bool_))

    def only(self, chosen: Bools) -> Doors:
        """Return some of them."""
        return Doors(self.table[chosen], self.compound[chosen], self.xy[chosen], self.brought[chosen])

    def and_assumed(self, made: list[gpd.GeoDataFrame]) -> Doors:
        """Return them and others that are assumed."""
        if not sum(map(len, made)):
            return self
        table = pd.concat([self.table, *made])
        return Doors.of(Gates(gpd.GeoDataFrame(table, geometry="geometry", crs=self.table.crs)))


def known_doors(network: WalkNetwork, gates: Gates | None) -> Doors:
    """Return the known gates in the network's system."""
    if gates is None:
        columns: dict[str, Any] = {"compound": [], "name": [], "open": [], "admits_outsiders": [], "assumed": []}
        nowhere = gpd.GeoSeries([], crs=network.crs)
        gates = Gates(gpd.GeoDataFrame(columns, geometry=nowhere))
    return Doors.of(Gates(gates.table.to_crs(network.crs).sort_index()))


def gates_of_outer(gates: Gates | None, compounds: Compounds | None) -> Gates | None:
    """Give the gates of a compound within another to the outer one, where they stand at its wall.

    The others lead from one part of the outer compound to another: nobody needs them.
    """
    if gates is None or compounds is None or not compounds.outer_of:
        return gates
    table, walls = gates.table, compounds.enclosing.boundary.to_crs(gates.table.crs)
    outer = table["compound"].map(compounds.outer_of)
    at_wall = [
        name in walls.index and walls[name].distance(place) <= GATE_REACH_M
        for name, place in zip(outer, table.geometry, strict=True)
    ]
    return replace(gates, table=table.assign(walled_in=outer.astype(object).where(at_wall, None)))


def gates_xy(gates: Gates) -> Floats:
    """Return where gates are, shape (gates, 2)."""
    return np.column_stack([gates.table.geometry.x, gates.table.geometry.y])


def assumed_gates(name: str, places: Floats, network: WalkNetwork) -> gpd.GeoDataFrame:
    """Return pseudo-gates of a compound as rows of a table of gates."""
    count = len(places)
    return gpd.GeoDataFrame(
        {"compound": [name] * count, "name": [f"{name} ({k})" for k in range(1, count + 1)]}
        | {column: np.ones(count, dtype=np.bool_) for column in ("open", "admits_outsiders", "assumed")},
        index=pd.Index([f"assumed {name} {k}" for k in range(1, count + 1)], dtype=object),
        geometry=gpd.points_from_xy(*places.T),
        crs=network.crs,
    )
