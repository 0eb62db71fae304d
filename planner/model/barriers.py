"""What nobody walks across where there is no path."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault, TableError

#: What a barrier may be.
BARRIER_KINDS = ("water", "railway", "wall")


@dataclass(frozen=True, eq=False)
class Barriers:
    """Water, railways and walls: no straight line from a point to its path leads across them.

    Parameters
    ----------
    table : GeoDataFrame, geometry lines or polygons in a metric system
        A column `kind`, one of `BARRIER_KINDS`. Polygons bar at their outline. Paths that cross a barrier stay as they
        are: a bridge, a level crossing or a gate is a path.

    Raises
    ------
    CrsError
        If the table declares no metric system.
    TableError
        If a kind is unknown; with every such row.
    """

    table: gpd.GeoDataFrame

    def __post_init__(self) -> None:
        table = self.table[["kind", "geometry"]].reset_index(drop=True)
        if table.crs is None or not table.crs.is_projected:
            raise CrsError(
                Text("阻隔要素须在以米为单位的坐标系中。", "Barriers must be in a metric coordinate system.")
            )
        unknown = np.flatnonzero(~table["kind"].isin(BARRIER_KINDS))
        if len(unknown):
            expected = same(" | ".join(BARRIER_KINDS))
            faults = [
                Fault("barriers", same(table["kind"].iloc[row]), expected, int(row) + 2, "kind") for row in unknown
            ]
            raise TableError(Text("阻隔要素不可用。", "The barriers cannot be used."), faults)
        drawn = table.geometry.notna() & ~table.geometry.is_empty
        object.__setattr__(self, "table", table[drawn].reset_index(drop=True))

    @classmethod
    def of(cls, layers: dict[str, gpd.GeoSeries], crs: object) -> Barriers:
        """Return the barriers of some layers, named by their kind."""
        kind = [name for name, shapes in layers.items() for _ in range(len(shapes))]
        shapes = [shape for layer in layers.values() for shape in layer]
        return cls(gpd.GeoDataFrame({"kind": np.array(kind, dtype=object)}, geometry=gpd.GeoSeries(shapes, crs=crs)))

    def with_walls(self, walls: gpd.GeoSeries) -> Barriers:
        """Return the same barriers and more walls."""
        if not len(walls):
            return self
        kind = np.array([*self.table["kind"], *["wall"] * len(walls)], dtype=object)
        geometry = [*self.table.geometry, *walls.to_crs(self.table.crs)]
        return Barriers(gpd.GeoDataFrame({"kind": kind}, geometry=geometry, crs=self.table.crs))

    def __len__(self) -> int:
        return len(self.table)
