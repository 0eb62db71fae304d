"""Where people live and where stations stand: tables that were checked once and are not changed any more.

Each noun wraps a GeoDataFrame and copies it on the way in. Rows are matched by id, never by position.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import SupportsInt

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text, same
from planner.errors import Fault, TableError
from planner.model.notes import Note

STATUSES = ("existing", "under_construction", "required", "candidate", "excluded")

#: The function every station offers; a need for it is met by any station.
ANY_FUNCTION = "any"


@dataclass(frozen=True, eq=False)
class Demand:
    """People by group, per compound, building or raster cell.

    Parameters
    ----------
    table : GeoDataFrame, index `demand_id` (unique strings), geometry points in a metric system
        A column of people for each group in `groups` (counts ≥ 0, never missing), and, where the input has them,
        `name`, `compound`, `grid`, `community` (strings, missing allowed) and any further column of the input.
    groups : tuple of str
        The columns that count people.
    shapes : GeoSeries, optional
        Outlines to draw, on the index of the table; missing where there is only a point.
    notes : tuple of Note

    Raises
    ------
    TableError
        If the promises above do not hold.
    """

    table: gpd.GeoDataFrame
    groups: tuple[str, ...]
    shapes: gpd.GeoSeries | None = None
    notes: tuple[Note, ...] = ()
    source: str = "demand"

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", checked_points(self.table, "demand_id", self.source))
        require_columns(self.table, self.groups, self.source)
        faults = [fault for group in self.groups for fault in _count_faults(self.table[group], self.source)]
        if faults:
            raise TableError(Text("人数不可用。", "The counts of people cannot be used."), faults)
        if self.shapes is not None:
            object.__setattr__(self, "shapes", self.shapes.reindex(self.table.index).copy())

    def people(self, group: str) -> npt.NDArray[np.float64]:
        """Return the people of one group, in the order of the table.

        Raises
        ------
        TableError
            If the demand has no such group.
        """
        if group not in self.groups:
            raise TableError(
                Text("需求数据没有人群「{group}」。", "The demand has no group “{group}”.").format(group=group),
                [Fault(self.source, same(", ".join(self.groups)), same(group), column=group)],
            )
        return self.table[group].to_numpy(dtype=np.float64)

    def __len__(self) -> int:
        return len(self.table)


@dataclass(frozen=True, eq=False)
class CandidateSites:
    """Places where a station may stand, and the stations that stand already.

    Parameters
    ----------
    table : GeoDataFrame, index `site_id` (unique strings), geometry points in a metric system
        Columns `name` (str), `status` (one of `STATUSES`), `cost_cny` (float ≥ 0, CNY), `floor_area_m2` and
        `site_area_m2` (float, missing allowed, kept apart), `functions` (codes joined by ";", "any" by default),
        `acquisition` (str, missing allowed), where the input has them `action` (one of `ACTIONS`) and `replaces`
        (ids of existing stations joined by ";", missing allowed), `proposed` (bool: nobody has
        named or checked the place, the planner proposes it), and any further column of the input.
    """

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()
    source: str = "sites"

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", checked_points(self.table, "site_id", self.source))
        require_columns(self.table, ("name", "status", "cost_cny", "functions"), self.source)
        faults = _count_faults(self.table["cost_cny"], self.source)
        faults += [
            Fault(self.source, same(status), same(" | ".join(STATUSES)), _row(place), "status")
            for place, status in enumerate(self.table["status"])
            if status not in STATUSES
        ]
        if faults:
            raise TableError(Text("站点表不可用。", "The sites cannot be used."), faults)

    def offering(self, function: str) -> npt.NDArray[np.bool_]:
        """Whether each site offers a function; every station offers `any`."""
        if function == ANY_FUNCTION:
            return np.ones(len(self.table), dtype=bool)
        return np.array([function in str(codes).split(";") for codes in self.table["functions"]], dtype=bool)

    def replaced_places(self) -> tuple[tuple[int, ...], ...] | None:
        """Return the positions of the stations that each site replaces where it is opened; None where none does."""
        if "replaces" not in self.table:
            return None
        places = self.table.index.get_indexer
        return tuple(tuple(places(split_ids(ids)).tolist()) for ids in self.table["replaces"])

    def opens_from(self) -> dict[str, str]:
        """Return the name of the first phase in which a site may open, for the sites that say one."""
        said = [self.table[name].dropna() for name in ("open_from", "available_from") if name in self.table]
        return {str(site): str(phase) for column in said for site, phase in column.items()}

    def with_status(self, *statuses: str) -> npt.NDArray[np.bool_]:
        """Whether each site has one of these statuses."""
        return self.table["status"].isin(statuses).to_numpy()

    @property
    def proposed(self) -> npt.NDArray[np.bool_]:
        """Whether each site is a proposal of the planner's."""
        if "proposed" not in self.table:
            return np.zeros(len(self.table), dtype=bool)
        return np.array([said is True or said is np.True_ for said in self.table["proposed"]], dtype=bool)

    def is_proposed(self, site: str) -> bool:
        """Whether a site is a proposal of the planner's."""
        return bool(self.proposed[self.table.index.get_loc(site)])

    @property
    def stated_costs(self) -> pd.Series:
        """What each site costs, on the index of the table; NaN for proposals that nobody has priced."""
        costs = self.table["cost_cny"].astype(float)
        return costs.mask(self.proposed & (costs.to_numpy() == 0))

    def __len__(self) -> int:
        return len(self.table)


def split_ids(ids: object) -> list[str]:
    """Return ids that are joined by ";"; none where nothing is said.

    Examples
    --------
    >>> split_ids("S1;S2"), split_ids(None)
    (['S1', 'S2'], [])
    """
    return ids.split(";") if isinstance(ids, str) and ids else []


@dataclass(frozen=True, eq=False)
class Areas:
    """Administrative areas of one level, usually management grids.

    `table` is a GeoDataFrame of polygons in a metric system, index `area_id` (unique strings), with a column `name`
    and, where the input has it, `community`.
    """

    level: str
    table: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        table = self.table.copy()
        table.index = table.index.astype(str).rename("area_id")
        _refuse_repeated(table.index, self.level)
        object.__setattr__(self, "table", table)

    def containing(self, points: gpd.GeoSeries) -> npt.NDArray[np.object_]:
        """Return the id of the one area that each point lies in, None where it is none or several."""
        point, area = self.table.sindex.query(points, predicate="intersects")
        found = np.full(len(points), None, dtype=object)
        alone = np.bincount(point, minlength=len(points))[point] == 1
        found[point[alone]] = self.table.index.to_numpy(dtype=object)[area[alone]]
        return found


@dataclass(frozen=True, eq=False)
class Background:
    """What a map is drawn on: geometry in the study's metric system, nothing that is counted."""

    water: gpd.GeoSeries
    green: gpd.GeoSeries
    buildings: gpd.GeoSeries
    walls: gpd.GeoSeries
    attribution: tuple[str, ...] = field(default=())
    building_use: npt.NDArray[np.object_] | None = None
    """What each building is used for, shape (buildings,): `home`, `unfit` (a garage, a roof) or None; if known."""
    railways: gpd.GeoSeries = field(default_factory=gpd.GeoSeries)
    """Those above the ground, lines or areas."""


def checked_points(table: gpd.GeoDataFrame, index_name: str, source: str) -> gpd.GeoDataFrame:
    """Return a copy of a table of points on its ids.

    Raises
    ------
    TableError
        If it is in no metric system, an id is repeated or a geometry is no point.
    """
    checked = table.copy()
    checked.index = checked.index.astype(str).rename(index_name)
    if checked.crs is None or not checked.crs.is_projected:
        raise TableError(
            Text(
                "{source}：点须在以米为单位的坐标系中。", "{source}: points must be in a metric coordinate system."
            ).format(source=source)
        )
    _refuse_repeated(checked.index, source)
    usable = (checked.geometry.geom_type == "Point") & ~checked.geometry.is_empty
    faults = [
        Fault(source, same(str(checked.geometry.iloc[place])[:60]), Text("一个点", "a point"), _row(place), "geometry")
        for place in np.flatnonzero(~usable.to_numpy())
    ]
    if faults:
        raise TableError(Text("位置不可用。", "Positions cannot be used."), faults)
    return checked


def _refuse_repeated(index: pd.Index, source: str) -> None:
    repeated = index[index.duplicated(keep=False)]
    if len(repeated):
        faults = [
            Fault(source, same(name), Text("每个编号只出现一次", "each id once"), _row(place), str(index.name))
            for place, name in enumerate(index)
            if name in set(repeated)
        ]
        raise TableError(Text("编号重复。", "Ids are repeated."), faults)


def require_columns(table: pd.DataFrame, names: Iterable[str], source: str) -> None:
    """Refuse a table that lacks columns, naming all of them."""
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise TableError(
            Text("缺少列。", "Columns are missing."),
            [Fault(source, Text("没有这一列", "no such column"), same(name), column=name) for name in missing],
        )


def _count_faults(counts: pd.Series, source: str) -> list[Fault]:
    numbers = pd.to_numeric(counts, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    unusable = ~(np.isfinite(numbers) & (numbers >= 0))
    return [
        Fault(
            source,
            same(counts.iloc[place]),
            Text("不小于 0 的数", "a number of 0 or more"),
            _row(place),
            str(counts.name),
        )
        for place in np.flatnonzero(unusable)
    ]


def _row(place: SupportsInt) -> int:
    return int(place) + 2
