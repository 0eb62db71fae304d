"""A town small enough to check by hand: two streets, a river between them, one bridge at the western end.

    x       0      300     600     900    1200   metres
    north   N0------N1------N2------N3------N4    y = 0
            |
            |  bridge                  ~~~~~ river, y from -250 to -150 ~~~~~
            |
    south   S0------S1------S2------S3------S4    y = -400

Everybody walks one metre a second, so 900 m are exactly 15 minutes. Homes and sites stand on the streets.
The walk from N4 to S4 is 1200 + 400 + 1200 = 2800 m, although they are 400 m apart.
"""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from planner.bilingual import Text
from planner.config import PlanConfig, read_plan
from planner.coverage import measure_coverage
from planner.model import (
    Areas,
    Background,
    CandidateSites,
    Demand,
    Gates,
    NearestWalks,
    Need,
    Note,
    ServiceStandard,
    Solution,
    Walker,
    WalkingCosts,
)
from planner.network import WalkNetwork
from planner.plan import InputFile, Plan

CRS = "EPSG:4547"
ORIGIN = np.array([603_000.0, 3_343_000.0])
PLACES = {f"N{k}": (300.0 * k, 0.0) for k in range(5)} | {f"S{k}": (300.0 * k, -400.0) for k in range(5)}
LINKS = [(f"{side}{k}", f"{side}{k + 1}") for side in "NS" for k in range(4)] + [("N0", "S0")]

#: People by home: name, place, resident_population, elderly_population, compound, grid, community.
HOMES = [
    ("h1", "N0", 100, 20, "江景苑", "g1", "河北社区"),
    ("h2", "N2", 300, 90, "江景苑", "g1", "河北社区"),
    ("h3", "N4", 200, 10, "东门小区", "g2", "河北社区"),
    ("h4", "S1", 150, 50, "纺织小区", "g3", "河南社区"),
    ("h5", "S4", 250, 80, "南湖里", "g4", "河南社区"),
]
#: name, place, status, cost_cny, floor_area_m2, functions.
SITES = [
    ("s1", "N0", "existing", 0, 120, "culture;any"),
    ("s2", "N3", "candidate", 200_000, 240, "home_care;culture"),
    ("s3", "N4", "candidate", 150_000, 150, "any"),
    ("s4", "S3", "candidate", 180_000, 300, "home_care"),
    ("s5", "S4", "excluded", 100_000, 80, "any"),
]
PLAIN = Walker("plain", speed_m_s=1.0)
NEEDS = (
    Need("resident_population", PLAIN, ServiceStandard(max_walk_min=15)),
    Need("elderly_population", PLAIN, ServiceStandard(max_walk_min=10), weight=2.0),
)


def town_point(place: str) -> shapely.Point:
    """Return a place of the town in the study's system."""
    return shapely.Point(ORIGIN + PLACES[place])


def town_network() -> WalkNetwork:
    """Return the streets; lengths are those of the drawing, so that they can be checked by hand."""
    names = sorted(PLACES)
    xy = np.array([ORIGIN + PLACES[name] for name in names])
    start = np.array([names.index(a) for a, _ in LINKS], dtype=np.int32)
    end = np.array([names.index(b) for _, b in LINKS], dtype=np.int32)
    count = len(LINKS)
    return WalkNetwork(
        crs=gpd.GeoSeries(crs=CRS).crs,
        node_xy=xy,
        start=start,
        end=end,
        length_m=np.hypot(*(xy[start] - xy[end]).T),
        stairs=np.zeros(count, dtype=np.int8),
        signal_halves=np.zeros(count, dtype=np.uint8),
        crossing_halves=np.zeros(count, dtype=np.uint8),
        private_area=np.zeros(count, dtype=np.int32),
        kind=np.array([0] * (count - 1) + [1], dtype=np.uint8),
        shape_first=np.arange(0, 2 * count + 2, 2, dtype=np.int64),
        shape_xy=np.stack([xy[start], xy[end]], axis=1).reshape(-1, 2),
        kinds=("residential", "footway"),
    )


def town_demand(reverse: bool = False) -> Demand:
    """Return the homes."""
    columns = ["demand_id", "place", "resident_population", "elderly_population", "compound", "grid", "community"]
    table = pd.DataFrame(HOMES, columns=columns).set_index("demand_id")
    table["name"] = [f"{row.compound}{name}" for name, row in table.iterrows()]
    points = gpd.GeoSeries([town_point(place) for place in table.pop("place")], index=table.index, crs=CRS)
    homes = gpd.GeoDataFrame(table, geometry=points)
    return Demand(homes.iloc[::-1] if reverse else homes, ("resident_population", "elderly_population"))


def town_sites(reverse: bool = False) -> CandidateSites:
    """Return the sites."""
    columns = ["site_id", "place", "status", "cost_cny", "floor_area_m2", "functions"]
    table = pd.DataFrame(SITES, columns=columns).set_index("site_id")
    table["name"] = [f"驿站 {name}" for name in table.index]
    table["site_area_m2"], table["acquisition"] = np.nan, None
    points = gpd.GeoSeries([town_point(place) for place in table.pop("place")], index=table.index, crs=CRS)
    sites = gpd.GeoDataFrame(table, geometry=points)
    return CandidateSites(sites.iloc[::-1] if reverse else sites)


def town_grids() -> Areas:
    """Return four grids, each a rectangle around its part of a street."""
    boxes = {
        "g1": (-100, -150, 750, 150),
        "g2": (750, -150, 1350, 150),
        "g3": (-100, -550, 750, -250),
        "g4": (750, -550, 1350, -250),
    }
    shapes = [shapely.transform(shapely.box(*box), lambda xy: xy + ORIGIN) for box in boxes.values()]
    names = {"name": [f"第{k}网格" for k in range(1, 5)]}
    return Areas("grid", gpd.GeoDataFrame(names, index=list(boxes), geometry=shapes, crs=CRS))


def town_distance_m(origin: str, destination: str) -> float:
    """Return the walk between two places by an independent search."""
    graph = nx.Graph()
    for a, b in LINKS:
        graph.add_edge(a, b, weight=float(np.hypot(*np.subtract(PLACES[a], PLACES[b]))))
    return float(nx.dijkstra_path_length(graph, origin, destination))


def town_costs(need: Need) -> WalkingCosts:
    """Return homes × sites within the standard."""
    walk = np.array([[round(1000 * town_distance_m(home[1], site[1])) for site in SITES] for home in HOMES])
    row, column = np.nonzero(walk <= need.standard.limit)
    matrix = sparse.csr_array((walk[row, column].astype(np.int32), (row, column)), shape=walk.shape)
    homes, sites = pd.Index([home[0] for home in HOMES]), pd.Index([site[0] for site in SITES])
    return WalkingCosts(homes, sites, matrix, need.standard.limit)


def town_nearest(open_sites: tuple[str, ...]) -> NearestWalks:
    """Return the walk from every home to the nearest of some stations."""
    places = {site[0]: site[1] for site in SITES}
    stations = sorted(open_sites)
    walk = np.array([[round(1000 * town_distance_m(home[1], places[site])) for site in stations] for home in HOMES])
    nearest = walk.argmin(axis=1)
    return NearestWalks(
        pd.Index([home[0] for home in HOMES]),
        pd.Index(stations),
        np.ones(len(HOMES), dtype=bool),
        nearest,
        walk[np.arange(len(HOMES)), nearest],
    )


def town_config(folder: Path) -> PlanConfig:
    """Write and read the town's plan file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(
        """name = "两岸小镇"
crs = "EPSG:4547"
synthetic = "本例为手工虚构的小镇"
synthetic_en = "This is a town invented by hand"

[demand]
path = "homes.csv"
crs = "EPSG:4547"

[sites]
path = "sites.csv"
crs = "EPSG:4547"

[network]
path = "streets.osm"

[walkers.plain]
speed_m_s = 1.0

[[needs]]
group = "resident_population"
walker = "plain"
max_walk_min = 15

[[needs]]
group = "elderly_population"
walker = "plain"
max_walk_min = 10
weight = 2.0

[[constraints]]
name = "keep_open"

[[constraints]]
name = "station_count"
stations = 2
""",
        encoding="utf-8",
    )
    return read_plan(folder)


def town_plan(folder: Path, opened: tuple[str, ...] = ("s3",)) -> Plan:
    """Return a complete plan: s1 stands, s3 is opened, h5 stays out of reach; nothing in it was solved."""
    demand, sites, grids, network = town_demand(), town_sites(), town_grids(), town_network()
    kept = ("s1",)
    before_sites, after_sites = kept, tuple(sorted(kept + opened))
    before = measure_coverage(demand, NEEDS, (town_nearest(before_sites),) * 2, sites, before_sites, grids)
    after = measure_coverage(demand, NEEDS, (town_nearest(after_sites),) * 2, sites, after_sites, grids)
    points = sites.table.geometry.loc[list(after_sites)]
    catchments = gpd.GeoDataFrame(
        {"need": np.repeat([1, 2], len(points)), "before": np.tile(points.index.isin(kept), 2)},
        index=points.index.append(points.index),
        geometry=[*points.buffer(700), *points.buffer(450)],
        crs=CRS,
    )
    river = shapely.transform(shapely.box(50, -250, 1400, -150), lambda xy: xy + ORIGIN)
    gate = gpd.GeoDataFrame(
        {"compound": ["江景苑"], "name": ["南门"]}, index=["k1"], geometry=[town_point("N1")], crs=CRS
    )
    houses = demand.table.geometry.buffer(12, cap_style="square").reset_index(drop=True)
    nothing = gpd.GeoSeries([], crs=CRS)
    cost_cny = float(sites.table["cost_cny"].loc[list(opened)].sum())
    objective = float(after.needs[0].covered + 2 * after.needs[1].covered)
    return Plan(
        config=town_config(folder),
        command="run",
        demand=demand,
        sites=sites,
        network=network,
        grids=grids,
        gates=Gates(gate),
        background=Background(gpd.GeoSeries([river], crs=CRS), nothing, houses, nothing),
        needs=NEEDS,
        costs=tuple(town_costs(need) for need in NEEDS),
        solution=Solution("optimal", "proven", opened, kept, (), objective, objective, 0.0, 0.01, cost_cny=cost_cny),
        before=before,
        after=after,
        catchments=catchments,
        notes=(
            Note("gates_assumed", "assumption", Text("1 个小区的出入口为假定", "the gates of 1 compound are assumed")),
            Note("sparse", "warning", Text("路网稀疏", "the streets are sparse"), ("h5",)),
        ),
        parameters=Walker("elderly").parameters() + PLAIN.parameters(),
        inputs=(InputFile("streets.osm", "0" * 64),),
    )
