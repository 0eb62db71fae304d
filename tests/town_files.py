"""The town of `tests.town` as files, so that it goes the whole way from a workbook to a map."""

from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd

from tests.town import CRS, HOMES, LINKS, PLACES, SITES, town_config, town_grids, town_point


def write_town(folder: Path, reverse: bool = False) -> Path:
    """Write the town's plan, homes, sites, grids and streets; with the rows of every table reversed if asked."""
    town_config(folder)
    step = -1 if reverse else 1
    homes = pd.DataFrame(HOMES[::step], columns=["编号", "place", "常住人口", "60岁以上人口", "小区", "网格", "社区"])
    _with_lon_lat(homes).to_csv(folder / "homes.csv", index=False, encoding="utf-8-sig")
    sites = pd.DataFrame(SITES[::step], columns=["编号", "place", "状态", "造价(元)", "建筑面积(㎡)", "功能"])
    sites.insert(1, "名称", [f"驿站 {name}" for name in sites["编号"]])
    _with_lon_lat(sites).to_csv(folder / "sites.csv", index=False, encoding="gb18030")
    grids = town_grids().table.reset_index().rename(columns={"area_id": "网格编号", "name": "网格名称"})
    grids.iloc[::step].to_crs(4326).to_file(folder / "grids.geojson", driver="GeoJSON")
    write_streets(folder / "streets.osm", reverse)
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8").replace('crs = "EPSG:4547"\n\n[sites]', 'crs = "EPSG:4326"\n\n[sites]')
    text = text.replace('path = "sites.csv"\ncrs = "EPSG:4547"', 'path = "sites.csv"\ncrs = "EPSG:4326"')
    plan.write_text(text + '\n[grids]\npath = "grids.geojson"\n', encoding="utf-8")
    return folder


def write_streets(file: Path, reverse: bool = False) -> None:
    """Write the streets as an OpenStreetMap file."""
    root = ElementTree.Element("osm", version="0.6", generator="synthetic: a town invented by hand")
    lon_lat = _lon_lat(sorted(PLACES))
    number = {place: str(k) for k, place in enumerate(sorted(PLACES), start=1)}
    for place in sorted(PLACES):
        lon, lat = lon_lat.loc[place]
        ElementTree.SubElement(root, "node", id=number[place], version="1", lon=f"{lon:.9f}", lat=f"{lat:.9f}")
    for k, (a, b) in enumerate(LINKS[:: -1 if reverse else 1], start=1):
        way = ElementTree.SubElement(root, "way", id=str(k), version="1")
        for place in (a, b):
            ElementTree.SubElement(way, "nd", ref=number[place])
        ElementTree.SubElement(way, "tag", k="highway", v="footway" if (a, b) == ("N0", "S0") else "residential")
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _lon_lat(places: list[str]) -> pd.DataFrame:
    points = gpd.GeoSeries([town_point(place) for place in places], index=places, crs=CRS).to_crs(4326)
    return pd.DataFrame({"lon": points.x, "lat": points.y})


def _with_lon_lat(table: pd.DataFrame) -> pd.DataFrame:
    lon_lat = _lon_lat(table["place"].tolist()).drop_duplicates()
    placed = table.assign(经度=table["place"].map(lon_lat["lon"]), 纬度=table["place"].map(lon_lat["lat"]))
    return placed.drop(columns="place")
