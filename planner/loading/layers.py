"""From a file's rows to our columns, in the study's coordinates, with every fault of the file collected on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault, TableError
from planner.loading.columns import Match, Matches, match_columns
from planner.loading.coordinates import declared_crs, to_study_crs
from planner.loading.ids import made_ids, made_ids_note
from planner.loading.numbers import APPROX_LOWER, Numbers, is_blank, parse_numbers
from planner.loading.positions import position_faults
from planner.loading.raw import RawTable
from planner.loading.text import clean_text, clean_texts
from planner.model import Note
from planner.schema import EXPECTED, UNITS, TableName

if TYPE_CHECKING:
    import pandera.pandas as pa

_NUMBER_KINDS = ("count", "area_m2", "cost_cny", "duration_min", "number")


@dataclass(eq=False)
class Layer:
    """A layer being read: our columns, the input's own, positions in the study's system, and what was found so far.

    Attributes
    ----------
    table : DataFrame
        Index the row in the file. Our columns under our names, parsed; the input's others under theirs; `x`, `y` as
        declared.
    geometry : GeoSeries
        In the study's metric system; None where a row has no usable position.
    placed : bool
        Whether the file says where its rows are: by geometry or by columns of coordinates.
    """

    source: str
    key: str
    matches: Matches
    table: pd.DataFrame
    geometry: gpd.GeoSeries
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    crs_error: CrsError | None = None
    placed: bool = True

    def has(self, name: str) -> bool:
        """Whether the file brings a column of ours."""
        return name in self.matches.by_name

    def header(self, name: str) -> str:
        """Return the file's own name of a column."""
        if name in ("x", "y") and not self.has(name):
            return self.matches.header("geometry")
        return self.matches.header(name)

    def add_fault(self, row: int, name: str, found: Text, expected: Text) -> None:
        """Add a fault at a row of the file, under the file's own column name."""
        self.faults.append(Fault(self.source, found, expected, int(row), self.header(name)))

    def check(self, contract: pa.DataFrameSchema) -> None:
        """Check the table against its contract; cells that were refused already are not refused twice."""
        from pandera.errors import SchemaErrors

        refused = {(fault.row, fault.column) for fault in self.faults}
        try:
            contract.validate(self.table, lazy=True)
        except SchemaErrors as error:
            for case in error.failure_cases.itertuples():
                if pd.isna(case.index):
                    self._add_missing_column(str(case.failure_case))
                elif self.placed or case.column not in ("x", "y"):
                    cell = (int(case.index), self.header(case.column))
                    if cell not in refused:
                        refused.add(cell)
                        expected = EXPECTED.get(str(case.check), same(case.check))
                        self.add_fault(int(case.index), case.column, _as_found(case.failure_case), expected)

    def _add_missing_column(self, name: str) -> None:
        if name not in ("x", "y", "id"):
            expected = Text("列 {name}", "a column {name}").format(name=name)
            self.faults.append(Fault(self.source, Text("没有这一列", "no such column"), expected, column=name))

    def refuse_faults(self) -> None:
        """Refuse the file if anything was found, with everything that was found."""
        faults = sorted(self.faults, key=lambda fault: (fault.row is not None, fault.row or 0))
        if self.crs_error is not None:
            raise CrsError(self.crs_error.message, [*self.crs_error.faults, *faults])
        if faults:
            message = Text("{file} 有 {n} 处错误。", "{file} is at fault in {n} places.")
            raise TableError(message.format(file=self.source, n=len(faults)), faults)

    def name_rows(self, fallback: str | None = None) -> None:
        """Give every row an id and a name: ids are made where the file brings none, a missing name is the id."""
        names = self.table["name"] if "name" in self.table else pd.Series(None, index=self.table.index, dtype=object)
        if fallback is not None and fallback in self.table:
            names = names.where(names.notna(), self.table[fallback])
        if "id" not in self.table:
            self.table["id"] = made_ids(names, self._points(), self.table)
            self.notes.append(made_ids_note(self.source))
        self.table["name"] = names.where(names.notna(), self.table["id"])

    def _points(self) -> npt.NDArray[np.float64]:
        points = shapely.centroid(self.geometry.to_numpy())
        return np.column_stack([shapely.get_x(points), shapely.get_y(points)])

    def indexed(self, drop: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
        """Return the table on its ids, with the geometry and without the raw coordinates."""
        columns = self.table.drop(columns=["id", "x", "y", *drop], errors="ignore")
        found = gpd.GeoDataFrame(columns, geometry=self.geometry.to_numpy(), crs=self.geometry.crs)
        return found.set_index(pd.Index(self.table["id"], dtype=object))


def open_layer(
    raw: RawTable,
    key: str,
    table: TableName,
    crs: CRS,
    planned_crs: str | None,
    planned: Mapping[str, str],
    own: Collection[str] = (),
) -> Layer:
    """Match a file's columns, read its numbers and words, and bring its geometry into the study's system.

    Faults are collected, not raised: `Layer.refuse_faults` raises all of them together. `own` are names of the user's
    own that `planned` may use beside ours.
    """
    matches = match_columns(raw.source, [str(name) for name in raw.table.columns], table, planned, own)
    layer = Layer(raw.source, key, matches, pd.DataFrame(index=raw.table.index), gpd.GeoSeries())
    layer.faults += [*raw.faults, *matches.faults]
    layer.notes += raw.notes
    _take_columns(layer, raw)
    _take_positions(layer, raw, crs, planned_crs)
    return layer


def _as_found(cell: object) -> Text:
    """Return a cell as it is shown in a fault: a whole number without a decimal point."""
    return Text("缺失", "missing") if is_blank(cell) else same(clean_text(cell) or "")


def _take_columns(layer: Layer, raw: RawTable) -> None:
    """Our columns are parsed, the others kept as they stand."""
    columns: dict[str, Any] = {}
    by_header = {match.header: match for match in layer.matches.by_name.values()}
    for header in raw.table.columns:
        match = by_header.get(str(header))
        if match is None:
            columns[_free_name(str(header), layer)] = _own_values(raw.table[header])
        elif match.column.kind in _NUMBER_KINDS:
            numbers = read_numbers(layer, raw.table[header], match)
            columns[match.column.name] = pd.Series(numbers.values, index=raw.table.index)
            if any(numbers.qualifier):
                columns[f"{match.column.name}_qualifier"] = pd.Series(
                    numbers.qualifier, index=raw.table.index, dtype=object
                )
                layer.notes.append(_approximate_note(layer, match, raw.table[header], numbers))
        elif match.column.kind not in ("position", "geometry"):
            columns[match.column.name] = clean_texts(raw.table[header])
    layer.table = pd.DataFrame(columns, index=raw.table.index)


def read_numbers(layer: Layer, cells: pd.Series, match: Match) -> Numbers:
    """Read a column of numbers in our unit; what is no number is a fault."""
    column = match.column
    units = UNITS.get(column.kind, {})
    factor = units.get(match.unit or "", 1.0)
    if column.kind == "cost_cny" and match.unit not in units:
        _judge_money_unit(layer, match)
    numbers = parse_numbers(cells, column.kind, factor)
    for place in np.flatnonzero(numbers.unreadable):
        expected = Text("一个数", "a number")
        layer.add_fault(int(cells.index[int(place)]), column.name, same(str(cells.iloc[place])[:60]), expected)
    return numbers


def _judge_money_unit(layer: Layer, match: Match) -> None:
    """Money in another currency is refused; money without a unit is taken for CNY, and noted."""
    unit = match.unit or ""
    if any(mark in unit for mark in ("元", "币", "usd", "$", "eur", "€", "hkd", "jpy")):
        expected = Text("元或万元", "元 or 万元 (CNY)")
        layer.faults.append(Fault(layer.source, same(unit), expected, column=match.header))
        return
    layer.notes.append(
        Note(
            "sites.cost_unit",
            "assumption",
            Text(
                "{file}：列「{column}」没有注明单位，按元计。",
                "{file}: column “{column}” states no unit; it was read as CNY.",
            ).format(file=layer.source, column=match.header),
        )
    )


def _approximate_note(layer: Layer, match: Match, cells: pd.Series, numbers: Numbers) -> Note:
    approximate = np.flatnonzero(numbers.qualifier != np.array(None))
    at_least = sum(numbers.qualifier[place] == APPROX_LOWER for place in approximate)
    return Note(
        "numbers.approximate",
        "assumption",
        Text(
            "{file}：列「{column}」有 {n} 个约数（其中 {lower} 个为“多”“余”等下限），按所写数值计算。",
            "{file}: column “{column}” has {n} approximate numbers ({lower} of them lower bounds, like 300多); they "
            "were counted as written.",
        ).format(file=layer.source, column=match.header, n=len(approximate), lower=at_least),
        tuple(str(cells.iloc[place]) for place in approximate[:5]),
    )


def _free_name(header: str, layer: Layer) -> str:
    """Keep a column of the input under its name, unless one of ours has that name already."""
    ours = {*layer.matches.by_name, "id", "x", "y", "geometry", "name"}
    return f"{header} (2)" if header in ours else header


def _own_values(cells: pd.Series) -> pd.Series:
    """Numbers stay numbers, everything else becomes text."""
    if pd.api.types.is_numeric_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells
    filled = [cell for cell in cells.tolist() if not is_blank(cell)]
    if filled and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled):
        return pd.to_numeric(cells, errors="coerce")
    numbers = pd.to_numeric(pd.Series([clean_text(cell) for cell in filled], dtype=object), errors="coerce")
    if filled and numbers.notna().all() and not any(_is_code(cell) for cell in filled):
        return pd.to_numeric(cells.map(lambda cell: clean_text(cell)), errors="coerce").astype(float)
    return clean_texts(cells)


def _is_code(cell: object) -> bool:
    """Whether a number is written as nobody writes a number: 007, or longer than a telephone number."""
    words = str(cell).strip()
    return (words.startswith("0") and len(words) > 1 and words[1] != ".") or len(words) > 15


def _take_positions(layer: Layer, raw: RawTable, crs: CRS, planned_crs: str | None) -> None:
    shapes = raw.geometry if raw.geometry is not None else _table_geometry(layer, raw)
    layer.geometry = gpd.GeoSeries([None] * len(raw.table), index=raw.table.index, crs=crs)
    if shapes is None:
        layer.table["x"] = layer.table["y"] = np.nan
        layer.placed = False
        return
    bounds = shapely.bounds(shapes.to_numpy())
    xy = (bounds[:, :2] + bounds[:, 2:]) / 2
    layer.table["x"], layer.table["y"] = xy[:, 0], xy[:, 1]
    bare = RawTable(raw.source, raw.table, shapes, raw.declared, raw.by_default)
    try:
        declared, notes = declared_crs(bare, planned_crs, layer.key)
        layer.notes += notes
        faults = position_faults(xy, raw.table.index, declared, layer.source, layer.header("x"))
    except CrsError as error:
        layer.crs_error = error
        return
    layer.faults += faults
    wrong = {fault.row for fault in faults}
    usable = ~shapes.index.isin(list(wrong)) & np.isfinite(xy).all(axis=1)
    layer.geometry.loc[usable] = to_study_crs(shapes[usable], declared, crs)


def _table_geometry(layer: Layer, raw: RawTable) -> gpd.GeoSeries | None:
    """Make geometry from a column of WKT, or from two columns of coordinates."""
    found = layer.matches.by_name
    if "geometry" in found:
        return _from_wkt(layer, raw.table[found["geometry"].header])
    missing = [name for name in ("x", "y") if name not in found]
    if missing:
        ambiguous = {fault.column for fault in layer.faults}
        expected = Text("经度与纬度两列（或 X、Y）", "two columns of coordinates: lon and lat, or x and y")
        if not ambiguous or len(missing) == 2:
            headers = ", ".join(map(str, raw.table.columns[:20]))
            layer.faults.append(Fault(layer.source, same(headers), expected))
        return None
    x, y = (read_numbers(layer, raw.table[found[name].header], found[name]).values for name in ("x", "y"))
    return gpd.GeoSeries(gpd.points_from_xy(x, y), index=raw.table.index)


def _from_wkt(layer: Layer, cells: pd.Series) -> gpd.GeoSeries:
    texts = [None if is_blank(cell) else str(cell) for cell in cells.tolist()]
    shapes = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
    for place, (text, shape) in enumerate(zip(texts, shapes, strict=True)):
        if text is not None and shape is None:
            layer.add_fault(
                int(cells.index[int(place)]), "geometry", same(text[:40]), Text("WKT 几何", "geometry as WKT")
            )
    return gpd.GeoSeries(shapes, index=cells.index)
