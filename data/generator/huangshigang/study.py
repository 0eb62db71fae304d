"""Writes the study: streets, buildings with people, gates, grids, sites, venues and the plan."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd

from generator.huangshigang import surroundings
from generator.huangshigang.grids import grids
from generator.huangshigang.homes import homes
from generator.huangshigang.land import island, lake, river
from generator.huangshigang.quarters import compounds
from generator.huangshigang.sheet import FRAME, GENERATOR, SYNTHETIC_EN, SYNTHETIC_ZH
from generator.huangshigang.sites import sites, venues
from generator.huangshigang.streets import public_ways
from generator.huangshigang.workbook import write_workbook
from generator.osm_file import TIMESTAMP, OsmFile
from generator.ways import Way, join

#: The one gate that does not admit outsiders; synthetic, as all that is said of gates.
RESIDENTS_ONLY = "湖滨小区侧门"


def write_study(folder: Path) -> None:
    """Write every file of the study into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_streets(folder / "streets.osm.pbf")
    write_workbook(homes(), folder / "compounds.xlsx")
    write_grids(folder / "grids.gpkg")
    sites().to_csv(folder / "sites.csv", index=False, encoding="gb18030", lineterminator="\r\n")
    _write_geojson(gates(), folder / "gates.geojson")
    _write_geojson(walled_compounds(), folder / "compounds.geojson")
    _write_geojson(venues(), folder / "venues.geojson")
    shutil.copyfile(Path(__file__).with_name("plan.toml"), folder / "plan.toml")


def write_streets(path: Path) -> None:
    """Write streets, walls, water, green and buildings as one OpenStreetMap file."""
    file = OsmFile(FRAME.to_wgs84)
    for way in all_ways():
        file.add_way(way)
    file.add_outline(river(), {"natural": "water", "water": "river", "name": "长江"})
    file.add_outline(lake(), {"natural": "water", "water": "lake", "name": "青山湖"})
    file.add_outline(island(), {"place": "islet", "landuse": "grass"})
    for thing in (*surroundings.green(), *surroundings.buildings()):
        file.add_outline(thing.outline, thing.tags)
    for compound in compounds():
        file.add_outline(compound.ground, {"landuse": "residential", "name": compound.plan.name})
        for number, (building, levels) in enumerate(zip(compound.buildings, compound.levels, strict=True), start=1):
            tags = {
                "building": "apartments",
                "building:levels": str(levels),
                "name": f"{compound.plan.name}{number}号楼",
            }
            file.add_outline(building, tags)
    file.write(path, GENERATOR)


def all_ways() -> list[Way]:
    """Return every way and wall, joined where they meet."""
    inside = [way for compound in compounds() for way in compound.ways]
    walls = [compound.wall for compound in compounds() if compound.wall is not None]
    institutions = [Way(line, {"barrier": "wall"}) for line in surroundings.institution_walls()]
    return join([*public_ways(), *surroundings.alleys(), *inside, *walls, *institutions])


def gates() -> gpd.GeoDataFrame:
    """Return the gates of the walled compounds, WGS 84."""
    found = [
        (f"{compound.plan.name}{side}", compound.plan.name, gate)
        for compound in compounds()
        for gate, side in zip(compound.gates, _gate_names(len(compound.gates)), strict=True)
    ]
    return gpd.GeoDataFrame(
        {
            "编号": [f"G{number:02d}" for number in range(1, len(found) + 1)],
            "名称": [name for name, _, _ in found],
            "小区": [compound for _, compound, _ in found],
            **_gate_facts([name for name, _, _ in found]),
            "synthetic": "合成 synthetic",
        },
        geometry=[gate for _, _, gate in found],
        crs=FRAME.epsg,
    ).to_crs(4326)


def walled_compounds() -> gpd.GeoDataFrame:
    """Return the boundaries of the walled compounds, WGS 84."""
    walled = [compound for compound in compounds() if compound.plan.walled]
    return gpd.GeoDataFrame(
        {"小区": [compound.plan.name for compound in walled], "有围墙": "是", "synthetic": "合成 synthetic"},
        geometry=[compound.ground for compound in walled],
        crs=FRAME.epsg,
    ).to_crs(4326)


def write_grids(path: Path) -> None:
    """Write the grids as a GeoPackage in the metric system, with the time of writing fixed."""
    path.unlink(missing_ok=True)
    os.environ["OGR_CURRENT_DATE"] = TIMESTAMP
    grids().to_file(path, layer="grids", driver="GPKG")


def _gate_facts(names: list[str]) -> dict[str, list[str]]:
    """Return what is said of each gate, all of it synthetic: side gates close at night, one is for residents."""
    front = [name.endswith("正门") for name in names]
    return {
        "行人通行": ["是"] * len(names),
        "开放时间": ["全天" if is_front else "06:00-22:00" for is_front in front],
        "对外开放": ["否" if name == RESIDENTS_ONLY else "是" for name in names],
        "应急关闭": ["否" if is_front else "是" for is_front in front],
    }


def _gate_names(count: int) -> tuple[str, ...]:
    return ("正门", "侧门", "后门")[:count]


def _rounded(coordinates: Any) -> Any:
    """Round degrees to a centimetre, however deep they lie."""
    return round(coordinates, 7) if isinstance(coordinates, float) else [_rounded(part) for part in coordinates]


def _write_geojson(layer: gpd.GeoDataFrame, path: Path) -> None:
    content = json.loads(layer.to_json(drop_id=True, ensure_ascii=False))
    for feature in content["features"]:
        feature["geometry"]["coordinates"] = _rounded(feature["geometry"]["coordinates"])
    head = {"type": "FeatureCollection", "synthetic": SYNTHETIC_ZH, "synthetic_en": SYNTHETIC_EN}
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in content["features"])
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n' + lines + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")
