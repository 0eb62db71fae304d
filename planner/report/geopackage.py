"""plan.gpkg: the plan as layers for a GIS. Columns keep their machine names; what they mean lies beside them."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio

from planner.bilingual import Language, Text
from planner.model import Need
from planner.plan import Plan
from planner.report.columns import describe_column
from planner.report.gate_tables import compound_table, gate_table
from planner.report.tables import area_table, demand_table, station_table

#: GeoPackages carry the time of their last change; ours do not, so that the same plan gives the same content.
FIXED_DATE = "2000-01-01T00:00:00.000Z"

_TITLES = {
    "stations": Text("驿站与候选点", "stations and candidate sites"),
    "demand": Text("需求点", "demand points"),
    "catchments": Text("步行服务范围（示意，以步行时间为准）", "catchments on foot (a picture of the walking times)"),
    "grids": Text("网格", "management grids"),
    "network": Text("步行路网", "walking network"),
    "compounds": Text("小区边界", "boundaries of compounds"),
    "gates": Text("小区出入口", "gates of compounds"),
    "routes": Text("到最近驿站的步行路线", "routes on foot to the nearest station"),
}

_GEOMETRY = {
    "stations": "Point",
    "demand": "Point",
    "catchments": "MultiPolygon",
    "grids": "MultiPolygon",
    "network": "LineString",
    "compounds": "MultiPolygon",
    "gates": "Point",
    "routes": "LineString",
}

_SCHEMA_TABLES = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,
  title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL,
  value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
   'read-write');
"""


def write_geopackage(plan: Plan, path: str | Path, language: Language = "zh") -> None:
    """Write the layers `stations`, `demand`, `catchments`, `grids` and `network`, in the study's metric system.

    Each of them exists, with its columns, even where it holds nothing; `compounds`, `gates` and `routes` where the plan
    has them. Columns are named as in `planner.report.columns`; what exists once for each need ends in the number of
    the need.

    Parameters
    ----------
    plan : Plan
    path : path
        Replaced if it exists.
    language : str
        Of the titles and column descriptions kept inside the file.
    """
    file = Path(path)
    file.unlink(missing_ok=True)
    for name, layer in layers(plan):
        _write_layer(plan, layer, name, file, language)
    with closing(sqlite3.connect(file)) as database, database:
        _describe(plan, database, language)
        database.execute("UPDATE gpkg_contents SET last_change = ?", (FIXED_DATE,))


def layers(plan: Plan) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Return the layers by name, ids as columns."""
    crs = plan.demand.table.crs
    made = {
        "stations": station_table(plan).sort_index(),
        "demand": demand_table(plan),
        "catchments": _catchments(plan),
        "grids": _grids(plan),
        "network": plan.network.to_frame().rename_axis("edge_id"),
    }
    if plan.compounds is not None:
        made["compounds"] = compound_table(plan)
    if plan.gates is not None:
        made["gates"] = gate_table(plan)
    if plan.routes is not None:
        made["routes"] = plan.routes.dropna(subset="geometry")
    for name, layer in made.items():
        layer = layer.to_crs(crs) if layer.crs is not None and layer.crs != crs else layer.set_crs(crs)
        if name != "network":
            layer["synthetic"] = plan.synthetic is not None
        yield name, layer.reset_index()


def _catchments(plan: Plan) -> gpd.GeoDataFrame:
    drawn = plan.catchments.rename_axis("site_id").sort_values(["need", "site_id"])
    layer = gpd.GeoDataFrame(index=drawn.index.astype(str), geometry=drawn.geometry.to_numpy(), crs=drawn.crs)
    layer["name"] = plan.sites.table["name"].reindex(layer.index).astype("string")
    layer["need"] = drawn["need"].to_numpy(dtype=np.int64)
    layer["before"] = drawn["before"].to_numpy(dtype=bool) if len(drawn) else np.zeros(0, dtype=bool)
    return layer


def _grids(plan: Plan) -> gpd.GeoDataFrame:
    figures = area_table(plan, "grid").sort_index()
    if plan.grids is None:
        figures = figures.iloc[:0]
        return gpd.GeoDataFrame(figures, geometry=gpd.GeoSeries([], index=figures.index), crs=plan.demand.table.crs)
    shapes = plan.grids.table.geometry.reindex(figures.index)
    return gpd.GeoDataFrame(figures, geometry=shapes, crs=plan.grids.table.crs)


def _write_layer(plan: Plan, layer: gpd.GeoDataFrame, name: str, file: Path, language: Language) -> None:
    title = _TITLES[name].in_language(language)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*'crs' was not provided.*")
        pyogrio.write_dataframe(
            layer,
            file,
            layer=name,
            driver="GPKG",
            append=file.exists(),
            geometry_type=_GEOMETRY[name],
            promote_to_multi=_GEOMETRY[name].startswith("Multi"),
            layer_options={
                "IDENTIFIER": f"{plan.config.name} · {title}",
                "DESCRIPTION": _description(plan, title, language),
            },
        )


def _description(plan: Plan, title: str, language: Language) -> str:
    parts = [title, plan.headline.in_language(language)]
    if plan.synthetic is not None:
        parts.append(Text("合成数据：{what}", "Synthetic: {what}").format(what=plan.synthetic).in_language(language))
    parts += plan.attribution
    return " | ".join(parts)


def _describe(plan: Plan, database: sqlite3.Connection, language: Language) -> None:
    """Keep each column's header and meaning in the file, as the schema extension of GeoPackage lays down."""
    database.executescript(_SCHEMA_TABLES)
    rows = []
    for table in _TITLES:
        names = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        rows += [(table, name, *_words(name, plan.needs, language)) for name in names if name not in ("fid", "geom")]
    database.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", rows)


def _words(name: str, needs: tuple[Need, ...], language: Language) -> tuple[str, str, str]:
    column = describe_column(name, needs)
    unit = column.unit if not column.unit.en else Text("（{unit}）", " ({unit})").format(unit=column.unit)
    title = Text("{header}{unit}", "{header}{unit}").format(header=column.header, unit=unit)
    return f"{title.in_language(language)} [{name}]", title.in_language(language), column.meaning.in_language(language)
