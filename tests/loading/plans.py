"""A plan around a few small files."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from planner.config import PlanConfig

#: Two compounds near 115.07° E, 30.21° N, as a planner would write them.
HEADER = ("小区名称", "户数", "常住人口", "经度", "纬度")
ROWS = (("东苑", 100, 260, 115.070, 30.210), ("西苑", 50, 120, 115.072, 30.212))


def plan(folder: Path, demand: Mapping[str, Any] | str = "homes.csv", **rest: Any) -> PlanConfig:
    """A plan in a folder; a demand that is only a name is a file in WGS-84."""
    section = {"path": demand, "crs": "EPSG:4326"} if isinstance(demand, str) else dict(demand)
    keys = {"crs": "EPSG:4547", "network": {"path": "streets.osm"}, "needs": need("resident_population")}
    config = PlanConfig(name="test", demand=section, **(keys | rest))
    config._folder = folder
    return config


def need(group: str) -> list[dict[str, Any]]:
    return [{"group": group, "max_walk_min": 15}]


def write_csv(
    folder: Path, rows: Iterable[Iterable[Any]], name: str = "homes.csv", encoding: str = "utf-8-sig"
) -> Path:
    path = folder / name
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding=encoding)
    return path


def write_xlsx(
    folder: Path,
    rows: Iterable[Iterable[Any]],
    merge: Iterable[str] = (),
    name: str = "homes.xlsx",
    title: str = "台账",
) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merge:
        sheet.merge_cells(cells)
    path = folder / name
    workbook.save(path)
    return path


def write_geojson(
    folder: Path, features: Iterable[tuple[Any, Mapping[str, Any]]], name: str, crs: str | None = None
) -> Path:
    content: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": None if shape is None else shape.__geo_interface__,
                "properties": dict(cells),
            }
            for shape, cells in features
        ],
    }
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
