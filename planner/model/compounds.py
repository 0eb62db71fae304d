"""Compounds with a boundary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault, TableError
from planner.model.notes import Note

#: A walled compound lies within another where this share of its area does.
WITHIN_SHARE = 0.99


def passing_names(table: pd.DataFrame) -> pd.Series:
    """Return the compound whose paths and gates each row uses: `walled_in` where stated, else `compound`."""
    if "walled_in" not in table.columns:
        return table["compound"]
    return table["walled_in"].where(table["walled_in"].notna(), table["compound"])


@dataclass(frozen=True, eq=False)
class Compounds:
    """Boundaries of compounds: nobody walks through the wall of a walled one.

    Parameters
    ----------
    table : GeoDataFrame, index `compound` (unique names), geometry polygons in a metric system
        Column `walled` (bool, True where missing).
    notes : tuple of Note

    Raises
    ------
    CrsError
        If the table declares no metric system.
    TableError
        If a name is repeated or a geometry is no polygon; with every such row.
    """

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        table = self.table.copy()
        if table.crs is None or not table.crs.is_projected:
            raise CrsError(
                Text("小区边界须在以米为单位的坐标系中。", "Compounds must be in a metric coordinate system.")
            )
        table.index = table.index.astype(str).rename("compound")
        polygonal = np.isin(shapely.get_type_id(table.geometry.to_numpy()), (3, 6))
        wrong = np.flatnonzero(~polygonal | table.index.duplicated(keep=False))
        if len(wrong):
            expected = Text("一个面，名称不重复", "a polygon, each name once")
            faults = [
                Fault("compounds", same(table.index[place]), expected, int(place) + 2, "compound") for place in wrong
            ]
            raise TableError(Text("小区边界不可用。", "The compounds cannot be used."), faults)
        walled = table.get("walled", pd.Series(True, index=table.index)).astype(bool)
        object.__setattr__(self, "table", table.assign(walled=walled))

    @property
    def walled(self) -> gpd.GeoSeries:
        """The polygons of the walled compounds, in order of their names."""
        return self.table.geometry[self.table["walled"].to_numpy(dtype=np.bool_)].sort_index()

    @property
    def names(self) -> npt.NDArray[np.object_]:
        """The names of all compounds."""
        return self.table.index.to_numpy(dtype=object)

    @cached_property
    def outer_of(self) -> dict[str, str]:
        """The walled compound around each walled one that lies wholly within another, by name: the outermost."""
        walled = self.walled
        walled = walled.iloc[np.argsort(-walled.area, kind="stable")]
        one, other = walled.sindex.query(walled, predicate="intersects")
        one, other = one[other < one], other[other < one]
        shapes = walled.to_numpy()
        shared_m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
        within = shared_m2 >= WITHIN_SHARE * shapely.area(shapes[one])
        outer = np.arange(len(walled))
        for inner, around in sorted(zip(one[within].tolist(), other[within].tolist(), strict=True), reverse=True):
            outer[inner] = around
        for inner in range(len(walled)):
            outer[inner] = outer[outer[inner]]
        names = walled.index.tolist()
        return {names[k]: names[around] for k, around in enumerate(outer.tolist()) if around != k}

    @property
    def enclosing(self) -> gpd.GeoSeries:
        """The polygons of the walled compounds that lie in no other, in order of their names."""
        walled = self.walled
        return walled[~walled.index.isin(list(self.outer_of))]

    def passing(self, names: pd.Series) -> pd.Series:
        """Return the compounds whose paths and gates the people of compounds use: the outer one for an inner one."""
        return names.map(lambda name: self.outer_of.get(name, name))

    def without(self, names: tuple[str, ...]) -> Compounds:
        """Return the other compounds, without those that lie in one of these either."""
        gone = {*names, *(inner for inner, outer in self.outer_of.items() if outer in names)}
        return Compounds(self.table[~self.table.index.isin(list(gone))])

    def __len__(self) -> int:
        return len(self.table)
