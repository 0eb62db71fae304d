"""Studies on real streets, written into a temporary folder from the data beside the project.

Streets, buildings, neighbourhoods and population cells are real. What no file gives (people where only buildings are
known, candidate sites everywhere) is laid out by rule here and called synthetic in the plan.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import planner
from tests.real_data import real_data

PLAN = """name = "{name}"
crs = "auto"
synthetic = "候选点按规则布设,非真实场所"
synthetic_en = "Candidate sites are laid out by rule, not real venues"
attribution = ["© OpenStreetMap contributors, ODbL"]

{demand}

[sites]
path = "sites.csv"
crs = "EPSG:4326"

[network]
path = "{network}"

[[needs]]
group = "resident_population"
walker = "adult"
max_walk_min = 15

[[constraints]]
name = "station_count"
stations = {stations}
"""

OF_BUILDINGS = """[demand]
path = "{path}"
[demand.estimate]
floor_area_m2_per_person = 35
default_storeys = 5"""

OF_POINTS = """[demand]
path = "homes.csv"
crs = "EPSG:4326" """


def guixi(folder: Path) -> planner.PlanConfig:
    """Return a county-level city as OpenStreetMap really shows it: its buildings are the demand."""
    return _study_of_buildings(folder, "贵溪", real_data("guixi/guixi.osm"), stations=5)


def haidian(folder: Path) -> planner.PlanConfig:
    """Return Tsinghua and Wudaokou in 2017: buildings are the demand, campus ways are private."""
    return _study_of_buildings(folder, "海淀", real_data("beijing_haidian/haidian_2017.osm"), stations=4)


def ninghua(folder: Path) -> planner.PlanConfig:
    """Return a county seat of 29 streets; homes on a lattice, for want of anything better."""
    streets = real_data("ninghua/ninghua.osm")
    homes = _lattice((116.6494, 26.2625, 116.6592, 26.2718), 6)
    return _study_of_points(folder, "宁化", streets, homes, stations=2)


def futian(folder: Path) -> planner.PlanConfig:
    """Return Chegongmiao in Shenzhen, streets as an OSMnx graph; homes on a lattice."""
    streets = real_data("shenzhen_futian/streets.graphml")
    nodes = planner.load_network(streets, "auto")
    corners = gpd.GeoSeries(shapely.points(nodes.node_xy), crs=nodes.crs).to_crs(4326)
    return _study_of_points(folder, "车公庙", streets, _lattice(tuple(corners.total_bounds), 9), stations=3)


def helsinki(folder: Path) -> planner.PlanConfig:
    """Return the middle of Helsinki; homes beside its streets, for want of anything better."""
    return _beside_streets(folder, "赫尔辛基", real_data("helsinki/helsinki.osm.pbf"))


def porto(folder: Path) -> planner.PlanConfig:
    """Return the middle of Porto; homes beside its streets, for want of anything better."""
    return _beside_streets(folder, "波尔图", real_data("porto/porto.osm.pbf"))


def wuhan(folder: Path, sites: int = 500) -> planner.PlanConfig:
    """Return the whole of Wuhan: 776 neighbourhoods in GCJ-02, candidate sites on street corners."""
    streets = real_data("wuhan/streets.parquet")
    edges = gpd.read_parquet(streets)
    corners = shapely.get_point(edges.geometry.to_numpy(), 0)
    chosen = np.random.default_rng(7).choice(len(corners), size=sites, replace=False)
    _write_points(folder / "sites.csv", gpd.GeoSeries(corners[np.sort(chosen)], crs=edges.crs).to_crs(4326), "s")
    demand = f"""[demand]
path = "{real_data("wuhan/neighbourhoods.csv")}"
crs = "GCJ-02"
columns = {{ id = "neighbourhood_id", resident_population = "n_listings" }}"""
    return _write_plan(folder, "武汉", demand, streets, stations=40)


def wuhan_cells(folder: Path) -> planner.PlanConfig:
    """Return a piece of Wuhan with population cells as demand, by age."""
    wuhan(folder, sites=60)
    box = (114.25, 30.55, 114.33, 30.62)
    _write_points(folder / "sites.csv", gpd.GeoSeries(_lattice(box, 8), crs=4326), "s")
    rasters = {
        "adult_population": real_data("wuhan/population_20_to_59.tif"),
        "elderly_population": real_data("wuhan/population_60_to_79.tif"),
    }
    named = "\n".join(f'{group} = "{path}"' for group, path in rasters.items())
    demand = f"[demand]\nwithin = {list(box)}\n[demand.rasters]\n{named}"
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    start, end = text.index("[demand]"), text.index("[sites]")
    text = text[:start] + demand + "\n\n" + text[end:]
    text = text.replace('group = "resident_population"', 'group = "elderly_population"').replace(
        "stations = 40", "stations = 8"
    )
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return planner.read_plan(folder)


def _study_of_buildings(folder: Path, name: str, streets: Path, stations: int) -> planner.PlanConfig:
    demand = OF_BUILDINGS.format(path=streets)
    _write_points(folder / "sites.csv", gpd.GeoSeries([shapely.Point(0, 0)], crs=4326), "s")
    config = _write_plan(folder, name, demand, streets, stations)
    homes = planner.load_demand(config, planner.study_crs(config)).table.to_crs(4326)
    every = max(1, len(homes) // 12)
    _write_points(folder / "sites.csv", homes.geometry.sort_index().iloc[::every], "s")
    return config


def _beside_streets(folder: Path, name: str, streets: Path) -> planner.PlanConfig:
    """Put 200 homes up to 85 m from street corners within 2 km of the middle one."""
    network = planner.load_network(streets, "auto")
    rng = np.random.default_rng(5)
    away_m = np.hypot(*(network.node_xy - np.median(network.node_xy, axis=0)).T)
    corners = network.node_xy[rng.choice(np.flatnonzero(away_m < 2000), 200)]
    homes = gpd.GeoSeries(shapely.points(corners + rng.uniform(-60, 60, (200, 2))), crs=network.crs).to_crs(4326)
    return _study_of_points(folder, name, streets, list(homes), stations=3)


def _study_of_points(
    folder: Path, name: str, streets: Path, homes: list[shapely.Point], stations: int
) -> planner.PlanConfig:
    _write_points(folder / "homes.csv", gpd.GeoSeries(homes, crs=4326), "h", 常住人口=100)
    _write_points(folder / "sites.csv", gpd.GeoSeries(homes[::4], crs=4326), "s")
    return _write_plan(folder, name, OF_POINTS, streets, stations)


def _write_plan(folder: Path, name: str, demand: str, streets: Path, stations: int) -> planner.PlanConfig:
    text = PLAN.format(name=name, demand=demand, network=streets, stations=stations)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return planner.read_plan(folder)


def _lattice(box: tuple[float, float, float, float], count: int) -> list[shapely.Point]:
    west, south, east, north = box
    return [
        shapely.Point(lon, lat) for lat in np.linspace(south, north, count) for lon in np.linspace(west, east, count)
    ]


def _write_points(file: Path, points: gpd.GeoSeries, prefix: str, **columns: object) -> None:
    names = [f"{prefix}{k}" for k in range(len(points))]
    table = pd.DataFrame({"编号": names, "名称": names, "经度": points.x.to_numpy(), "纬度": points.y.to_numpy()})
    table.assign(**columns).to_csv(file, index=False, encoding="utf-8-sig")
